// A client in TypeScript out of the description of the API (GET /): what a generator makes of it,
// with docs/prismiq.d.ts for definitions and answers, is compiled, refuses what is wrong, and runs.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync }
  from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, functions, gateway, is, ok, sql, test, token, user } from '../lib/http.mjs';

const require = createRequire(import.meta.url);

// PostgREST says of each function what goes in; what comes out is in docs/prismiq.d.ts.
const head = `
import createClient from 'openapi-fetch';
import type { paths } from './api';
import type { Definition, QueryAnswer, WidgetAnswer } from './prismiq';

declare const process: { env: { BASE: string; TOKEN: string } };
declare const console: { log(text: string): void };

const client = createClient<paths>({ baseUrl: process.env.BASE,
  headers: { Authorization: \`Bearer \${process.env.TOKEN}\` } });
const answered = <T,>(result: { data?: unknown }) => result.data as T;
`;

const program = `${head}
const definition: Definition = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] };
const query = answered<QueryAnswer>(
  await client.POST('/rpc/prismiq_query', { body: { definition } }));
const board = answered<{ id: string }>(await client.POST('/rpc/prismiq_dashboard_create', {
  body: { data: { name: 'By a client', widgets: [{ type: 'metric', query: definition }] } } }));
const got = answered<{ name: string }>(await client.GET('/rpc/prismiq_dashboard_get',
  { params: { query: { id: board.id } } }));
const data = answered<Record<string, WidgetAnswer>>(await client.POST(
  '/rpc/prismiq_dashboard_data', { body: { dashboard_id: board.id, filters: {} } }));
const table = await client.GET('/prismiq_dashboards', { params: { query: { select: 'name' } } });
const refused = await client.POST('/rpc/prismiq_dashboard_get',
  { body: { id: '00000000-0000-4000-8000-000000000000' } });
const sample = await client.POST('/rpc/prismiq_column_sample',
  { body: { table_name: 'flights', column_name: 'state', max_values: 3 } });

console.log(JSON.stringify({ rows: query.rows, name: got.name,
  data: Object.values(data).map((answer) => 'rows' in answer ? answer.rows : answer),
  table: table.data?.map((row) => row.name), refused: refused.response.status,
  sample: answered<string[]>(sample) }));
`;

// Calls that no type lets through, each with what is wrong.
const wrong = {
  'an argument that is misspelt': `'/rpc/prismiq_query', { body: { defintion: {} } }`,
  'an argument that is missing': `'/rpc/prismiq_dashboard_get', { body: {} }`,
  'an argument of another type': `'/rpc/prismiq_query_csv', { body: [] }`,
  'a function that there is not': `'/rpc/prismiq_nothing', { body: {} }`,
};

test(async () => {
  const base = await gateway();
  const folder = mkdtempSync(join(tmpdir(), 'prismiq-client-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  copyFileSync(join(process.env.TEST_DIR, '..', 'docs', 'prismiq.d.ts'),
    join(folder, 'prismiq.d.ts'));
  symlinkSync(join(process.env.TEST_DIR, 'node_modules'), join(folder, 'node_modules'));

  const swagger = await (await fetch(`${base}/`, { headers: {
    Authorization: `Bearer ${token(user)}` } })).json();
  is(swagger.swagger, '2.0', 'PostgREST describes the API by OpenAPI 2');
  const { openapi } = await require('swagger2openapi').convertObj(swagger, { patch: true });
  is(openapi.openapi.slice(0, 2), '3.', 'and a converter makes OpenAPI 3 of it');
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openapi));
  const run = (program_, ...args) => {
    try {
      return { out: execFileSync(process.execPath, [program_, ...args], { cwd: folder,
        encoding: 'utf8', stdio: 'pipe', env: { ...process.env, BASE: base,
          TOKEN: token(user) } }) };
    } catch (error) {
      return { out: `${error.stdout}${error.stderr}`, failed: true };
    }
  };
  const module_ = (name) => join(process.env.TEST_DIR, 'node_modules', name);
  const generated = run(module_('openapi-typescript/bin/cli.js'), 'openapi.json', '-o', 'api.d.ts');
  ok(!generated.failed, 'types are made of it', generated.out);

  const compile = (name, text) => {
    writeFileSync(join(folder, name), text);
    return run(module_('typescript/bin/tsc'), '--strict', '--target', 'es2022', '--module',
      'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom,dom.iterable', name);
  };
  const compiled = compile('client.mts', program);
  is(compiled.out, '', 'a client is compiled');
  const lines = head.split('\n').length;
  const { out } = compile('wrong.mts', head + Object.values(wrong).map(
    (text) => `await client.POST(${text});`).join('\n'));
  Object.keys(wrong).forEach((what, number) => {
    ok(new RegExp(`^wrong\\.mts\\(${lines + number},\\d+\\): error`, 'm').test(out),
      `refused: ${what}`, out);
  });

  const said = run('client.mjs');
  const count = Number(sql(`SELECT count(*) FROM public.flights WHERE state = 'CA'`));
  is(said.failed ? said.out : JSON.parse(said.out), { rows: [[count]], name: 'By a client',
    data: [[[count]]], table: ['By a client'], refused: 404, sample: ['CA'] }, 'and runs');

  // Each function with what it does, as people read it in their editor.
  const types = readFileSync(join(folder, 'api.d.ts'), 'utf8');
  for (const { name, comment, app } of functions()) {
    const there = types.includes(`"/rpc/${name}": {`);
    is(there, app, `${name} is ${app ? '' : 'not '}in the types`);
    if (app && !name.startsWith('prismiq_time_bucket')) {
      ok(types.includes(comment.split('\n')[0].replaceAll('*/', '*\\/')),
        `${name}: with its summary`, comment.split('\n')[0]);
    }
  }
});
