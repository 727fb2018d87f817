#!/bin/bash
# Compiled expressions that call our functions, with all of their code inlined
# that can be, give what interpreted ones give: what the bitcode refers to is
# found in the library.
. "$TEST_DIR/lib/tap.sh"

[ "$(psql -XAtq -d "$TEMPLATE" -c 'SELECT pg_jit_available()')" = t ] || skip_all 'no jit'

# Both ways, and what explain says of the second.
both()
{
  local query=$1 name=$2 plain

  plain=$(PGOPTIONS='-c jit=off' psql -XAtq -d "$TEMPLATE" -c "$setup" -c "$query" 2>&1)
  is "$(psql -XAtq -d "$TEMPLATE" -c "$setup; $force" -c "$query" 2>&1)" "$plain" "$name"
  like "$(psql -XAtq -d "$TEMPLATE" -c "$setup; $force" \
    -c "EXPLAIN (ANALYZE) $query" 2>&1)" 'Inlining true' "$name: compiled"
}

setup="SET search_path = public, prismiq; SET prismiq.tenant_id = 'CA'; SET TimeZone = 'UTC';
  SET max_parallel_workers_per_gather = 0"
force='SET jit = on; SET jit_above_cost = 0; SET jit_inline_above_cost = 0;
  SET jit_optimize_above_cost = 0'

both "SELECT count(DISTINCT prismiq_time_bucket('1 day', departed_at)),
    count(DISTINCT prismiq_time_bucket('15 minutes', departed_at::timestamptz)),
    count(DISTINCT prismiq_time_bucket('1 week', departed_at::timestamptz, 'America/New_York')),
    count(DISTINCT prismiq_time_bucket('3 months', departed_at::date))
  FROM flights" 'time buckets'
both "SELECT count(*) FROM flights WHERE state = prismiq_tenant_id()
    AND prismiq_user_id() IS NULL AND prismiq_roles() = '{}'" 'the context'

# A question: its statement is run by the executor as any other.
definition='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "delay", "aggregation": "sum"}],
  "time_series": {"table_id": "f", "date_column": "departed_at", "interval": "week"}}'
ask="SELECT prismiq_query('$definition') -> 'rows'"
is "$(psql -XAtq -d "$TEMPLATE" -c "$setup; $force" -c "$ask" 2>&1)" \
  "$(PGOPTIONS='-c jit=off' psql -XAtq -d "$TEMPLATE" -c "$setup" -c "$ask" 2>&1)" 'a question'

# Compiling cannot be interrupted, so what has much to compile is interpreted. The server tells of
# each piece that it has compiled; the call itself costs too little.
compiled()
{
  psql -XAtq -d "$TEMPLATE" <<SQL 2>&1 | grep -c 'time to inline'
$setup;
SELECT $1 AS definition \gset
$force;
SET jit_above_cost = 1;
SET client_min_messages = debug1;
SELECT prismiq_query(:'definition') IS NULL;
SQL
}
measures()
{
  echo "jsonb_build_object('tables', '[{\"id\": \"f\", \"name\": \"$1\"}]'::jsonb, 'columns',
    (SELECT jsonb_agg(jsonb_build_object('table_id', 'f', 'column', 'delay', 'aggregation', 'sum',
      'alias', 'm' || i)) FROM generate_series(1, $2) AS i))"
}
psql -Xq -d "$TEMPLATE" -v ON_ERROR_STOP=1 <<'SQL' >&2
CREATE TABLE many_parts (state text, delay int) PARTITION BY RANGE (delay);
SELECT format('CREATE TABLE part_%s PARTITION OF many_parts FOR VALUES FROM (%s) TO (%s)',
  i, i, i + 1) FROM generate_series(1, 30) AS i \gexec
SELECT FROM prismiq.prismiq_expose('many_parts', 'state');
SQL
ok 'a small question is compiled' [ "$(compiled "$(measures flights 1)")" -gt 0 ]
is "$(compiled "$(measures flights 100)")" 0 'a long one is not'
is "$(compiled "$(measures many_parts 1)")" 0 'nor is one over many partitions'
psql -Xq -d "$TEMPLATE" -c 'DROP TABLE many_parts'

# A series whose buckets are aggregated at once has little that compiling makes faster: only many
# rows make up for it, however much the server thinks that their pages cost.
series()
{
  echo "'{\"tables\": [{\"id\": \"f\", \"name\": \"$1\"}],
    \"columns\": [{\"table_id\": \"f\", \"column\": \"delay\", \"aggregation\": \"avg\"}],
    \"time_series\": {\"table_id\": \"f\", \"date_column\": \"departed_at\", \"interval\": \"day\",
      \"range\": {\"start\": \"2001-01-01\", \"end\": \"2001-01-31\"}}}'"
}
psql -Xq -d "$TEMPLATE" -v ON_ERROR_STOP=1 <<'SQL' >&2
CREATE TABLE many_flights (state text, departed_at timestamp, delay int)
  WITH (autovacuum_enabled = off);
INSERT INTO many_flights VALUES ('CA', '2001-01-02', 1);
ANALYZE many_flights;
UPDATE pg_class SET reltuples = 1e8, relpages = 1 WHERE oid = 'many_flights'::regclass;
SELECT FROM prismiq.prismiq_expose('many_flights', 'state');
SQL
is "$(compiled "$(series flights)")" 0 'a dense series of few rows is not compiled'
ok 'one of many rows is' [ "$(compiled "$(series many_flights)")" -gt 0 ]
psql -Xq -d "$TEMPLATE" -c 'DROP TABLE many_flights'

done_testing
