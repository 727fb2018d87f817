#!/bin/bash
# With prismiq.notify a change is told to who listens: its kind, its id, its
# version, and nothing else.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=notify_$$
trap 'dropdb --if-exists --force "$PGDATABASE"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

# What a session hears of its own changes, ids as they come.
heard()
{
  psql -XAtq 2>&1 <<SQL | sed -n 's/.*"prismiq_changes" with payload "\(.*\)" received.*/\1/p' |
$1
SET ROLE app_user;
LISTEN prismiq_changes;
SET prismiq.tenant_id = 'acme';
SET prismiq.user_id = 'ann';
SELECT prismiq.prismiq_dashboard_create('{"name": "secret plan",
  "widgets": [{"type": "text", "title": "of acme"}]}') ->> 'id' AS d \gset
SELECT prismiq.prismiq_dashboard_update(:'d', '{"description": "x"}') IS NULL;
SELECT prismiq.prismiq_dashboard_delete(:'d');
SELECT prismiq.prismiq_saved_query_create('{"name": "secret query", "query": {"tables":
  [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column": "origin"}]}}') IS NULL;
DELETE FROM prismiq.prismiq_saved_queries;
SQL
    sed 's/[0-9a-f]\{8\}-[0-9a-f-]\{27\}/ID/'
}

is "$(heard '')" '' 'off, nothing is told'
is "$(heard 'SET prismiq.notify = on;' | sort -u)" '{"id": "ID", "kind": "dashboard", "version": 1}
{"id": "ID", "kind": "dashboard", "version": 2}
{"id": "ID", "kind": "dashboard", "version": null}
{"id": "ID", "kind": "query", "version": 1}
{"id": "ID", "kind": "query", "version": null}
{"id": "ID", "kind": "widget", "version": 1}
{"id": "ID", "kind": "widget", "version": null}' 'on, every change is, by its kind, id and version'
like "$(psql -XAtq -c "SET ROLE app_user" -c "SELECT prismiq.prismiq_tenant_id()" \
  -c "SET prismiq.notify = on" 2>&1)" 'permission denied to set parameter "prismiq.notify"' \
  'no other role turns it on'

done_testing
