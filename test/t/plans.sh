#!/bin/bash
# Which plans are kept: what takes less time to run than to plan has one for any values, as soon
# as PostgreSQL likes it, whatever a single run had to wait for; what takes long is planned for its
# values.
. "$TEST_DIR/lib/tap.sh"

trap 'dropdb --if-exists --force plans' EXIT
createdb -T "$TEMPLATE" plans
export PGDATABASE=plans

# Reading the view takes as long as test.pause says.
psql -Xq -v ON_ERROR_STOP=1 <<'SQL' >&2
CREATE FUNCTION pause() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(nullif(current_setting('test.pause', true), '')::float8);
  RETURN true;
END
$$;
CREATE TABLE few AS SELECT i AS delay, s AS state
FROM generate_series(1, 10) AS i, unnest('{CA,NY}'::text[]) AS s;
CREATE VIEW slow_flights AS SELECT state, delay FROM few WHERE (SELECT pause());
SELECT FROM prismiq.prismiq_expose('slow_flights', 'state');
VACUUM ANALYZE flights, few;
SQL

# plan_after DEFINITION STATEMENTS TIMES: asked so often after these, was there a plan for any
# values, or were all for some?  On a busy machine a run may have to wait at any time.
plan_after()
{
  psql -XAtq 2>&1 <<SQL | sed -n '/^LAST/,$p' |
LOAD 'auto_explain';
SET search_path = public, prismiq;
SET prismiq.tenant_id = 'CA';
SET jit = off;
CREATE FUNCTION pg_temp.ask(times int) RETURNS void LANGUAGE plpgsql AS \$\$
BEGIN
  FOR i IN 1 .. times LOOP
    PERFORM prismiq_query('$1');
  END LOOP;
END
\$\$;
$2
SELECT 'LAST';
SET client_min_messages = log;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_min_duration = 0;
SELECT pg_temp.ask($3);
SQL
    sed -n 's/.*\(Index Cond\|Filter\): .*state = \(\$[0-9]*\|.CA.::text\).*/\2/p' |
    sed 's/^\$.*/any/; s/^.CA.*/some/' | sort | head -n 1
}

latest='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "id"}, {"table_id": "f", "column": "departed_at"}],
  "order_by": [{"table_id": "f", "column": "departed_at", "direction": "DESC"}], "limit": 10}'
slow='{"tables": [{"id": "f", "name": "slow_flights"}],
  "columns": [{"table_id": "f", "column": "delay", "aggregation": "sum"}]}'
ask='SELECT pg_temp.ask(60);'
pause="SET test.pause = '0.2';"

is "$(plan_after "$latest" '' 1)" some 'the first plan is for the values'
is "$(plan_after "$latest" "$ask" 500)" any 'the latest few rows have a plan for any'
is "$(plan_after "$slow" "$pause SELECT pg_temp.ask(8);" 3)" some 'what takes long has none'
once="$pause SELECT pg_temp.ask(1); RESET test.pause; SELECT pg_temp.ask(600);"
is "$(plan_after "$slow" "$once" 500)" any 'what had to wait once has one'

done_testing
