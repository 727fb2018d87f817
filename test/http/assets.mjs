// The module and the style sheet as a browser asks for them: raw, with their types, without a
// token; what has not changed is not sent again; and through a web server the same bytes.

import { gzipSync } from 'node:zlib';
import { call, gateway, is, like, ok, sql, test } from '../lib/http.mjs';
import { front } from '../lib/front.mjs';

const types = { 'prismiq.js': 'text/javascript; charset=utf-8',
  'prismiq.css': 'text/css; charset=utf-8' };
const anonymous = (accept, more = {}) => ({ method: 'GET', claims: null,
  headers: { Accept: accept, ...more } });

test(async () => {
  const base = await gateway();
  const address = await front(base);

  for (const [name, type] of Object.entries(types)) {
    for (const accept of ['*/*', 'text/css,*/*;q=0.1', 'text/javascript', 'application/json']) {
      const answer = await call(base, 'prismiq_asset', { name }, anonymous(accept));
      is([answer.status, answer.headers.get('content-type')], [200, type],
        `${name}, Accept: ${accept}`);
      is(answer.text.slice(0, 1) === '"', false, `${name}, Accept: ${accept}: no JSON string`);
    }
    const answer = await call(base, 'prismiq_asset', { name }, anonymous('*/*'));
    const size = sql(`SELECT length(prismiq.prismiq_asset('${name}'))`);
    is(String(Buffer.byteLength(answer.text)), size, `${name}: all of its bytes`);
    is(answer.headers.get('x-content-type-options'), 'nosniff', `${name}: nosniff`);
    is(answer.headers.get('cache-control'), 'public, max-age=0, must-revalidate',
      `${name}: asked for again`);
    const etag = answer.headers.get('etag');
    like(etag, /^"\d+-\d+"$/, `${name}: a tag`);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await call(base, 'prismiq_asset', { name },
        anonymous('*/*', { 'If-None-Match': known }));
      is([again.status, again.text, again.headers.get('etag')], [304, '', etag],
        `${name}, If-None-Match: ${known}`);
    }
    const other = await call(base, 'prismiq_asset', { name },
      anonymous('*/*', { 'If-None-Match': '"1-1"' }));
    is(other.status, 200, `${name}, If-None-Match of something else`);

    ok(gzipSync(answer.text).length < 40 * 1024, `${name}: small`, gzipSync(answer.text).length);
    const through = await fetch(`${address}/assets/${name}`);
    is([through.status, through.headers.get('content-type'), await through.text()],
      [200, type, answer.text], `${name} through the web server`);
    like(through.headers.get('content-security-policy'), /^default-src 'self'; /,
      `${name}: with its policy`);
    is(through.headers.get('content-encoding'), 'gzip', `${name}: compressed`);
  }

  for (const name of ['prismiq', '', '../prismiq.js', 'PRISMIQ.JS', 'vega.js']) {
    const answer = await call(base, 'prismiq_asset', { name }, anonymous('*/*'));
    is([answer.status, answer.body?.code, answer.headers.get('etag')], [404, 'PT404', null],
      `no asset is called "${name}"`);
  }

  // Who asks may not say where the libraries come from; who runs the database does.
  sql(`ALTER ROLE web_anon SET prismiq.assets_url = 'https://evil.example/'`);
  ok(!(await call(base, 'prismiq_asset', { name: 'prismiq.js' }, anonymous('*/*'))).text
    .includes('evil.example'), 'a role that the gateway switches to says nothing');
  sql('ALTER ROLE web_anon RESET prismiq.assets_url');
  sql(`ALTER DATABASE ${sql('SELECT current_database()')}
    SET prismiq.assets_url = 'https://files.example/"; alert(1); "/'`);
  const told = sql(`SELECT convert_from(prismiq.prismiq_asset('prismiq.js'), 'UTF8')`);
  is(told.split('\n')[0], 'const ASSETS_URL = "https://files.example/\\"; alert(1); \\"/";',
    'prismiq.assets_url is a text in front of the module');

  // What others tell the gateway to send is kept, and what is no list is not.
  const headers = (before) => sql(`BEGIN READ ONLY;
    SELECT set_config('response.headers', $t$${before}$t$, true) \\g /dev/null
    SELECT prismiq.prismiq_asset('prismiq.css') \\g /dev/null
    SELECT current_setting('response.headers');
    COMMIT`);
  is(JSON.parse(headers('[{"X-Own": "]["}]'))[0], { 'X-Own': '][' }, 'a header before is kept');
  is(JSON.parse(headers('[]')).length, 4, 'an empty list');
  for (const before of ['', '{', '{"a": 1}', '7']) {
    is(JSON.parse(headers(before)).length, 4, `what is no list: ${before}`);
  }
});
