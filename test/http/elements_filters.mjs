// Filters in a browser: each of the six types by mouse and keyboard, what is asked of the database
// meanwhile, and that each panel then shows what SQL says.

import { is, like, ok, skipAll, sql, test, user } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const count = (where = 'true') => Number(sql(`SELECT count(*) FROM public.flights f
  JOIN public.airports a ON a.iata = f.destination WHERE f.state = 'CA' AND ${where}`))
  .toLocaleString('en-US');

// A dashboard of one number, over both tables, with the filters of operations.json.
const document = operations((all) => {
  const { filters } = all;
  return { name: 'Filtered', filters, widgets: [
    { type: 'metric', title: 'Number',
      position: { x: 0, y: 0, w: 3, h: 2 },
      query: { tables: [{ id: 'f', name: 'flights' }, { id: 'a', name: 'airports' }],
        joins: [{ from_table_id: 'f', from_column: 'destination', to_table_id: 'a',
          to_column: 'iata' }],
        columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] } },
    { type: 'text', title: 'Text', position: { x: 3, y: 0, w: 3, h: 2 },
      config: { content: 'A text' } }] };
});

test(async () => {
  const here = await site();
  makeServices();
  const { id, widgets } = await makeDashboard(here.base, document);
  const { page, complaints, requests } = await open(here, { attributes: { 'dashboard-id': id } });
  await loaded(page);
  const bar = page.locator('prismiq-filter-bar');
  const value = async () => (await panel(page, 'Number').locator('.value').innerText());
  const shows = async (where, what) => {
    const wanted = count(where);
    await until(async () => await value() === wanted);
    is(await value(), wanted, what);
  };
  const values = () => page.evaluate(() => window.shown.filters);

  await shows('true', 'without a filter');
  is(await bar.locator('.field > :first-child').allInnerTexts(),
    ['Days', 'From', 'To', 'Miles', 'City', 'Code'], 'each filter has its label');
  is(await bar.getByRole('button', { name: 'Clear' }).isVisible(), false, 'nothing to clear');

  // Several values, searched, by keyboard alone.
  const from = bar.getByRole('button', { name: /^From/ });
  await from.focus();
  await page.keyboard.press('Enter');
  const options = () => bar.getByRole('option').allInnerTexts();
  await until(async () => (await options()).length > 0);
  is((await options()).slice(0, 3).map((text) => text.split(/\s+/)),
    sql(`SELECT origin, count(*) FROM public.flights WHERE state = 'CA' GROUP BY 1
      ORDER BY 2 DESC LIMIT 3`).split('\n').map((row) => row.split('|')),
    'the values with most rows are first');
  is(await from.getAttribute('aria-expanded'), 'true', 'the button says that it is open');
  await page.keyboard.type('sj');
  await until(async () => (await options()).length === 1);
  is((await options()).map((text) => text.split(/\s+/)[0]), ['SJC'], 'typing searches');
  await page.keyboard.press('Enter');
  is(await bar.getByRole('option').getAttribute('aria-selected'), 'true', 'Enter chooses');
  await shows("origin = 'SJC'", 'one value');
  for (let n = 0; n < 2; n++) await page.keyboard.press('Backspace');
  await until(async () => (await options()).length > 5);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await shows("origin IN ('SJC', 'LAX')", 'two values');
  is(await page.evaluate(() => window.shown.root.querySelector('prismiq-filter-bar').root
    .activeElement?.getAttribute('aria-haspopup')), 'dialog', 'Escape leads back to the button');
  is(await from.innerText(), 'SJC, LAX', 'the button says what is chosen');
  is(await values(), { from: ['SJC', 'LAX'] }, 'and so does the property');

  // Under the other filters: what is offered is what leads to rows.
  const to = bar.getByRole('button', { name: /^To/ });
  await to.click();
  is(await options(), ['Phoenix', 'Las Vegas'], 'values that the filter lists');
  await bar.getByRole('option', { name: 'Phoenix' }).click();
  await shows("origin IN ('SJC', 'LAX') AND destination = 'PHX'", 'one of a list');
  is(await to.innerText(), 'Phoenix', 'by its label');
  await from.click();
  await until(async () => (await options()).length > 0);
  is((await options()).map((text) => text.split(/\s+/)), sql(`SELECT origin, count(*)
    FROM public.flights WHERE state = 'CA' AND destination = 'PHX' GROUP BY 1
    ORDER BY 2 DESC, 1`).split('\n').map((row) => row.split('|')), 'counts under the others');
  await page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'Clear' }).click();
  await shows('true', 'Clear takes all filters away');
  is(await values(), {}, 'all of them');

  // Dates: a preset, and days.
  const days = bar.getByRole('button', { name: /^Days/ });
  is(await days.innerText(), 'All time', "the filter's own preset is shown");
  await days.click();
  await bar.getByRole('textbox', { name: 'From' }).fill('2001-02-01');
  await bar.getByRole('textbox', { name: 'To', exact: true }).fill('2001-01-01');
  await bar.getByRole('button', { name: 'Apply' }).click();
  like(await bar.getByRole('alert').innerText(), /first day is after the last/, 'days in order');
  await bar.getByRole('textbox', { name: 'To', exact: true }).fill('2001-02-28');
  await bar.getByRole('button', { name: 'Apply' }).click();
  await shows("departed_at >= '2001-02-01' AND departed_at < '2001-03-01'", 'from day to day');
  like(await days.innerText(), /^Feb 1\s\u2013\s28, 2001$/, 'the button says from when to when');
  await days.click();
  await bar.getByRole('button', { name: 'Last 7 days' }).click();
  await shows('false', 'a preset');
  is(await values(), { days: 'last_7_days' }, 'by its name');
  await bar.getByRole('button', { name: 'Clear' }).click();

  // Numbers
  await bar.getByLabel('Miles, from').fill('300');
  await shows('distance >= 300', 'from a number');
  await bar.getByLabel('Miles, to').fill('500');
  await shows('distance BETWEEN 300 AND 500', 'between two');
  await bar.getByLabel('Miles, to').fill('5');
  await until(async () => (await bar.getByLabel('Miles, to').getAttribute('aria-invalid'))
    === 'true');
  is(await bar.getByLabel('Miles, to').getAttribute('aria-invalid'), 'true',
    'the greatest is not less than the least');
  is(await values(), { miles: { min: 300, max: 500 } }, 'and is not taken');
  await bar.getByRole('button', { name: 'Clear' }).click();
  await shows('true', 'cleared');

  // Text: asked for once the person pauses; what was asked before is given up.
  const before = requests.length;
  await bar.getByLabel('City').pressSequentially('san', { delay: 40 });
  await shows("city ILIKE '%san%'", 'a text that is contained');
  is(requests.slice(before).filter((url) => /dashboard_data/.test(url)).length, 1,
    'typing asks once');
  await bar.getByLabel('Code').fill('SJ');
  await shows("city ILIKE '%san%' AND iata ILIKE '%sj%'", 'a search');
  await bar.getByLabel('City').fill('nowhere at all');
  await until(async () => /^0$/m.test(await panel(page, 'Number').innerText()));
  is(await values(), { place: 'nowhere at all', code: 'SJ' }, 'texts');

  // What is still asked for is given up when something else is.
  await bar.getByRole('button', { name: 'Clear' }).click();
  await shows('true', 'cleared again');
  await page.route('**/rpc/prismiq_dashboard_data', async (route) => {
    await new Promise((done) => { setTimeout(done, 400); });
    await route.continue().catch(() => {});
  });
  const failed = [];
  page.on('requestfailed', (request) => failed.push(request.failure().errorText));
  await page.evaluate(() => { window.shown.filters = { from: ['LAX'] }; });
  await page.evaluate(() => { window.shown.filters = { from: ['SFO'] }; });
  await shows("origin = 'SFO'", 'the last of two wins');
  is(failed, ['net::ERR_ABORTED'], 'the first is given up');
  is(await from.innerText(), 'SFO', 'the bar follows the property');
  is(await page.evaluate(() => window.events.filter((e) => e.type === 'filters').length > 5), true,
    'the application is told of what a person chooses');

  // A filter with a value of its own: that holds, until somebody says that none does.
  const own = await makeDashboard(here.base, { ...document, name: 'Own', filters: document.filters
    .map((one) => (one.id === 'to' ? { ...one, default_value: 'PHX' } : one)) });
  const held = await open(here, { attributes: { 'dashboard-id': own.id,
    filters: '{"miles": {"min": 300}}' } });
  await loaded(held.page);
  const heldValue = () => panel(held.page, 'Number').locator('.value').innerText();
  is(await heldValue(), count("destination = 'PHX' AND distance >= 300"),
    "the filter's own value, and that of an attribute");
  is(await held.page.getByLabel('Miles, from').inputValue(), '300', 'which is shown');
  await held.page.getByRole('button', { name: /^To/ }).click();
  await held.page.getByRole('button', { name: 'All', exact: true }).last().click();
  ok(await until(async () => await heldValue() === count('distance >= 300')), 'none of all');
  is(await held.page.evaluate(() => window.shown.filters), { miles: { min: 300 }, to: null },
    'is null');
  await held.page.evaluate(() => window.shown.setAttribute('filters', '{"from": ["SFO"]}'));
  ok(await until(async () => await heldValue() === count("destination = 'PHX' AND origin = 'SFO'")),
    'another attribute takes the place of all');

  // By itself, for an element that it names.
  const alone = await open(here, { element: 'prismiq-filter-bar',
    attributes: { 'dashboard-id': id, for: 'target' } });
  await alone.page.evaluate((widget) => {
    const target = window.document.createElement('prismiq-widget');
    target.id = 'target';
    target.token = window.given.token;
    target.setAttribute('widget-id', widget);
    window.document.querySelector('main').append(target);
  }, widgets[0].id);
  const number = alone.page.locator('prismiq-widget .value');
  ok(await until(async () => await number.count() && await number.innerText() === count()),
    'a bar and a widget by themselves');
  await alone.page.getByLabel('Miles, from').fill('300');
  ok(await until(async () => await number.innerText() === count('distance >= 300')),
    'the bar filters the element that it is for');

  // Another tenant's values are not offered.
  const texas = await makeDashboard(here.base, document, { ...user, tenant_id: 'TX' });
  const other = await open(here, { attributes: { 'dashboard-id': texas.id } },
    { claims: { ...user, tenant_id: 'TX' } });
  await loaded(other.page);
  await other.page.getByRole('button', { name: /^From/ }).click();
  await until(async () => (await other.page.getByRole('option').count()) > 0);
  ok((await other.page.getByRole('option').allInnerTexts()).every((text) => !/LAX|SFO/.test(text)),
    "another tenant's values are not offered");
  is([...complaints, ...alone.complaints, ...other.complaints], [],
    'the browser has nothing against it');
});
