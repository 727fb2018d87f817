-- Facts apart against brute force: random trees of inner and left joins over random star and
-- snowflake data, with conditions on any side, measures of all kinds and calculated over several
-- tables. What is right is asked with DISTINCT over the joined rows, which our compiler never
-- writes. PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 250
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- A random condition on a table: as a definition has it, and as SQL.
CREATE FUNCTION pg_temp.random_condition(id text, OUT asked jsonb, OUT written text)
LANGUAGE plpgsql AS $$
DECLARE
	low int := floor(random() * 60);
BEGIN
	CASE floor(random() * 6)::int
		WHEN 0 THEN
			asked := jsonb_build_object('column', 'v', 'operator', 'gt', 'value', low);
			written := format('%s.v > %s', id, low);
		WHEN 1 THEN
			asked := '{"column": "g", "operator": "in", "value": ["a", "b"]}';
			written := format('%s.g IN (''a'', ''b'')', id);
		WHEN 2 THEN
			asked := jsonb_build_object('column', 'g', 'operator', 'is_null');
			written := format('%s.g IS NULL', id);
		WHEN 3 THEN
			asked := jsonb_build_object('column', 'k', 'operator', 'is_not_null');
			written := format('%s.k IS NOT NULL', id);
		WHEN 4 THEN
			asked := '{"column": "l", "operator": "between", "value": [0, 2]}';
			written := format('%s.l BETWEEN 0 AND 2', id);
		ELSE
			asked := jsonb_build_object('column', 'id', 'operator', 'neq', 'value', low % 7);
			written := format('%s.id IS DISTINCT FROM %s', id, low % 7);
	END CASE;
	asked := asked || jsonb_build_object('table_id', id);
END
$$;

-- One of the tables.
CREATE FUNCTION pg_temp.random_table(tables jsonb) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT 't' || 1 + floor(random() * jsonb_array_length(tables))::int
$$;

-- A measure of table i, as a column (or a field, and a column for it) and as SQL over q, the joined
-- rows; "last" is the measure of the table before that one of two tables is multiplied by.
CREATE FUNCTION pg_temp.measure(kind text, i int, same text, OUT col jsonb, OUT field jsonb,
	OUT written text) LANGUAGE plpgsql AS $$
DECLARE
	row_of text := format('(SELECT DISTINCT r%s, v%1$s AS v, k%1$s AS k FROM q WHERE %s) AS s
		WHERE r%1$s IS NOT NULL', i, same);
BEGIN
	CASE kind
		WHEN 'filtered' THEN
			col := jsonb_build_object('table_id', 't' || i, 'column', 'v', 'aggregation', 'sum',
				'filters', jsonb_build_array(jsonb_build_object('table_id', 't' || i, 'column', 'k',
					'operator', 'gt', 'value', 2)));
			written := format('(SELECT sum(v) FROM %s AND k > 2)', row_of);
		WHEN 'two' THEN
			field := jsonb_build_object('name', 'f' || i, 'expression', format(
				'(ifnull(sum([t%s.v]), 0) + count_if([t%1$s.k] > 1)) * max([t%s.v])', i, i - 1));
			col := jsonb_build_object('column', 'f' || i);
			written := format('(SELECT coalesce(sum(v), 0) + count(*) FILTER (WHERE k > 1) FROM %s)
				* (SELECT max(v%s) FROM q WHERE %s)', row_of, i - 1, same);
		WHEN 'average' THEN
			field := jsonb_build_object('name', 'm' || i, 'expression',
				format('avg([t%s.v]) - min([t%1$s.k])', i));
			col := jsonb_build_object('column', 'm' || i);
			written := format('(SELECT avg(v) - min(k) FROM %s)', row_of);
		ELSE
			col := jsonb_build_object('table_id', 't' || i, 'aggregation', kind,
				'column', CASE kind WHEN 'count' THEN '*' ELSE 'v' END);
			written := format('(SELECT %s FROM %s)', CASE kind
				WHEN 'count' THEN 'count(*)' WHEN 'count_distinct' THEN 'count(DISTINCT v)'
				WHEN 'median' THEN 'percentile_cont(0.5) WITHIN GROUP (ORDER BY v)'
				ELSE kind || '(v)' END, row_of);
	END CASE;
END
$$;

-- One question; "wrong" is null when the answer is right.
CREATE FUNCTION pg_temp.ask(OUT wrong text, OUT apart boolean) LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	columns jsonb := '[]';
	fields jsonb := '[]';
	filters jsonb := '[]';
	wheres text := 'true';
	shown text := '';
	per_row text := '0 AS d0';
	grouped text := '0 AS d0';
	same text := 'd0 = g.d0';
	kind text;
	one record;
	two record;
	definition jsonb;
	answer text;
	expected text;
BEGIN
	SELECT r.tables, r.joins, r.source INTO tables, joins, source
	FROM pg_temp.random_tree('{INNER,INNER,LEFT}') AS r;
	FOR i IN 1 .. floor(random() * 3)::int LOOP
		columns := columns || jsonb_build_object('column', 'g', 'alias', 'd' || i, 'table_id',
			CASE WHEN random() < 0.7 THEN 't1' ELSE pg_temp.random_table(tables) END);
		per_row := per_row || format(', %s.g AS d%s', columns -> -1 ->> 'table_id', i);
		grouped := grouped || ', d' || i;
		shown := shown || 'g.d' || i || ', ';
		same := same || format(' AND d%s IS NOT DISTINCT FROM g.d%1$s', i);
	END LOOP;
	FOR i IN 1 .. floor(random() * 3)::int LOOP
		one := pg_temp.random_condition(pg_temp.random_table(tables));
		two := pg_temp.random_condition(pg_temp.random_table(tables));
		IF random() < 0.25 THEN
			filters := filters || jsonb_build_object('or', jsonb_build_array(one.asked, two.asked));
			wheres := wheres || format(' AND (%s OR %s)', one.written, two.written);
		ELSE
			filters := filters || one.asked;
			wheres := wheres || ' AND ' || one.written;
		END IF;
	END LOOP;
	FOR i IN 1 .. jsonb_array_length(tables) LOOP
		per_row := per_row || format(', t%s.tag AS r%1$s, t%1$s.v AS v%1$s, t%1$s.k AS k%1$s', i);
		FOREACH kind IN ARRAY
			'{sum,avg,count,min,max,median,count_distinct,stddev,filtered,average,two}'::text[]
		LOOP
			CONTINUE WHEN (kind = 'two' AND i = 1) OR random() < CASE
				WHEN kind IN ('median', 'count_distinct', 'stddev') THEN 0.95 ELSE 0.5 END;
			one := pg_temp.measure(kind, i, same);
			columns := columns || one.col;
			fields := fields || coalesce(one.field, '[]');
			shown := shown || one.written || ', ';
		END LOOP;
	END LOOP;
	IF shown !~ 'SELECT' THEN
		one := pg_temp.measure('count', 1, same);
		columns := columns || one.col;
		shown := shown || one.written;
	END IF;
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns,
		'filters', filters, 'calculated_fields', fields);
	apart := prismiq.prismiq_compile(definition) ->> 'sql' ~ ' AS k1';
	answer := oracle.text(oracle.array_of(prismiq.prismiq_query(definition)::jsonb -> 'rows'),
		false);
	EXECUTE format('WITH q AS MATERIALIZED (SELECT %s FROM %s WHERE %s)
		SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false) FROM (SELECT %s) AS g',
		per_row, source, wheres, rtrim(shown, ', '),
		CASE WHEN grouped = '0 AS d0' THEN grouped
			ELSE 'DISTINCT ' || replace(grouped, '0 AS d0', 'd0') || ' FROM q' END)
	INTO expected;
	wrong := CASE WHEN answer IS DISTINCT FROM expected THEN
		concat_ws(E'\n', definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
CREATE TEMP TABLE asked AS
SELECT (a).* FROM (SELECT pg_temp.ask() AS a FROM generate_series(1, :rounds) OFFSET 0) AS s;
SELECT is((SELECT wrong FROM asked WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random joins');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE apart) * 3 FROM asked), '>', :rounds::bigint,
	'a third of them have facts apart');
SELECT * FROM finish();
ROLLBACK;
