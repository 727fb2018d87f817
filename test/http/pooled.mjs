// PostgREST and PgBouncer in transaction mode between it and the server, both by what
// docs/operations.md says of them: two tenants, answers and refusals mixed, nobody sees the other.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, call, database, gateway, is, ok, skipAll, sql, test, user } from '../lib/http.mjs';

const pgbouncer = '/usr/sbin/pgbouncer';
if (!existsSync(pgbouncer)) skipAll('skipped: there is no pgbouncer (the package of Debian)');

const folder = mkdtempSync(join(tmpdir(), 'prismiq-pooled-'));
const documented = readFileSync(join(process.env.TEST_DIR, '..', 'docs', 'operations.md'), 'utf8');

test(async () => {
  atEnd(() => rmSync(folder, { recursive: true }));
  // Where things are is the test's own, and the pool is small; the rest is the documents'.
  const configuration = documented.match(/^```ini\n([^`]*)^```/m)[1]
    .replace(/^app = .*/m, `app = host=${process.env.PGHOST} port=${process.env.PGPORT} `
      + `dbname=${database}`)
    .replace(/^listen_addr = .*/m, `unix_socket_dir = ${folder}`)
    .replace(/^auth_type = .*/m, 'auth_type = trust')
    .replace(/^auth_file = .*/m, `auth_file = ${folder}/users`)
    .replace(/^default_pool_size = .*/m, 'default_pool_size = 2');
  writeFileSync(join(folder, 'users'), '"authenticator" ""\n');
  writeFileSync(join(folder, 'pgbouncer.ini'),
    `${configuration}\nlogfile = ${folder}/log\npidfile = ${folder}/pid\n`);
  execFileSync(pgbouncer, ['-q', '-d', join(folder, 'pgbouncer.ini')]);
  atEnd(() => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8'))));
  const settings = Object.fromEntries(['db-prepared-statements', 'db-channel-enabled'].map(
    (name) => [`PGRST_${name.toUpperCase().replaceAll('-', '_')}`,
      documented.match(new RegExp(`\`${name} = (\\w+)\``))[1]]));
  is(Object.values(settings), ['false', 'false'], 'what the documents say of PostgREST');

  const base = await gateway({ PGRST_DB_POOL: '8', ...settings,
    PGRST_DB_URI: `postgres:///app?user=authenticator&host=${encodeURIComponent(folder)}`
      + `&port=${configuration.match(/^listen_port = (\d+)/m)[1]}` });

  const definition = { tables: [{ id: 'f', name: 'flights' }],
    columns: [{ table_id: 'f', column: 'state' },
      { table_id: 'f', column: '*', aggregation: 'count' }] };
  const count = Object.fromEntries(['CA', 'TX'].map((tenant) => [tenant,
    Number(sql(`SELECT count(*) FROM public.flights WHERE state = '${tenant}'`))]));
  const kinds = [
    async (tenant, claims) => JSON.stringify((await call(base, 'prismiq_query', { definition },
      { claims })).body?.rows) === JSON.stringify([[tenant, count[tenant]]]),
    async (tenant, claims) => (await call(base, 'prismiq_context', {}, { claims, method: 'GET' }))
      .body?.tenant_id === tenant,
    async (tenant, claims) => (await call(base, 'prismiq_dashboard_create',
      { data: { name: `${tenant} ${Math.random()}` } }, { claims })).body?.tenant_id === tenant,
    async (tenant, claims) => (await call(base, 'prismiq_query', { definition: {} }, { claims }))
      .status === 400,
    async () => (await call(base, 'prismiq_query', { definition }, { claims: null }))
      .status === 401,
    async () => (await call(base, 'prismiq_context', {}, { claims: null }))
      .body?.tenant_id === null,
  ];
  let begun = 0;
  const wrong = [];
  const client = async () => {
    while (begun < 600) {
      begun++;
      const kind = begun % kinds.length;
      const tenant = Math.floor(begun / kinds.length) % 2 ? 'CA' : 'TX';
      const claims = { ...user, tenant_id: tenant, sub: `user ${begun % 60}` };
      if (!await kinds[kind](tenant, claims)) wrong.push([kind, tenant]);
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
  is(wrong.slice(0, 5), [], '600 requests, each with its own answer');
  ok(Number(sql(`SELECT count(*) FROM pg_stat_activity WHERE usename = 'authenticator'
    AND datname = '${database}'`)) <= 2, 'over two connections');
});
