#!/bin/bash
# Logical replication of what prismiq stores: dashboards, saved queries,
# configuration and exposures come over, sessions of the subscriber that have
# answered before follow what comes, and tenants stay apart.
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

server_new a 'wal_level = logical'
server_new b
stored='prismiq.prismiq_dashboards, prismiq.prismiq_widgets, prismiq.prismiq_saved_queries,
  prismiq.prismiq_schema_config, prismiq.prismiq_model, prismiq.prismiq_exposures'
count='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'
OPTIONS='-c prismiq.roles=admin'
board=$(said a "SELECT prismiq_dashboard_create('{\"name\": \"Before\", \"widgets\": [
  {\"type\": \"metric\", \"query\": $count}]}') ->> 'id'")
like "$board" '^[0-9a-f-]{36}$' 'a dashboard'
ok 'published' on a -c "CREATE PUBLICATION stored FOR TABLE $stored"
ok 'the subscriber has none of it' on b -c 'DELETE FROM prismiq.prismiq_exposures'
is "$(said b "SELECT prismiq_tables()")" '[]' 'nor anything that is exposed'
ok 'subscribed' on b -q -c "CREATE SUBSCRIPTION stored CONNECTION
  'host=$servers/a user=postgres dbname=$TEMPLATE' PUBLICATION stored"

came()
{
  local at

  at=$(on a -c 'SELECT pg_current_wal_lsn()')
  until_true b "SELECT count(*) = 6 AND bool_and(srsubstate = 'r') FROM pg_subscription_rel" &&
    until_true a "SELECT count(*) = 1 AND bool_and(replay_lsn >= '$at') FROM pg_stat_replication
      WHERE application_name = 'stored'"
}

ok 'all has come' came
is "$(said b "SELECT prismiq_dashboard_get('$board') - 'updated_at'")" \
  "$(said a "SELECT prismiq_dashboard_get('$board') - 'updated_at'")" 'the dashboard'
is "$(said b "SELECT prismiq_dashboard_data('$board') #> '{}' IS NOT NULL")" t 'has its answers'
is "$(on b -c 'SELECT prismiq.prismiq_exposed()')" "$(on a -c 'SELECT prismiq.prismiq_exposed()')" \
  'the exposures'

session_open b

asked="SELECT prismiq_query('$count') -> 'rows'"
session_ask "$asked"
is "$answer" "$(on b -c "SELECT json_build_array(json_build_array(count(*))) FROM public.flights
  WHERE state = 'CA'")" 'a session of the subscriber has an answer'
ok 'hidden' on a -q -o /dev/null -c "SELECT prismiq.prismiq_hide('public.flights')"
ok 'that has come' came
session_ask "$asked"
like "$answer" 'ERROR.*22023' 'the session does not find it any more'
ok 'exposed' on a -q -o /dev/null -c "SELECT prismiq.prismiq_expose('public.flights',
  tenant_column => 'state')"
ok 'that has come too' came
session_ask "$asked"
like "$answer" '^\[\[[1-9]' 'the session finds it'
is "$(said a "SELECT prismiq_schema_config_set(
  '{\"tables\": {\"flights\": {\"hidden\": true}}}') IS NOT NULL")" t 'hidden by the tenant'
ok 'which has come' came
session_ask "$asked"
like "$answer" 'ERROR.*22023' 'the session does not find it'
is "$(said a "SELECT prismiq_schema_config_set('{}') IS NOT NULL")" t 'shown again'
ok 'and that' came
session_ask "$asked"
like "$answer" '^\[\[[1-9]' 'nor is it hidden for ever'
is "$(said a "SELECT prismiq_dashboard_update('$board', '{\"name\": \"After\",
  \"widgets\": [{\"type\": \"text\"}, {\"type\": \"text\"}]}') ->> 'name'")" After \
  'a dashboard is changed'
ok 'and has come' came
is "$(said b "SELECT prismiq_dashboard_get('$board') - 'updated_at'")" \
  "$(said a "SELECT prismiq_dashboard_get('$board') - 'updated_at'")" 'with its version and widgets'
is "$(OPTIONS='-c prismiq.tenant_id=TX' said b 'SELECT prismiq_dashboard_list()')" '[]' \
  'another tenant sees none of it'
is "$(said a "SELECT prismiq_dashboard_delete('$board') IS NOT NULL")" t 'a dashboard is deleted'
ok 'also there' came
like "$(said b "SELECT prismiq_dashboard_get('$board')")" 'ERROR:  PT404' 'it is gone'
session_close
ok 'the publisher died of nothing' server_sound a
ok 'nor did the subscriber' server_sound b
done_testing
