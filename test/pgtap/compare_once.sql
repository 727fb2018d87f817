-- Two periods of rows that are read once, against the same of rows that are read twice: where a
-- condition that moves looks at other rows too, the definition is written the other way.
-- SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.3
\getenv seed SEED
\set definitions 250
\getenv definitions DEFINITIONS
RESET ROLE;
SELECT setseed(0.5) \g /dev/null

CREATE TABLE public.journeys (id int PRIMARY KEY, tenant text NOT NULL, shop text, kind int,
	amount numeric, weight float8, n int, d date, at timestamp, tz timestamptz);
INSERT INTO public.journeys SELECT g, CASE WHEN g % 50 = 0 THEN 'TX' ELSE 'CA' END,
	CASE WHEN random() < 0.9 THEN 's' || floor(random() * 6) END,
	CASE WHEN random() < 0.9 THEN floor(random() * 3) END,
	CASE WHEN random() < 0.9 THEN round((random() * 1000 - 300)::numeric, (random() * 2)::int) END,
	floor(random() * 100), CASE WHEN random() < 0.7 THEN random() * 100 END,
	t::date, t, t AT TIME ZONE 'UTC'
FROM (SELECT g, CASE WHEN g % 40 = 0 THEN NULL WHEN g % 41 = 0 THEN timestamp 'infinity'
		ELSE timestamp '2023-01-01' + random() * interval '500 days' END AS t
	  FROM generate_series(1, 4000) AS g) AS q;
CREATE TABLE public.journey_lines (id int PRIMARY KEY, tenant text NOT NULL,
	journey int REFERENCES public.journeys, price int, d date);
INSERT INTO public.journey_lines SELECT g, v.tenant, v.id, floor(random() * 50),
	v.d + CASE WHEN v.d < 'infinity' THEN floor(random() * 40)::int ELSE 0 END
FROM generate_series(1, 6000) AS g JOIN public.journeys v ON v.id = 1 + g * 7919 % 4000;
CREATE INDEX ON public.journeys (tenant, tz) INCLUDE (n);
GRANT SELECT ON public.journeys, public.journey_lines TO app_user;
SELECT prismiq.prismiq_expose('public.journeys', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_expose('public.journey_lines', tenant_column => 'tenant') \g /dev/null
ANALYZE public.journeys, public.journey_lines;

CREATE FUNCTION pg_temp.col(name text, more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 'v', 'column', name) || more
$$;
CREATE FUNCTION pg_temp.cond(name text, op text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', split_part(name, '.', 1), 'column',
		split_part(name, '.', 2), 'operator', op, 'value', value)
$$;

-- A range of a date column, in words of all kinds.
CREATE FUNCTION pg_temp.range(name text, low date, high date) RETURNS jsonb LANGUAGE sql VOLATILE
AS $$
	SELECT oracle.one_of(
		jsonb_build_array(pg_temp.cond(name, 'between', jsonb_build_array(low, high))),
		jsonb_build_array(pg_temp.cond(name, 'gte', to_jsonb(low)),
			pg_temp.cond(name, 'lte', to_jsonb(high))),
		jsonb_build_array(pg_temp.cond(name, 'gt', to_jsonb(low)),
			pg_temp.cond(name, 'lt', to_jsonb(high + 2)),
			pg_temp.cond(name, 'between', jsonb_build_array(low - 3, high + 5))),
		jsonb_build_array(jsonb_build_object('or', jsonb_build_array(
			pg_temp.cond(name, 'between', jsonb_build_array(low, high)),
			pg_temp.cond(name, 'between', jsonb_build_array(high - 4, high + 3))))))
$$;

-- Its rows, in an order of their own: equal ones may come in any.
CREATE FUNCTION pg_temp.rows(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(row::text, E'\n' ORDER BY row::text)
	FROM jsonb_array_elements(prismiq.prismiq_query(definition) ::jsonb -> 'rows') AS row
$$;

-- What is asked for, and whether the rows are read once.
CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT once boolean, OUT twice boolean, OUT kind text)
LANGUAGE plpgsql AS $$
DECLARE
	low date := date '2023-06-01' + floor(random() * 300)::int;
	high date := low + oracle.one_of('0', '6', '13', '29', '45', '90')::int;
	series boolean := random() < 0.5;
	lines boolean := random() < 0.25;
	name text := CASE WHEN lines AND random() < 0.5 THEN 'l.d'
		ELSE oracle.one_of('"v.d"', '"v.at"', '"v.tz"', '"v.tz"') #>> '{}' END;
	keys jsonb := oracle.one_of('[]', '["shop"]', '["kind"]', '["shop", "kind"]', '["label"]',
		'["when"]');
	columns jsonb;
	definition jsonb;
	other jsonb;
	shown text;
	expected text;
BEGIN
	columns := (SELECT coalesce(jsonb_agg(CASE WHEN k IN ('label', 'when')
			THEN jsonb_build_object('column', k) ELSE pg_temp.col(k) END), '[]')
			FROM jsonb_array_elements_text(keys) AS k)
		|| oracle.one_of(pg_temp.col('amount', '{"aggregation": "sum", "alias": "m"}'),
			pg_temp.col('*', '{"aggregation": "count", "alias": "m"}'),
			pg_temp.col('n', '{"aggregation": "count", "alias": "m"}'),
			pg_temp.col('n', '{"aggregation": "avg", "alias": "m"}'))
		|| (SELECT coalesce(jsonb_agg(c), '[]') FROM unnest(ARRAY[
			pg_temp.col('weight', '{"aggregation": "sum"}'),
			pg_temp.col('n', '{"aggregation": "median"}'),
			pg_temp.col('n', '{"aggregation": "count_distinct"}'),
			pg_temp.col('shop', '{"aggregation": "max"}'),
			pg_temp.cond(name, 'x', '0') - '{operator,value}'::text[]
				|| '{"aggregation": "min", "alias": "first"}',
			pg_temp.col('amount', '{"aggregation": "last"}')
				|| jsonb_build_object('args', '{"order_by": "id"}'::jsonb),
			'{"column": "share"}', '{"column": "recent"}',
			pg_temp.col('amount', '{"aggregation": "sum", "alias": "part"}')
				|| jsonb_build_object('filters', pg_temp.range(name, low + 2, high - 1)),
			pg_temp.col('amount', '{"aggregation": "sum", "alias": "large", "filters": [
				{"table_id": "v", "column": "n", "operator": "gt", "value": 60}]}')]) AS c
			WHERE random() < 0.3);
	definition := jsonb_build_object('tables', '[{"id": "v", "name": "journeys"}]'::jsonb,
		'calculated_fields', jsonb_build_array(
			'{"name": "label", "expression": "concat([v.shop], \"-\", [v.kind])"}'::jsonb,
			jsonb_build_object('name', 'when', 'expression',
				format('if([%s] < "%s", "early", "late")', name, low + 3)),
			'{"name": "share", "expression":
				"sum([v.amount]) / nullif(count_if([v.n] > 50), 0) + max([v.kind])"}'::jsonb,
			jsonb_build_object('name', 'recent', 'expression',
				format('sum_if([v.n], [%s] >= "%s")', name, low + 5))),
		'filters', '[]'::jsonb, 'compare', jsonb_build_object('period', oracle.one_of(
			'"previous_period"', '"previous_period"', '"previous_week"', '"previous_month"',
			'"previous_year"', '{"offset": "10 days"}', '{"offset": "3 months"}')));
	IF lines THEN
		definition := definition || jsonb_build_object('tables', definition -> 'tables'
				|| '[{"id": "l", "name": "journey_lines"}]',
			'joins', jsonb_build_array(jsonb_build_object('from_table_id', 'v', 'from_column', 'id',
				'to_table_id', 'l', 'to_column', 'journey',
				'join_type', oracle.one_of('"INNER"', '"LEFT"'))));
		columns := columns || oracle.one_of(
			'{"table_id": "l", "column": "price", "aggregation": "sum"}',
			'{"table_id": "l", "column": "price", "aggregation": "median"}',
			'{"table_id": "l", "column": "d", "aggregation": "count_distinct"}')
			|| oracle.one_of('[]', '[]', '{"table_id": "l", "column": "price"}');
	END IF;
	IF series THEN
		definition := definition || jsonb_build_object('time_series',
			jsonb_build_object('table_id', left(name, 1), 'date_column', substr(name, 3),
				'timezone',
				oracle.one_of('"UTC"', '"America/New_York"', '"Asia/Kathmandu"'))
			|| oracle.one_of('{"interval": "day"}', '{"interval": "week"}', '{"interval": "month"}',
				'{"interval": "2 weeks"}', '{"interval": "quarter"}')
			|| oracle.one_of('{}', '{"fill": "null"}', '{"fill": "previous"}',
				'{"fill_missing": false}')
			|| CASE WHEN random() < 0.5 THEN jsonb_build_object('range', jsonb_build_object(
				'start', low, 'end', high)) ELSE '{}' END);
	END IF;
	IF definition #> '{time_series,range}' IS NULL THEN
		definition := jsonb_set(definition, '{filters}', pg_temp.range(name, low, high));
	END IF;
	definition := definition
		|| jsonb_build_object('columns', columns, 'filters', (definition -> 'filters')
			|| oracle.one_of('[]', pg_temp.cond('v.n', 'gt', '20'),
				pg_temp.cond('v.shop', 'neq', '"s1"')))
		|| oracle.one_of('{}', '{}', '{"having": [{"column": "m", "operator": "gt", "value": 20}]}')
		|| CASE WHEN keys = '["shop"]' OR keys = '["kind"]' THEN oracle.one_of('{}',
			'{"top": {"n": 2, "by": "m"}}', '{"top": {"n": 2, "by": "m", "other": false}}')
			ELSE '{}' END
		|| oracle.one_of('{}', '{}', '{"totals": true}')
		|| oracle.one_of('{}', '{"windows": [{"alias": "w", "function": "rank",
			"of": "m_previous"}]}');
	IF definition ? 'top' AND lines THEN
		definition := definition - 'top';
	END IF;
	-- True of every row that has a date.
	other := jsonb_set(definition, '{filters}', (definition -> 'filters') || jsonb_build_object(
		'or', jsonb_build_array(pg_temp.cond(name, 'gte', '"1900-01-01"'),
			pg_temp.cond('v.shop', 'in_query', '{"query": {
				"tables": [{"id": "v", "name": "journeys"}],
				"columns": [{"table_id": "v", "column": "shop"}]}}'))));
	once := prismiq.prismiq_compile(definition) ->> 'sql' ~ 'periods AS';
	twice := prismiq.prismiq_compile(other) ->> 'sql' !~ 'periods AS';
	kind := concat_ws(' ', CASE WHEN series THEN 'series' END, CASE WHEN lines THEN 'lines' END,
		(SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(definition) AS k
		 WHERE k IN ('top', 'totals', 'having')));
	shown := pg_temp.rows(definition);
	expected := pg_temp.rows(other);
	wrong := CASE WHEN shown IS DISTINCT FROM expected
		THEN concat_ws(E'\n', definition, shown, expected) END;
END
$$;
SET ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT setseed(:seed) \g /dev/null
CREATE TEMP TABLE asked AS
SELECT (a).* FROM (SELECT pg_temp.ask() AS a FROM generate_series(1, :definitions) OFFSET 0) AS s;
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random answers');
SELECT is((SELECT count(*) FROM asked WHERE twice), :definitions::bigint, 'the others read twice');
SELECT cmp_ok(count(*) FILTER (WHERE once), '>', :definitions::bigint * 2 / 5,
	'most of them read once')
FROM asked;
SELECT cmp_ok(count(*) FILTER (WHERE once), '>', 0::bigint, 'with ' || word || ' too')
FROM unnest('{series,lines,top,totals,having}'::text[]) AS word
LEFT JOIN asked ON kind ~ word GROUP BY word ORDER BY word;
SELECT * FROM finish();
ROLLBACK;
