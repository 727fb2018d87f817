-- Facts apart, with what is computed over the groups: series with their gaps filled, the period
-- before, the largest groups, totals, windows, having, pivots. A median cannot be made from parts,
-- so with one of each table the same definition has its rows flagged; whatever else it asks for has
-- to be the same. PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{a,b,c,d,e}'::text[] LOOP
		EXECUTE format('ALTER TABLE stars.%I ADD at date', name);
		EXECUTE format('UPDATE stars.%I SET at = date ''2024-01-05'' + id * 9', name);
	END LOOP;
END
$$;

-- A definition, with medians or without.
CREATE FUNCTION pg_temp.with_medians(definition jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(definition, '{columns}', definition -> 'columns' || jsonb_agg(
		jsonb_build_object('table_id', t ->> 'id', 'column', 'v', 'aggregation', 'median',
			'alias', 'median_' || (t ->> 'id'))))
	FROM jsonb_array_elements(definition -> 'tables') AS t
$$;

-- Rows as objects, without what the medians add; numbers as they are, whatever their digits.
CREATE FUNCTION pg_temp.rows(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT (SELECT string_agg(key || '=' || CASE jsonb_typeof(value)
				WHEN 'number' THEN round(value::text::numeric, 9)::text ELSE value::text END, ' '
				ORDER BY key) FROM jsonb_each(row) WHERE key !~ 'median') AS line
		FROM jsonb_array_elements(prismiq.prismiq_query(definition, '{"format": "objects"}')::jsonb
			-> 'rows') AS row) AS lines
$$;

CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT apart boolean, OUT flagged boolean)
LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	columns jsonb;
	definition jsonb;
	series jsonb := '{"table_id": "t1", "date_column": "at", "interval": "month", "range":
		{"start": "2024-02-01", "end": "2024-03-31"}}';
	stages jsonb[] := ARRAY[
		'{"totals": true}', '{"totals": ["d1"]}',
		'{"top": {"n": 1, "by": "m1", "other": true}}', '{"top": {"n": 2, "by": "m2"}}',
		'{"having": [{"column": "m2", "operator": "gt", "value": 3}]}',
		'{"windows": [{"alias": "w", "function": "running_total", "of": "m2"}],
			"order_by": [{"alias": "d1"}]}',
		'{"windows": [{"alias": "w", "function": "rank", "of": "m1"}],
			"qualify": [{"column": "w", "operator": "lte", "value": 2}]}',
		jsonb_build_object('time_series', series || '{"fill_missing": true}'),
		jsonb_build_object('time_series', series) || '{"compare": {"period": "previous_month"}}',
		jsonb_build_object('time_series', series) || '{"compare": {"period": "previous_month"},
			"totals": true}',
		'{"pivot": {"column": "d1", "value": "m2"}}',
		'{"order_by": [{"alias": "m1"}], "limit": 2}'];
BEGIN
	SELECT r.tables, r.joins, r.source INTO tables, joins, source
	FROM pg_temp.random_tree('{INNER,INNER,LEFT}') AS r;
	-- A definition in a table's place has not its dates.
	tables := (SELECT jsonb_agg(CASE WHEN t ? 'query' THEN t #> '{query,tables,0}' ELSE t END
		|| jsonb_build_object('id', t ->> 'id') ORDER BY n)
		FROM jsonb_array_elements(tables) WITH ORDINALITY AS u (t, n));
	columns := '[{"table_id": "t1", "column": "g", "alias": "d1"}]' || (
		SELECT jsonb_agg(jsonb_build_object('table_id', t ->> 'id', 'column', CASE a WHEN 'count'
			THEN '*' ELSE 'v' END, 'aggregation', a) ORDER BY n, a)
		FROM jsonb_array_elements(tables) WITH ORDINALITY AS u (t, n),
			unnest('{avg,count,sum,max}'::text[]) AS a);
	columns := jsonb_set(jsonb_set(columns, '{1,alias}', '"m1"'), '{-2,alias}', '"m2"');
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns)
		|| stages[1 + floor(random() * cardinality(stages))::int]
		|| CASE WHEN random() < 0.5 THEN '{}' ELSE jsonb_build_object('filters', jsonb_build_array(
			jsonb_build_object('table_id', 't1', 'column', CASE WHEN random() < 0.5 THEN 'at'
				ELSE 'id' END))) END;
	-- Without a series the dates are those of a condition, on whichever table.
	IF definition ? 'compare' AND random() < 0.5 THEN
		definition := definition - 'time_series' - 'totals' || jsonb_build_object('filters',
			jsonb_build_array(jsonb_build_object('column', 'at', 'table_id',
				't' || 1 + floor(random() * jsonb_array_length(tables))::int)));
	END IF;
	definition := CASE definition #>> '{filters,0,column}'
		WHEN 'at' THEN jsonb_set(definition, '{filters,0}', definition #> '{filters,0}'
			|| '{"operator": "between", "value": ["2024-02-10", "2024-03-10"]}')
		WHEN 'id' THEN jsonb_set(definition, '{filters,0}', definition #> '{filters,0}'
			|| '{"operator": "lt", "value": 6}')
		ELSE definition END;
	apart := prismiq.prismiq_compile(definition) ->> 'sql' ~ ' AS k1';
	flagged := prismiq.prismiq_compile(pg_temp.with_medians(definition)) ->> 'sql' ~ ' AS f1';
	wrong := CASE WHEN pg_temp.rows(definition)
		IS DISTINCT FROM pg_temp.rows(pg_temp.with_medians(definition)) THEN
		concat_ws(E'\n', definition, 'apart:', pg_temp.rows(definition), 'flagged:',
			pg_temp.rows(pg_temp.with_medians(definition))) END;
END
$$;

SET ROLE app_user;
CREATE TEMP TABLE asked AS
SELECT (a).* FROM (SELECT pg_temp.ask() AS a FROM generate_series(1, :rounds) OFFSET 0) AS s;
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL,
	'what is computed over the groups');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE apart AND flagged) * 3 FROM asked), '>',
	:rounds::bigint, 'a third of them are apart, and flagged beside medians');
SELECT * FROM finish();
ROLLBACK;
