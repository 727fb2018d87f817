// A page in a browser asks the gateway and shows the number that SQL says, each tenant its own, and
// in words what is refused.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { atEnd, gateway, is, skipAll, sql, test, token, user } from '../lib/http.mjs';

const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' };

// A server of the two files of the page, which lets it do nothing but what it says.
async function pages(connect) {
  const server = createServer((request, response) => {
    const name = request.url.match(/^\/(page\.(html|js))$/);
    if (!name) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': types[name[2]],
      'Content-Security-Policy': `default-src 'none'; script-src 'self'; img-src data:; `
        + `connect-src ${connect}` });
    response.end(readFileSync(new URL(name[1], import.meta.url)));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  atEnd(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${server.address().port}`;
}

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');

test(async () => {
  const base = await gateway();
  const site = await pages(base);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // The user that the tests run as may have no name space for a sandbox of its own. The browser
    // opens nothing but the pages above.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  atEnd(() => browser.close());

  // What the page shows, and what the browser complains of.
  async function shown(claims, table = 'flights') {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text());
    });
    const fragment = new URLSearchParams({ gateway: base, token: token(claims), table });
    await page.goto(`${site}/page.html#${fragment}`);
    const output = page.locator('output[data-state]');
    const result = { state: await output.getAttribute('data-state'),
      text: await output.textContent(), complaints };
    await context.close();
    return result;
  }

  for (const tenant of ['CA', 'TX']) {
    is(await shown({ ...user, tenant_id: tenant }), { state: 'answered', complaints: [],
      text: sql(`SELECT count(*) FROM public.flights WHERE state = '${tenant}'`) },
    `the page shows SQL's number of ${tenant}`);
  }
  const refused = await shown(user, 'nothing');
  is([refused.state, refused.text], ['refused', 'table "nothing" not found'],
    'a fault in its words');
  const expired = await shown({ ...user, exp: 1000000000 });
  is([expired.state, expired.text], ['refused', 'JWT expired'], 'a token that has expired');
});
