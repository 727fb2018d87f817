// A dashboard of every type of widget in a browser, under a policy that allows nothing but this
// host: each panel shows what SQL says, and nothing else is asked for.

import { is, like, ok, skipAll, sql, test, token, user } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const ours = "FROM public.flights WHERE state = 'CA'";

test(async () => {
  const here = await site();
  makeServices();
  const { id } = await makeDashboard(here.base, operations());
  const { page, complaints, requests } = await open(here,
    { attributes: { 'dashboard-id': id, theme: 'light' } });
  await loaded(page);

  const text = (title) => panel(page, title).innerText();
  is(await page.getByRole('heading', { level: 2 }).innerText(), 'Operations', 'the title');
  is(await page.getByRole('region').count(), 16, 'a region for each widget');

  like(await text('Flights'), new RegExp(`^Flights\\s+${sql(`SELECT count(*) ${ours}
    AND departed_at >= '2001-06-01' AND departed_at < '2001-07-01'`)}\\s`), 'a number');
  like(await text('Flights'), /▲\s+up\s+4\.6% vs\. previous month/, 'what it was before');
  like(await text('Average delay'), /4\.9\smin[^]*▼\s+down\s+17\.5%[^]*On time/,
    'a number with unit, decimals and status');
  like(await text('Late flights'), /20\.2%[^]*above target[^]*Target 15%/, 'a gauge');
  is(await panel(page, 'Late flights').locator('svg.arc path').count(), 3, 'with its picture');
  like(await text('Cancelled'), /no data/, 'no number is not nought');
  is(await panel(page, 'Flights').locator('svg.spark').count(), 1, 'a sparkline');

  const line = panel(page, 'Flights by week');
  ok(await until(() => line.locator('svg .mark-line path').count()), 'a line chart is drawn');
  is(await line.locator('.mark-line path').count(), 5, 'with four lines and that of the rest');
  is((await line.getByRole('list', { name: 'Legend' }).innerText()).split(/\n+/),
    [...sql(`SELECT origin ${ours} GROUP BY 1 ORDER BY count(*) DESC LIMIT 4`).split('\n'),
      'Other'], 'and a legend, largest first');
  const bars = panel(page, 'Busiest destinations');
  ok(await until(() => bars.locator('.mark-rect path').count()), 'a bar chart is drawn');
  is(await bars.locator('.mark-rect path').count(), 8, 'with eight bars');

  is((await panel(page, 'Longest delays').locator('tbody tr').first().innerText()).split('\t'),
    ['Jun 28, 2001, 1:59 PM', 'LAX', 'STL', '1,592', '305\u00a0min'], 'the first row of a table');
  is(sql(`SELECT departed_at, origin, destination, distance, delay ${ours}
    ORDER BY delay DESC LIMIT 1`), '2001-06-28 13:59:00|LAX|STL|1592|305', 'is that of SQL');
  like(await text('Longest delays'), new RegExp(`1–10 of ${
    Number(sql(`SELECT count(*) ${ours}`)).toLocaleString('en-US')}`), 'of so many');
  is((await panel(page, 'Services').getByRole('listitem').allInnerTexts())
    .map((item) => item.split(/\n+/).slice(0, 2)),
  [['Check-in', 'Operational'], ['Baggage', 'Degraded'], ['Boarding', 'Operational'],
    ['Fuel', 'Down']], 'a status list');
  is(await panel(page, 'About').locator('strong, em, li, a').allInnerTexts(),
    ['150th', 'Times are local', 'A negative delay is an early departure', 'early',
      'Bureau of Transportation Statistics'], 'text out of Markdown');
  like(await text('Diversions'), /No data[^]*There are no rows yet\./, 'an empty chart says so');
  is(await panel(page, 'Summary').locator('.prose b').innerText(), 'here', 'a template');
  like(await page.locator('.updated').innerText(), /^Updated \d+:\d\d/, 'the time of the data');

  is(complaints, [], 'the browser has nothing against it');
  is([...new Set(requests.map((url) => new URL(url).origin))], [here.address],
    'and asked no other host');
  const asked = requests.map((url) => new URL(url).pathname);
  is(asked.filter((path) => path.startsWith('/rpc/')).sort(),
    ['/rpc/prismiq_dashboard_data', '/rpc/prismiq_dashboard_get', '/rpc/prismiq_schema_config'],
    'one question for the dashboard, one for all of its data, one for the theme');
  is(asked.filter((path) => path.startsWith('/assets/')).sort(), ['/assets/marked.js',
    '/assets/mustache.js', '/assets/prismiq.css', '/assets/prismiq.js', '/assets/purify.js',
    '/assets/vega.js'], 'and each library once');

  // A policy that is stricter still: nothing but what is named, and no text becomes markup.
  const strict = await here.chrome.newContext({ viewport: { width: 1440, height: 900 } });
  await strict.route('**/dashboard.html', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
      + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
      + 'trusted-types dompurify' } });
  });
  const held = await strict.newPage();
  const against = [];
  held.on('pageerror', (error) => against.push(String(error)));
  held.on('console', (one) => { if (one.type() === 'error') against.push(one.text()); });
  await held.addInitScript((value) => { window.given = value; }, { token: token(user),
    attributes: { 'dashboard-id': id } });
  await held.goto(`${here.address}/dashboard.html`);
  await loaded(held);
  await held.evaluate(() => window.shown.cards().forEach((card) => card.enter()));
  ok(await until(() => held.evaluate(() => window.shown.views.length === 7
    && window.shown.root.querySelectorAll('.prose').length === 2)), 'all under a stricter policy');
  is(against, [], 'which has nothing against it');

  // A library is loaded when it is needed.
  const small = await makeDashboard(here.base, operations((document) => {
    document.name = 'Small';
    document.widgets = document.widgets.slice(0, 2);
  }));
  const other = await open(here, { attributes: { 'dashboard-id': small.id } });
  await loaded(other.page);
  is(other.requests.filter((url) => /assets\/(?!prismiq)/.test(url)), [],
    'numbers need no library');
});
