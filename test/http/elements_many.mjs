// A dashboard of as many panels as there may be: all of them are drawn, in view or once scrolled
// to, and how long it took is told. Nothing is asserted of time: that depends on the machine.

import { is, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, open, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM || !process.env.NGINX) skipAll('Chromium or nginx cannot be installed');

const count = { table_id: 'f', column: '*', aggregation: 'count', alias: 'n' };
const delay = { table_id: 'f', column: 'delay', aggregation: 'avg', alias: 'late' };
const origin = { table_id: 'f', column: 'origin' };
const destination = { table_id: 'f', column: 'destination' };
const of = (columns, more = {}) => ({ tables: [{ id: 'f', name: 'flights' }], columns, ...more });
const by = (interval) => ({ time_series: { table_id: 'f', date_column: 'departed_at', interval } });

// One of each kind, with the size that it has; the same again, a year of them, fills a page.
const kinds = [
  ['line_chart', of([count], by('day'))], ['bar_chart', of([origin, count])],
  ['metric', of([count])], ['area_chart', of([delay], by('week'))],
  ['pie_chart', of([origin, count])], ['table', of([origin, destination, count], { limit: 50 })],
  ['heatmap', of([origin, destination, count], { limit: 60 })],
  ['scatter_chart', of([destination, count, delay])], ['kpi', of([delay])],
  ['line_chart', of([origin, count], by('month'))],
];

function many(panels, name) {
  return { name, widgets: Array.from({ length: panels }, (_, index) => {
    const [type, query] = kinds[index % kinds.length];
    return { type, title: `Panel ${index + 1}`, query,
      position: { x: (index % 3) * 4, y: Math.floor(index / 3) * 4, w: 4, h: 4 } };
  }) };
}

const charts = ({ widgets }) => widgets.filter(({ type }) => /chart|heatmap/.test(type)).length;

// When the page had its first chart, and when all that are in view, in ms from its start.
async function times(page, wanted) {
  const seen = await page.evaluate((all) => new Promise((done) => {
    let first = null;
    const look = () => {
      const drawn = window.shown.views.length;
      if (drawn > 0) first ??= performance.now();
      const last = performance.now();
      if (drawn >= all || last > 30000) done({ first, last, drawn });
      else setTimeout(look, 10);
    };
    look();
  }), wanted);
  is(seen.drawn, wanted, `${wanted} charts are drawn`);
  return seen;
}

test(async () => {
  const world = await site();

  const twenty = many(20, 'Twenty');
  const { id } = await makeDashboard(world.base, twenty);
  const first = await open(world, { attributes: { 'dashboard-id': id } },
    { viewport: { width: 1440, height: 2600 } });
  const { first: chart, last } = await times(first.page, charts(twenty));
  console.error(`# twenty panels: the first chart after ${Math.round(chart)} ms, all of them `
    + `after ${Math.round(last)} ms`);
  is(first.complaints, [], 'twenty panels: no complaint');

  const thirty = many(30, 'Thirty');
  const board = await makeDashboard(world.base, thirty);
  const { page, complaints } = await open(world, { attributes: { 'dashboard-id': board.id } });
  await loaded(page);
  is(await page.getByRole('region').count(), 30, 'thirty panels are there');
  const before = await page.evaluate(() => window.shown.views.length);
  ok(before < charts(thirty), 'charts that are out of view are not drawn');
  for (let step = 0; step < 12; step++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(100);
  }
  ok(await until(() => page.evaluate((all) => window.shown.views.length === all, charts(thirty))),
    'once they are scrolled to they are');
  is(await page.evaluate(() => window.events.filter((e) => e.type === 'error').length), 0,
    'none has failed');
  is(complaints, [], 'thirty panels: no complaint');

  // Nothing of what was shown before stays behind.
  const session = await page.context().newCDPSession(page);
  const refreshed = async (rounds) => {
    await page.evaluate(async ([wanted, all]) => {
      const pause = () => new Promise((done) => { setTimeout(done, 20); });
      for (let n = 0; n < wanted; n++) {
        await window.shown.refresh();
        while (window.shown.views.length < all) await pause();
      }
      window.events.length = 0;
    }, [rounds, charts(thirty)]);
    await page.waitForTimeout(300);
    for (let n = 0; n < 3; n++) await session.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    return { nodes, listeners: jsEventListeners,
      heap: (await session.send('Runtime.getHeapUsage')).usedSize };
  };
  const start = await refreshed(5);
  const end = await refreshed(10);
  // What is collected last may differ by a panel or two; ten times as much was shown.
  ok(end.nodes < start.nodes * 1.5 && end.listeners < start.listeners * 1.5,
    'ten refreshes: about as many nodes and listeners as before', [start, end]);
  ok(end.heap < start.heap * 1.3, 'and about as much memory', [start.heap, end.heap]);
});
