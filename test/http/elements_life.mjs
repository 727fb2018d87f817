// How an element lives in its page: tokens that expire, servers that fail or are slow, elements
// that are taken out and put in again, themes, refreshing, print.

import { is, like, ok, skipAll, sql, test, token, user } from '../lib/http.mjs';
import { loaded, makeDashboard, open, operations, panel, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const flights = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] };
const expired = token({ ...user, exp: 1000000000 });

test(async () => {
  const here = await site();
  sql(`CREATE VIEW public.slow AS SELECT 'CA'::text AS tenant, pg_sleep(2.5) IS NULL AS slept;
    GRANT SELECT ON public.slow TO web_user;
    SELECT FROM prismiq.prismiq_expose('public.slow', tenant_column => 'tenant')`);
  const { id } = await makeDashboard(here.base, operations((document) => {
    document.widgets = document.widgets.filter((one) => !/Services/.test(one.title));
  }));
  const number = async (page) => panel(page, 'Flights').locator('.value').innerText();

  // A token that has expired is renewed once, for all who wait.
  let { page, requests, complaints } = await open(here, { token: expired,
    fresh: token(user), attributes: { 'dashboard-id': id } });
  await loaded(page);
  is(await number(page), '457', 'a new token, and the answer');
  is(await page.evaluate(() => window.events.filter((e) => e.type === 'token').length), 1,
    'the application is asked for it once');
  is(complaints.filter((text) => !/401/.test(text)), [], 'and nothing else is said');

  // A token that is set later; none that is taken.
  ({ page } = await open(here, { token: null, attributes: { 'dashboard-id': id } },
    { claims: null }));
  ok(await until(() => page.getByText('You are signed out').count()),
    'without a token: what to do');
  await page.evaluate((fresh) => { window.shown.token = fresh; }, token(user));
  await loaded(page);
  is(await number(page), '457', 'a token that is set later');

  // What is not there, and what is another tenant's.
  ({ page } = await open(here, { attributes: { 'dashboard-id': id } },
    { claims: { ...user, tenant_id: 'TX' } }));
  ok(await until(() => page.getByText('This is not here').count()),
    "another tenant's dashboard is not there");

  // One that is slow, one that is broken; the rest does not wait for them.
  const mixed = await makeDashboard(here.base, { name: 'Mixed', widgets: [
    { type: 'metric', title: 'Quick', position: { x: 0, y: 0, w: 3, h: 2 }, query: flights },
    { type: 'metric', title: 'Slow', position: { x: 3, y: 0, w: 3, h: 2 }, query: {
      tables: [{ id: 's', name: 'slow' }], columns: [{ table_id: 's', column: 'slept' },
        { table_id: 's', column: '*', aggregation: 'count' }] } },
    { type: 'metric', title: 'Broken', position: { x: 6, y: 0, w: 3, h: 3 }, query: {
      tables: [{ id: 'f', name: 'flights' }], columns: [{ table_id: 'f', column: 'delay',
        aggregation: 'sum' }] } }] });
  sql('REVOKE SELECT ON public.flights FROM web_user');
  sql('GRANT SELECT (id, departed_at, distance, origin, destination, state) ON public.flights TO '
    + 'web_user');
  ({ page, requests, complaints } = await open(here, { attributes: { 'dashboard-id': mixed.id } }));
  const begun = Date.now();
  ok(await until(async () => /2,531/.test(await panel(page, 'Quick').innerText())),
    'the quick one is shown');
  ok(Date.now() - begun < 2400, 'before the slow one', Date.now() - begun);
  is(await panel(page, 'Slow').getAttribute('aria-busy'), 'true', 'which is waited for');
  ok(await until(async () => /delay/.test(await panel(page, 'Broken').innerText())),
    'the broken one says what is wrong');
  ok(await panel(page, 'Broken').getByRole('button', { name: 'Try again' }).isVisible(),
    'and can be tried again');
  ok(await until(async () => await panel(page, 'Slow').getAttribute('aria-busy') === null),
    'the slow one comes');
  sql('GRANT SELECT ON public.flights TO web_user');
  await panel(page, 'Broken').getByRole('button', { name: 'Try again' }).click();
  ok(await until(async () => /\d,\d{3}/.test(await panel(page, 'Broken').innerText())),
    'trying again, when it is mended');
  // It is remembered which one is slow.
  const before = requests.length;
  const times = await page.evaluate(() => window.events.filter((e) => e.type === 'data').length);
  await page.getByRole('button', { name: 'Refresh all panels' }).click();
  await loaded(page, times + 1);
  is(requests.slice(before).length, 2, 'then it is asked for by itself');
  is(complaints, [], 'nothing else');

  // What was answered in time is not asked for again.
  const questions = [];
  page.on('request', (request) => {
    if (/dashboard_data/.test(request.url())) {
      questions.push(request.postDataJSON().options.widgets);
    }
  });
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await loaded(page);
  is(mixed.widgets.map((one) => questions.filter((ids) => ids.includes(one.id)).length),
    [1, 2, 2], 'what was answered in time is not asked for again');
  is(await page.getByText(/too long|the time is over/).count(), 0, 'and nobody hears of it');

  // What is too much for one question is asked for one by one.
  ({ page } = await open(here, { attributes: { 'dashboard-id': id } }));
  await page.route('**/rpc/prismiq_dashboard_data', async (route) => {
    if (route.request().postDataJSON().options.widgets.length === 1) await route.continue();
    else {
      await route.fulfill({ status: 500, contentType: 'application/json',
        body: '{"code": "57014", "message": "the time is over"}' });
    }
  });
  await page.evaluate(() => window.shown.forget());
  await page.evaluate(() => window.shown.load());
  ok(await until(async () => await page.locator('.value').count() >= 4), 'one by one');
  is(await page.locator('.state.error').count(), 0, 'and none has failed');

  // A server that is gone, and comes back: what was shown stays.
  ({ page } = await open(here, { attributes: { 'dashboard-id': id, theme: 'light' } }));
  await loaded(page);
  await page.route('**/rpc/prismiq_dashboard_data', (route) => route.abort());
  await page.getByRole('button', { name: 'Refresh all panels' }).click();
  ok(await until(async () => /cannot be reached/.test(await page.locator('.updated').innerText())),
    'a server that is gone is told of');
  is(await number(page), '457', 'and what was shown stays');
  await page.unroute('**/rpc/prismiq_dashboard_data');
  await page.getByRole('button', { name: 'Refresh all panels' }).click();
  ok(await until(async () => /^Updated/.test(await page.locator('.updated').innerText())),
    'until it is back');

  // Out of the page and in again; nothing is left behind.
  await until(() => page.locator('.mark-line path').count());
  is(await page.evaluate(() => {
    const { shown } = window;
    const { views } = shown;
    shown.remove();
    return [views.length > 0, shown.views.length];
  }), [true, 0], 'taken out: its charts are ended');
  const data = await page.evaluate(() => window.events.filter((e) => e.type === 'data').length);
  await page.evaluate(() => window.document.querySelector('main').append(window.shown));
  await loaded(page, data + 1);
  is(await number(page), '457', 'and put in again');

  // Frameworks put an element in, take it out and put it in again at once, or in the middle.
  for (const [element, attributes] of [['prismiq-dashboard', { 'dashboard-id': id }],
    ['prismiq-widget', { 'widget-id': await page.evaluate(() => window.shown.dashboard.widgets
      .find((one) => one.title === 'Flights by week').id) }]]) {
    for (const wait of [0, 30, 200]) {
      const again = await open(here, { element, attributes });
      await again.page.evaluate(async (pause) => {
        window.shown.remove();
        window.document.querySelector('main').append(window.shown);
        await new Promise((done) => { setTimeout(done, pause); });
        window.shown.remove();
        window.document.querySelector('main').append(window.shown);
      }, wait);
      ok(await until(() => again.page.locator('.mark-line path').count()),
        `${element}, in and out and in after ${wait} ms`);
      is(again.complaints, [], 'and nothing is said against it');
      await again.context.close();
    }
  }

  // Themes: of the attribute, of the machine, of the tenant, of the page.
  const color = (name) => page.evaluate((property) => window.getComputedStyle(window.shown)
    .getPropertyValue(property).trim(), `--_${name}`);
  const stroke = () => page.locator('.mark-line path').first().getAttribute('stroke');
  await until(() => page.locator('.mark-line path').count());
  is([await color('page'), await stroke()], ['#f6f7f9', '#2563eb'], 'light');
  await page.evaluate(() => window.shown.setAttribute('theme', 'dark'));
  ok(await until(async () => await stroke() === '#6ea8fe'), 'dark: charts are drawn again');
  is(await color('page'), '#0d1117', 'and all else');
  // All that is drawn is in the colours of the theme, as if it had been drawn for it at first.
  const colors = async (of) => {
    const charts = () => of.evaluate(() => window.shown.cards().filter(({ view }) => view)
      .map(({ title, view }) => [title, [...new Set([...view.container().querySelectorAll('*')]
        .flatMap((one) => ['fill', 'stroke'].map((name) => one.getAttribute(name))))].sort()]));
    await of.setViewportSize({ width: 1440, height: 3000 });
    await until(async () => (await charts()).length === 7);
    return charts();
  };
  const fresh = await open(here, { attributes: { 'dashboard-id': id, theme: 'dark' } });
  await loaded(fresh.page);
  const wanted = await colors(fresh.page);
  ok(wanted.length === 7, 'there are charts', wanted);
  is(await colors(page), wanted, 'each chart as one that is drawn for dark pages');
  await fresh.context.close();
  await page.evaluate(() => window.shown.setAttribute('theme', 'auto'));
  ok(await until(async () => await stroke() === '#2563eb'), 'auto: as the machine is');
  await page.emulateMedia({ colorScheme: 'dark' });
  ok(await until(async () => await stroke() === '#6ea8fe'), 'and becomes');
  await page.emulateMedia({ colorScheme: 'light' });
  sql(`SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) \\g /dev/null
    SELECT prismiq.prismiq_schema_config_set('{"theme": {"accent": "#aa00aa",
      "colors": "#111111, rgb(1, 2, 3)", "dark_accent": "#ff00ff", "radius": "3px",
      "background": "url(https://evil.example/)", "font": "x; } * { display: none"},
      "currency": "EUR", "number": {"decimal": ",", "group": "."}}')`);
  ({ page, requests } = await open(here, { attributes: { 'dashboard-id': id, theme: 'light' } }));
  await loaded(page);
  is([await color('accent'), await color('series-1'), await color('series-2'),
    await color('radius'), await color('card')],
  ['#aa00aa', '#111111', 'rgb(1, 2, 3)', '3px', '#ffffff'], "the tenant's theme, where it is one");
  await until(() => page.locator('.mark-line path').count());
  is(await stroke(), '#111111', 'in charts too');
  is(requests.filter((url) => !url.startsWith(here.address)), [], 'and it loads nothing');
  like(await panel(page, 'Average delay').innerText(), /4,9/, 'and its separators');
  await page.evaluate(() => window.shown.style.setProperty('--prismiq-series-1', '#00ff00'));
  await page.evaluate(() => window.shown.redraw());
  ok(await until(async () => await stroke() === '#00ff00'), "the page's own go before them");
  sql(`SELECT prismiq.prismiq_set_context('CA', 'ann', '{admin}', false) \\g /dev/null
    SELECT prismiq.prismiq_schema_config_set('{}')`);

  // The locale
  ({ page } = await open(here, { attributes: { 'dashboard-id': id, locale: 'de' } }));
  await loaded(page);
  like(await panel(page, 'Average delay').innerText(), /4,9\smin/, 'numbers of the locale');
  like(await panel(page, 'Longest delays').innerText(), /28\.06\.2001, 13:59/, 'and its dates');

  // Refreshing by itself, while somebody looks.
  const timed = await makeDashboard(here.base, { name: 'Timed', refresh_interval: 5, widgets: [
    { type: 'metric', title: 'Flights', position: { x: 0, y: 0, w: 3, h: 2 }, query: flights }] });
  ({ page, requests } = await open(here, { attributes: { 'dashboard-id': timed.id } }));
  await page.clock.install();
  await page.reload();
  await page.clock.runFor(100);
  await loaded(page);
  const asked = () => requests.filter((url) => /dashboard_data/.test(url)).length;
  const first = asked();
  await page.clock.runFor(5100);
  ok(await until(() => asked() === first + 1), 'after its interval');
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  });
  await page.clock.runFor(30000);
  is(asked(), first + 1, 'not in a tab that nobody sees');
  await page.evaluate(() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  ok(await until(() => asked() === first + 2), 'but once somebody does');

  // Print: on the width of paper, in light colours.
  ({ page } = await open(here, { attributes: { 'dashboard-id': id, theme: 'dark' } }));
  await loaded(page);
  await until(() => page.locator('.mark-line path').count());
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  is(await page.evaluate(() => [window.shown.getBoundingClientRect().width,
    window.shown.dataset.mode]), [718, 'light'], 'for print');
  is(await stroke(), '#2563eb', 'charts too');
  ok(await page.evaluate(() => window.shown.views.every((view) => view.container()
    .querySelector('svg').getBoundingClientRect().width <= 690)), 'with its charts');
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  is([await page.evaluate(() => window.shown.dataset.mode), await stroke()], ['dark', '#6ea8fe'],
    'and afterwards as before');
});
