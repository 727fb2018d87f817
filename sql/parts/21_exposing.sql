-- Exposing relations, one by one and whole schemas.

CREATE FUNCTION prismiq_internal.exposure_check(
    relation regclass, tenant_column name, time_column name)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_exposure_check';
COMMENT ON FUNCTION prismiq_internal.exposure_check(regclass, name, name) IS
$c$Checks that the caller may expose a relation with these columns.
Returns true, or raises: 42501 for who is not its owner, 22023 for a kind of relation that cannot
be exposed, a column that does not exist (with a suggestion) or is of no fitting type (for the
tenant column: one in which two tenants could be one).$c$;

CREATE FUNCTION @extschema@.prismiq_expose(
    relation regclass, tenant_column name DEFAULT NULL, time_column name DEFAULT NULL,
    shared boolean DEFAULT false, tenant text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
BEGIN
    IF prismiq_expose.relation IS NULL THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['relation'], 'a relation is required'::text, NULL::text);
    END IF;
    PERFORM prismiq_internal.exposure_check(
        prismiq_expose.relation, prismiq_expose.tenant_column, prismiq_expose.time_column);
    IF num_nonnulls(prismiq_expose.tenant_column, nullif(prismiq_expose.shared, false),
                    prismiq_expose.tenant) <> 1 THEN
        PERFORM prismiq_internal.fault_raise('{}'::text[],
            'exactly one of tenant_column, shared and tenant must be given'::text,
            'tenant_column names the column that says whose a row is; shared => true is for what '
            'all tenants may read; tenant is for a relation that is all one tenant''s.'::text);
    END IF;
    IF octet_length(prismiq_expose.tenant) NOT BETWEEN 1 AND 255 THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['tenant'], 'a tenant is 1 to 255 bytes long'::text, NULL::text);
    END IF;
    INSERT INTO @extschema@.prismiq_exposures
        (schema_name, relation_name, tenant_column, time_column, shared, tenant)
    SELECT n.nspname, c.relname, prismiq_expose.tenant_column, prismiq_expose.time_column,
           coalesce(prismiq_expose.shared, false), prismiq_expose.tenant
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = prismiq_expose.relation
    ON CONFLICT (schema_name, relation_name) DO UPDATE
        SET tenant_column = EXCLUDED.tenant_column, time_column = EXCLUDED.time_column,
            shared = EXCLUDED.shared, tenant = EXCLUDED.tenant;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_expose(regclass, name, name, boolean, text) IS
$c$Makes a relation queryable.
One of three must be said: tenant_column, the column that says whose a row is; shared => true, for
reference data that all tenants may read; tenant, when all of it is one tenant's. time_column is
the column that first and last order by. Exposing it again replaces what was said before. The
tenant column is text, varchar, char, name, uuid, an integer, an enum or a domain over one of
these: types in which no two tenants are equal. A tenant sees the rows whose value, written out,
is its id to the letter.
Errors: 42501 unless the caller owns the relation or is a superuser; 22023 for anything but
exactly one of the three, a column that does not exist or does not fit, a relation that cannot be
exposed.
Example:
  SELECT prismiq_expose('orders', tenant_column => 'org_id', time_column => 'created_at');$c$;

CREATE FUNCTION prismiq_internal.exposure_problem(schema_name name, relation_name name)
    RETURNS text
    LANGUAGE c STRICT STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_exposure_problem';
COMMENT ON FUNCTION prismiq_internal.exposure_problem(name, name) IS
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
        PERFORM prismiq_internal.fault_raise(
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
                            AND prismiq_internal.exposure_problem(
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
COMMENT ON FUNCTION @extschema@.prismiq_expose_schema(name, name) IS
$c$Makes every relation of a schema queryable that has the tenant column.
Takes tables, partitioned tables, views, materialized views and foreign tables that the caller
owns; leaves out partitions (their table answers for them) and what is exposed already. Returns
how many were exposed.
Errors: PT404 when there is no such schema; those of prismiq_expose.
Example: SELECT prismiq_expose_schema('public', tenant_column => 'tenant_id');$c$;
