-- What the caller may do, from its context; the policies and the functions both ask these.

CREATE FUNCTION prismiq_internal.is_admin() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT @extschema@.prismiq_user_id() IS NOT NULL
       AND coalesce(@extschema@.prismiq_roles() && ARRAY['owner', 'admin'], false);
END;
COMMENT ON FUNCTION prismiq_internal.is_admin() IS
$c$Says whether the caller is owner or admin in its tenant.
A context without a user (an API key) never is, whatever its roles.$c$;

CREATE FUNCTION prismiq_internal.is_analyst() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT @extschema@.prismiq_user_id() IS NOT NULL
       AND coalesce(@extschema@.prismiq_roles() && ARRAY['owner', 'admin', 'analyst'], false);
END;
COMMENT ON FUNCTION prismiq_internal.is_analyst() IS
$c$Says whether the caller is owner, admin or analyst in its tenant.
A context without a user (an API key) never is, whatever its roles.$c$;

CREATE FUNCTION prismiq_internal.may_create() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT @extschema@.prismiq_user_id() IS NOT NULL
       AND coalesce(prismiq_internal.is_analyst()
                    OR NOT 'viewer' = ANY (@extschema@.prismiq_roles()), true);
END;
COMMENT ON FUNCTION prismiq_internal.may_create() IS
$c$Says whether the caller may create dashboards and saved queries.
Every user of the tenant may whose only role of weight is not viewer; an API key may not.$c$;

CREATE FUNCTION prismiq_internal.may_edit(owner_id text, allowed_editors text[])
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(owner_id = @extschema@.prismiq_user_id()
                    OR @extschema@.prismiq_user_id() = ANY (allowed_editors), false)
        OR prismiq_internal.is_admin()
        OR (owner_id IS NULL AND prismiq_internal.is_analyst());
END;
COMMENT ON FUNCTION prismiq_internal.may_edit(text, text[]) IS
$c$Says whether the caller may edit a dashboard with this owner and these editors.
Its owner, its editors and admins may; a dashboard without an owner is edited by analysts and
above.$c$;

CREATE FUNCTION prismiq_internal.may_manage(owner_id text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(owner_id = @extschema@.prismiq_user_id(), false)
        OR prismiq_internal.is_admin();
END;
COMMENT ON FUNCTION prismiq_internal.may_manage(text) IS
$c$Says whether the caller may delete, share and hand on what has this owner.
Its owner and admins may.$c$;

CREATE FUNCTION prismiq_internal.endpoint_problem(function text, owner name) RETURNS text
    LANGUAGE c STRICT STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_endpoint_problem';
COMMENT ON FUNCTION prismiq_internal.endpoint_problem(text, name) IS
$c$Says why no widget can be answered by the function of that signature; null when it can.
Returns function_gone, owner_changed, or not_suitable for one that does not take one jsonb and return
one jsonb, text or bytea.$c$;
