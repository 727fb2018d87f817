-- Totals, against the same definition without the columns that are rolled up: whether the rows are
-- grouped once and the totals made of that, or are grouped by each of the levels, all in one
-- SELECT or each in its own, as flags of what joins repeat want it.
-- SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.2
\getenv seed SEED
\set definitions 120
\getenv definitions DEFINITIONS
RESET ROLE;
SELECT setseed(0.7) \g /dev/null

CREATE TABLE public.sales (id int PRIMARY KEY, tenant text, shop text, kind int, amount numeric,
	weight float8, n int, good boolean, at timestamp);
INSERT INTO public.sales SELECT g, 'CA',
	CASE WHEN random() < 0.9 THEN 's' || floor(random() * 6) END,
	CASE WHEN random() < 0.9 THEN floor(random() * 4) END,
	CASE WHEN random() < 0.9 THEN round((random() * 1000 - 300)::numeric, (random() * 3)::int) END,
	floor(random() * 100), CASE WHEN random() < 0.5 THEN random() * 100 END, random() < 0.5,
	timestamp '2024-01-01' + (random() * 20)::int * interval '1 day'
FROM generate_series(1, 1200) AS g;
INSERT INTO public.sales SELECT 0, 'TX', 's1', 1, 1000000, 1, 1, true, '2024-01-01';
CREATE TABLE public.sale_lines AS SELECT g AS id, 'CA'::text AS tenant, 1 + g * 7919 % 1000 AS sale,
	floor(random() * 3)::int AS size, floor(random() * 50)::int AS price
FROM generate_series(1, 1800) AS g;
ALTER TABLE public.sale_lines ADD PRIMARY KEY (id);
GRANT SELECT ON public.sales, public.sale_lines TO app_user;
ANALYZE public.sales, public.sale_lines;
SELECT prismiq.prismiq_expose('public.sales', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_expose('public.sale_lines', tenant_column => 'tenant') \g /dev/null

CREATE FUNCTION pg_temp.col(name text, more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 's', 'column', name) || more
$$;

-- Rows of a level, without what it rolls up, in an order of their own.
CREATE FUNCTION pg_temp.rows(definition jsonb, level int, rolled text[]) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg((row - rolled - '_level')::text, E'\n'
		ORDER BY (row - rolled - '_level')::text)
	FROM jsonb_array_elements(prismiq.prismiq_query(definition, '{"format": "objects"}')::jsonb
		-> 'rows') AS row
	WHERE coalesce(row ->> '_level', level::text) = level::text
$$;

CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT form text) LANGUAGE plpgsql AS $$
DECLARE
	lines boolean := random() < 0.5;
	names text[] := (SELECT array_agg(n ORDER BY random()) FROM
		(SELECT n FROM unnest(ARRAY['shop', 'kind', 'good', 'label', 'at']
			|| CASE WHEN lines AND random() < 0.4 THEN '{size}'::text[] ELSE '{}' END) AS n
		 ORDER BY random() LIMIT 1 + floor(random() * 3)) AS q);
	columns jsonb := (SELECT jsonb_agg(CASE n WHEN 'label' THEN '{"column": "label"}'
			WHEN 'size' THEN '{"table_id": "l", "column": "size"}' ELSE pg_temp.col(n) END)
			FROM unnest(names) AS n);
	rolled text[] := CASE WHEN random() < 0.6 THEN names
		ELSE names[1 + cardinality(names) / 2 :] END;
	series boolean := random() < 0.2;
	sql text;
	shown text;
	expected text;
	definition jsonb;
	other jsonb;
	gone text[];
BEGIN
	columns := columns || pg_temp.col('*', '{"aggregation": "count", "alias": "rows"}')
		|| (SELECT coalesce(jsonb_agg(c), '[]') FROM unnest(ARRAY[
			pg_temp.col('weight', '{"aggregation": "avg", "alias": "m1"}'),
			pg_temp.col('amount', '{"aggregation": "sum", "alias": "m2"}'),
			pg_temp.col('n', '{"aggregation": "avg", "alias": "m3"}'),
			pg_temp.col('good', '{"aggregation": "bool_or", "alias": "m4"}'),
			pg_temp.col('shop', '{"aggregation": "max", "alias": "m5"}'),
			pg_temp.col('n', '{"aggregation": "count", "alias": "m6"}'),
			'{"column": "rate", "alias": "m7"}',
			pg_temp.col('amount', '{"aggregation": "sum", "alias": "m8", "filters": [
				{"table_id": "s", "column": "kind", "operator": "gt", "value": 1}]}')]) AS c
			WHERE random() < 0.4)
		|| CASE WHEN random() < 0.3 THEN pg_temp.col('n', '{"aggregation": "median",
			"alias": "m9"}') ELSE '[]' END;
	definition := jsonb_build_object('tables', '[{"id": "s", "name": "sales"}]'::jsonb,
		'calculated_fields', '[{"name": "label", "expression": "concat([s.kind], \"-\", [s.good])"},
			{"name": "rate", "expression":
				"sum([s.amount]) / nullif(count_if([s.n] > 50), 0) + max([s.n])"}]'::jsonb,
		'columns', columns, 'totals', to_jsonb(rolled))
		|| oracle.one_of('{}', '{"having": [{"column": "rows", "operator": "gt", "value": 3}]}')
		|| oracle.one_of('{}', '{"filters": [{"table_id": "s", "column": "n", "operator": "gt",
			"value": 30}]}', '{"filters": [{"table_id": "s", "column": "n", "operator": "gt",
			"value": 300}]}');
	IF lines THEN
		definition := jsonb_set(definition, '{tables}', (definition -> 'tables')
				|| '[{"id": "l", "name": "sale_lines"}]')
			|| jsonb_build_object('joins', jsonb_build_array(jsonb_build_object(
				'from_table_id', 's', 'from_column', 'id', 'to_table_id', 'l',
				'to_column', 'sale', 'join_type', oracle.one_of('"INNER"', '"LEFT"'))));
		definition := jsonb_set(definition, '{columns}', columns || oracle.one_of(
			'{"table_id": "l", "column": "price", "aggregation": "sum", "alias": "p"}',
			'{"table_id": "l", "column": "price", "aggregation": "median", "alias": "p"}'));
	END IF;
	IF series THEN
		definition := definition || '{"time_series": {"table_id": "s", "date_column": "at",
			"interval": "week", "fill_missing": false, "alias": "b"}}';
	END IF;
	sql := prismiq.prismiq_compile(definition) ->> 'sql';
	form := CASE WHEN sql ~ 'whole AS' THEN 'whole' WHEN sql ~ 'UNION ALL' THEN 'selects'
		WHEN sql ~ 'j\.f1' THEN 'flags' ELSE 'rows' END;
	FOR level IN 0 .. cardinality(rolled) LOOP
		gone := rolled[cardinality(rolled) - level + 1 :];
		other := (definition - 'totals') || jsonb_build_object('columns',
			(SELECT jsonb_agg(c ORDER BY o) FROM jsonb_array_elements(definition -> 'columns')
				WITH ORDINALITY AS u (c, o)
			 WHERE c ? 'aggregation' OR NOT c ->> 'column' = ANY (gone)));
		IF level > 0 THEN
			other := other - 'having';
		END IF;
		shown := pg_temp.rows(definition, level, gone);
		expected := pg_temp.rows(other, level, '{}');
		IF shown IS DISTINCT FROM expected THEN
			wrong := concat_ws(E'\n', definition, level, shown, expected);
		END IF;
	END LOOP;
END
$$;
SET ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT setseed(:seed) \g /dev/null
CREATE TEMP TABLE asked AS
SELECT (a).* FROM (SELECT pg_temp.ask() AS a FROM generate_series(1, :definitions) OFFSET 0) AS s;
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random answers');
SELECT cmp_ok((SELECT count(*) FROM asked WHERE form = word), '>', :definitions::bigint / 20,
	'made of ' || word) FROM unnest('{flags,rows,selects,whole}'::text[]) AS word ORDER BY word;
SELECT * FROM finish();
ROLLBACK;
