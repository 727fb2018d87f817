// Fifty clients at a time, four kinds of call, over a pool of ten connections: not one error, every
// answer the right one; then one client alone. Prints how long they took. LOAD_SECONDS=20 for more
// than five seconds.

import { call, database, gateway, is, ok, sql, test, user } from '../lib/http.mjs';

const seconds = Number(process.env.LOAD_SECONDS ?? 5);
const clients = 50;

test(async () => {
  const base = await gateway({ PGRST_DB_POOL: '10' });
  const flights = [{ id: 'f', name: 'flights' }];
  const definition = { tables: flights, columns: [{ table_id: 'f', column: 'state' },
    { table_id: 'f', column: '*', aggregation: 'count', alias: 'n' }] };
  const tenants = sql(`SELECT DISTINCT state FROM public.flights WHERE state IN ('CA', 'TX', 'NY')`)
    .split('\n');
  ok(tenants.length > 1, 'there are tenants');
  const known = {};
  for (const tenant of tenants) {
    const claims = { ...user, tenant_id: tenant };
    const made = await call(base, 'prismiq_dashboard_create', { data: { name: 'D',
      widgets: [1, 2, 3].map(() => ({ type: 'metric', query: definition })) } }, { claims });
    known[tenant] = { claims, board: made.body, count: Number(sql(`SELECT count(*)
      FROM public.flights WHERE state = '${tenant}'`)) };
  }

  // Whether an answer is the right one.
  const kinds = {
    async query({ claims, count }, tenant) {
      const { status, body } = await call(base, 'prismiq_query', { definition }, { claims });
      return status === 200 && body.rows[0][0] === tenant && body.rows[0][1] === count;
    },
    async dashboard({ claims, board, count }) {
      const { status, body } = await call(base, 'prismiq_dashboard_data',
        { dashboard_id: board.id }, { claims, method: 'GET' });
      return status === 200 && board.widgets.every(({ id }) => body[id].rows[0][1] === count);
    },
    async schema({ claims }) {
      const { status, body } = await call(base, 'prismiq_schema', {}, { claims, method: 'GET' });
      return status === 200 && body.tables.some((t) => t.name === 'flights');
    },
    async change({ claims, board }, tenant) {
      const { status, body } = await call(base, 'prismiq_dashboard_update',
        { id: board.id, data: { description: tenant } }, { claims });
      return status === 200 && body.description === tenant;
    },
  };

  const took = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  const wrong = [];
  const end = performance.now() + seconds * 1000;
  const client = async (number) => {
    for (let n = number; performance.now() < end; n++) {
      const kind = Object.keys(kinds)[n % 4];
      const tenant = tenants[Math.floor(n / 4) % tenants.length];
      const begin = performance.now();
      let good = false;
      try {
        good = await kinds[kind](known[tenant], tenant);
      } catch (error) {
        good = false;
        wrong.push(`${kind}: ${error}`);
      }
      if (!good) wrong.push(`${kind} of ${tenant}`);
      took[kind].push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));

  is(wrong.slice(0, 5), [], `${clients} clients for ${seconds} s: no error`);
  for (const [kind, times] of Object.entries(took)) {
    times.sort((a, b) => a - b);
    const at = (part) => `${Math.round(times[Math.floor(times.length * part)])} ms`;
    ok(times.length >= clients, `${kind}: at least as many calls as clients`, times.length);
    console.error(`# ${kind.padEnd(9)} ${String(Math.round(times.length / seconds)).padStart(5)} `
      + `a second, p50 ${at(0.5)}, p95 ${at(0.95)}`);
  }

  // One client, whose answer has one row.
  const alone = [];
  while (alone.length < 200) {
    const begin = performance.now();
    if (!await kinds.query(known[tenants[0]], tenants[0])) wrong.push('alone');
    alone.push(performance.now() - begin);
  }
  is(wrong.slice(0, 5), [], 'nor of one client');
  console.error(`# one client, one row: p50 ${alone.sort((a, b) => a - b)[100].toFixed(2)} ms`);
  is(sql(`SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}'
    AND state LIKE 'idle in transaction%'`), '0',
    'and no transaction is left open');
});
