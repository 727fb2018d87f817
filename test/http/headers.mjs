// X-Tenant-ID and X-User-ID as PostgREST hands them on, trusted and not, as a proxy of one's own
// and as somebody who means no good sends them.

import { connect } from 'node:net';
import { call, database, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

const who = (answer) => [answer.status, answer.body?.tenant_id, answer.body?.user_id,
  answer.body?.source];
// A token of the application's own service: a role, and nobody.
const service = { role: 'web_user' };

test(async () => {
  const base = await gateway({}, `ALTER DATABASE ${database} SET prismiq.trust_headers = on`);

  // A request by hand: a client library would not send what some of these are. Lines of the head.
  const raw = (...lines) => new Promise((done, fail) => {
    const got = [];
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.on('data', (data) => got.push(data));
    socket.on('end', () => {
      const text = Buffer.concat(got).toString();
      const [, status] = text.match(/^HTTP\/1\.\d (\d+)/) ?? [];
      let body;
      try { body = JSON.parse(text.match(/\{.*\}/)[0]); } catch { body = undefined; }
      done({ status: Number(status), body, text });
    });
    socket.on('error', fail);
    socket.write(Buffer.from(['GET /rpc/prismiq_context HTTP/1.1', 'Host: gateway',
      `Authorization: Bearer ${token(service)}`, 'Connection: close', ...lines, '', '']
      .join('\r\n'), 'latin1'));
  });
  const asked = async (claims, headers) => who(await call(base, 'prismiq_context', {},
    { claims, headers }));

  is(await asked(service, { 'X-Tenant-ID': 'CA', 'X-User-ID': 'ann' }),
    [200, 'CA', 'ann', 'headers'], 'the headers say who is asking');
  is(await asked(null, { 'X-Tenant-ID': 'CA' }), [200, 'CA', null, 'headers'],
    'of a request without a token, too');
  is(await asked({ ...user, tenant_id: 'TX' }, { 'X-Tenant-ID': 'CA', 'X-User-ID': 'bob' }),
    [200, 'TX', 'ann', 'claims'], 'claims go before headers');
  is(await asked({ role: 'web_user', sub: 'ann' }, { 'X-Tenant-ID': 'CA' }),
    [200, null, null, null], 'and who is named by a token gets no tenant by a header');

  const definition = { tables: [{ id: 'f', name: 'flights' }],
    columns: [{ table_id: 'f', column: 'state' },
      { table_id: 'f', column: '*', aggregation: 'count' }] };
  for (const tenant of ['CA', 'TX']) {
    for (const method of ['POST', 'GET']) {
      const answer = await call(base, 'prismiq_query', { definition },
        { method, claims: service, headers: { 'x-tenant-id': tenant } });
      is(answer.body?.rows, [[tenant, Number(sql(`SELECT count(*) FROM public.flights
        WHERE state = '${tenant}'`))]], `${method}: the rows of ${tenant}`);
    }
  }
  const anonymous = await call(base, 'prismiq_query', { definition },
    { claims: null, headers: { 'X-Tenant-ID': 'CA' } });
  is([anonymous.status, anonymous.body?.code], [401, '42501'],
    'a header makes nobody more than the anonymous role');
  const nobody = await call(base, 'prismiq_query', { definition }, { claims: service });
  is([nobody.status, nobody.body?.code], [403, '42501'], 'without a header there is no tenant');

  is(who(await raw('X-Tenant-ID:  CA \t ')), [200, 'CA', null, 'headers'],
    'white space around a value is none of it');
  // What docs/settings.md says: the database sees one of them.
  is(who(await raw('X-Tenant-ID: CA', 'X-Tenant-ID: TX')), [200, 'TX', null, 'headers'],
    'of one that is sent twice PostgREST hands on the last');
  const refused = { 'an empty one': 'X-Tenant-ID:', 'two in one': 'X-Tenant-ID: CA, TX',
    'a NUL': 'X-Tenant-ID: CA\0', 'a tab inside': 'X-Tenant-ID: C\tA',
    'no ASCII': Buffer.from('X-Tenant-ID: Á').toString('latin1'),
    'a name that is not quite it': 'X-Tenant-ID : CA', 'another': 'X_Tenant_ID: CA',
    '10 kB': `X-Tenant-ID: ${'x'.repeat(10240)}` };
  for (const [what, line] of Object.entries(refused)) {
    is(who(await raw(line)), [200, null, null, null], `${what}: no context`);
  }
  is(who(await raw('X-Tenant-ID: CA', 'X-User-ID: ann, bob')), [200, null, null, null],
    'nor with a user that is none');
  for (const [what, line] of Object.entries({ 'not UTF-8': 'X-Tenant-ID: \xe9\xff',
    '70 kB': `X-Tenant-ID: ${'x'.repeat(70000)}` })) {
    const answer = await raw(line);
    ok([400, 431, 500].includes(answer.status) && answer.body === undefined,
      `${what}: the gateway's own refusal`, answer.text);
  }
  is((await call(base, 'prismiq_query', { definition },
    { claims: service, headers: { 'X-Tenant-ID': 'CA' } })).status, 200,
  'afterwards there are answers');

  // Off: PostgREST connects anew.
  sql(`ALTER DATABASE ${database} RESET prismiq.trust_headers;
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE usename = 'authenticator' AND datname = '${database}'`);
  let off;
  for (let n = 0; n < 100; n++) {
    off = await call(base, 'prismiq_context', {}, { claims: service,
      headers: { 'X-Tenant-ID': 'CA' } });
    if (off.status === 200) break;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  is(who(off), [200, null, null, null], 'off, as it is by default: no header counts');
  like(JSON.stringify((await call(base, 'prismiq_query', { definition }, { claims: service,
    headers: { 'X-Tenant-ID': 'CA' } })).body), /42501/, 'and there are no rows');
});
