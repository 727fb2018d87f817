#!/bin/bash
# A full disk: a query that spills and a dashboard that is written fail with
# 53100, leave nothing half done, and work once there is room.
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

[ -n "${SMALL_DISK:-}" ] || skip_all 'a small disk takes root and the right to mount'
server_new a "work_mem = '64kB'" 'max_parallel_workers_per_gather = 0'
mkdir "$SMALL_DISK/space"
ok 'a tablespace on a small disk' on a <<SQL
SET client_min_messages = warning;
CREATE TABLESPACE small LOCATION '$SMALL_DISK/space';
GRANT CREATE ON TABLESPACE small TO PUBLIC;
ALTER DATABASE $TEMPLATE SET temp_tablespaces = 'small';
CREATE TABLE public.many AS
SELECT 'CA'::text AS tenant, n, repeat(md5(n::text), 5) AS v FROM generate_series(1, 400000) n;
GRANT SELECT ON public.many TO app_user;
SELECT FROM prismiq.prismiq_expose('public.many', tenant_column => 'tenant');
SQL

distinct='{"tables": [{"id": "m", "name": "many"}],
  "columns": [{"table_id": "m", "column": "v", "aggregation": "count_distinct"}]}'
rows='{"tables": [{"id": "m", "name": "many"}], "columns": [{"table_id": "m", "column": "v"}],
  "order_by": [{"table_id": "m", "column": "v"}]}'
temporary="SELECT coalesce(sum(size), 0) FROM pg_ls_tmpdir(
  (SELECT oid FROM pg_tablespace WHERE spcname = 'small'))"
full='ERROR:  53100: .*'
before=$(server_state a)

for call in "prismiq_query('$distinct')" "prismiq_query_csv('$distinct')" \
  "prismiq_query_rows('$rows')"; do
  name=${call%%(*}
  like "$(said a "SELECT $call")" "$full" "$name: a disk that is full is told by its code"
  is "$(on a -c "$temporary")" 0 "$name: no temporary file is left"
  is "$(server_state a)" "$before" "$name: other answers are what they were"
done

# In the same session, with memory enough.
is "$(as_user a 2>"$servers/said" <<SQL
\\set ON_ERROR_STOP off
SELECT prismiq_query('$distinct');
SET work_mem = '256MB';
SELECT prismiq_query('$distinct') -> 'rows';
SQL
)" '[[400000]]' 'the session that failed has the answer when it need not spill'
like "$(<"$servers/said")" 'not enough resources' 'after it had failed'

# One widget of three: the others' answers are no use to anybody who is told that all is well.
widget='{"type": "text"}'
board=$(said a "SELECT prismiq_dashboard_create('{\"name\": \"D\", \"widgets\": [
  {\"type\": \"metric\", \"query\": $distinct}]}') ->> 'id'")
like "$board" '^[0-9a-f-]{36}$' 'a dashboard whose widget spills'
like "$(said a "SELECT prismiq_dashboard_data('$board')")" "$full" 'fails as the query does'

# Dashboards are written to the disk until it is full.
ok 'the widgets are on the small disk' on a -c \
  'ALTER TABLE prismiq.prismiq_widgets SET TABLESPACE small'
left=$(df --output=avail -B1 "$SMALL_DISK" | tail -n 1)
head -c $((left - 1500000)) /dev/zero >"$SMALL_DISK/filler"
# Such text as cannot be compressed.
large=$(head -c 60000 /dev/urandom | base64 -w 0)
large="{\"type\": \"text\", \"config\": {\"content\": \"$large\"}}"

# write CALL: what it answers, by standard input, since it is too long for an argument.
write()
{
  as_user a -v VERBOSITY=verbose 2>&1 <<<"SELECT left(($1)::text, 200)"
}

whole="SELECT count(*) FROM prismiq_dashboards d WHERE name LIKE 'N%' AND
  (SELECT count(*) FROM prismiq_widgets w WHERE w.dashboard_id = d.id) = 3"
for ((i = 1; i <= 15; i++)); do
  said=$(write "prismiq_dashboard_create(
    '{\"name\": \"N$i\", \"widgets\": [$large, $large, $large]}')")
  [[ $said =~ ERROR ]] && break
done
like "$said" "$full" 'a disk that is full ends the writing of dashboards'
ok 'not the first' test "$i" -gt 1
is "$(said a "$whole")" $((i - 1)) 'those before it are whole'
is "$(said a "SELECT count(*) FROM prismiq_dashboards WHERE name LIKE 'N%'")" $((i - 1)) \
  'and there is no half of one'
change="prismiq_dashboard_update('$board', '{\"name\": \"Changed\",
  \"widgets\": [$large, $large, $large, $large]}')"
like "$(write "$change")" "$full" 'one that is changed'
is "$(said a "SELECT prismiq_dashboard_get('$board') ->> 'name'")" D 'is what it was'
rm "$SMALL_DISK/filler"
is "$(write "prismiq_dashboard_create('{\"name\": \"Room\", \"widgets\": [$large]}') ->> 'name'")" \
  Room 'with room there is no failure'
is "$(write "jsonb_array_length($change -> 'widgets')")" 4 'nor of a change'
ok 'the server died of nothing' server_sound a
server_stop a
rm -rf "${SMALL_DISK:?}"/*
done_testing
