// The tables themselves over HTTP: 200, 201, 204 and 206, and what a plain request may not do, as
// the functions may not; then what PostgREST refuses by itself.

import { call, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

test(async () => {
  const base = await gateway();

  // A request to a table: its status, its body as JSON where it is, and its headers.
  async function ask(method, path, { body, claims = user, headers = {} } = {}) {
    const answer = await fetch(`${base}/${path}`, { method,
      headers: { 'Content-Type': 'application/json', ...headers,
        ...(claims ? { Authorization: `Bearer ${token(claims)}` } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, text, body: text === '' ? null : JSON.parse(text),
      headers: answer.headers };
  }
  // The status, and the code of what was refused.
  async function refused(method, path, options = {}) {
    const { status, body } = await ask(method, path, options);
    return [status, body?.code];
  }
  const names = async (options) => (await ask('GET',
    'prismiq_dashboards?select=name&order=name', options)).body.map(({ name }) => name);
  const representation = { Prefer: 'return=representation' };
  const texan = { ...user, tenant_id: 'TX', sub: 'tom' };

  let answer = await ask('POST', 'prismiq_dashboards', { body: { name: 'A' } });
  is([answer.status, answer.text], [201, ''], '201: a row is made');
  answer = await ask('POST', 'prismiq_dashboards', { body: { name: 'B' },
    headers: representation });
  is([answer.status, answer.body?.[0].tenant_id, answer.body?.[0].owner_id], [201, 'CA', 'ann'],
    '201: and answered, its tenant and owner those of the token');
  const { id } = answer.body[0];
  answer = await ask('POST', 'prismiq_widgets', { headers: representation,
    body: [1, 2].map((n) => ({ dashboard_id: id, type: 'text', title: `W${n}`,
      position: { x: 0, y: n, w: 2, h: 1 } })) });
  is([answer.status, answer.body?.length], [201, 2], '201: several');
  is(await names(), ['A', 'B'], '200: what there is');
  is(await names({ claims: texan }), [], '200: of another tenant nothing');
  answer = await ask('GET', 'prismiq_dashboards?select=name,prismiq_widgets(title)&name=eq.B'
    + '&prismiq_widgets.order=title');
  is(answer.body, [{ name: 'B', prismiq_widgets: [{ title: 'W1' }, { title: 'W2' }] }],
    '200: with its widgets, by the foreign key');
  answer = await ask('GET', 'prismiq_dashboards?select=name&order=name',
    { headers: { Range: '0-0', Prefer: 'count=exact' } });
  is([answer.status, answer.body, answer.headers.get('content-range')],
    [206, [{ name: 'A' }], '0-0/2'], '206: a part of it, and how many there are');
  answer = await ask('HEAD', 'prismiq_dashboards');
  is([answer.status, answer.text], [200, ''], 'HEAD: 200');
  answer = await ask('PATCH', 'prismiq_dashboards?name=eq.A', { body: { description: 'x' } });
  is([answer.status, answer.text], [204, ''], '204: a row is changed');
  answer = await ask('PATCH', 'prismiq_dashboards?name=eq.A', { body: { description: 'y' },
    claims: texan });
  is([answer.status, answer.headers.get('content-range')], [204, '*/*'],
    '204: and none of another tenant');
  is((await ask('PATCH', 'prismiq_dashboards?name=eq.A', { body: { description: 'y' },
    claims: texan, headers: representation })).body, [], '200: which is said who asks for it');
  is(sql(`SELECT description FROM prismiq.prismiq_dashboards WHERE name = 'A'`), 'x',
    'it is as it was');

  is(await refused('POST', 'prismiq_dashboards', { body: { name: 'A' } }), [409, '23505'],
    '409: a name that is taken');
  is(await refused('POST', 'prismiq_dashboards', { body: { name: ' ' } }), [400, '23514'],
    '400: no name');
  is(await refused('POST', 'prismiq_dashboards', { body: { name: 'C', tenant_id: 'TX' } }),
    [403, '42501'], '403: for another tenant');
  is(await refused('PATCH', 'prismiq_dashboards?name=eq.A', { body: { tenant_id: 'TX' } }),
    [403, '42501'], '403: to another tenant');
  is(await refused('POST', 'prismiq_dashboards', { body: { name: 'C' }, claims: { ...user,
    roles: ['viewer'] } }), [403, '42501'], '403: a viewer');
  is(await refused('PATCH', `prismiq_dashboards?id=eq.${id}`, { body: { owner_id: 'bob',
    allowed_editors: ['cem'] } }), [204, undefined], '204: an admin hands it on');
  const cem = { ...user, sub: 'cem', roles: ['analyst'] };
  is(await refused('PATCH', `prismiq_dashboards?id=eq.${id}`, { body: { description: 'z' },
    claims: cem }), [204, undefined], '204: who may edit it does');
  is(await refused('PATCH', `prismiq_dashboards?id=eq.${id}`, { body: { owner_id: 'cem' },
    claims: cem }), [403, '42501'], '403: and takes it from nobody');
  is(await refused('PATCH', `prismiq_dashboards?id=eq.${id}`, { body: { owner_id: 'dan' },
    claims: { ...cem, sub: 'dan' } }), [204, undefined], '204: to another user there is none');
  is(sql(`SELECT owner_id FROM prismiq.prismiq_dashboards WHERE id = '${id}'`), 'bob',
    'it is whose it was');
  is(await refused('POST', 'prismiq_dashboards', { body: { name: 'C' }, claims: null }),
    [401, '42501'], '401: without a token');
  for (const table of ['prismiq_exposures', 'prismiq_grants', 'prismiq_model',
    'prismiq_exposed_relations', 'prismiq_custom_endpoints']) {
    is(await refused('GET', table), [403, '42501'], `403: ${table} is no application's`);
  }
  answer = await ask('DELETE', 'prismiq_dashboards?name=eq.A');
  is([answer.status, answer.text], [204, ''], '204: a row is deleted');
  is(await names(), ['B'], 'and is gone');

  // What is not there, by PostgREST's own word.
  is(await refused('GET', 'prismiq_nothing'), [404, '42P01'], '404: no such table');
  is(await refused('GET', 'pg_class'), [404, '42P01'], '404: no catalog');
  is(await refused('GET', 'flights'), [404, '42P01'], '404: the data are in no schema of it');
  for (const [header, method] of [['Accept-Profile', 'GET'], ['Content-Profile', 'POST']]) {
    for (const schema of ['public', 'prismiq_internal', 'pg_catalog']) {
      is(await refused(method, 'rpc/prismiq_tables', { headers: { [header]: schema },
        body: method === 'POST' ? {} : undefined }), [406, 'PGRST106'],
      `406: ${schema} is not served`);
    }
  }
  is(await refused('POST', 'rpc/prismiq_tables', { body: {}, headers: { Accept: 'image/png' } }),
    [415, 'PGRST107'], '415: no answer of that type');
  is(await refused('POST', 'rpc/prismiq_tables', { body: {},
    headers: { 'Content-Type': 'text/xml' } }), [404, 'PGRST202'], '404: no document of that type');
  like((await call(base, 'prismiq_tables')).text, /flights/, 'afterwards there are answers');
  ok(sql('SELECT count(*) FROM prismiq.prismiq_dashboards') === '1', 'and what there was to be');
});
