// Charts by keyboard alone: arrow keys go along the points of every kind of chart, each is shown
// and said, and Enter leads on from it.

import { is, like, ok, skipAll, sql, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const ours = "FROM public.flights WHERE state = 'CA'";

test(async () => {
  const here = await site();
  makeServices();
  const { id } = await makeDashboard(here.base, operations((document) => {
    document.widgets = document.widgets.filter((one) => /chart|map/.test(one.type));
    const { query } = document.widgets.find((one) => one.type === 'line_chart');
    document.widgets.push({ type: 'bar_chart', title: 'Bars by month', config: { max_series: 2 },
      position: { x: 0, y: 40, w: 12, h: 6 },
      query: { ...query, time_series: { ...query.time_series, interval: 'month' } } });
  }));
  const { page, complaints } = await open(here, { attributes: { 'dashboard-id': id } },
    { viewport: { width: 1440, height: 2600 } });
  await loaded(page);
  const plot = (title) => panel(page, title).getByRole('application');
  const said = () => page.evaluate(() => (
    window.shown.root.querySelector('[role=status].hidden').textContent));
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
    return said();
  };
  const enter = async (title) => {
    await until(() => plot(title).locator('svg').count());
    await plot(title).focus();
    return press('ArrowRight');
  };

  // One after the other, on a line of places.
  await until(() => plot('Miles by month').count());
  like(await plot('Miles by month').getAttribute('aria-label'),
    /^Miles by month, chart: arrow keys/, 'a chart says how it is used');
  const month = (n) => sql(`SELECT sum(distance) ${ours}
    AND date_trunc('month', departed_at) = '2001-0${n}-01'`);
  like(await enter('Miles by month'), /^Jan 2001, Sum of distance /, 'the first point is said');
  like(await press('ArrowRight'), /^Feb 2001/, 'and the next');
  like(await press('End'), /^Jun 2001/, 'the last');
  like(await press('ArrowRight'), /^Jun 2001/, 'after which there is none');
  like(await press('ArrowLeft'), /^May 2001/, 'back');
  like(await press('Home'), /^Jan 2001/, 'to the first');
  const tip = page.locator('.tip:popover-open');
  like(await tip.innerText(), new RegExp(`Sum of distance\\s+${(month(1) / 1000).toFixed(1)}K`),
    'it is shown as if a pointer were there');
  const [ring, chart] = [await panel(page, 'Miles by month').locator('.ring').boundingBox(),
    await plot('Miles by month').boundingBox()];
  ok(ring.x > chart.x && ring.x < chart.x + 80 && ring.height > 100, 'and marked in its place',
    ring);
  await press('Escape');
  is([await tip.count(), await panel(page, 'Miles by month').locator('.ring').isVisible()],
    [0, false], 'Escape takes both away');

  // Bars lie: down is the next.
  like(await enter('Busiest destinations'), /^Los Angeles, Number of flights 258$/, 'a bar');
  is(await press('ArrowDown'), 'Phoenix, Number of flights 199', 'the one below');
  is(await press('ArrowUp'), 'Los Angeles, Number of flights 258', 'the one above');

  // In two directions.
  const bars = (n, airport) => sql(`SELECT count(*) ${ours} AND origin = '${airport}'
    AND date_trunc('month', departed_at) = '2001-0${n}-01'`);
  is(await enter('Bars by month'), `Jan 2001, LAX ${bars(1, 'LAX')}`, 'a bar of a series');
  is(await press('ArrowRight'), `Feb 2001, LAX ${bars(2, 'LAX')}`, 'right: the next of the series');
  is(await press('ArrowDown'), `Feb 2001, SFO ${bars(2, 'SFO')}`, 'down: that of the next series');
  is(await enter('Flights by weekday and airport'), 'BUR, Sunday, Number of flights 13',
    'a cell');
  like(await press('ArrowRight'), /^FAT, Sunday, /, 'the next in its row');
  like(await press('ArrowDown'), /^FAT, Monday, /, 'the next in its column');

  for (const title of ['Airports of departure', 'Distance and delay', 'Where they go']) {
    const texts = new Set([await enter(title)]);
    for (let n = 0; n < 80; n++) texts.add(await press('ArrowRight'));
    is(texts.size, await page.evaluate((name) => window.shown.cards().find((card) => (
      card.title === name)).answer.spec.data.values.length, title), `each point of: ${title}`);
  }

  // Enter leads on, and the focus comes back.
  await enter('Airports of departure');
  await press('Home', 'Enter');
  await until(() => page.getByRole('menu').count());
  is(await page.getByRole('menu').locator('b').innerText(), 'LAX', 'Enter opens its menu');
  await press('Enter');
  ok(await until(async () => new RegExp(`${Number(sql(`SELECT count(*) ${ours}
    AND origin = 'LAX'`)).toLocaleString('en-US')} rows`).test(await page.getByRole('dialog')
    .innerText())), 'and the rows behind it');
  await press('Escape');
  is(await page.evaluate(() => window.shown.root.activeElement.getAttribute('aria-label')
    ?.split(',')[0]), 'Airports of departure', 'the focus is where it was');
  await press('End', 'Enter');
  is(await page.getByRole('menu').count(), 0, 'what is made of several groups has no menu');
  await plot('Miles by month').focus();
  is(await tip.count(), 0, 'a point is shown as long as its chart has the focus');

  // It stays through a refresh; in full screen it is said within the dialog.
  await enter('Flights by week');
  await page.evaluate(() => window.shown.refresh());
  await loaded(page, 2);
  await until(() => page.evaluate(() => window.shown.root.activeElement?.className === 'chart'));
  like(await press('ArrowRight'), /^Week of Jan 1, 2001, LAX 38, /, 'after a refresh too');
  await panel(page, 'Flights by week').getByRole('button', { name: 'Options' }).click();
  await page.getByRole('menuitem', { name: 'Full screen' }).click();
  await plot('Flights by week').focus();
  await press('ArrowRight');
  is(await page.evaluate(() => Boolean(window.shown.root.querySelector(
    'dialog [role=status].hidden')?.textContent)), true, 'full screen: said within the dialog');
  await press('Escape', 'Escape');
  await until(async () => !(await page.getByRole('dialog').count()));
  await page.evaluate(() => window.shown.say('still here'));
  is(await said(), 'still here', 'and after it without');
  is(complaints, [], 'the browser has nothing against it');
});
