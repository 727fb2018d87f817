#!/bin/bash
# pg_upgrade: what is exposed, granted, stored and configured is there on the
# new server, and answers. From this version to itself, which is what a new
# minor version or another architecture of the packages comes to; from another
# where $OLD_BINDIR names its programs, with prismiq installed there as well
# (test/matrix.sh does so).
. "$TEST_DIR/lib/tap.sh"
. "$TEST_DIR/lib/server.sh"

new=$(pg_config --bindir)
old=${OLD_BINDIR:-$new}
version()
{
  "$1/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'
}
[ -x "$new/pg_upgrade" ] || skip_all 'there is no pg_upgrade'
echo "# from $(version "$old") to $(version "$new")"

# Some minor versions note an option at every column, and its pg_dump writes it
# down; a server that does not know it takes no table over, whoever made it.
if grep -q pg_attver "$old/postgres" && ! grep -q pg_attver "$new/postgres"; then
  skip_all "$("$new/postgres" --version) knows no column option pg_attver, which the old one writes"
fi

# An empty cluster: initialize BINDIR NAME. From 18 on there are checksums unless told otherwise.
initialize()
{
  local options=(-U postgres -A trust -E UTF8 --no-locale -N)

  [ "$(version "$1")" -lt 18 ] || options+=(--no-data-checksums)
  mkdir "$servers/$2" && "$1/initdb" -D "$servers/$2/data" "${options[@]}" >/dev/null &&
    {
      echo "listen_addresses = ''"
      echo 'fsync = off'
    } >>"$servers/$2/data/postgresql.conf" && server_configure "$2" "timezone = 'UTC'" 'jit = off'
}

# The old server is made and filled with its own programs.
(
  PATH=$old:$PATH
  initialize "$old" a && server_start a && createdb -h "$servers/a" "$TEMPLATE" &&
    on a -c 'CREATE SCHEMA prismiq' -c 'CREATE EXTENSION prismiq SCHEMA prismiq' &&
    on a -v dir="$TEST_DIR/data" -f "$TEST_DIR/data/load.sql" &&
    on a -o /dev/null -f "$TEST_DIR/data/expose.sql"
) >"$servers/made" 2>&1
is "$(grep -E 'ERROR|FATAL|error:' "$servers/made")" '' 'the old server is made'
ok 'and filled' on a <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA "My Data";
CREATE TABLE "My Data"."Odd.Name" (tenant text, v text);
INSERT INTO "My Data"."Odd.Name" VALUES ('CA', 'ours'), ('TX', 'theirs');
CREATE TABLE public.was (tenant text, v text);
CREATE VIEW public.a_view AS SELECT tenant, v FROM "My Data"."Odd.Name";
CREATE MATERIALIZED VIEW public.a_summary AS
	SELECT tenant, v, count(*) AS n FROM public.a_view GROUP BY 1, 2;
CREATE TABLE public.gone (tenant text);
GRANT USAGE ON SCHEMA "My Data" TO app_user;
GRANT SELECT ON "My Data"."Odd.Name", public.a_view, public.a_summary, public.was TO app_user;
SELECT prismiq.prismiq_expose(r::regclass, tenant_column => 'tenant')
FROM unnest('{"\"My Data\".\"Odd.Name\"",was,a_view,a_summary,gone}'::text[]) r \g /dev/null
DROP TABLE public.gone;
ALTER TABLE public.was RENAME TO "is Now";
SQL

count='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'
OPTIONS='-c prismiq.roles=admin'
board=$(said a "SELECT prismiq_dashboard_create('{\"name\": \"D\", \"is_public\": true,
  \"widgets\": [{\"type\": \"metric\", \"query\": $count}, {\"type\": \"text\"}]}') ->> 'id'")
like "$board" '^[0-9a-f-]{36}$' 'a dashboard'
like "$(said a "SELECT prismiq_saved_query_create(
  '{\"name\": \"S\", \"query\": $count}') ->> 'id'")" \
  '^[0-9a-f-]{36}$' 'a saved query'
is "$(said a "SELECT prismiq_schema_config_set('{\"timezone\": \"America/Los_Angeles\"}')
  ->> 'timezone'")" America/Los_Angeles 'a configuration'

# What users of two tenants see.
seen()
{
  local tenant name

  for tenant in CA TX; do
    OPTIONS="-c prismiq.roles=admin -c prismiq.tenant_id=$tenant"
    said "$1" "SELECT prismiq_tables(), prismiq_dashboard_list(), prismiq_saved_query_list()"
    for name in Odd.Name a_view a_summary 'is Now'; do
      said "$1" "SELECT prismiq_query('{\"tables\": [{\"id\": \"t\", \"name\": \"$name\"}],
        \"columns\": [{\"table_id\": \"t\", \"column\": \"v\"}]}') -> 'rows'"
    done
  done
  OPTIONS='-c prismiq.roles=admin'
}
before=$(server_state a)
seen_before=$(seen a)
is "$(grep -oE '\[\["(ours|theirs)"\]\]' <<<"$seen_before" | paste -sd' ')" \
  '[["ours"]] [["ours"]] [["ours"]] [["theirs"]] [["theirs"]] [["theirs"]]' \
  'each tenant sees its rows'
PATH=$old:$PATH server_stop a >/dev/null

ok 'the new server is made' initialize "$new" b
mkdir "$servers/u"
upgrade()
{
  cd "$servers/u" && "$new/pg_upgrade" -U postgres -b "$old" -B "$new" -d "$servers/a/data" \
    -D "$servers/b/data" -s "$servers/u" || {
    grep -rhE -A 2 'error:|ERROR|FATAL' "$servers/b/data/pg_upgrade_output.d"
    return 1
  }
}
ok 'pg_upgrade' upgrade
ok 'it starts' server_start b
is "$(server_state b)" "$before" 'the same rows, exposures and answers'
is "$(seen b)" "$seen_before" 'each tenant sees what it saw'
is "$(said b "SELECT prismiq_dashboard_update('$board', '{\"name\": \"E\"}') ->> 'name'")" E \
  'a dashboard is changed'
# Exposures go on to follow their relations.
ok 'a table is renamed' on b -c 'ALTER TABLE public."is Now" RENAME TO after'
is "$(said b "SELECT prismiq_table('after') ->> 'name'")" after 'and found by its new name'
ok 'one is dropped, and another made in its place' on b -c 'DROP TABLE public.after;
  CREATE TABLE public.after (tenant text); GRANT SELECT ON public.after TO app_user'
like "$(said b "SELECT prismiq_table('after')")" 'PT404' 'which nobody has exposed'
ok 'the server died of nothing' server_sound b
done_testing
