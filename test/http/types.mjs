// docs/prismiq.d.ts: the compiler of TypeScript checks it against what a database answers and
// takes, a widget of each shape among it, and refuses what is none of it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { definitionsOf } from '../lib/corpus.mjs';
import { atEnd, database, is, ok, sql, test } from '../lib/http.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;
const tests = process.env.TEST_DIR;
const types = join(tests, '..', 'docs', 'prismiq.d.ts');

const flights = { tables: [{ id: 'f', name: 'flights' }] };
const count = { table_id: 'f', column: '*', aggregation: 'count', alias: 'n' };
const late = { table_id: 'f', column: 'delay', aggregation: 'avg', alias: 'late' };
const origin = { table_id: 'f', column: 'origin' };
const destination = { table_id: 'f', column: 'destination' };
const byMonth = { time_series: { table_id: 'f', date_column: 'departed_at', interval: 'month',
  range: { start: '2001-01-01', end: '2001-03-31' } } };
const top = { order_by: [{ alias: 'n', direction: 'DESC' }], limit: 5 };

// One of each shape, with all that its answer may hold.
const widgets = [
  { type: 'metric', query: { ...flights, columns: [count], ...byMonth },
    config: { thresholds: [{ value: 0, color: 'green', label: 'fine' }], target: 9, min: 0, max: 10,
      trend: { period: 'previous_month' }, sparkline: { interval: 'week' } } },
  { type: 'metric', query: { ...flights, columns: [count] } },
  { type: 'line_chart', query: { ...flights, columns: [origin, count], ...byMonth },
    config: { colors: { LAX: 'red' }, annotations: [{ value: 3, label: 'three', color: 'red' }] } },
  { type: 'bar_chart', query: { ...flights, columns: [origin, count, late], ...top } },
  { type: 'scatter_chart', query: { ...flights, columns: [origin, count, late], ...top } },
  { type: 'pie_chart', query: { ...flights, columns: [origin, count], ...top } },
  { type: 'heatmap', query: { ...flights, columns: [origin, destination, count], ...top } },
  { type: 'map', query: { tables: [{ id: 'a', name: 'airports' }], limit: 5,
    columns: ['longitude', 'latitude', 'city'].map((column) => ({ table_id: 'a', column })) } },
  { type: 'table', query: { ...flights, columns: [origin, count, late], ...top },
    config: { columns: [{ name: 'origin' }, { name: 'n', width: 90, align: 'left' }],
      default_sort: [{ alias: 'n', direction: 'DESC', nulls: 'last' }] } },
  { type: 'health_status', query: { ...flights, columns: [origin, count], ...top },
    config: { name: 'origin', value: 'n', status_mapping: [{ value: 1, label: 'one' }] } },
  { type: 'text', config: { content: '**text**' } },
  { type: 'custom_template', title: 'T' },
  { type: 'table', title: 'Without a query' },
];

const dashboard = { name: 'Of each', layout: { columns: 12 }, widgets,
  filters: [{ id: 'from', type: 'multi_select', label: 'From', field: 'origin', dynamic: true },
    { id: 'days', type: 'date_range', field: 'departed_at', date_preset: 'all_time' }] };

test(async () => {
  sql(`CREATE DATABASE ${database} TEMPLATE ${process.env.TEMPLATE}`, 'postgres');
  atEnd(() => sql(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres'));
  const quoted = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  const ask = (call) => JSON.parse(sql(`SET ROLE app_user; SET prismiq.tenant_id = 'CA';
    SET prismiq.user_id = 'ann'; SELECT prismiq.prismiq_${call}`));
  const folder = mkdtempSync(join(tmpdir(), 'prismiq-types.'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const statements = [];

  // The compiler's complaints, a line each.
  function compiled(name, lines) {
    writeFileSync(join(folder, 'prismiq.d.ts'), readFileSync(types));
    writeFileSync(join(folder, `${name}.ts`),
      `import type * as p from './prismiq.js';\n${lines.join('\n')}\n`);
    try {
      execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--noEmit', '--strict',
        '--module', 'nodenext', '--target', 'es2022', join(folder, `${name}.ts`)],
      { encoding: 'utf8', cwd: folder });
      return [];
    } catch (error) {
      return error.stdout.trim().split('\n');
    }
  }

  // Literals, so that a key that the type has not is a fault too.
  const holds = (type, value) => statements.push(
    `export const v${statements.length}: p.${type} = ${JSON.stringify(value)};`);

  const made = ask(`dashboard_create(${quoted(dashboard)})`);
  const answers = ask(`dashboard_data('${made.id}', '{}', '{"formatted": true}')`);
  const shapes = made.widgets.map(({ id }) => answers[id].shape ?? 'error');

  is([...new Set(shapes)].sort(),
    ['custom', 'error', 'metric', 'series', 'status', 'table', 'text'],
    'there is an answer of each shape');
  is(made.widgets.filter(({ id }) => !answers[id].shape).map(({ type }) => type),
    ['table'], 'and only one has none');
  holds('DashboardData', dashboard);
  holds('Dashboard', made);
  holds('DashboardAnswer', answers);
  for (const { id } of made.widgets) {
    if (answers[id].shape) holds('WidgetAnswer', ask(`widget_data('${id}')`));
    else holds('WidgetError', answers[id]);
  }
  const charts = made.widgets.filter(({ type }) => /chart|map/.test(type));
  is(charts.length, 6, 'charts have pictures');
  for (const { id } of charts) {
    holds('Picture', ask(`widget_spec('${id}', '{}', '{"spec": "dark"}')`));
  }
  holds('WidgetAnswer', ask(`widget_data('${charts[0].id}', '{}', '{"spec": true}')`));
  const options = { formatted: true, spec: 'light', sort: [{ alias: 'n', direction: 'DESC',
    nulls: 'last' }],
    page: 1, page_size: 2, count: 'exact', bigint: 'string', timezone: 'UTC', max_rows: 50 };
  const bars = made.widgets.find(({ type }) => type === 'bar_chart');
  holds('WidgetOptions', options);
  holds('WidgetAnswer', ask(`widget_data('${bars.id}', '{}', ${quoted(options)})`));
  holds('DrillAnswer', ask(`widget_drill('${bars.id}', '{"origin": "LAX"}')`));
  holds('DashboardExport', ask(`dashboard_export('${made.id}')`));
  holds('FilterOptions', ask(`filter_options('${made.id}', 'from')`));
  const query = { ...flights, columns: [origin, count], ...byMonth };
  for (const format of ['arrays', 'objects', 'columnar']) {
    holds('QueryAnswer', ask(`query(${quoted(query)},
      '{"format": "${format}", "count": "exact", "page": 1, "metadata": true}')`));
  }
  holds('Verdict', ask(`validate('{"tables": [], "colums": []}')`));
  is(compiled('answers', statements), [], 'what a database answers has the types');

  const schema = JSON.parse(sql('SELECT prismiq.prismiq_definition_schema()'));
  const fits = new Ajv({ allowUnionTypes: true, strictRequired: false, strictTypes: false })
    .compile(schema);
  const good = definitionsOf([tests, join(tests, '..', 'docs')],
    Object.keys(schema.$defs.query.properties)).filter((one) => fits(one));
  ok(good.length >= 300, 'there are definitions', `${good.length}`);
  is(compiled('definitions', good.map((one, i) => (
    `export const v${i}: p.Definition = ${JSON.stringify(one)};`))), [],
  'definitions have the type');

  // The elements, as a page of TypeScript has them.
  const element = [`const shown = document.querySelector('prismiq-dashboard')!;`,
    `shown.token = 'x'; shown.filters = { region: ['north'], days: null };`,
    `shown.addEventListener('prismiq-token', (e) => e.detail.respond(Promise.resolve('y')));`,
    `shown.addEventListener('prismiq-point', ({ detail }) => detail.point.origin);`,
    `shown.addEventListener('click', (event) => event.clientX);`,
    `shown.refresh().then(() => shown.dashboard?.widgets[0].title);`,
    `document.createElement('prismiq-widget').setAttribute('widget-id', 'z');`,
    `const all: HTMLElement[] = [shown, document.createElement('prismiq-filter-bar')];`,
    'export const made: [p.PrismiqDashboard, HTMLElement[]] = [shown, all];'];
  is(compiled('elements', element), [], 'the elements have their types');
  const faulty = [`shown.token = 7;`, `shown.dashboard = null;`,
    `shown.addEventListener('prismiq-point', ({ detail }) => detail.nothing);`];
  is(compiled('faulty', [element[0], ...faulty, 'export {};'])
    .filter((line) => /error TS/.test(line)).map((line) => Number(/\((\d+),/.exec(line)[1]) - 3),
  faulty.map((_, i) => i), 'and no others');

  const wrong = [['Definition', { ...query, colums: [] }], ['Definition', { tables: [] }],
    ['Definition', { ...query, filters: [{ table_id: 'f', column: 'origin', operator: 'in',
      value: 'LAX' }] }],
    ['Definition', { ...query, columns: [{ ...count, aggregation: 'total' }] }],
    ['DashboardData', { title: 'no name' }], ['QueryOptions', { format: 'csv' }],
    ['WidgetAnswer', { ...ask(`widget_data('${made.widgets[0].id}')`), shape: 'pie' }]];
  is(compiled('wrong', wrong.map(([type, value], i) => (
    `export const v${i}: p.${type} = ${JSON.stringify(value)};`)))
    .filter((line) => /error TS/.test(line)).map((line) => Number(/\((\d+),/.exec(line)[1]) - 2),
  wrong.map((_, i) => i), 'what is wrong is refused, each');
});
