// Each status that can be reached, what it says, and that it says nothing else.

import { call, database, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

const count = (table) => ({
  tables: [{ id: 't', name: table }],
  columns: [{ table_id: 't', column: '*', aggregation: 'count' }],
});
const nobody = '00000000-0000-4000-8000-000000000000';

test(async () => {
  const base = await gateway();

  sql(`CREATE VIEW public.slow AS
      SELECT 'CA'::text AS tenant, n, pg_sleep(0.01) IS NULL AS slept
      FROM generate_series(1, 9000) n;
    GRANT SELECT ON public.slow TO web_user;
    SELECT FROM prismiq.prismiq_expose('public.slow', tenant_column => 'tenant');
    CREATE TABLE public.closed (tenant text);
    SELECT FROM prismiq.prismiq_expose('public.closed', tenant_column => 'tenant')`);

  // A refusal with its code; its list of faults, where there is one.
  async function refused(name, given, status, code, what, options = {}) {
    const answer = await call(base, name, given, options);
    is([answer.status, answer.body?.code], [status, code], what);
    // The gateway's own tell what the caller has asked for.
    ok(code.startsWith('PGRST') || !/prismiq_[a-z_]+\(|CONTEXT|\.c:\d|SELECT /.test(answer.text),
      `${what}: tells nothing of the inside`, answer.text);
    return answer.body ?? {};
  }

  is((await call(base, 'prismiq_query', { definition: count('flights') })).status, 200, '200');

  let body = await refused('prismiq_query', { definition: { tables: [{ id: 't', name: 'flihgts' }],
    columns: [{ table_id: 't', column: '*', aggregation: 'cuont' }], filter: [] } }, 400, '22023',
  '400: a bad definition');
  const faults = JSON.parse(body.details);
  ok(faults.length >= 2, 'all of its faults are in details', body);
  is(body.message, faults[0].message, 'the first of them is the message');
  for (const fault of faults) {
    is(Object.keys(fault), ['code', 'message', 'path', 'suggestion'],
      `a fault at ${fault.path} has its code, place and suggestion`);
  }
  body = await refused('prismiq_query', { definition: count('flihgts') }, 400, '22023',
    '400: a table that is misspelt');
  like(body.hint ?? '', /flights/, 'hint tells the one that is meant');
  await refused('prismiq_query', { definition: count('closed') }, 400, '22023',
    '400: a table that the role may not read is as one that is not there');
  await refused('prismiq_dashboard_get', { id: 'x' }, 400, '22P02', '400: an id that is none');
  await refused('prismiq_dashboard_create', { data: {} }, 400, '22023', '400: a dashboard unnamed');
  await refused('prismiq_dashboard_list', { options: { sort: 'x' } }, 400, '22023', '400: options');
  const broken = await fetch(`${base}/rpc/prismiq_query`, { method: 'POST', body: '{"definition": ',
    headers: { Authorization: `Bearer ${token(user)}`, 'Content-Type': 'application/json' } });
  is(broken.status, 400, '400: a body that is no JSON');

  const definition = count('flights');
  await refused('prismiq_query', { definition }, 401, '42501', '401: no token', { claims: null });
  await refused('prismiq_query', { definition }, 401, 'PGRST301',
    '401: the token of another secret',
    { token: token(user, 'another secret, which is long enough too') });
  await refused('prismiq_query', { definition }, 401, 'PGRST301', '401: a token that has expired',
    { claims: { ...user, exp: 1000000000 } });
  await refused('prismiq_query', { definition }, 403, '42501', '403: a token without a tenant',
    { claims: { role: 'web_user', sub: 'ann' } });
  await refused('prismiq_query', { definition }, 403, '42501', '403: a tenant that is none',
    { claims: { ...user, tenant_id: ['CA', 'TX'] } });
  await refused('prismiq_dashboard_create', { data: { name: 'V' } }, 403, '42501',
    '403: a viewer creates nothing', { claims: { ...user, roles: ['viewer'] } });
  await refused('prismiq_schema_config_set', { config: {} }, 403, '42501',
    '403: nor does an analyst configure', { claims: { ...user, roles: ['analyst'] } });
  // No role that the gateway may not switch to.
  const other = await call(base, 'prismiq_query', { definition },
    { claims: { ...user, role: 'postgres' } });
  ok([401, 403].includes(other.status), 'a token that names a superuser is refused', other.text);

  await refused('prismiq_dashboard_get', { id: nobody }, 404, 'PT404', '404: no such dashboard');
  await refused('prismiq_widget_data', { widget_id: nobody }, 404, 'PT404', '404: no such widget');
  await refused('prismiq_table', { name: 'nothing' }, 404, 'PT404', '404: no such table');
  await refused('prismiq_query', { definition, more: 1 }, 404, 'PGRST202', '404: an argument more');
  await refused('prismiq_query', {}, 404, 'PGRST202', '404: an argument less');
  await refused('prismiq_nothing', {}, 404, 'PGRST202', '404: no such function');

  is((await call(base, 'prismiq_dashboard_get', { id: nobody }, { method: 'HEAD' })).status, 200,
    'HEAD does not call the function');

  is((await call(base, 'prismiq_dashboard_create', { data: '{"name": "G"}' }, { method: 'GET' }))
    .status, 405, '405: GET of what writes');
  is((await call(base, 'prismiq_query', { definition }, { method: 'PUT' })).status, 405,
    '405: PUT');
  is((await call(base, 'prismiq_query', { definition }, { method: 'DELETE' })).status, 405,
    '405: DELETE');
  is(sql('SELECT count(*) FROM prismiq.prismiq_dashboards'), '0', 'and nothing was written');

  const made = await call(base, 'prismiq_dashboard_create', { data: { name: 'D' } });
  const { id, version } = made.body;
  const update = (data) => ({ id, data });
  await refused('prismiq_dashboard_create', { data: { name: 'D' } }, 409, '23505',
    '409: a name that is taken');
  is((await call(base, 'prismiq_dashboard_update', update({ description: 'x', version }))).status,
    200, 'a change of the version that is there');
  await refused('prismiq_dashboard_update', update({ description: 'y', version }), 409, 'PT409',
    '409: a change of one that was changed meanwhile');
  // Another tenant's dashboard is one that is not there, to read and to change.
  const texan = { claims: { ...user, tenant_id: 'TX' } };
  await refused('prismiq_dashboard_get', { id }, 404, 'PT404', "404: another tenant's", texan);
  await refused('prismiq_dashboard_update', update({ name: 'X' }), 404, 'PT404',
    "404: another tenant's, to change", texan);
  await refused('prismiq_dashboard_delete', { id }, 404, 'PT404',
    "404: another tenant's, to delete", texan);

  const filter = { table_id: 't', column: 'delay', operator: 'gt', value: 1 };
  body = await refused('prismiq_query',
    { definition: { ...definition, filters: Array(1001).fill(filter) } }, 413, 'PT413',
    '413: more conditions than the limit');
  is(JSON.parse(body.details)[0].code, 'TOO_COMPLEX', 'with the code of its fault');
  like(body.hint ?? '', /prismiq\.max_filters/, 'and the setting in hint');

  const slow = { tables: [{ id: 't', name: 'slow' }], columns: [{ table_id: 't', column: 'slept' },
    { table_id: 't', column: 'n', aggregation: 'sum' }] };
  await refused('prismiq_query', { definition: slow, options: { timeout_ms: 200 } }, 500, '57014',
    '500: what takes too long');
  is(sql(`SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'
    AND datname = '${database}'`), '0',
    'and does not run on');
  is((await call(base, 'prismiq_query', { definition })).status, 200,
    'afterwards there are answers');
});
