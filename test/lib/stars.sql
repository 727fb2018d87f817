-- Random star and snowflake data, and random trees of joins over it, for tests
-- of properties; after lib/oracle.sql. The same on every machine.
RESET ROLE;
SET LOCAL jit = off;			-- which takes a second for what a person would not write
SELECT setseed(0.42) \g /dev/null
CREATE SCHEMA stars;
GRANT USAGE ON SCHEMA stars TO app_user;

-- Any table may be joined to any by whatever of its columns. a to c have a
-- primary key, d a composite unique index, e none, and rows twice. "tag" tells
-- rows apart for this test; no index says so.
CREATE FUNCTION pg_temp.random_key(most int) RETURNS int LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.15 THEN NULL ELSE (random() * most)::int END
$$;
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{a,b,c,d,e}'::text[] LOOP
		EXECUTE format('CREATE TABLE stars.%I (tenant text NOT NULL, id int NOT NULL,
			part int NOT NULL, k int, l int, g text, v int,
			tag int GENERATED ALWAYS AS IDENTITY)', name);
		EXECUTE format('INSERT INTO stars.%I SELECT t, n, n %% 3, pg_temp.random_key(6),
			pg_temp.random_key(3), CASE WHEN random() > 0.2 THEN chr(97 + (random() * 2)::int) END,
			CASE WHEN random() > 0.1 THEN (random() * 100)::int END
			FROM unnest(''{acme,beta}''::text[]) AS t, generate_series(1, 7) AS n', name);
		IF name IN ('a', 'b', 'c') THEN
			EXECUTE format('ALTER TABLE stars.%I ADD PRIMARY KEY (tenant, id)', name);
		ELSIF name = 'd' THEN
			CREATE UNIQUE INDEX ON stars.d (id, part, tenant);
		ELSE
			INSERT INTO stars.e (tenant, id, part, k, l, g, v)
			SELECT tenant, id, part, k, l, g, v FROM stars.e WHERE id < 4;
		END IF;
		EXECUTE format('SELECT FROM prismiq.prismiq_expose(''stars.%I'', tenant_column =>
			''tenant'')',
			name);
	END LOOP;
END
$$;
GRANT SELECT ON ALL TABLES IN SCHEMA stars TO app_user;

-- A table of a definition; now and then a definition of all its rows, which says the same.
CREATE FUNCTION pg_temp.listed(id text, name text) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT jsonb_build_object('id', id) || CASE WHEN random() < 0.85 THEN plain ELSE
		jsonb_build_object('query', jsonb_build_object('tables', jsonb_build_array(
			plain || '{"id": "x"}'), 'columns', (SELECT jsonb_agg(jsonb_build_object(
			'table_id', 'x', 'column', c)) FROM unnest('{id,part,k,l,g,v}'::text[]) AS c))) END
	FROM (SELECT jsonb_build_object('name', name, 'schema', 'stars') AS plain) AS q
$$;

-- A random tree of joins of these kinds by these columns over two to four tables, one perhaps
-- twice.
CREATE FUNCTION pg_temp.random_tree(kinds text[] = '{INNER,LEFT,RIGHT,FULL}',
	keys text[] = '{id,id,k,l}', OUT tables jsonb, OUT joins jsonb, OUT source text)
LANGUAGE plpgsql AS $$
DECLARE
	name text := substr('abcde', 1 + floor(random() * 5)::int, 1);
	kind text;
	near text;
	one text;
	two text;
BEGIN
	tables := jsonb_build_array(pg_temp.listed('t1', name));
	joins := '[]';
	source := format('(SELECT * FROM stars.%I WHERE tenant = ''acme'') AS t1', name);
	FOR i IN 2 .. 2 + floor(random() * 3)::int LOOP
		name := substr('abcde', 1 + floor(random() * 5)::int, 1);
		near := 't' || 1 + floor(random() * (i - 1))::int;
		one := keys[1 + floor(random() * cardinality(keys))::int];
		two := keys[1 + floor(random() * cardinality(keys))::int];
		kind := kinds[1 + floor(random() * cardinality(kinds))::int];
		tables := tables || pg_temp.listed('t' || i, name);
		source := source || format(' %s JOIN (SELECT * FROM stars.%I WHERE tenant = ''acme'') AS
			t%s'
			' ON %s.%I = t%s.%I', kind, name, i, near, one, i, two);
		joins := joins || CASE WHEN random() < 0.5 THEN
			jsonb_build_object('from_table_id', near, 'from_column', one,
				'to_table_id', 't' || i, 'to_column', two, 'join_type', kind)
			ELSE jsonb_build_object('from_table_id', 't' || i, 'from_column', two,
				'to_table_id', near, 'to_column', one, 'join_type',
				CASE kind WHEN 'LEFT' THEN 'RIGHT' WHEN 'RIGHT' THEN 'LEFT' ELSE kind END) END;
	END LOOP;
END
$$;
