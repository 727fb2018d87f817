// Every kind of chart in a browser: as many marks as SQL has groups, and under the pointer the
// value that SQL has for what it is on.

import { is, like, ok, skipAll, sql, test } from '../lib/http.mjs';
import { loaded, makeDashboard, open, panel, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM || !process.env.NGINX) skipAll('Chromium or nginx cannot be installed');

const f = (column, more = {}) => ({ table_id: 'f', column, ...more });
const count = f('*', { aggregation: 'count', alias: 'n' });
const miles = f('distance', { aggregation: 'avg', alias: 'miles' });
const airports = { tables: [{ id: 'f', name: 'flights' }, { id: 'a', name: 'airports' }],
  joins: [{ from_table_id: 'f', from_column: 'destination', to_table_id: 'a',
    to_column: 'iata' }] };
const flights = { tables: [{ id: 'f', name: 'flights' }] };
const monthly = { time_series: { table_id: 'f', date_column: 'departed_at', interval: 'month' } };
const from = "FROM public.flights WHERE state = 'CA'";
const by = (text) => Number(sql(`SELECT count(*) FROM (SELECT ${text} ${from} GROUP BY 1) g`));

// A chart: its query; the marks, how many there are; what SQL says to what the tip is headed by.
const kinds = [
  { type: 'line_chart', query: { ...flights, columns: [count], ...monthly }, marks: '.mark-line',
    wanted: () => 1, said: (label) => `SELECT count(*) ${from}
      AND to_char(departed_at, 'FMMon YYYY') = '${label}'` },
  { type: 'timeseries', query: { ...flights, columns: [count], ...monthly }, marks: '.mark-line',
    wanted: () => 1, said: (label) => `SELECT count(*) ${from}
      AND to_char(departed_at, 'FMMon YYYY') = '${label}'` },
  { type: 'area_chart', query: { ...flights, columns: [count], ...monthly }, marks: '.mark-area',
    wanted: () => 1, said: (label) => `SELECT count(*) ${from}
      AND to_char(departed_at, 'FMMon YYYY') = '${label}'` },
  { type: 'bar_chart', query: { ...flights, columns: [f('origin'), count] },
    marks: '.mark-rect', wanted: () => by('origin'),
    said: (label) => `SELECT count(*) ${from} AND origin = '${label}'` },
  { type: 'pie_chart', query: { ...flights, columns: [f('origin'), count],
    order_by: [{ alias: 'n', direction: 'DESC' }], limit: 5 }, marks: '.mark-arc',
    wanted: () => 5, said: (label) => `SELECT count(*) ${from} AND origin = '${label}'` },
  { type: 'heatmap', query: { ...flights, columns: [f('origin'), f('destination'), count] },
    marks: '.mark-rect', wanted: () => by("origin || ' ' || destination"),
    said: (label) => `SELECT count(*) ${from}
      AND origin || ', ' || destination = '${label}'` },
  { type: 'scatter_chart', query: { ...flights, columns: [f('destination'), miles, count] },
    marks: '.mark-symbol', wanted: () => by('destination'),
    said: (label) => `SELECT count(*) ${from} AND destination = '${label}'` },
  { type: 'map', query: { ...airports, columns: [{ table_id: 'a', column: 'iata' },
    { table_id: 'a', column: 'longitude' }, { table_id: 'a', column: 'latitude' }, count] },
    marks: '.mark-symbol', wanted: () => by('destination'),
    said: (label) => `SELECT count(*) ${from} AND destination = '${label}'` },
];

test(async () => {
  const world = await site();
  const { id } = await makeDashboard(world.base, { name: 'Kinds', widgets: kinds.map(
    ({ type, query }, index) => ({ type, title: type, query, position: { x: (index % 2) * 6,
      y: Math.floor(index / 2) * 6, w: 6, h: 6 } })) });
  const { page, complaints } = await open(world, { attributes: { 'dashboard-id': id } },
    { viewport: { width: 1440, height: 1500 } });
  await loaded(page);
  const tip = page.locator('.tip:popover-open');
  for (const { type, marks, wanted, said } of kinds) {
    const chart = panel(page, type);
    const drawn = chart.locator(`svg ${marks}.role-mark path`);
    ok(await until(() => drawn.count()), `${type}: it is drawn`);
    is(await drawn.count(), wanted(), `${type}: as many marks as SQL has groups`);

    // Onto the largest mark; where there is one alone, the middle of it.
    const boxes = await Promise.all((await drawn.all()).map((mark) => mark.boundingBox()));
    const area = ({ width, height }) => width * height;
    const box = boxes.reduce((a, b) => (area(b) > area(a) ? b : a));
    await page.mouse.move(box.x + box.width / 2 + (type === 'pie_chart' ? box.width / 4 : 0),
      box.y + box.height / 2, { steps: 3 });
    ok(await until(() => tip.count()), `${type}: the pointer is told something`);
    const [label, ...rest] = (await tip.innerText()).split('\n').map((one) => one.trim())
      .filter(Boolean);
    like(rest.join(' '), new RegExp(`(^|\\D)${Number(sql(said(label)))
      .toLocaleString('en-US')}(\\D|$)`), `${type}: of ${label} what SQL says`);
    await page.mouse.move(5, 5);
  }
  is(complaints, [], 'no complaint');
});
