-- Fan-out against brute force: random trees of joins over random star and
-- snowflake data with nulls, duplicates and orphans. What is right is asked
-- with DISTINCT over the joined rows, which our compiler never writes.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- One question, with up to two dimensions of these columns and measures of every table, joined
-- in these ways by these columns: null when the answer is right.
CREATE FUNCTION pg_temp.ask(dimensions text[], kinds text[], keys text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	columns jsonb := '[]';
	shown text := '';
	per_row text := '0 AS d0';
	grouped text := '0 AS d0';
	same text := 'd0 = g.d0';
	definition jsonb;
	answer text;
	expected text;
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree(kinds, keys);
	FOR i IN 1 .. floor(random() * 3)::int LOOP
		columns := columns || jsonb_build_object('table_id',
			't' || 1 + floor(random() * jsonb_array_length(tables))::int, 'column',
			dimensions[1 + floor(random() * cardinality(dimensions))::int]);
		per_row := per_row || format(', %s.%I AS d%s', columns -> -1 ->> 'table_id',
			columns -> -1 ->> 'column', i);
		grouped := grouped || ', d' || i;
		shown := shown || 'g.d' || i || ', ';
		same := same || format(' AND d%s IS NOT DISTINCT FROM g.d%1$s', i);
	END LOOP;
	FOR i IN 1 .. jsonb_array_length(tables) LOOP
		columns := columns || jsonb_build_object('table_id', 't' || i, 'column', 'v',
												 'aggregation', 'sum')
			|| jsonb_build_object('table_id', 't' || i, 'column', 'v', 'aggregation', 'avg')
			|| jsonb_build_object('table_id', 't' || i, 'column', '*', 'aggregation', 'count');
		per_row := per_row || format(', t%s.tag AS r%1$s, t%1$s.v AS v%1$s', i);
		shown := shown || format('(SELECT sum(v) FROM (SELECT DISTINCT r%s, v%1$s AS v FROM q'
			' WHERE %s) AS s), (SELECT avg(v) FROM (SELECT DISTINCT r%1$s, v%1$s AS v FROM q'
			' WHERE %2$s) AS s), (SELECT count(DISTINCT r%1$s) FROM q WHERE %2$s), ', i, same);
	END LOOP;
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns);
	answer := oracle.text(oracle.array_of(prismiq.prismiq_query(definition)::jsonb -> 'rows'),
		false);
	EXECUTE format('CREATE TEMP TABLE q ON COMMIT DROP AS SELECT %s FROM %s', per_row, source);
	EXECUTE format('SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false) FROM
		(SELECT %s) AS g',
		rtrim(shown, ', '), CASE WHEN grouped = '0 AS d0' THEN grouped
							ELSE 'DISTINCT ' || replace(grouped, '0 AS d0', 'd0') || ' FROM q' END)
	INTO expected;
	DROP TABLE q;
	RETURN CASE WHEN answer <> expected THEN
		concat_ws(E'\n', definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask('{g}', '{INNER,LEFT,RIGHT,FULL}', '{id,id,k,l}')
		   AS wrong FROM generate_series(1, :rounds)) AS s WHERE wrong IS NOT NULL LIMIT 1),
		  NULL, 'random joins');
-- By what is unique, alone or with what joins say, and over what only pairs two others.
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask('{g,id,part}', '{INNER,INNER,INNER,LEFT}',
												 '{id,id,part}')
		   AS wrong FROM generate_series(1, :rounds)) AS s WHERE wrong IS NOT NULL LIMIT 1),
		  NULL, 'keys and bridges');
SELECT * FROM finish();
ROLLBACK;
