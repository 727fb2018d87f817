#!/bin/bash
# A hot standby: everything that reads answers there, everything that writes is
# refused as the server refuses it; what the primary hides, exposes anew or
# configures is followed by sessions that have answered before; promoted, it
# takes writes.
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

server_new a
flights='"tables": [{"id": "f", "name": "flights"}]'
count="{$flights,
  \"columns\": [{\"table_id\": \"f\", \"column\": \"*\", \"aggregation\": \"count\"}]}"
OPTIONS='-c prismiq.roles=admin'
board=$(said a "SELECT prismiq_dashboard_create('{\"name\": \"D\", \"is_default\": true,
  \"filters\": [{\"id\": \"from\", \"type\": \"select\", \"field\": \"origin\"}], \"widgets\": [
  {\"type\": \"metric\", \"query\": $count},
  {\"type\": \"bar_chart\", \"query\": $count}]}') ->> 'id'")
widget=$(said a "SELECT id FROM prismiq_widgets WHERE type = 'metric'")
chart=$(said a "SELECT id FROM prismiq_widgets WHERE type = 'bar_chart'")
saved=$(said a "SELECT prismiq_saved_query_create('{\"name\": \"S\", \"query\": $count}') ->> 'id'")
like "$(said a "SELECT prismiq_pin_add('dashboard', '$board')")" '^[[{]' 'pinned'
document='{"format": "prismiq.dashboard", "version": "1.0", "name": "N"}'
ok 'provided' on a -q -o /dev/null -c "SELECT prismiq.prismiq_provided_set('k', '$document')"
like "$board $widget $saved" '^[0-9a-f-]{36} [0-9a-f-]{36} [0-9a-f-]{36}$' 'something is stored'

mkdir "$servers/b"
ok 'a copy of the primary' pg_basebackup -h "$servers/a" -D "$servers/b/data" -R -X stream -c fast
server_configure b
ok 'the standby runs' server_start b
is "$(on b -c 'SELECT pg_is_in_recovery()')" t 'as a standby'

# What the primary has done is done on the standby too.
replayed()
{
  local at

  at=$(on a -c 'SELECT pg_current_wal_lsn()')
  until_true b "SELECT pg_last_wal_replay_lsn() >= '$at'"
}

ok 'it follows' replayed
is "$(server_state b)" "$(server_state a)" 'all that is stored, and an answer'

# Each function that reads.
reads=(
  "prismiq_query('$count')"
  "prismiq_query_csv('$count')"
  "prismiq_query_rows('$count')"
  "prismiq_compile('$count')"
  "prismiq_validate('$count')"
  "prismiq_explain('$count')"
  'prismiq_schema()'
  'prismiq_tables()'
  "prismiq_table('flights')"
  "prismiq_column_sample('flights', 'origin')"
  'prismiq_schema_config()'
  "prismiq_asset('prismiq.js')"
  'prismiq_context()'
  'prismiq_health_live()'
  'prismiq_tenant_id()'
  'prismiq_user_id()'
  'prismiq_roles()'
  "prismiq_time_bucket('1 day', timestamptz '2024-01-01')"
  "prismiq_time_bucket_auto('2024-01-01', '2024-02-01')"
  "prismiq_time_buckets('1 day', date '2024-01-01', date '2024-01-03')"
  "prismiq_json_text('{\"a\": \"x\"}', '[\"a\"]')"
  "prismiq_json_number('[1.5]', '[0]')"
  "prismiq_json_integer('[7]', '[0]')"
  "prismiq_json_boolean('[true]', '[0]')"
  "prismiq_json_date('[\"2024-01-01\"]', '[0]')"
  "prismiq_json_timestamp('[\"2024-01-01\"]', '[0]')"
  "prismiq_json_uuid('[\"11111111-1111-4111-8111-111111111111\"]', '[0]')"
  'prismiq_dashboard_list()'
  "prismiq_dashboard_get('$board')"
  "prismiq_dashboard_data('$board')"
  "prismiq_widget_data('$widget')"
  'prismiq_saved_query_list()'
  "prismiq_saved_query_get('$saved')"
  'prismiq_definition_schema()'
  'prismiq_broken()'
  'prismiq_dashboard_default()'
  "prismiq_dashboard_export('$board')"
  "prismiq_dashboard_get_by_name('D')"
  "prismiq_filter_options('$board', 'from')"
  'prismiq_pin_list()'
  "prismiq_query_preview('{\"type\": \"metric\", \"query\": $count}')"
  "prismiq_widget_spec('$chart')"
  "prismiq_dashboard_page('$board')"
  "prismiq_widget_csv('$widget')"
  "prismiq_widget_drill('$widget', '{}', '{}', '{\"limit\": 1}')"
  'prismiq_widget_type_list()'
)
for call in "${reads[@]}"; do
  # What differs from call to call is how long it took.
  query="SELECT regexp_replace(string_agg(t::text, ' '),
      '(time_ms|_at)(\"|&quot;): *[^,}]*', '', 'g')
    FROM (SELECT $call::text AS t) AS answer"
  answer=$(said b "$query")
  is "$answer" "$(said a "$query")" "${call%%(*} answers as the primary does"
  like "$answer" '^[^E].*' "${call%%(*} answers"
done
# An aggregate, and rows that need a list of columns.
grid="'{\"interval\": \"1 day\", \"start\": \"2024-01-01\", \"stop\": \"2024-01-03\"}'"
is "$(said b "SELECT string_agg(r.rows::text, ' ' ORDER BY day)
  FROM (SELECT prismiq_dense($grid, date '2024-01-02') AS cells) AS s,
    prismiq_dense_rows(s.cells, $grid) AS r (day date, rows bigint)")" '0 1' 'buckets at once'
# What a standby says of itself.
is "$(on b -c "SELECT prismiq.prismiq_health_ready() - 'reasons'")" \
  '{"ready": true, "status": "ok", "read_only": true, "in_recovery": true}' 'a standby is ready'
is "$(on b -c "SELECT prismiq.prismiq_health() - 'in_recovery' - 'read_only'")" \
  "$(on a -c "SELECT prismiq.prismiq_health() - 'in_recovery' - 'read_only'")" \
  'and tells the same of itself but that'
is "$(on b -c "SELECT prismiq.prismiq_metrics()" | sed 's/^prismiq_in_recovery 1$/of b/')" \
  "$(on a -c "SELECT prismiq.prismiq_metrics()" | sed 's/^prismiq_in_recovery 0$/of b/')" \
  'prismiq_metrics counts as the primary does'
watchers='prismiq_health prismiq_health_ready prismiq_metrics'
# Counted for itself: faults/counts.
watchers+=' prismiq_stat_queries prismiq_stat_fingerprint prismiq_stat_reset'
administrators=(prismiq_exposed prismiq_model prismiq_provided_list prismiq_custom_list)
for name in "${administrators[@]}"; do
  is "$(on b -c "SELECT prismiq.$name()")" "$(on a -c "SELECT prismiq.$name()")" \
    "$name answers as the primary does"
done

text="'{\"type\": \"text\"}'"
place='"x": 0, "y": 0, "w": 1, "h": 1'
refused='ERROR:  25006: cannot execute [A-Z ]+ (in a read-only transaction|during recovery)'
writes=(
  "prismiq_dashboard_create('{\"name\": \"N\"}')"
  "prismiq_dashboard_update('$board', '{\"name\": \"N\"}')"
  "prismiq_dashboard_delete('$board')"
  "prismiq_layout_update('$board', '[{\"id\": \"$widget\", $place}]')"
  "prismiq_widget_add('$board', $text)"
  "prismiq_widget_update('$widget', '{\"title\": \"T\"}')"
  "prismiq_widget_delete('$widget')"
  "prismiq_saved_query_create('{\"name\": \"N\", \"query\": $count}')"
  "prismiq_saved_query_update('$saved', '{\"name\": \"N\"}')"
  "prismiq_saved_query_delete('$saved')"
  "prismiq_schema_config_set('{\"timezone\": \"UTC\"}')"
  "prismiq_dashboard_duplicate('$board')"
  "prismiq_dashboard_import('$document')"
  "prismiq_pin_add('query', '$saved')"
  "prismiq_pin_remove('dashboard', '$board')"
  "prismiq_pin_reorder('', '{$board}')"
  "prismiq_widget_duplicate('$widget')"
)
for call in "${writes[@]}"; do
  like "$(said b "SELECT $call")" "$refused" "${call%%(*} is refused"
done
owners=(
  "prismiq_expose('public.weather', shared => true)"
  "prismiq_hide('public.flights')"
  "prismiq_grant('app_user', 'app')"
  "prismiq_revoke('app_user', 'app')"
  'prismiq_upgrade()'
  "prismiq_model_set('{}')"
  "prismiq_provided_set('k', '$document')"
  "prismiq_provided_remove('k')"
  "prismiq_custom_register('k', 'pg_catalog.jsonb_pretty(jsonb)')"
  "prismiq_custom_remove('k')"
)
for call in "${owners[@]}"; do
  like "$(on b -v VERBOSITY=verbose -c "SELECT prismiq.$call" 2>&1)" \
    "$refused" "${call%%(*} is refused"
done
is "$(said b "SELECT prismiq_set_context('TX', 'tom', is_local => false) ->> 'tenant_id'")" TX \
  'prismiq_set_context writes nothing'

# No function is left out.
named="$watchers prismiq_dense prismiq_dense_rows"
for call in "${reads[@]}" "${administrators[@]}" "${writes[@]}" "${owners[@]}"; do
  named+=" ${call%%(*}"
done
is "$(on a <<SQL
SELECT coalesce(string_agg(DISTINCT p.proname, ' '), 'none') FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
WHERE obj_description(p.oid, 'pg_proc') ~ '\nExample:'
	AND p.proname <> ALL (string_to_array('$named', ' ')
		|| '{prismiq_set_context,prismiq_expose_schema}'::text[]);
SQL
)" none 'every function that is documented was called'

# A session on the standby that has asked before, and so remembers.
session_open b

# followed WHAT CHANGE QUERY ANSWER: after the primary's change the session gets this.
followed()
{
  ok "$1" on a -q -o /dev/null -c "$2"
  ok "$1: replayed" replayed
  session_ask "$3"
  like "$answer" "$4" "$1: the standby knows"
}

asked="SELECT prismiq_query('$count') -> 'rows'"
number()
{
  on a -c "SELECT count(*) FROM public.flights WHERE $1"
}
session_ask "$asked"
is "$answer" "[[$(number "state = 'CA'")]]" 'a session on the standby has an answer'
session_ask "SELECT prismiq_table('flights') -> 'display_name'"
is "$answer" '"Flights"' 'and knows the table'
followed 'hidden' "SELECT prismiq.prismiq_hide('public.flights')" "$asked" 'ERROR.*22023'
followed 'exposed by another column' \
  "SELECT prismiq.prismiq_expose('public.flights', tenant_column => 'origin')" "$asked" \
  '^\[\[0\]\]$'
followed 'exposed by the column it was' \
  "SELECT prismiq.prismiq_expose('public.flights', tenant_column => 'state')" "$asked" \
  "^\[\[$(number "state = 'CA'")\]\]\$"
followed 'a row deleted' "DELETE FROM public.flights WHERE id = (SELECT min(id) FROM public.flights
  WHERE state = 'CA')" "$asked" "^\[\[$(($(number "state = 'CA'") - 1))\]\]\$"
followed 'named by the tenant' "SET prismiq.tenant_id = 'CA'; SET prismiq.user_id = 'ann';
  SET prismiq.roles = 'admin'; SELECT prismiq.prismiq_schema_config_set(
  '{\"tables\": {\"flights\": {\"display_name\": \"Departures\"}}}')" \
  "SELECT prismiq_table('flights') -> 'display_name'" '^"Departures"$'
followed 'a column hidden by the tenant' "SET prismiq.tenant_id = 'CA'; SET prismiq.user_id = 'ann';
  SET prismiq.roles = 'admin'; SELECT prismiq.prismiq_schema_config_set(
  '{\"tables\": {\"flights\": {\"columns\": {\"delay\": {\"hidden\": true}}}}}')" \
  "SELECT prismiq_query('{$flights,
    \"columns\": [{\"table_id\": \"f\", \"column\": \"delay\"}]}')" \
  'ERROR.*22023'
followed 'no privilege any more' 'REVOKE SELECT ON public.flights FROM app_user' "$asked" \
  'ERROR.*(22023|42501)'
followed 'the privilege again' 'GRANT SELECT ON public.flights TO app_user' "$asked" '^\[\['
followed 'renamed' 'ALTER TABLE public.flights RENAME TO departures' "$asked" 'ERROR.*22023'
followed 'renamed again' 'ALTER TABLE public.departures RENAME TO flights' "$asked" '^\[\['
followed 'dropped, and another made in its place' \
  'CREATE TABLE public.kept AS SELECT * FROM public.flights; DROP TABLE public.flights;
   CREATE TABLE public.flights AS SELECT * FROM public.kept;
   GRANT SELECT ON public.flights TO app_user' "$asked" 'ERROR.*22023'

ok 'the standby is promoted' pg_ctl -D "$servers/b/data" -w -s promote
session_ask 'SELECT pg_is_in_recovery()'
is "$answer" f 'the session lives on'
session_ask "SELECT prismiq_dashboard_create('{\"name\": \"After\"}') ->> 'name'"
is "$answer" After 'and writes'
ok 'an exposure' on b -q -o /dev/null -c "SELECT prismiq.prismiq_expose('public.flights',
  tenant_column => 'state')"
session_ask "$asked"
is "$answer" "[[$(number "state = 'CA'")]]" 'which the session knows'
is "$(said b "SELECT prismiq_dashboard_update('$board', '{\"name\": \"New\"}') ->> 'name'")" New \
  'what came from the primary is changed'
session_close
ok 'the primary died of nothing' server_sound a
ok 'nor did the standby' server_sound b
done_testing
