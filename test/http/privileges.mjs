// The roles of docs/operations.md, made by its own statements on an empty server, and what they
// cannot do: by SQL, as the gateway and as who owns it all, and through the gateway.

import { execFileSync } from 'node:child_process';
import { call, is, like, ok, postgrest, sql, test, token } from '../lib/http.mjs';
import { leastPrivilege } from '../lib/documents.mjs';

const key = 'thirty-two characters, and nobody else knows them';
const claims = { tenant_id: 'CA', sub: 'ann', roles: ['admin'], role: 'web_user' };
const definition = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] };

// What statements of a role that connects as itself answer, or their error's SQLSTATE; in words why
// it cannot connect.
function as(role, text) {
  try {
    return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=sqlstate',
      '-d', 'app', '-U', role], { input: text, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    const [, code, words] = error.stderr
      .match(/(?:ERROR|FATAL): +(?:([0-9A-Z]{5})\b|(.*))/) ?? [null, null, error.stderr];
    return code ?? words.trim();
  }
}

// The same of a request for somebody of tenant CA, as PostgREST would run it.
const user = (text) => as('authenticator', `BEGIN; SET LOCAL ROLE web_user;
  SET LOCAL request.jwt.claims = '${JSON.stringify(claims)}';
  SELECT 'begun' WHERE prismiq.prismiq_tenant_id() IS DISTINCT FROM 'CA'; ${text}; COMMIT`);

test(async () => {
  const lines = leastPrivilege().trim().split('\n');
  ok(lines.length <= 25, 'some twenty lines', lines.length);

  is(sql(`SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolsuper OR
    rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication`, 'app'), 'postgres',
  'none of the roles is more than a role');
  is(sql(`SELECT extowner::regrole FROM pg_extension WHERE extname = 'prismiq'`, 'app'),
    'app_owner', 'the owner has made the extension');
  is(sql(`SELECT string_agg(DISTINCT relowner::regrole::text, ' ') FROM pg_class
    WHERE relnamespace IN ('public'::regnamespace, 'prismiq'::regnamespace)
      AND relname IN ('flights', 'airports', 'prismiq_dashboards', 'prismiq_exposures')`, 'app'),
  'app_owner', 'and has the tables');

  // What is wanted works.
  const count = sql(`SELECT count(*) FROM flights WHERE state = 'CA'`, 'app');
  is(user(`SELECT prismiq.prismiq_query('${JSON.stringify(definition)}') -> 'rows'`),
    `[[${count}]]`, 'a tenant has its own rows');
  like(user(`SELECT prismiq.prismiq_dashboard_create('{"name": "Mine"}') ->> 'tenant_id'`), /^CA$/,
    'and dashboards');
  is(as('authenticator', 'SHOW statement_timeout'), '15s', 'a statement has its end');

  // What is not.
  for (const role of ['web_user', 'web_anon']) {
    is(as(role, 'SELECT 1'), `role "${role}" is not permitted to log in`, `${role} cannot connect`);
  }
  sql('CREATE ROLE stranger LOGIN', 'app');
  is(as('stranger', 'SELECT 1'), 'permission denied for database "app"',
    'another role cannot either');
  is(as('authenticator', `SELECT prismiq.prismiq_schema()`), '42501',
    'the gateway by itself has nothing');
  is(as('authenticator', 'SELECT 1 FROM flights'), '42P01', 'and sees no table');
  for (const role of ['app_owner', 'postgres', 'stranger']) {
    is(as('authenticator', `SET ROLE ${role}`), '42501', `nor becomes ${role}`);
  }
  const denied = {
    'make a table': 'CREATE TABLE public.mine ()',
    'make a temporary table': 'CREATE TEMP TABLE mine ()',
    'make a table of our schema': 'CREATE TABLE prismiq.mine ()',
    'make a schema': 'CREATE SCHEMA mine',
    'make a function': 'CREATE FUNCTION public.f() RETURNS int RETURN 1',
    'make an extension': 'CREATE EXTENSION citext',
    'read a column that was not granted': 'SELECT distance FROM public.flights',
    'write a row': `UPDATE public.flights SET delay = 0`,
    'empty a table': 'TRUNCATE prismiq.prismiq_dashboards',
    'expose': `SELECT prismiq.prismiq_expose('public.flights', shared => true)`,
    'expose by hand': 'DELETE FROM prismiq.prismiq_exposures',
    'grant': `SELECT prismiq.prismiq_grant('web_anon', 'app')`,
    'name a tenant by a function': `SELECT prismiq.prismiq_set_context('TX')`,
    'choose where the tenant comes from': `SET prismiq.context_sources = 'settings'`,
    'choose its claim': `SET prismiq.tenant_claim = 'sub'`,
    'raise a cap': `SET prismiq.max_rows_cap = 1000000`,
    'read a file': `SELECT pg_read_file('postgresql.conf')`,
    'run a program': `COPY (SELECT 1) TO PROGRAM 'true'`,
    'see passwords': 'SELECT * FROM pg_authid',
    'take row security away': 'ALTER TABLE prismiq.prismiq_dashboards DISABLE ROW LEVEL SECURITY',
  };
  for (const [what, statement] of Object.entries(denied)) {
    is(user(statement), '42501', `web_user cannot ${what}`);
  }
  is(user(`SET LOCAL prismiq.tenant_id = 'TX'; SELECT prismiq.prismiq_tenant_id()`), 'CA',
    'a tenant that is set is not looked at');
  is(user(`SET LOCAL prismiq.maintenance = on; SELECT count(*) FROM prismiq.prismiq_dashboards
    WHERE tenant_id <> 'CA'`), '0', 'maintenance opens nothing to it');
  is(as('authenticator', `SET ROLE web_user; SET prismiq.tenant_id = 'CA';
    SELECT prismiq.prismiq_query('${JSON.stringify(definition)}')`), '42501',
  'without claims there is no context');
  is(as('authenticator', `SET ROLE web_anon; SET request.jwt.claims = '${JSON.stringify(claims)}';
    SELECT prismiq.prismiq_query('${JSON.stringify(definition)}')`), '42501',
  'and without a token no function');
  is(as('app_owner', 'SELECT count(*) FROM prismiq.prismiq_dashboards'), '0',
    'the owner sees no dashboard of a tenant');
  is(as('app_owner', `COPY flights TO PROGRAM 'true'`), '42501', 'and runs no program');

  // Through the gateway.
  const base = await postgrest({ PGRST_DB_URI: 'postgres://authenticator@/app',
    PGRST_DB_SCHEMAS: 'prismiq', PGRST_DB_ANON_ROLE: 'web_anon', PGRST_JWT_SECRET: key,
    PGHOST: process.env.PGHOST, PGPORT: process.env.PGPORT });
  const signed = (more) => ({ token: token({ ...claims, ...more }, key) });
  is((await call(base, 'prismiq_query', { definition }, signed({}))).body?.rows,
    [[Number(count)]], "a request has its tenant's rows");
  is((await call(base, 'prismiq_query', { definition }, { claims: null })).status, 401,
    'none without a token');
  for (const role of ['app_owner', 'postgres', 'stranger', 'nobody']) {
    const { status, body } = await call(base, 'prismiq_query', { definition }, signed({ role }));
    is([status, body?.rows], [role === 'nobody' ? 400 : 403, undefined],
      `none as ${role}, although it is signed`);
  }
  const answer = await call(base, 'prismiq_asset', { name: 'prismiq.css' }, { claims: null,
    method: 'GET' });
  is(answer.status, 200, "the style sheet is everybody's");
});
