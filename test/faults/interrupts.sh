#!/bin/bash
# Calls of every kind are cancelled, timed out and terminated at 200 random
# moments. The session answers rightly afterwards (or is gone), and nothing is
# left: no lock, no temporary file, no half of a dashboard.
#
#   SEED=7     other moments
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

moments=200
# Little memory, so that sorts are in files when they are interrupted.
server_new a "work_mem = '64kB'" 'max_parallel_workers_per_gather = 2' \
  'parallel_setup_cost = 0' 'parallel_tuple_cost = 0' "min_parallel_table_scan_size = '8kB'"

ok 'enough rows that a call takes a while' on a <<'SQL'
SET client_min_messages = warning;
CREATE TABLE public.many AS
SELECT CASE WHEN n % 2 = 0 THEN 'CA' ELSE 'NY' END AS tenant, n, md5(n::text) AS v,
	timestamp '2024-01-01' + n * interval '1 minute' AS at
FROM generate_series(1, 60000) n;
ANALYZE public.many;
GRANT SELECT ON public.many TO app_user;
SELECT FROM prismiq.prismiq_expose('public.many', tenant_column => 'tenant');
SQL

many='"tables": [{"id": "m", "name": "many"}]'
rows="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"v\"}],
  \"order_by\": [{\"table_id\": \"m\", \"column\": \"v\"}]}"
groups="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"v\"},
  {\"table_id\": \"m\", \"column\": \"n\", \"aggregation\": \"median\"}]}"
series="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"n\", \"aggregation\": \"sum\"}],
  \"time_series\": {\"table_id\": \"m\", \"date_column\": \"at\", \"interval\": \"auto\"}}"
right="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"n\", \"aggregation\": \"sum\"}]}"
wanted=$(on a -c "SELECT json_build_array(json_build_array(sum(n))) FROM public.many
  WHERE tenant = 'CA'")
widgets="[{\"type\": \"table\", \"query\": $groups}, {\"type\": \"metric\", \"query\": $series}]"
board=$(said a "SELECT prismiq_dashboard_create(
  '{\"name\": \"D\", \"widgets\": $widgets}') ->> 'id'")
like "$board" '^[0-9a-f-]{36}$' 'a dashboard'
calls=(
  "SELECT length(prismiq_query('$rows')::text)"
  "SELECT length(prismiq_query('$groups', '{\"format\": \"objects\"}')::text)"
  "SELECT length(prismiq_query('$series')::text)"
  "SELECT count(*) FROM prismiq_query_rows('$rows')"
  "SELECT length(prismiq_query_csv('$rows', '{\"max_rows\": 100000}'))"
  "SELECT length(prismiq_dashboard_data('$board')::text)"
  "SELECT length(prismiq_schema()::text)"
  "SELECT length(prismiq_validate('$groups')::text)"
  "SELECT length(prismiq_column_sample('many', 'v')::text)"
  "SELECT length(prismiq_dashboard_update('$board', '{\"widgets\": $widgets}')::text)"
)
# How long each takes here when nobody interrupts it, in milliseconds.
lasts=() refused=
for call in "${calls[@]}"; do
  took=$(printf '%s\n' "$call \\g /dev/null" '\timing on' "$call \\g /dev/null" | as_user a 2>&1)
  [[ ! $took =~ ERROR && $took =~ Time:\ ([0-9]+) ]] || refused+=$took
  lasts+=("$((BASH_REMATCH[1] + 2))")
done
is "$refused" '' 'each answers when nobody interrupts it'

# One session, which is asked through a pipe and made anew when it was terminated.
open_session()
{
  coproc session { PGOPTIONS="$user_context" psql -XAtq -h "$servers/a" -d "$TEMPLATE" 2>&1; }
  session_in=${session[1]} session_out=${session[0]} session_pid=$!
  ask 'SELECT pg_backend_pid()'
  backend=$answer
}

# ask STATEMENT: what psql says until it has done with it; false when the session is gone.
ask()
{
  local line

  answer=
  # Once psql has ended, bash knows its pipes no more.
  {
    printf '%s;\n\\echo done.\n' "$1" >&"$session_in" || return 1
    while IFS= read -r -t 60 line <&"$session_out"; do
      [ "$line" != done. ] || return 0
      answer+=$line
    done
  } 2>/dev/null
  return 1
}

# The one who interrupts: a session that stays, since to connect takes longer than most calls do.
coproc other { psql -XAtq -h "$servers/a" -d "$TEMPLATE" 2>&1; }
other_in=${other[1]} other_out=${other[0]}

interrupt()
{
  printf 'SELECT pg_sleep(%s.%03d) \\g /dev/null\n%s \\g /dev/null\n\\echo sent.\n' \
    "$(($2 / 1000))" "$(($2 % 1000))" "SELECT $1($backend)" >&"$other_in"
}

interrupted=0 through=0 gone=0 wrong=
trap '' PIPE
open_session 2>/dev/null
RANDOM=${SEED:-1}
for ((i = 0; i < moments; i++)); do
  n=$((RANDOM % ${#calls[@]})) moment=$((RANDOM * ${lasts[n]} / 32768)) kind=$((RANDOM % 10))
  sent=yes
  case $kind in
    0) interrupt pg_terminate_backend "$moment" ;;
    [1-4]) interrupt pg_cancel_backend "$moment" ;;
    # A limit of zero is none.
    [56]) sent= && ask "SET statement_timeout = $((moment + 1))" ;;
    [78]) sent= && ask "SET prismiq.query_timeout = $((moment + 1))" ;;
    # Within a transaction, of which nothing but the rollback is left.
    9) interrupt pg_cancel_backend "$moment" && ask 'BEGIN' ;;
  esac
  if ask "${calls[n]}" && [[ $answer =~ ^[0-9]+$ ]]; then
    through=$((through + 1))
  elif [[ $answer =~ canceling || ($kind -eq 0 && $answer =~ terminating|^$) ]]; then
    interrupted=$((interrupted + 1))
  else
    wrong+="$i (call $n): $answer"$'\n'
  fi
  # What was sent may come late: it is waited for, so that it does not hit the next.
  if [ -n "$sent" ]; then
    while IFS= read -r -t 60 line <&"$other_out" && [ "$line" != sent. ]; do :; done
  fi
  if [ "$kind" -eq 0 ]; then
    # The session ends once it reads the next statement, if not before.
    ask 'SELECT 1'
    { exec {session_in}>&- {session_out}<&- && wait "$session_pid"; } 2>/dev/null
    gone=$((gone + 1))
    open_session 2>/dev/null
  fi
  # A cancel that came between two statements hits none: then this one may still be hit.
  ask 'ROLLBACK; RESET statement_timeout; RESET prismiq.query_timeout'
  ask "SELECT prismiq_query('$right') -> 'rows'"
  [ "$answer" = "$wanted" ] || ask "SELECT prismiq_query('$right') -> 'rows'"
  [ "$answer" = "$wanted" ] || wrong+="$i, afterwards (call $n): $answer"$'\n'
  ask "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype IN ('relation',
    'advisory') AND relation IS DISTINCT FROM 'pg_catalog.pg_locks'::regclass"
  [ "$answer" = 0 ] || wrong+="$i, locks (call $n): $answer"$'\n'
done
is "$wrong" '' 'what was interrupted says so, and the next answer is right'
ok 'some calls were interrupted' test "$interrupted" -ge $((moments / 10))
ok 'and some sessions ended' test "$gone" -ge $((moments / 40))
echo "# $interrupted interrupted, $through came through, $gone sessions ended"

{ exec {session_in}>&- {session_out}<&- {other_in}>&- {other_out}<&-; } 2>/dev/null
ok 'all have gone' until_true a "SELECT count(*) = 0 FROM pg_stat_activity
  WHERE backend_type IN ('client backend', 'parallel worker') AND pid <> pg_backend_pid()"
is "$(on a -c 'SELECT count(*) FROM pg_ls_tmpdir()')" 0 'no temporary file is left'
is "$(on a -c "SELECT count(*) FROM pg_prepared_xacts")" 0 'no transaction is left'
is "$(on a -c 'SELECT count(*) FROM prismiq.prismiq_widgets')" 2 'the dashboard has its widgets'
ok 'the server died of nothing' server_sound a
is "$(grep -c 'terminated by signal' "$servers/a/log")" 0 'nor was a backend killed'
done_testing
