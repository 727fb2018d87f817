#!/bin/bash
# All of a widget's answer is of one snapshot: its value, its trend and its sparkline, and all
# widgets of a dashboard. A view that waits for a lock holds the first query of the call up, until
# another session has committed a row.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=snapshot_$$
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists --force "$PGDATABASE"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

context="SET ROLE app_user; SET search_path = prismiq, public; SET prismiq.tenant_id = 'acme';
  SET prismiq.user_id = 'ann'; SET TimeZone = 'UTC';"
answer="SELECT w #> '{metric,value}', w #> '{metric,trend,current}', w #> '{metric,sparkline}'
  FROM (SELECT prismiq_widget_data('10000000-0000-4000-8000-000000000001')::jsonb) AS a (w);"
board="SELECT string_agg(concat(w #> '{metric,value}', w #> '{metric,sparkline}'), ' ' ORDER BY k)
  FROM jsonb_each((SELECT prismiq_dashboard_data(dashboard_id)::jsonb FROM prismiq_widgets
    WHERE id = '10000000-0000-4000-8000-000000000001')) AS a (k, w);"

ok 'a table, a view that waits, and a dashboard' psql -XAtq -v ON_ERROR_STOP=1 <<SQL
CREATE TABLE public.taps (tenant text, day date, v int);
INSERT INTO public.taps VALUES ('acme', '2024-02-01', 1), ('acme', '2024-01-01', 1);
CREATE VIEW public.waiting AS SELECT tenant, day, v FROM public.taps
  WHERE (SELECT pg_advisory_xact_lock_shared(1) IS NOT NULL);
GRANT SELECT ON public.taps, public.waiting TO app_user;
SELECT FROM prismiq.prismiq_expose('public.waiting', tenant_column => 'tenant');
$context
SELECT FROM prismiq_dashboard_create('{"name": "Taps", "widgets": [
  {"id": "10000000-0000-4000-8000-000000000001", "type": "metric", "config": {
    "trend": {"period": "previous_month"}, "sparkline": {"interval": "month"}}, "query": {
    "tables": [{"id": "w", "name": "waiting"}],
    "columns": [{"table_id": "w", "column": "v", "aggregation": "sum"}],
    "filters": [{"table_id": "w", "column": "day", "operator": "between",
      "value": ["2024-02-01", "2024-02-29"]}]}},
  {"id": "10000000-0000-4000-8000-000000000002", "type": "metric", "query": {
    "tables": [{"id": "w", "name": "waiting"}],
    "columns": [{"table_id": "w", "column": "v", "aggregation": "sum"}]}}]}');
SQL

# Ask $1 while another session holds the lock; once the asking waits, commit a row and let it go.
while_committed()
{
  local tries=0

  coproc holder { psql -XAtq 2>&1; }
  echo "SELECT pg_advisory_lock(1); SELECT 'held';" >&"${holder[1]}"
  IFS= read -r _ <&"${holder[0]}"
  IFS= read -r _ <&"${holder[0]}"
  psql -XAtqc "$context $1" >"$scratch/answer" 2>&1 &
  until [ "$(psql -XAtqc "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
    AND NOT granted AND database = (SELECT oid FROM pg_database
      WHERE datname = current_database())")" = 1 ] || [ $((tries += 1)) -gt 300 ]; do
    sleep 0.1
  done
  psql -XAtqc "INSERT INTO public.taps VALUES ('acme', '2024-02-02', 100)"
  echo "SELECT pg_advisory_unlock(1);" >&"${holder[1]}"
  echo '\q' >&"${holder[1]}"
  wait
  line=$(cat "$scratch/answer")
}

while_committed "$answer"
is "$line" '1|1|[["2024-02-01", 1]]' 'a row that is committed in between is in no part of an answer'
is "$(psql -XAtqc "$context $answer")" '101|101|[["2024-02-01", 101]]' 'in the next it is in all'
while_committed "$board"
is "$line" '101[["2024-02-01", 101]] 102null' 'nor is one in any widget of a dashboard'

# A transaction with a snapshot of its own sees it in all answers.
coproc reader { psql -XAtq 2>&1; }
echo "$context BEGIN ISOLATION LEVEL REPEATABLE READ; $answer" >&"${reader[1]}"
IFS= read -r -t 60 first <&"${reader[0]}"
psql -XAtqc "INSERT INTO public.taps VALUES ('acme', '2024-02-03', 1000)"
echo "$answer" >&"${reader[1]}"
IFS= read -r -t 60 second <&"${reader[0]}"
is "$first" '201|201|[["2024-02-01", 201]]' 'the first answer of a REPEATABLE READ transaction'
is "$second" "$first" 'and the second, though a row was committed meanwhile'
echo '\q' >&"${reader[1]}"
wait

done_testing
