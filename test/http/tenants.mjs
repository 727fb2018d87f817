// Two tenants over the four connections of one pool, 2,000 requests of all kinds in a mixed order:
// nobody sees a row of the other, nobody is refused for the other's faults.

import { call, database, gateway, is, ok, sql, test, user } from '../lib/http.mjs';

const requests = 2000;
const clients = 16;

// Numbers that look random and are the same in each run.
let seed = Number(process.env.SEED ?? 1);
const random = (n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * n);
};

test(async () => {
  const base = await gateway();
  const flights = [{ id: 'f', name: 'flights' }];
  const rows = { tables: flights, columns: [{ table_id: 'f', column: 'state' },
    { table_id: 'f', column: '*', aggregation: 'count', alias: 'n' }] };
  const counts = {};
  const boards = {};
  for (const tenant of ['CA', 'TX']) {
    counts[tenant] = Number(sql(`SELECT count(*) FROM public.flights WHERE state = '${tenant}'`));
    const made = await call(base, 'prismiq_dashboard_create', {
      data: { name: 'Board', description: tenant, widgets: [{ type: 'metric', query: rows }] } },
    { claims: { ...user, tenant_id: tenant } });
    boards[tenant] = made.body;
  }
  ok(counts.CA > 0 && counts.TX > 0 && counts.CA !== counts.TX, 'both tenants have flights',
    counts);

  const wrong = [];
  const done = {};
  let written = 0;

  // Each kind of request says what is wrong with its answer, or nothing.
  const kinds = {
    async query(tenant, claims) {
      const { body } = await call(base, 'prismiq_query', { definition: rows }, { claims });
      return JSON.stringify(body?.rows) !== JSON.stringify([[tenant, counts[tenant]]]) && body;
    },
    async all(tenant, claims) {
      const { body } = await call(base, 'prismiq_query', { definition: { tables: flights,
        columns: [{ table_id: 'f', column: 'state' }], filters: [{ or: [
          { table_id: 'f', column: 'state', operator: 'in_', value: ['CA', 'TX', 'NY'] },
          { table_id: 'f', column: 'state', operator: 'is_not_null' }] }] },
      options: { limit: 50 } }, { claims, method: 'GET' });
      return (body?.rows?.length !== 50 || body.rows.some((r) => r[0] !== tenant)) && body;
    },
    async csv(tenant, claims) {
      const { text } = await call(base, 'prismiq_query_csv', { definition: rows },
        { claims, headers: { Accept: 'text/csv' } });
      return text !== `state,n\r\n${tenant},${counts[tenant]}\r\n` && text;
    },
    async data(tenant, claims) {
      const { body } = await call(base, 'prismiq_dashboard_data',
        { dashboard_id: boards[tenant].id }, { claims });
      const [widget] = boards[tenant].widgets;
      return JSON.stringify(body?.[widget.id]?.rows) !== JSON.stringify([[tenant, counts[tenant]]])
        && body;
    },
    async list(tenant, claims) {
      const { body } = await call(base, 'prismiq_dashboard_list', {}, { claims, method: 'GET' });
      return (!body?.length || body.some((d) => d.tenant_id !== tenant)) && body;
    },
    async foreign(tenant, claims) {
      const { status } = await call(base, 'prismiq_dashboard_get',
        { id: boards[tenant === 'CA' ? 'TX' : 'CA'].id }, { claims });
      return status !== 404 && status;
    },
    async write(tenant, claims) {
      written++;
      const { body } = await call(base, 'prismiq_dashboard_create',
        { data: { name: `${tenant} ${written}`, description: tenant } },
        { claims: { ...claims, sub: `user ${written}` } });
      return body?.tenant_id !== tenant && body;
    },
    async sample(tenant, claims) {
      const { text } = await call(base, 'prismiq_column_sample',
        { table_name: 'flights', column_name: 'state' }, { claims });
      return text.match(/[A-Z]{2}/g)?.join() !== tenant && text;
    },
    async who(tenant, claims) {
      const { body } = await call(base, 'prismiq_context', {}, { claims, method: 'GET' });
      return (body?.tenant_id !== tenant || body?.user_id !== claims.sub) && body;
    },
    // Requests that fail in between, so that nothing of them stays with a connection.
    async fault(tenant, claims) {
      const { status } = await call(base, 'prismiq_query', { definition: { tables: flights } },
        { claims });
      return status !== 400 && status;
    },
    async nobody() {
      const { status } = await call(base, 'prismiq_query', { definition: rows }, { claims: null });
      return status !== 401 && status;
    },
    async tenantless(tenant, claims) {
      const { status } = await call(base, 'prismiq_query', { definition: rows },
        { claims: { ...claims, tenant_id: undefined } });
      return status !== 403 && status;
    },
    async chosen(tenant, claims) {
      await call(base, 'prismiq_set_context',
        { tenant_id: tenant === 'CA' ? 'TX' : 'CA', is_local: false }, { claims });
      return false;
    },
  };

  const names = Object.keys(kinds);
  let begun = 0;
  async function client() {
    while (begun < requests) {
      begun++;
      const tenant = random(2) ? 'CA' : 'TX';
      const kind = names[random(names.length)];
      const claims = { ...user, tenant_id: tenant, sub: `user ${random(5)}` };
      const fault = await kinds[kind](tenant, claims);
      done[kind] = (done[kind] ?? 0) + 1;
      if (fault !== false) wrong.push({ kind, tenant, fault });
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  is(Object.values(done).reduce((a, b) => a + b), requests, `${requests} requests were answered`);
  is(Object.keys(done).sort(), names.sort(), 'of every kind');
  is(wrong.slice(0, 5), [], 'and none by a row of the other tenant');
  is(sql(`SELECT count(*) FROM prismiq.prismiq_dashboards WHERE description <> tenant_id`), '0',
    'what was written has its tenant');
  is(Number(sql('SELECT count(*) FROM prismiq.prismiq_dashboards')), written + 2, 'all of it');
  ok(Number(sql(`SELECT count(*) FROM pg_stat_activity WHERE usename = 'authenticator'
    AND datname = '${database}'`)) <= 6,
    'over the connections of one pool');
});
