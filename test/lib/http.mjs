// For the tests in test/http: TAP, SQL, a gateway with a database of its own, and requests to it.

import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';

// ---- TAP --------------------------------------------------------------------

let count = 0;
let failures = 0;

function report(good, name, ...told) {
  count++;
  console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}`);
  if (good) return;
  failures++;
  for (const line of told) console.error(`#   ${line}`);
}

const shown = (value) => String(typeof value === 'string' ? value : JSON.stringify(value))
  .slice(0, 2000);

export function ok(good, name, told = '') {
  report(Boolean(good), name, ...(told === '' ? [] : [shown(told)]));
}

// By value: the keys of objects may stand in any order.
export function is(got, wanted, name) {
  const sorted = (value) => JSON.stringify(value, (key, v) => (
    v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort())
      : v));
  report(sorted(got) === sorted(wanted), name, `   got: ${shown(got)}`, `wanted: ${shown(wanted)}`);
}

export function like(got, pattern, name) {
  report(pattern.test(got), name, `         got: ${shown(got)}`, `should match: ${pattern}`);
}

// Run a test file: whatever it throws is a failure, and what it began is ended.
const endings = [];

export async function test(body) {
  try {
    await body();
  } catch (error) {
    report(false, 'the test comes to its end', error.stack ?? String(error));
  }
  for (const end of endings.reverse()) await end();
  console.log(`1..${count}`);
  process.exit(failures ? 1 : 0);
}

// A part of a test file is not run for this reason.
export function skip(name, reason) {
  console.log(`ok ${++count} - ${name} # SKIP ${reason}`);
}

// Run nothing of a test file, and say why.
export function skipAll(reason) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(0);
}

export function atEnd(action) {
  endings.push(action);
}

// ---- SQL --------------------------------------------------------------------

export const database = `http_${process.pid}`;

// What a superuser's statements answer, as psql prints it.
export function sql(text, name = database) {
  return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', name],
    { input: text, encoding: 'utf8', maxBuffer: 1 << 28 }).replace(/\n$/, '');
}

// The public functions of the extension: those that are documented with an example. Nobody calls
// an aggregate over HTTP, or names the columns of a record.
export function functions() {
  return JSON.parse(sql(`
    SELECT json_agg(json_build_object('name', p.proname, 'volatile', p.provolatile = 'v',
      'comment', obj_description(p.oid, 'pg_proc'),
      'app', has_function_privilege('web_user', p.oid, 'EXECUTE')) ORDER BY p.proname)
    FROM pg_proc p
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
    WHERE obj_description(p.oid, 'pg_proc') ~ '\\nExample:' AND p.prokind = 'f'
      AND (p.prorettype <> 'record'::regtype OR p.proallargtypes IS NOT NULL)`));
}

// ---- the gateway ------------------------------------------------------------

export const secret = 'a secret of the tests, which is as long as it has to be';

export const user = { tenant_id: 'CA', sub: 'ann', roles: ['admin'], role: 'web_user' };

// A token with these claims, signed (HS256).
export function token(claims, key = secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

export async function freePort() {
  const server = createServer();
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  await new Promise((done) => { server.close(done); });
  return port;
}

// Start PostgREST with these settings (PGRST_...) and arguments; its address, once it answers.
export async function postgrest(settings, args = []) {
  const [port, admin] = [await freePort(), await freePort()];
  const said = [];
  const child = spawn(process.env.POSTGREST, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_ADMIN_SERVER_PORT: String(admin),
      PGRST_LOG_LEVEL: 'warn',
      ...settings,
    },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const ended = new Promise((done) => { child.on('exit', done); });
  atEnd(async () => { child.kill(); await ended; });
  for (let n = 0; n < 300; n++) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`http://127.0.0.1:${admin}/ready`).catch(() => null);
    if (ready?.ok) return `http://127.0.0.1:${port}`;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`the gateway does not start: ${Buffer.concat(said)}`);
}

// The database as PostgREST is told of it.
export const databaseUri = `postgres:///${database}?user=authenticator`
  + `&host=${encodeURIComponent(process.env.PGHOST)}&port=${process.env.PGPORT}`;

// Start a gateway on a copy of the template; its address. Settings are PostgREST's own (PGRST_...);
// statements are for what has to be there before it connects; with a file of its configuration
// the settings are the ones that go before that.
export async function gateway(settings = {}, statements = '', file = null) {
  sql(`CREATE DATABASE ${database} TEMPLATE ${process.env.TEMPLATE}`, 'postgres');
  sql(statements);
  atEnd(() => sql(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres'));
  if (file) return postgrest(settings, [file]);
  return postgrest({
    PGRST_DB_URI: databaseUri,
    PGRST_DB_SCHEMAS: 'prismiq',
    PGRST_DB_ANON_ROLE: 'web_anon',
    PGRST_DB_POOL: '4',
    PGRST_JWT_SECRET: secret,
    ...settings,
  });
}

// call(base, name, arguments, {method, claims, headers, token}): a function by its name. The answer
// is {status, text, body, headers}, body being the text as JSON where it is. claims null: no token.
export async function call(base, name, given = {}, options = {}) {
  const { method = 'POST', claims = user, headers = {} } = options;
  const bearer = options.token ?? (claims && token(claims));
  const url = new URL(`${base}/rpc/${name}`);
  const request = { method, headers: { ...headers } };

  if (bearer) request.headers.Authorization = `Bearer ${bearer}`;
  if (method === 'GET' || method === 'HEAD') {
    for (const [key, value] of Object.entries(given)) {
      url.searchParams.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    }
  } else {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(given);
  }
  const response = await fetch(url, request);
  const text = await response.text();
  let body;
  try { body = JSON.parse(text); } catch { body = undefined; }
  return { status: response.status, text, body, headers: response.headers };
}
