-- What may change in a row, version and updated_at; limits. Nothing here touches what an INSERT
-- brings, and a restore is not refused, so that it is exact.

CREATE FUNCTION prismiq_internal.is_restore(relation oid) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_is_restore';
COMMENT ON FUNCTION prismiq_internal.is_restore(oid) IS
$c$Says whether what is written to a table is to be taken as it comes.
That is so for a role that row security does not bind, and for the table's owner while
prismiq.maintenance is "on".$c$;

CREATE FUNCTION prismiq_internal.row_keep() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    kept text;
BEGIN
    FOREACH kept IN ARRAY TG_ARGV LOOP
        IF old_row -> kept IS DISTINCT FROM new_row -> kept THEN
            RAISE EXCEPTION USING ERRCODE = '42501',
                MESSAGE = format('column "%s" cannot be changed', kept);
        END IF;
    END LOOP;
    -- What a trigger notes is no change of the row.
    IF old_row -> 'filter_tables' IS DISTINCT FROM new_row -> 'filter_tables'
       AND old_row - 'filter_tables' = new_row - 'filter_tables' THEN
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.row_keep() IS
$c$Keeps what may not change in a row, counts its version up and dates it.
Its arguments are the columns that nobody changes. A version that an UPDATE brings along is not
taken.$c$;

-- Policies cannot compare old with new, so who may share and hand on is asked here.
CREATE FUNCTION prismiq_internal.dashboards_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF prismiq_internal.is_restore(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF NOT prismiq_internal.may_manage(OLD.owner_id) THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only the owner of the dashboard or an admin may share it or hand it on',
            HINT = 'An editor changes everything but owner_id, is_public, is_default, '
                   'allowed_viewers and allowed_editors.';
    END IF;
    IF NEW.owner_id IS NULL AND OLD.owner_id IS NOT NULL AND NOT prismiq_internal.is_admin() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only an admin may make a dashboard the whole tenant''s';
    END IF;
    -- Nobody but an admin chooses what somebody else sees first.
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT prismiq_internal.is_admin() THEN
        NEW.is_default := false;
    END IF;
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboards_guard() IS
$c$Lets only the owner of a dashboard and admins change who owns, sees and edits it.
One that its owner hands on is no default any more. A restore is not bound by it.$c$;

-- What cannot be run yet is not kept for a day on which it can: who stores it then is asked what
-- it may do.
CREATE FUNCTION prismiq_internal.saved_queries_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF NOT prismiq_internal.is_restore(TG_RELID) THEN
        PERFORM prismiq_internal.fault_raise(ARRAY['sql'], '"sql" is not supported yet'::text,
                                                'Write it as a definition in "query".'::text);
    END IF;
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.saved_queries_guard() IS
$c$Refuses a saved query in SQL, as the functions do; raises 22023.
A restore is not bound by it.$c$;

CREATE FUNCTION prismiq_internal.dashboards_limit() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_dashboards_limit';
COMMENT ON FUNCTION prismiq_internal.dashboards_limit() IS
$c$Holds prismiq.max_dashboards_per_user, for the user who made a dashboard; raises PT413.
Sessions of one user that add dashboards wait for each other here.$c$;

CREATE FUNCTION prismiq_internal.documents_limit() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_documents_limit';
COMMENT ON FUNCTION prismiq_internal.documents_limit() IS
$c$Holds prismiq.max_definition_bytes and prismiq.max_nesting for what is stored; raises PT413.
Its arguments are the columns that it looks at, when they are new.$c$;

CREATE FUNCTION prismiq_internal.timezone_check(timezone text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    -- What queries take for a zone: AT TIME ZONE takes abbreviations and rules as well.
    PERFORM @extschema@.prismiq_time_bucket(interval '1 day', now(),
                                            timezone_check.timezone);
END
$f$;
COMMENT ON FUNCTION prismiq_internal.timezone_check(text) IS
$c$Raises 22023 when queries know no time zone of that name.
Full names are known (pg_timezone_names), abbreviations and POSIX rules are not.$c$;

-- By a trigger for whom row security binds, not by a constraint: the zones that a server knows
-- change with its updates, and a restore must not fail for it.
CREATE FUNCTION prismiq_internal.timezone_guard() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    zone text := to_jsonb(NEW) #>> TG_ARGV;
BEGIN
    IF NOT prismiq_internal.is_restore(TG_RELID)
       AND zone IS DISTINCT FROM to_jsonb(OLD) #>> TG_ARGV THEN
        PERFORM prismiq_internal.timezone_check(zone);
    END IF;
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.timezone_guard() IS
$c$Refuses a new time zone that queries do not know; raises 22023.
Its arguments are the path to the zone in the row. A restore is not bound by it.$c$;

CREATE FUNCTION prismiq_internal.change_notify() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    PERFORM pg_notify('prismiq_changes', jsonb_build_object(
        'kind', TG_ARGV[0], 'id', changed -> 'id',
        'version', CASE WHEN TG_OP <> 'DELETE' THEN changed -> 'version' END)::text);
    RETURN NULL;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.change_notify() IS
$c$Tells who listens to prismiq_changes what was changed: {kind, id, version}, nothing else.
Its argument is the kind. The version is null when the row was deleted.$c$;
