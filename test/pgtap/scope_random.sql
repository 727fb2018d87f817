-- Conditions of related rows say the same whether joins are written or found
-- along foreign keys, whichever of them are, in whatever order the tables are
-- listed: random mixes over two ways of several hops, with tables that only
-- lead there listed or not, and one that leads nowhere; against EXISTS by hand.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
SELECT setseed(0.42) \g /dev/null
CREATE SCHEMA music;
GRANT USAGE ON SCHEMA music TO app_user;
CREATE TABLE music.club (tenant text, id int, PRIMARY KEY (tenant, id));
CREATE TABLE music.person (tenant text, id int, club_id int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, club_id) REFERENCES music.club);
CREATE TABLE music.piece (tenant text, id int, PRIMARY KEY (tenant, id));
CREATE TABLE music.genre (tenant text, id int, name text, PRIMARY KEY (tenant, id));
CREATE TABLE music.played (tenant text NOT NULL, person_id int, piece_id int,
	FOREIGN KEY (tenant, person_id) REFERENCES music.person,
	FOREIGN KEY (tenant, piece_id) REFERENCES music.piece);
CREATE TABLE music.filed (tenant text NOT NULL, piece_id int, genre_id int,
	FOREIGN KEY (tenant, piece_id) REFERENCES music.piece,
	FOREIGN KEY (tenant, genre_id) REFERENCES music.genre);
CREATE TABLE music.lesson (tenant text, id int, person_id int, PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, person_id) REFERENCES music.person);
CREATE TABLE music.fee (tenant text NOT NULL, lesson_id int, amount int,
	FOREIGN KEY (tenant, lesson_id) REFERENCES music.lesson);
CREATE FUNCTION pg_temp.some(most int) RETURNS int LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.9 THEN 1 + floor(random() * most)::int END
$$;
INSERT INTO music.club SELECT t, n FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 3) AS n;
INSERT INTO music.person SELECT t, n, pg_temp.some(3) FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 12) AS n;
INSERT INTO music.piece SELECT t, n FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 8) AS n;
INSERT INTO music.genre SELECT t, n, chr(96 + n) FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 4) AS n;
INSERT INTO music.played SELECT t, pg_temp.some(12), pg_temp.some(8)
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 16) AS n;
INSERT INTO music.filed SELECT t, pg_temp.some(8), pg_temp.some(4)
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 10) AS n;
INSERT INTO music.lesson SELECT t, n, pg_temp.some(12) FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 9) AS n;
INSERT INTO music.fee SELECT t, pg_temp.some(9), n FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 9) AS n;
GRANT SELECT ON ALL TABLES IN SCHEMA music TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, tenant_column => 'tenant')) AS exposed
FROM pg_class WHERE relnamespace = 'music'::regnamespace AND relkind = 'r' \gset

-- The hops of both ways, and what leads nowhere.
CREATE TEMP TABLE hops (way text, n int, near text, near_column text, far text, far_column text);
INSERT INTO hops VALUES
	('genre', 1, 'person', 'id', 'played', 'person_id'),
	('genre', 2, 'played', 'piece_id', 'piece', 'id'),
	('genre', 3, 'piece', 'id', 'filed', 'piece_id'),
	('genre', 4, 'filed', 'genre_id', 'genre', 'id'),
	('fee', 1, 'person', 'id', 'lesson', 'person_id'),
	('fee', 2, 'lesson', 'id', 'fee', 'lesson_id'),
	('club', 1, 'person', 'club_id', 'club', 'id');
GRANT SELECT ON hops TO app_user;

-- One of some texts.
CREATE FUNCTION pg_temp.one_of(VARIADIC texts text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT texts[1 + floor(random() * cardinality(texts))::int] $$;

-- One question: null when the answer is right.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	ways text[] := pg_temp.one_of('{genre}', '{fee}', '{genre,fee}', '{genre,club}',
								  '{fee,genre,club}');
	scope text;
	name text := chr(97 + floor(random() * 4)::int);
	listed text[] := '{person}';
	joins jsonb := '[]';
	conditions jsonb := '[]';
	columns text := pg_temp.one_of('person.* count', 'person.id', 'person.club_id, person.id sum',
								   'person.id, played.piece_id, played.* count',
								   'person.id, piece.id = piece_id, person.* count');
	deep int := CASE WHEN columns LIKE '%played%' THEN 1 WHEN columns LIKE '%piece%' THEN 2
				ELSE 0 END;		/* so many hops of the way are joined */
	by_hand text := 'p.tenant = ''acme''';
	tables text;
	definition jsonb;
	answer text;
	expected text;
	hop record;
BEGIN
	IF deep > 0 THEN
		ways := '{genre}' || array_remove(ways, 'genre');
		listed := ARRAY['person', CASE deep WHEN 1 THEN 'played' ELSE 'piece' END];
	END IF;
	FOR hop IN SELECT *, max(n) OVER (PARTITION BY way) AS last FROM hops WHERE way = ANY (ways)
		ORDER BY random() LOOP
		IF random() < 0.5 THEN
			listed := listed || ARRAY[hop.near, hop.far];
			joins := joins || CASE WHEN random() < 0.5 THEN
				oracle.join(format('%s.%s = %s.%s %s', hop.near, hop.near_column, hop.far,
					hop.far_column, CASE WHEN hop.way = 'club' OR hop.n <= deep
						THEN 'INNER' ELSE
						pg_temp.one_of('INNER', 'LEFT', 'RIGHT', 'FULL') END))
				ELSE oracle.join(format('%s.%s = %s.%s', hop.far, hop.far_column, hop.near,
										hop.near_column)) END;
		ELSIF hop.n = hop.last OR random() < 0.4 THEN
			listed := listed || hop.far;
		END IF;
	END LOOP;
	IF 'genre' = ANY (ways) THEN
		scope := pg_temp.one_of('any', 'none');
		conditions := conditions || oracle.cond('genre.name eq', to_jsonb(name),
												jsonb_build_object('scope', scope));
		by_hand := format('%s AND %s EXISTS (SELECT FROM %s JOIN music.piece e
				ON (e.tenant, e.id) = (d.tenant, d.piece_id) JOIN music.filed f
				ON (f.tenant, f.piece_id) = (e.tenant, e.id) JOIN music.genre g
				ON (g.tenant, g.id) = (f.tenant, f.genre_id)
			WHERE (d.tenant, d.person_id) = (p.tenant, p.id) AND g.name = %L)', by_hand,
			CASE scope WHEN 'none' THEN 'NOT' ELSE '' END,
			CASE WHEN deep > 0 THEN '(SELECT d.*) AS d' ELSE 'music.played d' END, name);
	END IF;
	IF 'fee' = ANY (ways) THEN
		scope := pg_temp.one_of('any', 'none');
		conditions := conditions || oracle.cond('fee.amount gt', '4',
												jsonb_build_object('scope', scope));
		by_hand := format('%s AND %s EXISTS (SELECT FROM music.lesson l JOIN music.fee f
				ON (f.tenant, f.lesson_id) = (l.tenant, l.id)
			WHERE (l.tenant, l.person_id) = (p.tenant, p.id) AND f.amount > 4)', by_hand,
			CASE scope WHEN 'none' THEN 'NOT' ELSE '' END);
	END IF;
	IF 'club' = ANY (ways) THEN
		by_hand := by_hand || ' AND club_id IS NOT NULL';
	END IF;
	SELECT string_agg(t || ' ' || t, ', ' ORDER BY random()) INTO tables
	FROM (SELECT DISTINCT unnest(listed) AS t) AS q;
	definition := oracle.def(tables, columns, jsonb_build_object('filters', conditions, 'joins',
		joins, 'fan_out', CASE deep WHEN 2 THEN 'correct' ELSE 'error' END));
	answer := oracle.answer(definition);
	answer := CASE WHEN answer LIKE '[%' THEN
		oracle.text(oracle.array_of(answer::jsonb), false) ELSE answer END;
	EXECUTE format(CASE columns
		WHEN 'person.* count' THEN 'SELECT oracle.text(ARRAY[jsonb_build_array(count(*))], false)
			FROM music.person p WHERE %s'
		WHEN 'person.id' THEN 'SELECT oracle.text(array_agg(jsonb_build_array(id)), false)
			FROM music.person p WHERE %s'
		WHEN 'person.id, played.piece_id, played.* count' THEN
			'SELECT oracle.text(array_agg(jsonb_build_array(id, piece_id, count)), false) FROM (
			SELECT p.id, d.piece_id, count(*) FROM music.person p JOIN music.played d
				ON (d.tenant, d.person_id) = (p.tenant, p.id) WHERE %s GROUP BY 1, 2) AS q'
		WHEN 'person.id, piece.id = piece_id, person.* count' THEN
			'SELECT oracle.text(array_agg(jsonb_build_array(id, piece_id, count)), false) FROM (
			SELECT p.id, d.piece_id, count(DISTINCT p.id) FROM music.person p JOIN music.played d
				ON (d.tenant, d.person_id) = (p.tenant, p.id)
			WHERE d.piece_id IS NOT NULL AND %s GROUP BY 1, 2) AS q'
		ELSE 'SELECT oracle.text(array_agg(jsonb_build_array(club_id, sum)), false)
			FROM (SELECT club_id, sum(id) FROM music.person p WHERE %s GROUP BY 1) AS q' END,
		by_hand) INTO expected;
	RETURN CASE WHEN answer IS DISTINCT FROM expected THEN
		concat_ws(E'\n', definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random mixes of joins');
SELECT * FROM finish();
ROLLBACK;
