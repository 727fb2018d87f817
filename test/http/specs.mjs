// Pictures (prismiq_widget_spec and the option "spec"): each kind as it was thought of, and random
// answers with hostile texts, all held to Vega-Lite's schema and drawn, and their marks counted
// against the data of the answer.
//
//   PICTURES=2000 SEED=7     how many random ones, and where random numbers begin

import { random } from '../lib/corpus.mjs';
import { atEnd, database, is, ok, sql, test } from '../lib/http.mjs';
import { compiled, counted, drawn, misfit, misplaced } from '../lib/pictures.mjs';

const pictures = Number(process.env.PICTURES ?? 500);
const seed = Number(process.env.SEED ?? 42);

// In each text that a user could have written; it stands nowhere in what is ours.
const marker = '\u2622';
const hostile = ['</script><script>alert(1)</script>', '{{constructor.constructor("x")()}}',
  'javascript:alert(1)', 'it\'s "quoted"', '\\', 'a\\" + alert(1) + "', '\u2028\u2029', 'a\nb\tc',
  'datum.x', '__proto__', 'toString', '\u{1F6A2}\u{1F468}\u200D\u{1F469}',
  '\u0645\u0631\u062D\u0628\u0627',
  '\u202Eabc', `${'long '.repeat(60)}end`, 'a.b[0]', '%Y %B', 'url(#x)', '<b>bold</b>', '&amp;', '']
  .map((text) => text + marker).concat('__proto__', 'constructor', 'valueOf', 'null', '');

const quoted = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
const tables = [{ id: 't', name: 'drawn' }];
const column = (name, aggregation, alias) => ({ table_id: 't', column: name,
  ...(aggregation && { aggregation }), ...(alias && { alias }) });
const where = (bunch) => [{ table_id: 't', column: 'bunch', operator: 'eq', value: bunch }];
const series = (interval, more) => ({ table_id: 't', date_column: 'at', interval, ...more });

// ---- what should be drawn ---------------------------------------------------

const isNumber = (value) => typeof value === 'number' && Math.abs(value) <= 1e300;
const isTime = (axis) => axis && /^(date|timestamp)/.test(axis.type);
const isNumeric = (axis) => axis
  && /^(integer|bigint|numeric|double|real|smallint)/.test(axis.type);
const isPlainTime = (value) => /^\d{4}-\d\d-\d\d(?!.*BC)/.test(value ?? '');
const clockOf = (value) => `${value.length === 10 ? `${value}T00:00:00` : value
  .replace(/[+-]\d\d:\d\d(:\d\d)?$/, '')}Z`;

// Has a value a place on an axis?  "each": there every value stands for itself.
function isPlaced(axis, value, each = false) {
  if (isTime(axis)) return isPlainTime(value);
  return isNumeric(axis) && !each ? isNumber(value) : true;
}

function sum(lists, count) {
  return lists.map(count).reduce((a, b) => a + b, 0);
}

// The marks of an answer: {kind of mark: how many}, none where nothing can be seen.
function expected(answer, config) {
  const { type, series: shape } = answer;
  const bars = type === 'bar_chart';
  const each = bars || type === 'heatmap';

  if (type === 'pie_chart') {
    return { arc: shape.slices.filter(({ value }) => isNumber(value) && value > 0).length };
  }
  if (type === 'heatmap') {
    return { rect: shape.cells.filter(([i, j, value]) => isNumber(value)
      && isPlaced(shape.x, shape.x?.values[i], each)
      && isPlaced(shape.y, shape.y?.values[j], each)).length };
  }
  if (type === 'scatter_chart' || type === 'map') {
    const [x, y] = type === 'map' ? [180, 90] : [1e300, 1e300];
    return { symbol: sum(shape.series, ({ points }) => points.filter((point) => shape.x && shape.y
      && isPlaced(shape.x, point[0]) && isPlaced(shape.y, point[1])
      && (type !== 'map' || (Math.abs(point[0]) <= x && Math.abs(point[1]) <= y))).length) };
  }
  const placed = shape.series.map(({ points }) => points.map(([x, y]) => (
    [isPlaced(shape.x, x, each), isPlaced(shape.x, x, each) && isNumber(y)])));
  const seen = sum(placed, (points) => points.filter(([, value]) => value).length);
  if (bars || seen === 0) return { rect: seen };
  const line = sum(placed, (points) => points.filter(([place]) => place).length);
  const areas = config.fill ?? type === 'area_chart';
  const stacked = areas && config.stacked;
  const alone = sum(placed, (points) => points.filter(([, value], i) => value
    && !points[i - 1]?.[1] && !points[i + 1]?.[1]).length);
  const symbol = stacked && alone < seen ? 0 : alone;
  return { line, ...(areas && { area: line }), ...(symbol > 0 && { symbol }) };
}

// The marks of data that were drawn; rules, spans and labels of the config have none.
function drawnOf(items) {
  return counted(items.filter(({ item }) => item.datum
    && ('series' in item.datum || typeof item.datum.color === 'number')));
}

// All that is wrong with an answer's picture.
async function faults(answer, config, options) {
  const { spec } = answer;
  const wanted = expected(answer, config);
  const any = Object.values(wanted).some((n) => n > 0);

  if (!any || spec === null) {
    return any || spec !== null ? [`${spec} for ${JSON.stringify(wanted)}`] : [];
  }
  const wrong = [misfit(spec), ...misplaced(compiled(spec), marker)];
  const { said, items, svg } = await drawn(spec, options);
  const got = drawnOf(items);
  // Where areas lie on each other, Vega-Lite adds what is missing.
  const same = Object.entries({ ...wanted, ...got }).every(([kind]) => (
    config.stacked && wanted.area ? got[kind] >= wanted[kind] : got[kind] === wanted[kind]));
  wrong.push(...said);
  if (!same) wrong.push(`${JSON.stringify(got)} drawn of ${JSON.stringify(wanted)}`);
  if (svg !== null && /<(script|b|a)\b|\shref=/.test(svg)) wrong.push('markup in the picture');
  wrong.push(...falseNames(answer), ...falsePlaces(answer));
  return wrong.filter(Boolean);
}

// Series have the answer's labels, in its order.
function falseNames({ type, series: shape, spec }) {
  const labels = spec.usermeta.prismiq.fields.series?.values.map(({ label }) => label);
  const all = (shape.series ?? shape.slices ?? []).filter(({ value }) => type !== 'pie_chart'
    || (isNumber(value) && value > 0)).map(({ label }) => label);

  return type === 'heatmap' || JSON.stringify(labels) === JSON.stringify(all) ? []
    : [`${JSON.stringify(labels)} are called ${JSON.stringify(all)}`];
}

// Times stand where the clock of the answer shows them.
function falsePlaces({ type, series: shape, spec }) {
  if (!isTime(shape.x) || !shape.series || type === 'map') return [];
  const clocks = new Set(shape.series.flatMap(({ points }) => points).map(([x]) => x)
    .filter(isPlainTime).map(clockOf));
  return spec.data.values.filter(({ x }) => !clocks.has(x))
    .map(({ x }) => `${x} is no time of the answer`).slice(0, 1);
}

// ---- random widgets ---------------------------------------------------------

function widgetOf(next) {
  const pick = (list) => list[Math.floor(next() * list.length)];
  const chance = (share) => next() < share;
  const type = pick(['line_chart', 'area_chart', 'bar_chart', 'timeseries', 'pie_chart',
    'scatter_chart', 'map', 'heatmap']);
  const bunch = chance(0.02) ? 5 : pick([0, 1, 2, 3, 4, 4]);
  const measure = (alias) => column(pick(['v', 'f', 'n']), pick(['sum', 'avg', 'min', 'max',
    'count', 'count_distinct']), alias);
  const text = () => pick(hostile);
  const raw = bunch === 5;
  const query = { tables, filters: where(bunch), columns: [] };
  const config = {};

  if (type === 'map') {
    query.columns = [column('lon'), column('lat'), column('name'), ...chance(0.5)
      ? [column('v', 'sum')] : []];
  } else if (type === 'scatter_chart') {
    query.columns = raw ? [column('n'), column('f'), column('name')]
      : [column(pick(['name', 'kind'])), measure('a'), measure('b'), ...chance(0.5)
        ? [measure('c')] : []];
  } else if (type === 'heatmap') {
    query.columns = [column('kind'), ...chance(0.5) ? [column('name')] : [], measure('a')];
    if (query.columns.length === 2) query.time_series = series(pick(['month', 'quarter']));
  } else if (raw) {
    query.columns = [column('ts'), column('v')];
  } else {
    query.columns = [...chance(0.5) ? [column(pick(['name', 'kind', 'n', 'sold']))] : [],
      measure('a'), ...chance(0.3) ? [measure('b')] : []];
    if (chance(0.6)) {
      query.time_series = series(pick(['day', 'week', 'month', 'quarter', 'year', '6 hours']),
        { fill_missing: chance(0.5), ...chance(0.3) && { fill: 'null' } });
      if (query.time_series.interval === '6 hours') query.time_series.fill_missing = false;
    } else {
      query.columns.unshift(column(pick(['name', 'kind', 'n', 'day', 'ts'])));
    }
    const names = query.columns.map((one) => one.alias ?? one.column);
    query.columns = query.columns.filter((one, i) => names.indexOf(names[i]) === i);
  }
  if (chance(0.3)) config.stacked = chance(0.7);
  if (chance(0.2)) config.fill = chance(0.5);
  if (chance(0.3)) config.orientation = pick(['horizontal', 'vertical']);
  if (chance(0.2)) config.y_range = pick([[0, 100], [null, 50], [-1000, null], [0.1, 0.2]]);
  if (chance(0.3)) config.y_label = text();
  if (chance(0.4)) config.max_series = pick([1, 3, 50]);
  if (chance(0.3)) config.max_slices = pick([1, 3, 50]);
  if (chance(0.2)) config.colors = pick([['red', '#0af', 'hsl(120 50% 50%)'], { a: 'blue' }]);
  if (chance(0.2)) config.format = pick(['percent', 'ratio', 'bytes', 'duration', 'duration_ms',
    'compact', 'currency', { type: 'number', decimals: 3, prefix: text().slice(0, 40) }]);
  if (chance(0.2)) config.labels = { [pick(hostile)]: text(), true: text() };
  if (chance(0.3)) {
    config.annotations = [{ value: 5, label: text(), color: 'red' }, { value: '2024-03-01' },
      { from: 1, to: 3, label: text() }, { from: '2024-02', to: '2024-04-01T10:30' },
      { value: pick(hostile), label: text() }, { value: '2024-02-30' }];
  }
  if (chance(0.2)) {
    config.thresholds = [{ value: 1, label: text() }, { value: 7e10, color: '#fff' }];
  }
  if (type !== 'map' && chance(0.2)) config.series = 'kind';
  return { widget: { type, query, config, ...chance(0.8) && { title: text() } },
    options: { spec: pick([true, 'light', 'dark']), max_rows: 6000,
      timezone: pick(['UTC', 'America/New_York', 'Asia/Kathmandu']) },
    tenant: pick(['plain', 'themed']) };
}

const setUp = `
CREATE TABLE public.drawn (tenant text, bunch int, at timestamptz NOT NULL, ts timestamp, day date,
  name text, kind text, n int, v numeric, f float8, sold boolean, lon float8, lat float8);
GRANT SELECT ON public.drawn TO app_user;
SELECT prismiq.prismiq_expose('public.drawn', tenant_column => 'tenant');
SELECT setseed(0.42);
CREATE TEMP TABLE texts AS SELECT n, t FROM jsonb_array_elements_text(${quoted(hostile)})
  WITH ORDINALITY AS u (t, n);
INSERT INTO public.drawn
SELECT tenant, bunch, '2023-12-20'::timestamptz + random() * interval '400 days',
  CASE WHEN i % 97 = 0 THEN 'infinity' WHEN i % 89 = 0 THEN '0044-03-15 BC'
    WHEN i % 83 = 0 THEN NULL ELSE '2024-01-01'::timestamp + i * interval '37 minutes' END,
  CASE WHEN i % 7 = 0 THEN '-infinity' ELSE '2024-01-01'::date + i % 30 END,
  CASE WHEN i % 11 > 0 THEN (SELECT t FROM texts WHERE n = 1 + i % 26) || i % 50 END,
  CASE WHEN i % 5 > 0 THEN (SELECT t FROM texts WHERE n = 17 + i % 8) END,
  CASE WHEN i % 3 > 0 THEN (random() * 40)::int END,
  CASE i % 13 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN '1e350' WHEN 3 THEN 'Infinity'
    WHEN 4 THEN 1e-9 WHEN 5 THEN -5e11 ELSE (random() * 1000)::numeric(9, 3) END,
  CASE i % 17 WHEN 0 THEN 'NaN' WHEN 1 THEN '-Infinity' WHEN 2 THEN 1e140 ELSE random() - 0.3 END,
  i % 4 = 0, CASE i % 19 WHEN 0 THEN NULL WHEN 1 THEN 200 ELSE random() * 360 - 180 END,
  CASE i % 23 WHEN 0 THEN 'NaN' WHEN 1 THEN 91 ELSE random() * 180 - 90 END
FROM unnest('{plain,themed}'::text[]) AS tenant,
  (VALUES (1, 1), (2, 3), (3, 60), (4, 600), (5, 5000)) AS b (bunch, count),
  generate_series(5, count + 4) AS i;
CREATE FUNCTION public.ask(tenant text, widget jsonb, options jsonb) RETURNS json LANGUAGE plpgsql
AS $f$
BEGIN
  PERFORM set_config('prismiq.tenant_id', tenant, false);
  RETURN prismiq.prismiq_query_preview(widget, '{}', options);
EXCEPTION WHEN OTHERS THEN
  RETURN json_build_object('failed', SQLERRM);
END $f$;`;

// A theme of which everything that is no color and no font is to be left out.
const theme = { accent: '#123456', colors: '#010203, rgb(4, 5, 6) , hsl(7 8% 9%)', text: 'red;x',
  dark_colors: `#fff, ${hostile[0]}`, background: 'url(//evil.example/x)', grid: '#abcdef',
  font: 'x; background: url(//evil.example/x)', dark_text: '#eee', axis: hostile[5] };

test(async () => {
  sql(`CREATE DATABASE ${database} TEMPLATE ${process.env.TEMPLATE}`, 'postgres');
  atEnd(() => sql(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres'));
  sql(setUp);
  const begin = `SET ROLE app_user; SET prismiq.user_id = 'ann'; SET prismiq.roles = 'admin';
    SET prismiq.tenant_id = 'themed'; SET search_path = prismiq, public;\n`;
  sql(`${begin} SELECT prismiq_schema_config_set(${quoted({ theme, currency: 'EUR',
    number: { decimal: ',', group: '.' } })})`);
  const ask = (cases) => sql(begin + cases.map(({ tenant, widget, options }) => (
    `SELECT public.ask('${tenant}', ${quoted(widget)}, ${quoted(options)});`)).join('\n'))
    .split('\n').map((line) => JSON.parse(line));
  const one = (type, query, config = {}, options = { spec: true }, tenant = 'plain') => (
    ask([{ tenant, widget: { type, title: 'T', query, config }, options }])[0]);

  // Each kind, by numbers that were counted by hand.
  const months = { tables, filters: where(4), columns: [column('sold'), column('*', 'count', 'n')],
    time_series: series('month', { range: { start: '2024-01-01', end: '2024-06-30' } }) };
  const kinds = { tables, filters: where(4), columns: [column('kind'), column('*', 'count', 'n')] };
  const fixed = [
    ['line_chart', months, {}, { line: 12, rule: 6 }],
    ['timeseries', months, {}, { line: 12, rule: 6 }],
    ['area_chart', months, { stacked: true }, { area: 12, line: 12, rule: 6 }],
    ['line_chart', months, { fill: true, annotations: [{ value: 3, label: 'three' }] },
      { area: 12, line: 12, rule: 7, text: 2 }],
    ['line_chart', months, { annotations: [{ from: '2024-02-01', to: '2024-03-01', label: 'S' }] },
      { line: 12, rule: 6, rect: 1, text: 2 }],
    ['area_chart', { ...months, time_series: series('year', { range: { start: '2024-01-01',
      end: '2024-12-31' } }) }, { stacked: true }, { area: 2, line: 2, symbol: 2, rule: 1 }],
    ['bar_chart', months, {}, { rect: 12 }],
    ['bar_chart', months, { stacked: true }, { rect: 12 }],
    ['bar_chart', months, { orientation: 'horizontal', thresholds: [{ value: 9 }] },
      { rect: 12, rule: 1, text: 2 }],
    ['bar_chart', { ...kinds, columns: [kinds.columns[1]] }, {}, { rect: 1 }],
    ['pie_chart', kinds, { max_slices: 3 }, { arc: 4 }],
    ['pie_chart', kinds, { max_slices: 9 }, { arc: 9 }],
    ['heatmap', { ...months, columns: [column('kind'), column('*', 'count', 'n')] }, {},
      { rect: 54 }],
    ['scatter_chart', { ...kinds, columns: [column('kind'), column('n', 'avg'),
      column('*', 'count')] }, {}, { symbol: 9 }],
    // Lines of 130 to 70 degrees west and 30 to 50 degrees north, every 10.
    ['map', { tables: [{ id: 't', name: 'airports' }], columns: [column('longitude'),
      column('latitude'), column('city')], filters: [{ table_id: 't', column: 'iata',
      operator: 'in', value: ['LAX', 'SFO', 'JFK'] }] }, {}, { shape: 10, symbol: 3, text: 7 }],
  ];
  for (const [type, query, config, wanted] of fixed) {
    const answer = one(type, query, config);
    const name = `${type} ${JSON.stringify(config)}`;

    if (answer.failed || !answer.spec) { ok(false, name, answer); continue; }
    const { said, items } = await drawn(answer.spec);
    is([misfit(answer.spec), ...said].filter(Boolean), [], `${name}: nothing to complain of`);
    is(counted(items), wanted, `${name}: marks`);
  }

  // What the checks above are worth: each finds what it is for.
  const line = one('line_chart', months).spec;
  ok(misfit({ ...line, width: 'all' }), 'the schema refuses what is no specification');
  ok(misfit({ ...line, usermeta: 1 }), 'to the last member');
  const titled = (title) => ({ ...line, layer: [{ mark: { type: 'bar', tooltip: true },
    encoding: { ...line.layer[0].encoding, x: { ...line.layer[0].encoding.x, title } } }] });
  is(misplaced(compiled(line), marker), [], 'no text is in an expression');
  ok(misplaced(compiled(titled(marker)), marker).some((place) => /signal/.test(place)),
    'where the title of a field would be');
  ok(/Expression parse error/.test(await drawn(titled('\\')).then(() => 'drawn',
    (error) => error.message)), 'and break out of it');
  ok((await drawn({ ...line, data: { values: [] } })).said.some((words) => /Infinite extent/
    .test(words)), 'warnings are heard');

  // Random ones.
  const next = random(seed);
  const cases = Array.from({ length: pictures }, () => widgetOf(next));
  const wrong = [];
  const seen = {};
  for (let from = 0; from < cases.length; from += 50) {
    const some = cases.slice(from, from + 50);
    for (const [i, answer] of ask(some).entries()) {
      const { widget } = some[i];
      const type = widget.type === 'timeseries' ? 'line_chart' : widget.type;
      const found = answer.failed ? [answer.failed]
        : await faults({ ...answer, type }, widget.config, { svg: i % 10 === 0 })
          .catch((error) => [error.message]);
      const kind = answer.spec ? widget.type : 'none';

      seen[kind] = (seen[kind] ?? 0) + 1;
      if (found.length) wrong.push([from + i, found.slice(0, 3), some[i]]);
    }
  }
  is(wrong.slice(0, 5), [], `${pictures} random pictures, SEED ${seed}`);
  is(wrong.length, 0, 'none of them is wrong');
  ok(pictures < 200 || Object.keys(seen).length === 9 && Object.values(seen).every((n) => n > 9),
    'of each kind, and some that are none', seen);
});
