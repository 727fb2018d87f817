-- Automatic joins along foreign keys that all partitions of a table have, each its own.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA part;
GRANT USAGE ON SCHEMA part TO app_user;
CREATE TABLE part.people (tenant text NOT NULL, id int PRIMARY KEY, weight int,
	UNIQUE (id, tenant));
CREATE TABLE part.places (tenant text NOT NULL, id int PRIMARY KEY);
CREATE TABLE part.regions (tenant text NOT NULL, id int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE part.regions_low PARTITION OF part.regions FOR VALUES FROM (0) TO (2);
CREATE TABLE part.regions_high PARTITION OF part.regions DEFAULT;

-- Events by year: the columns of the second partition are in other places.
CREATE TABLE part.events (tenant text NOT NULL, id int, year int, person int, seconds int)
	PARTITION BY LIST (year);
CREATE TABLE part.events_1 PARTITION OF part.events (FOREIGN KEY (person) REFERENCES part.people)
	FOR VALUES IN (1);
CREATE TABLE part.events_2 (gone int, seconds int, person int, year int, id int,
	tenant text NOT NULL, FOREIGN KEY (person) REFERENCES part.people);
ALTER TABLE part.events_2 DROP COLUMN gone;
ALTER TABLE part.events ATTACH PARTITION part.events_2 FOR VALUES IN (2);

-- Calls by year, and within the second by half: there the partitioned one has the key.
CREATE TABLE part.calls (LIKE part.events, half int) PARTITION BY LIST (year);
CREATE TABLE part.calls_1 PARTITION OF part.calls
	(FOREIGN KEY (tenant, person) REFERENCES part.people (tenant, id)) FOR VALUES IN (1);
CREATE TABLE part.calls_2 PARTITION OF part.calls FOR VALUES IN (2) PARTITION BY LIST (half);
CREATE TABLE part.calls_2_1 PARTITION OF part.calls_2 FOR VALUES IN (1);
CREATE TABLE part.calls_2_2 PARTITION OF part.calls_2 FOR VALUES IN (2);
ALTER TABLE part.calls_2 ADD FOREIGN KEY (person, tenant) REFERENCES part.people (id, tenant);
CREATE TABLE part.calls_3 PARTITION OF part.calls DEFAULT PARTITION BY LIST (half);
CREATE TABLE part.calls_3_1 PARTITION OF part.calls_3
	(FOREIGN KEY (person, tenant) REFERENCES part.people (id, tenant)) DEFAULT;

-- One without, one to another table, one without partitions, one that has the key itself, one
-- that has two, one to a partitioned table, and one whose column is not for everybody.
CREATE TABLE part.lacking (LIKE part.events) PARTITION BY LIST (year);
CREATE TABLE part.lacking_1 PARTITION OF part.lacking (FOREIGN KEY (person) REFERENCES part.people)
	FOR VALUES IN (1);
CREATE TABLE part.lacking_2 PARTITION OF part.lacking FOR VALUES IN (2);
CREATE TABLE part.straying (LIKE part.events) PARTITION BY LIST (year);
CREATE TABLE part.straying_1 PARTITION OF part.straying
	(FOREIGN KEY (person) REFERENCES part.people) FOR VALUES IN (1);
CREATE TABLE part.straying_2 PARTITION OF part.straying
	(FOREIGN KEY (person) REFERENCES part.places) FOR VALUES IN (2);
CREATE TABLE part.crossed (LIKE part.events, other int) PARTITION BY LIST (year);
CREATE TABLE part.crossed_1 PARTITION OF part.crossed (FOREIGN KEY (person) REFERENCES part.people)
	FOR VALUES IN (1);
CREATE TABLE part.crossed_2 PARTITION OF part.crossed (FOREIGN KEY (other) REFERENCES part.people)
	FOR VALUES IN (2);
CREATE TABLE part.bare (LIKE part.events) PARTITION BY LIST (year);
CREATE TABLE part.owning (LIKE part.events, FOREIGN KEY (person) REFERENCES part.people)
	PARTITION BY LIST (year);
CREATE TABLE part.owning_1 PARTITION OF part.owning (FOREIGN KEY (person) REFERENCES part.people)
	FOR VALUES IN (1);
CREATE TABLE part.doubled (LIKE part.events, other int) PARTITION BY LIST (year);
CREATE TABLE part.doubled_1 PARTITION OF part.doubled (FOREIGN KEY (person) REFERENCES part.people,
	FOREIGN KEY (other) REFERENCES part.people) FOR VALUES IN (1);
CREATE TABLE part.regional (LIKE part.events) PARTITION BY LIST (year);
CREATE TABLE part.regional_1 PARTITION OF part.regional
	(FOREIGN KEY (person) REFERENCES part.regions) FOR VALUES IN (1);
CREATE TABLE part.private (LIKE part.events) PARTITION BY LIST (year);
CREATE TABLE part.private_1 PARTITION OF part.private (FOREIGN KEY (person) REFERENCES part.people)
	FOR VALUES IN (1);

INSERT INTO part.people SELECT 'acme', n, n * 100 FROM generate_series(1, 4) AS n;
INSERT INTO part.people VALUES ('beta', 9, 1);
INSERT INTO part.places SELECT tenant, id FROM part.people;
INSERT INTO part.regions SELECT tenant, id FROM part.people;
INSERT INTO part.events SELECT 'acme', n, n % 2 + 1, n % 4 + 1, n FROM generate_series(1, 30) AS n;
INSERT INTO part.events VALUES ('beta', 99, 1, 9, 1000);
INSERT INTO part.calls SELECT tenant, id, id % 4 + 1, person, seconds, id % 2 + 1 FROM part.events;
INSERT INTO part.regional SELECT tenant, id, 1, person, seconds FROM part.events;
SELECT count(prismiq.prismiq_expose(c.oid::regclass, tenant_column => 'tenant')) AS n
FROM pg_class AS c WHERE relnamespace = 'part'::regnamespace AND relkind IN ('r', 'p')
	AND NOT relispartition \gset
GRANT SELECT ON ALL TABLES IN SCHEMA part TO app_user;
REVOKE SELECT ON part.private FROM app_user;
GRANT SELECT (tenant, id, seconds) ON part.private TO app_user;
SET search_path = oracle, prismiq, part, public;
SET ROLE app_user;

-- ---- Joined --------------------------------------------------------------------------------
SELECT same('each partition has it, from ' || t, def(t || ', ' || o, 'p.id, e.seconds sum = s'),
	$$SELECT p.id, sum(seconds) FROM events e JOIN people p ON p.id = e.person
	  WHERE e.tenant = 'acme' GROUP BY 1$$)
FROM (VALUES ('e events', 'p people'), ('p people', 'e events')) AS v (t, o);
SELECT same('rows that it repeats count once', def('p people, e events',
		'e.year, p.weight sum = w, e.* count = n'),
	$$SELECT year, (SELECT sum(weight) FROM people p WHERE p.id IN (SELECT person FROM events i
		WHERE i.year = o.year AND tenant = 'acme')), count(*) FROM events o WHERE tenant = 'acme'
	  GROUP BY 1$$);
SELECT same('partitions of partitions, keys of two columns in any order, from ' || t,
	def(t || ', ' || o, 'p.id, c.seconds sum = s'),
	$$SELECT p.id, sum(seconds) FROM calls c JOIN people p ON p.id = c.person
	  WHERE c.tenant = 'acme' GROUP BY 1$$)
FROM (VALUES ('c calls', 'p people'), ('p people', 'c calls')) AS v (t, o);
SELECT same('two tables on one', def('e events, c calls', 'e.seconds sum = e, c.seconds sum = c'),
	$$SELECT (SELECT sum(seconds) FROM events WHERE tenant = 'acme' AND person IN (SELECT person
		FROM calls)), (SELECT sum(seconds) FROM calls WHERE tenant = 'acme' AND person IN
		(SELECT person FROM events))$$);
SELECT same('to a partitioned table', def('r regions, g regional', 'r.id, g.* count = n'),
	$$SELECT person, count(*) FROM regional WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('rows that are not there', def('p people', 'p.id', filters(cond(
		'e.seconds gt', '29', '{"scope": "none"}'))) || jsonb_build_object('tables',
		'[{"id": "p", "name": "people"}, {"id": "e", "name": "events"}]'::jsonb),
	$$SELECT id FROM people WHERE tenant = 'acme' AND id NOT IN (SELECT person FROM events
	  WHERE seconds > 29)$$);
SELECT is(faults(def('o owning, p people', 'p.id, o.id')), NULL, 'its own is no second one');
SELECT is((SELECT string_agg(concat_ws(' ', r ->> 'from_table', r ->> 'from_column',
		r ->> 'to_table', r ->> 'to_column'), ', ' ORDER BY r ->> 'from_table', r ->> 'to_column')
	FROM jsonb_array_elements(prismiq_schema() -> 'relationships') AS r
	WHERE r ->> 'from_table' IN ('events', 'lacking', 'owning')),
	'events person people id, owning person people id', 'the schema lists it');

-- ---- Not joined ----------------------------------------------------------------------------
CREATE FUNCTION pg_temp.codes(t text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(split_part(f, ' ', 1), ' ')
	FROM regexp_split_to_table(oracle.faults(oracle.def('x ' || t || ', p people',
		'p.id, x.id')), E'\n') AS f
$$;
SELECT is(pg_temp.codes(t), code, t)
FROM (VALUES ('lacking', 'MISSING_JOIN'), ('straying', 'MISSING_JOIN'),
	('crossed', 'MISSING_JOIN'), ('bare', 'MISSING_JOIN'), ('doubled', 'AMBIGUOUS_JOIN'),
	('private', 'MISSING_JOIN')) AS v (t, code);

-- ---- What changes --------------------------------------------------------------------------
-- Asked often enough to be kept; each change is seen at once.
CREATE FUNCTION pg_temp.often(t text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT oracle.answer(oracle.def('x ' || t || ', p people',
		'x.* count = n, p.weight max = w')), ' ') FROM generate_series(1, 5)
$$;
SELECT is(pg_temp.often('events'), '[[30, 400]]', 'before');
RESET ROLE;
CREATE TABLE part.events_3 PARTITION OF part.events FOR VALUES IN (3);
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '22023 MISSING_JOIN', 'a partition without it comes');
RESET ROLE;
ALTER TABLE part.events_3 ADD FOREIGN KEY (person) REFERENCES part.people;
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '[[30, 400]]', 'and gets it');
RESET ROLE;
ALTER TABLE part.events_3 DROP CONSTRAINT events_3_person_fkey;
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '22023 MISSING_JOIN', 'it is dropped');
RESET ROLE;
ALTER TABLE part.events DETACH PARTITION part.events_3;
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '[[30, 400]]', 'the partition is detached');
RESET ROLE;
ALTER TABLE part.events ATTACH PARTITION part.events_3 FOR VALUES IN (3);
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '22023 MISSING_JOIN', 'and attached');
RESET ROLE;
DROP TABLE part.events_3;
ALTER TABLE part.events RENAME COLUMN person TO who;
SET ROLE app_user;
SELECT is(pg_temp.often('events'), '[[30, 400]]', 'a column has another name everywhere');
SELECT * FROM finish();
ROLLBACK;
