-- Elements of arrays against brute force: random trees of joins, of which one table's array is
-- unnested. What is right is asked with DISTINCT over the joined rows, one an element; no array has
-- an element twice, so a row counts once in its element's group, wherever it stands.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

RESET ROLE;
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{a,b,c,d,e}'::text[] LOOP
		EXECUTE format('ALTER TABLE stars.%I ADD COLUMN ar text[]', name);
		EXECUTE format('UPDATE stars.%I SET ar = (ARRAY[NULL, ''{}'', ''{x}'', ''{y,x}'',
			''{z,NULL,x}'', ''{{x,w},{y,z}}''])[1 + (id * 7 + part + k) %% 6]::text[]', name);
	END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION pg_temp.listed(id text, name text) RETURNS jsonb LANGUAGE sql VOLATILE
AS $$
	SELECT jsonb_build_object('id', id) || CASE WHEN random() < 0.85 THEN plain ELSE
		jsonb_build_object('query', jsonb_build_object('tables', jsonb_build_array(
			plain || '{"id": "x"}'), 'columns', (SELECT jsonb_agg(jsonb_build_object(
			'table_id', 'x', 'column', c)) FROM unnest('{id,part,k,l,g,v,ar}'::text[]) AS c))) END
	FROM (SELECT jsonb_build_object('name', name, 'schema', 'stars') AS plain) AS q
$$;

-- One question, with up to one dimension beside the elements, and measures of every table: null
-- when the answer is right.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	unnested text;
	columns jsonb;
	shown text := 'g.d0, ';
	per_row text := 'e.v AS d0';
	grouped text := 'd0';
	same text := 'd0 IS NOT DISTINCT FROM g.d0';
	answer text;
	expected text;
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree();
	unnested := 't' || 1 + floor(random() * jsonb_array_length(tables))::int;
	columns := jsonb_build_array(jsonb_build_object('table_id', unnested, 'column', 'ar',
													'unnest', true));
	IF random() < 0.5 THEN
		columns := columns || jsonb_build_object('column', 'g', 'table_id',
			't' || 1 + floor(random() * jsonb_array_length(tables))::int);
		per_row := per_row || format(', %s.g AS d1', columns -> -1 ->> 'table_id');
		grouped := grouped || ', d1';
		shown := shown || 'g.d1, ';
		same := same || ' AND d1 IS NOT DISTINCT FROM g.d1';
	END IF;
	FOR i IN 1 .. jsonb_array_length(tables) LOOP
		columns := columns || jsonb_build_object('table_id', 't' || i, 'column', 'v',
												 'aggregation', 'sum')
			|| jsonb_build_object('table_id', 't' || i, 'column', 'v', 'aggregation', 'median')
			|| jsonb_build_object('table_id', 't' || i, 'column', '*', 'aggregation', 'count');
		per_row := per_row || format(', t%s.tag AS r%1$s, t%1$s.v AS v%1$s', i);
		shown := shown || format('(SELECT sum(v) FROM (SELECT DISTINCT r%s, v%1$s AS v FROM q'
			' WHERE %s) AS s), (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM'
			' (SELECT DISTINCT r%1$s, v%1$s AS v FROM q WHERE %2$s) AS s),'
			' (SELECT count(DISTINCT r%1$s) FROM q WHERE %2$s), ', i, same);
	END LOOP;
	answer := oracle.text(oracle.array_of(prismiq.prismiq_query(jsonb_build_object('tables', tables,
		'joins', joins, 'columns', columns))::jsonb -> 'rows'), false);
	EXECUTE format('CREATE TEMP TABLE q ON COMMIT DROP AS SELECT %s FROM %s'
		' LEFT JOIN LATERAL unnest(%s.ar) AS e (v) ON true', per_row, source, unnested);
	EXECUTE format('SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false) FROM
		(SELECT DISTINCT %s FROM q) AS g', rtrim(shown, ', '), grouped) INTO expected;
	DROP TABLE q;
	RETURN CASE WHEN answer <> expected THEN concat_ws(E'\n', tables, joins, columns,
		'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random joins');
SELECT * FROM finish();
ROLLBACK;
