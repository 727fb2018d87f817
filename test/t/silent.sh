#!/bin/bash
# Assertions that asserted nothing are found in the log of a pgTAP file.
. "$TEST_DIR/lib/tap.sh"

log=$(mktemp)
trap 'rm -f "$log"; dropdb --if-exists --force silent' EXIT
createdb -T "$TEMPLATE" silent
export PGDATABASE=silent

# said SQL: the statements that are complained of, each as its first word after a label.
said()
{
  : >"$log"
  psql -XAtq --log-file="$log" >/dev/null 2>&1 <<<"$1"
  perl "$TEST_DIR/lib/silent.pl" "$log" 2>&1 | grep -o 'label_[a-z]*' | tr '\n' ' '
}

is "$(said "CREATE FUNCTION pg_temp.both() RETURNS SETOF text LANGUAGE plpgsql AS \$\$
    BEGIN RETURN NEXT is(1, 1, 'a'); RETURN NEXT ok(true, 'b'); END \$\$;
  CREATE FUNCTION pg_temp.each(n int) RETURNS SETOF text LANGUAGE sql AS
    \$\$ SELECT is(n, n, 'c') \$\$;
  SELECT no_plan();
  SELECT is(1, 1, 'label_good') FROM generate_series(1, 2);
  SELECT is(1, 2, 'label_where') WHERE false;
  SELECT is(1, 2, 'label_set') FROM unnest('{}'::text[]);
  SELECT public.is(1, 2, 'label_schema'), 'x' WHERE false;
  WITH none AS (SELECT 1 WHERE false) SELECT ok(true, 'label_with') FROM none;
  SELECT pg_temp.both() AS label_both WHERE false;
  SELECT pg_temp.each(1) AS label_each WHERE false;
  SELECT pg_temp.both() AS label_called;
  SELECT is(1, 2, 'label_may') WHERE false /* may be none */;
  SELECT 'is(1, 1)' AS label_text, \$\$ok(true)\$\$ WHERE false;
  SELECT 1 AS label_plain WHERE false;
  SELECT is(1, 2, 'label_bad');")" \
  'label_where label_set label_schema label_with label_both label_each ' \
  'those that are called for no rows, and no others'
is "$(said "SELECT no_plan(); SELECT ok(true, 'label_good');")" '' 'none'
ok 'which is a success' perl "$TEST_DIR/lib/silent.pl" "$log"

done_testing
