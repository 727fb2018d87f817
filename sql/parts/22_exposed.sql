-- Taking exposures back, and listing them.

CREATE FUNCTION @extschema@.prismiq_hide(relation regclass) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
BEGIN
    PERFORM prismiq_internal.exposure_check(prismiq_hide.relation, NULL::name, NULL::name);
    DELETE FROM @extschema@.prismiq_exposures e
    USING pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = prismiq_hide.relation
      AND e.schema_name = n.nspname AND e.relation_name = c.relname;
    RETURN FOUND;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_hide(regclass) IS
$c$Takes a relation back: nobody can query it through the extension any more.
Returns whether it was exposed. Errors: 42501 unless the caller owns the relation or is a
superuser.
Example: SELECT prismiq_hide('orders');$c$;

CREATE FUNCTION prismiq_internal.exposure_unread(
    schema_name name, relation_name name, tenant_column name)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT EXISTS (SELECT FROM @extschema@.prismiq_grants)
       AND NOT EXISTS (
           SELECT FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_roles r ON NOT r.rolsuper
            AND has_schema_privilege(r.oid, n.oid, 'USAGE')
            AND has_any_column_privilege(r.oid, c.oid, 'SELECT')
            AND (exposure_unread.tenant_column IS NULL
                 OR has_column_privilege(r.oid, c.oid, exposure_unread.tenant_column, 'SELECT'))
           JOIN pg_roles granted ON pg_has_role(r.oid, granted.oid, 'USAGE')
           JOIN @extschema@.prismiq_grants g ON g.role_name = granted.rolname
           WHERE n.nspname = exposure_unread.schema_name
             AND c.relname = exposure_unread.relation_name)
$f$;
COMMENT ON FUNCTION prismiq_internal.exposure_unread(name, name, name) IS
$c$Says whether no role that was granted a profile may read a relation and its tenant column.
Roles that are members of such a role count; false as long as nothing was granted to anybody.$c$;

CREATE FUNCTION @extschema@.prismiq_exposed() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'relation', quote_ident(e.schema_name) || '.' || quote_ident(e.relation_name),
               'tenant_column', e.tenant_column, 'time_column', e.time_column,
               'shared', e.shared, 'tenant', e.tenant,
               'problem', CASE
                   WHEN p.problem IS NOT NULL THEN p.problem
                   WHEN prismiq_internal.exposure_unread(
                            e.schema_name, e.relation_name, e.tenant_column) THEN 'not_readable'
               END)
               ORDER BY e.schema_name, e.relation_name), '[]'::jsonb)
    FROM @extschema@.prismiq_exposures e,
         prismiq_internal.exposure_problem(e.schema_name, e.relation_name) AS p (problem)
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_exposed() IS
$c$Lists what is exposed: to the owner of the extension all of it, to others what they own.
Returns [{relation, tenant_column, time_column, shared, tenant, problem}], relation with its
schema. problem says why nobody finds the relation, or is null: "relation_gone" (there is none of
the name, or it is not the one that was exposed), "tenant_column_gone", "tenant_type" (two tenants
could be one in the tenant column), "not_readable" (no role with a profile may read it and its
tenant column: GRANT SELECT is missing).
Example: SELECT prismiq_exposed();$c$;
