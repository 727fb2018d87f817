#!/bin/bash
# A dashboard goes from one database to another as a document, and is the same
# document there.
. "$TEST_DIR/lib/tap.sh"

trap 'for d in moving_from moving_to; do dropdb --if-exists --force $d; done' EXIT
createdb -T "$TEMPLATE" moving_from
createdb -T "$TEMPLATE" moving_to

# run DATABASE TENANT: the statements that come in
run()
{
  psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -c 'SET ROLE app_user' -c "SET prismiq.tenant_id = '$2'" \
    -c "SET prismiq.user_id = 'ann'" -f - 2>&1
}

document=$(run moving_from CA <<'SQL'
SELECT prismiq.prismiq_saved_query_create('{"name": "Late", "is_shared": true,
  "query": {"tables": [{"id": "f", "name": "flights"}],
    "columns": [{"table_id": "f", "column": "delay"}],
    "filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 1.50}]}}')
  ->> 'id' AS q \gset
SELECT prismiq.prismiq_dashboard_create(format('{"name": "Übersicht \"1\" \\ 🛫",
  "filters": [{"id": "o", "type": "text", "field": "origin",
    "applies_to": ["11111111-1111-4111-8111-111111111111"]}],
  "widgets": [{"id": "11111111-1111-4111-8111-111111111111", "type": "table", "query": {
      "tables": [{"id": "f", "name": "flights"}],
      "columns": [{"table_id": "f", "column": "origin"}]}},
    {"type": "table", "saved_query_id": "%s"}]}', :'q')::jsonb) ->> 'id' AS d \gset
SELECT prismiq.prismiq_dashboard_export(:'d');
SQL
)
like "$document" '"prismiq.dashboard"' 'a dashboard is exported'
there=$(run moving_to TX <<SQL
SELECT prismiq.prismiq_dashboard_import(\$doc\$$document\$doc\$) ->> 'id' AS d \gset
SELECT prismiq.prismiq_dashboard_export(:'d');
SQL
)
is "$there" "$document" 'and in another database, for another tenant, it is the same document'

done_testing
