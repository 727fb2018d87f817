// A page of another site in a browser whose user is signed in here, by a cookie that goes along
// with everything (SameSite=None): it changes nothing, reads nothing and shows nothing.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, call, freePort, gateway, is, like, ok, skipAll, sql, test, token, user }
  from '../lib/http.mjs';
import { browser, certificateIn, front, until } from '../lib/front.mjs';

if (!process.env.CHROMIUM || !process.env.NGINX) skipAll('Chromium or nginx cannot be installed');

// What the page of the other site does, as one script: everything that needs no leave.
const script = (target, id) => `
  const log = window.log = {};
  const forged = (name) => JSON.stringify({ data: { name } });
  for (const [enctype, name, value] of [
    ['application/x-www-form-urlencoded', 'data', '{"name": "Form"}'],
    ['text/plain', '{"data":{"name":"Plain', '"}}'],
    ['multipart/form-data', 'data', '{"name": "Parts"}']]) {
    for (const path of ['/rpc/prismiq_dashboard_create', '/dashboards']) {
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { action: '${target}' + path, method: 'POST', enctype,
        target: '_blank' });
      const input = form.appendChild(document.createElement('input'));
      Object.assign(input, { name, value });
      form.submit();
    }
  }
  async function attempt(what, path, options) {
    try {
      const answer = await fetch('${target}' + path, { credentials: 'include', ...options });
      log[what] = answer.type === 'opaque' ? 'opaque' : answer.status + ' ' + await answer.text();
    } catch (error) {
      log[what] = 'refused';
    }
  }
  const frame = document.body.appendChild(document.createElement('iframe'));
  frame.src = '${target}/page?id=${id}';
  const image = document.body.appendChild(document.createElement('img'));
  image.src = '${target}/rpc/prismiq_dashboard_list';
  window.finished = Promise.all([
    attempt('no-cors', '/rpc/prismiq_dashboard_create', { method: 'POST', mode: 'no-cors',
      body: forged('Quiet') }),
    attempt('beacon', '/rpc/prismiq_dashboard_create', { method: 'POST', mode: 'no-cors',
      keepalive: true, body: new URLSearchParams({ data: '{"name": "Beacon"}' }) }),
    attempt('json', '/dashboards', { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: '{"name": "JSON"}' }),
    attempt('delete', '/dashboards/${id}', { method: 'DELETE' }),
    attempt('read', '/rpc/prismiq_dashboard_list'),
    attempt('read a path', '/dashboards'),
    attempt('read a page', '/page?id=${id}'),
    attempt('anonymous', '/dashboards', { credentials: 'omit' }),
    new Promise((done) => { setTimeout(done, 500); }),
  ]);`;

test(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'prismiq-hostile-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  certificateIn(folder);
  const base = await gateway({ PGRST_DB_SCHEMAS: 'prismiq, prismiq_rest' });
  const target = await front(base, { certificate: folder, LOGS: folder });
  const { id } = (await call(base, 'prismiq_dashboard_create', { data: { name: 'Mine' } })).body;

  // A site is told by its host, not by its port: localhost is another one than 127.0.0.1.
  const port = await freePort();
  const server = createServer((asked, answer) => {
    answer.setHeader('Content-Type', asked.url === '/script.js' ? 'text/javascript' : 'text/html');
    answer.end(asked.url === '/script.js' ? script(target, id)
      : '<!doctype html><title>x</title><body><script src="/script.js"></script>'
        + `<a href="${target}/page?id=${id}">a link</a>`);
  });
  await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
  atEnd(() => { server.closeAllConnections(); server.close(); });

  const chrome = await browser();
  const context = await chrome.newContext({ ignoreHTTPSErrors: true });
  await context.addCookies([{ name: 'prismiq_token', value: token(user), url: target,
    secure: true, sameSite: 'None' }]);
  const page = await context.newPage();
  const sent = [];
  context.on('request', async (request) => {
    const headers = await request.allHeaders().catch(() => ({}));
    if (request.url().startsWith(target)) sent.push([request.method(), headers.cookie ?? '']);
  });

  // The cookie is one that this browser takes, and that does what it is for.
  await page.goto(`${target}/page?id=${id}`);
  is(await page.title(), 'Mine', 'who is signed in sees the dashboard');

  await page.goto(`http://localhost:${port}/`);
  await page.evaluate(() => window.finished);
  ok(await until(() => sent.some(([method, cookie]) => method === 'POST' && cookie)),
    'the cookie goes along with the forms of the other site', sent.length);
  like(readFileSync(join(folder, 'prismiq.log'), 'utf8'), /"POST \/dashboards HTTP\/2\.0" 403 /,
    'which is refused');
  is(sql('SELECT string_agg(name, \',\') FROM prismiq.prismiq_dashboards'), 'Mine',
    'nothing was made or deleted');
  const log = await page.evaluate(() => window.log);
  is([log['no-cors'], log.beacon], ['opaque', 'opaque'], 'what asks no leave gets no answer');
  is([log.json, log.delete, log.read, log['read a path'], log['read a page']],
    Array(5).fill('refused'), 'what asks for it does not get it');
  like(log.anonymous, /^401 /, 'without the cookie it is nobody');
  ok(!JSON.stringify(log).includes('Mine'), 'nothing was read', log);
  const frame = page.frames().find((one) => one.url().startsWith(`${target}/page`)
    || one.url().startsWith('chrome-error'));
  ok(!frame || !(await frame.content().catch(() => '')).includes('Mine'),
    'nor is it shown in a frame');

  await page.getByRole('link', { name: 'a link' }).click();
  await page.waitForURL(`${target}/**`);
  is(await page.title(), 'Mine', 'a link that is followed leads to the dashboard');
});
