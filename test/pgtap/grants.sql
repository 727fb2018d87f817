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
    ('plain', 'prismiq_widget_types', 'SELECT'),
    ('app_user', 'prismiq_dashboards', 'SELECT INSERT UPDATE DELETE'), ('app_user',
        'prismiq_widgets', 'SELECT INSERT UPDATE DELETE'),
    ('app_user', 'prismiq_saved_queries', 'SELECT INSERT UPDATE DELETE'), ('app_user',
        'prismiq_schema_config', 'SELECT INSERT UPDATE DELETE'),
    ('app_user', 'prismiq_exposures', 'nothing'), ('app_user', 'prismiq_grants', 'nothing'),
        ('app_user', 'prismiq_widget_types', 'SELECT'),
    ('chief', 'prismiq_dashboards', 'SELECT INSERT UPDATE DELETE'), ('chief', 'prismiq_exposures',
        'SELECT INSERT UPDATE DELETE'),
    ('chief', 'prismiq_grants', 'nothing')) v (role, relation, privileges);
SELECT is((SELECT array_agg(column_name::text ORDER BY ordinal_position) FROM
    information_schema.columns
           WHERE table_schema = 'prismiq' AND table_name = t AND NOT
               has_column_privilege('app_user', 'prismiq.' || t, column_name, p)),
    columns::text[], format('columns that an application role does not %s in %s', p, t))
FROM (VALUES ('prismiq_dashboards', 'INSERT', NULL),
    ('prismiq_dashboards', 'UPDATE', '{tenant_id,id,created_by,created_at}'),
    ('prismiq_saved_queries', 'INSERT', NULL), ('prismiq_widgets', 'INSERT', NULL),
    ('prismiq_schema_config', 'INSERT', NULL),
    ('prismiq_saved_queries', 'UPDATE', '{tenant_id,id,created_by,created_at}'),
             ('prismiq_widgets', 'UPDATE', '{tenant_id,id,dashboard_id,created_at}'),
             ('prismiq_schema_config', 'UPDATE', '{tenant_id,created_at}')) v (t, p, columns);

-- Functions that PUBLIC may not execute

SELECT is((SELECT string_agg(DISTINCT p.proname::text, ' ' ORDER BY p.proname::text) FROM pg_proc p
           WHERE p.pronamespace = 'prismiq'::regnamespace AND p.prorettype NOT IN
               ('trigger'::regtype, 'event_trigger'::regtype)
             AND NOT has_function_privilege('plain', p.oid, 'EXECUTE') AND
                 has_function_privilege(role, p.oid, 'EXECUTE')),
    functions, 'functions beyond those of PUBLIC: ' || role)
FROM (VALUES ('plain', NULL), ('app_user', 'prismiq_set_context'),
             ('chief',
                 'prismiq_expose prismiq_expose_schema prismiq_exposed prismiq_exposure_check '
                 'prismiq_exposure_problem prismiq_hide prismiq_set_context'))
     v (role, functions);

-- Who may grant

SET ROLE chief;
SELECT throws_ok($$SELECT prismiq.prismiq_grant('plain', 'app')$$, '42501', NULL,
    'an admin of the profile may not grant');
RESET ROLE;
GRANT EXECUTE ON FUNCTION prismiq.prismiq_grant(name, text) TO chief;
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
DROP OWNED BY plain, chief, "odd role""s";
DROP ROLE plain, chief, "odd role""s";
