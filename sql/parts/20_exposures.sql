-- Exposures: which relations may be queried, and by which predicate tenants are kept apart in
-- them.

CREATE TABLE @extschema@.prismiq_exposures (
    schema_name   name,
    relation_name name,
    tenant_column name
                  CONSTRAINT prismiq_exposures_tenant_column_check CHECK (tenant_column <> ''),
    time_column   name
                  CONSTRAINT prismiq_exposures_time_column_check CHECK (time_column <> ''),
    shared        boolean NOT NULL DEFAULT false,
    tenant        text
                  CONSTRAINT prismiq_exposures_tenant_check
                  CHECK (octet_length(tenant) BETWEEN 1 AND 255),
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prismiq_exposures_pkey PRIMARY KEY (schema_name, relation_name),
    CONSTRAINT prismiq_exposures_one_kind
        CHECK (num_nonnulls(tenant_column, nullif(shared, false), tenant) = 1)
);

COMMENT ON TABLE @extschema@.prismiq_exposures IS
$c$Lists the relations that may be queried, one row each, by name.
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
    relid         oid,
    schema_name   name NOT NULL,
    relation_name name NOT NULL,
    CONSTRAINT prismiq_exposed_relations_pkey PRIMARY KEY (relid),
    CONSTRAINT prismiq_exposed_relations_name_key UNIQUE (schema_name, relation_name)
);

COMMENT ON TABLE @extschema@.prismiq_exposed_relations IS
$c$Tells which relation of this database each exposure is for, by number.
An exposure holds for the relation that has its number here and its name in prismiq_exposures, and
for no other one that takes the name. Written by triggers alone; nobody else needs to.$c$;

CREATE FUNCTION prismiq_internal.invalidate_trigger() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_invalidate_trigger';
COMMENT ON FUNCTION prismiq_internal.invalidate_trigger() IS
$c$Tells every backend's cache that rows of the table changed.
For tables that C code caches.$c$;

CREATE FUNCTION prismiq_internal.exposures_trigger() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_trigger';
COMMENT ON FUNCTION prismiq_internal.exposures_trigger() IS
$c$Notes which relation an exposure is for, and tells every backend's cache of the change.
A relation that does not exist yet is noted when it is created.$c$;

-- For each row and always, so that changes which logical replication applies are told as well: it
-- fires no triggers of statements.
CREATE TRIGGER prismiq_exposures_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.prismiq_exposures
    FOR EACH ROW EXECUTE FUNCTION prismiq_internal.exposures_trigger();
CREATE TRIGGER prismiq_exposures_emptied
    AFTER TRUNCATE ON @extschema@.prismiq_exposures
    FOR EACH STATEMENT EXECUTE FUNCTION prismiq_internal.exposures_trigger();
ALTER TABLE @extschema@.prismiq_exposures
    ENABLE ALWAYS TRIGGER prismiq_exposures_changed,
    ENABLE ALWAYS TRIGGER prismiq_exposures_emptied;
