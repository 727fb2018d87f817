-- Rows without a key are told apart by a number that they get as they are read. A join may read
-- them again and again, by several workers, who bring them in an order of their own each time.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA numbered;
SET LOCAL search_path = numbered;
CREATE TABLE many (tenant text NOT NULL, k int NOT NULL, x numeric NOT NULL);
INSERT INTO many SELECT 'acme', i % 10, i FROM generate_series(1, 4000) AS i;
CREATE VIEW many_seen AS SELECT tenant, k, x FROM many;
CREATE TABLE few (tenant text NOT NULL, k int NOT NULL, y int NOT NULL);
INSERT INTO few SELECT 'acme', i % 10, i FROM generate_series(1, 20) AS i;
ALTER TABLE few SET (parallel_workers = 0);
ANALYZE many, few;
GRANT USAGE ON SCHEMA numbered TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA numbered TO app_user;
\o /dev/null
SELECT prismiq.prismiq_expose('many_seen', tenant_column => 'tenant');
SELECT prismiq.prismiq_expose('few', tenant_column => 'tenant');
\o
SET LOCAL search_path = oracle, prismiq, numbered, public;
SET LOCAL ROLE app_user;

CREATE FUNCTION pg_temp.medians() RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('f few, m many_seen', 'f.y median, m.x median', joins => 'f.k = m.k')
$$;

SELECT alike(prismiq_compile(pg_temp.medians()) ->> 'sql', '%row_number() OVER ()%',
	'rows of a view are numbered');

SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_material = off;

SELECT same('each once, however often they are read', pg_temp.medians(),
	$$SELECT (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY y) FROM few),
		(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM many)$$);

SELECT is(count(DISTINCT answer(pg_temp.medians())), 1::bigint, 'the same each time')
FROM generate_series(1, 20);

SELECT * FROM finish();
