-- Checks of documents, for constraints (IMMUTABLE: they look at the document alone) and for
-- functions.

CREATE FUNCTION prismiq_internal.layout_check(layout jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_layout_check';
COMMENT ON FUNCTION prismiq_internal.layout_check(jsonb) IS
$c$Checks the layout of a dashboard.
Takes {columns, row_height, margin: [x, y], compact_type}. Returns true, or raises 22023 with
every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.position_check(document jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_position_check';
COMMENT ON FUNCTION prismiq_internal.position_check(jsonb) IS
$c$Checks the position of a widget in its grid.
Takes {x, y, w, h}: integers, x and y from 0, w and h from 1. Returns true, or raises 22023 with
every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.dashboard_filters_check(filters jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_filters_check';
COMMENT ON FUNCTION prismiq_internal.dashboard_filters_check(jsonb) IS
$c$Checks the filters of a dashboard.
Takes [{id, type, label, field, table, default_value, options, date_preset, dynamic, applies_to}].
Returns true, or raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.schema_config_check(config jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_schema_config_check';
COMMENT ON FUNCTION prismiq_internal.schema_config_check(jsonb) IS
$c$Checks a tenant's configuration.
Takes {timezone, week_start, fiscal_year_start_month, currency, number, theme, tables: {name:
{display_name, description, hidden, columns}}}. Returns true, or raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.widget_config_check(config jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_widget_config_check';
COMMENT ON FUNCTION prismiq_internal.widget_config_check(jsonb) IS
$c$Checks the known keys of a widget's config: docs/widgets.md has them.
Other keys may be a type's own, see widget_config_fit_check. Returns true, or raises 22023 with
every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.widget_config_fit_check(
    config jsonb, config_schema jsonb, default_config jsonb, params jsonb)
    RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_widget_config_fit_check';
COMMENT ON FUNCTION prismiq_internal.widget_config_fit_check(jsonb, jsonb, jsonb, jsonb) IS
$c$Checks that a widget's config is one that its type allows.
Takes the config, the type's config_schema, its default_config, which the config lies over, and the
params of its default_query. Keys that are neither known nor named by these are refused. Returns true, or raises 22023 with every fault, its
place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.config_schema_check(config_schema jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_config_schema_check';
COMMENT ON FUNCTION prismiq_internal.config_schema_check(jsonb) IS
$c$Checks what a type of widgets asks of its widgets' config: a JSON Schema.
Its keywords are type, properties, required, enum, items, minimum, maximum, minLength, maxLength,
additionalProperties, description and default; others are refused. Returns true, or raises 22023
with every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.definition_check(definition jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_definition_check';
COMMENT ON FUNCTION prismiq_internal.definition_check(jsonb) IS
$c$Checks the structure of a query definition.
Looks at the document alone: tables and columns are looked up when it runs. Returns true, or
raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.model_check(config jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_model_check';
COMMENT ON FUNCTION prismiq_internal.model_check(jsonb) IS
$c$Checks the application's model.
Takes what prismiq_model_set takes. Looks at the document alone: tables and columns are looked up
when it is set and when it is used. Returns true, or raises 22023 with every fault, its place and
a suggestion.$c$;

-- What the functions take; "new" asks for what is required, "change" allows a version. The facts
-- are those of document_facts(), the schema that of the function's tables. Queries and filters are
-- held against the catalogs, as the caller sees them.

CREATE FUNCTION prismiq_internal.dashboard_new_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_new_check';
COMMENT ON FUNCTION prismiq_internal.dashboard_new_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of a new dashboard.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.dashboard_change_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_change_check';
COMMENT ON FUNCTION prismiq_internal.dashboard_change_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of changes of a dashboard.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.widget_new_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_widget_new_check';
COMMENT ON FUNCTION prismiq_internal.widget_new_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of a new widget.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.widget_change_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_widget_change_check';
COMMENT ON FUNCTION prismiq_internal.widget_change_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of changes of a widget.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.positions_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_positions_check';
COMMENT ON FUNCTION prismiq_internal.positions_check(jsonb, jsonb) IS
$c$Checks a list of new positions of widgets.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.saved_query_new_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_saved_query_new_check';
COMMENT ON FUNCTION prismiq_internal.saved_query_new_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of a new saved query.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.saved_query_change_check(
    data jsonb, facts jsonb DEFAULT '{}', here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'prismiq_saved_query_change_check';
COMMENT ON FUNCTION prismiq_internal.saved_query_change_check(jsonb, jsonb, regnamespace) IS
$c$Checks the data of changes of a saved query.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.import_check(
    data jsonb, facts jsonb, here regnamespace DEFAULT '@extschema@')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_import_check';
COMMENT ON FUNCTION prismiq_internal.import_check(jsonb, jsonb, regnamespace) IS
$c$Checks a dashboard that is imported.
Takes it with its new ids; as it was sent it is among the facts. Returns true, or raises every
fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.import_options_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_import_options_check';
COMMENT ON FUNCTION prismiq_internal.import_options_check(jsonb) IS
$c$Checks the options of an import.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.provided_options_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_provided_options_check';
COMMENT ON FUNCTION prismiq_internal.provided_options_check(jsonb) IS
$c$Checks the options of a dashboard that is provided.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.schema_config_new_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_schema_config_new_check';
COMMENT ON FUNCTION prismiq_internal.schema_config_new_check(jsonb) IS
$c$Checks a tenant's configuration that is to be set.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.model_new_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'prismiq_model_new_check';
COMMENT ON FUNCTION prismiq_internal.model_new_check(jsonb) IS
$c$Checks a model that is to be set, against the catalogs too.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.users_check(users text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_ndims(users), 1) = 1 AND cardinality(users) <= 10000
       AND NOT EXISTS (SELECT FROM unnest(users) AS u (id)
                       WHERE u.id IS NULL OR octet_length(u.id) NOT BETWEEN 1 AND 1024);
END;
COMMENT ON FUNCTION prismiq_internal.users_check(text[]) IS
$c$Says whether a list of users is one: ids of 1 to 1024 bytes, at most 10,000 of them.$c$;

CREATE FUNCTION prismiq_internal.layout_default() RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{"columns": 12, "row_height": 50, "margin": [10, 10],
             "compact_type": "vertical"}'::jsonb;
END;
COMMENT ON FUNCTION prismiq_internal.layout_default() IS
$c$Returns the layout of a dashboard for which none is given.$c$;
