// Widgets that a function of the application answers: data in a template, a text, an image, and
// what is none.

import { is, like, ok, skipAll, sql, test } from '../lib/http.mjs';
import { loaded, makeDashboard, open, panel, site, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

// A red point: a PNG of one pixel.
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJ'
  + 'RU5ErkJggg==';

test(async () => {
  const here = await site();
  sql(`CREATE FUNCTION public.weather(params jsonb) RETURNS jsonb STABLE LANGUAGE sql AS $$
      SELECT jsonb_build_object('summary', format('sunny for %s days', params ->> 'days'),
        'list', '[{"day": "Monday"}, {"day": "<img src=x onerror=ran=1>"}]'::jsonb) $$;
    CREATE FUNCTION public.words(params jsonb) RETURNS text STABLE LANGUAGE sql AS $$
      SELECT 'Some **words**' $$;
    CREATE FUNCTION public.picture(params jsonb) RETURNS bytea STABLE LANGUAGE sql AS $$
      SELECT decode('${png}', 'base64') $$;
    CREATE FUNCTION public.vector(params jsonb) RETURNS bytea STABLE LANGUAGE sql AS $$
      SELECT convert_to('<svg xmlns="http://www.w3.org/2000/svg" onload="ran=1"/>', 'UTF8') $$;
    CREATE FUNCTION public.broken(params jsonb) RETURNS jsonb STABLE LANGUAGE sql AS $$
      SELECT to_jsonb(1 / (params ->> 'nought')::int) $$;
    SELECT prismiq.prismiq_custom_register(f, (f || '(jsonb)')::regprocedure)
    FROM unnest('{weather,words,picture,vector,broken}'::text[]) f`);
  const custom = (title, n, config, type = 'custom_template') => ({ type, title, config,
    position: { x: (n % 3) * 4, y: Math.floor(n / 3) * 4, w: 4, h: 4 } });
  const board = await makeDashboard(here.base, { name: 'Custom', widgets: [
    custom('Template', 0, { endpoint: 'weather', parameters: { days: 3 },
      template: '<p>It is <b>{{summary}}</b></p><ul>{{#list}}<li>{{day}}</li>{{/list}}</ul>' }),
    custom('Raw', 1, { endpoint: 'weather', parameters: { days: 4 },
      template: '{{#list}}<p>{{{day}}}</p>{{/list}}' }),
    custom('Data', 2, { endpoint: 'weather', parameters: { days: 5 } }),
    custom('Words', 3, { endpoint: 'words' }),
    custom('Picture', 4, { endpoint: 'picture', description: 'A red point' }, 'custom_image'),
    custom('Vector', 5, { endpoint: 'vector' }, 'custom_image'),
    custom('Broken', 6, { endpoint: 'broken', parameters: { nought: 0 } }),
    custom('Bad template', 7, { endpoint: 'weather', template: '{{#list}}never closed' })] });
  const { page, complaints } = await open(here, { attributes: { 'dashboard-id': board.id } });
  await loaded(page);
  await until(async () => await page.locator('.prose').count() >= 4);

  is(await panel(page, 'Template').locator('b').innerText(), 'sunny for 3 days', 'a template');
  is(await panel(page, 'Template').locator('li').allInnerTexts(),
    ['Monday', '<img src=x onerror=ran=1>'], 'whose values are text');
  is(await panel(page, 'Raw').locator('.prose p').count(), 2, 'without escapes');
  is(await panel(page, 'Raw').locator('img').count(), 0, 'there is no markup of values either');
  like(await panel(page, 'Data').locator('pre').innerText(), /"summary": "sunny for 5 days"/,
    'data without a template');
  is(await panel(page, 'Words').locator('strong').innerText(), 'words', 'a text is Markdown');
  const picture = panel(page, 'Picture').getByRole('img', { name: 'A red point' });
  ok(await until(() => picture.count()), 'an image, by its description');
  is(await picture.evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data]
    .slice(0, 3)), [255, 0, 0], 'and its point is red');
  like(await panel(page, 'Vector').innerText(), /cannot be shown|not/i, 'a document is no image');
  ok(await panel(page, 'Broken').getByRole('button', { name: 'Try again' }).isVisible(),
    'a function that fails');
  ok(await until(() => panel(page, 'Bad template').getByRole('button', { name: 'Try again' })
    .count()), 'a template that is none');
  is(await page.evaluate(() => window.ran), undefined, 'nothing ran');
  is(complaints.filter((text) => !/^Executing inline event handler violates/.test(text)), [],
    'the browser has nothing against it');
});
