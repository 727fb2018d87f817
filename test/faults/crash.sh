#!/bin/bash
# Backends are killed in the middle of an answer, of a dashboard and of a
# change, and the server is shut down at once under those who write. What was
# answered is there afterwards, whole; what was not is there whole or not at
# all; exposures and answers are what they were.
#
#   SEED=7     other moments
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

RANDOM=${SEED:-1}
server_new a 'prismiq.max_dashboards_per_user_cap = 100000' \
  'prismiq.max_dashboards_per_user = 100000'

ok 'a slow view, and a change that dawdles' on a <<'SQL'
SET client_min_messages = warning;
CREATE VIEW public.slow AS
	SELECT 'CA'::text AS tenant, n, pg_sleep(0.01) IS NULL AS slept FROM generate_series(1, 9000) n;
GRANT SELECT ON public.slow TO app_user;
SELECT FROM prismiq.prismiq_expose('public.slow', tenant_column => 'tenant');
CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_sleep(90);
	RETURN NULL;
END $$;
CREATE TRIGGER zz_dawdle AFTER INSERT ON prismiq.prismiq_widgets FOR EACH ROW
	WHEN (NEW.title = 'slow') EXECUTE FUNCTION public.dawdle();
CREATE TRIGGER zz_dawdle AFTER INSERT ON prismiq.prismiq_exposures FOR EACH ROW
	WHEN (NEW.relation_name = 'late') EXECUTE FUNCTION public.dawdle();
CREATE TABLE public.late (tenant text);
SQL

slow='{"tables": [{"id": "s", "name": "slow"}],
  "columns": [{"table_id": "s", "column": "slept"},
    {"table_id": "s", "column": "n", "aggregation": "sum"}]}'
quick='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'
widget="{\"type\": \"metric\", \"query\": $quick}"
board=$(said a "SELECT prismiq_dashboard_create('{\"name\": \"Kept\", \"widgets\": [$widget,
  {\"type\": \"metric\", \"query\": $slow}, $widget]}') ->> 'id'")
like "$board" '^[0-9a-f-]{36}$' 'a dashboard'
before=$(server_state a)
like "$before" 'prismiq_dashboards\|1\|' 'there is something to lose'
like "$before" 'public.slow' 'and it is exposed'

# killed CALL WHAT: kill the backend that is at this call, and look at what is left.
killed()
{
  local client pid

  as_user a -c "$1" >"$servers/said" 2>&1 &
  client=$!
  ok "$2: under way" until_true a "SELECT count(*) = 1 FROM pg_stat_activity
    WHERE wait_event = 'PgSleep' AND pid <> pg_backend_pid()"
  pid=$(on a -c "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
  ok "$2: killed" kill -9 "$pid"
  wait "$client"
  like "$(<"$servers/said")" 'server closed the connection unexpectedly' "$2: the client is told"
  ok "$2: the server is there again" server_wait a
  is "$(server_state a)" "$before" "$2: everything is as it was"
}

killed "SELECT prismiq_query('$slow')" 'a query'
killed "SELECT prismiq_dashboard_data('$board')" "a dashboard's answers"
killed "SELECT prismiq_dashboard_create('{\"name\": \"Half\", \"widgets\": [$widget, $widget,
  {\"type\": \"text\", \"title\": \"slow\"}, $widget]}')" 'a new dashboard'
killed "SELECT prismiq_dashboard_update('$board', '{\"name\": \"Other\", \"widgets\": [$widget,
  {\"type\": \"text\", \"title\": \"slow\"}]}')" 'a changed dashboard'
killed "SET ROLE NONE; SELECT prismiq_hide('public.flights');
  SELECT prismiq_expose('public.late', tenant_column => 'tenant')" 'exposures'
like "$(said a "SELECT prismiq_query('$quick') -> 'rows'")" '^\[\[[1-9][0-9]*\]\]$' \
  'what was not hidden in the end can be asked'

# Everybody writes and the server goes down at once. A writer notes what it was answered: "+ name"
# once a dashboard is there, "- name" before it asks to delete one, since nobody knows of an answer
# that was lost.
write()
{
  local i name

  for ((i = 1; ; i++)); do
    name="$1-$i"
    as_user a -c "SELECT prismiq_dashboard_create('{\"name\": \"$name\", \"widgets\": [
      $widget, $widget, $widget, $widget, $widget]}')" >/dev/null 2>&1 || return
    echo "+ $name"
    if ((i % 3 == 0)); then
      echo "- $name"
      as_user a -c "SELECT prismiq_dashboard_delete(id) FROM prismiq_dashboards
        WHERE name = '$name'" >/dev/null 2>&1 || return
      echo "gone $name"
    fi
  done
}

# Names that a list has with a sign in front.
noted()
{
  cat "$servers"/notes.* | sed -n "s/^$1 //p" | sort
}

for round in 1 2 3 4; do
  writers=()
  for w in 1 2 3; do
    write "w$round-$w" >"$servers/notes.$round.$w" &
    writers+=($!)
  done
  sleep "$((1 + RANDOM % 2)).$((RANDOM % 10))"
  ok "round $round: shut down at once" server_stop a immediate
  wait "${writers[@]}"
  ok "round $round: started" server_start a
  is "$(on a -c "SELECT count(*) FROM prismiq.prismiq_dashboards d WHERE name LIKE 'w%'
    AND (SELECT count(*) FROM prismiq.prismiq_widgets w WHERE w.dashboard_id = d.id) <> 5")" 0 \
    "round $round: no half-written dashboard"
  is "$(on a -c "SELECT count(*) FROM prismiq.prismiq_widgets w WHERE NOT EXISTS
    (SELECT FROM prismiq.prismiq_dashboards d WHERE d.id = w.dashboard_id)")" 0 \
    "round $round: no widget without one"
  on a -c "SELECT name FROM prismiq.prismiq_dashboards WHERE name LIKE 'w%'" | sort >"$servers/have"
  is "$(comm -23 <(comm -23 <(noted +) <(noted -)) "$servers/have")" '' \
    "round $round: what was answered is there"
  is "$(comm -12 <(noted gone) "$servers/have")" '' "round $round: what was deleted is not"
done
ok 'something was written, and something deleted' test "$(noted + | wc -l)" -gt 8 -a \
  "$(noted gone | wc -l)" -gt 0
ok 'the rest is cleared' on a -c "DELETE FROM prismiq.prismiq_dashboards WHERE name LIKE 'w%'"
is "$(server_state a)" "$before" 'everything else is as it was'
ok 'the server died of nothing else' server_sound a
done_testing
