-- The life of exposures: whole schemas, taking back, listing, and the end with the relation.

CREATE FUNCTION @extschema@.prismiq_exposure_problem(schema_name name, relation_name name)
    RETURNS text
    LANGUAGE c STRICT STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_exposure_problem';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposure_problem(name, name) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposure_problem(name, name) IS
$c$Says why the relation of that name cannot be found by any tenant, though exposed.
Null when there is nothing in the way.$c$;

CREATE FUNCTION @extschema@.prismiq_expose_schema(schema_name name, tenant_column name)
    RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    found_relation regclass;
    exposed integer := 0;
BEGIN
    IF prismiq_expose_schema.tenant_column IS NULL THEN
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['tenant_column'], 'tenant_column is required'::text, NULL::text);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_namespace n
                   WHERE n.nspname = prismiq_expose_schema.schema_name) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'schema not found';
    END IF;
    FOR found_relation IN
        SELECT c.oid::regclass
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = prismiq_expose_schema.schema_name
          AND a.attname = prismiq_expose_schema.tenant_column
          AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND c.relpersistence <> 't'
          AND pg_has_role(c.relowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
          AND NOT EXISTS (SELECT FROM @extschema@.prismiq_exposures e
                          WHERE e.schema_name = n.nspname AND e.relation_name = c.relname
                            AND @extschema@.prismiq_exposure_problem(
                                    e.schema_name, e.relation_name) IS NULL)
        ORDER BY c.relname
    LOOP
        PERFORM @extschema@.prismiq_expose(
            found_relation, prismiq_expose_schema.tenant_column, NULL::name, false, NULL::text);
        exposed := exposed + 1;
    END LOOP;
    RETURN exposed;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_expose_schema(name, name) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_expose_schema(name, name) IS
$c$Makes every relation of a schema queryable that has the tenant column.
Takes tables, partitioned tables, views, materialized views and foreign tables that the caller
owns; leaves out partitions (their table answers for them) and what is exposed already. Returns
how many were exposed.
Errors: PT404 when there is no such schema; those of prismiq_expose.
Example: SELECT prismiq_expose_schema('public', tenant_column => 'tenant_id');$c$;

CREATE FUNCTION @extschema@.prismiq_hide(relation regclass) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
BEGIN
    PERFORM @extschema@.prismiq_exposure_check(prismiq_hide.relation, NULL::name, NULL::name);
    DELETE FROM @extschema@.prismiq_exposures e
    USING pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = prismiq_hide.relation
      AND e.schema_name = n.nspname AND e.relation_name = c.relname;
    RETURN FOUND;
END
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_hide(regclass) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_hide(regclass) IS
$c$Takes a relation back: nobody can query it through the extension any more.
Returns whether it was exposed. Errors: 42501 unless the caller owns the relation or is a
superuser.
Example: SELECT prismiq_hide('orders');$c$;

CREATE FUNCTION @extschema@.prismiq_exposed() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'relation', quote_ident(e.schema_name) || '.' || quote_ident(e.relation_name),
               'tenant_column', e.tenant_column, 'time_column', e.time_column,
               'shared', e.shared, 'tenant', e.tenant)
               || CASE WHEN p.problem IS NULL THEN '{}'
                       ELSE jsonb_build_object('problem', p.problem) END
               ORDER BY e.schema_name, e.relation_name), '[]'::jsonb)
    FROM @extschema@.prismiq_exposures e,
         @extschema@.prismiq_exposure_problem(e.schema_name, e.relation_name) AS p (problem)
$f$;
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposed() IS
$c$Lists what is exposed: all of it to a superuser, to others what they own.
Returns [{relation, tenant_column, time_column, shared, tenant}], relation with its schema; and
problem, where there is one, for which nobody finds the relation: it does not exist, its tenant
column is gone, and so on.
Example: SELECT prismiq_exposed();$c$;

-- The functions of event triggers are C and change the tables of exposures themselves, firing
-- nothing and asking for no privileges: they run as whoever drops or renames a relation, who need
-- not know of exposures.
CREATE FUNCTION @extschema@.prismiq_exposures_forget() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_forget';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposures_forget() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposures_forget() IS
$c$Removes the exposures of relations that were dropped.
An exposure must not outlive its relation: its name could come to mean another one.$c$;

CREATE EVENT TRIGGER prismiq_exposures_forget ON sql_drop
    EXECUTE FUNCTION @extschema@.prismiq_exposures_forget();
ALTER EVENT TRIGGER prismiq_exposures_forget ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER prismiq_exposures_forget IS
'Removes the exposures of relations that were dropped.';

CREATE FUNCTION @extschema@.prismiq_exposures_follow() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_follow';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposures_follow() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposures_follow() IS
$c$Gives exposures the new names of relations that were renamed or moved to another schema.
Also notes the number of a relation that was created when its exposure was there already, as in a
restore, if its creator may expose it.$c$;

-- ALTER INDEX renames tables as well.
CREATE EVENT TRIGGER prismiq_exposures_follow ON ddl_command_end
    WHEN tag IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE',
                 'ALTER INDEX', 'ALTER SCHEMA', 'ALTER EXTENSION', 'CREATE TABLE',
                 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW',
                 'CREATE FOREIGN TABLE', 'CREATE SCHEMA', 'IMPORT FOREIGN SCHEMA')
    EXECUTE FUNCTION @extschema@.prismiq_exposures_follow();
ALTER EVENT TRIGGER prismiq_exposures_follow ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER prismiq_exposures_follow IS
'Gives exposures the new names of relations that were renamed.';
