// docs/orm.md: its files are run as they stand there, beside Prismiq's tables. Those that are
// whole programs print what the document says; migrations that an ORM works out for itself leave
// our tables alone, and would not without what the document says.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { is, like, ok, skip, sql, test } from '../lib/http.mjs';
import { applicationRole, blocks, folder, leastPrivilege } from '../lib/documents.mjs';

const python = '/usr/bin/python3';
const found = blocks('orm.md');
const file = (name) => found.find(({ mark }) => mark.split(' ')[1] === name).text;

// What is shown below a file as what it prints.
const answer = (name) => {
  const i = found.findIndex(({ mark }) => mark.split(' ')[1] === name);
  return found[i + 1].mark === 'text answer' ? found[i + 1].text : undefined;
};

// Run a program; what it printed, and how it ended.
function run(cwd, command, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args,
    { cwd, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 120000 });
  return { status, said: `${stdout}${stderr}`, printed: stdout };
}

// What there is of ours, so that it is seen when something of it is gone or altered.
const ours = () => sql(`SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM (
    SELECT (attrelid::regclass, attname, atttypid, attnotnull) AS c FROM pg_attribute
    JOIN pg_class r ON r.oid = attrelid WHERE NOT attisdropped
      AND relnamespace IN ('prismiq'::regnamespace, 'prismiq_internal'::regnamespace)
    UNION ALL SELECT (conrelid::regclass, conname, pg_get_constraintdef(oid), NULL)
    FROM pg_constraint WHERE connamespace = 'prismiq'::regnamespace) all_of_it (c)`, 'app');

// SQLAlchemy and Alembic.
function pythons(work) {
  const url = (user) => `postgresql+psycopg2://${user}@/app?host=${process.env.PGHOST}`;
  for (const name of ['models.py', 'use.py']) writeFileSync(join(work, name), file(name));
  const used = run(work, python, ['use.py', url('app')]);
  is(used.said.trim(), answer('use.py').trim(), 'SQLAlchemy: a dashboard is written and read');
  sql(`BEGIN; SELECT FROM prismiq.prismiq_set_context('CA', 'ann', '{admin}');
    SELECT FROM prismiq.prismiq_dashboard_create('{"name": "Of CA"}'); COMMIT`, 'app');
  const nobody = run(work, python, ['-c', `from models import *
from sqlalchemy import create_engine
engine = create_engine('${url('app')}')
with UserSession(engine) as session: session.query(Dashboard).count()`]);
  like(nobody.said, /KeyError: 'user'/, 'a session without a user asks nothing');
  const next = run(work, python, ['-c', `from models import *
from sqlalchemy import create_engine
engine = create_engine('${url('app')}', pool_size=1, max_overflow=0)
with UserSession(engine, info={'user': ('CA', 'ann', ['admin'])}) as session:
    print(session.query(Dashboard).count())
    session.rollback()
    print(session.query(Dashboard).count())
with UserSession(engine, info={'user': ('TX', 'tom', ['owner'])}) as session:
    print(session.query(Dashboard).count())
with Session(engine) as session: print(session.query(Dashboard).count())`]);
  is(next.said, '1\n1\n0\n0\n', 'each has its own tenant, and a connection of the pool none');

  // The application has its tables and one that is new.
  writeFileSync(join(work, 'application.py'), `from sqlalchemy import *
metadata = MetaData()
engine = create_engine('${url('app_owner')}')
metadata.reflect(engine)
if 'notes' not in metadata.tables:
    Table('notes', metadata, Column('id', Integer, primary_key=True), Column('text', Text))
`);
  const alembic = (...args) => run(work, python, ['-m', 'alembic.config', ...args]);
  is(alembic('init', 'migrations').status, 0, 'Alembic: a folder of migrations');
  const ini = join(work, 'alembic.ini');
  writeFileSync(ini, readFileSync(ini, 'utf8').replace(/^sqlalchemy\.url.*$/m,
    `sqlalchemy.url = ${url('app_owner')}`));
  const env = join(work, 'migrations', 'env.py');
  const versions = join(work, 'migrations', 'versions');
  const revision = (name) => {
    const made = alembic('revision', '--autogenerate', '-m', name);
    const script = readdirSync(versions).find((one) => one.endsWith(`_${name}.py`));
    return script ? readFileSync(join(versions, script), 'utf8') : made.said;
  };
  const steps = (text) => text.match(/op\.\w+\('\w+'/g) ?? [];

  writeFileSync(env, file('env.py').replace(', include_name=include_name', ''));
  const bad = steps(revision('all'));
  ok(bad.includes("op.drop_table('prismiq_dashboards'"),
    'without the hook it wants to drop our tables', bad);
  for (const script of readdirSync(versions).filter((one) => one.endsWith('.py'))) {
    rmSync(join(versions, script));
  }
  writeFileSync(env, file('env.py'));
  is(steps(revision('notes')), ["op.create_table('notes'", "op.drop_table('notes'"],
    'with it, it makes the new table, and nothing else');
  const before = ours();
  const upgraded = alembic('upgrade', 'head');
  is([upgraded.status, sql(`SELECT to_regclass('public.notes')`, 'app')], [0, 'notes'],
    'the migration is run');
  is(steps(revision('nothing')), [], 'and then there is nothing more to do');
  is(ours(), before, 'our tables are what they were');
}

// Drizzle.
function drizzles(work) {
  const url = (user) => `postgres://${user}@${encodeURIComponent(process.env.PGHOST)}/app`;
  const as = (user) => ({ DATABASE_URL: url(user) });
  symlinkSync(process.env.ORM, join(work, 'node_modules'));
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
  for (const name of ['dashboards.js', 'use.js', 'drizzle.config.js']) {
    writeFileSync(join(work, name), file(name));
  }
  is(run(work, process.execPath, ['use.js'], as('app')).said, answer('use.js'),
    'Drizzle: a dashboard is written and read');
  const kit = (...args) => run(work, process.execPath,
    [join(process.env.ORM, 'drizzle-kit', 'bin.cjs'), ...args], as('app_owner'));

  // The application's schema is what is there, and a table that is new.
  const { said } = kit('pull');
  const script = join(work, 'drizzle', 'schema.ts');
  const pulled = existsSync(script) ? readFileSync(script, 'utf8') : said;
  ok(/pgTable\("flights"/.test(pulled) && !/prismiq/.test(pulled), 'pull leaves out our tables',
    pulled);
  writeFileSync(join(work, 'schema.ts'), `${pulled}
    export const memos = pgTable('memos', { id: integer().primaryKey(), text: text() });\n`);
  const before = ours();
  const pushed = kit('push', '--force');
  is([pushed.status, sql(`SELECT to_regclass('public.memos')`, 'app')], [0, 'memos'],
    'push makes the table', pushed.said);
  is([ours(), sql(`SELECT count(*) FROM flights`, 'app') > 0], [before, true],
    'and leaves ours alone');
  writeFileSync(join(work, 'drizzle.config.js'), file('drizzle.config.js')
    .replace("['public']", "['public', 'prismiq']").replace("['!prismiq_*']", "['*']"));
  for (const command of ['pull', 'push']) {
    const { status, said } = kit(command, ...(command === 'push' ? ['--force'] : []));
    ok(status !== 0 && /rismiq_int/.test(said), `without the filters, ${command} reads ours, `
      + 'and fails at them', said.slice(-500));
  }
  is(ours(), before, 'which are what they were');
}

test(async () => {
  leastPrivilege();
  applicationRole();
  if (run('/', python, ['-c', 'import sqlalchemy, alembic, psycopg2']).status === 0) {
    pythons(folder());
  } else skip('SQLAlchemy and Alembic', 'Debian: python3-sqlalchemy, -alembic, -psycopg2');
  if (process.env.ORM) drizzles(folder());
  else skip('Drizzle', 'the packages of test/http/orm cannot be had from npm');
  like(run('/', 'psql', ['-XAtq', '-U', 'app_owner', '-d', 'app', '-c',
    'DROP TABLE prismiq.prismiq_widgets CASCADE']).said,
  /cannot drop .* because extension prismiq requires it/, 'no owner drops a table of ours');
});
