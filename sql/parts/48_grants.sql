-- What a role of the database needs, by profile; the grants are kept as data for later versions.

CREATE TABLE @extschema@.prismiq_grants (
    role_name  name NOT NULL,
    profile    text NOT NULL CHECK (profile IN ('app', 'analyst_sql', 'admin')),
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (role_name, profile)
);
COMMENT ON TABLE @extschema@.prismiq_grants IS
$c$Which role was granted which profile by prismiq_grant(); an upgrade applies them again.$c$;
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_grants', '');

CREATE FUNCTION @extschema@.prismiq_grant(role_name name, profile text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    profiles CONSTANT text[] := ARRAY['app', 'analyst_sql', 'admin'];
    -- Functions that PUBLIC may not execute, by the profile that may.
    app_functions CONSTANT text[] := ARRAY['prismiq_set_context'];
    admin_functions CONSTANT text[] := ARRAY[
        'prismiq_expose', 'prismiq_expose_schema', 'prismiq_hide', 'prismiq_exposed',
        'prismiq_exposure_check', 'prismiq_exposure_problem'];
    home oid;
    owner oid;
    wanted text[];
    called regprocedure;
BEGIN
    SELECT x.extnamespace, x.extowner INTO home, owner
    FROM pg_extension x WHERE x.extname = 'prismiq';
    IF NOT pg_has_role(owner, 'USAGE') THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only the owner of the extension may grant its profiles';
    END IF;
    IF prismiq_grant.profile IS NULL OR prismiq_grant.profile <> ALL (profiles) THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['profile'], 'there is no such profile'::text,
            coalesce(@extschema@.prismiq_name_suggest(prismiq_grant.profile, profiles),
                     'The profiles are app and admin.'));
    END IF;
    IF prismiq_grant.profile = 'analyst_sql' THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['profile'], 'profile "analyst_sql" is not available in this version'::text,
            'It is for custom SQL, which this version does not have.'::text);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = prismiq_grant.role_name) THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['role_name'], 'there is no such role of the database'::text, NULL::text);
    END IF;

    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', home::regnamespace, prismiq_grant.role_name);
    PERFORM @extschema@.prismiq_grant_tables(prismiq_grant.role_name);
    wanted := app_functions;
    IF prismiq_grant.profile = 'admin' THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s.prismiq_exposures TO %I',
                       home::regnamespace, prismiq_grant.role_name);
        wanted := wanted || admin_functions;
    END IF;
    FOR called IN SELECT p.oid::regprocedure FROM pg_proc p
                  WHERE p.pronamespace = home AND p.proname = ANY (wanted) LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', called, prismiq_grant.role_name);
    END LOOP;

    INSERT INTO @extschema@.prismiq_grants (role_name, profile)
    VALUES (prismiq_grant.role_name, prismiq_grant.profile)
    ON CONFLICT (role_name, profile) DO NOTHING;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_grant(name, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_grant(name, text) IS
$c$Gives a role of the database what it needs to use the extension.
Profile "app": the schema, the tables under their row security, and prismiq_set_context (such a
role is trusted to say for which tenant it acts). Profile "admin": that, exposing relations that
the role owns, and plans and estimates. Granting again is harmless.
Errors: 42501 unless the caller owns the extension; 22023 for a role or profile that does not
exist.
Example: SELECT prismiq_grant('web_user', 'app');$c$;

CREATE FUNCTION @extschema@.prismiq_grant_tables(role_name name) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    -- What nobody changes. What nobody sets on an INSERT is in the policies, which let a DEFAULT
    -- through where a privilege would not.
    kept CONSTANT text[] := ARRAY['tenant_id', 'id', 'dashboard_id', 'created_by', 'created_at'];
    home oid := (SELECT x.extnamespace FROM pg_extension x WHERE x.extname = 'prismiq');
    target regclass;
    updatable text;
BEGIN
    FOR target IN
        SELECT c.oid::regclass FROM pg_class c
        WHERE c.relnamespace = home
          AND c.relname IN ('prismiq_dashboards', 'prismiq_widgets', 'prismiq_saved_queries',
                            'prismiq_schema_config')
    LOOP
        SELECT string_agg(quote_ident(a.attname), ', ') INTO updatable
        FROM pg_attribute a
        WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attname <> ALL (kept);
        EXECUTE format('GRANT SELECT, INSERT, DELETE, UPDATE (%s) ON %s TO %I',
                       updatable, target, role_name);
    END LOOP;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_grant_tables(name) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_grant_tables(name) IS
$c$Grants a role the tenants' tables, but for changing the columns that nobody changes.
Part of prismiq_grant(). Row security decides about the rows.$c$;
