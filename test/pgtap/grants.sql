-- Profiles: what prismiq_grant gives, and what a role without it cannot do.
\set ON_ERROR_STOP on

CREATE ROLE "odd role""s";
CREATE ROLE plain;
CREATE ROLE chief;
SELECT no_plan();

SELECT throws_ok(format('SELECT prismiq.prismiq_grant(%L, %L)', role, profile), '22023', message,
    format('%s as %s', role, profile))
FROM (VALUES ('plain', 'ap', 'there is no such profile'), ('plain', NULL,
    'there is no such profile'),
             ('nobody_there', 'app', 'there is no such role of the database'),
             (NULL, 'app', 'there is no such role of the database'),
             ('plain', 'analyst_sql', 'profile "analyst_sql" is not available in this version')) v
                 (role, profile, message);
SELECT lives_ok($$SELECT prismiq.prismiq_grant('odd role"s', 'app')$$, 'a name that needs quoting');
SELECT lives_ok($$SELECT prismiq.prismiq_grant('odd role"s', 'app')$$, 'once more');
SELECT lives_ok($$SELECT prismiq.prismiq_grant('chief', 'admin')$$, 'an admin');
SELECT is((SELECT array_agg(format('%s %s', role_name, profile) ORDER BY role_name) FROM
    prismiq.prismiq_grants
           WHERE role_name <> 'app_user'), '{"chief admin","odd role\"s app"}', 'grants are kept');

-- role x table x privilege

CREATE FUNCTION pg_temp.may(role name, relation regclass) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(p, ' ' ORDER BY n), 'nothing')
    FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) WITH
        ORDINALITY x (p, n)
    WHERE CASE WHEN p IN ('INSERT', 'UPDATE', 'REFERENCES') THEN has_any_column_privilege(role,
        relation, p)
               ELSE has_table_privilege(role, relation, p) END
$$;
SELECT is(pg_temp.may(role, ('prismiq.' || relation)::regclass), privileges, format('%s on %s',
    role, relation))
FROM (VALUES
    ('plain', 'prismiq_dashboards', 'nothing'), ('plain', 'prismiq_widgets', 'nothing'),
    ('plain', 'prismiq_saved_queries', 'nothing'), ('plain', 'prismiq_schema_config', 'nothing'),
    ('plain', 'prismiq_exposures', 'nothing'), ('plain', 'prismiq_grants', 'nothing'),
    ('plain', 'prismiq_pins', 'nothing'),
    ('app_user', 'prismiq_pins', 'SELECT INSERT UPDATE DELETE'),
    ('plain', 'prismiq_widget_types', 'SELECT'),
    ('app_user', 'prismiq_dashboards', 'SELECT INSERT UPDATE DELETE'), ('app_user',
        'prismiq_widgets', 'SELECT INSERT UPDATE DELETE'),
    ('app_user', 'prismiq_saved_queries', 'SELECT INSERT UPDATE DELETE'), ('app_user',
        'prismiq_schema_config', 'SELECT INSERT UPDATE DELETE'),
    ('app_user', 'prismiq_exposures', 'nothing'), ('app_user', 'prismiq_grants', 'nothing'),
        ('app_user', 'prismiq_widget_types', 'SELECT'),
    ('chief', 'prismiq_dashboards', 'SELECT INSERT UPDATE DELETE'), ('chief', 'prismiq_exposures',
        'SELECT INSERT UPDATE DELETE'),
    ('chief', 'prismiq_grants', 'SELECT')) v (role, relation, privileges);
SELECT is((SELECT array_agg(column_name::text ORDER BY ordinal_position) FROM
    information_schema.columns
           WHERE table_schema = 'prismiq' AND table_name = t AND NOT
               has_column_privilege('app_user', 'prismiq.' || t, column_name, p)),
    columns::text[], format('columns that an application role does not %s in %s', p, t))
FROM (VALUES ('prismiq_dashboards', 'INSERT', NULL),
    ('prismiq_dashboards', 'UPDATE', '{tenant_id,id,created_by,created_at}'),
    ('prismiq_saved_queries', 'INSERT', NULL), ('prismiq_widgets', 'INSERT', NULL),
    ('prismiq_schema_config', 'INSERT', NULL), ('prismiq_pins', 'INSERT', NULL),
    ('prismiq_pins', 'UPDATE', '{tenant_id,created_at}'),
    ('prismiq_saved_queries', 'UPDATE', '{tenant_id,id,created_by,created_at}'),
             ('prismiq_widgets', 'UPDATE', '{tenant_id,id,dashboard_id,created_at}'),
             ('prismiq_schema_config', 'UPDATE', '{tenant_id,created_at}')) v (t, p, columns);

-- Functions by profile: what the list says, and nothing more

CREATE FUNCTION pg_temp.functions_of(role name) RETURNS text[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(DISTINCT p.proname::text ORDER BY p.proname::text), '{}')
    FROM pg_proc p
    WHERE p.pronamespace IN ('prismiq'::regnamespace, 'prismiq_internal'::regnamespace)
      AND has_function_privilege(role, p.oid, 'EXECUTE')
$$;
CREATE FUNCTION pg_temp.functions_in(profiles text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(DISTINCT n ORDER BY n)
    FROM prismiq_internal.profile_functions() f, unnest(f.names) n
    WHERE f.profile = ANY (profiles)
$$;
SELECT is(pg_temp.functions_of('plain'), pg_temp.functions_in('{public}'), 'without a profile');
SELECT is(pg_temp.functions_of('app_user'), pg_temp.functions_in('{public,app}'), 'app');
SELECT is(pg_temp.functions_of('chief'), pg_temp.functions_in('{public,app,admin}'), 'admin');
SELECT is(pg_temp.functions_in('{public}'),
    '{prismiq_asset,prismiq_context,prismiq_dense,prismiq_dense_rows,'
    'prismiq_health_live,prismiq_health_ready,'
    'prismiq_json_boolean,prismiq_json_date,prismiq_json_integer,prismiq_json_number,'
    'prismiq_json_text,prismiq_json_timestamp,prismiq_json_uuid,prismiq_roles,'
    'prismiq_tenant_id,prismiq_time_bucket,prismiq_time_bucket_auto,prismiq_time_buckets,'
    'prismiq_user_id,time_bucket_last_date,time_bucket_last_session,'
    'time_bucket_last_timestamp,time_bucket_last_zone}', 'what is everybody''s');

-- Taking back

-- Everything that a role was given on what is the extension's, as text.
CREATE FUNCTION pg_temp.given(role name) RETURNS text[] LANGUAGE sql AS $$
    WITH given (place, acl) AS (
        SELECT n.nspname::text, n.nspacl FROM pg_namespace n
        WHERE n.nspname IN ('prismiq', 'prismiq_internal')
        UNION ALL
        SELECT p.oid::regprocedure::text, p.proacl FROM pg_proc p
        WHERE p.pronamespace IN ('prismiq'::regnamespace, 'prismiq_internal'::regnamespace)
        UNION ALL
        SELECT c.oid::regclass::text, c.relacl FROM pg_class c
        WHERE c.relnamespace = 'prismiq'::regnamespace
        UNION ALL
        SELECT a.attrelid::regclass || '.' || a.attname, a.attacl
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'prismiq'::regnamespace)
    SELECT coalesce(array_agg(format('%s on %s', a.privilege_type, g.place)
                              ORDER BY g.place, a.privilege_type), '{}')
    FROM given g, aclexplode(g.acl) a WHERE a.grantee = role::regrole
$$;
CREATE ROLE visitor;
CREATE ROLE double;
SELECT prismiq.prismiq_grant('visitor', 'public');
SELECT prismiq.prismiq_grant('double', 'app');
CREATE TEMP TABLE as_app AS SELECT pg_temp.given('double') AS given;
SELECT cmp_ok(cardinality(given), '>', 80, 'a profile is many privileges') FROM as_app;
SELECT is(pg_temp.given('visitor'), '{USAGE on prismiq}', 'public is the schema');
SELECT prismiq.prismiq_grant('double', 'admin');
SELECT isnt(pg_temp.given('double'), given, 'admin is more than app') FROM as_app;
SELECT lives_ok($$SELECT prismiq.prismiq_revoke('double', 'admin')$$, 'admin is taken back');
SELECT is(pg_temp.given('double'), given, 'and app is left') FROM as_app;
SELECT lives_ok($$SELECT prismiq.prismiq_revoke('double', 'admin')$$, 'once more is harmless');
SELECT prismiq.prismiq_grant('double', 'admin');
SELECT prismiq.prismiq_revoke('double', 'app');
SELECT prismiq.prismiq_revoke('double', 'admin');
SELECT is(pg_temp.given('double'), '{}', 'of both nothing is left');
SELECT prismiq.prismiq_revoke('visitor', 'public');
SELECT is(pg_temp.given('visitor'), '{}', 'nor of public');
SELECT is_empty($$SELECT FROM prismiq.prismiq_grants WHERE role_name IN ('double', 'visitor')$$,
    'and nothing is kept of them');
SELECT throws_ok(format('SELECT prismiq.prismiq_revoke(%L, %L)', role, profile), '22023', message,
    format('no revoking of %s from %s', profile, role))
FROM (VALUES ('plain', 'ap', 'there is no such profile'),
             ('nobody_there', 'app', 'there is no such role of the database'),
             (NULL, 'app', 'there is no such role of the database')) v (role, profile, message);
SELECT prismiq.prismiq_grant('visitor', 'app');
DROP OWNED BY visitor;
DROP ROLE visitor;
SELECT lives_ok($$SELECT prismiq.prismiq_revoke('visitor', 'app')$$, 'a role that is gone');
SELECT is_empty($$SELECT FROM prismiq.prismiq_grants WHERE role_name = 'visitor'$$,
    'is forgotten');

-- An upgrade gives what is new, and nothing back that was taken

SELECT prismiq.prismiq_grant('double', 'app');
SELECT is(prismiq.prismiq_upgrade(), 0, 'without anything new nothing is given');
REVOKE EXECUTE ON FUNCTION prismiq.prismiq_query_csv(jsonb, jsonb) FROM double;
REVOKE DELETE ON prismiq.prismiq_dashboards FROM double;
SELECT is(prismiq.prismiq_upgrade(), 0, 'nor what was taken by hand');
SELECT is(has_function_privilege('double', 'prismiq.prismiq_query_csv(jsonb, jsonb)', 'EXECUTE')
          OR has_table_privilege('double', 'prismiq.prismiq_dashboards', 'DELETE'), false,
    'which stays taken');
REVOKE EXECUTE ON FUNCTION prismiq.prismiq_explain(jsonb, jsonb) FROM double;
UPDATE prismiq.prismiq_grants
SET privileges = array_remove(privileges,
                              'EXECUTE ON FUNCTION prismiq.prismiq_explain(jsonb,jsonb)')
WHERE role_name = 'double';
SELECT is(prismiq.prismiq_upgrade(), 1, 'what the version before did not give is given');
SELECT ok(has_function_privilege('double', 'prismiq.prismiq_explain(jsonb, jsonb)', 'EXECUTE'),
    'to who has the profile');
SELECT is(prismiq.prismiq_upgrade(), 0, 'once');
SELECT prismiq.prismiq_grant('double', 'app');
SELECT is(pg_temp.given('double'), given, 'granting again gives everything back') FROM as_app;
SELECT prismiq.prismiq_revoke('double', 'app');

-- Who may grant

SET ROLE chief;
SELECT throws_ok($$SELECT prismiq.prismiq_grant('plain', 'app')$$, '42501', NULL,
    'an admin of the profile may not grant');
SELECT throws_ok($$SELECT prismiq.prismiq_revoke('app_user', 'app')$$, '42501', NULL,
    'nor revoke');
SELECT throws_ok('SELECT prismiq.prismiq_upgrade()', '42501', NULL, 'nor finish an upgrade');
RESET ROLE;
GRANT EXECUTE ON FUNCTION prismiq.prismiq_grant(name, text), prismiq_internal.owner_check(),
    prismiq_internal.profile_check(name, text) TO chief;
SET ROLE chief;
SELECT throws_ok($$SELECT prismiq.prismiq_grant('plain', 'app')$$, '42501',
    'only the owner of the extension may grant its profiles', 'not even with EXECUTE');
RESET ROLE;

-- A role without any profile

SET ROLE plain;
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_list()', '42501', NULL,
    'without a profile there is nothing');
RESET ROLE;
GRANT USAGE ON SCHEMA prismiq TO plain;
SET ROLE plain;
SET prismiq.tenant_id = 'acme';
SELECT throws_ok('SELECT prismiq.prismiq_dashboard_list()', '42501', NULL,
    'nor with the schema alone');
SELECT throws_ok($$SELECT prismiq.prismiq_set_context('acme')$$, '42501', NULL,
    'set_context is not for PUBLIC');
RESET ROLE;

SELECT finish();
DROP OWNED BY plain, chief, double, "odd role""s";
DROP ROLE plain, chief, double, "odd role""s";
