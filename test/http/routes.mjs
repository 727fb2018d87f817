// The paths of a REST API (web/gateway/routes.*), by the configuration as it is, that of PostgREST
// too: each with its status and its answer, and what hostile names, ids and bodies become.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, call, databaseUri, gateway, is, like, ok, secret, skipAll, sql, test, token, user }
  from '../lib/http.mjs';
import { ask, fillScript, front, routes } from '../lib/front.mjs';

if (!process.env.NGINX) skipAll('nginx cannot be installed');

const bearer = (claims) => (claims ? { Authorization: `Bearer ${token(claims)}` } : {});
const nobody = '00000000-0000-4000-8000-000000000000';
const texan = { ...user, tenant_id: 'TX' };
const flights = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count', alias: 'n' }] };
const every = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: 'id' }] };

let base;
let address;
const answered = [];

// A request of Ann's: its answer. body: as it is if it is a text, else as JSON.
async function go(request, body, { claims = user, headers = {} } = {}) {
  const [method, ...rest] = request.split(' ');
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await ask(address, rest.join(' '), { method,
    headers: { ...bearer(claims), ...json, ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) });
  if (answer.status < 300) answered.push([method, rest.join(' ').split('?')[0]]);
  return answer;
}

// The same; it is an error when the status is another one.
async function done(request, status, body, options) {
  const answer = await go(request, body, options);
  is(answer.status, status, `${request}: ${status}`);
  if (answer.status !== status) ok(false, 'which it says', answer.text);
  return answer;
}

const refused = async (request, status, code, body, options) => {
  const answer = await go(request, body, options);
  is([answer.status, answer.body?.code], [status, code],
    `${request} ${String(body ?? '').slice(0, 60)}: ${status} ${code}`);
  return answer.body ?? {};
};

async function schema() {
  const functions = async (name, given) => (await call(base, name, given)).body;
  is((await done('GET /schema', 200)).body, await functions('prismiq_schema', {}), 'the schema');
  is((await done('GET /tables', 200)).body, ['airports', 'flights', 'weather'], 'the tables');
  is((await done('GET /tables/flights', 200)).body, await functions('prismiq_table',
    { name: 'flights' }), 'a table');
  await done('GET /tables/public.flights', 200);
  is((await done('GET /tables/flights/columns/state/sample', 200)).body, ['CA'], 'a sample');
  is((await done('GET /tables/flights/columns/destination/sample?max_values=2', 200)).body.length,
    2, 'of so many values');
  await refused('GET /tables/flights/columns/state/sample?max_values=x', 400, '22P02');
  await refused('GET /tables/flights/columns/nothing/sample', 404, 'PT404');
  await refused('GET /tables/nothing', 404, 'PT404');

  // Whatever a name holds is a part of the name.
  for (const name of ['a b', 'a/b', 'a"b', "a'b", 'Zürich ✈', 'a\\b', 'a?b#c&d=e', '%2F', 'a%zz',
    '{name}', '$1', 'a..b', '..c']) {
    const quoted = `public."${name.replaceAll('"', '""')}"`;
    sql(`CREATE TABLE ${quoted} (tenant text, ${quoted.slice(7)} int);
      INSERT INTO ${quoted} VALUES ('CA', 7), ('TX', 8);
      GRANT SELECT ON ${quoted} TO web_user;
      SELECT FROM prismiq.prismiq_expose($n$${quoted}$n$, tenant_column => 'tenant')`);
    const path = encodeURIComponent(name);
    const whole = encodeURIComponent(`public.${name}`);
    is((await go(`GET /tables/${whole}`)).body?.name, name, `a table that is called ${name}`);
    is((await go(`GET /tables/${whole}/columns/${path}/sample`)).body, [7], 'and its column');
    sql(`DROP TABLE ${quoted}`);
  }
  for (const path of ['/tables/', '/tables//flights', '//tables', '/tables/flights/', '/tables/%ff',
    '/tables/flights/../flights', '/tables/x/%2e%2e/flights', '/tables/./flights', '/Tables',
    '/tables/flights/columns', '/tables/flights/columns//sample', '/dashboards/x/y', '/widgets',
    '/query', '/tables%2fflights', '/schema%20', '/schema;x', '/queries']) {
    await refused(`GET ${path}`, 404, 'HTTP404');
  }
}

async function queries() {
  is((await done('POST /query/validate', 200, flights)).body.valid, true, 'a definition is valid');
  is((await done('POST /query/validate', 200, { definition: { ...flights, colums: [] } })).body
    .errors.map((error) => error.code), ['UNKNOWN_FIELD'], 'or not');
  like((await done('POST /query/sql', 200, flights)).body.sql, /^SELECT pg_catalog\.count\(/,
    'its SQL');
  const [[count]] = (await done('POST /query/execute', 200, flights)).body.rows;
  is(count, Number(sql(`SELECT count(*) FROM public.flights WHERE state = 'CA'`)), 'its answer');
  is((await done('POST /query/execute', 200, flights, { claims: texan })).body.rows,
    [[Number(sql(`SELECT count(*) FROM public.flights WHERE state = 'TX'`))]], "another tenant's");
  is((await done('POST /query/execute', 200, { definition: flights,
    options: { format: 'objects' } })).body.rows, [{ n: count }], 'with options');
  const months = { ...flights, time_series: { table_id: 'f', date_column: 'departed_at',
    interval: 'month' } };
  const buckets = (await done('POST /query/execute/timeseries', 200, months)).body;
  is([buckets.bucket, buckets.rows], ['1 month',
    (await call(base, 'prismiq_query', { definition: months })).body.rows], 'by time');

  const preview = (await done('POST /query/preview', 200, every)).body;
  is([preview.row_count, preview.truncated], [100, true], 'a preview has 100 rows');
  for (const [options, rows] of [[{}, 100], [null, 100], [{ max_rows: 3 }, 3],
    [{ max_rows: 5000 }, 100], [{ max_rows: null }, 100], [{ max_rows: 100.5 }, 100]]) {
    is((await go('POST /query/preview', { definition: every, options })).body?.row_count, rows,
      `a preview with ${JSON.stringify(options)}`);
  }
  for (const options of [{ max_rows: 'x' }, { max_rows: -1 }, { maxrows: 1 }, [], 'x']) {
    await refused('POST /query/preview', 400, '22023', { definition: every, options });
  }

  // Numbers keep their digits, and what is one for JavaScript is none for PostgreSQL.
  const digits = '12345678901234567890.10';
  const exact = `{"tables":[{"id":"f","name":"flights"}],"columns":[{"table_id":"f","column":"id"}],
    "filters":[{"table_id":"f","column":"delay","operator":"lt","value":${digits}}]}`;
  for (const body of [exact, `{"definition": ${exact}}`]) {
    like((await go('POST /query/sql', body)).text, new RegExp(digits.replace('.', '\\.')),
      'numbers keep their digits');
  }
  const nested = (depth) => `${'{"not":'.repeat(depth)}{"table_id":"f","column":"id",
    "operator":"gt","value":0}${'}'.repeat(depth)}`;
  is((await go('POST /query/execute', `{"tables":[{"id":"f","name":"flights"}],"columns":
    [{"table_id":"f","column":"*","aggregation":"count"}],"filters":[${nested(28)}]}`)).status, 200,
  'a definition is as deep as prismiq.max_nesting allows');
  await refused('POST /query/execute', 413, 'PT413',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  await refused('POST /query/execute', 413, 'HTTP413', { tables: 'x'.repeat(1 << 20) });
  await refused('POST /query/execute', 400, '22023', { definition: flights, optoins: {} });
  await refused('POST /query/execute', 400, '22023', { definition: null });
  await refused('POST /query/execute', 400, '22023', { definition: 'x', options: {} });
  await refused('POST /query/execute', 400, '22023', {});
  await refused('POST /query/validate-sql', 404, 'HTTP404', {});
}

// What every route does with a body that is none; with: of a request, its body if it has to have
// one.
async function bodies(requests) {
  for (const request of requests) {
    for (const body of ['', '{', '{"name":"x"', '{"name":"x"}}', '{"name":"x"},"id":"y"',
      '{"name":"x"}{"name":"y"}', 'name=x', '\u0000', '"', '\\', '{"name":"\\ud800"}',
      '{"name":"\\u0000"}', '\ufeff{}', '{"a":1,}', "{'a':1}", 'undefined']) {
      const answer = await go(request, body);
      ok(answer.status === 400 && /^22/.test(answer.body?.code),
        `${request} ${JSON.stringify(body)}: 400`, [answer.status, answer.text]);
    }
    for (const body of ['null', '1', '"x"', 'true']) {
      await refused(request, 400, '22023', body);
    }
    for (const [type, body] of [['application/x-www-form-urlencoded', 'body={}&data={}'],
      ['text/plain', '{}'], ['application/jsonp', '{}'], ['', '{}'],
      ['multipart/form-data; boundary=x', '--x--'], ['application/json-patch+json', '[]']]) {
      await refused(request, 415, 'HTTP415', body, { headers: { 'Content-Type': type } });
    }
  }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON',
    'application/json;charset=utf-8']) {
    is((await go('POST /query/validate', flights, { headers: { 'Content-Type': type } })).status,
      200, `Content-Type: ${type}`);
  }
  const chunks = { 'Transfer-Encoding': 'chunked' };
  is((await go('POST /query/validate', flights, { headers: chunks })).body?.valid, true,
    'a body in chunks');
  is((await go('POST /query/validate', { ...flights, x: 'ä✈'.repeat(150000) }, { headers: chunks }))
    .body?.errors[0].code, 'UNKNOWN_FIELD', 'a large one, with letters of more than a byte');
}

async function dashboards() {
  const made = await done('POST /dashboards', 201, { name: 'Delays', description: 'a' });
  const { id, version } = made.body;
  const path = `/dashboards/${id}`;
  is(made.headers.location, path, 'where it is');
  await refused('POST /dashboards', 409, '23505', { name: 'Delays' });
  await refused('POST /dashboards', 400, '22023', { name: '' });
  is((await done(`GET ${path}`, 200)).body, made.body, 'it is there');
  is((await done(`HEAD ${path}`, 200)).text, '', 'HEAD has no body');
  await done(`HEAD /dashboards/${nobody}`, 404);
  is((await done(`PATCH ${path}`, 200, { description: 'b', version })).body.description, 'b',
    'it is changed');
  await refused(`PATCH ${path}`, 409, 'PT409', { description: 'c', version });
  await refused(`PATCH /dashboards/${nobody}`, 404, 'PT404', { description: 'c' });

  const widget = await done(`POST ${path}/widgets`, 201, { type: 'metric', query: flights });
  const widgetPath = `/widgets/${widget.body.id}`;
  is(widget.headers.location, widgetPath, 'where the widget is');
  is((await done(`PATCH ${widgetPath}`, 200, { title: 'Flights' })).body.title, 'Flights',
    'it is changed');
  await refused(`POST /dashboards/${nobody}/widgets`, 404, 'PT404', { type: 'text' });
  await refused(`GET ${widgetPath}`, 405, 'HTTP405');
  const move = { id: widget.body.id, x: 4, y: 1, w: 3, h: 2 };
  for (const [body, x] of [[[move], 4], [{ positions: [{ ...move, x: 5 }] }, 5]]) {
    is((await done(`PATCH ${path}/layout`, 200, body)).body.widgets[0].position.x, x,
      'it is moved');
  }
  await refused(`PATCH ${path}/layout`, 400, '22023', { position: [move] });
  await refused(`PATCH ${path}/layout`, 404, 'PT404', [{ ...move, id: nobody }]);

  // An id is that of the path, whatever a body says.
  const other = (await go('POST /dashboards', { name: 'Other' })).body;
  for (const body of [`{"name":"Stolen","id":"${other.id}"}`,
    `{"name":"Stolen"},"id":"${other.id}"`, `{"name":"Stolen"},"id":"${other.id}","x":{}`,
    `{"name":"Stolen"}","id":"${other.id}`, `{"name":"Stolen","name":"Stolen"}","id":"${other.id}"`,
    `","id":"${other.id}`, `"},"id":"${other.id}"`]) {
    const answer = await go(`PATCH ${path}`, body);
    is(answer.status, 400, `a body that says another id: ${body}`);
  }
  is((await go(`PATCH ${path}`, '{"description":"1","description":"2"}')).body?.description, '2',
    'of a key that is there twice the last one counts');
  is((await go(`GET /dashboards/${other.id}`)).body?.name, 'Other', 'the other one is as it was');
  is((await go(`GET ${path}?id=${other.id}`)).body?.name, 'Delays', 'nor by a parameter');
  is((await go(`DELETE ${path}?id=${other.id}`, `{"id":"${other.id}"}`)).status, 204,
    'nor when it is deleted');
  is((await go(`GET /dashboards/${other.id}`)).status, 200, 'the other one is still there');
  await refused(`GET ${path}`, 404, 'PT404');
  await refused(`DELETE ${path}`, 404, 'PT404');
  await refused(`PATCH ${widgetPath}`, 404, 'PT404', { title: 'x' });
  for (const hostile of ['x', '1', `${other.id}x`, `${other.id}%00`.slice(0, -3), `' OR '1'='1`,
    `${other.id}' --`, '{}', '[]', 'null', '..%2f..', `${other.id}%22,%22x%22:%22`, '%0d%0aX:y']) {
    if (hostile === other.id) continue;
    const answer = await go(`GET /dashboards/${hostile.replaceAll(' ', '%20')}`);
    ok([400, 404].includes(answer.status) && !answer.headers.x, `an id: ${hostile}`, answer.text);
  }

  // Another tenant's is not there, by any method.
  for (const [request, body] of [[`GET /dashboards/${other.id}`],
    [`DELETE /dashboards/${other.id}`], [`PATCH /dashboards/${other.id}`, { name: 'x' }],
    [`PATCH /dashboards/${other.id}/layout`, []],
    [`POST /dashboards/${other.id}/widgets`, { type: 'text' }]]) {
    await refused(request, 404, 'PT404', body, { claims: texan });
  }
  const last = (await go(`POST /dashboards/${other.id}/widgets`, { type: 'text' })).body;
  await refused(`DELETE /widgets/${last.id}`, 404, 'PT404', undefined, { claims: texan });
  is((await done(`DELETE /widgets/${last.id}`, 204)).text, '', 'a widget is deleted');
  await refused(`DELETE /widgets/${last.id}`, 404, 'PT404');
  await bodies(['POST /dashboards', `PATCH /dashboards/${other.id}`,
    `POST /dashboards/${other.id}/widgets`, `PATCH /dashboards/${other.id}/layout`,
    `PATCH /widgets/${nobody}`, 'POST /query/execute', 'POST /query/preview', 'POST /query/sql']);
  await go(`DELETE /dashboards/${other.id}`);
}

// Lists: what stands in the query string are options.
async function lists() {
  for (const name of ['b one', 'a+two', 'c']) await go('POST /dashboards', { name });
  const names = async (query) => (await done(`GET /dashboards${query}`, 200)).body
    .map((one) => one.name);
  is(await names('?sort=name'), ['a+two', 'b one', 'c'], 'sort');
  is(await names('?sort=name&limit=1&offset=1'), ['b one'], 'limit, offset');
  is(await names('?sort=name&page=3&page_size=1'), ['c'], 'page, page_size');
  is(await names('?search=b+one'), ['b one'], 'search, with a space');
  is(await names('?search=b%20one'), ['b one'], 'and with another');
  is(await names('?search=a%2Btwo'), ['a+two'], 'and with a plus sign');
  is(await names('?search=12'), [], 'a number is a text there');
  is(await names('?scope=public'), [], 'scope');
  is((await done('GET /dashboards?count=true&limit=1', 200)).body.total, 3, 'count');
  is((await done('GET /dashboards?count=false', 200)).body.length, 3, 'and none');
  for (const query of ['limit=x', 'limit=', 'limit=1&limit=2', 'limit=-1', 'nothing=1', 'count=1',
    'sort=version', 'scope=', 'constructor=1', '__proto__=1', 'limit=99999999999999999999']) {
    await refused(`GET /dashboards?${query}`, 400, '22023');
    await refused(`GET /saved-queries?${query}`, 400, '22023');
  }
  for (const { id } of (await go('GET /dashboards')).body) await go(`DELETE /dashboards/${id}`);
}

async function savedQueries() {
  const made = await done('POST /saved-queries', 201, { name: 'Flights', query: flights });
  const path = `/saved-queries/${made.body.id}`;
  is(made.headers.location, path, 'where it is');
  is((await done(`GET ${path}`, 200)).body.query, flights, 'it is there');
  is((await done(`PATCH ${path}`, 200, { name: 'All flights' })).body.name, 'All flights',
    'it is changed');
  is((await done('GET /saved-queries?search=all', 200)).body.map((one) => one.id), [made.body.id],
    'it is found');
  await refused(`GET ${path}`, 404, 'PT404', undefined, { claims: texan });
  is((await done(`DELETE ${path}`, 204)).text, '', 'it is deleted');
  await refused(`DELETE ${path}`, 404, 'PT404');
}

async function pins() {
  const ids = [];
  for (const name of ['One', 'Two']) ids.push((await go('POST /dashboards', { name })).body.id);
  const pinned = async (query = '') => (await done(`GET /pins${query}`, 200)).body
    .map((pin) => pin.resource_id);
  for (const id of ids) {
    const made = await done('POST /pins', 201, { resource_type: 'dashboard', resource_id: id });
    is([made.body.resource_id, made.headers.location], [id, undefined], 'it has no address');
  }
  await done('POST /pins', 201, { resource_type: 'dashboard', resource_id: ids[0],
    context: 'a & b' });
  is(await pinned(), ids, 'the favourites');
  is(await pinned('?context=a+%26+b'), [ids[0]], 'another place');
  is((await done('PUT /pins/order', 200, { ids: [ids[1], ids[0]] })).body
    .map((pin) => pin.resource_id), [ids[1], ids[0]], 'in another order');
  await refused('PUT /pins/order', 404, 'PT404', { context: 'x', ids });
  await refused('PUT /pins/order', 400, '22023', { id: ids });
  await refused('POST /pins', 400, '22023', { resource_type: 'dashboard', resource_id: ids[0],
    contxt: 'x' });
  await refused('POST /pins', 400, '22P02', { resource_type: 'dashboard', resource_id: 'x' });
  await refused('POST /pins', 404, 'PT404', { resource_type: 'dashboard', resource_id: nobody });
  await refused('DELETE /pins', 404, 'PT404');
  is((await done(`DELETE /pins?resource_type=dashboard&resource_id=${ids[0]}&context=a+%26+b`, 204))
    .text, '', 'a pin is taken away');
  await done(`DELETE /pins?resource_type=dashboard&resource_id=${ids[0]}`, 204);
  is(await pinned(), [ids[1]], 'the other one stays');
}

// Whether the service lives, and numbers for who watches it.
async function health() {
  const nobodys = { claims: null };
  is((await done('GET /health/live', 200, undefined, nobodys)).body, { status: 'ok' }, 'it lives');
  is((await done('GET /health/ready', 200, undefined, nobodys)).body.ready, true, 'it is ready');
  await done('HEAD /health/ready', 200, undefined, nobodys);
  await refused('GET /health', 401, '42501', undefined, nobodys);
  is((await done('GET /health', 200)).body.version, sql(`SELECT extversion FROM pg_extension
    WHERE extname = 'prismiq'`), 'which version it is');
  await refused('GET /metrics', 403, '42501');
  sql('GRANT EXECUTE ON FUNCTION prismiq.prismiq_metrics() TO web_user');
  for (const accept of ['*/*', 'text/plain;version=0.0.4', 'application/openmetrics-text']) {
    const metrics = await done('GET /metrics', 200, undefined, { headers: { Accept: accept } });
    like(metrics.headers['content-type'], /^text\/plain/, 'metrics are text');
    like(metrics.text, /^prismiq_ready 1$/m, 'of Prometheus');
  }
  sql(`UPDATE pg_extension SET extversion = '9.9' WHERE extname = 'prismiq'`);
  is([(await done('GET /health/ready', 503, undefined, nobodys)).body.reasons,
    (await done('HEAD /health/ready', 503, undefined, nobodys)).text], [['version_mismatch'], ''],
  'of two versions it is not ready');
}

// Methods, and what goes before them.
async function methods() {
  for (const [path, allow] of [['/schema', 'GET, HEAD'], ['/query/execute', 'POST'],
    ['/dashboards', 'GET, POST, HEAD'], [`/dashboards/${nobody}`, 'GET, PATCH, DELETE, HEAD'],
    ['/pins', 'GET, POST, DELETE, HEAD'], ['/pins/order', 'PUT'], ['/page', 'GET, HEAD']]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      if (allow.split(', ').includes(method)) continue;
      const answer = await go(`${method} ${path}`, method === 'HEAD' ? undefined : '{}');
      is([answer.status, answer.headers.allow], [405, allow], `${method} ${path}: 405`);
    }
  }
  for (const path of ['/dashboards', `/widgets/${nobody}`, '/pins/order']) {
    const answer = await go(`OPTIONS ${path}`, undefined, { claims: null, headers: {
      Origin: 'https://app.example', 'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,content-type' } });
    is([answer.status, answer.headers['access-control-allow-origin'],
      answer.headers['access-control-allow-credentials']], [200, '*', undefined],
    `${path}: a page of another host may ask with its own token, and not with a cookie`);
    like(answer.headers['access-control-allow-methods'] ?? '', /PATCH/, `${path}: how`);
    like((answer.headers['access-control-allow-headers'] ?? '').toLowerCase(),
      /authorization.*content-type/, `${path}: with which headers`);
  }
  const nosuch = await go('OPTIONS /dashboards/x/y', undefined, { headers: {
    Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' } });
  is(nosuch.status, 404, 'of a path that there is not nothing is asked');

  // Who asks: nobody, a token that is none, a session's cookie from here and from elsewhere.
  await refused('GET /schema', 401, '42501', undefined, { claims: null });
  await refused('POST /dashboards', 401, '42501', { name: 'x' }, { claims: null });
  await refused('GET /schema', 401, 'PGRST301', undefined,
    { headers: { Authorization: 'Bearer x' } });
  await refused('GET /schema', 403, '42501', undefined,
    { claims: { sub: 'ann', role: 'web_user' } });
  const session = { Cookie: `prismiq_token=${token(user)}` };
  const as = (headers) => ({ claims: null, headers: { ...session, ...headers } });
  is((await go('GET /tables', undefined, as({ 'Sec-Fetch-Site': 'same-origin' }))).status, 200,
    'a cookie');
  await refused('GET /tables', 401, '42501', undefined,
    as({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }));
  for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' }]) {
    await refused('POST /dashboards', 403, 'HTTP403', { name: 'Forged' }, as(headers));
  }
  // What an old browser lets a form send, which says nothing of where it is from.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    await refused('POST /dashboards', 415, 'HTTP415', '{"name": "Forged", "description": "="}',
      as({ 'Content-Type': type }));
  }
  is(sql(`SELECT count(*) FROM prismiq.prismiq_dashboards WHERE name = 'Forged'`), '0',
    'nothing was forged');

  // The functions of the routes are reached by the routes alone, and nothing else behind them.
  await refused('POST /rpc/dashboard_create', 404, 'PGRST202', { body: '{"name":"x"}' },
    { headers: { 'Content-Profile': 'prismiq_rest' } });
  const asked = await go('GET /tables', undefined, { headers: { Accept: 'text/csv',
    Prefer: 'params=single-object', Range: 'items=5-6', 'Content-Profile': 'public',
    'Accept-Profile': 'public' } });
  is(asked.body?.length, 3, 'headers of PostgREST do nothing to a route');
}

test(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'prismiq-routes-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'jwt-secret'), secret);
  execFileSync(fillScript, [join(folder, 'gateway'), `DATABASE=${databaseUri}`,
    `JWT_SECRET=@${join(folder, 'jwt-secret')}`]);
  base = await gateway({}, '', join(folder, 'gateway', 'postgrest.conf'));
  // The script may be run again; what it makes runs as who asks, and not for everybody.
  sql(readFileSync(join(folder, 'gateway', 'routes.sql'), 'utf8'));
  is(sql(`SELECT count(*) FILTER (WHERE prosecdef), count(*) FILTER (WHERE
      has_function_privilege('web_anon', oid, 'EXECUTE')), count(*) > 15
    FROM pg_proc WHERE pronamespace = 'prismiq_rest'::regnamespace`), '0|0|t',
  'the functions of the paths have no rights of their own');
  address = await front(base, { RATE_CALLER: '10000r/s', RATE_ADDRESS: '10000r/s' });

  await schema();
  await queries();
  await lists();
  await dashboards();
  await savedQueries();
  await pins();
  await methods();
  await health();
  ok(routes().length > 25, 'the table of the routes is found', routes());
  is(routes().filter(([method, path]) => {
    const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    return !answered.some((one) => one[0] === method && pattern.test(one[1]));
  }), [], 'each of them was asked, and has answered');
});
