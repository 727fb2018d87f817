// How a dashboard stands on a page: at the widths of a desk, a tablet and a phone, in both themes,
// nothing is wider than the page and nothing in a panel reaches out of it. PICTURES=folder keeps
// each look there (make pictures).

import { is, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM || !process.env.NGINX) skipAll('Chromium or nginx cannot be installed');

const widths = [1440, 768, 390];

// What is wider than the page, and what of a panel stands outside of it.
const stray = (page) => page.evaluate(() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  for (const { section, title } of window.shown.cards()) {
    const box = section.getBoundingClientRect();
    for (const part of section.querySelectorAll('.card-head, .body, .chart')) {
      const inner = part.getBoundingClientRect();
      if (inner.left < box.left - 1 || inner.right > box.right + 1
        || inner.bottom > box.bottom + 1) found.push(`${title}: ${part.className}`);
    }
  }
  return found;
});

test(async () => {
  const world = await site();
  makeServices();
  const { id } = await makeDashboard(world.base, operations());
  for (const theme of ['light', 'dark']) {
    for (const width of widths) {
      const { page, context, complaints } = await open(world,
        { attributes: { 'dashboard-id': id, theme } }, { viewport: { width, height: 900 } });
      await loaded(page);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height });
      const charts = await page.evaluate(() => window.shown.cards().filter(({ answer }) => (
        answer?.spec)).length);
      ok(await until(() => page.evaluate((all) => window.shown.views.length === all, charts)),
        `${width}, ${theme}: all charts are drawn`);
      is(await stray(page), [], `${width}, ${theme}: all is in its place`);
      if (process.env.PICTURES) {
        await page.waitForTimeout(300);
        await page.screenshot({ path: `${process.env.PICTURES}/dashboard_${width}_${theme}.png` });
      }
      is(complaints, [], `${width}, ${theme}: no complaint`);
      await context.close();
    }
  }
});
