// What can be done with a panel in a browser: options, downloads, full screen, tables that sort and
// page, points and the rows behind them, what goes from one panel or dashboard to another.

import { readFileSync } from 'node:fs';
import { is, like, ok, skipAll, sql, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const ours = "FROM public.flights WHERE state = 'CA'";

test(async () => {
  const here = await site();
  makeServices();
  const target = await makeDashboard(here.base, { name: 'Target', filters: [
    { id: 'city', type: 'select', label: 'City', field: 'city', dynamic: true }],
  widgets: [{ type: 'text', title: 'There', config: { content: 'arrived' } }] });
  const { id } = await makeDashboard(here.base, operations((document) => {
    document.widgets.find((one) => one.title === 'Busiest destinations').config.click = {
      dashboard_id: target.id, filters: { city: 'city' } };
  }));
  const { page, complaints } = await open(here, { attributes: { 'dashboard-id': id } });
  await loaded(page);
  const option = async (title, name) => {
    await panel(page, title).getByRole('button', { name: 'Options' }).click();
    await page.getByRole('menu').getByRole(/table|point/.test(name) ? 'menuitemcheckbox'
      : 'menuitem', { name }).click();
  };
  const download = async (title, name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), option(title, name)]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const rows = (title) => panel(page, title).locator('tbody tr');
  const drawn = (title) => until(() => panel(page, title).locator('.chart svg').count());

  // A table sorts and pages in the database.
  const table = 'Longest delays';
  const first = async () => (await rows(table).first().innerText()).split('\t');
  await panel(page, table).getByRole('button', { name: 'Next page' }).click();
  ok(await until(async () => (await first())[4] !== '305\u00a0min'), 'another page');
  is((await first())[4], `${sql(`SELECT delay ${ours} ORDER BY delay DESC OFFSET 10 LIMIT 1`)
  }\u00a0min`, 'has the rows after the first ten');
  is(await panel(page, table).locator('.pager span').first().innerText(), '11–20 of 2,531',
    'and says so');
  await panel(page, table).getByRole('button', { name: 'Delay' }).click();
  ok(await until(async () => (await first())[4] === `\u2212${Math.abs(sql(`SELECT min(delay)
    ${ours}`))}\u00a0min`), 'the other order, from the first page');
  is(await panel(page, table).getByRole('columnheader', { name: 'Delay' })
    .getAttribute('aria-sort'), 'ascending', 'the head says how');
  is(await page.evaluate(() => window.shown.root.activeElement?.textContent), 'Delay',
    'the focus stays');

  // A chart as a table, as a file, as an image.
  const bars = 'Flights by week';
  await drawn(bars);
  await option(bars, 'Show as a table');
  is(await rows(bars).count(), 100, 'a chart as a table, a hundred rows of it');
  await panel(page, bars).getByRole('button', { name: 'Number of flights' }).click();
  is((await rows(bars).first().innerText()).split('\t')[2], sql(`SELECT max(n) FROM (SELECT count(*)
    n ${ours} GROUP BY origin, date_trunc('week', departed_at)) w`), 'the most of it first');
  await option(bars, 'Show as a table');
  ok(await drawn(bars), 'and as a chart again');
  const csv = await download(bars, 'Download as CSV');
  is(csv.name, 'Flights by week.csv', 'a file is called like the panel');
  is(csv.bytes.toString('utf8').split('\r\n')[0], '\ufeffDeparted at,Origin,Number of flights',
    'CSV with labels');
  is(csv.bytes.toString('utf8').trim().split('\r\n').length - 1, await page.evaluate(() => (
    window.shown.cards().find((card) => card.title === 'Flights by week').answer.row_count)),
  'and all rows');
  const image = await download(bars, 'Download as an image');
  is([image.name, image.bytes.subarray(1, 4).toString()], ['Flights by week.png', 'PNG'],
    'an image');
  ok(image.bytes.readUInt32BE(16) > 1000 && image.bytes.length > 20000, 'of some size');

  // Every panel is an image, as it is seen: a number, rows, a list, a text.
  const colorsOf = (bytes) => page.evaluate(async (list) => {
    const drawn = await createImageBitmap(new Blob([Uint8Array.from(list)]));
    const canvas = new OffscreenCanvas(drawn.width, drawn.height);
    const context = canvas.getContext('2d');
    context.drawImage(drawn, 0, 0);
    const { data } = context.getImageData(0, 0, drawn.width, drawn.height);
    const seen = {};
    for (let n = 0; n < data.length; n += 4) {
      const color = data.slice(n, n + 3).join();
      seen[color] = (seen[color] ?? 0) + 1;
    }
    return { width: drawn.width, height: drawn.height, seen };
  }, [...bytes]);
  for (const [title, wanted] of [['Flights', ['27,36,48', '37,99,235', '10,107,61']],
    ['Longest delays', ['27,36,48', '86,96,114', '230,233,239']],
    ['Services', ['27,36,48', '10,107,61', '138,90,0', '179,38,30']],
    ['About', ['27,36,48', '37,99,235']],
    ['Flights by week', ['37,99,235', '203,130,41', '10,101,86', '204,28,106', '27,36,48']]]) {
    const { width, height } = await panel(page, title).boundingBox();
    const { bytes } = await download(title, 'Download as an image');
    const drawn_ = await colorsOf(bytes);
    is([drawn_.width, drawn_.height], [Math.round(width * 2), Math.round(height * 2)],
      `an image of: ${title}`);
    is(wanted.filter((color) => !(drawn_.seen[color] > 20)), [],
      `with all that it shows: ${title}`);
  }

  // A series is left out and shown again, by its name in the legend.
  const series = () => panel(page, bars).locator('.mark-line path').count();
  is(await series(), 5, 'five lines');
  const sfo = panel(page, bars).getByRole('list').getByRole('button', { name: 'SFO' });
  await sfo.click();
  ok(await until(async () => await series() === 4), 'one is left out');
  is([await sfo.getAttribute('aria-pressed'), await page.evaluate(() => (
    window.shown.root.activeElement.textContent))], ['false', 'SFO'], 'which the legend says');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  ok(await until(async () => await series() === 3), 'another by keyboard');
  await panel(page, bars).locator('.chart').hover();
  ok(await until(async () => /SAN/.test(await page.locator('.tip:popover-open').innerText())
    && !/SFO/.test(await page.locator('.tip:popover-open').innerText())), 'nor does a tooltip');
  for (const name of ['SAN', 'SJC', 'Other']) {
    await panel(page, bars).getByRole('list').getByRole('button', { name }).click();
  }
  ok(await until(async () => await series() === 5), 'where none would be left all are shown');

  // Every point of what is in buckets.
  const asked = page.waitForRequest((request) => /dashboard_data/.test(request.url()));
  await option(bars, 'Show every point');
  is((await asked).postDataJSON().options.disable_aggregation, true, 'every point is asked for');
  ok(await until(async () => /Every point/.test(await panel(page, bars).innerText())),
    'and the panel says that it shows them');
  await option(bars, 'Show every point');
  ok(await until(async () => !/Every point/.test(await panel(page, bars).innerText())), 'or not');

  // Full screen
  await drawn(bars);
  const small = await panel(page, bars).boundingBox();
  await option(bars, 'Full screen');
  const large = await page.getByRole('dialog').getByRole('region').boundingBox();
  ok(large.width > small.width * 1.3 && large.height > small.height * 1.3, 'a panel is larger');
  ok(await until(async () => (await page.getByRole('dialog').locator('.chart svg')
    .boundingBox()).width > small.width * 1.2), 'and so is its chart');
  await page.keyboard.press('Escape');
  ok(await until(async () => (await panel(page, bars).boundingBox()).width === small.width),
    'Escape leads back');
  await option(bars, 'Full screen');
  await page.getByRole('button', { name: 'Close full screen' }).click();
  ok(await until(async () => (await panel(page, bars).boundingBox()).width === small.width),
    'and so does a button');

  // The rows behind a number, a bar of a table, a point of a chart.
  await panel(page, 'Late flights').getByRole('button', { name: /20\.2%/ }).click();
  ok(await until(async () => /2,531 rows/.test(await page.getByRole('dialog').innerText())),
    'the rows behind a number');
  is(await page.getByRole('dialog').locator('tbody tr').count(), 50, 'fifty at a time');
  is(await page.getByRole('dialog').getByRole('columnheader').allInnerTexts(),
    ['Departed at', 'Origin', 'Destination', 'Delay'], 'with the columns that the config says');
  await page.getByRole('dialog').getByRole('button', { name: 'Delay' }).click();
  ok(await until(async () => (await page.getByRole('dialog').locator('tbody tr').first()
    .innerText()).endsWith('305')), 'in the order that is wanted');
  await page.getByRole('dialog').getByRole('button', { name: 'Next page' }).click();
  ok(await until(async () => /51–100 of 2,531/.test(await page.getByRole('dialog').innerText())),
    'page by page');
  await page.keyboard.press('Escape');
  is(await page.getByRole('dialog').count(), 0, 'Escape closes them');
  is(await page.evaluate(() => window.shown.root.activeElement?.textContent), '20.2%',
    'and leads back to the number');

  await option('Airports of departure', 'Show as a table');
  await until(() => rows('Airports of departure').count());
  await panel(page, 'Airports of departure').getByRole('button', { name: 'SFO' }).click();
  is(await page.getByRole('menu').locator('b').innerText(), 'SFO', 'a menu for the point');
  is(await page.getByRole('menu').locator('button svg').evaluateAll((all) => all.map((one) => (
    [Math.round(one.getBoundingClientRect().width), getComputedStyle(one).backgroundImage]))),
  [[16, 'none'], [16, 'none']], 'with its icons');
  await page.getByRole('menuitem', { name: 'Show the rows' }).click();
  ok(await until(async () => new RegExp(`${sql(`SELECT count(*) ${ours} AND origin = 'SFO'`)} rows`)
    .test(await page.getByRole('dialog').innerText())), 'the rows behind a row');
  await page.getByRole('button', { name: 'Close' }).click();

  const chart = await panel(page, bars).locator('.chart').boundingBox();
  const here_ = { position: { x: chart.width / 2, y: chart.height / 2 } };
  await panel(page, bars).locator('.chart').hover(here_);
  ok(await until(() => page.locator('.tip:popover-open').count()), 'a tooltip');
  like(await page.locator('.tip:popover-open').innerText(), /^Week of \w+ \d+, 2001\s+LAX\s+\d+\s/,
    'with the time and all series');
  await panel(page, bars).locator('.chart').click(here_);
  is(await page.evaluate(() => Object.keys(window.events.findLast((e) => e.type === 'point')
    .detail.point)[0]), 'departed_at_bucket', 'the application is told of the point');
  const week = await page.getByRole('menu').locator('b').innerText();
  await page.getByRole('menuitem', { name: 'Show the rows' }).click();
  like(week, /^Week of \w+ \d+, 2001$/, 'is called as the tooltip says');
  const of = sql(`SELECT count(*) ${ours} AND date_trunc('week', departed_at) = '${week
    .replace('Week of ', '')}'`);
  ok(await until(async () => new RegExp(`^${of} rows`, 'm')
    .test(await page.getByRole('dialog').innerText())), 'the rows behind a point', week);
  await page.keyboard.press('Escape');

  // The point of a mark of each kind.
  const point = () => page.evaluate(() => (
    window.events.findLast((e) => e.type === 'point').detail.point));
  for (const [title, mark, index, wanted] of [
    ['Distance and delay', 'symbol', 0, null], ['Where they go', 'symbol', 0, null],
    ['Flights by weekday and airport', 'rect', 0, { origin: 'BUR', weekday: 0 }]]) {
    await drawn(title);
    const all = panel(page, title).locator(`.mark-${mark} path`);
    await all.nth(index).click({ force: true });
    ok(await until(() => page.getByRole('menu').count()), `a mark of: ${title}`);
    const answer = await page.evaluate((name) => window.shown.cards().find((card) => (
      card.title === name)).answer, title);
    const found = await point();
    ok(answer.rows.some((row) => Object.entries(found).every(([name, value]) => (
      row[answer.columns.findIndex((column) => column.name === name)] === value))),
    `is a point of the answer: ${title}`, found);
    if (wanted) is(found, wanted, `that of the first mark: ${title}`);
    await page.keyboard.press('Escape');
  }

  // The application may forbid it.
  await page.evaluate(() => {
    window.answer = (event) => event.type === 'prismiq-point' && event.preventDefault();
  });
  await panel(page, 'Airports of departure').getByRole('button', { name: 'SFO' }).click();
  is(await page.getByRole('menuitem').count(), 0, 'or do something else');
  await page.evaluate(() => { window.answer = null; });

  // A point filters the other panels.
  await panel(page, 'Airports of departure').getByRole('button', { name: 'SFO' }).click();
  await page.getByRole('menuitem', { name: 'Filter the other panels' }).click();
  const wanted = sql(`SELECT count(*) ${ours} AND origin = 'SFO'
    AND departed_at >= '2001-06-01' AND departed_at < '2001-07-01'`);
  ok(await until(async () => (await panel(page, 'Flights').locator('.value').innerText())
    === wanted), 'a point of one panel filters the others');
  ok(await rows('Airports of departure').count() > 5, 'but not its own');
  like(await page.locator('.chip').innerText(), /Airports of departure: SFO/, 'it is shown');
  await page.getByRole('button', { name: /Remove the filter/ }).click();
  ok(await until(async () => (await panel(page, 'Flights').locator('.value').innerText())
    === '457'), 'and can be taken away');

  // A point leads to another dashboard and back, to what was filtered there.
  const lax = sql(`SELECT count(*) ${ours} AND origin = 'LAX'
    AND departed_at >= '2001-06-01' AND departed_at < '2001-07-01'`);
  await panel(page, 'Airports of departure').getByRole('button', { name: 'LAX' }).click();
  await page.getByRole('menuitem', { name: 'Filter the other panels' }).click();
  await until(async () => (await panel(page, 'Flights').locator('.value').innerText()) === lax);
  await option('Busiest destinations', 'Show as a table');
  await panel(page, 'Busiest destinations').getByRole('button', { name: 'Phoenix' }).click();
  ok(await until(async () => (await page.getByRole('heading', { level: 2 }).innerText())
    === 'Target'), 'a point leads to another dashboard');
  is(await page.evaluate(() => window.shown.filters), { city: 'Phoenix' }, 'with its value');
  is(await page.getByRole('button', { name: /^City/ }).innerText(), 'Phoenix', 'in the filter');
  await page.getByRole('button', { name: 'Back' }).click();
  ok(await until(async () => (await page.getByRole('heading', { level: 2 }).innerText())
    === 'Operations'), 'and back');
  is(await page.locator('.chip').innerText(), 'Airports of departure: LAX', 'filtered as before');
  ok(await until(async () => (await panel(page, 'Flights').locator('.value').innerText())
    === lax), 'in fact');

  // A point may lead to the same dashboard.
  await page.evaluate(() => {
    const card = window.shown.cards().find((one) => one.title === 'Airports of departure');
    window.shown.follow({ ...card, config: { click: { dashboard_id: window.shown.dashboard.id,
      filters: { from: 'origin' } } } }, { origin: 'SJC' });
  });
  ok(await until(async () => (await panel(page, 'Flights').locator('.value').innerText())
    === sql(`SELECT count(*) ${ours} AND origin = 'SJC' AND departed_at >= '2001-06-01'
      AND departed_at < '2001-07-01'`)), 'a point leads to the same dashboard, with its value');
  await page.getByRole('button', { name: 'Back' }).click();
  ok(await until(async () => (await panel(page, 'Flights').locator('.value').innerText())
    === lax), 'and back');
  is(complaints, [], 'the browser has nothing against it');
});
