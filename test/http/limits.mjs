// What is large, what takes long, and who does not wait for it.

import { spawn } from 'node:child_process';
import { call, database, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const long = { tables: [{ id: 's', name: 'slow' }],
  columns: [{ table_id: 's', column: 'slept' }] };
const small = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] };
const running = () => Number(sql(`SELECT count(*) FROM pg_stat_activity
  WHERE datname = '${database}' AND wait_event = 'PgSleep'`));

// Until a condition holds.
async function until(condition, seconds = 60) {
  for (let n = 0; n < seconds * 20; n++) {
    if (condition()) return true;
    await pause(50);
  }
  return false;
}

test(async () => {
  const hurried = `hurried_${process.pid}`;
  const base = await gateway({ PGRST_DB_POOL: '10' }, `
    CREATE VIEW public.slow AS
      SELECT 'CA'::text AS tenant, pg_sleep(0.01) IS NULL AS slept FROM generate_series(1, 9000) n;
    CREATE TABLE public.large AS
      SELECT 'CA'::text AS tenant, n, repeat(md5(n::text), 128) AS text
      FROM generate_series(1, 10000) n;
    CREATE ROLE ${hurried};
    GRANT ${hurried} TO authenticator;
    GRANT web_user TO ${hurried};
    ALTER ROLE ${hurried} SET statement_timeout = '1s';
    GRANT SELECT ON public.slow, public.large TO web_user;
    SELECT FROM prismiq.prismiq_expose('public.slow', tenant_column => 'tenant');
    SELECT FROM prismiq.prismiq_expose('public.large', tenant_column => 'tenant')`);

  // ---- An answer of 40 MB ----------------------------------------------------------

  const definition = { tables: [{ id: 'l', name: 'large' }], columns: [
    { table_id: 'l', column: 'n' }, { table_id: 'l', column: 'text' }] };
  const right = (rows) => rows.length === 10000 && rows.every(([n, text]) => n >= 1 && n <= 10000
    && text.length === 4096) && new Set(rows.map(([n]) => n)).size === 10000;
  for (const method of ['POST', 'GET']) {
    const answer = await call(base, 'prismiq_query', { definition }, { method });
    is(answer.status, 200, `${method}: 200`);
    ok(answer.text.length > 40e6, `${method}: 40 MB`, answer.text.length);
    ok(right(answer.body?.rows ?? []), `${method}: all of it`);
  }
  const csv = await call(base, 'prismiq_query_csv', { definition },
    { headers: { Accept: 'text/csv' } });
  is([csv.status, csv.text.split('\r\n').length], [200, 10002], 'as CSV');
  const both = await Promise.all([1, 2].map(() => call(base, 'prismiq_query', { definition })));
  ok(both.every(({ body }) => right(body?.rows ?? [])), 'two at a time');
  const cut = await call(base, 'prismiq_query', { definition, options: { max_rows: 10 } });
  is([cut.body.rows.length, cut.body.truncated], [10, true], 'less, where less is asked for');
  const larger = { tables: definition.tables, columns: [definition.columns[0],
    ...['a', 'b'].map((alias) => ({ table_id: 'l', column: 'text', alias }))] };
  const refused = await call(base, 'prismiq_query', { definition: larger });
  is([refused.status, refused.body?.code], [413, 'PT413'], '413: more than the limit of 64 MB');
  like(refused.body?.hint ?? '', /prismiq\.max_result_bytes/, 'and which limit that is');

  // ---- A client that hangs up ------------------------------------------------------

  // A call that takes long, which is left once it runs.
  async function left(options) {
    const hangUp = new AbortController();
    const asked = fetch(`${base}/rpc/prismiq_query`, { method: 'POST', signal: hangUp.signal,
      headers: { Authorization: `Bearer ${token(user)}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ definition: long, options }) }).catch((error) => error.name);
    ok(await until(() => running() === 1), 'it runs');
    hangUp.abort();
    is(await asked, 'AbortError', 'the client is gone');
  }

  // PostgREST's connection is there all the same, so the server knows nothing of it.
  await left({ timeout_ms: 8000 });
  await pause(1000);
  is(running(), 1, 'it runs on');
  ok(await until(() => running() === 0), 'to its limit');
  // A client's own connection, which is closed, and is looked at.
  const client = spawn('psql', ['-Xq', '-d', database], { stdio: ['pipe', 'ignore', 'ignore'] });
  client.stdin.write(`SET client_connection_check_interval = '200ms'; SET ROLE web_user;
    SET prismiq.tenant_id = 'CA'; SET prismiq.query_timeout = '5min';
    SELECT prismiq.prismiq_query('${JSON.stringify(long)}');\n`);
  ok(await until(() => running() === 1), 'it runs by a connection of the client');
  client.kill('SIGKILL');
  ok(await until(() => running() === 0), 'and ends with it, long before its limit');

  // ---- More calls that take long than connections ------------------------------------

  // Twelve of these at a time, for three rounds, and small ones between them.
  async function among(claims, options, status) {
    const took = [];
    let heavy = true;
    const rounds = async () => {
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(Array.from({ length: 12 }, () => call(base,
          'prismiq_query', { definition: long, options }, { claims })));
        took.push(...answers.map((answer) => [answer.status, answer.body?.code]));
      }
      heavy = false;
    };
    const answered = [];
    const others = async () => {
      while (heavy || answered.length === 0) {
        const { status: got, body } = await call(base, 'prismiq_query', { definition: small });
        answered.push(got === 200 && body.rows[0][0] > 0);
        await pause(20);
      }
    };
    await Promise.all([rounds(), others(), others()]);
    is([...new Set(took.map(String))], [status], 'what takes long ends by its limit');
    ok(answered.length > 2 && answered.every(Boolean), 'and each small one is answered', answered);
  }

  await among(user, { timeout_ms: 700 }, '500,57014');
  // What is set for a role PostgREST sets for each of its requests.
  await among({ ...user, role: hurried }, {}, '500,57014');
  ok(await until(() => running() === 0), 'nothing runs on');

  // A pool of which nothing becomes free says so, and does not keep its clients waiting for ever.
  const held = Array.from({ length: 10 }, () => call(base, 'prismiq_query',
    { definition: long, options: { timeout_ms: 15000 } }));
  ok(await until(() => running() === 10), 'ten of ten connections are busy');
  const waiting = await call(base, 'prismiq_query', { definition: small });
  is([waiting.status, waiting.body?.code], [504, 'PGRST003'], '504: no connection became free');
  is((await Promise.all(held)).map(({ status }) => status), Array(10).fill(500),
    'those that held them end by their limit');
  is((await call(base, 'prismiq_query', { definition: small })).status, 200,
    'afterwards there are answers');
});
