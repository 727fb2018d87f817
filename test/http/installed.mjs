// The extension is installed, and taken away, while the gateway runs: it serves the functions as
// soon as it is told.

import { call, gateway, is, ok, sql, test, token, user } from '../lib/http.mjs';

test(async () => {
  const base = await gateway({}, 'DROP EXTENSION prismiq CASCADE');
  const known = async () => Object.keys((await (await fetch(`${base}/`, { headers: {
    Authorization: `Bearer ${token(user)}` } })).json()).paths)
    .filter((path) => path.startsWith('/rpc/prismiq_')).length;
  // Until the gateway knows what was asked for.
  async function until(condition) {
    for (let n = 0; n < 200; n++) {
      if (await condition()) return true;
      await new Promise((done) => { setTimeout(done, 50); });
    }
    return false;
  }

  is([(await call(base, 'prismiq_tables')).status, await known()], [404, 0], 'there is nothing');
  sql(`CREATE EXTENSION prismiq SCHEMA prismiq;
    SELECT prismiq.prismiq_expose('flights', tenant_column => 'state');
    SELECT prismiq.prismiq_grant('web_user', 'app'), prismiq.prismiq_grant('web_anon', 'public')`);
  is((await call(base, 'prismiq_tables')).status, 404, 'it does not look by itself');
  sql('NOTIFY pgrst');
  ok(await until(async () => (await call(base, 'prismiq_tables')).status === 200),
    'told of it, it serves the functions');
  is((await call(base, 'prismiq_tables')).body, ['flights'], 'with what is exposed');
  is((await call(base, 'prismiq_health_ready', {}, { claims: null })).body?.ready, true,
    'everybody may ask whether it is ready');
  ok(await known() > 30, 'and they are listed');
  sql('DROP EXTENSION prismiq CASCADE; NOTIFY pgrst');
  ok(await until(async () => await known() === 0), 'taken away, they are not there any more');
});
