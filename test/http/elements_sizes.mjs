// Panels of the least sizes that their types allow, and of long and foreign words: nothing is cut
// off that has to be seen, and nothing sticks out.

import { is, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, makeServices, open, operations, panel, site, until }
  from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

test(async () => {
  const here = await site();
  makeServices();
  const flights = [{ id: 'f', name: 'flights' }];
  const count = { table_id: 'f', column: '*', aggregation: 'count' };
  const number = { tables: flights, columns: [count] };
  const origins = { tables: flights, columns: [{ table_id: 'f', column: 'origin' }, count] };
  const services = operations().widgets.find((one) => one.title === 'Services');
  const long = 'A title of so many words that no panel of this width could ever show all of it';
  const at = (x, y, w, h) => ({ position: { x, y, w, h } });
  const widgets = [
    { type: 'kpi', title: 'A line', ...at(0, 0, 4, 1), query: number },
    { type: 'kpi_tile', title: 'Tile', ...at(4, 0, 2, 1), query: number },
    { type: 'metric', title: 'One', ...at(6, 0, 1, 1), query: number },
    { ...services, title: 'In a line', ...at(7, 0, 5, 1) },
    { type: 'metric', title: long, ...at(0, 1, 2, 2), query: number, config: { target: 3000,
      thresholds: [{ value: 1, color: 'green', label: long }], sparkline: { interval: 'week' } } },
    { type: 'line_chart', title: 'Line', ...at(2, 1, 2, 2), query: { ...number, time_series: {
      table_id: 'f', date_column: 'departed_at', interval: 'week' } } },
    { type: 'bar_chart', title: 'Bars', ...at(4, 1, 2, 2), query: origins },
    { type: 'pie_chart', title: 'Pie', ...at(6, 1, 2, 2), query: origins },
    { type: 'table', title: 'Rows', ...at(8, 1, 3, 2), query: origins },
    { type: 'text', title: 'عنوان', ...at(0, 3, 4, 3), config: { content: 'نص '.repeat(80) } },
    { type: 'text', title: '', ...at(4, 3, 1, 1), config: { content: 'x' } },
    { type: 'table', title: 'Wide', ...at(5, 3, 4, 4), query: { tables: flights, columns: ['id',
      'departed_at', 'delay', 'distance', 'origin', 'destination', 'state'].map((column) => ({
      table_id: 'f', column })) } }];
  const board = await makeDashboard(here.base, { name: 'Sizes', layout: { margin: [8, 8] },
    widgets });

  for (const width of [1440, 1000, 390]) {
    const { page, complaints } = await open(here, { attributes: { 'dashboard-id': board.id } },
      { viewport: { width, height: 900 }, hasTouch: width < 500 });
    await loaded(page);
    await page.evaluate(() => window.shown.cards().forEach((card) => card.enter()));
    ok(await until(async () => await page.locator('.chart svg').count() === 3),
      `all are drawn: ${width}`);
    const faults = await page.evaluate(() => {
      const found = [];
      const inside = (box, outer) => box.left >= outer.left - 1 && box.right <= outer.right + 1
        && box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1;
      const sections = window.shown.cards().map((card) => card.section);
      for (const section of sections) {
        const outer = section.getBoundingClientRect();
        for (const seen of section.querySelectorAll('.value, h3, .chart svg')) {
          const box = seen.getBoundingClientRect();
          if (seen.checkVisibility() && box.width > 0 && !inside(box, outer)) {
            found.push(`${section.innerText.slice(0, 30)}: ${seen.className.baseVal
              ?? seen.className} sticks out`);
          }
        }
        for (const value of section.querySelectorAll('.value')) {
          if (value.scrollWidth > value.clientWidth + 1) found.push(`${value.innerText} is cut`);
        }
        for (const other of sections) {
          const box = other.getBoundingClientRect();
          if (other !== section && box.left < outer.right - 1 && outer.left < box.right - 1
            && box.top < outer.bottom - 1 && outer.top < box.bottom - 1) found.push('two overlap');
        }
      }
      if (document.documentElement.scrollWidth > innerWidth) found.push('the page is too wide');
      return found;
    });
    is(faults, [], `nothing sticks out or is cut: ${width}`);
    is(await panel(page, 'Wide').locator('.rows').evaluate((rows) => (
      rows.scrollWidth > rows.clientWidth ? getComputedStyle(rows).overflowX : 'auto')), 'auto',
    `a wide table scrolls within its panel: ${width}`);
    is(complaints, [], `nothing against it: ${width}`);
    await page.context().close();
  }
});
