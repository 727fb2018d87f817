-- No aggregate sees a row that an outer join made up: every aggregation, of a
-- column, of a calculated field that is not null where its column is, inside
-- an expression and with a condition, over random trees of joins of every type,
-- against brute force. What is right is asked with DISTINCT over those joined
-- rows that have one of the table, which our compiler never writes.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 100
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- What is asked of a table (%1$s its id, %2$s that of a table it is joined to),
-- and the same by hand: over its rows "s", over pairs "p", or over joined rows "q".
CREATE TEMP TABLE asked (n int GENERATED ALWAYS AS IDENTITY, "column" text, more jsonb,
						 expression text, rows text, by_hand text);
INSERT INTO asked ("column", more, rows, by_hand)
SELECT c, jsonb_build_object('aggregation', a) || coalesce(m::jsonb, '{}'), 's',
	   replace(replace(h, '#', CASE c WHEN 'some' THEN 'coalesce(v, -1)'
									  WHEN 'no' THEN '(v IS NULL)' ELSE c END),
			   ' IF', CASE WHEN m LIKE '%filters%' THEN ' FILTER (WHERE v IS NULL)' ELSE '' END)
FROM (VALUES
	('{v,some}'::text[], 'sum', NULL, 'sum(#)'),
	('{v,some}', 'avg', NULL, 'avg(#)'),
	('{v,some}', 'count', NULL, 'count(#)'),
	('{v,some}', 'count_distinct', NULL, 'count(DISTINCT #)'),
	('{v,some}', 'approx_count_distinct', NULL, 'count(DISTINCT #)'),
	('{v,some}', 'min', NULL, 'min(#)'),
	('{v,some}', 'max', NULL, 'max(#)'),
	('{v,some}', 'median', NULL, 'percentile_cont(0.5) WITHIN GROUP (ORDER BY #)'),
	('{v,some}', 'percentile', '{"args": {"fraction": 0.9}}',
		'percentile_cont(0.9) WITHIN GROUP (ORDER BY #)'),
	('{v,some}', 'stddev', NULL, 'stddev(#)'),
	('{v,some}', 'variance', NULL, 'variance(#)'),
	('{v,some}', 'mode', NULL, 'mode() WITHIN GROUP (ORDER BY #)'),
	('{v,some}', 'first', '{"args": {"order_by": "id"}}',
		'(array_agg(# ORDER BY id, #) FILTER (WHERE # IS NOT NULL))[1]'),
	('{v,some}', 'last', '{"args": {"order_by": "id"}}',
		'(array_agg(# ORDER BY id DESC, # DESC) FILTER (WHERE # IS NOT NULL))[1]'),
	('{v,some}', 'array_agg', NULL, 'array_agg(# ORDER BY #)'),
	('{v,some}', 'array_agg', '{"distinct": true}', 'array_agg(DISTINCT # ORDER BY #)'),
	('{v,some}', 'array_agg', '{"args": {"order_by": "id"}}', 'array_agg(# ORDER BY id, #)'),
	('{g}', 'string_agg', NULL, 'string_agg(#, '', '' ORDER BY #)'),
	('{no}', 'bool_and', NULL, 'bool_and(#)'),
	('{no}', 'bool_or', NULL, 'bool_or(#)'),
	('{no}', 'array_agg', NULL, 'array_agg(# ORDER BY #)'),
	('{*}', 'count', NULL, 'count(*)'),
	('{*,v,some}', 'count', '{"filters": [{"table_id": "%1$s", "column": "v",
		"operator": "is_null"}]}', 'count(#) IF'),
	('{v,some}', 'sum', '{"filters": [{"table_id": "%1$s", "column": "v",
		"operator": "is_null"}]}', 'sum(#) IF'),
	('{v,some}', 'array_agg', '{"filters": [{"table_id": "%1$s", "column": "v",
		"operator": "is_null"}]}', 'array_agg(# ORDER BY #) IF')) AS w (columns, a, m, h),
	unnest(columns) AS c;
INSERT INTO asked (expression, rows, by_hand) VALUES
	('sum(ifnull([%1$s.v], -1))', 's', 'sum(coalesce(v, -1))'),
	('avg([some])', 's', 'avg(coalesce(v, -1))'),
	('count(ifnull([%1$s.v], -1))', 's', 'count(*)'),
	('count_distinct([some])', 's', 'count(DISTINCT coalesce(v, -1))'),
	('min(coalesce([%1$s.v], -1))', 's', 'min(coalesce(v, -1))'),
	('max(ifnull([%1$s.v], 999))', 's', 'max(coalesce(v, 999))'),
	('median([some])', 's', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(v, -1))'),
	('percentile([some], 0.9)', 's',
		'percentile_cont(0.9) WITHIN GROUP (ORDER BY coalesce(v, -1))'),
	('sum([%1$s.v])', 's', 'sum(v)'),
	('max([%1$s.v])', 's', 'max(v)'),
	('count_if([%1$s.v] is null)', 's', 'count(*) FILTER (WHERE v IS NULL)'),
	('count_if([no])', 's', 'count(*) FILTER (WHERE v IS NULL)'),
	('sum_if([some], [no])', 's', 'sum(coalesce(v, -1)) FILTER (WHERE v IS NULL)'),
	('sum_if(2, [%1$s.v] is null)', 's', 'sum(2) FILTER (WHERE v IS NULL)'),
	('avg_if([some], [no])', 's', 'avg(coalesce(v, -1)) FILTER (WHERE v IS NULL)'),
	('max([some]) + count_if([no])', 's',
		'max(coalesce(v, -1)) + count(*) FILTER (WHERE v IS NULL)'),
	('sum(ifnull([%1$s.v], -1) + ifnull([%2$s.v], -1))', 'p',
		'sum(coalesce(v, -1) + coalesce(w, -1))'),
	('count_if([%1$s.v] is null or [%2$s.v] is null)', 'p',
		'count(*) FILTER (WHERE v IS NULL OR w IS NULL)'),
	('count()', 'q', 'count(*)');
GRANT SELECT ON asked TO app_user;

-- One question about one table: null when the answer is right.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	link jsonb;
	one text;
	two text;
	allow boolean := random() < 0.2;
	columns jsonb := '[]';
	fields jsonb;
	per_row text := '0 AS d0';
	groups text := 'SELECT 0 AS d0';
	same text := 'd0 = g.d0';
	shown text := '';
	definition jsonb;
	answer text;
	expected text;
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree();
	link := joins -> floor(random() * jsonb_array_length(joins))::int;
	one := link ->> 'from_table_id';
	two := link ->> 'to_table_id';
	FOR i IN 1 .. floor(random() * 3)::int LOOP
		columns := columns || jsonb_build_object('column', 'g', 'table_id',
			't' || 1 + floor(random() * jsonb_array_length(tables))::int);
		per_row := per_row || format(', %s.g AS d%s', columns -> -1 ->> 'table_id', i);
		groups := 'SELECT DISTINCT ' || CASE i WHEN 1 THEN 'd1' ELSE 'd1, d2' END || ' FROM q';
		same := CASE i WHEN 1 THEN '' ELSE same || ' AND ' END
			|| format('d%s IS NOT DISTINCT FROM g.d%1$s', i);
		shown := shown || 'g.d' || i || ', ';
	END LOOP;
	SELECT columns || jsonb_agg(jsonb_strip_nulls(CASE WHEN expression IS NULL THEN
				jsonb_build_object('table_id', one, 'column', "column")
				|| format(more::text, one, two)::jsonb
			ELSE jsonb_build_object('column', 'f' || n) END) ORDER BY n),
		jsonb_build_object('name', 'some', 'expression', format('coalesce([%s.v], -1)', one))
			|| jsonb_build_array(jsonb_build_object('name', 'no', 'expression',
													format('[%s.v] is null', one)))
			|| jsonb_agg(jsonb_build_object('name', 'f' || n, 'expression',
											format(expression, one, two)))
				FILTER (WHERE expression IS NOT NULL),
		shown || string_agg(format('(SELECT %s FROM (SELECT %s FROM q WHERE %s%s) AS s)',
			by_hand, CASE WHEN allow OR rows = 'q' THEN '' ELSE 'DISTINCT ' END
				|| CASE rows WHEN 's' THEN 'r1, id, v, g' WHEN 'p' THEN 'r1, r2, v, w' ELSE '0' END,
			same, CASE rows WHEN 's' THEN ' AND r1 IS NOT NULL'
							WHEN 'p' THEN ' AND (r1 IS NOT NULL OR r2 IS NOT NULL)' ELSE '' END),
			', ' ORDER BY n)
	INTO columns, fields, shown FROM asked;
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns,
		'calculated_fields', fields, 'fan_out', CASE WHEN allow THEN 'allow' ELSE 'correct' END);
	answer := oracle.text(oracle.array_of(prismiq.prismiq_query(definition)::jsonb -> 'rows'),
		false);
	EXECUTE format('CREATE TEMP TABLE q ON COMMIT DROP AS SELECT %s, %s.tag AS r1, %2$s.id, %2$s.v,
		%2$s.g, %s.tag AS r2, %3$s.v AS w FROM %s', per_row, one, two, source);
	EXECUTE format('SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false)
		FROM (%s) AS g', shown, groups) INTO expected;
	DROP TABLE q;
	RETURN CASE WHEN answer IS DISTINCT FROM expected THEN
		concat_ws(E'\n', definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random joins, every aggregation');
SELECT * FROM finish();
ROLLBACK;
