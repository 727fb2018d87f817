#!/bin/bash
# Memory that runs out: a backend whose address space is bounded, at many
# bounds, fails with 53200 or answers rightly, and goes on with the same
# session. A document that is too large for it is no crash either.
#
#   SEED=7     other bounds
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

command -v prlimit >/dev/null || skip_all 'there is no prlimit to bound memory with'
# A just-in-time compiler ends the backend when it gets no memory: PostgreSQL's own, not ours.
server_new a 'jit = off' 'autovacuum = off' 'max_parallel_workers_per_gather = 0' \
  "prismiq.max_result_bytes = '1000MB'" \
  "prismiq.max_definition_bytes = '16MB'" 'prismiq.max_filters = 10000'
ok 'many rows' on a <<'SQL'
SET client_min_messages = warning;
CREATE TABLE public.many AS
SELECT 'CA'::text AS tenant, n, repeat(md5(n::text), 20) AS v FROM generate_series(1, 60000) n;
CREATE TABLE public.few AS SELECT * FROM public.many WHERE n <= 10;
GRANT SELECT ON public.many, public.few TO app_user;
SELECT FROM prismiq.prismiq_expose('public.many', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('public.few', tenant_column => 'tenant');
ANALYZE;
SQL

many='"tables": [{"id": "m", "name": "many"}]'
rows="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"v\"}]}"
sum="{$many, \"columns\": [{\"table_id\": \"m\", \"column\": \"n\", \"aggregation\": \"sum\"}]}"
# A definition that takes memory while it is read, checked and compiled.
filter='{"table_id": "m", "column": "v", "operator": "neq", "value": "some text or other"}'
filters=$(yes "$filter" | head -n 3000 | paste -sd,)
few='"tables": [{"id": "m", "name": "few"}]'
long="{$few, \"columns\": [{\"table_id\": \"m\", \"column\": \"n\", \"aggregation\": \"sum\"}],
  \"filters\": [$filters]}"
wanted=$(on a -c 'SELECT json_build_array(json_build_array(sum(n))) FROM public.many')

coproc session { PGOPTIONS="$user_context" psql -XAtq -v VERBOSITY=verbose -h "$servers/a" \
  -d "$TEMPLATE" 2>&1; }
session_in=${session[1]} session_out=${session[0]}
ask()
{
  local line

  answer=
  printf '%s;\n\\echo done.\n' "$1" >&"$session_in" 2>/dev/null || return 1
  while IFS= read -r -t 60 line <&"$session_out"; do
    [ "$line" != done. ] || return 0
    answer+=$line
  done
  return 1
}

calls=(
  "SELECT length(prismiq_query('$rows', '{\"limit\": 60000}')::text)"
  "SELECT length(prismiq_query_csv('$rows'))"
  "SELECT prismiq_query('$long') -> 'rows' #>> '{0,0}'"
  "SELECT length(prismiq_compile('$long')::text)"
  "SELECT length(prismiq_validate('$long')::text)"
  "SELECT length(prismiq_schema()::text)"
)
ask 'SET prismiq.max_rows = 60000'
rights=()
for call in "${calls[@]}"; do
  ask "$call"
  rights+=("$answer")
done
is "$(printf '%s\n' "${rights[@]}" | grep -v '^[0-9]*$')" '' 'with memory enough each has an answer'
ask 'SELECT pg_backend_pid()'
pid=$answer
size=$(awk '/^VmSize/ {print $2}' "/proc/$pid/status")
like "$size" '^[0-9]+$' 'the size of the backend is known'

failed=0 answered=0 wrong=
RANDOM=${SEED:-3}
for ((i = 0; i < 60; i++)); do
  n=$((i % ${#calls[@]}))
  # Over the first megabytes in small steps, where definitions end, then in large ones.
  room=$((i < 36 ? i * 200 + RANDOM % 200 : i * 1500 + RANDOM % 1500))
  size=$(awk '/^VmSize/ {print $2}' "/proc/$pid/status")
  prlimit --pid "$pid" --as=$(((size + room) * 1024)):unlimited || wrong+="no limit"$'\n'
  ask "${calls[n]}"
  got=$answer
  prlimit --pid "$pid" --as=unlimited:unlimited
  if [ "$got" = "${rights[n]}" ]; then
    answered=$((answered + 1))
  elif [[ $got =~ ^ERROR:\ \ 53200:|ERROR:\ \ 53200:\ (out\ of\ memory|not\ enough) ]]; then
    failed=$((failed + 1))
  else
    wrong+="$i (call $n, $room kB): ${got:0:300}"$'\n'
  fi
  ask "SELECT prismiq_query('$sum') -> 'rows'"
  [ "$answer" = "$wanted" ] || wrong+="$i, afterwards: ${answer:0:300}"$'\n'
done
is "$wrong" '' 'out of memory is said by its code, and the session goes on'
ok 'some calls ran out of memory' test "$failed" -ge 10
ok 'some did not' test "$answered" -ge 5
echo "# $failed failed, $answered answered"
ask 'SELECT pg_backend_pid()'
is "$answer" "$pid" 'it is still the same backend'
exec {session_in}>&- {session_out}<&-
ok 'the server died of nothing' server_sound a
is "$(grep -c 'terminated by signal' "$servers/a/log")" 0 'nor was a backend killed'
done_testing
