// For all people: what axe finds in both themes and three widths, by keyboard alone, and what is
// said to who does not see.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { is, like, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe has against a page, its elements and their shadows.
async function faults(page) {
  const found = await page.evaluate(() => window.axe.run(document,
    { resultTypes: ['violations'] }));
  return found.violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => (
    `${node.target.flat().join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`)).slice(0, 3)
    .join('; ')}`);
}

test(async () => {
  const here = await site();
  makeServices();
  const { id } = await makeDashboard(here.base, operations());

  for (const theme of ['light', 'dark']) {
    for (const width of [1440, 768, 390]) {
      const { page } = await open(here, { attributes: { 'dashboard-id': id, theme } },
        { viewport: { width, height: 900 }, hasTouch: width < 500, bypassCSP: true });
      await loaded(page);
      await page.evaluate(() => window.shown.cards().forEach((card) => card.enter()));
      await until(async () => await page.locator('.chart svg').count() > 3);
      await page.evaluate(axe);
      const what = `${theme}, ${width} pixels wide`;
      is(await faults(page), [], `axe finds nothing: ${what}`);
      is(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true,
        `nothing is wider than the window: ${what}`);
      await panel(page, 'Flights by week').getByRole('button', { name: 'Options' }).click();
      is(await faults(page), [], `nor with a menu: ${what}`);
      await page.keyboard.press('Escape');
      await page.locator('prismiq-filter-bar').getByRole('button', { name: /^From/ }).click();
      await until(async () => await page.getByRole('option').count() > 0);
      is(await faults(page), [], `nor with a list: ${what}`);
      await page.keyboard.press('Escape');
      await page.locator('prismiq-filter-bar').getByRole('button', { name: /^Days/ }).click();
      is(await faults(page), [], `nor with days: ${what}`);
      await page.keyboard.press('Escape');
      await panel(page, 'Late flights').getByRole('button', { name: /%/ }).click();
      await until(async () => await page.getByRole('dialog').locator('tbody tr').count() > 0);
      is(await faults(page), [], `nor with a dialog: ${what}`);
      if (width === 390) {
        await page.keyboard.press('Escape');
        const sizes = await page.evaluate(() => [...window.shown.root.querySelectorAll(
          '.quiet, .plain, .input')].filter((one) => one.checkVisibility()).map((one) => (
          Math.round(one.getBoundingClientRect().height))).filter((height) => height < 44));
        is(sizes, [], `what is touched is large enough: ${what}`);
      }
      await page.context().close();
    }
  }

  // By keyboard alone, from the first stop to the last; each is seen, and has a name.
  const { page, complaints } = await open(here, { attributes: { 'dashboard-id': id } });
  await loaded(page);
  await until(async () => await page.locator('.chart svg').count() > 1);
  const stops = [];
  for (let n = 0; n < 120; n++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      if (!active || active === document.body) return null;
      const style = getComputedStyle(active);
      return { name: active.getAttribute('aria-label') || active.labels?.[0]?.textContent
        || active.getAttribute('aria-labelledby') || active.textContent, tag: active.localName,
      ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      opacity: [active, active.closest?.('.actions')].filter(Boolean)
        .map((one) => getComputedStyle(one).opacity) };
    });
    if (!stop) break;
    stops.push(stop);
  }
  ok(stops.length > 35, 'the keyboard reaches all', stops.length);
  is(stops.filter((stop) => !stop.name?.trim()), [], 'each stop has a name');
  is(stops.filter((stop) => !stop.ring), [], 'and is seen');
  is(stops.filter((stop) => stop.name === 'Options').length, 16, 'each panel has its options');

  // A panel's menu, by arrows.
  await panel(page, 'Flights by week').getByRole('button', { name: 'Options' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  is(await page.evaluate(() => window.shown.root.activeElement.textContent), 'Show as a table',
    'arrows go through a menu');
  await page.keyboard.press('Enter');
  ok(await until(() => panel(page, 'Flights by week').locator('tbody tr').count()),
    'a chart as a table, which every reader reads');
  await panel(page, 'Flights by week').locator('tbody button').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  ok(await until(() => page.getByRole('dialog').count()), 'points by keyboard');
  await page.keyboard.press('Escape');

  // What is said.
  await panel(page, 'Flights by week').getByRole('button', { name: 'Options' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Show as a table' }).click();
  await until(() => panel(page, 'Flights by week').locator('.chart svg').count());
  like(await panel(page, 'Flights by week').locator('[role="graphics-document"]')
    .getAttribute('aria-label'), /Flights by week: line chart of Number of flights by Departed at/,
  'a chart says what it is');
  await page.getByRole('button', { name: 'Refresh all panels' }).click();
  ok(await until(async () => /16 panels are up to date/.test(await page.evaluate(() => (
    window.shown.root.querySelector('[role=status].hidden').textContent)))), 'an update is said');

  // Who wants no motion has none.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  is(await page.evaluate(() => getComputedStyle(window.shown.root.querySelector('.body'))
    .transitionDuration), '0s', 'no motion');
  is(complaints, [], 'the browser has nothing against it');
});
