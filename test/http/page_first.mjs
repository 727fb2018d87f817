// The page of a dashboard behind a web server: what is in it is drawn without asking for it again,
// people without scripts have its tables, and nothing on it is against the policy.

import { call, is, like, ok, skipAll, sql, test, token, user } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM || !process.env.NGINX) skipAll('Chromium or nginx cannot be installed');

// A browser's page at an address, with the token as a cookie, as an application would set it.
async function visit({ address, chrome }, path, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1440, height: 900 },
    locale: 'en-US', ...options });
  await context.addCookies([{ name: 'prismiq_token', value: token(user), url: address }]);
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text());
  });
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.addInitScript(() => {
    window.events = [];
    addEventListener('prismiq-data', (event) => window.events.push({ type: event.type }));
    for (const name of ['ready', 'data', 'error']) {
      document.addEventListener(`prismiq-${name}`, (event) => window.events.push({ type: name,
        detail: event.detail }));
    }
  });
  const response = await page.goto(address + path);
  return { page, context, complaints, requests, response };
}

const asked = (requests) => requests.filter((path) => path.startsWith('/rpc/'));

test(async () => {
  const world = await site();
  makeServices();
  const board = await makeDashboard(world.base, operations());
  const path = `/page?id=${board.id}`;

  const { page, complaints, requests, response } = await visit(world, path);
  is(response.status(), 200, 'the page is there');
  like(response.headers()['content-type'], /^text\/html/, 'it is HTML');
  like(response.headers()['content-security-policy'],
    /^default-src 'self'; base-uri 'none'; form-action 'none'/, 'under a policy of its own');
  const dashboard = page.locator('prismiq-dashboard');
  await until(() => page.evaluate(() => window.events.some((one) => one.type === 'data')));
  is(await page.title(), board.name, 'it has the name of the dashboard');
  const titles = board.widgets.map((widget) => widget.title);
  for (const title of titles) {
    ok(await panel(page, title).isVisible(), `a panel: ${title}`);
  }
  ok(await until(async () => await page.evaluate(() => (
    document.querySelector('prismiq-dashboard').views.length)) > 2), 'charts are drawn');
  is(asked(requests), [], 'nothing that the page has is asked for again');
  is(await dashboard.evaluate((host) => [...host.children].every((child) => (
    child.getClientRects().length === 0))), true, 'the tables give way to the panels');

  // What is drawn is what would be without the page.
  const answers = (await call(world.base, 'prismiq_dashboard_data', { dashboard_id: board.id,
    options: { spec: true } })).body;
  const shown = await dashboard.evaluate((host) => host.cards().map((card) => [card.widget.id,
    JSON.parse(JSON.stringify(card.answer))]));
  for (const [id, answer] of shown) {
    const { title } = board.widgets.find((widget) => widget.id === id);
    const wanted = answers[id];
    is(answer.spec?.data, wanted.spec?.data, `${title}: the values of the picture`);
    if (answer.rows) is(answer.rows, wanted.rows, `${title}: the rows`);
    is(answer.status?.services, wanted.status?.services, `${title}: the services`);
    is(answer.text, wanted.text, `${title}: the text`);
    is(answer.metric, wanted.metric, `${title}: the metric`);
  }

  // From there on it is as any: the rows of a chart are asked for when they are needed.
  const bars = shown.find(([, answer]) => answer.type === 'bar_chart')[0];
  const barTitle = board.widgets.find((widget) => widget.id === bars).title;
  await panel(page, barTitle).getByRole('button', { name: 'Options' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Show as a table' }).click();
  ok(await until(() => panel(page, barTitle).locator('tbody tr').first().isVisible()),
    'a chart as a table');
  is(asked(requests), ['/rpc/prismiq_dashboard_data'], 'for which its rows are asked for');
  is(complaints, [], 'the browser has nothing against it');

  // A point of what was brought along, whose row is not there yet.
  const pointed = await visit(world, path);
  const plot = panel(pointed.page, 'Busiest destinations').getByRole('application');
  await until(() => plot.count());
  await plot.focus();
  await pointed.page.keyboard.press('ArrowRight');
  await pointed.page.keyboard.press('Enter');
  ok(await until(() => pointed.page.getByRole('menu').count()), 'a point has its menu');
  is(await pointed.page.getByRole('menu').locator('b').innerText(), 'Los Angeles', 'its own');
  await pointed.page.getByRole('menuitem', { name: 'Show the rows' }).click();
  ok(await until(async () => new RegExp(`${sql(`SELECT count(*) FROM public.flights
    JOIN public.airports ON iata = destination WHERE flights.state = 'CA'
    AND city = 'Los Angeles'`)} rows`).test(await pointed.page.getByRole('dialog').innerText())),
  'and its rows');

  // Without scripts.
  const plain = await visit(world, path, { javaScriptEnabled: false });
  is(await plain.page.locator('article').count(), board.widgets.length, 'without scripts: all');
  for (const title of titles.filter(Boolean)) {
    ok(await plain.page.getByRole('heading', { name: title, exact: true, level: 2 }).isVisible(),
      `without scripts: ${title}`);
  }
  ok(await plain.page.locator('article table tbody tr').count() > 10, 'without scripts: rows');
  is(plain.requests.filter((one) => /\.js$/.test(one)), [], 'without scripts: none are fetched');
  is(plain.complaints, [], 'without scripts: no complaint');

  // What the page was asked with holds for what it asks later: a filter by a point, a time zone.
  const slices = board.widgets.find((one) => one.type === 'pie_chart');
  const told = await call(world.base, 'prismiq_dashboard_page', { dashboard_id: board.id,
    options: { timezone: 'Asia/Tokyo', cross_filter: { [slices.id]: { origin: 'SFO' } } } },
  { headers: { Accept: 'text/html' } });
  const crossed = await world.chrome.newContext({ viewport: { width: 1440, height: 900 } });
  await crossed.addCookies([{ name: 'prismiq_token', value: token(user), url: world.address }]);
  const filtered = await crossed.newPage();
  await filtered.route('**/crossed', (route) => route.fulfill({ contentType: 'text/html',
    body: told.text }));
  await filtered.goto(`${world.address}/crossed`);
  const sfo = sql(`SELECT count(*) FROM public.flights WHERE state = 'CA' AND origin = 'SFO'
    AND departed_at >= '2001-06-01' AND departed_at < '2001-07-01'`);
  const value = panel(filtered, 'Flights').locator('.value');
  ok(await until(async () => (await value.innerText()) === sfo), 'a page is filtered by a point');
  is(await filtered.locator('.chip').innerText(), 'Airports of departure: SFO', 'says by which');
  const [asked_] = await Promise.all([filtered.waitForRequest(/dashboard_data/),
    filtered.evaluate(() => document.querySelector('prismiq-dashboard').refresh())]);
  is([asked_.postDataJSON().options.cross_filter, asked_.postDataJSON().options.timezone],
    [{ [slices.id]: { origin: 'SFO' } }, 'Asia/Tokyo'], 'and asks with it again');
  await filtered.getByRole('button', { name: /Remove the filter/ }).click();
  ok(await until(async () => (await value.innerText()) === '457'), 'until it is taken away');

  // The rows that a template is filled with are there once.
  const own = await makeDashboard(world.base, { name: 'Own', widgets: [{ type: 'custom_template',
    title: 'Airports', position: { x: 0, y: 0, w: 6, h: 4 }, query: {
      tables: [{ id: 'f', name: 'flights' }], columns: [{ table_id: 'f', column: 'origin' },
        { table_id: 'f', column: '*', aggregation: 'count', alias: 'n' }],
      order_by: [{ alias: 'n', direction: 'DESC' }], limit: 3 },
    config: { template: '{{#.}}<p>{{origin}}: {{n}}</p>{{/.}}' } }] });
  const filled = await visit(world, `/page?id=${own.id}`);
  ok(await until(() => filled.page.locator('.prose p').count()), 'a template is filled');
  is(await filled.page.locator('.prose p').first().innerText(), 'LAX: 777', 'with its rows');
  is([asked(filled.requests), (await filled.response.text()).match(/LAX/g).length], [[], 2],
    'which the page has, for people and for the module');

  // Nobody's page, and none of a dashboard that is not there.
  const nobody = await fetch(world.address + path);
  is([401, 403].includes(nobody.status), true, 'without a token there is no page');
  const gone = await visit(world, '/page?id=00000000-0000-4000-8000-000000000000');
  is(gone.response.status(), 404, 'a dashboard that is not there');
});
