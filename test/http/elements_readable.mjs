// What is shown can be read: large numbers in small panels, many series, pages that are written
// from right to left, colours that a machine forces, the print of a dark page.

import { is, like, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const flights = [{ id: 'f', name: 'flights' }];
const column = (name, aggregation) => ({ table_id: 'f', column: name, aggregation });
const at = (x, y, w, h) => ({ position: { x, y, w, h } });
const months = { table_id: 'f', date_column: 'departed_at', interval: 'month' };

const widgets = [
  { type: 'metric', title: 'Euros', ...at(0, 0, 2, 2), query: { tables: flights,
    columns: [column('distance', 'sum')] }, config: { format: {
    type: 'currency', currency: 'EUR' } } },
  { type: 'gauge', title: 'Gauge', ...at(2, 0, 4, 4), config: { min: -20, max: 40, target: 5 },
    query: { tables: flights, columns: [column('delay', 'avg')] } },
  { type: 'metric', title: 'Course', ...at(6, 0, 6, 4), config: { sparkline: { interval: 'week' } },
    query: { tables: flights, columns: [column('*', 'count')] } },
  { type: 'bar_chart', title: 'Many', ...at(0, 6, 6, 6), query: { tables: flights,
    columns: [column('origin'), column('*', 'count')], time_series: months },
  config: { stacked: true } },
  { type: 'map', title: 'Nowhere', ...at(6, 6, 6, 6), query: { tables: flights, columns: [
    column('distance', 'avg'), column('delay', 'avg'), column('destination')] } },
  { type: 'line_chart', title: 'Marked', ...at(0, 12, 6, 6), query: { tables: flights,
    columns: [column('delay', 'avg')], time_series: months },
  config: { thresholds: [{ value: 5, label: 'late' }] } }];

test(async () => {
  const here = await site();
  makeServices();
  const { id } = await makeDashboard(here.base, { name: 'Readable', widgets });
  const board = await makeDashboard(here.base, operations());
  const view = async (which, given = {}, options = {}, before = () => {}) => {
    const opened = await open(here, { attributes: { 'dashboard-id': which, ...given } },
      { viewport: { width: 1440, height: 2300 }, ...options });
    await before(opened.page);
    await loaded(opened.page);
    const charts = await opened.page.evaluate(() => window.shown.cards().filter(({ answer }) => (
      answer?.spec)).length);
    await until(() => opened.page.evaluate((all) => window.shown.views.length === all, charts));
    return opened;
  };
  const box = (locator) => locator.evaluate((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const { left, right, width, height } = range.getBoundingClientRect();
    return { left, right, width, height };
  });

  const { page, complaints } = await view(id);

  // Numbers.
  const euros = panel(page, 'Euros').locator('.value');
  is(await euros.innerText(), '€2,199,955.00', 'a large number');
  ok((await box(euros)).right <= (await panel(page, 'Euros').boundingBox()).x
    + (await panel(page, 'Euros').boundingBox()).width - 15, 'is within its panel');
  const arc = await panel(page, 'Gauge').locator('.arc').boundingBox();
  ok(arc.width > 250 && arc.height > 100, 'a gauge with room is large', arc);
  const spark = await panel(page, 'Course').locator('.spark').boundingBox();
  ok(spark.width > 300 && spark.height > 80, 'and so is a course', spark);

  // Series.
  const colors = await panel(page, 'Many').locator('.legend path').evaluateAll((all) => (
    all.map((one) => getComputedStyle(one).stroke)));
  is([colors.length, new Set(colors).size], [13, 13], 'no two series have one colour');
  is(await panel(page, 'Many').locator('.mark-rect path').evaluateAll((all) => (
    new Set(all.map((one) => getComputedStyle(one).fill)).size)), 13, 'nor have their bars');
  const bytes = await page.evaluate(async () => {
    const card = window.shown.cards().find((one) => one.title === 'Many');
    const canvas = await card.view.toCanvas();
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Map();
    for (let n = 0; n < data.length; n += 4) {
      const key = data.slice(n, n + 4).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    return [...seen.values()].filter((count) => count > 60).length;
  });
  ok(bytes >= 13, 'nor as an image', bytes);

  // A map of numbers that are no places.
  ok(await panel(page, 'Nowhere').locator('tbody tr').count() > 10, 'no map: its rows');
  like(await panel(page, 'Nowhere').locator('.note').innerText(),
    /no column for longitude or latitude/, 'and why');
  is(complaints, [], 'the browser has nothing against it');
  await page.context().close();

  // What is said of a chart's axes is said in full.
  const desk = await view(board.id);
  is(await desk.page.evaluate(() => window.shown.cards().map(({ section }) => Math.round(
    section.querySelector('h3').getBoundingClientRect().left
      - section.getBoundingClientRect().left))), Array(16).fill(17), 'titles begin at one line');
  const texts = (page_, title) => panel(page_, title).locator('.chart svg text').allTextContents();
  like((await texts(desk.page, 'Flights by weekday and airport')).join(), /Sunday.*Saturday/,
    'days of the week have names');
  ok((await texts(desk.page, 'Where they go')).includes('120°W'), 'a map says where it is');
  await desk.page.context().close();
  const tablet = await view(board.id, {}, { viewport: { width: 768, height: 2300 } });
  const seen = await panel(tablet.page, 'Miles by month').locator('.role-axis-label text')
    .evaluateAll((all) => all.filter((one) => one.getAttribute('opacity') !== '0')
      .map((one) => one.textContent.slice(0, 3)));
  is(seen.filter((text) => /^[A-Z][a-z]/.test(text)), ['Jan', 'Mar', 'May'],
    'where there is no room every other month is left out');
  await tablet.page.context().close();

  // What is wrong can be read in the smallest panel, and tried again.
  const wrong = await view(id);
  await wrong.page.route('**/prismiq_dashboard_data', async (route) => {
    const response = await route.fetch();
    const answers = await response.json();
    await route.fulfill({ response, json: Object.fromEntries(Object.keys(answers).map((one) => (
      [one, { error: { code: null, sqlstate: '42703', hint: 'Choose another one.', errors: [],
        message: 'the column "delay" of "flights" is not there any more' } }]))) });
  });
  await wrong.page.evaluate(() => window.shown.refresh());
  await until(async () => await wrong.page.locator('.state.error').count() === widgets.length);
  is(await wrong.page.evaluate(() => window.shown.cards().flatMap(({ section, title }) => (
    [...section.querySelectorAll('.state.error button, .state.error svg')].filter((part) => {
      const [inner, outer] = [part, section].map((one) => one.getBoundingClientRect());
      return inner.bottom > outer.bottom - 4 || inner.right > outer.right - 4;
    }).map(() => title)))), [], 'a button to try again is within each panel');
  is(await panel(wrong.page, 'Euros').locator('b').innerText(),
    'The column "delay" of "flights" is not there any more', 'a message is a sentence');
  await wrong.page.context().close();

  // In the page's language: charts too, of which the database writes in English.
  const german = await view(board.id, { locale: 'de' });
  const axis = async (title) => (await texts(german.page, title)).join(' ');
  like(await axis('Miles by month'), /Jan.*Feb.*M\u00e4r.*Apr.*Mai.*Jun/, 'months');
  like(await axis('Distance and delay'), /1\.500/, 'groups of digits');
  for (const [title, wanted] of [['Miles by month', /^Januar 2001, Sum of distance 349\.765$/],
    ['Flights by week', /^Week of 0?1\.0?1\.2001, LAX 38, SFO 23/],
    ['Distance and delay', /^BFL, Average distance 109, Average delay 11,25$/]]) {
    await panel(german.page, title).getByRole('application').focus();
    await german.page.keyboard.press('ArrowRight');
    like(await german.page.evaluate(() => (
      window.shown.root.querySelector('[role=status].hidden').textContent)), wanted, title);
  }
  await german.page.context().close();

  // From right to left.
  const right = await view(board.id, {}, {}, (one) => one.evaluate(() => {
    document.documentElement.dir = 'rtl';
  }));
  const of = (title) => panel(right.page, title);
  for (const title of ['Busiest destinations', 'Distance and delay', 'Miles by month']) {
    const outer = await of(title).locator('.chart').boundingBox();
    const cut = await of(title).locator('.role-axis-label text').evaluateAll((all, limit) => (
      all.map((one) => one.getBoundingClientRect()).filter(({ width, left, right: end }) => (
        width > 0 && (left < limit.x - 1 || end > limit.x + limit.width + 1))).length), outer);
    is(cut, 0, `right to left: no label is cut: ${title}`);
  }
  const card = await of('Flights by week').boundingBox();
  ok(Math.abs((await box(of('Flights by week').locator('h3'))).right - card.x - card.width) < 20,
    'right to left: titles begin there');
  is(await of('Average delay').locator('.value').evaluate((one) => getComputedStyle(one).direction),
    'ltr', 'right to left: a number and its unit are in their order');
  ok((await box(of('Flights by weekday and airport').locator('.scale'))).width > 50
    && await of('Flights by weekday and airport').locator('.scale').evaluate((one) => (
      getComputedStyle(one).direction)) === 'ltr', 'right to left: a scale is from light to dark');
  await right.page.context().close();

  // Colours that the machine forces, which the page's own theme does not know.
  const forced = await view(board.id, { theme: 'light' }, { forcedColors: 'active',
    colorScheme: 'dark' });
  is(await panel(forced.page, 'Flights by week').locator('.role-axis-label text').first()
    .evaluate((one) => getComputedStyle(one).fill), 'rgb(255, 255, 255)',
  'forced colours: labels are as the text');
  await forced.page.context().close();

  // A dark page is printed in light colours, all of it.
  const dark = await view(id, { theme: 'dark' });
  await dark.page.emulateMedia({ media: 'print' });
  await dark.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const halo = await panel(dark.page, 'Marked').locator('.mark-text text').evaluateAll((all) => (
    all.map((one) => getComputedStyle(one).fill)));
  is(halo.slice(-2), ['rgb(255, 255, 255)', 'rgb(86, 96, 114)'],
    'print: labels, and what is behind them');
  const map = await view(board.id, { theme: 'dark' });
  await map.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  is(await panel(map.page, 'Where they go').locator('.mark-shape path').first().evaluate((one) => (
    getComputedStyle(one).stroke)), 'rgb(230, 233, 239)', 'print: the lines of a map');
});
