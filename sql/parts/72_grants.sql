-- Giving profiles to roles and taking them back.

CREATE FUNCTION prismiq_internal.profile_check(role_name name, profile text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    profiles CONSTANT text[] := '{public, app, analyst_sql, admin}';
BEGIN
    PERFORM prismiq_internal.owner_check();
    IF profile_check.profile IS NULL OR profile_check.profile <> ALL (profiles) THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['profile'], 'there is no such profile'::text,
            coalesce(prismiq_internal.name_suggest(profile_check.profile, profiles),
                     'The profiles are public, app and admin.'));
    END IF;
    IF profile_check.profile = 'analyst_sql' THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['profile'], 'profile "analyst_sql" is not available in this version'::text,
            'It is for custom SQL, which this version does not have.'::text);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = profile_check.role_name) THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['role_name'], 'there is no such role of the database'::text, NULL::text);
    END IF;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.profile_check(name, text) IS
$c$Raises what is wrong with a role and a profile that is to be given to it or taken from it.$c$;

CREATE FUNCTION prismiq_internal.owner_check() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension x
                   WHERE x.extname = 'prismiq' AND pg_has_role(x.extowner, 'USAGE')) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only the owner of the extension may grant its profiles';
    END IF;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.owner_check() IS
$c$Raises 42501 unless the caller owns the extension.$c$;

CREATE FUNCTION prismiq_internal.is_owner(role_name name) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT EXISTS (SELECT FROM pg_extension x JOIN pg_roles r ON r.oid = x.extowner
                   WHERE x.extname = 'prismiq' AND r.rolname = is_owner.role_name)
$f$;
COMMENT ON FUNCTION prismiq_internal.is_owner(name) IS
$c$Says whether a role owns the extension: it has all privileges, and is neither given nor taken
any.$c$;

CREATE FUNCTION @extschema@.prismiq_grant(role_name name, profile text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    wanted text[];
    privilege text;
BEGIN
    PERFORM prismiq_internal.profile_check(prismiq_grant.role_name, prismiq_grant.profile);
    wanted := ARRAY(SELECT prismiq_internal.profile_privileges(prismiq_grant.profile));
    FOREACH privilege IN ARRAY wanted LOOP
        EXIT WHEN prismiq_internal.is_owner(prismiq_grant.role_name);
        EXECUTE format('GRANT %s TO %I', privilege, prismiq_grant.role_name);
    END LOOP;
    INSERT INTO @extschema@.prismiq_grants AS g (role_name, profile, privileges)
    VALUES (prismiq_grant.role_name, prismiq_grant.profile, wanted)
    ON CONFLICT (role_name, profile) DO UPDATE SET privileges = EXCLUDED.privileges;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_grant(name, text) IS
$c$Gives a role of the database what it needs to use the extension.
Profile "public": the schema, for what an anonymous visitor may call. Profile "app": that, all
functions of tenants, their tables under row security, and prismiq_set_context (such a role is
trusted to say for which tenant it acts). Profile "admin": that, exposing relations that the role
owns, and plans and estimates. Granting again gives back what was taken by hand.
Errors: 42501 unless the caller owns the extension; 22023 for a role or profile that does not
exist.
Example: SELECT prismiq_grant('web_user', 'app');$c$;

CREATE FUNCTION @extschema@.prismiq_revoke(role_name name, profile text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    kept text[];
    privilege text;
BEGIN
    PERFORM prismiq_internal.owner_check();
    -- A role that is gone has its privileges no more; the number is free for another one.
    IF EXISTS (SELECT FROM @extschema@.prismiq_grants
               WHERE role_name = prismiq_revoke.role_name AND profile = prismiq_revoke.profile)
       AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = prismiq_revoke.role_name) THEN
        DELETE FROM @extschema@.prismiq_grants
        WHERE role_name = prismiq_revoke.role_name AND profile = prismiq_revoke.profile;
        RETURN;
    END IF;
    PERFORM prismiq_internal.profile_check(prismiq_revoke.role_name, prismiq_revoke.profile);
    DELETE FROM @extschema@.prismiq_grants
    WHERE role_name = prismiq_revoke.role_name AND profile = prismiq_revoke.profile;
    kept := ARRAY(SELECT prismiq_internal.profile_privileges(g.profile)
                  FROM @extschema@.prismiq_grants g
                  WHERE g.role_name = prismiq_revoke.role_name);
    FOR privilege IN
        SELECT p FROM prismiq_internal.profile_privileges(prismiq_revoke.profile) p
        WHERE p <> ALL (kept) AND NOT prismiq_internal.is_owner(prismiq_revoke.role_name)
    LOOP
        EXECUTE format('REVOKE %s FROM %I', privilege, prismiq_revoke.role_name);
    END LOOP;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_revoke(name, text) IS
$c$Takes back what prismiq_grant gave a role, but for what another of its profiles gives.
Harmless where the role does not have the profile. A role that was dropped is forgotten.
Errors: 42501 unless the caller owns the extension; 22023 for a role or profile that does not
exist.
Example: SELECT prismiq_revoke('web_user', 'app');$c$;

CREATE FUNCTION @extschema@.prismiq_upgrade() RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    granted record;
    privilege text;
    given integer := 0;
BEGIN
    PERFORM prismiq_internal.owner_check();
    FOR granted IN
        SELECT g.role_name, g.profile, g.privileges,
               ARRAY(SELECT prismiq_internal.profile_privileges(g.profile)) AS wanted
        FROM @extschema@.prismiq_grants g
        JOIN pg_roles r ON r.rolname = g.role_name
        WHERE NOT prismiq_internal.is_owner(g.role_name)
        ORDER BY g.role_name, g.profile
    LOOP
        FOREACH privilege IN ARRAY granted.wanted LOOP
            IF privilege <> ALL (granted.privileges) THEN
                EXECUTE format('GRANT %s TO %I', privilege, granted.role_name);
                given := given + 1;
            END IF;
        END LOOP;
        UPDATE @extschema@.prismiq_grants
        SET privileges = granted.wanted
        WHERE role_name = granted.role_name AND profile = granted.profile
          AND privileges <> granted.wanted;
    END LOOP;
    RETURN given;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_upgrade() IS
$c$Finishes an upgrade: gives roles with a profile what a new version adds to it.
To be called by the owner of the extension after ALTER EXTENSION prismiq UPDATE, which changes no
rows and grants nothing. What was taken from a role by hand is not given back. Returns how many
privileges were given; calling it again is harmless.
Errors: 42501 unless the caller owns the extension.
Example: SELECT prismiq_upgrade();$c$;
