-- Values are read and written in one way, whatever the session has set.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE TYPE public.notes AS (d date, i interval, f float8, b bytea);
CREATE TABLE public.noted (id int PRIMARY KEY, b boolean, d date, at timestamp, tz timestamptz,
	iv interval, f float8, by bytea, m money, days date[], spans interval[], during tstzrange,
	bits bytea[], note public.notes);
INSERT INTO public.noted
SELECT i, i % 2 = 0, date '2001-02-03' + i, timestamp '2001-02-03 04:05:06' + i * interval '1 day',
	timestamptz '2001-02-03 04:05:06+00' + i * interval '1 day',
	interval '1 year 2 months -3 days 04:05:06' - i * interval '1 hour', 1.0 / 3 + i,
	decode('00ff0' || i, 'hex'), i * 1234.5, ARRAY[date '2001-02-03' + i],
	ARRAY[interval '-1 day 2 hours'], tstzrange('2001-02-03 00:00+00', NULL),
	ARRAY['\x00ff'::bytea],
	ROW(date '2001-02-03', interval '-1 day', 1.0::float8 / 3, '\x00ff'::bytea)::public.notes
FROM generate_series(1, 6) AS i;
GRANT SELECT ON public.noted TO app_user;
SELECT prismiq.prismiq_expose('public.noted', shared => true) \g /dev/null
SET LOCAL ROLE app_user;
SET LOCAL timezone = 'UTC';

CREATE FUNCTION pg_temp.of(columns jsonb, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', '[{"id": "t", "name": "noted"}]'::jsonb,
							  'columns', columns) || rest
$$;
CREATE FUNCTION pg_temp.col(name text, aggregation text = 'none') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', 't', 'column', name, 'aggregation', aggregation)
$$;
CREATE FUNCTION pg_temp.field(expression text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.of('[{"column": "x"}]', jsonb_build_object('calculated_fields',
		jsonb_build_array(jsonb_build_object('name', 'x', 'expression', expression))) || rest)
$$;
CREATE FUNCTION pg_temp.where_(name text, operator text, value jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT pg_temp.of(jsonb_build_array(pg_temp.col('id')), jsonb_build_object('filters',
		jsonb_build_array(pg_temp.col(name) - 'aggregation' || jsonb_build_object(
			'operator', operator, 'value', value))))
$$;

CREATE TEMP TABLE asked AS
SELECT row_number() OVER () AS n, definition FROM (
	-- Every type, as it stands, as a text, in an aggregate, as names and labels.
	SELECT pg_temp.of(jsonb_build_array(pg_temp.col('id'), pg_temp.col(name)))
	FROM unnest('{b,d,at,tz,iv,f,by,m,days,spans,during,bits,note}'::text[]) AS name
	UNION ALL SELECT pg_temp.field(format('text([%s])', name))
	FROM unnest('{b,d,at,tz,iv,f}'::text[]) AS name
	UNION ALL SELECT pg_temp.field(format('concat("it is ", [%s])', name))
	FROM unnest('{b,d,at,tz,iv,f}'::text[]) AS name
	UNION ALL SELECT pg_temp.of(jsonb_build_array(pg_temp.col(name), pg_temp.col('*', 'count')),
		'{"top": {"n": 2, "by": "count"}}')
	FROM unnest('{b,d,at,tz,iv,f,by,m,during}'::text[]) AS name
	UNION ALL SELECT pg_temp.of(jsonb_build_array(pg_temp.col(name), pg_temp.col('*', 'count')),
		jsonb_build_object('pivot', jsonb_build_object('column', name, 'value', 'count')))
	FROM unnest('{b,d,at,tz,iv,f,by,m}'::text[]) AS name
	UNION ALL SELECT pg_temp.of(jsonb_build_array(pg_temp.col(name, aggregation)))
	FROM (VALUES ('d', 'string_agg'), ('iv', 'string_agg'), ('f', 'string_agg'),
		('d', 'array_agg'), ('iv', 'array_agg'), ('by', 'array_agg'), ('iv', 'sum'),
		('m', 'sum')) AS v (name, aggregation)
	-- Values in every writing.
	UNION ALL SELECT pg_temp.where_(name, 'eq', to_jsonb(value))
	FROM unnest('{d,at,tz}'::text[]) AS name,
		unnest('{2001-02-04,02/04/2001,04/02/2001,04.02.2001,"Feb 4 2001",20010204,1/2/3,
			"2001-02-04 04:05:06 IST"}'::text[]) AS value
	UNION ALL SELECT pg_temp.where_(name, 'gt', to_jsonb(value)) FROM (VALUES
		('iv', '1 year 2 months -3 days 03:00'), ('iv', '-1 2:03:04'), ('by', '\x00ff02'),
		('by', E'a\\000'), ('m', '$2,000.50'), ('m', '2.000,50'), ('days', '{02/05/2001}'),
		('days', '{NULL}'), ('spans', '{-1 2:03:04}'), ('during', '[02/03/2001,)')
		) AS v (name, value)
	UNION ALL SELECT pg_temp.field(expression) FROM unnest(ARRAY['[d] >= "02/05/2001"',
		'to_date("02/03/2001")', 'to_date(text([d]))', 'datediff("02/03/2001", [d], "day")',
		'if([d] == "04/02/2001", 1, 0)']) AS expression
	UNION ALL SELECT pg_temp.of(jsonb_build_array(pg_temp.col('*', 'count')), rest)
	FROM unnest(ARRAY['{"time_series": {"table_id": "t", "date_column": "d", "interval": "day",
			"range": {"start": "02/04/2001", "end": "02/06/2001"}}}',
		'{"time_series": {"table_id": "t", "date_column": "at", "interval": "2 days",
			"origin": "02/03/2001"}}',
		'{"time_series": {"table_id": "t", "date_column": "d", "interval": "day"},
			"compare": {"period": {"offset": "1 2:03:04"}}}',
		'{"params": {"p": {"type": "date", "default": "02/04/2001"}}, "filters": [{"table_id":
			"t", "column": "d", "operator": "gte", "value": {"param": "p"}}]}']::jsonb[]) AS rest
) AS q (definition);

-- All that can be asked for, as one text; what is raised is an answer too.
CREATE FUNCTION pg_temp.told(call text, definition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT string_agg(r::text, E''\n'') FROM %s AS r', call)
	INTO result USING definition;
	RETURN regexp_replace(result, '"execution_time_ms": ?[0-9.]+', '');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.all_told() RETURNS TABLE (n bigint, call text, told text)
LANGUAGE sql AS $$
	SELECT n, call, pg_temp.told(call, definition) FROM asked, unnest(ARRAY['prismiq_query($1)',
		'prismiq_query_rows($1)', 'prismiq_query_csv($1)', 'prismiq_compile($1)',
		'prismiq_validate($1)', 'prismiq_column_sample(''noted'', ''d'')',
		'prismiq_column_sample(''noted'', ''iv'')']) AS call
$$;
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.all_told();
SELECT is(count(*), (SELECT count(*) * 7 FROM asked), 'all were asked') FROM before;
SELECT cmp_ok(count(*) FILTER (WHERE told !~ '^[0-9A-Z]{5} '), '>', count(*) * 3 / 4,
	'and most are answered') FROM before;

-- What a session sets is its own again after each call.
CREATE FUNCTION pg_temp.differences(VARIADIC settings text[])
RETURNS TABLE (call text, definition jsonb, here text, there text) LANGUAGE plpgsql AS $$
DECLARE
	setting text;
BEGIN
	FOREACH setting IN ARRAY settings LOOP
		PERFORM set_config(split_part(setting, '=', 1), split_part(setting, '=', 2), true);
	END LOOP;
	RETURN QUERY SELECT b.call, a.definition, b.told, t.told
	FROM pg_temp.all_told() AS t JOIN before AS b USING (n, call) JOIN asked AS a USING (n)
	WHERE b.told IS DISTINCT FROM t.told ORDER BY n LIMIT 3;
	FOREACH setting IN ARRAY settings LOOP
		IF current_setting(split_part(setting, '=', 1)) <> split_part(setting, '=', 2) THEN
			RETURN QUERY SELECT setting, NULL::jsonb, 'not as it was set',
				current_setting(split_part(setting, '=', 1));
		END IF;
	END LOOP;
END
$$;
SELECT is_empty(format('SELECT * FROM pg_temp.differences(%L)', setting), setting)
FROM unnest(ARRAY['DateStyle=ISO, DMY', 'DateStyle=ISO, YMD', 'DateStyle=SQL, DMY',
	'DateStyle=German, DMY', 'DateStyle=Postgres, MDY', 'IntervalStyle=sql_standard',
	'IntervalStyle=iso_8601', 'IntervalStyle=postgres_verbose', 'extra_float_digits=-10',
	'bytea_output=escape', 'array_nulls=off', 'timezone_abbreviations=India',
	'xmloption=document']) AS setting;
SELECT is_empty(format('SELECT * FROM pg_temp.differences(%L)', 'lc_monetary=' || collcollate),
	'lc_monetary=' || collcollate)
FROM pg_collation WHERE collname IN ('en_IN.utf8', 'de_DE.utf8') AND collcollate <> ''
	/* may be none */;

-- One rule, that of the server's own default.
SELECT is(prismiq_query(pg_temp.where_('d', 'eq', '"02/04/2001"'))::jsonb -> 'rows', '[[1]]',
	'the month goes before the day');

-- What fails leaves the session as it was.
SET LOCAL DateStyle = 'SQL, DMY';
SELECT throws_ok($$SELECT prismiq_query(pg_temp.where_('d', 'eq', '"30/02/2001"'))$$, '22023');
SELECT is(current_setting('DateStyle'), 'SQL, DMY', 'after a fault');
SELECT is((SELECT string_agg(DISTINCT current_setting('DateStyle') || (r ->> 'd')::date, ',')
		FROM (SELECT prismiq_query_rows(pg_temp.of(jsonb_build_array(pg_temp.col('d')),
			'{"limit": 1}')) AS r) AS q),
	'SQL, DMY' || '2001-02-04'::date, 'and between the rows of a stream');

-- ---- Documents -----------------------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'acme';
SET LOCAL prismiq.user_id = 'ann';
CREATE FUNCTION pg_temp.stored(style text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('DateStyle', style, true);
	RETURN prismiq_saved_query_create(jsonb_build_object('name', 'in ' || style, 'query',
		pg_temp.of(jsonb_build_array(pg_temp.col('id')), '{"params": {
			"p": {"type": "date", "default": "01/13/2001"},
			"q": {"type": "timestamp[]", "default": ["01/13/2001 10:00"]}}}'))) ->> 'name';
END
$$;
SELECT is(pg_temp.stored(style), 'in ' || style, 'a saved query in ' || style)
FROM unnest('{"ISO, MDY","ISO, DMY","SQL, DMY","ISO, YMD"}'::text[]) AS style;

SELECT * FROM finish();
ROLLBACK;
