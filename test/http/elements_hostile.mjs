// What is hostile stays text: names, labels, values, Markdown, templates, options of filters,
// errors.

import { is, ok, skipAll, sql, test } from '../lib/http.mjs';
import { loaded, makeDashboard, open, panel, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

// Each would say so, if it ran.
const attacks = ['<img src=x onerror="window.ran=1">', '<script>window.ran=1</script>',
  '"><svg onload=window.ran=1>', "javascript:window.ran=1//", '{{constructor.constructor("x")()}}',
  "'; alert(1); '", '</title></script><b>bold</b>', '\u202eevil\u2028\u2029', '${window.ran=1}',
  '<style>*{display:none}</style>', 'a.b[0]\\c', '__proto__', 'constructor', '&lt;b&gt;'];

test(async () => {
  const here = await site();
  sql(`CREATE TABLE public.bad (tenant text, name text, n int, at timestamp, lon float, lat float);
    GRANT SELECT ON public.bad TO web_user;
    SELECT FROM prismiq.prismiq_expose('public.bad', tenant_column => 'tenant')`);
  attacks.forEach((attack, index) => sql(`INSERT INTO public.bad SELECT 'CA', $t$${attack}$t$,
    ${index + 1}, timestamp '2024-01-01' + g * interval '1 day', g * 3, g
    FROM generate_series(1, 5) g`));
  const [image, script] = attacks;
  const tables = [{ id: 'b', name: 'bad' }];
  const count = { table_id: 'b', column: 'n', aggregation: 'sum', display_name: script };
  const named = { table_id: 'b', column: 'name', display_name: image };
  const series = { table_id: 'b', date_column: 'at', interval: 'day' };
  const query = { tables, columns: [named, count] };
  const at = (n) => ({ x: (n % 3) * 4, y: Math.floor(n / 3) * 5, w: 4, h: 5 });
  const kinds = ['line_chart', 'bar_chart', 'area_chart', 'pie_chart', 'scatter_chart', 'heatmap',
    'map', 'table', 'health_status', 'metric'];
  const columns = { scatter_chart: [count, { table_id: 'b', column: 'lat', aggregation: 'avg' },
    named], heatmap: [named, { table_id: 'b', column: 'lat' }, count],
  map: [{ table_id: 'b', column: 'lon' }, { table_id: 'b', column: 'lat' }, named, count] };
  const config = { description: image, labels: { name: script, n_sum: image },
    empty_text: image, y_label: script };
  const widgets = kinds.map((type, n) => ({ type, title: `${type} ${image}`, position: at(n),
    config: { ...config, ...(type === 'health_status' ? { status_mapping: attacks.map((value,
      level) => ({ value: level + 5, label: value })) } : {}),
    ...(/chart$/.test(type) ? { annotations: [{ value: 5, label: script,
      color: '#ff0000' }] } : {}) },
    query: { ...query, columns: columns[type] ?? query.columns,
      ...(/line|area/.test(type) ? { time_series: series } : {}) } }));
  const markdown = [...attacks, `[link](javascript:window.ran=1)`, '[data](data:text/html,x)',
    `![image](https://evil.example/x.png)`, '<iframe src=https://evil.example></iframe>',
    '<form action=https://evil.example><input name=x autofocus></form>',
    '<a href="https://ok.example" onclick="window.ran=1" style="position:fixed">good</a>',
    '<base href=https://evil.example/><link rel=stylesheet href=//evil.example/x.css>',
    '[good](https://ok.example "a title")', '<math><mtext><img src=x onerror=window.ran=1>'];
  widgets.push({ type: 'text', title: script, position: at(10),
    config: { content: markdown.join('\n\n') } },
  { type: 'custom_template', title: 'Template', position: at(11),
    config: { template: markdown.join('\n').replaceAll('{{', '{ {') } });
  const board = await makeDashboard(here.base, { name: `Board ${image}`, description: script,
    filters: [{ id: 'f', type: 'multi_select', label: image, field: 'name', table: 'bad',
      dynamic: true }, { id: 'g', type: 'select', label: script, field: 'name', table: 'bad',
      options: attacks.map((value) => ({ value, label: value })) }], widgets });
  const { page, complaints, requests } = await open(here, { attributes: { 'dashboard-id':
    board.id } });
  await loaded(page);
  await page.evaluate(() => window.shown.cards().forEach((card) => card.enter()));
  await until(() => page.locator('.chart svg').count());

  is(await page.getByRole('heading', { level: 2 }).innerText(), `Board ${image}`, 'a name');
  for (const type of kinds) {
    is(await panel(page, `${type} ${image}`).getByRole('heading').innerText(), `${type} ${image}`,
      `the title of a ${type}`);
    is(await panel(page, `${type} ${image}`).locator('.state.error').allInnerTexts(), [],
      `a ${type} is drawn`);
  }
  const cells = await panel(page, `table ${image}`).locator('tbody tr td:first-child')
    .allTextContents();
  is([...cells].sort(), [...attacks].sort(), 'values in a table are text');
  const line = panel(page, `line_chart ${image}`);
  const items = await line.getByRole('list').locator('span').allTextContents();
  is(items.filter((text) => !attacks.includes(text) && !/^Other/.test(text)), [],
    'labels in a legend are text');
  ok(items.length > 5, 'and they are there');

  // Pointed at, pressed, opened, searched.
  for (const type of kinds.slice(0, 7)) {
    const chart = panel(page, `${type} ${image}`).locator('.chart');
    if (!await chart.count()) continue;
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    for (const x of [0.2, 0.5, 0.8]) {
      await chart.hover({ position: { x: box.width * x, y: box.height * 0.6 }, force: true });
    }
    await chart.click({ position: { x: box.width * 0.5, y: box.height * 0.6 }, force: true });
    await page.keyboard.press('Escape');
  }
  await page.locator('prismiq-filter-bar button.input').first().click();
  await until(async () => (await page.getByRole('option').count()) > 5);
  is((await page.getByRole('option').locator('.text').allTextContents()).sort(),
    [...attacks].sort(), 'options of a filter are text');
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');
  await page.evaluate(() => { window.shown.filters = { f: ['<b>none</b>'], nosuch: 1 }; });
  ok(await until(() => page.locator('.state.error').count()), 'values of filters that are none');
  await page.evaluate(() => { window.shown.filters = {}; });
  await until(async () => await page.locator('.prose').count() === 2);

  // What Markdown and templates may be: links that lead elsewhere, and no more.
  const prose = page.locator('.prose');
  is(await prose.count(), 2, 'a text and a template');
  is(await prose.locator('img, script, style, iframe, form, input, svg, math, link, base').count(),
    0, 'nothing that runs, loads or is filled in');
  const links = await prose.locator('a[href]').evaluateAll((all) => all.map((link) => (
    [link.getAttribute('href'), link.rel, link.getAttribute('onclick'),
      link.getAttribute('style')])));
  ok(links.length >= 2 && links.every((link) => link[0] === 'https://ok.example'
    && /noopener/.test(link[1]) && link[2] === null && link[3] === null), 'links of the web',
  links);
  ok((await prose.first().innerText()).includes('<script>window.ran=1</script>'),
    'HTML in Markdown is shown as it was written');

  is(await page.evaluate(() => window.ran), undefined, 'nothing ran');
  is(requests.filter((url) => !url.startsWith(`${here.address}/`)), [],
    'nothing was asked elsewhere');
  is(await page.evaluate(() => document.querySelectorAll('body > :not(main)').length), 0,
    'nothing was put into the page');
  // A policy tells of handlers and bases that a parser sees, before they are taken away.
  is([...new Set(complaints.filter((text) => !/^Executing inline event handler violates/.test(text)
    && !/^Applying inline style violates/.test(text) && !/status of 4/.test(text)
    && !/^Setting the document's base URI to .* has been blocked/.test(text)))], [],
  'the browser has nothing against it');
});
