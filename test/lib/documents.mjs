// For the tests in test/http that do what a document says: its blocks, an empty server on which
// they are run, and the roles that docs/operations.md makes there.

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, sql } from './http.mjs';

const docs = join(process.env.TEST_DIR, '..', 'docs');

// The fenced blocks of a document, in their order: {mark, text, line, section}; the mark is what
// stands behind the fence, the section the heading above.
export function blocks(document) {
  const found = [];
  let block = null;
  let section = '';
  for (const [n, line] of readFileSync(join(docs, document), 'utf8').split('\n').entries()) {
    if (line.startsWith('```')) {
      if (block) found.push(block);
      block = block ? null : { mark: line.slice(3), text: '', line: n + 1, section };
    } else if (block) block.text += `${line}\n`;
    else if (line.startsWith('## ')) section = line.slice(3);
  }
  return found;
}

// A folder that goes with the test.
export function folder() {
  const made = mkdtempSync(join(tmpdir(), 'prismiq-docs-'));
  atEnd(() => rmSync(made, { recursive: true }));
  return made;
}

// A server of the test's own, which has no roles and no databases but PostgreSQL's; psql goes there
// from now on. Documents make roles, and those of the server of all tests are there already.
export function ownServer() {
  const work = folder();
  const data = join(work, 'data');
  const log = join(work, 'log');
  execFileSync('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale',
    '-N'], { stdio: 'ignore' });
  appendFileSync(join(data, 'postgresql.conf'), `listen_addresses = ''\n`
    + `unix_socket_directories = '${work}'\nport = 5432\ntimezone = 'UTC'\nfsync = off\n`);
  const started = spawnSync('pg_ctl', ['-D', data, '-l', log, '-w', '-t', '60', '-s', 'start'],
    { stdio: 'ignore' });
  if (started.status !== 0) throw new Error(`no server: ${readFileSync(log, 'utf8')}`);
  atEnd(() => execFileSync('pg_ctl', ['-D', data, '-w', '-s', '-m', 'fast', 'stop']));
  Object.assign(process.env, { PGHOST: work, PGPORT: '5432', PGUSER: 'postgres' });
}

// The role "app", as which an application connects itself.
export function applicationRole() {
  sql(`CREATE ROLE app LOGIN; GRANT CONNECT ON DATABASE app TO app;
    GRANT USAGE ON SCHEMA public TO app; GRANT SELECT ON flights, airports TO app;
    SELECT FROM prismiq.prismiq_grant('app', 'app')`, 'app');
}

// The database "app" with the test data, as an application has it before Prismiq, and then the
// block of docs/operations.md that makes roles and the extension. What that block is.
export function leastPrivilege() {
  ownServer();
  sql('CREATE DATABASE app', 'postgres');
  execFileSync('psql', ['-Xq', '-d', 'app', '-v', `dir=${process.env.TEST_DIR}/data`,
    '-f', `${process.env.TEST_DIR}/data/load.sql`]);
  const { text } = blocks('operations.md').find((one) => one.mark === 'sql server');
  sql(text, 'app');
  return text;
}
