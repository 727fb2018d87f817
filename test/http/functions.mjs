// Every function of profile app over HTTP: by POST with named arguments, and what only reads by GET
// (documents as JSON text) and HEAD as well, with the same answer.

import { call, functions, gateway, is, like, ok, sql, test, user } from '../lib/http.mjs';

const definition = {
  tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count', alias: 'n' },
    { table_id: 'f', column: 'delay', aggregation: 'sum', alias: 'late' }],
};

// What differs from call to call is how long it took, and when.
const timeless = (text) => text.replace(
  /((?:execution_time_ms|cached_at)(?:"|&quot;): ?)[^,}]*/g, '$10');

test(async () => {
  const base = await gateway();
  const called = new Set();

  // The answer of a call that succeeds.
  async function post(name, given = {}) {
    const answer = await call(base, name, given);
    called.add(name);
    is(answer.status, 200, `POST ${name}: 200`);
    if (answer.status !== 200) ok(false, `${name} answers`, answer.text);
    return answer.body;
  }

  // By POST, by GET with the same answer, and by HEAD with none. SQL's own answer, where given.
  async function read(name, given = {}) {
    const body = await post(name, given);
    const posted = await call(base, name, given);
    const got = await call(base, name, given, { method: 'GET' });
    is(got.status, 200, `GET ${name}: 200`);
    is(timeless(got.text), timeless(posted.text), `GET ${name}: the answer of POST`);
    const head = await call(base, name, given, { method: 'HEAD' });
    is([head.status, head.text], [200, ''], `HEAD ${name}: 200, and no body`);
    return body;
  }

  const wanted = JSON.parse(sql(`SELECT json_build_array(json_build_array(count(*), sum(delay)))
    FROM public.flights WHERE state = 'CA'`));
  is((await read('prismiq_query', { definition })).rows, wanted, "prismiq_query: SQL's rows");
  is((await read('prismiq_query', { definition, options: { format: 'objects' } })).rows,
    [{ n: wanted[0][0], late: wanted[0][1] }], 'prismiq_query: with options');
  is((await read('prismiq_query_rows', { definition })), [{ n: wanted[0][0], late: wanted[0][1] }],
    'prismiq_query_rows: a list of rows');
  like(await read('prismiq_query_csv', { definition }), /^n,late\r\n/,
    'prismiq_query_csv: as JSON');
  like((await read('prismiq_compile', { definition })).sql, /^\s*(SELECT|WITH)\b/,
    'prismiq_compile: the statement');
  is((await read('prismiq_validate', { definition })).valid, true, 'prismiq_validate: valid');
  is((await read('prismiq_validate', { definition: { tables: [] } })).valid, false,
    'prismiq_validate: a bad definition is an answer too');
  is((await read('prismiq_definition_schema')).$ref, '#/$defs/query',
    'prismiq_definition_schema: of a definition');
  like((await read('prismiq_explain', { definition })).sql, /SELECT/, 'prismiq_explain: the SQL');

  is((await read('prismiq_tables')).includes('flights'), true, 'prismiq_tables: has flights');
  is((await read('prismiq_schema')).tables.some((t) => t.name === 'flights'), true,
    'prismiq_schema: has flights');
  is((await read('prismiq_table', { name: 'flights' })).name, 'flights', 'prismiq_table: flights');
  const sample = await read('prismiq_column_sample',
    { table_name: 'flights', column_name: 'state', max_values: 9 });
  is(JSON.stringify(sample).match(/[A-Z]{2}/g), ['CA'], "prismiq_column_sample: the tenant's");
  is((await post('prismiq_schema_config_set', { config: { timezone: 'UTC' } })).timezone, 'UTC',
    'prismiq_schema_config_set: set');
  is((await read('prismiq_schema_config')).timezone, 'UTC', 'prismiq_schema_config: what was set');

  is(await read('prismiq_health_live'), { status: 'ok' }, 'prismiq_health_live: it lives');
  is((await read('prismiq_health_ready')).ready, true, 'prismiq_health_ready: it is ready');
  is((await read('prismiq_health')).version, sql(`SELECT extversion FROM pg_extension
    WHERE extname = 'prismiq'`), 'prismiq_health: the version');

  is((await read('prismiq_context')).source, 'claims', 'prismiq_context: from the token');
  is(await read('prismiq_tenant_id'), 'CA', 'prismiq_tenant_id: that of the token');
  is(await read('prismiq_user_id'), 'ann', 'prismiq_user_id: that of the token');
  is(await read('prismiq_roles'), ['admin'], 'prismiq_roles: those of the token');
  called.add('prismiq_set_context');
  await call(base, 'prismiq_set_context', { tenant_id: 'TX', is_local: false });
  is(await read('prismiq_tenant_id'), 'CA', 'prismiq_set_context: chooses no tenant over HTTP');

  is(await read('prismiq_time_bucket', { width: '1 day', ts: '2024-05-06T07:08:09Z',
    timezone: 'UTC' }), '2024-05-06T00:00:00+00:00', 'prismiq_time_bucket: a day');
  is((await read('prismiq_time_buckets', { width: '1 day', start: '2024-05-06T00:00:00Z',
    stop: '2024-05-08T00:00:00Z', timezone: 'UTC' })).length, 2, 'prismiq_time_buckets: two days');
  like(await read('prismiq_time_bucket_auto', { start: '2024-01-01', stop: '2024-02-01' }),
    /^\d\d:\d\d:\d\d|day/, 'prismiq_time_bucket_auto: a width');

  // A text is a value like others to these, also one that holds JSON: so not by GET.
  const inside = { text: 'x', number: 1.5, integer: 7, boolean: true, date: '2024-05-06',
    timestamp: '2024-05-06T07:08:09', uuid: 'c81e728d-9d4c-2f63-6f06-7f89cc14862c' };
  for (const [type, value] of Object.entries(inside)) {
    is(await post(`prismiq_json_${type}`, { document: { a: [value] }, path: ['a', 0] }), value,
      `prismiq_json_${type}: what is inside`);
  }

  like((await call(base, 'prismiq_asset', { name: 'prismiq.js' })).text, /^const ASSETS_URL = /,
    'prismiq_asset: the module (assets.mjs)');
  called.add('prismiq_asset');

  const widget = { type: 'metric', title: 'N', query: definition };
  const board = await post('prismiq_dashboard_create', { data: { name: 'D', widgets: [widget] } });
  const one = board.widgets[0].id;
  is((await read('prismiq_dashboard_get', { id: board.id })).name, 'D', 'prismiq_dashboard_get');
  is((await read('prismiq_dashboard_list', { options: { search: 'd' } })).length, 1,
    'prismiq_dashboard_list: one');
  is((await read('prismiq_dashboard_data', { dashboard_id: board.id }))[one].rows, wanted,
    "prismiq_dashboard_data: SQL's rows");
  is((await read('prismiq_widget_data', { widget_id: one })).rows, wanted,
    "prismiq_widget_data: SQL's rows");
  is((await post('prismiq_dashboard_update', { id: board.id, data: { name: 'E' } })).name, 'E',
    'prismiq_dashboard_update: another name');
  const two = await post('prismiq_widget_add', { dashboard_id: board.id,
    data: { type: 'text', title: 'T', config: { content: 'text' } } });
  is(two.title, 'T', 'prismiq_widget_add: a widget');
  is((await post('prismiq_widget_update', { id: two.id, data: { title: 'U' } })).title, 'U',
    'prismiq_widget_update: another title');
  const moved = await post('prismiq_layout_update', { dashboard_id: board.id,
    positions: [{ id: one, x: 3, y: 4, w: 2, h: 2 }] });
  is(moved.widgets.find((w) => w.id === one).position.x, 3, 'prismiq_layout_update: moved');
  await post('prismiq_widget_delete', { id: two.id });
  is((await call(base, 'prismiq_dashboard_get', { id: board.id })).body.widgets.length, 1,
    'prismiq_widget_delete: gone');
  const saved = await post('prismiq_saved_query_create',
    { data: { name: 'S', query: definition } });
  is((await read('prismiq_saved_query_get', { id: saved.id })).name, 'S',
    'prismiq_saved_query_get: what was saved');
  is((await read('prismiq_saved_query_list')).length, 1, 'prismiq_saved_query_list: one');
  is((await post('prismiq_saved_query_update', { id: saved.id, data: { name: 'R' } })).name, 'R',
    'prismiq_saved_query_update: another name');
  const filters = [{ id: 'from', type: 'select', field: 'origin', table: 'flights' }];
  await post('prismiq_dashboard_update', { id: board.id, data: { filters } });
  const origin = (await read('prismiq_filter_options', { dashboard_id: board.id,
    filter_id: 'from', max_values: 1 })).options[0];
  is(origin.count, JSON.parse(sql(`SELECT max(n) FROM (SELECT count(*) AS n FROM public.flights
    WHERE state = 'CA' GROUP BY origin) o`)), 'prismiq_filter_options: most rows first');
  is((await read('prismiq_widget_data', { widget_id: one, filters: { from: origin.value } }))
    .rows[0][0], origin.count, 'prismiq_widget_data: under a filter');
  is((await read('prismiq_widget_drill', { widget_id: one, point: { n: 1 },
    options: { limit: 1 } })).table.total_count, wanted[0][0], 'prismiq_widget_drill: the rows');
  is(await read('prismiq_widget_spec', { widget_id: one }), null,
    'prismiq_widget_spec: a metric is no picture');
  like(await read('prismiq_dashboard_page', { dashboard_id: board.id }), /^<!DOCTYPE html>/,
    'prismiq_dashboard_page: a page');
  like(await read('prismiq_widget_csv', { widget_id: one }), /^Number of flights,Sum of delay\r\n/,
    'prismiq_widget_csv: with labels');
  is((await read('prismiq_query_preview', { data: widget })).rows, wanted,
    "prismiq_query_preview: SQL's rows");
  is((await read('prismiq_widget_type_list')).some((t) => t.type === 'metric'), true,
    'prismiq_widget_type_list: has metric');
  is(await read('prismiq_broken'), [], 'prismiq_broken: nothing');
  is((await read('prismiq_dashboard_get_by_name', { name: 'E' })).id, board.id,
    'prismiq_dashboard_get_by_name');
  is(await read('prismiq_dashboard_default'), null, 'prismiq_dashboard_default: none');
  const exported = await read('prismiq_dashboard_export', { id: board.id });
  is(exported.format, 'prismiq.dashboard', 'prismiq_dashboard_export: a document');
  const copy = await post('prismiq_dashboard_import', { document: exported,
    options: { on_conflict: 'rename' } });
  is(copy.name, 'E (2)', 'prismiq_dashboard_import: under another name');
  const twin = await post('prismiq_dashboard_duplicate', { id: board.id });
  is(twin.name, 'E (3)', 'prismiq_dashboard_duplicate: under the next');
  is((await post('prismiq_widget_duplicate', { id: twin.widgets[0].id })).title, 'N',
    'prismiq_widget_duplicate: the same');
  for (const id of [board.id, copy.id, twin.id]) {
    await post('prismiq_pin_add', { resource_type: 'dashboard', resource_id: id });
  }
  await post('prismiq_pin_remove', { resource_type: 'dashboard', resource_id: twin.id });
  await post('prismiq_pin_reorder', { context: '', ids: [copy.id, board.id] });
  is((await read('prismiq_pin_list')).map((pin) => pin.resource_id), [copy.id, board.id],
    'prismiq_pin_list: in their order');
  await call(base, 'prismiq_dashboard_delete', { id: copy.id });
  await call(base, 'prismiq_dashboard_delete', { id: twin.id });
  await post('prismiq_saved_query_delete', { id: saved.id });
  is((await call(base, 'prismiq_saved_query_get', { id: saved.id })).status, 404,
    'prismiq_saved_query_delete: gone');
  await post('prismiq_dashboard_delete', { id: board.id });
  is((await call(base, 'prismiq_dashboard_get', { id: board.id })).status, 404,
    'prismiq_dashboard_delete: gone');

  // What writes is not served by GET, and what an administrator calls not at all.
  for (const f of functions()) {
    if (f.app) {
      ok(called.has(f.name), `${f.name} was called`);
    } else {
      const answer = await call(base, f.name, {}, { claims: user });
      ok([403, 404].includes(answer.status), `${f.name}: not for web_user`, answer.text);
    }
  }
});
