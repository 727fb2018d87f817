#!/bin/bash
# With the library preloaded all connections count into one table, which is
# bounded: nothing is lost when many count at once, when calls fail, when
# backends are terminated or are gone while another one counts, and nothing is
# left locked. Other databases are others. On a standby it counts for itself.
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

server_new a "shared_preload_libraries = 'prismiq'" 'prismiq.stat_max = 200'

ok 'a slow view' on a <<'SQL'
SET client_min_messages = warning;
CREATE VIEW public.slow AS
	SELECT 'CA'::text AS tenant, n, pg_sleep(0.01) IS NULL AS slept FROM generate_series(1, 9000) n;
GRANT SELECT ON public.slow TO app_user;
SELECT FROM prismiq.prismiq_expose('public.slow', tenant_column => 'tenant');
SQL

# query ALIAS: a definition of its own fingerprint.
query()
{
  echo "{\"tables\": [{\"id\": \"f\", \"name\": \"flights\"}], \"columns\": [{\"table_id\": \"f\",
    \"column\": \"*\", \"aggregation\": \"count\", \"alias\": \"$1\"}]}"
}

# counted [SERVER]: calls and errors of each query, and of all.
counted()
{
  on "${1:-a}" -c 'SELECT calls, errors FROM prismiq.prismiq_stat_queries ORDER BY 1 DESC, 2' |
    tr '\n' ' '
  on "${1:-a}" -c 'SELECT prismiq.prismiq_metrics()' | sed -n 's/^prismiq_queries_total /of /p'
}

is "$(on a -c "SELECT setting, context FROM pg_settings WHERE name = 'prismiq.stat_max'")" \
  '200|postmaster' 'how many are counted is set as the server starts'
is "$(on a -c 'SELECT prismiq.prismiq_metrics()' | grep '^prismiq_queries_shared')" \
  'prismiq_queries_shared 1' 'it is counted for all'

# Several at once: the same query, and others in between that push out what is asked least.
said a "SELECT prismiq_query('$(query first)')" >/dev/null
fingerprint=$(on a -c 'SELECT fingerprint FROM prismiq.prismiq_stat_queries')
on a -c 'SELECT prismiq.prismiq_stat_reset()' >/dev/null
is "$(counted)" 'of 0' 'a reset is seen by the next connection'
clients=()
for n in 1 2 3 4; do
  as_user a -q -o /dev/null <<SQL &
SELECT prismiq_query('$(query first)') FROM generate_series(1, 250) g;
SELECT prismiq_query(replace('$(query other)', 'other', 'c$n' || g)::jsonb)
FROM generate_series(1, 150) g;
SELECT prismiq_query('$(query first)') FROM generate_series(1, 250) g;
SQL
  clients+=($!)
done
wait "${clients[@]}"
is "$(on a -c "SELECT calls, errors, rows FROM prismiq.prismiq_stat_queries
  WHERE fingerprint = '$fingerprint'")" '2000|0|2000' \
  'all their calls are counted, as in another connection'
is "$(on a -c 'SELECT count(*) BETWEEN 150 AND 199 FROM prismiq.prismiq_stat_queries')" t \
  'no more queries than there is room for'
is "$(on a -c 'SELECT prismiq.prismiq_metrics()' | sed -n 's/^prismiq_queries_total //p')" 2600 \
  'all of them are counted in all'
is "$(on a <<'SQL'
SELECT max(n) FILTER (WHERE name = 'known') + max(n) FILTER (WHERE name = 'evicted_total')
FROM regexp_matches(prismiq.prismiq_metrics(), '^prismiq_queries_(known|evicted_total) (\d+)$',
		'gn') AS m, LATERAL (SELECT m[1], m[2]::int) AS s (name, n);
SQL
)" 602 'what is not there any more was pushed out: 600, the one that is asked, and all'

# Backends that end amid a call; a call that is cancelled; a client that is gone.
slow='{"tables": [{"id": "s", "name": "slow"}], "columns": [{"table_id": "s", "column": "slept"}]}'
on a -c 'SELECT prismiq.prismiq_stat_reset()' >/dev/null
for how in pg_terminate_backend pg_cancel_backend; do
  as_user a -c "SELECT prismiq_query('$slow')" >"$servers/said" 2>&1 &
  client=$!
  ok "$how: under way" until_true a "SELECT count(*) = 1 FROM pg_stat_activity
    WHERE wait_event = 'PgSleep'"
  is "$(on a -c "SELECT $how(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")" t "$how"
  wait "$client"
  like "$(<"$servers/said")" '(terminating connection|canceling statement)' \
    "$how: the client is told"
done
is "$(counted)" '1|1 of 1' 'a cancelled call is an error, one whose connection ended is none'

# In a transaction that is rolled back, in one that failed, in another database.
as_user a -q -o /dev/null <<SQL >/dev/null 2>&1
\\set ON_ERROR_STOP off
BEGIN;
SELECT prismiq_query('$(query first)');
SAVEPOINT s;
SELECT prismiq_query('{}');
ROLLBACK TO s;
SELECT prismiq_query('$(query first)');
SELECT 1 / 0;
ROLLBACK;
SQL
is "$(counted)" '2|0 1|1 1|1 of 4' 'what is rolled back is counted'
createdb -h "$servers/a" -T "$TEMPLATE" other
is "$(psql -XAtq -h "$servers/a" -d other -c 'SELECT count(*) FROM prismiq.prismiq_stat_queries')" \
  0 'another database is another'
PGOPTIONS=$user_context psql -XAtq -h "$servers/a" -d other -o /dev/null \
  -c "SELECT prismiq_query('$(query first)')"
psql -XAtq -h "$servers/a" -d other -o /dev/null -c 'SELECT prismiq.prismiq_stat_reset()'
is "$(counted)" '2|0 1|1 1|1 of 4' 'and is reset by itself'

# A tenant sees nothing of it, whatever is there.
for call in 'prismiq_stat_queries' 'prismiq_stat_queries()'; do
  before=$(said a "SELECT count(*) FROM $call")
  like "$before" '^ERROR:  42501: permission denied' "$call is no tenant's"
done
on a -c 'SELECT prismiq.prismiq_stat_reset()' >/dev/null
is "$(said a "SELECT count(*) FROM prismiq_stat_queries()")" "$before" \
  'nor what there is nothing of'
like "$(said a 'SELECT prismiq_stat_reset()')" '^ERROR:  42501: permission denied' 'nor a reset'

# A standby counts what is asked there.
mkdir "$servers/b"
said a "SELECT prismiq_query('$(query first)')" >/dev/null
ok 'a copy of the primary' pg_basebackup -h "$servers/a" -D "$servers/b/data" -R -X stream -c fast
server_configure b
ok 'the standby runs' server_start b
is "$(counted b)" 'of 0' 'it has counted nothing'
said b "SELECT prismiq_query('$(query first)')" >/dev/null
said b "SELECT prismiq_query('$(query first)')" >/dev/null
is "$(counted b)|$(counted a)" '2|0 of 2|1|0 of 1' 'and counts for itself'
is "$(on b -c 'SELECT fingerprint FROM prismiq.prismiq_stat_queries')" "$fingerprint" \
  'by the same fingerprint'

# A backend that is killed takes the server's memory along, and the counts; not the server.
as_user a -c "SELECT prismiq_query('$slow')" >/dev/null 2>&1 &
client=$!
ok 'under way' until_true a "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
ok 'killed' kill -9 "$(on a -c "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")"
wait "$client"
ok 'the server is there again' server_wait a
is "$(counted)" 'of 0' 'and counts anew'
said a "SELECT prismiq_query('$(query first)')" >/dev/null
is "$(counted)" '1|0 of 1' 'as before'

# After a restart the same query has the same fingerprint.
server_stop a
ok 'a restart' server_start a
is "$(counted)" 'of 0' 'forgets'
said a "SELECT prismiq_query('$(query first)')" >/dev/null
is "$(on a -c 'SELECT fingerprint FROM prismiq.prismiq_stat_queries')" "$fingerprint" \
  'but a fingerprint stays'
ok 'the server died of nothing' server_sound a
done_testing
