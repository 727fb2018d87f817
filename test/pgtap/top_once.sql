-- The largest groups of rows that are read once, against the same of rows that are read twice: a
-- median cannot be made from the groups, so a definition with one is written the other way.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
SELECT setseed(0.7) \g /dev/null

CREATE TABLE public.sales (tenant text, shop text, kind int, amount numeric, weight float8, n int,
	good boolean, at date);
INSERT INTO public.sales SELECT 'CA',
	CASE WHEN random() < 0.9 THEN 's' || floor(random() * 30) END,
	CASE WHEN random() < 0.9 THEN floor(random() * 9) END,
	CASE WHEN random() < 0.9 THEN round((random() * 1000 - 300)::numeric, (random() * 3)::int) END,
	floor(random() * 100), CASE WHEN random() < 0.5 THEN random() * 100 END, random() < 0.5,
	date '2024-01-01' + (random() * 90)::int FROM generate_series(1, 3000);
INSERT INTO public.sales SELECT 'TX', 's1', 1, 1000000, 1, 1, true, '2024-01-01';
GRANT SELECT ON public.sales TO app_user;
SELECT prismiq.prismiq_expose('public.sales', tenant_column => 'tenant') \g /dev/null

CREATE FUNCTION pg_temp.col(name text, more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 's', 'column', name) || more
$$;

-- Its rows without the median, in an order of their own: equal ones may come in any.
CREATE FUNCTION pg_temp.rows(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((row - 'median')::text, E'\n' ORDER BY (row - 'median')::text)
	FROM jsonb_array_elements(prismiq.prismiq_query(definition, '{"format": "objects"}')::jsonb
		-> 'rows') AS row
$$;

CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT once boolean, OUT twice boolean)
LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb;
	other jsonb;
	columns jsonb;
	shown text;
	expected text;
BEGIN
	columns := oracle.one_of(jsonb_build_array(pg_temp.col('shop')),
			jsonb_build_array(pg_temp.col('shop'), pg_temp.col('kind')),
			jsonb_build_array(pg_temp.col('kind')), jsonb_build_array(pg_temp.col('good')),
			jsonb_build_array('{"column": "label"}'::jsonb))
		|| oracle.one_of(pg_temp.col('amount', '{"aggregation": "sum", "alias": "m"}'),
			pg_temp.col('*', '{"aggregation": "count", "alias": "m"}'),
			pg_temp.col('amount', '{"aggregation": "avg", "alias": "m"}'),
			pg_temp.col('n', '{"aggregation": "max", "alias": "m"}'),
			'{"column": "rate", "alias": "m"}', '{"column": "rows", "alias": "m"}')
		|| (SELECT coalesce(jsonb_agg(c), '[]') FROM unnest(ARRAY[
			pg_temp.col('weight', '{"aggregation": "avg"}'),
			pg_temp.col('n', '{"aggregation": "sum"}'), pg_temp.col('n', '{"aggregation": "avg"}'),
			pg_temp.col('good', '{"aggregation": "bool_or"}'),
			pg_temp.col('shop', '{"aggregation": "min"}'),
			pg_temp.col('at', '{"aggregation": "max"}'),
			pg_temp.col('n', '{"aggregation": "count"}'), '{"column": "rate"}',
			pg_temp.col('amount', '{"aggregation": "sum", "alias": "part", "filters": [
				{"table_id": "s", "column": "kind", "operator": "gt", "value": 4}]}')]) AS c
			WHERE random() < 0.4);
	definition := jsonb_build_object('tables', '[{"id": "s", "name": "sales"}]'::jsonb,
		'calculated_fields', '[{"name": "label", "expression": "concat([shop], \"-\", [good])"},
			{"name": "rate", "expression":
				"sum([amount]) / nullif(count_if([n] > 50), 0) + max([n])"},
			{"name": "rows", "expression": "count() - count_if([good])"}]'::jsonb,
		'columns', columns, 'top', jsonb_build_object('n', 1 + floor(random() * 6)::int, 'by', 'm',
			'other', random() < 0.7))
		|| oracle.one_of('{}', '{"having": [{"column": "m", "operator": "gt", "value": 20}]}',
			'{"having": [{"column": "n", "table_id": "s", "aggregation": "sum", "operator": "lt",
				"value": 3000}]}')
		|| oracle.one_of('{}', '{"order_by": [{"alias": "m"}]}')
		|| oracle.one_of('{}', '{"filters": [{"table_id": "s", "column": "n", "operator": "gt",
			"value": 30}]}')
		|| oracle.one_of('{}', '{"windows": [{"alias": "w", "function": "percent_of_total",
			"of": "m"}]}');
	other := jsonb_set(definition, '{columns}', columns || pg_temp.col('n',
		'{"aggregation": "median", "alias": "median"}'));
	once := prismiq.prismiq_compile(definition) ->> 'sql' ~ 'WITH whole';
	twice := prismiq.prismiq_compile(other) ->> 'sql' !~ 'WITH whole';
	shown := pg_temp.rows(definition);
	expected := pg_temp.rows(other);
	wrong := CASE WHEN shown IS DISTINCT FROM expected THEN concat_ws(E'\n', definition, shown,
		expected) END;
END
$$;
SET ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';
CREATE TEMP TABLE asked AS
SELECT (a).* FROM (SELECT pg_temp.ask() AS a FROM generate_series(1, 150) OFFSET 0) AS s;
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random answers');
SELECT is((SELECT count(*) FROM asked WHERE once AND twice), 150::bigint,
	'each of rows read once, and read twice beside a median');
SELECT * FROM finish();
ROLLBACK;
