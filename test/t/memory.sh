#!/bin/bash
# A backend's memory stays flat over 100,000 compilations, 10,000 that fail
# inside a subtransaction, 10,000 that fail at the top, 2,000 answers, and 100
# definitions of 700 kB that are refused.
#
# pg_backend_memory_contexts tells of palloc; the resident size tells of what
# jansson takes from malloc too. A leak of one middling definition's tree per
# call would be hundreds of megabytes here.
. "$TEST_DIR/lib/tap.sh"

trap 'rm -f "$log"; dropdb --if-exists --force memory' EXIT
log=$(mktemp)
createdb -T "$TEMPLATE" memory

psql -Xq -d memory >"$log" 2>/dev/null <<'SQL'
SET search_path = prismiq, public;
SET log_min_messages = fatal;
SET prismiq.tenant_id = 'CA';
-- What is compiled is kept, and forgotten by all when a database is made: little enough to be flat.
SET prismiq.compiled_memory = '256kB';

CREATE FUNCTION pg_temp.good(i integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object(
		'tables', '[{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}]'::jsonb,
		'joins', '[{"from_table_id": "f", "from_column": "destination",
					"to_table_id": "a", "to_column": "iata"}]'::jsonb,
		'columns', jsonb_build_array(
			'{"table_id": "a", "column": "city"}'::jsonb,
			jsonb_build_object('table_id', 'f', 'column', 'delay', 'aggregation', 'avg',
							   'alias', 'delay_' || i % 1000)),
		'filters', jsonb_build_array(
			jsonb_build_object('table_id', 'f', 'column', 'distance', 'operator', 'gt',
							   'value', i),
			jsonb_build_object('or', jsonb_build_array(
				jsonb_build_object('table_id', 'f', 'column', 'origin', 'operator', 'in',
								   'value', jsonb_build_array('LAX', 'SFO', 'X' || i)),
				'{"table_id": "a", "column": "state", "operator": "is_null"}'::jsonb))),
		'order_by', '[{"table_id": "a", "column": "city"}]'::jsonb,
		'limit', i % 100)
$$;

-- Faults of reading, of names, of types; each with its suggestion.
CREATE FUNCTION pg_temp.bad(i integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE i % 4
		WHEN 0 THEN pg_temp.good(i) || '{"colums": []}'
		WHEN 1 THEN jsonb_set(pg_temp.good(i), '{columns,0,column}', to_jsonb('ctiy' || i % 10))
		WHEN 2 THEN jsonb_set(pg_temp.good(i), '{filters,0,value}', '"far"')
		ELSE jsonb_set(pg_temp.good(i), '{tables,1,name}', '"airprots"')
	END
$$;

CREATE PROCEDURE pg_temp.compile(n integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM prismiq_compile(pg_temp.good(i));
	END LOOP;
END
$$;

CREATE PROCEDURE pg_temp.fail(n integer) LANGUAGE plpgsql AS $$
DECLARE
	failed integer := 0;
BEGIN
	FOR i IN 1 .. n LOOP
		BEGIN
			PERFORM prismiq_compile(pg_temp.bad(i));
		EXCEPTION WHEN invalid_parameter_value THEN
			failed := failed + 1;
		END;
	END LOOP;
	IF failed <> n THEN
		RAISE EXCEPTION '% of % failed', failed, n;
	END IF;
END
$$;

CREATE PROCEDURE pg_temp.answer(n integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM prismiq_query(pg_temp.good(i));
	END LOOP;
END
$$;

-- Refused by what their values are, by their keys, by their number.
CREATE FUNCTION pg_temp.large(i integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.good(i) || CASE i % 3
		WHEN 0 THEN jsonb_build_object('filters', (SELECT jsonb_agg(jsonb_build_object(
			'table_id', 'f', 'column', 'delay', 'operator', 'in', 'value', (SELECT
			jsonb_agg('v' || v) FROM generate_series(1, 9900) v))) FROM generate_series(1, 8)))
		WHEN 1 THEN (SELECT jsonb_object_agg('key' || i * 50000 + k, 'value')
			FROM generate_series(1, 35000) k)
		ELSE jsonb_build_object('filters', (SELECT jsonb_agg(jsonb_build_object(
			'table_id', 'f', 'column', 'delay', 'operator', 'eq', 'value', v))
			FROM generate_series(1, 9000) v))
	END
$$;

CREATE PROCEDURE pg_temp.refuse(n integer) LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb;
	refused integer := 0;
BEGIN
	FOR i IN 1 .. n LOOP
		definition := pg_temp.large(i);
		BEGIN
			PERFORM prismiq_query(definition);
		EXCEPTION WHEN invalid_parameter_value OR SQLSTATE 'PT413' THEN
			refused := refused + 1;
		END;
	END LOOP;
	IF refused <> n OR length(definition::text) < 600000 THEN
		RAISE EXCEPTION '% of % refused, of % bytes', refused, n, length(definition::text);
	END IF;
END
$$;

CREATE FUNCTION pg_temp.memory(at text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s %s', at, sum(total_bytes),
				  substring(pg_read_file('/proc/self/status') FROM 'VmRSS:\s+(\d+)')::bigint * 1024)
	FROM pg_backend_memory_contexts
$$;

\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
CALL pg_temp.compile(3000);
-- Until there is no more room for what is asked again.
CALL pg_temp.compile(600);
CALL pg_temp.compile(600);
CALL pg_temp.fail(500);
CALL pg_temp.answer(1500);
SELECT pg_temp.memory('start');
CALL pg_temp.compile(100000);
SELECT pg_temp.memory('compiled');
CALL pg_temp.fail(10000);
SELECT pg_temp.memory('failed');
\set ON_ERROR_STOP off
SELECT format('SELECT prismiq_compile(pg_temp.bad(%s))', i)
FROM generate_series(1, 10000) AS i \gexec
\set ON_ERROR_STOP on
SELECT pg_temp.memory('top');
CALL pg_temp.answer(2000);
SELECT pg_temp.memory('answered');
CALL pg_temp.refuse(30);
SELECT pg_temp.memory('warm');
CALL pg_temp.refuse(100);
SELECT pg_temp.memory('refused');
SQL

# at STEP NUMBER: what was measured.
at()
{
  awk -v step="$1" -v column="$2" '$1 == step { print $column }' "$log"
}

# grows_less STEP BEFORE COLUMN BYTES NAME
grows_less()
{
  local now before

  now=$(at "$1" "$3")
  before=$(at "$2" "$3")
  ok "$5: by less than $4 bytes" test -n "$now" -a -n "$before" -a \
    $((${now:-0} - ${before:-0})) -lt "$4"
  echo "# $before to $now"
}

[ -n "$(at start 3)" ] && [ -e /proc/self/status ] || { cat "$log" >&2; }
for step in 'start compiled 100,000 compilations' 'compiled failed 10,000 failures' \
  'failed top 10,000 failures at the top' 'top answered 2,000 answers' \
  'warm refused 100 refused definitions of 700 kB'; do
  read -r before now name <<<"$step"
  grows_less "$now" "$before" 2 1000000 "$name: contexts grow"
  # malloc keeps more of a large tree at one time than at another; one that is
  # left behind would be several megabytes, at every call.
  [ "$now" = refused ] && resident=30000000 || resident=6000000
  grows_less "$now" "$before" 3 "$resident" "$name: resident size grows"
done

done_testing
