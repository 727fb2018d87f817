// For the tests in test/http that need a browser: a web server in front of the gateway, and pages
// of Chromium that note what the browser complains of.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { atEnd, call, freePort, gateway, sql, token, user } from './http.mjs';

export const fillScript = fileURLToPath(new URL('../../web/gateway/fill', import.meta.url));
const pages = fileURLToPath(new URL('../http/pages', import.meta.url));

// Start nginx in front of a gateway, with the configuration of web/gateway; its address. Without
// TLS, unless there is the folder of a certificate. more: other names of web/gateway/fill; prepare
// is called with the folder of the configuration before it is used.
export async function front(base, { certificate, prepare = () => {}, ...more } = {}) {
  const work = mkdtempSync(join(tmpdir(), 'prismiq-front-'));
  const address = `127.0.0.1:${await freePort()}`;
  const names = { POSTGREST: new URL(base).host, PAGES: pages, ASSETS: process.env.LIBRARIES,
    PID: join(work, 'pid'), LOGS: work, TEMPORARY: work,
    ...(certificate ? { CERTIFICATE: certificate, LISTEN: address }
      : { LISTENER: 'plain.conf', LISTEN_PLAIN: address }), ...more };
  execFileSync(fillScript, [work, ...Object.entries(names).map((name) => name.join('='))]);
  prepare(work);
  const said = [];
  const child = spawn(process.env.NGINX,
    ['-c', join(work, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const ended = new Promise((done) => { child.on('exit', done); });
  atEnd(async () => {
    child.kill();
    await ended;
    rmSync(work, { recursive: true });
  });
  for (let n = 0; n < 100 && child.exitCode === null; n++) {
    if (await listens(address)) return `http${certificate ? 's' : ''}://${address}`;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error(`nginx does not start: ${Buffer.concat(said)}`);
}

// Does a server take connections there?
async function listens(address) {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  const taken = await new Promise((done) => {
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
  socket.destroy();
  return taken;
}

// Make a certificate for 127.0.0.1, which nobody trusts who is not told to, and its key; it.
export function certificateIn(folder) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '2', '-subj', '/CN=bi.example.com', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
  { stdio: 'ignore' });
  return readFileSync(join(folder, 'certificate.pem'));
}

// The paths of a REST API, as web/gateway/routes.js has them: [method, path, function].
export function routes() {
  const text = readFileSync(new URL('../../web/gateway/routes.js', import.meta.url), 'utf8');
  return [...text.matchAll(/^ {2}'(\/[^']*)':(.*?)\n(?= {2}'|\};)/gms)]
    .flatMap(([, path, methods]) => [...methods.matchAll(/([A-Z]+): \{ call: '(\w+)'/g)]
      .map(([, method, name]) => [method, path, name]));
}

// A request as it is, with headers that fetch would not send. The answer: {status, headers, text,
// body}, body being the text as JSON where it is.
export function ask(address, path, { method = 'GET', headers = {}, body, ...options } = {}) {
  return new Promise((done, failed) => {
    const { hostname, port, protocol } = new URL(address);
    // Of some methods node sends a body without a word of how long it is.
    const sized = body === undefined || headers['Transfer-Encoding'] ? headers
      : { 'Content-Length': Buffer.byteLength(body), ...headers };
    const asked = (protocol === 'https:' ? tlsRequest : plainRequest)(
      { host: hostname, port, path, method, headers: sized, ...options },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          let json;
          try { json = JSON.parse(text); } catch { json = undefined; }
          done({ status: answer.statusCode, headers: answer.headers, text, body: json });
        });
      });
    asked.on('error', failed);
    asked.end(body);
  });
}

// In the place of PostgREST: answers with what it was asked, which asked has too. /rpc/never is not
// answered, and /rpc/kept may be kept.
export async function echo() {
  const asked = [];
  const port = await freePort();
  const server = createServer((request, answer) => {
    const parts = [];
    asked.push(request.url);
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      if (request.url === '/rpc/never') return;
      answer.setHeader('Content-Type', 'application/json');
      if (request.url === '/rpc/kept') answer.setHeader('Cache-Control', 'max-age=60');
      answer.end(JSON.stringify({ method: request.method, url: request.url,
        headers: request.headers, body: Buffer.concat(parts).toString() }));
    });
  });
  await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
  atEnd(() => { server.closeAllConnections(); server.close(); });
  return { base: `http://127.0.0.1:${port}`, asked };
}

// A browser; it opens nothing but what the web server has.
export async function browser() {
  const started = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // The user that the tests run as may have no name space for a sandbox of its own.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  atEnd(() => started.close());
  return started;
}

// A gateway with its database, a web server, a browser.
export async function site(settings) {
  const base = await gateway(settings);
  return { base, address: await front(base), chrome: await browser() };
}

// Open a page of test/http/pages and hand it what it is to show: {token, id, attributes, ...}.
// complaints: what the browser says against it; requests: all that it asked for.
export async function open({ address, chrome }, given, options = {}) {
  const { claims = user, page: name = 'dashboard.html', ...of } = options;
  const context = await chrome.newContext({ viewport: { width: 1440, height: 900 },
    locale: 'en-US', timezoneId: 'Asia/Kolkata', acceptDownloads: true, ...of });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript((value) => { window.given = value; },
    { token: claims && token(claims), ...given });
  await page.goto(`${address}/${name}`);
  return { page, context, complaints, requests };
}

// ---- a dashboard to look at -------------------------------------------------------

// The document of test/http/pages/operations.json, with changes.
export function operations(change = (document) => document) {
  const text = readFileSync(new URL('../http/pages/operations.json', import.meta.url), 'utf8');
  const document = JSON.parse(text);
  return change(document) ?? document;
}

// Make a dashboard of a document; what prismiq_dashboard_create answers.
export async function makeDashboard(base, document, claims = user) {
  const made = await call(base, 'prismiq_dashboard_create', { data: document }, { claims });
  if (made.status !== 200) throw new Error(`the dashboard cannot be made: ${made.text}`);
  return made.body;
}

// What the status list of operations.json asks.
export function makeServices() {
  sql(readFileSync(new URL('../http/pages/services.sql', import.meta.url), 'utf8'));
}

// The element of a page once it has its data, as often as is said.
export async function loaded(page, times = 1) {
  for (let n = 0; n < 300; n++) {
    const seen = await page.evaluate(() => window.events?.filter((e) => e.type === 'data').length);
    if (seen >= times) return page.locator('main > :last-child');
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error(`no data: ${JSON.stringify(await page.evaluate(() => (
    window.events?.map((e) => [e.type, String(e.detail?.error ?? '')]))))}`);
}

// A panel by its title.
export const panel = (page, title) => page.getByRole('region', { name: title, exact: true });

// Wait until a condition holds; whether it came to hold.
export async function until(condition, seconds = 10) {
  for (let n = 0; n < seconds * 20; n++) {
    if (await condition()) return true;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return false;
}
