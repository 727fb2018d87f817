-- Which rows pg_dump takes along. It runs these conditions as whoever dumps, a superuser say, and
-- the tables are their owner's, who may give a column a type with casts of its own or put another
-- table in a table's place. So a column is taken by format() alone, which writes it out and casts
-- nothing, no table is named, and the one function of ours stays with the superuser.

SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_dashboards', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_saved_queries', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_widgets', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_schema_config', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_pins', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_model', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_provided', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_custom_endpoints', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_grants', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_widget_types',
    $c$WHERE pg_catalog.format('%s', built_in) OPERATOR(pg_catalog.=) 'f'$c$);

-- Numbers mean nothing in another database, so none is dumped; what is restored gets its own.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposed_relations', 'WHERE false');

CREATE FUNCTION prismiq_internal.exposure_dumped(schema_name text, relation_name text)
    RETURNS boolean
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'prismiq_exposure_dumped';
COMMENT ON FUNCTION prismiq_internal.exposure_dumped(text, text) IS
$c$Says whether pg_dump takes an exposure along: whether the relation that it is for has its name.
The owner and roles with pg_read_all_data may call it; it answers who may read
prismiq_exposures, and raises 42501 for others.$c$;

-- By name, and only what holds: another relation may have the name of one that is gone.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposures',
    $c$WHERE prismiq_internal.exposure_dumped(pg_catalog.format('%s', schema_name),
                                              pg_catalog.format('%s', relation_name))$c$);
