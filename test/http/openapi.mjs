// What the gateway makes of comments and of the domain "text/csv": a description of the API, and
// CSV as it is.

import { call, functions, gateway, is, like, ok, sql, test, token, user } from '../lib/http.mjs';

test(async () => {
  const base = await gateway();
  const root = async (claims) => {
    const answer = await fetch(`${base}/`, {
      headers: claims ? { Authorization: `Bearer ${token(claims)}` } : {} });
    return { status: answer.status, body: await answer.json() };
  };
  const { status, body } = await root(user);
  is(status, 200, 'the root answers');
  // Of functions of one name one comment is shown, of whichever of them.
  const comments = {};
  for (const f of functions().filter((g) => g.app)) {
    const [summary, ...rest] = f.comment.split('\n');
    comments[f.name] = [...comments[f.name] ?? [],
      { summary, description: rest.join('\n').replace(/^\n+/, '') }];
  }
  ok(Object.keys(comments).length > 30, 'there are functions to list');
  for (const [name, wanted] of Object.entries(comments)) {
    const post = body.paths[`/rpc/${name}`]?.post;
    ok(post, `${name} is listed`);
    is(wanted.find((w) => w.summary === post?.summary) ?? wanted,
      { summary: post?.summary, description: post?.description.replace(/^\n+/, '') },
      `${name}: the first line of its comment is the summary, the rest the description`);
  }
  for (const f of functions().filter((g) => !g.app)) {
    ok(!body.paths[`/rpc/${f.name}`], `${f.name} is not listed`);
  }
  const anonymous = await root(null);
  is(Object.keys(anonymous.body.paths ?? {}).filter((p) => p.startsWith('/rpc/prismiq_')
    && !sql(`SELECT count(*) FROM pg_proc p WHERE p.proname = '${p.slice(5)}'
      AND has_function_privilege('web_anon', p.oid, 'EXECUTE')`).match(/^[1-9]/)), [],
  'without a token nothing is listed that takes more than PUBLIC has');

  // CSV: raw, for whom asks for it.
  const definition = {
    tables: [{ id: 'f', name: 'flights' }, { id: 'a', name: 'airports' }],
    joins: [{ from_table_id: 'f', from_column: 'destination',
      to_table_id: 'a', to_column: 'iata' }],
    columns: [{ table_id: 'a', column: 'name' },
      { table_id: 'f', column: '*', aggregation: 'count', alias: 'n, "the number"' }],
    order_by: [{ table_id: 'a', column: 'name' }],
  };
  const wanted = sql(`SET ROLE web_user; SET prismiq.tenant_id = 'CA';
    SELECT to_json(prismiq.prismiq_query_csv($d$${JSON.stringify(definition)}$d$)::text)`);
  const headers = { Accept: 'text/csv' };
  for (const method of ['POST', 'GET']) {
    const csv = await call(base, 'prismiq_query_csv', { definition }, { method, headers });
    is(csv.status, 200, `${method} of CSV: 200`);
    like(csv.headers.get('content-type'), /^text\/csv/, `${method} of CSV: its type`);
    is(csv.text, JSON.parse(wanted), `${method} of CSV: raw, byte for byte`);
    like(csv.text, /^name,"n, ""the number"""\r\n/, `${method} of CSV: with its header row`);
  }
  const bad = await call(base, 'prismiq_query_csv', { definition: {} }, { headers });
  is([bad.status, bad.body?.code], [400, '22023'], 'a bad definition is told as ever');
});
