// A widget by itself: it knows its config by its own answer, and asks for nothing else.

import { is, ok, skipAll, test } from '../lib/http.mjs';
import { loaded, makeDashboard, open, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

const query = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: 'origin' },
    { table_id: 'f', column: '*', aggregation: 'count' }] };

test(async () => {
  const here = await site();
  const target = await makeDashboard(here.base, { name: 'Target', filters: [
    { id: 'from', type: 'select', label: 'From', field: 'origin', table: 'flights' }] });
  const { widgets } = await makeDashboard(here.base, { name: 'Alone', widgets: [
    { type: 'bar_chart', title: 'Airports', position: { x: 0, y: 0, w: 6, h: 6 }, query,
      config: { description: 'Where they start', y_label: 'Departures', refresh_interval: 5,
        click: { dashboard_id: target.id, filters: { from: 'origin' } } } },
    { type: 'table', title: 'None', position: { x: 6, y: 0, w: 6, h: 6 },
      query: { ...query, filters: [{ table_id: 'f', column: 'delay', operator: 'gt',
        value: 99999 }] }, config: { empty_text: 'All on time' } }] });
  const [bars, none] = widgets;
  const { page, requests, complaints } = await open(here, { element: 'prismiq-widget',
    attributes: { 'widget-id': bars.id } });
  await loaded(page);
  ok(await until(() => page.locator('.chart svg').count()), 'it is drawn');
  is(await page.locator('.unit').innerText(), 'Where they start \u00b7 Departures',
    'with the words of its config');
  const asked = () => requests.filter((url) => /\/rpc\/prismiq_[^a]/.test(url))
    .map((url) => url.split('/').at(-1)).sort();
  is(asked(), ['prismiq_schema_config', 'prismiq_widget_data'], 'asking once');
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  ok(await until(() => page.evaluate(() => window.events.some((e) => e.type === 'click'))),
    'a point leads to where its config says');
  const { detail } = await page.evaluate(() => window.events.find((e) => e.type === 'click'));
  is([detail.dashboardId, detail.widgetId, typeof detail.filters.from],
    [target.id, bars.id, 'string'], 'with its values');
  ok(await until(() => asked().length > 2, 15), 'it is refreshed as often as its config says');
  await page.evaluate((id) => {
    window.shown.setAttribute('widget-id', id);
  }, none.id);
  ok(await until(() => page.getByText('All on time').count()), 'and another one as its own says');
  is(complaints, [], 'the browser has nothing against it');
});
