-- Exposures are kept by name. They follow their relations when these are renamed or moved, end with
-- them, and never come to be those of another relation that takes the name; whoever does it.
\set ON_ERROR_STOP on
SET client_min_messages = error;

CREATE ROLE names_owner;
CREATE ROLE names_dba;
GRANT USAGE ON SCHEMA prismiq TO names_dba;
SELECT prismiq.prismiq_grant('names_dba', 'admin') \gset
GRANT CREATE ON DATABASE :DBNAME TO names_owner, names_dba;
CREATE SCHEMA one AUTHORIZATION names_owner;
CREATE SCHEMA two AUTHORIZATION names_owner;
GRANT USAGE ON SCHEMA one, two TO app_user;
GRANT ALL ON SCHEMA one TO names_dba;
ALTER DEFAULT PRIVILEGES FOR ROLE names_owner, names_dba, postgres
    GRANT SELECT ON TABLES TO app_user;

SET ROLE names_owner;
CREATE TABLE one.t (tenant text, v text);
INSERT INTO one.t VALUES ('acme', 'of acme'), ('evil', 'of evil');
CREATE TABLE one.other (tenant text, v text);
INSERT INTO one.other VALUES ('acme', 'other');
CREATE VIEW one.v AS SELECT * FROM one.t;
CREATE MATERIALIZED VIEW one.m AS SELECT * FROM one.t;
RESET ROLE;
SELECT prismiq.prismiq_expose(('one.' || r)::regclass, 'tenant')
FROM unnest('{t,v,m}'::text[]) r \g /dev/null

-- What tenant acme gets of a table, by its name with a schema.
CREATE FUNCTION pg_temp.seen(schema_name text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    caller name := current_user;
    result text;
BEGIN
    SET LOCAL ROLE app_user;
    PERFORM set_config('prismiq.tenant_id', 'acme', true);
    BEGIN
        result := prismiq.prismiq_query(jsonb_build_object(
            'tables', jsonb_build_array(jsonb_build_object('id', 't', 'name', name,
                                                           'schema', schema_name)),
            'columns', '[{"table_id": "t", "column": "v"}]'::jsonb))::jsonb ->> 'rows';
    EXCEPTION WHEN OTHERS THEN
        result := regexp_replace(sqlerrm, 'table ".*" not found', 'not found');
    END;
    PERFORM set_config('role', CASE WHEN caller = session_user THEN 'none' ELSE caller END, true);
    RETURN result;
END
$$;
-- All exposures of the two schemas, with their problems.
CREATE FUNCTION pg_temp.exposures() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(': ', e ->> 'relation', e ->> 'problem'), ', '
                      ORDER BY e ->> 'relation' COLLATE "C")
    FROM jsonb_array_elements(prismiq.prismiq_exposed()) e WHERE e ->> 'relation' !~ '^public'
$$;
-- A change, by the owner of the relations, and what there is afterwards.
CREATE FUNCTION pg_temp.after(change text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE names_owner;
    EXECUTE change;
    RESET ROLE;
    SET LOCAL search_path = public;
    RETURN pg_temp.exposures();
END
$$;

SELECT no_plan();
SELECT is(pg_temp.exposures(), 'one.m, one.t, one.v', 'exposed');
SELECT is(pg_temp.seen('one', r), '[["of acme"]]', 'seen: ' || r) FROM unnest('{t,v,m}'::text[]) r;

-- ---- Renamed -----------------------------------------------------------------------
SELECT is(pg_temp.after('ALTER TABLE one.t RENAME TO t2'), 'one.m, one.t2, one.v', 'a table');
SELECT is(pg_temp.after('ALTER VIEW one.v RENAME TO "V 2"'), 'one."V 2", one.m, one.t2', 'a view');
SELECT is(pg_temp.after('ALTER MATERIALIZED VIEW one.m RENAME TO m2'), 'one."V 2", one.m2, one.t2',
    'a materialized view');
SELECT is(pg_temp.seen('one', r), '[["of acme"]]', 'seen: ' || r)
FROM unnest('{t2,V 2,m2}'::text[]) r;
SELECT is(pg_temp.seen('one', r), 'not found', 'not seen: ' || r) FROM unnest('{t,v,m}'::text[]) r;
SELECT is(pg_temp.after('ALTER INDEX one.t2 RENAME TO t'), 'one."V 2", one.m2, one.t',
    'a table by ALTER INDEX');
SELECT is(pg_temp.after('ALTER TABLE one."V 2" RENAME TO v'), 'one.m2, one.t, one.v',
    'a view by ALTER TABLE');
SELECT is(pg_temp.after('ALTER TABLE one.m2 RENAME TO m'), 'one.m, one.t, one.v',
    'a materialized view by ALTER TABLE');
SELECT is(pg_temp.after('ALTER TABLE one.t SET SCHEMA two'), 'one.m, one.v, two.t', 'moved');
SELECT is(pg_temp.after('ALTER VIEW one.v SET SCHEMA two'), 'one.m, two.t, two.v', 'a view too');
SELECT is(pg_temp.after('ALTER SCHEMA two RENAME TO three'), 'one.m, three.t, three.v',
    'a schema renamed');
SELECT is(pg_temp.seen('three', r), '[["of acme"]]', 'seen: ' || r) FROM unnest('{t,v}'::text[]) r;
SELECT is(pg_temp.after('ALTER SCHEMA three RENAME TO two'), 'one.m, two.t, two.v', 'and back');
SELECT is(pg_temp.after('SET LOCAL search_path = two; ALTER TABLE t SET SCHEMA one'),
    'one.m, one.t, two.v', 'a name without its schema');
SELECT is(pg_temp.after('ALTER TABLE one.t RENAME COLUMN v TO w; ALTER TABLE one.t RENAME w TO v;
    ALTER TABLE one.t ADD x int; ALTER TABLE one.t DROP x;
    ALTER TABLE one.t ADD CONSTRAINT c CHECK (true); ALTER TABLE one.t RENAME CONSTRAINT c TO d'),
    'one.m, one.t, two.v', 'what renames no relation');

-- ---- Names that others take ----------------------------------------------------------
SELECT is(pg_temp.after('ALTER TABLE one.t RENAME TO kept; ALTER TABLE one.other RENAME TO t'),
    'one.kept, one.m, two.v', 'another table takes the name');
SELECT is(pg_temp.seen('one', 't'), 'not found', 'and is not exposed by that');
SELECT is(pg_temp.after('ALTER TABLE one.t RENAME TO other; ALTER TABLE one.kept RENAME TO t'),
    'one.m, one.t, two.v', 'back');
SELECT is(pg_temp.after('CREATE TABLE one.x (tenant text, v text); INSERT INTO one.x VALUES
    (''acme'', ''x'')'), 'one.m, one.t, two.v', 'one more table');
SELECT prismiq.prismiq_expose('one.x', 'tenant') \gset
SELECT is(pg_temp.after('ALTER TABLE one.t RENAME TO tmp; ALTER TABLE one.x RENAME TO t;
    ALTER TABLE one.tmp RENAME TO x'), 'one.m, one.t, one.x, two.v', 'two change their names');
SELECT is(pg_temp.seen('one', 't'), '[["x"]]', 'seen under the new one');
SELECT is(pg_temp.seen('one', 'x'), '[["of acme"]]', 'and the other');
SELECT is(pg_temp.after('DROP TABLE one.t; CREATE TABLE one.t (tenant text, v text);
    INSERT INTO one.t VALUES (''acme'', ''new'')'), 'one.m, one.x, two.v', 'dropped and made anew');
SELECT is(pg_temp.seen('one', 't'), 'not found', 'is not exposed');
SELECT is(pg_temp.after('CREATE OR REPLACE VIEW two.v AS SELECT * FROM one.x'),
    'one.m, one.x, two.v', 'a view replaced stays exposed');
SELECT is(pg_temp.seen('two', 'v'), '[["of acme"]]', 'and is seen');

-- Not heard of: as a server that fires no event triggers would leave it.
ALTER EVENT TRIGGER prismiq_exposures_follow DISABLE;
ALTER EVENT TRIGGER prismiq_exposures_forget DISABLE;
SELECT is(pg_temp.after('ALTER TABLE one.x RENAME TO gone; ALTER TABLE one.t RENAME TO x;
    DROP MATERIALIZED VIEW one.m; CREATE TABLE one.m (tenant text, v text)'),
    'one.m: relation_gone, one.x: relation_gone, two.v',
    'without event triggers');
ALTER EVENT TRIGGER prismiq_exposures_follow ENABLE ALWAYS;
ALTER EVENT TRIGGER prismiq_exposures_forget ENABLE ALWAYS;
SELECT is(pg_temp.seen('one', r), 'not found', 'not seen: ' || r)
FROM unnest('{x,m,gone}'::text[]) r;
SELECT prismiq.prismiq_expose('one.x', 'tenant') \gset
SELECT is(pg_temp.seen('one', 'x'), '[["new"]]', 'exposed again');
DELETE FROM prismiq.prismiq_exposures WHERE schema_name = 'one';
SELECT is(pg_temp.exposures(), 'two.v', 'taken back by hand');
SELECT is_empty($$SELECT schema_name, relation_name FROM prismiq.prismiq_exposed_relations
    EXCEPT SELECT schema_name, relation_name FROM prismiq.prismiq_exposures$$, 'numbers too');

-- ---- Rows that come before their relations -------------------------------------------
INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name, tenant_column)
SELECT 'one', r, 'tenant' FROM unnest('{late,later,latest,made,taken}'::text[]) r;
SELECT matches(pg_temp.exposures(), '^one.late: relation_gone, one.later: ',
    'they are told as a problem');
SELECT matches(pg_temp.after('CREATE TABLE one.late AS SELECT ''acme'' AS tenant, ''late'' AS v'),
    '^one.late: relation_gone',
    'who may not expose what it creates does not by chance');
SELECT is(pg_temp.seen('one', 'late'), 'not found', 'nor does anybody see it');
CREATE MATERIALIZED VIEW one.later AS SELECT 'acme' AS tenant, 'later' AS v;
SELECT is(pg_temp.seen('one', 'later'), '[["later"]]', 'a superuser creates the relation');
SET ROLE names_dba;
CREATE VIEW one.latest AS SELECT 'acme' AS tenant, 'latest' AS v;
SELECT is(pg_temp.seen('one', 'latest'), '[["latest"]]', 'a role that may expose what it owns');
RESET ROLE;
SELECT is(pg_temp.after('CREATE TABLE one.alien (tenant text, v text);
    ALTER TABLE one.alien RENAME TO taken'),
    'one.late: relation_gone, one.later, one.latest, one.made: relation_gone, two.v',
    'a relation renamed to the name ends what waited for it');
CREATE TEMP TABLE made (tenant text, v text);
CREATE SCHEMA AUTHORIZATION names_dba CREATE TABLE within (tenant text, v text);
CREATE TABLE one.made (tenant text, v text);
SELECT is(pg_temp.exposures(),
    'one.late: relation_gone, one.later, one.latest, one.made, two.v', 'the right one is taken');

-- Rows that came without any trigger, as a restore of data alone may do it.
ALTER TABLE prismiq.prismiq_exposures DISABLE TRIGGER ALL;
DELETE FROM prismiq.prismiq_exposures WHERE relation_name = 'made';
INSERT INTO prismiq.prismiq_exposures (schema_name, relation_name, tenant_column)
VALUES ('one', 'taken', 'tenant');
ALTER TABLE prismiq.prismiq_exposures ENABLE TRIGGER ALL;
SELECT matches(pg_temp.exposures(), 'one.latest, one.taken, two.v',
    'triggers disabled and enabled');
SELECT is(count(*), 0::bigint, 'nothing is left of what went')
FROM prismiq.prismiq_exposed_relations WHERE relation_name = 'made';
TRUNCATE prismiq.prismiq_exposures;
SELECT is(count(*), 0::bigint, 'and of what was emptied') FROM prismiq.prismiq_exposed_relations;

-- ---- Undone --------------------------------------------------------------------------
SELECT prismiq.prismiq_expose('two.v', 'tenant') \gset
BEGIN;
ALTER VIEW two.v RENAME TO w;
SELECT is(pg_temp.seen('two', 'w'), '[["of acme"]]', 'renamed in a transaction');
SAVEPOINT s;
DROP VIEW two.w;
SELECT is(pg_temp.exposures(), NULL, 'dropped in it');
ROLLBACK TO s;
SELECT is(pg_temp.seen('two', 'w'), '[["of acme"]]', 'not dropped after all');
ROLLBACK;
SELECT is(pg_temp.seen('two', 'v'), '[["of acme"]]', 'nor renamed');

-- ---- Tables of exposures that their owner has changed -----------------------------------
BEGIN;
ALTER TABLE prismiq.prismiq_exposures ADD COLUMN extra int;
SELECT is(pg_temp.seen('two', 'v'), '[["of acme"]]', 'one more column');
SELECT throws_ok($$ ALTER TABLE prismiq.prismiq_exposures DROP COLUMN tenant $$, '42P16',
    'table "prismiq_exposures" of extension "prismiq" lacks its column "tenant"', 'one less');
ALTER TABLE prismiq.prismiq_exposures RENAME COLUMN tenant TO was;
ALTER TABLE prismiq.prismiq_exposures RENAME COLUMN created_at TO tenant;
SELECT throws_ok($$ ALTER VIEW two.v RENAME TO w $$, '42P16',
    'table "prismiq_exposures" of extension "prismiq" lacks its column "tenant"',
    'a column of another type is not read as if it were ours');
SELECT is(pg_temp.seen('two', 'v'), 'table "prismiq_exposures" of extension "prismiq" lacks its '
    'column "tenant"', 'nor by a query');
ROLLBACK;
BEGIN;
CREATE INDEX ON prismiq.prismiq_exposures (length(relation_name::text));
SELECT throws_ok($$ ALTER VIEW two.v RENAME TO w $$, '42P16',
    'table "prismiq_exposures" of extension "prismiq" has an index that it was not made with',
    'no index has an expression run by who renames');
ROLLBACK;
BEGIN;
ALTER TABLE prismiq.prismiq_exposed_relations ADD COLUMN extra int NOT NULL DEFAULT 1;
SELECT throws_ok($$ ALTER VIEW two.v RENAME TO w $$, '42P16',
    'table "prismiq_exposed_relations" of extension "prismiq" has a column that it was not made '
    'with', 'no row is made that lacks what it has to have');
ROLLBACK;
SELECT is(pg_temp.seen('two', 'v'), '[["of acme"]]', 'as it was');

-- Not by hand.
SELECT throws_ok(format('CREATE TRIGGER x AFTER INSERT ON one.taken FOR EACH ROW EXECUTE FUNCTION
    prismiq_internal.%s()', f), '42P17', NULL, 'no trigger of ours: ' || f)
FROM unnest('{exposures_forget,exposures_follow,schemas_stay}'::text[]) f;
SELECT throws_ok($$ CREATE TRIGGER x AFTER INSERT ON one.taken FOR EACH ROW EXECUTE FUNCTION
    prismiq_internal.exposures_trigger(); INSERT INTO one.taken VALUES ('acme', 'x') $$, '42P16',
    NULL, 'nor on another table');
SELECT * FROM finish();

DROP SCHEMA one, two, names_dba CASCADE;
DROP OWNED BY names_owner, names_dba;
DROP ROLE names_owner, names_dba;
