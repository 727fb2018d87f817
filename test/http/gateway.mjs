// web/gateway as it is: what nginx lets through to PostgREST, what it adds, and what it refuses
// itself. What PostgREST gets is seen by a server in its place that tells it.

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { promisify } from 'node:util';
import { atEnd, freePort, gateway, is, like, ok, skipAll, test, token, user }
  from '../lib/http.mjs';
import { ask, certificateIn, echo, fillScript, front } from '../lib/front.mjs';

if (!process.env.NGINX) skipAll('nginx cannot be installed');

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'prismiq-gateway-'));
atEnd(() => rmSync(folder, { recursive: true }));

const query = JSON.stringify({ definition: { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: 'state', aggregation: 'max' }] } });
const json = { 'Content-Type': 'application/json' };
const bearer = (tenant) => `Bearer ${token({ ...user, tenant_id: tenant })}`;
const cookie = (tenant) => `prismiq_token=${token({ ...user, tenant_id: tenant })}`;
const own = { 'Sec-Fetch-Site': 'same-origin' };

// TLS, and both tenants over one connection of it.
async function secured(base) {
  const ca = certificateIn(folder);
  const address = await front(base, { certificate: folder });
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  const rows = async (headers) => (await ask(address, '/rpc/prismiq_query',
    { method: 'POST', body: query, headers: { ...json, ...headers }, agent })).body?.rows;
  const answers = [];
  for (let n = 0; n < 4; n++) {
    for (const tenant of ['CA', 'TX']) {
      answers.push([tenant, await rows({ Authorization: bearer(tenant) })],
        [tenant, await rows({ Cookie: cookie(tenant), ...own })]);
    }
    answers.push(['none', await rows({})]);
  }
  is(answers.filter(([tenant, got]) => JSON.stringify(got)
    !== (tenant === 'none' ? undefined : `[["${tenant}"]]`)), [],
  'two tenants, by token and by cookie, and nobody, over one connection of TLS');
  const whole = await ask(address, '/rpc/prismiq_schema',
    { agent, headers: { Authorization: bearer('CA'), 'Accept-Encoding': 'gzip' } });
  is([whole.status, whole.headers['content-encoding'], whole.headers['cache-control'],
    whole.headers['strict-transport-security']],
  [200, 'gzip', 'no-store', 'max-age=31536000'], 'compressed, stored nowhere, and TLS from now on');
  like(whole.headers.vary ?? '', /Accept-Encoding/i, 'as the client wants it');
  agent.destroy();

  const direct = await front((await echo()).base, { certificate: folder });
  is((await ask(direct, '/rpc/x', { ca, headers: { 'X-Forwarded-For': '192.0.2.1' } })).body
    ?.headers['x-forwarded-for'], '127.0.0.1', 'the address is the one that is seen');

  const { hostname, port } = new URL(address);
  const old = await new Promise((done) => {
    tlsConnect({ host: hostname, port, ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0' }, () => done('connected'))
      .on('error', (error) => done(error.code));
  });
  like(old, /ALERT_PROTOCOL_VERSION/, 'TLS 1.1 is refused');
  const two = execFileSync('curl', ['-sS', '--http2', '--cacert', join(folder, 'certificate.pem'),
    '-w', '\n%{http_version} %{http_code}', '-d', query, '-H', 'Content-Type: application/json',
    '-H', `Authorization: ${bearer('TX')}`, `${address}/rpc/prismiq_query`], { encoding: 'utf8' });
  like(two, /"TX"[^]*\n2 200$/, 'HTTP/2');
  const curl = ['-sS', '--cacert', join(folder, 'certificate.pem'), '-H',
    'Content-Type: application/json'];
  // A body that comes in many pieces, and is handed on as a text.
  const large = JSON.stringify({ a: 'ä"✈'.repeat(100000) });
  for (const version of ['--http2', '--http1.1']) {
    // An old browser, of which HTTP/2 has the host in another place.
    for (const [origin, wanted] of [[direct, '"authorization":"Bearer a.b.c"'],
      ['https://evil.example', '"code":"HTTP403"']]) {
      const { stdout } = await run('curl', [...curl, version, '-b', 'prismiq_token=a.b.c',
        '-H', `Origin: ${origin}`, '-d', '{}', `${direct}/rpc/x`]);
      ok(stdout.includes(wanted), `${version}, an old browser at ${origin}`, stdout);
    }
    for (const header of ['Expect: 100-continue', 'Transfer-Encoding: chunked']) {
      // What answers is this process, which must not wait for it.
      const asked = run('curl', [...curl, version, '-H', header, '--data-binary', '@-',
        `${direct}/query/sql`], { maxBuffer: 1 << 24 });
      asked.child.stdin.end(large);
      const { stdout: got } = await asked;
      ok(JSON.parse(JSON.parse(got).body).body === large, `${version}, ${header}: a large body`,
        got.length);
    }
  }
}

// Who a request is from, as PostgREST gets it.
async function who(address) {
  const seen = async (headers, options = {}) => (await ask(address, '/rpc/x',
    { headers, ...options })).body?.headers;
  let got = await seen({ Cookie: 'other=1; prismiq_token=a.b.c', ...own });
  is([got?.authorization, got?.cookie], ['Bearer a.b.c', undefined],
    'a cookie becomes the header, and goes no further');
  got = await seen({ Cookie: 'prismiq_token=a.b.c', Authorization: 'Bearer d.e.f', ...own });
  is(got?.authorization, 'Bearer d.e.f', 'a header goes before the cookie');
  is('authorization' in await seen({}), false, 'without either there is none');
  got = await seen({ 'X-Tenant-ID': 'TX', 'x-user-id': 'eve', X_Tenant_ID: 'TX',
    'Accept-Profile': 'public', 'Content-Profile': 'public', Cookie: 'prismiq_token=; a=b',
    'X-Forwarded-For': '203.0.113.9, 192.0.2.1', Forwarded: 'for=203.0.113.9' });
  is(Object.keys(got).filter((name) => /tenant|user-id|profile|cookie|authorization/.test(name)),
    [], 'what a client says of itself does not arrive');

  is([got['x-forwarded-for'], got.forwarded], ['192.0.2.1', undefined],
    'nor where it is, but what the server before this one has seen');

  const elsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };
  const site = { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' };
  const host = new URL(address).host;
  const signed = { Cookie: 'prismiq_token=a.b.c' };
  // [headers, the token of a GET, the status of a POST]; undefined: nobody's request.
  for (const [headers, read, posted, what] of [
    [own, 'Bearer a.b.c', 200, 'a page of this host'],
    [{ 'Sec-Fetch-Site': 'none' }, 'Bearer a.b.c', 200, 'somebody who types the address'],
    [elsewhere, undefined, 403, 'another site'],
    [site, undefined, 403, 'another host of the site'],
    [{ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, 'Bearer a.b.c', 403,
      'a link on another site'],
    [{ 'Sec-Fetch-Site': 'invented' }, undefined, 403, 'a word that nobody knows'],
    [{ Origin: 'https://evil.example' }, undefined, 403, 'an old browser, another site'],
    [{ Origin: 'null' }, undefined, 403, 'an old browser, a page of no site'],
    [{ Origin: `http://${host}.evil.example` }, undefined, 403, 'a host that begins like this one'],
    [{ Origin: `http://${host}` }, 'Bearer a.b.c', 200, 'an old browser, a page of this host'],
    [{}, 'Bearer a.b.c', 200, 'no browser'],
  ]) {
    is((await seen({ ...signed, ...headers }))?.authorization, read,
      `the cookie, to read: ${what}`);
    for (const [kind, body] of [['application/json', '{}'],
      ['application/x-www-form-urlencoded', 'a=b'], ['text/plain', '{"a":"="}']]) {
      is((await ask(address, '/rpc/x', { method: 'POST', body,
        headers: { ...signed, ...headers, 'Content-Type': kind } })).status, posted,
      `the cookie, to write ${kind}: ${what}`);
    }
    is((await seen({ ...signed, ...headers, Authorization: 'Bearer d.e.f' }))?.authorization,
      'Bearer d.e.f', `a token of its own: ${what}`);
    is((await ask(address, '/rpc/x', { method: 'POST', body: '{}',
      headers: { ...signed, ...headers, Authorization: 'Bearer d.e.f' } })).status, 200,
    `a token of its own, to write: ${what}`);
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    is((await ask(address, '/rpc/x', { method, headers: { ...signed, ...elsewhere } })).status, 403,
      `${method} of another site`);
  }
}

// Paths that mean one thing to nginx and another to PostgREST.
async function paths(address) {
  const url = async (path) => (await ask(address, path)).body?.url;
  is(await url('/rpc/prismiq_schema?a=b%26c'), '/rpc/prismiq_schema?a=b%26c', 'a function');
  is(await url('/rpc//x'), '/rpc/x', 'a slash twice');
  is(await url('/x/../rpc/x?a=1'), '/rpc/x?a=1', 'a way through another folder');
  for (const path of ['/rpc/', '/rpc/x/y', '/rpc/../prismiq_dashboards', '/rpc/%2e%2e/x',
    '/rpc/x%2f..%2f..%2fy', '/rpc/..%2fx', '/rpc/x%20y', '/rpc/x;y', '/rpc/%2e', '/RPC/x',
    '/prismiq_dashboards', '/assets/../../../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets..%2fgateway/fill', '/assets/prismiq.js/x']) {
    const answer = await ask(address, path);
    is([answer.body?.url, answer.status >= 400], [undefined, true], `nothing is at ${path}`);
  }
  is(await url('/page?id=a%26b&dashboard_id=c'), '/rpc/prismiq_dashboard_page?dashboard_id=a%26b',
    'of a page only the id is asked for');
  is((await ask(address, '/page?id=a', { headers: { Accept: 'application/json' } })).body?.headers
    .accept, 'text/html', 'as HTML');
  is((await ask(address, '/page?id=a', { method: 'POST', body: '{}' })).headers.allow,
    'GET, HEAD', 'and by GET alone');
}

// The application's own files.
async function files(base) {
  const www = join(folder, 'www');
  mkdirSync(join(www, '.well-known'), { recursive: true });
  for (const name of ['index.html', '.env', '.well-known/change-password']) {
    writeFileSync(join(www, name), name);
  }
  const address = await front(base, { PAGES: www });
  const got = async (path) => {
    const { status, text } = await ask(address, path);
    return status === 200 ? text : status;
  };
  is([await got('/'), await got('/.well-known/change-password')],
    ['index.html', '.well-known/change-password'], 'what is for everybody');
  is([await got('/.env'), await got('/%2eenv'), await got('/x/../.env'), await got('//.env')],
    [404, 404, 404, 404], 'and what is not');
}

// What nginx says itself.
async function refusals(address) {
  const refused = async (path, status, what, options = {}) => {
    const answer = await ask(options.address ?? address, path, options);
    is([answer.status, answer.body?.code, Object.keys(answer.body ?? {}).sort()],
      [status, `HTTP${status}`, ['code', 'details', 'hint', 'message']], what);
    like(answer.headers['content-type'] ?? '', /^application\/json/, `${what}: JSON`);
    is(answer.headers['access-control-allow-origin'], '*', `${what}: to be read by who sent it`);
    like(answer.headers['content-security-policy'] ?? '', /^default-src 'self';/,
      `${what}: under the policy`);
    is(answer.headers.server, 'nginx', `${what}: no version`);
  };
  await refused('/nothing.html', 404, 'what is not there');
  await refused('/', 403, 'a folder');
  await refused('/dashboard.html', 405, 'a page is not written',
    { method: 'POST', headers: json, body: '{}' });
  await refused('/rpc/x', 413, 'a body that is too large',
    { method: 'POST', headers: json, body: `"${'x'.repeat(1 << 20)}"` });
  await refused('/rpc/never', 504, 'what takes too long');
  await refused('/rpc/x', 403, 'a form of another site', { method: 'POST', body: 'a=b',
    headers: { Cookie: 'prismiq_token=a.b.c', 'Sec-Fetch-Site': 'cross-site' } });
  await refused('/rpc/x', 502, 'no PostgREST',
    { address: await front(`http://127.0.0.1:${await freePort()}`) });
  const answer = await ask(address, '/rpc/x', { method: 'POST', headers: json,
    body: `"${'x'.repeat(1000000)}"` });
  is(answer.body?.body.length, 1000002, 'a body that is not too large');
  is((await ask(address, '/rpc/kept')).headers['cache-control'], 'max-age=60',
    'what a function says of caches stays');
}

// As many requests at once; how many of them were refused for there being too many.
async function rush(address, n, headers) {
  const answers = await Promise.all(Array.from({ length: n },
    () => ask(address, '/rpc/x', { headers })));
  return answers.filter((answer) => answer.status === 429).length;
}

// Too many requests: of one token, however it is written, and of no other.
async function limits(base) {
  const address = await front(base);
  const token_ = 'a.b.c2lnbmF0dXJl';
  const signed = (text) => ({ Authorization: `Bearer ${text}` });
  let refused = 0;
  for (let n = 0; n < 10 && !refused; n++) refused = await rush(address, 100, signed(token_));
  ok(refused > 0, 'one token has too many requests');
  let answer;
  do answer = await ask(address, '/rpc/x', { headers: signed(token_) });
  while (answer.status !== 429);
  is([answer.body?.code, answer.headers['retry-after']], ['HTTP429', '1'],
    'which is said as what nginx refuses is, and when to come back');
  for (const [headers, what] of [
    [{ Authorization: `bearer   ${token_}` }, 'other spaces'],
    [signed(`${token_}=`), 'letters that are no part of it'],
    [signed(`x.${token_}`), 'another head'],
    [{ Cookie: `prismiq_token=${token_}` }, 'as a cookie'],
  ]) {
    ok(await rush(address, 30, headers) > 0, `the same one with ${what}`);
  }
  is(await rush(address, 30, signed('a.b.b3RoZXI')), 0, 'another token has not');
  is(await rush(address, 30, {}), 0, 'nor who has none');
  refused = 0;
  for (let n = 0; n < 40 && !refused; n++) {
    const answers = await Promise.all(Array.from({ length: 100 }, (x, i) => ask(address, '/rpc/x',
      { headers: signed(`a.b.${Buffer.from(`${n} ${i}`).toString('base64url')}`) })));
    refused = answers.filter((answer) => answer.status === 429).length;
  }
  ok(refused > 0, 'with a token of its own each they are too many of one address');
}

// The script fills in what it knows, and nothing that would be more than a value.
function filled() {
  const fill = (...names) => {
    try {
      execFileSync(fillScript, [join(folder, 'filled'), ...names], { stdio: 'pipe' });
      return 'done';
    } catch (error) {
      return String(error.stderr);
    }
  };
  is(fill('HOST=reports.example.com', 'DATABASE=postgres:///app?user=a&host=%2Frun'), 'done',
    'names that there are');
  like(readFileSync(join(folder, 'filled', 'nginx.conf'), 'utf8'),
    /\n    server_name reports\.example\.com;\n/, 'are filled in');
  like(readFileSync(join(folder, 'filled', 'postgrest.conf'), 'utf8'),
    /\ndb-uri = "postgres:\/\/\/app\?user=a&host=%2Frun"\n/, 'as they are');
  like(fill('HOSTS=a'), /^usage: /, 'a name that there is not');
  like(fill('FOLDER=a'), /^usage: /, 'the folder is said once');
  for (const value of ['', 'a;b', 'a b', 'a"b', '$a', 'a\nb', '{']) {
    like(fill(`HOST=${value}`), /HOST: a value of letters/, `a host is not called "${value}"`);
  }
}

test(async () => {
  filled();
  const base = await gateway();
  await secured(base);
  const logs = mkdtempSync(join(folder, 'logs-'));
  const { base: told } = await echo();
  const address = await front(told, { TIMEOUT: '1s', LOGS: logs });
  await who(address);
  await paths(address);
  await files(told);
  await refusals(address);
  await ask(address, '/rpc/x?secret=1', { headers: { Authorization: 'Bearer secret',
    Cookie: 'prismiq_token=secret', Referer: 'https://x.example/secret' } });
  const log = readFileSync(join(logs, 'prismiq.log'), 'utf8');
  like(log, /"GET \/rpc\/x HTTP\/1\.1" 200 /, 'what was asked is in the log');
  is(log.match(/secret|a\.b\.c|Bearer|\?/g), null, 'without a token, and without values');
  is(readFileSync(join(logs, 'error.log'), 'utf8').match(/secret|a\.b\.c|Bearer/g), null,
    'nor are there tokens in that of errors');
  await limits(told);
});
