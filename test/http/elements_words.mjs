// Other words than the English ones: each that the module has can be replaced, and is.

import { call, is, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

test(async () => {
  const here = await site();
  makeServices();
  const { id } = await makeDashboard(here.base, operations());
  const module = (await call(here.base, 'prismiq_asset', { name: 'prismiq.js' })).text;
  const english = [...module.matchAll(/[^\w.]t\([^()]*?'((?:[^'\\]|\\.)+)'/g)]
    .map((found) => JSON.parse(`"${found[1]}"`));
  ok(new Set(english).size > 60, 'the module has words', english.length);
  const more = ['{n} row', '{n} rows', 'previous month', 'All time', 'Last 7 days', 'Today', 'up',
    'down', 'from', 'to', 'no', 'yes'];
  const words = Object.fromEntries([...english, ...more].map((word) => [word, `§${word}`]));
  const { page, complaints } = await open(here, { words, attributes: { 'dashboard-id': id } });
  await loaded(page);
  await page.evaluate(() => window.shown.cards().forEach((card) => card.enter()));
  await until(async () => await page.locator('.chart svg').count() > 3);

  // What a person can press, with what it is called; values of the data stand between brackets.
  const called = async (where) => (await where.getByRole('button').evaluateAll((all) => all
    .filter((one) => one.checkVisibility()
      && !one.matches('.value, .link, th button, .legend button'))
    .map((one) => one.getAttribute('aria-label') ?? one.textContent)));
  is((await called(page.locator('main'))).filter((name) => !name.includes('§')), [],
    'each button');
  const placeholders = await page.locator('prismiq-filter-bar input:visible')
    .evaluateAll((all) => all.map((one) => one.placeholder));
  is([placeholders.length, placeholders.filter((text) => !text.startsWith('§'))], [4, []],
    'what stands in empty fields');
  await panel(page, 'Flights by week').getByRole('button', { name: '§Options' }).click();
  const items = await page.getByRole('menu').locator('button').allInnerTexts();
  ok(items.length >= 5 && items.every((item) => item.startsWith('§')), 'each item of a menu',
    items);
  await page.keyboard.press('Escape');
  await page.locator('prismiq-filter-bar').getByRole('button', { name: /^Days/ }).click();
  is((await page.locator('.presets button').allInnerTexts()).filter((text) => (
    ['Today', 'All time', 'Last 7 days'].some((word) => text.endsWith(word))
      && !text.startsWith('§'))), [], 'periods');
  await page.keyboard.press('Escape');
  await panel(page, 'Late flights').getByRole('button', { name: /%/ }).click();
  ok(await until(async () => /§2,531 rows/.test(await page.getByRole('dialog').innerText())),
    'a number of rows');
  await page.keyboard.press('Escape');
  const text = await page.evaluate(() => window.shown.content.innerText);
  for (const said of ['§Updated ', '§vs. §previous month', '§Target 15%', '§No data',
    '§1–10 of 2,531', '§since Jun 30']) {
    ok(text.includes(said), `${said} is said`, text.slice(0, 400));
  }
  is(complaints, [], 'the browser has nothing against it');
});
