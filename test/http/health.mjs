// Whether the service is ready, as a probe asks for it, and metrics, as Prometheus scrapes them.

import { call, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

// What Prometheus sends, by version.
const accepts = {
  2.42: 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;'
    + 'q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  '3.0': 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,'
    + 'application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;'
    + 'escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  'curl -H "Accept: text/plain"': 'text/plain',
};

test(async () => {
  const base = await gateway();

  for (const method of ['GET', 'POST', 'HEAD']) {
    for (const name of ['prismiq_health_live', 'prismiq_health_ready']) {
      const answer = await call(base, name, {}, { method, claims: null });
      is(answer.status, 200, `${method} ${name}: 200 without a token`);
      if (method !== 'HEAD') is(answer.body?.status, 'ok', `${method} ${name}: ok`);
    }
  }
  const hidden = await call(base, 'prismiq_health', {}, { claims: null });
  is(hidden.status, 401, 'versions are not told without a token');

  sql(`CREATE ROLE metrics_${process.pid};
    GRANT metrics_${process.pid} TO authenticator;
    GRANT USAGE ON SCHEMA prismiq TO metrics_${process.pid};
    GRANT EXECUTE ON FUNCTION prismiq.prismiq_metrics() TO metrics_${process.pid};
    NOTIFY pgrst`);
  const scraper = { role: `metrics_${process.pid}` };
  const wanted = (text) => text.replace(/^prismiq_backend_cache_entries.*\n/gm, '');
  const answer = sql('SELECT prismiq.prismiq_metrics()');
  for (const [who, accept] of Object.entries(accepts)) {
    const scraped = await call(base, 'prismiq_metrics', {},
      { method: 'GET', claims: scraper, headers: { Accept: accept } });
    is(scraped.status, 200, `${who}: 200`);
    like(scraped.headers.get('content-type'), /^text\/plain/, `${who}: its type`);
    is(wanted(scraped.text), wanted(`${answer}\n`.replace(/\n+$/, '\n')),
      `${who}: the text as it is`);
    ok(scraped.text.endsWith('\n') && !scraped.text.endsWith('\n\n'), `${who}: to its last line`);
  }
  is((await call(base, 'prismiq_metrics', {}, { claims: user })).status, 403,
    'an application may not ask for metrics');
  is((await call(base, 'prismiq_metrics', {}, { claims: null })).status, 401,
    'nor may who has no token');
  is((await call(base, 'prismiq_exposed', {}, { claims: scraper })).status, 403,
    'and who scrapes may ask for nothing else');

  // Two versions, as in the middle of an upgrade.
  sql(`UPDATE pg_extension SET extversion = '9.9' WHERE extname = 'prismiq'`);
  is((await call(base, 'prismiq_health_live', {}, { claims: null })).status, 200,
    'of two versions: it lives');
  for (const method of ['GET', 'POST']) {
    const ready = await call(base, 'prismiq_health_ready', {}, { method, claims: null });
    is([ready.status, ready.body?.reasons], [503, ['version_mismatch']],
      `${method}: it is not ready`);
  }
  is((await call(base, 'prismiq_health_ready', {}, { method: 'HEAD', claims: null })).status, 200,
    'HEAD calls nothing, and so tells nothing');
  is((await call(base, 'prismiq_health')).status, 503, 'and says which versions there are');
  const scraped = await fetch(`${base}/rpc/prismiq_metrics`, { headers: {
    Authorization: `Bearer ${token(scraper)}`, Accept: accepts[2.42] } });
  is(scraped.status, 200, 'metrics are told all the same');
  like(await scraped.text(), /^prismiq_ready 0$/m, 'with that it is not ready');
});
