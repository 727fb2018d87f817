-- Exposures: which relations may be queried, and by which predicate tenants are kept apart in
-- them.

CREATE TABLE @extschema@.prismiq_exposures (
    schema_name   name,
    relation_name name,
    tenant_column name CHECK (tenant_column <> ''),
    time_column   name CHECK (time_column <> ''),
    shared        boolean NOT NULL DEFAULT false,
    tenant        text CHECK (octet_length(tenant) BETWEEN 1 AND 255),
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (schema_name, relation_name),
    CONSTRAINT prismiq_exposures_one_kind
        CHECK (num_nonnulls(tenant_column, nullif(shared, false), tenant) = 1)
);

COMMENT ON TABLE @extschema@.prismiq_exposures IS
$c$Relations that may be queried, one row each, by name.
Exactly one of tenant_column (each row says whose it is), shared (every tenant reads all of it)
and tenant (all of it belongs to one tenant) is given. Written through prismiq_expose() and
prismiq_hide(); the names follow their relations when these are renamed. No application role may
read it.$c$;

-- Who may use the table at all (prismiq_grant, profile admin) gets at the rows of relations of
-- its own.
ALTER TABLE @extschema@.prismiq_exposures ENABLE ROW LEVEL SECURITY;

CREATE POLICY prismiq_exposures_owner ON @extschema@.prismiq_exposures
    USING (EXISTS (SELECT FROM pg_catalog.pg_class c
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = schema_name AND c.relname = relation_name
                     AND pg_catalog.pg_has_role(c.relowner, 'USAGE')))
    WITH CHECK (EXISTS (SELECT FROM pg_catalog.pg_class c
                        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = schema_name AND c.relname = relation_name
                          AND pg_catalog.pg_has_role(c.relowner, 'USAGE')));

CREATE TABLE @extschema@.prismiq_exposed_relations (
    relid         oid PRIMARY KEY,
    schema_name   name NOT NULL,
    relation_name name NOT NULL,
    UNIQUE (schema_name, relation_name)
);

COMMENT ON TABLE @extschema@.prismiq_exposed_relations IS
$c$Which relation of this database each exposure is for, by number.
An exposure holds for the relation that has its number here and its name in prismiq_exposures, and
for no other one that takes the name. Written by triggers alone; nobody else needs to.$c$;

-- Numbers mean nothing in another database, so none is dumped; what is restored gets its own.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposed_relations', 'WHERE false');

-- By name, and only what holds: another relation may have the name of one that is gone.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposures',
    'WHERE (schema_name, relation_name) IN (
         SELECT n.nspname, c.relname FROM @extschema@.prismiq_exposed_relations r
         JOIN pg_catalog.pg_class c ON c.oid = r.relid AND c.relname = r.relation_name
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = r.schema_name)');

CREATE FUNCTION @extschema@.prismiq_invalidate_trigger() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_invalidate_trigger';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_invalidate_trigger() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_invalidate_trigger() IS
$c$Tells every backend's cache that rows of the table changed.
For tables that C code caches.$c$;

CREATE FUNCTION @extschema@.prismiq_exposures_trigger() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_trigger';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposures_trigger() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposures_trigger() IS
$c$Notes which relation an exposure is for, and tells every backend's cache of the change.
A relation that does not exist yet is noted when it is created.$c$;

-- For each row and always, so that changes which logical replication applies are told as well: it
-- fires no triggers of statements.
CREATE TRIGGER prismiq_exposures_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_exposures
    FOR EACH ROW EXECUTE FUNCTION @extschema@.prismiq_exposures_trigger();
CREATE TRIGGER prismiq_exposures_emptied
    AFTER TRUNCATE ON @extschema@.prismiq_exposures
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.prismiq_exposures_trigger();
ALTER TABLE @extschema@.prismiq_exposures
    ENABLE ALWAYS TRIGGER prismiq_exposures_changed,
    ENABLE ALWAYS TRIGGER prismiq_exposures_emptied;

CREATE FUNCTION @extschema@.prismiq_exposure_check(
    relation regclass, tenant_column name, time_column name)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_exposure_check';
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_exposure_check(regclass, name, name) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.prismiq_exposure_check(regclass, name, name) IS
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
        PERFORM @extschema@.prismiq_fault_raise(
            ARRAY['relation'], 'a relation is required'::text, NULL::text);
    END IF;
    PERFORM @extschema@.prismiq_exposure_check(
        prismiq_expose.relation, prismiq_expose.tenant_column, prismiq_expose.time_column);
    IF num_nonnulls(prismiq_expose.tenant_column, nullif(prismiq_expose.shared, false),
                    prismiq_expose.tenant) <> 1 THEN
        PERFORM @extschema@.prismiq_fault_raise('{}'::text[],
            'exactly one of tenant_column, shared and tenant must be given'::text,
            'tenant_column names the column that says whose a row is; shared => true is for what '
            'all tenants may read; tenant is for a relation that is all one tenant''s.'::text);
    END IF;
    IF octet_length(prismiq_expose.tenant) NOT BETWEEN 1 AND 255 THEN
        PERFORM @extschema@.prismiq_fault_raise(
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
REVOKE EXECUTE ON FUNCTION @extschema@.prismiq_expose(regclass, name, name, boolean, text)
    FROM PUBLIC;
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
