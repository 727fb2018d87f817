// docs/gateway.md is true: its commands of curl are answered as they say, its table of paths is the
// one that njs goes by, and what it shows of refusals is what is said.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, call, gateway, is, ok, skipAll, test, token, user } from '../lib/http.mjs';
import { ask, certificateIn, fillScript, front, routes } from '../lib/front.mjs';

if (!process.env.NGINX) skipAll('nginx cannot be installed');

const document = readFileSync(new URL('../../docs/gateway.md', import.meta.url), 'utf8');

// The table of paths, as [method, path, function].
function table() {
  const told = [...document.matchAll(/^\| ([A-Z]+) \| `([^`]+)` \| `(\w+)` \|/gm)]
    .map(([, ...row]) => row);
  const paths = (list) => list.map(([method, path]) => [method, path]);
  is(paths(told), paths(routes()), 'the table has all paths, in their order');
  const functions = readFileSync(join(fillScript, '../routes.sql'), 'utf8');
  const wrong = routes().filter(([, , name], n) => {
    const [, , said] = told[n] ?? [];
    if (name.startsWith('prismiq_')) return name !== said;
    const begin = functions.indexOf(`FUNCTION prismiq_rest.${name}(`);
    const body = functions.slice(begin, functions.indexOf('\n\n', begin));
    return !new RegExp(`\\bprismiq\\.${said}\\(`).test(body);
  });
  is(wrong, [], 'and the functions that they call');
}

// Each command, with the status that stands behind it.
async function commands(address, certificate, names) {
  const blocks = [...document.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text]) => text).join('');
  const found = [...blocks.matchAll(/^(curl .*?)\s+# (\d{3})$/gms)];

  is(found.length, blocks.match(/^curl /gm).length, 'each command says its status');
  ok(found.length > 8, 'there are some', found.length);
  for (const [, text, status] of found) {
    const command = text.replaceAll('https://bi.example.com', address);
    const got = execFileSync('bash', ['-c', `${command} -w '\\n%{http_code}'`], { encoding: 'utf8',
      env: { PATH: process.env.PATH, CURL_CA_BUNDLE: certificate, ...names } });
    is(got.split('\n').at(-1), status, `${text.replace(/\s+/g, ' ')}: ${status}`);
  }
}

test(async () => {
  table();
  const folder = mkdtempSync(join(tmpdir(), 'prismiq-gateway-docs-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  certificateIn(folder);
  const base = await gateway({ PGRST_DB_SCHEMAS: 'prismiq, prismiq_rest' });
  const address = await front(base, { certificate: folder });
  const { id } = (await call(base, 'prismiq_dashboard_create', { data: { name: 'Any' } })).body;
  await commands(address, join(folder, 'certificate.pem'), { TOKEN: token(user), DASHBOARD: id });

  const [, refusal] = document.match(/^```text\n(.*?)^```/ms);
  const [, status] = refusal.match(/HTTP(\d+)/);
  const limited = await front(base, { RATE_CALLER: '1r/m' });
  let answer;
  for (let n = 0; n < 300 && answer?.status !== Number(status); n++) {
    answer = await ask(limited, '/tables', { headers: { Authorization: `Bearer ${token(user)}` } });
  }
  is(answer.text, refusal.trim(), 'a refusal is what is said');

  // Without arguments the script tells what it takes.
  let said = '';
  try {
    execFileSync(fillScript, [], { stdio: 'pipe' });
  } catch (error) {
    said = String(error.stderr);
  }
  for (const [, name] of document.matchAll(/\b([A-Z_]+)=(?!\$)/g)) {
    ok(new RegExp(`^${name} `, 'm').test(said) || name === 'FOLDER', `fill knows ${name}`);
  }
});
