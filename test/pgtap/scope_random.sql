-- Related rows against EXISTS written out: random ways of one to three hops from
-- random trees of joins, over random data. PRISMIQ_ROUNDS sets how many.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- One question: the rows of a tree of joins whose last one or two tables are
-- only asked about; null when the answer is right.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	keys text[] := '{id,id,k,l}';
	tables jsonb;
	joins jsonb;
	source text;
	main int;
	hops int := 1 + floor(random() * 3)::int;
	near text;
	name text;
	one text;
	two text;
	inside text := '';
	outside text;
	scope text := (ARRAY['any', 'none'])[1 + floor(random() * 2)::int];
	wanted int := floor(random() * 100)::int;
	filters jsonb;
	columns jsonb;
	definition jsonb;
	answer text;
	expected text;
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree();
	main := jsonb_array_length(tables);
	near := 't' || 1 + floor(random() * main)::int;
	FOR i IN main + 1 .. main + hops LOOP
		name := substr('abcde', 1 + floor(random() * 5)::int, 1);
		one := keys[1 + floor(random() * 4)::int];
		two := keys[1 + floor(random() * 4)::int];
		tables := tables || jsonb_build_object('id', 't' || i, 'name', name, 'schema', 'stars');
		joins := joins || jsonb_build_object('from_table_id', 't' || i, 'from_column', two,
			'to_table_id', near, 'to_column', one);
		inside := inside || format('%s(SELECT * FROM stars.%I WHERE tenant = ''acme'') AS t%s',
			CASE WHEN inside = '' THEN '' ELSE ', ' END, name, i);
		outside := concat_ws(' AND ', outside, format('%s.%I = t%s.%I', near, one, i, two));
		near := 't' || i;
	END LOOP;
	filters := jsonb_build_array(
		jsonb_build_object('table_id', near, 'column', 'v', 'operator', 'gt', 'value', wanted,
						   'scope', scope),
		jsonb_build_object('table_id', near, 'column', 'g', 'operator', 'neq', 'value', 'a',
						   'scope', scope));
	SELECT jsonb_agg(jsonb_build_object('table_id', 't' || i, 'column', 'tag') ORDER BY i)
	INTO columns FROM generate_series(1, main) AS i;
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns,
									 'filters', filters);
	answer := oracle.text(oracle.array_of(prismiq.prismiq_query(definition)::jsonb -> 'rows'),
						  false);
	EXECUTE format('SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false) FROM %s
		WHERE %s EXISTS (SELECT FROM %s WHERE %s AND %s.v > %s AND %6$s.g IS DISTINCT FROM ''a'')',
		(SELECT string_agg(format('t%s.tag', i), ', ' ORDER BY i)
		 FROM generate_series(1, main) AS i),
		source, CASE scope WHEN 'none' THEN 'NOT' ELSE '' END, inside, outside, near, wanted)
	INTO expected;
	RETURN CASE WHEN answer <> coalesce(expected, '') THEN
		concat_ws(E'\n', definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random related rows');
SELECT * FROM finish();
ROLLBACK;
