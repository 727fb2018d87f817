// What `KEEP=1 bash test/demo/run` serves: the flights dashboard of two tenants, and a switch. What
// it should show is counted here, in the files that the flights come from.

import { readFileSync } from 'node:fs';
import { atEnd, is, like, ok, skipAll, test } from '../lib/http.mjs';
import { browser, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed');

// The rows of a file of comma-separated values as objects; a field may be quoted.
function csv(name) {
  const [head, ...lines] = readFileSync(new URL(`../data/${name}.csv`, import.meta.url), 'utf8')
    .trim().split(/\r?\n/).map((line) => line.match(/"(?:[^"]|"")*"|[^,]+|(?<=^|,)(?=,|$)/g)
      .map((field) => field.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')));
  return lines.map((line) => Object.fromEntries(line.map((field, i) => [head[i], field])));
}

const airports = new Map(csv('airports').map((row) => [row.iata, row]));
const flights = csv('flights-20k');
const average = (rows) => rows.reduce((sum, { delay }) => sum + Number(delay), 0) / rows.length;

// The flights of a state in a month of 2001.
const of = (state, month) => flights.filter(({ departed_at: at, origin }) => (
  at.startsWith(`2001-${month}`) && airports.get(origin).state === state));

// The shown dashboard's answers by the titles of its panels.
const answers = (page) => page.evaluate(() => Object.fromEntries(
  (document.querySelector('prismiq-dashboard')?.cards() ?? []).filter(({ answer }) => answer)
    .map(({ title, answer }) => [title, answer])));

// Wait for the dashboard with all of its panels answered and all of its charts drawn.
const drawn = (page, departures) => until(() => page.evaluate((wanted) => {
  const cards = document.querySelector('prismiq-dashboard')?.cards() ?? [];
  return cards.length === 10 && cards.every(({ answer }) => answer)
    && cards.filter(({ view }) => view).length === 4
    && cards.some(({ answer }) => answer.title === 'Departures'
      && answer.metric.value === wanted);
}, departures), 20);

test(async () => {
  const address = process.env.DEMO;
  like(address ?? '', /^http:\/\/127\.0\.0\.1:\d+\/$/, 'an address is printed');
  const chrome = await browser();
  const page = await (await chrome.newContext({ viewport: { width: 1440, height: 900 },
    locale: 'en-US', timezoneId: 'UTC' })).newPage();
  const complaints = [];
  const requests = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => complaints.push(line.text()));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);

  // Each state's own numbers, each beside the month before.
  async function shows(state, name) {
    const [june, may] = [of(state, '06'), of(state, '05')];
    ok(await drawn(page, june.length), `${name}: all is there`, await answers(page));
    const all = await answers(page);
    const metric = (title) => all[title].metric;
    is([metric('Departures').value, metric('Departures').trend.previous],
      [june.length, may.length], `${name}: departures`);
    const close = (a, b) => Math.abs(a - b) < 1e-9;
    ok(close(metric('Average delay').value, average(june))
      && close(metric('Average delay').trend.previous, average(may)), `${name}: average delay`,
    [metric('Average delay'), average(june)]);
    ok(close(metric('Late by more than a quarter of an hour').value,
      june.filter(({ delay }) => delay > 15).length / june.length), `${name}: late ones`);
    is(metric('Destinations').value, new Set(june.map((f) => f.destination)).size,
      `${name}: destinations`);

    const counted = {};
    for (const { destination } of june) {
      const { city } = airports.get(destination);
      counted[city] = (counted[city] ?? 0) + 1;
    }
    is(all['Busiest destinations'].rows, Object.entries(counted)
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 10),
    `${name}: the busiest destinations`);
    is(all['Where they go'].row_count, new Set(june.map((f) => f.destination)).size,
      `${name}: a point for each of them`);

    const days = all['Average delay by day'].series.series;
    is(days.map(({ label }) => label), ['This month', 'The month before'], `${name}: two lines`);
    ok(days.every(({ points }, nth) => points.every(([day, value]) => {
      const that = (nth ? may : june).filter(({ departed_at: at }) => (
        at.slice(8, 10) === day.slice(8, 10)));
      return that.length ? close(value, average(that)) : value === null;
    })), `${name}: the delay of each day, and of that day of the month before`, days);

    const { x, y, cells } = all['Average delay by weekday and hour'].series;
    is([x.values, y.values], [[...Array(17).keys()].map((n) => n + 6), [0, 1, 2, 3, 4, 5, 6]],
      `${name}: hours and weekdays in order`);
    ok(cells.every(([i, j, value]) => close(value, average(june.filter(({ departed_at: at }) => (
      Number(at.slice(11, 13)) === x.values[i]
      && new Date(`${at.slice(0, 10)}T00:00Z`).getUTCDay() === y.values[j]))))),
    `${name}: the delay of each weekday and hour`, cells);

    const [departed, from, to, miles, delay] = all['Longest delays'].rows[0];
    const worst = [...june].sort((a, b) => b.delay - a.delay)[0];
    is([from, to, miles, delay], [worst.origin, worst.destination, Number(worst.distance),
      Number(worst.delay)], `${name}: the longest delay`, departed);

    const states = all.Airports.status.services;
    is(states.map(({ name: city, label }) => [city, label]), states.map(({ name: city }) => {
      const mean = average(june.filter(({ origin }) => airports.get(origin).city === city));
      return [city, mean > 12 ? 'Long delays' : mean > 5 ? 'Delays' : 'On time'];
    }), `${name}: how each airport is doing`);
    const text = await page.evaluate(() => (
      document.querySelector('prismiq-dashboard').shadowRoot.textContent));
    ok(text.includes(String(june.length)), `${name}: and it is on the page`);
  }

  await shows('CA', 'California');
  const line = page.getByRole('region', { name: 'Average delay by day', exact: true });
  like(await line.innerText(), /month before \u00b7 min\n/, 'two lines of one unit: it is said');
  for (const [theme, width] of [['light', 1440], ['dark', 1440], ['light', 390]]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 900 });
    is(await page.evaluate(() => [...document.querySelector('prismiq-dashboard').shadowRoot
      .querySelectorAll('.field')].filter((field) => [...field.querySelectorAll('.input')]
      .some((input) => input.getBoundingClientRect().right
        > field.getBoundingClientRect().right + 1)).length), 0, `${width}: filters have room`);
    if (!process.env.PICTURES) continue;
    await page.waitForTimeout(500);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(1000);
    await page.screenshot({ path: `${process.env.PICTURES}/demo_${width}_${theme}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('radio', { name: 'Texas' }).check({ force: true });
  await shows('TX', 'Texas');
  const there = await page.evaluate(() => (
    document.querySelector('prismiq-dashboard').shadowRoot.textContent));
  ok(!there.includes('San Diego'), 'nothing of California is left');

  // Filters.
  await page.evaluate(() => {
    document.querySelector('prismiq-dashboard').filters = { airports: ['DFW'],
      days: { start: '2001-02-01', end: '2001-02-28' }, miles: { min: 1000 } };
  });
  const february = of('TX', '02').filter(({ origin, distance }) => (
    origin === 'DFW' && distance >= 1000));
  ok(await until(async () => (await answers(page)).Departures?.metric.value === february.length),
    'filters by date, airport and distance', february.length);

  // What the gateway has beside the functions is there too.
  const token = await page.evaluate(() => document.querySelector('prismiq-dashboard').token);
  const listed = await fetch(`${address}dashboards`, { headers: { Authorization:
    `Bearer ${token}` } });
  is([listed.status, (await listed.json()).map(({ name }) => name).sort()],
    [200, ['Flights', 'Flights (2)']], 'the paths of a REST API, with the copy that was made');

  // A token that is no longer good is replaced by a fresh one, and nobody sees anything of it.
  const before = requests.filter((url) => url.endsWith('/sign-in')).length;
  complaints.push(await page.evaluate(async () => {
    const dashboard = document.querySelector('prismiq-dashboard');
    dashboard.token = `${dashboard.token.slice(0, -8)}AAAAAAAA`;
    return 'replaced';
  }));
  ok(await until(() => requests.filter((url) => url.endsWith('/sign-in')).length > before),
    'a token that is refused is asked for anew');
  ok(await until(async () => (await answers(page)).Departures?.metric.value === february.length),
    'and the dashboard goes on');
  is([...new Set(requests.map((url) => new URL(url).origin))], [new URL(address).origin],
    'no other host is asked');
  // The browser itself notes an answer of 401.
  is(complaints.filter((line) => !/^replaced$|401/.test(line)), [],
    'the browser has nothing against it');
  atEnd(() => chrome.close());
});
