-- A series whose range has no start, or no end: what is missing is asked for first where an index
-- has it, else it is taken from the rows that are grouped anyway, where these have it, against the
-- same looked for in the table: there a condition that is true of every row is among the filters,
-- and nothing is asked first.
-- SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.4
\getenv seed SEED
\set definitions 200
\getenv definitions DEFINITIONS
RESET ROLE;
SELECT setseed(0.1) \g /dev/null

CREATE TABLE public.beats (id int PRIMARY KEY, tenant text NOT NULL, shop text, n int, d date,
	at timestamp, tz timestamptz);
INSERT INTO public.beats SELECT g, (ARRAY['CA', 'CA', 'CA', 'NY', 'OH'])[1 + g % 5],
	CASE WHEN random() < 0.9 THEN 's' || floor(random() * 3) END, floor(random() * 100),
	t::date, t, t AT TIME ZONE 'UTC'
FROM (SELECT g, CASE WHEN g % 5 = 4 THEN NULL WHEN g % 40 = 0 THEN NULL
		WHEN g % 41 = 0 THEN timestamp 'infinity' WHEN g % 43 = 0 THEN timestamp '-infinity'
		ELSE timestamp '2024-02-20' + g % 5 * interval '1 month'
			+ random() * random() * interval '70 days' END AS t
	  FROM generate_series(1, 700) AS g) AS q;
CREATE TABLE public.notes AS SELECT g AS id, 'CA'::text AS tenant, 1 + g * 7919 % 700 AS beat
FROM generate_series(1, 500) AS g;
ALTER TABLE public.notes ADD PRIMARY KEY (id);
CREATE INDEX ON public.beats USING brin (tenant, d);
CREATE INDEX ON public.beats (tenant, d) WHERE n > 0;
CREATE INDEX ON public.beats (tenant, at);
CREATE INDEX ON public.beats (tenant, tz DESC NULLS LAST);
GRANT SELECT ON public.beats, public.notes TO app_user;
ANALYZE public.beats, public.notes;
SELECT prismiq.prismiq_expose('public.beats', tenant_column => 'tenant') \g /dev/null
SELECT prismiq.prismiq_expose('public.notes', tenant_column => 'tenant') \g /dev/null

CREATE FUNCTION pg_temp.cond(name text, op text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 'b', 'column', name, 'operator', op, 'value', value)
$$;

CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT rows int, OUT form text, OUT looked_for boolean,
	OUT name text)
LANGUAGE plpgsql AS $$
DECLARE
	side jsonb := oracle.one_of('{}', '{}', '{"start": "2024-03-20"}', '{"end": "2024-03-10"}',
		'{"start": "2030-01-01"}', '{"end": "2020-01-01"}');
	ranged boolean := random() < 0.5;
	definition jsonb;
	other jsonb;
	shown jsonb;
	expected jsonb;
	sql text;
BEGIN
	name := oracle.one_of('"d"', '"at"', '"tz"') #>> '{}';
	definition := jsonb_build_object('tables', '[{"id": "b", "name": "beats"}]'::jsonb,
		'columns', oracle.one_of('[]', '[{"table_id": "b", "column": "shop"}]')
			|| '{"table_id": "b", "column": "n", "aggregation": "sum", "alias": "m"}'
			|| oracle.one_of('[]', '{"table_id": "b", "column": "*", "aggregation": "count"}'),
		'time_series', jsonb_build_object('table_id', 'b', 'date_column', name)
			|| oracle.one_of('{"interval": "day"}', '{"interval": "week"}', '{"interval": "month"}',
				'{"interval": "3 days"}', '{"interval": "quarter", "fiscal": true}')
			|| oracle.one_of('{}', '{"fill": "null"}', '{"fill": "previous"}', '{"fill": "linear"}')
			|| oracle.one_of('{"timezone": "UTC"}', '{"timezone": "America/Havana"}',
				'{"timezone": "Asia/Beirut"}')
			|| CASE WHEN name = 'at' THEN oracle.one_of('{}',
				'{"source_timezone": "America/New_York"}') ELSE '{}' END
			|| oracle.one_of('{}', '{}', '{"complete_only": true}')
			|| CASE WHEN ranged THEN jsonb_build_object('range', side) ELSE '{}' END,
		'filters', CASE WHEN ranged OR side = '{}' THEN '[]'
			WHEN side ? 'start' THEN jsonb_build_array(pg_temp.cond(name,
				oracle.one_of('"gte"', '"gt"') #>> '{}', side -> 'start'))
			ELSE jsonb_build_array(pg_temp.cond(name, oracle.one_of('"lte"', '"lt"') #>> '{}',
				side -> 'end')) END)
		|| oracle.one_of('{}', '{}',
			'{"having": [{"column": "m", "operator": "gt", "value": 150}]}')
		|| oracle.one_of('{}', '{}', '{"totals": true}')
		|| oracle.one_of('{}', '{}', '{"compare": {"period": {"offset": "20 days"}}}');
	IF random() < 0.2 THEN
		definition := jsonb_set(definition, '{tables}', (definition -> 'tables')
			|| '[{"id": "n", "name": "notes"}]') || '{"joins": [{"from_table_id": "b",
			"from_column": "id", "to_table_id": "n", "to_column": "beat", "join_type": "LEFT"}]}';
	END IF;
	other := jsonb_set(definition, '{filters}', (definition -> 'filters')
		|| pg_temp.cond('id', 'gt', '0'));
	sql := prismiq.prismiq_compile(definition) ->> 'sql';
	form := CASE WHEN sql ~ '\(r\.b\) FROM data' THEN 'rows'
		WHEN sql ~ 'CROSS JOIN LATERAL \S*prismiq_time_buckets' THEN 'table' ELSE 'known' END;
	shown := prismiq.prismiq_query(definition)::jsonb -> 'rows';
	SET LOCAL prismiq.dense = off;
	looked_for := prismiq.prismiq_compile(other) ->> 'sql'
		~ 'CROSS JOIN LATERAL \S*prismiq_time_buckets';
	expected := prismiq.prismiq_query(other)::jsonb -> 'rows';
	SET LOCAL prismiq.dense = on;
	rows := jsonb_array_length(shown);
	wrong := CASE WHEN shown IS DISTINCT FROM expected
		THEN concat_ws(E'\n', definition, shown, expected) END;
END
$$;
SET ROLE app_user;
CREATE TEMP TABLE asked (tenant text, wrong text, rows int, form text, looked_for boolean,
	name text);
SELECT setseed(:seed) \g /dev/null
-- Of many rows, of some, of those without a date, of none.
SELECT format('SET LOCAL prismiq.tenant_id = %L; INSERT INTO asked SELECT %1$L, (a).* FROM
	(SELECT pg_temp.ask() AS a FROM generate_series(1, %s) OFFSET 0) AS s', tenant,
	:definitions / part)
FROM (VALUES ('CA', 2), ('NY', 3), ('OH', 12), ('TX', 12)) AS v (tenant, part)
\gexec
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random answers');
SELECT cmp_ok(count(*) FILTER (WHERE looked_for), '>', count(*) * 3 / 4,
	'and of the table, unless both ends are known') FROM asked;
SELECT cmp_ok(count(*) FILTER (WHERE looked_for AND form = 'rows'), '>', count(*) / 4,
	'of the rows') FROM asked;
SELECT cmp_ok(count(*) FILTER (WHERE looked_for AND form = 'known'), '>', count(*) / 10,
	'asked for') FROM asked;
SELECT is(bool_or(looked_for AND form = 'known'), false, 'not where no index has all, in order')
FROM asked WHERE name = 'd';
SELECT cmp_ok(count(*) FILTER (WHERE rows > 1), '>', count(*) / 3, 'many have buckets') FROM asked;
SELECT cmp_ok(max(rows), '<=', 1, 'no dates, no buckets, but for a total') FROM asked
WHERE tenant IN ('OH', 'TX') AND form = 'rows';
SELECT is(count(*), 0::bigint, 'auto leaves infinite times out, filled or not')
FROM unnest('{d,at,tz}'::text[]) AS name, unnest('{true,false}'::boolean[]) AS filled,
	jsonb_array_elements(prismiq.prismiq_query(jsonb_build_object('tables',
		'[{"id": "b", "name": "beats"}]'::jsonb, 'columns',
		'[{"table_id": "b", "column": "*", "aggregation": "count"}]'::jsonb, 'time_series',
		jsonb_build_object('table_id', 'b', 'date_column', name, 'interval', 'auto',
			'fill_missing', filled)))::jsonb -> 'rows') AS row
WHERE row ->> 0 IS NULL OR row ->> 0 ~ 'infinity';
SELECT * FROM finish();
ROLLBACK;
