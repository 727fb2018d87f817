#!/bin/bash
# Only the tables of an answer are locked: nobody waits for another table, and more exposures than
# the lock table has room for do not fill it.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=locks_$$
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists --force "$PGDATABASE"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

run()
{
  psql -XAtq -v ON_ERROR_STOP=1 2>&1
}

# What is asked in the tests: $1 in a session of a user, who would wait no longer than 20 s.
ask()
{
  psql -XAtq -c "SET ROLE app_user; SET search_path = prismiq, public;
    SET prismiq.tenant_id = 'acme';    SET lock_timeout = '20s'" -c "$1" 2>&1
}

tables='"tables": [{"id": "a", "name": "orders"}, {"id": "b", "name": "customers"}]'
joined="{$tables, \"columns\": [{\"table_id\": \"b\", \"column\": \"v\"}]}"
misspelt='{"tables": [{"id": "a", "name": "order"}],
  "columns": [{"table_id": "a", "column": "v"}]}'
related='{"tables": [{"id": "a", "name": "orders"}, {"id": "c", "name": "items"}],
  "columns": [{"table_id": "a", "column": "v"}],
  "filters": [{"scope": "any", "table_id": "c", "column": "v", "operator": "eq", "value": "x"}]}'

ok 'tables, and a neighbour of each' run <<'SQL'
CREATE SCHEMA shop;
CREATE SCHEMA aside;
GRANT USAGE ON SCHEMA shop, aside TO app_user;
CREATE TABLE shop.customers (tenant text, id int PRIMARY KEY, v text);
CREATE TABLE shop.orders (tenant text, id int PRIMARY KEY, customer int REFERENCES shop.customers,
  v text);
CREATE TABLE shop.items (tenant text, id int PRIMARY KEY, "order" int REFERENCES shop.orders,
  v text);
CREATE TABLE shop.invoices (tenant text, id int PRIMARY KEY, "order" int REFERENCES shop.orders,
  v text);
CREATE TABLE shop.orderz (tenant text, v text);
CREATE TABLE aside.orders (tenant text, v text);
INSERT INTO shop.customers VALUES ('acme', 1, 'Ann');
INSERT INTO shop.orders VALUES ('acme', 1, 1, 'first');
INSERT INTO shop.items VALUES ('acme', 1, 1, 'x');
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO app_user;
SELECT FROM prismiq.prismiq_expose_schema('shop', 'tenant');
SELECT FROM prismiq.prismiq_expose_schema('aside', 'tenant');
SQL

# Somebody changes invoices, orderz, and the one that the user may not read.
coproc holder { psql -XAtq 2>&1; }
echo "BEGIN; LOCK TABLE shop.invoices, shop.orderz, aside.orders IN ACCESS EXCLUSIVE MODE;
  SELECT 'held';" >&"${holder[1]}"
IFS= read -r line <&"${holder[0]}"
is "$line" held 'unrelated tables are locked'

is "$(ask "SELECT prismiq_query('$joined')::jsonb -> 'rows'")" '[["Ann"]]' 'an automatic join'
is "$(ask "SELECT prismiq_validate('$joined') ->> 'valid'")" true 'is valid'
is "$(ask "SELECT prismiq_query('$related')::jsonb -> 'rows'")" '[["first"]]' 'a related table'
like "$(ask "SELECT prismiq_validate('$misspelt')")" 'Did you mean \\"order' 'a suggestion'
like "$(ask 'SELECT prismiq_tables()')" 'invoices.*orders' 'the list of tables'
like "$(ask "SELECT prismiq_table('orders')")" '"schema_name": "shop"' 'a table in words'
is "$(ask "SELECT prismiq_column_sample('orders', 'v')")" '["first"]' 'a sample'
is "$(ask "SET prismiq.schema = 'aside'; SELECT prismiq_query('$joined')::jsonb -> 'rows'")" \
  '[["Ann"]]' 'a namesake that the user may not read is not waited for'
echo 'COMMIT; \q' >&"${holder[1]}"
wait "$holder_PID" 2>/dev/null

is "$(ask "BEGIN; SELECT prismiq_query('$joined')::jsonb -> 'rows';
  SELECT string_agg(relation::regclass::text, ' ' ORDER BY relation::regclass::text)
  FROM pg_locks WHERE relation::regclass::text ~ '^(shop|aside)' AND locktype = 'relation'
    AND relation IN (SELECT oid FROM pg_class WHERE relkind = 'r')" | tail -n 1)" \
  'shop.customers shop.orders' 'the tables of the answer are locked, and no others'
is "$(ask "BEGIN; SELECT prismiq_tables(), prismiq_schema(), prismiq_validate('$misspelt');
  SELECT count(*) FROM pg_locks WHERE relation::regclass::text ~ 'shop|aside'" | tail -n 1)" \
  0 'lists and suggestions leave nothing locked'

# The lock table has room for max_locks_per_transaction locks of each connection and prepared
# transaction, and some more. More relations than that: two hundred tables that refer to one, and
# views, which are made faster.
room=$(psql -XAtq -c "SELECT current_setting('max_locks_per_transaction')::int
  * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)")
count=$((room < 8000 ? 12000 : room * 3 / 2))
ok 'tables' run <<'SQL'
CREATE SCHEMA many;
GRANT USAGE ON SCHEMA many TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA many GRANT SELECT ON TABLES TO app_user;
CREATE TABLE many.hub (tenant text, id int PRIMARY KEY, v text);
INSERT INTO many.hub VALUES ('acme', 1, 'Hub');
CREATE TABLE many.target (tenant text, id int PRIMARY KEY, hub int REFERENCES many.hub, v text);
SELECT format('CREATE TABLE many.table_%s (tenant text, v text, hub int REFERENCES many.hub)', i)
FROM generate_series(1, 200) i \gexec
SQL
for ((i = 1; i <= count; i += 1000)); do
  echo "DO 'BEGIN FOR i IN $i .. $((i + 999)) LOOP
    EXECUTE format(''CREATE VIEW many.view_%s AS SELECT * FROM many.hub'', i); END LOOP; END';"
done >"$scratch/views.sql"
ok "$count views" psql -Xq -v ON_ERROR_STOP=1 -f "$scratch/views.sql"
count=$((count + 202))
ok 'all of them exposed' run <<'SQL'
SELECT FROM prismiq.prismiq_expose_schema('many', 'tenant');
SQL
is "$(psql -XAtq -c 'SELECT count(*) FROM prismiq.prismiq_exposures
  WHERE schema_name = '"'many'")" "$count" 'are all there'

through='{"tables": [{"id": "a", "name": "table_7"}, {"id": "b", "name": "target"}],
  "columns": [{"table_id": "a", "column": "v"}]}'
unreached='{"tables": [{"id": "a", "name": "table_7"}, {"id": "b", "name": "view_999"}],
  "columns": [{"table_id": "a", "column": "v"}]}'
unknown='{"tables": [{"id": "a", "name": "no_such_table_at_all"}],
  "columns": [{"table_id": "a", "column": "v"}]}'
# Each caller keeps what it has locked until the others have asked, too.
asked="BEGIN; SELECT jsonb_array_length(prismiq_tables());
  SELECT prismiq_query('$through')::jsonb -> 'rows';
  SELECT prismiq_validate('$unreached') -> 'errors' -> 0 ->> 'code';
  SELECT prismiq_validate('$unknown') -> 'errors' -> 0 ->> 'code';
  SELECT prismiq_table('table_8') ->> 'name';
  SELECT jsonb_array_length(prismiq_schema() -> 'tables');
  SELECT count(*) < 100 FROM pg_locks WHERE pid = pg_backend_pid();
  SELECT pg_sleep(1); COMMIT;"
visible=$((count + 5 + 3))
for i in 1 2 3; do
  ask "$asked" >"$scratch/answer_$i" &
done
wait
for i in 1 2 3; do
  is "$(tr '\n' ' ' <"$scratch/answer_$i")" \
    "$visible [] MISSING_JOIN TABLE_NOT_FOUND table_8 $visible t  " \
    "caller $i of three at once: answered, with few locks"
done

# How long it takes to compile hardly depends on how many exposures there are.
timed()
{
  ask "DO \$\$ DECLARE at timestamptz; BEGIN
      PERFORM prismiq_compile('$joined');
      at := clock_timestamp();
      FOR i IN 1 .. 200 LOOP PERFORM prismiq_compile('$joined'); END LOOP;
      RAISE NOTICE 'took %', extract(epoch FROM clock_timestamp() - at);
    END \$\$" | sed -n 's/.*took //p'
}
is "$(awk -v t="$(timed)" 'BEGIN { print (t != "" && t < 4 ? "fast" : "slow: " t) }')" fast \
  'two hundred compilations among thousands of exposures'

ok 'a schema of thousands of exposures is renamed' run <<'SQL'
ALTER SCHEMA many RENAME TO more;
SQL
is "$(psql -XAtq -c "SELECT count(*) FROM prismiq.prismiq_exposures e
  WHERE schema_name = 'more'
    AND prismiq_internal.exposure_problem(schema_name, relation_name) IS NULL")" \
  "$count" 'and they follow'

done_testing
