// docs/prisma.md: its client is generated, and its program prints what the document says.

import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { is, skipAll, sql, test } from '../lib/http.mjs';
import { applicationRole, blocks, folder, leastPrivilege } from '../lib/documents.mjs';

const modules = process.env.PRISMA;

if (!modules) skipAll('the packages of test/http/prisma cannot be had from npm');

test(async () => {
  leastPrivilege();
  applicationRole();
  const work = folder();
  const found = blocks('prisma.md');

  symlinkSync(modules, join(work, 'node_modules'));
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
  for (const { mark, text } of found) {
    const [, name] = mark.split(' ');
    if (name !== 'answer') writeFileSync(join(work, name), text);
  }
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: work,
      encoding: 'utf8', timeout: 120000, env: { ...process.env, CHECKPOINT_DISABLE: '1',
        // generate runs no engine, but would download one where it finds none.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        DATABASE_URL: `postgres://app@${encodeURIComponent(process.env.PGHOST)}/app` } });
    return { status, said: `${stdout}${stderr}` };
  };
  const made = run(join(modules, 'prisma', 'build', 'index.js'), 'generate');
  is(made.status, 0, 'a client is generated');
  if (made.status !== 0) console.error(made.said);
  is(run('use.js').said, found.find(({ mark }) => mark === 'text answer').text,
    'a dashboard is written and read');
  is(sql(`SELECT string_agg(name || ' ' || tenant_id, ',') FROM prismiq.prismiq_dashboards`, 'app'),
    'Delays CA', 'which is its tenant\'s');
});
