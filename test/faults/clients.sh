#!/bin/bash
# More clients than the server takes, and a server that restarts under twenty:
# who is refused is told so by the server, every answer that comes is the right
# one, and afterwards all is as it was.
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

server_new a 'max_connections = 13'
count='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'
right=$(on a -c "SELECT json_build_array(json_build_array(count(*))) FROM public.flights
  WHERE state = 'CA'")
like "$(said a "SELECT prismiq_dashboard_create('{\"name\": \"D\", \"widgets\": [
  {\"type\": \"metric\", \"query\": $count}]}') ->> 'id'")" '^[0-9a-f-]{36}$' 'a dashboard'
before=$(server_state a)

# As many as there are places, less those of superusers; they stay until a lock is given back.
export PGUSER=web
ok 'a role that is no superuser' env PGUSER=postgres psql -XAtq -h "$servers/a" -d "$TEMPLATE" \
  -c 'CREATE ROLE web LOGIN IN ROLE app_user'
for ((i = 1; i <= 20; i++)); do
  as_user a -c 'SELECT pg_sleep(2)' -c "SELECT prismiq_query('$count') -> 'rows'" \
    >"$servers/client.$i" 2>&1 &
  clients[i]=$!
done
wait "${clients[@]}"
cat "$servers"/client.* >"$servers/said"
is "$(grep -vcE "^$|^\[\[|too many clients|reserved for" "$servers/said")" 0 \
  'each client has an answer, or is told that there are too many'
is "$(grep -c '^\[\[' "$servers/said")" "$(grep -cxF "$right" "$servers/said")" \
  'the answers are right'
is "$(grep -c '^\[\[' "$servers/said")" 10 'ten have one'
ok 'there is room again' as_user a -c 'SELECT 1'
export PGUSER=postgres
is "$(server_state a)" "$before" 'all is as it was'

# Twenty clients that ask all the time and connect anew when they must.
ok 'room for all' on a -c 'ALTER SYSTEM SET max_connections = 40'
client()
{
  until [ -e "$servers/stop" ]; do
    as_user a -c "SELECT prismiq_query('$count') -> 'rows'" \
      -c "SELECT prismiq_dashboard_data(id) #> '{}' IS NOT NULL FROM prismiq_dashboards" 2>&1
  done >"$servers/restarted.$1"
}
server_stop a && server_start a
for ((i = 1; i <= 20; i++)); do
  client "$i" &
  clients[i]=$!
done
for mode in fast fast immediate fast; do
  sleep 1.5
  ok "stopped under twenty clients: $mode" server_stop a $mode
  ok 'started again' server_start a
done
sleep 1
touch "$servers/stop"
wait "${clients[@]}"
cat "$servers"/restarted.* >"$servers/said"
# What psql and libpq say of a server that goes away, comes, or is not there.
away='connection to server|Is the server running|server closed the connection|before or while'
away+='|terminating connection|database system is|the connection to the server was lost'
away+='|administrator command|unexpected shutdown|possibly corrupted|no connection to the server'
away+='|This probably means|DETAIL|HINT|^$'
is "$(grep -vE "^\[\[|^t$|$away" "$servers/said" | sort | uniq -c)" '' \
  'nothing but answers, and that there is no server'
is "$(grep '^\[\[' "$servers/said" | sort -u)" "$right" 'and every answer is right'
ok 'there were many' test "$(grep -c '^\[\[' "$servers/said")" -ge 40
ok 'and some were cut off' grep -qE 'terminating connection|server closed' "$servers/said"
ok 'all have gone' until_true a "SELECT count(*) = 0 FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
is "$(server_state a)" "$before" 'all is as it was'
ok 'the server died of nothing' server_sound a
done_testing
