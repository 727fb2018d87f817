// What a browser asks a gateway before it sends a request from another origin, and what it lets the
// page see: of PostgREST as it is, and where origins are named.

import { call, database, gateway, is, ok, postgrest, sql, test, token, user }
  from '../lib/http.mjs';

const allowed = 'https://app.example';
const other = 'https://evil.example';
const list = (text) => (text ?? '').toLowerCase().split(',').map((word) => word.trim())
  .filter(Boolean);

test(async () => {
  const anyone = await gateway();
  const named = await postgrest({
    PGRST_DB_URI: `postgres:///${database}?user=authenticator`
      + `&host=${encodeURIComponent(process.env.PGHOST)}&port=${process.env.PGPORT}`,
    PGRST_DB_SCHEMAS: 'prismiq',
    PGRST_DB_ANON_ROLE: 'web_anon',
    PGRST_SERVER_CORS_ALLOWED_ORIGINS: allowed,
  });

  // A page's POST with a token and JSON is asked for before it is sent.
  const preflight = (base, origin) => fetch(`${base}/rpc/prismiq_query`, { method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization, content-type' } });
  const simple = (base, origin) => fetch(`${base}/rpc/prismiq_asset?name=prismiq.svg`,
    { headers: { Origin: origin } });
  const says = (answer, name) => answer.headers.get(`access-control-${name}`);

  for (const [what, base, origin, wanted] of [
    ['as it is', anyone, allowed, '*'], ['as it is', anyone, other, '*'],
    ['named', named, allowed, allowed]]) {
    const before = await preflight(base, origin);
    is([before.status, says(before, 'allow-origin')], [200, wanted], `${what}, ${origin}: allowed`);
    for (const header of ['authorization', 'content-type']) {
      ok(list(says(before, 'allow-headers')).includes(header), `${what}, ${origin}: ${header}`);
    }
    for (const method of ['get', 'post', 'patch', 'delete']) {
      ok(list(says(before, 'allow-methods')).includes(method), `${what}, ${origin}: ${method}`);
    }
    ok(Number(says(before, 'max-age')) > 0, `${what}, ${origin}: it is not asked each time`);
    is((await before.text()), '', `${what}, ${origin}: nothing is called`);
    const after = await simple(base, origin);
    is([after.status, says(after, 'allow-origin')], [200, wanted],
      `${what}, ${origin}: the answer`);
    ok(list(says(after, 'expose-headers')).includes('content-type'),
      `${what}, ${origin}: the page sees of which type it is`);
  }
  // A browser sends no cookies where everybody is allowed; a token is for the page to send.
  is(says(await preflight(anyone, other), 'allow-credentials'), null,
    'nobody is allowed cookies where everybody is allowed');

  for (const answer of [await preflight(named, other), await simple(named, other)]) {
    is([says(answer, 'allow-origin'), says(answer, 'allow-credentials')], [null, null],
      'where origins are named, a browser keeps the answer from others');
  }
  // No page of another origin, but any program gets it: that is what tokens are for.
  is((await preflight(named, other)).ok, false, 'nor does it send them what it asks for before');
  const request = await fetch(`${anyone}/rpc/prismiq_tenant_id`, { method: 'POST', body: '{}',
    headers: { Origin: other, Authorization: `Bearer ${token(user)}`,
      'Content-Type': 'application/json' } });
  is([request.status, await request.json(), says(request, 'allow-origin')], [200, 'CA', '*'],
    'the request itself');
  const refused = await call(anyone, 'prismiq_query', { definition: {} },
    { headers: { Origin: other } });
  is([refused.status, says(refused, 'allow-origin')], [400, '*'], 'a page sees what was refused');
  is(sql('SELECT count(*) FROM prismiq.prismiq_dashboards'), '0', 'nothing was written');
});
