#!/bin/bash
# Two sessions at once: limits hold, versions tell, nothing is lost, nobody
# waits for ever.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=concurrency_$$
createdb -T "$TEMPLATE" "$PGDATABASE"

scratch=$(mktemp)
trap 'rm -f "$scratch"; dropdb --if-exists --force "$PGDATABASE"' EXIT
. "$TEST_DIR/lib/meet.sh"

d=$(run "SELECT prismiq.prismiq_dashboard_create('{\"name\": \"D\"}') ->> 'id'")
like "$d" '^[0-9a-f-]{36}$' 'a dashboard'
add="SELECT prismiq.prismiq_widget_add('$d', '{\"type\": \"text\"}') ->> 'id'"
plain="INSERT INTO prismiq.prismiq_widgets (dashboard_id, type) VALUES ('$d', 'text')"

for ((i = 0; i < 28; i++)); do run "$add" >/dev/null; done
meet "$add" "$add"
is "$waited" yes 'the 29th and the 30th widget: one waits for the other'
like "$second" '^[0-9a-f-]{36}$' 'both are there'
widget=$second
run "DELETE FROM prismiq.prismiq_widgets WHERE id = '$widget'"

meet "$add" "$add"
like "$second" 'PT413.*too many widgets' 'the 30th twice: the second is one too many'
is "$(run "SELECT count(*) FROM prismiq.prismiq_widgets")" 30 'there are thirty'
run "DELETE FROM prismiq.prismiq_widgets
  WHERE id = (SELECT id FROM prismiq.prismiq_widgets ORDER BY id LIMIT 1)"
meet "$plain" "$plain"
like "$second" 'PT413.*too many widgets' 'the same by plain INSERTs'

create()
{
  echo "SELECT prismiq.prismiq_dashboard_create('{\"name\": \"$1\"}') ->> 'id'"
}
for ((i = 2; i < 20; i++)); do run "$(create "D$i")" >/dev/null; done
meet "$(create twentieth)" "$(create another)"
is "$waited" yes 'the 20th dashboard twice: one waits'
like "$second" 'PT413.*too many dashboards' 'and is one too many'
run "DELETE FROM prismiq.prismiq_dashboards WHERE name = 'twentieth'"
# The second has its snapshot before the first commits.
snapshot="BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM prismiq.prismiq_dashboards LIMIT 0"
meet "$(create twentieth)" "$snapshot; $(create another); COMMIT"
is "$waited" yes 'under REPEATABLE READ: one waits'
like "$second" 'PT413.*too many dashboards' 'and is one too many'
is "$(run 'SELECT count(*) FROM prismiq.prismiq_dashboards')" 20 'there are twenty'
run "DELETE FROM prismiq.prismiq_dashboards WHERE name = 'twentieth'"
meet "$(create same)" "$(create same)"
like "$second" '23505.*a dashboard of this name exists already' 'one name at once'
run "DELETE FROM prismiq.prismiq_dashboards WHERE name <> 'D'"

version=$(run "SELECT version FROM prismiq.prismiq_dashboards")
change="SELECT prismiq.prismiq_dashboard_update('$d',
  '{\"description\": \"x\", \"version\": $version}') ->> 'version'"
meet "$change" "$change"
is "$first" "$((version + 1))" 'two changes of one version: the first is made'
like "$second" 'PT409.*dashboard was changed meanwhile' 'the second is told'

# Under REPEATABLE READ the last widget is added once too: the second would change a dashboard that
# was changed after its snapshot.
for ((i = 0; i < 29; i++)); do run "$add" >/dev/null; done
run "DELETE FROM prismiq.prismiq_widgets WHERE id IN
  (SELECT id FROM prismiq.prismiq_widgets ORDER BY id OFFSET 29)"
meet "$plain" "$snapshot; $plain; COMMIT"
like "$second" '40001' 'the last widget twice under REPEATABLE READ: the second must try again'
is "$(run "SELECT count(*) FROM prismiq.prismiq_widgets")" 30 'there are thirty'

# Somebody adds a widget while somebody else replaces the widgets it has seen.
version=$(run "SELECT version FROM prismiq.prismiq_dashboards")
run "DELETE FROM prismiq.prismiq_widgets"
version=$(run "SELECT version FROM prismiq.prismiq_dashboards")
meet "$add" "SELECT prismiq.prismiq_dashboard_update('$d',
  '{\"widgets\": [], \"version\": $version}')"
like "$second" 'PT409.*dashboard was changed meanwhile' 'a widget that was added is not lost'
meet "$plain" "SELECT prismiq.prismiq_dashboard_update('$d',
  '{\"widgets\": [], \"version\": $(run "SELECT version FROM prismiq.prismiq_dashboards")}')"
like "$second" 'PT409.*dashboard was changed meanwhile' 'nor one that was inserted'

# A widget at the right edge against a narrower layout.
run "DELETE FROM prismiq.prismiq_widgets"
wide="SELECT prismiq.prismiq_widget_add('$d',
  '{\"type\": \"text\", \"position\": {\"x\": 8, \"y\": 0, \"w\": 4, \"h\": 1}}') ->> 'id'"
narrow="SELECT prismiq.prismiq_dashboard_update('$d', '{\"layout\": {\"columns\": 6}}') ->> 'id'"
meet "$wide" "$narrow"
like "$second" '22023.*the layout is too narrow' 'a wide widget, then a narrow layout'
run "DELETE FROM prismiq.prismiq_widgets"
meet "$narrow" "INSERT INTO prismiq.prismiq_widgets (dashboard_id, type, position)
  VALUES ('$d', 'text', '{\"x\": 8, \"y\": 0, \"w\": 4, \"h\": 1}')"
like "$second" '22023.*does not fit into the layout' 'a narrow layout, then a wide widget'

# The same widgets moved in two orders: no deadlock.
run "SELECT prismiq.prismiq_dashboard_update('$d', '{\"layout\": {\"columns\": 12},
  \"widgets\": [{\"type\": \"text\"}, {\"type\": \"text\"}]}')" >/dev/null
mapfile -t w < <(run "SELECT id FROM prismiq.prismiq_widgets ORDER BY id")
at='\"x\": 0, \"y\": 0, \"w\": 1, \"h\": 1'
at=${at//\\/}
meet "SELECT prismiq.prismiq_widget_update('${w[0]}', '{\"title\": \"x\"}') ->> 'title';
  SELECT prismiq.prismiq_widget_update('${w[1]}', '{\"title\": \"x\"}') ->> 'title'" \
  "SELECT prismiq.prismiq_layout_update('$d', '[{\"id\": \"${w[1]}\", $at},
    {\"id\": \"${w[0]}\", $at}]') ->> 'id'"
is "$first$second" "xx$d" 'widgets changed in two orders: both changes are made'

# Two sessions choose a default: the second one's counts, and there is one.
run "DELETE FROM prismiq.prismiq_dashboards"
d1=$(run "$(create one)")
d2=$(run "$(create two)")
default()
{
  echo "SELECT prismiq.prismiq_dashboard_update('$1', '{\"is_default\": true}') ->> 'is_default'"
}
chosen="SELECT string_agg(name, ' ') FROM prismiq.prismiq_dashboards WHERE is_default"
meet "$(default "$d1")" "$(default "$d2")"
is "$waited $second $(run "$chosen")" 'yes true two' 'two defaults: the second waits, and counts'
meet "$(default "$d1")" "$(default "$d2")"
is "$waited $second $(run "$chosen")" 'yes true two' 'the same when there was one already'
new()
{
  echo "SELECT prismiq.prismiq_dashboard_create(
    '{\"name\": \"$1\", \"is_default\": true}') IS NULL"
}
meet "$(new three)" "$(new four)"
is "$waited $second $(run "$chosen")" 'yes f four' 'and when both are new'
# In two statements: in one the order of the rows would decide whether two are ever the default.
meet "UPDATE prismiq.prismiq_dashboards SET is_default = false WHERE is_default;
  UPDATE prismiq.prismiq_dashboards SET is_default = true WHERE name = 'one'" \
  "$snapshot; $(default "$d2"); COMMIT"
like "$second" '40001|23505.*another dashboard has become the default' \
  'under REPEATABLE READ the second must try again'
is "$(run "$chosen")" one 'there is one'

# The last widget by a copy, and by an addition.
run "DELETE FROM prismiq.prismiq_dashboards"
d=$(run "$(create full)")
add="SELECT prismiq.prismiq_widget_add('$d', '{\"type\": \"text\"}') ->> 'id'"
for ((i = 0; i < 28; i++)); do run "$add" >/dev/null; done
w=$(run "$add")
meet "SELECT prismiq.prismiq_widget_duplicate('$w') ->> 'title'" "$add"
is "$waited $first" 'yes Text' 'a copy is the 30th widget'
like "$second" 'PT413.*too many widgets' 'and one more is too many'

# A dashboard is replaced by an import while it is deleted, and the other way round.
import()
{
  echo "SELECT v ->> 'id', jsonb_array_length(v -> 'widgets') FROM prismiq.prismiq_dashboard_import(
    '{\"format\": \"prismiq.dashboard\", \"version\": \"1.0\", \"name\": \"full\",
      \"widgets\": [{\"type\": \"text\"}]}', '{\"on_conflict\": \"$1\"}') v"
}
meet "SELECT prismiq.prismiq_dashboard_delete('$d')" "$(import replace)"
is "$waited" yes 'an import waits for a deletion'
like "$second" '^[0-9a-f-]{36}\|1$' 'and makes the dashboard anew'
is "$(run 'SELECT name FROM prismiq.prismiq_dashboards')" full 'there is one'
d=$(run 'SELECT id FROM prismiq.prismiq_dashboards')
meet "$(import replace)" "SELECT prismiq.prismiq_dashboard_delete('$d')"
is "$waited $first $second" "yes $d|1 t" 'a deletion waits for an import, and deletes what it made'
meet "$(import error)" "$(import error)"
like "$second" '23505.*a dashboard of this name exists already' 'one name by two imports'
meet "$(import rename)" "$(import rename)"
is "$(run "SELECT string_agg(name, ', ' ORDER BY name) FROM prismiq.prismiq_dashboards")" \
  'full, full (2), full (3)' 'which get numbers when they may'

# What is provided is read whole, as it was or as it is, and nobody waits.
provide()
{
  echo "RESET ROLE; RESET prismiq.tenant_id; SELECT v -> 'version' FROM
    prismiq.prismiq_provided_set('k', '{\"format\": \"prismiq.dashboard\", \"version\": \"1.0\",
      \"name\": \"P\", \"description\": \"$1\",
      \"widgets\": [{\"type\": \"text\", \"title\": \"$1\"}]}') v"
}
read="SELECT v ->> 'description', v #>> '{widgets,0,title}', v -> 'version'
  FROM prismiq.prismiq_dashboard_get_by_name('P') v"
run "$(provide old)" >/dev/null
meet "$(provide new)" "$read"
is "$waited $second $(run "$read")" 'no old|old|1 new|new|2' \
  'a reader does not wait, and sees one of them'
meet "$(provide newer)" "$(provide newest)"
is "$waited $second" 'yes 4' 'who provides waits for each other'
is "$(run "$read")" 'newest|newest|4' 'and the last one counts'

is "$(run "SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'idle in transaction'")" 0 \
  'no session is left behind'

done_testing
