// docs/http.md is done as it says, from top to bottom, on an empty server: the roles of
// docs/operations.md, PostgREST with the configuration that is shown, each command in one session
// of bash, each script in node. They get nothing but the address and a token of the claims that
// are shown. What is shown as their answer is compared.

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, call, is, ok, postgrest, sql, test, token } from '../lib/http.mjs';
import { blocks, folder, leastPrivilege } from '../lib/documents.mjs';

// A session of bash: run(block) is what the block printed, and whether it succeeded.
function session(cwd, given) {
  const bash = spawn('bash', ['--norc'], { cwd, env: { ...process.env, ...given },
    stdio: ['pipe', 'pipe', 'pipe'] });
  const errors = [];
  let seen = '';
  let arrived = () => {};
  bash.stdout.setEncoding('utf8').on('data', (data) => { seen += data; arrived(); });
  bash.stderr.on('data', (data) => errors.push(String(data)));
  const ended = new Promise((done) => { bash.on('exit', done); });
  atEnd(async () => { bash.stdin.end(); await ended; });
  return async (block) => {
    seen = '';
    bash.stdin.write(`${block}\nprintf '\\nend of block %s\\n' $?\n`);
    for (;;) {
      const end = /\nend of block (\d+)\n$/.exec(seen);
      if (end) return { said: seen.slice(0, end.index), good: end[1] === '0', errors };
      if (bash.exitCode !== null) return { said: seen, good: false, errors };
      await Promise.race([new Promise((done) => { arrived = done; }), ended]);
    }
  };
}

// A script in node, with the names that the document says are there.
function script(cwd, text, given) {
  const file = join(cwd, 'script.mjs');
  writeFileSync(file, `const ${Object.entries(given)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ')};\n${text}`);
  const ran = spawnSync(process.execPath, [file], { cwd, encoding: 'utf8' });
  return { said: ran.stdout, good: ran.status === 0, errors: [ran.stderr] };
}

// JSON without the time that it took, or the text itself.
function answer(text, json) {
  if (!json) return text.replace(/\r/g, '').trimEnd();
  try {
    const value = JSON.parse(text);
    delete value.execution_time_ms;
    return value;
  } catch {
    return text;
  }
}

test(async () => {
  const steps = leastPrivilege();
  const cwd = folder();
  const found = blocks('http.md');
  const only = (mark) => {
    const those = found.filter((one) => one.mark === mark);
    is(those.length, 1, `one block of ${mark}`);
    return those[0].text;
  };
  const config = join(cwd, 'prismiq.conf');
  writeFileSync(config, only('ini postgrest'));
  const secret = /^jwt-secret = "(.*)"$/m.exec(only('ini postgrest'))[1];
  const claims = JSON.parse(only('json token'));
  const given = { API: await postgrest({ PGHOST: process.env.PGHOST, PGPORT: process.env.PGPORT },
    [config]), TOKEN: token(claims, secret) };
  const run = session(cwd, given);
  let ran = 0;
  let last = null;

  for (const { mark, text, line } of found) {
    const name = `docs/http.md, line ${line}: ${mark}`;
    if (mark === 'bash' || mark === 'js') {
      last = mark === 'bash' ? await run(text) : script(cwd, text, given);
      ok(last.good, name, last.errors.join(''));
      ran++;
    } else if (/^(json|text) answer$/.test(mark) && last) {
      const json = mark === 'json answer';
      is(answer(last.said, json), answer(text, json), name);
      last = null;
    } else if (mark.startsWith('sql')) last = null;
  }
  ok(ran >= 5, 'there are examples', ran);

  // Without the notice nothing is known of an extension that was not there when PostgREST began.
  const known = async () => (await call(given.API, 'prismiq_schema', {}, { token: given.TOKEN }));
  is((await known()).status, 200, 'it is known');
  sql('DROP EXTENSION prismiq CASCADE; DROP SCHEMA prismiq', 'app');
  sql(only('sql server'), 'app');
  for (let n = 0; n < 200 && (await known()).body?.code !== 'PGRST202'; n++) {
    await new Promise((done) => { setTimeout(done, 50); });
  }
  sql(steps.slice(steps.indexOf('SET ROLE app_owner;')), 'app');
  const { status, body } = await known();
  is([status, body?.code], [404, 'PGRST202'], 'an extension that came later is not known');
  sql(only('sql server'), 'app');
  for (let n = 0; n < 200 && (await known()).status !== 200; n++) {
    await new Promise((done) => { setTimeout(done, 50); });
  }
  is((await known()).status, 200, 'until the gateway is told');
});
