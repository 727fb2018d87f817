-- Which rows pg_dump takes along.

SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_dashboards', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_saved_queries', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_widgets', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_schema_config', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_grants', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_widget_types',
    'WHERE NOT built_in');

-- Numbers mean nothing in another database, so none is dumped; what is restored gets its own.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposed_relations', 'WHERE false');

-- By name, and only what holds: another relation may have the name of one that is gone.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.prismiq_exposures',
    'WHERE (schema_name, relation_name) IN (
         SELECT n.nspname, c.relname FROM @extschema@.prismiq_exposed_relations r
         JOIN pg_catalog.pg_class c ON c.oid = r.relid AND c.relname = r.relation_name
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = r.schema_name)');
