#!/bin/bash
# One time limit for the whole call: a wait for a lock while a definition is
# checked ends by prismiq.query_timeout, by options.timeout_ms, and by
# statement_timeout, in every function that takes one; a dashboard has one
# limit for all of its widgets.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=time_limit_$$
trap 'dropdb --if-exists --force "$PGDATABASE"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

context="SET ROLE app_user; SET prismiq.tenant_id = 'CA'; SET prismiq.user_id = 'ann';
  SET search_path = prismiq, public"

# What comes of a statement; a limit that does not hold would wait for ever.
run()
{
  PGOPTIONS='-c client_min_messages=error' timeout 60 \
    psql -XAtq -v VERBOSITY=verbose -c "$context" -c "$1" -c "$2" 2>&1 | head -1
}

count()
{
  echo "{\"tables\": [{\"id\": \"t\", \"name\": \"$1\"}],
    \"columns\": [{\"table_id\": \"t\", \"column\": \"*\", \"aggregation\": \"count\"}]}"
}

free=$(count airports)
locked=$(count flights)
first=10000000-0000-4000-8000-000000000001
second=10000000-0000-4000-8000-000000000002
third=10000000-0000-4000-8000-000000000003
run 'SELECT 1' "SELECT prismiq_dashboard_create('{\"name\": \"D\", \"widgets\": [
  {\"id\": \"$first\", \"type\": \"metric\", \"query\": $free},
  {\"id\": \"$second\", \"type\": \"metric\", \"query\": $locked},
  {\"id\": \"$third\", \"type\": \"metric\", \"query\": $free}]}')" >/dev/null
dashboard=$(psql -XAtq -c "SELECT id FROM prismiq.prismiq_dashboards")

coproc holder { psql -XAtq 2>&1; }
echo "BEGIN; LOCK TABLE public.flights IN ACCESS EXCLUSIVE MODE; SELECT 'held';" >&"${holder[1]}"
read -r held <&"${holder[0]}"
is "$held" held 'another session holds a lock'

said='57014: canceling query due to prismiq.query_timeout'
statements=(
  "SELECT prismiq_compile('$locked')"
  "SELECT prismiq_query('$locked')"
  "SELECT prismiq_query_csv('$locked')"
  "SELECT prismiq_query_rows('$locked')"
  "SELECT prismiq_explain('$locked')"
  "SELECT prismiq_widget_data('$second')"
  "SELECT prismiq_column_sample('flights', 'origin')"
)

like "$(run "SET prismiq.query_timeout = '200ms'" \
  "SELECT prismiq_validate('$locked') -> 'errors'")" \
  'TOO_COMPLEX.*longer than prismiq.query_timeout allows' 'of a definition it is a fault'
like "$(run "SET statement_timeout = '200ms'" "SELECT prismiq_validate('$locked')")" \
  '57014: canceling statement due to statement timeout' 'but the server ends what it likes'
like "$(run "SET lock_timeout = '200ms'" "SELECT prismiq_validate('$locked') -> 'errors'")" \
  'TOO_COMPLEX.*could not obtain a lock in time' 'a lock that cannot be had in time is a fault too'
for statement in "${statements[@]}"; do
  name=${statement#SELECT } name=${name%%(*}
  like "$(run "SET prismiq.query_timeout = '200ms'" "$statement")" "$said" \
    "$name: the time limit ends the wait"
  like "$(run "SET statement_timeout = '200ms'" "$statement")" \
    '57014: canceling statement due to statement timeout' "$name: and so does the server's own"
done
like "$(run 'SET prismiq.query_timeout = 0' \
  "SELECT prismiq_query('$locked', '{\"timeout_ms\": 200}')")" "$said" \
  'the option lowers the limit of the whole call'

answer=$(run "SET prismiq.query_timeout = '1s'" "SELECT prismiq_dashboard_data('$dashboard')")
part()
{
  psql -XAtq -v answer="$answer" -v path="{$1}" <<<"SELECT :'answer'::json #>> :'path'"
}
is "$(part "$first,row_count")" 1 'a dashboard: the widget that was done stays'
is "$(part "$second,error,code")" TIMED_OUT 'the one that the limit cut says so'
is "$(part "$second,error,message")" 'canceling query due to prismiq.query_timeout' 'by name'
is "$(part "$third,error,code")" TIMED_OUT 'and so does the one that was not begun'
like "$(run "SET statement_timeout = '500ms'" "SELECT prismiq_dashboard_data('$dashboard')")" \
  '57014: canceling statement due to statement timeout' "the server's own limit ends it all"

echo 'ROLLBACK; \q' >&"${holder[1]}"
wait "$holder_PID" 2>/dev/null
like "$(run "SET prismiq.query_timeout = '20s'" "SELECT prismiq_query('$locked')")" \
  'row_count' 'without the lock there is an answer'

done_testing
