-- A tenant's configuration: calendar, names, what is hidden; and the application's model, which
-- says the same for all tenants.

CREATE FUNCTION @extschema@.prismiq_schema_config() RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    PERFORM prismiq_internal.context_check();
    RETURN coalesce((SELECT c.config FROM @extschema@.prismiq_schema_config c
                     WHERE c.tenant_id = (SELECT @extschema@.prismiq_tenant_id())), '{}');
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_schema_config() IS
$c$Returns the tenant's configuration, {} when there is none.
Returns {timezone, week_start, fiscal_year_start_month, currency, number: {decimal, group}, theme:
{name: text or number}, tables: {name: {display_name, description, hidden, columns: {name:
{display_name, description, hidden, format, date_format, unit}}}}}, as far as it was set. currency is
a code of ISO 4217, decimal and group separate digits, format is a format's name or an object
(docs/formats.md), or a text of the application's own. A table goes by its name, "schema.name" or
both: what either hides is hidden. What the application's model says under it is not in it.
Errors: 42501 without a context.
Example: SELECT prismiq_schema_config();$c$;

CREATE FUNCTION @extschema@.prismiq_schema_config_set(config jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    kept jsonb;
BEGIN
    PERFORM prismiq_internal.context_check();
    IF NOT prismiq_internal.is_admin() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'setting the configuration is not permitted',
            HINT = 'It takes the role owner or admin in the tenant.';
    END IF;
    prismiq_schema_config_set.config := prismiq_internal.json_argument(
        prismiq_schema_config_set.config, 'null'::jsonb);
    PERFORM prismiq_internal.schema_config_new_check(prismiq_schema_config_set.config);
    INSERT INTO @extschema@.prismiq_schema_config AS c (tenant_id, config)
    VALUES (@extschema@.prismiq_tenant_id(), prismiq_schema_config_set.config)
    ON CONFLICT (tenant_id) DO UPDATE SET config = EXCLUDED.config
    RETURNING c.config INTO kept;
    RETURN kept;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_schema_config_set(jsonb) IS
$c$Sets the tenant's configuration, in place of what was set before.
Takes and returns what prismiq_schema_config returns. What is hidden is not found in queries
either.
Errors: 42501 unless the caller is owner or admin in the tenant; 22023 with all faults, and for a
time zone that the server does not know.
Example:
  SELECT prismiq_schema_config_set('{"timezone": "Europe/Berlin",
    "tables": {"orders": {"display_name": "Orders"}}}');$c$;

CREATE FUNCTION @extschema@.prismiq_model() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce((SELECT m.config FROM @extschema@.prismiq_model m LIMIT 1), '{}');
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_model() IS
$c$Returns the application's model, {} when there is none.
Returns what prismiq_model_set took. Tenants see what comes of it in prismiq_schema.
Errors: 42501 for a role without the profile admin.
Example: SELECT prismiq_model();$c$;

CREATE FUNCTION @extschema@.prismiq_model_set(config jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    kept jsonb;
BEGIN
    prismiq_model_set.config := prismiq_internal.json_argument(
        prismiq_model_set.config, 'null'::jsonb);
    PERFORM prismiq_internal.model_new_check(prismiq_model_set.config);
    INSERT INTO @extschema@.prismiq_model AS m (config) VALUES (prismiq_model_set.config)
    ON CONFLICT (only_row) DO UPDATE SET config = EXCLUDED.config
    RETURNING m.config INTO kept;
    RETURN kept;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_model_set(jsonb) IS
$c$Sets the application's model, in place of what was set before: what all tenants have in common.
Takes and returns {timezone, week_start, fiscal_year_start_month, currency, number: {decimal,
group}, theme, tables: {name: {display_name, description, hidden, columns: {name: {display_name,
description, hidden, format, date_format, unit}}}}, relationships: [{from_table, from_column,
to_table, to_column}], measures: {name: {table, column, aggregation, expression, filters, label,
description, format}}}, all of it optional. What a tenant's own configuration says goes before it,
key by key; what either hides is hidden. Tables that a relationship joins (from_columns and
to_columns where there are several) are joined along it as along a foreign key. A measure has a
column with an aggregation, or an expression over columns of its table, and filters with either;
definitions name it, {"measure": name}. A table goes by its name or "schema.name".
Errors: 42501 for a role without the profile admin; 22023 with all faults: tables and columns that
the caller may not read, that are not exposed, or that the model itself hides are not found.
Example:
  SELECT prismiq_model_set('{"tables": {"orders": {"columns": {"cost": {"hidden": true}}}},
    "measures": {"revenue": {"table": "orders", "column": "amount", "aggregation": "sum"}}}');$c$;
