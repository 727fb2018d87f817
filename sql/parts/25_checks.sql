-- Checks of documents, for constraints (IMMUTABLE: they look at the document alone) and for
-- functions.

CREATE FUNCTION @extschema@.prismiq_layout_check(layout jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_layout_check';
COMMENT ON FUNCTION @extschema@.prismiq_layout_check(jsonb) IS
$c$Checks the layout of a dashboard.
Takes {columns, row_height, margin: [x, y], compact_type}. Returns true, or raises 22023 with
every fault, its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_position_check(document jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_position_check';
COMMENT ON FUNCTION @extschema@.prismiq_position_check(jsonb) IS
$c$Checks the position of a widget in its grid.
Takes {x, y, w, h}: integers, x and y from 0, w and h from 1. Returns true, or raises 22023 with
every fault, its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_filters_check(filters jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_filters_check';
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_filters_check(jsonb) IS
$c$Checks the filters of a dashboard.
Takes [{id, type, label, field, table, default_value, options, date_preset, dynamic, applies_to}].
Returns true, or raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_schema_config_check(config jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_schema_config_check';
COMMENT ON FUNCTION @extschema@.prismiq_schema_config_check(jsonb) IS
$c$Checks a tenant's configuration.
Takes {timezone, week_start, fiscal_year_start_month, tables: {name: {display_name, description,
hidden, columns}}}. Returns true, or raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_widget_config_check(config jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_widget_config_check';
COMMENT ON FUNCTION @extschema@.prismiq_widget_config_check(jsonb) IS
$c$Checks a widget's configuration: any object.
Returns true, or raises 22023 with every fault, its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_definition_check(definition jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_definition_check';
COMMENT ON FUNCTION @extschema@.prismiq_definition_check(jsonb) IS
$c$Checks the structure of a query definition.
Looks at the document alone: tables and columns are looked up when it runs. Returns true, or
raises 22023 with every fault, its place and a suggestion.$c$;

-- What the functions take; "new" asks for what is required, "change" allows a version. The facts
-- are those of prismiq_document_facts().

CREATE FUNCTION @extschema@.prismiq_dashboard_new_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_new_check';
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_new_check(jsonb, jsonb) IS
$c$Checks the data of a new dashboard.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_change_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dashboard_change_check';
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_change_check(jsonb, jsonb) IS
$c$Checks the data of changes of a dashboard.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_widget_new_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_widget_new_check';
COMMENT ON FUNCTION @extschema@.prismiq_widget_new_check(jsonb, jsonb) IS
$c$Checks the data of a new widget.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_widget_change_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_widget_change_check';
COMMENT ON FUNCTION @extschema@.prismiq_widget_change_check(jsonb, jsonb) IS
$c$Checks the data of changes of a widget.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_positions_check(data jsonb, facts jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_positions_check';
COMMENT ON FUNCTION @extschema@.prismiq_positions_check(jsonb, jsonb) IS
$c$Checks a list of new positions of widgets.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_new_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_saved_query_new_check';
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_new_check(jsonb) IS
$c$Checks the data of a new saved query.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_change_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_saved_query_change_check';
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_change_check(jsonb) IS
$c$Checks the data of changes of a saved query.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_schema_config_new_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_schema_config_new_check';
COMMENT ON FUNCTION @extschema@.prismiq_schema_config_new_check(jsonb) IS
$c$Checks a tenant's configuration that is to be set.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_list_options_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_list_options_check';
COMMENT ON FUNCTION @extschema@.prismiq_list_options_check(jsonb) IS
$c$Checks the options of a function that lists.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION @extschema@.prismiq_users_check(users text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_ndims(users), 1) = 1 AND cardinality(users) <= 10000
       AND NOT EXISTS (SELECT FROM unnest(users) AS u (id)
                       WHERE u.id IS NULL OR octet_length(u.id) NOT BETWEEN 1 AND 1024);
END;
COMMENT ON FUNCTION @extschema@.prismiq_users_check(text[]) IS
$c$Says whether a list of users is one: ids of 1 to 1024 bytes, at most 10,000 of them.$c$;

CREATE FUNCTION @extschema@.prismiq_layout_default() RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{"columns": 12, "row_height": 50, "margin": [10, 10],
             "compact_type": "vertical"}'::jsonb;
END;
COMMENT ON FUNCTION @extschema@.prismiq_layout_default() IS
$c$The layout of a dashboard for which none is given.$c$;

CREATE FUNCTION @extschema@.prismiq_context_check() RETURNS void
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_context_check';
COMMENT ON FUNCTION @extschema@.prismiq_context_check() IS
$c$Raises 42501, with a hint how to set it, when there is no tenant context.$c$;

CREATE FUNCTION @extschema@.prismiq_is_own_change(xmin xid) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_is_own_change';
COMMENT ON FUNCTION @extschema@.prismiq_is_own_change(xid) IS
$c$Says whether a row version was made by the transaction that asks.
Takes the row's xmin; subtransactions that are part of the transaction count.$c$;

CREATE FUNCTION @extschema@.prismiq_json_argument(argument jsonb, fallback jsonb) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_json_argument';
COMMENT ON FUNCTION @extschema@.prismiq_json_argument(jsonb, jsonb) IS
$c$Returns an argument that is a document, as functions take it.
Null is the fallback; a JSON string that holds an object, as some gateways send it, is that
object.$c$;

CREATE FUNCTION @extschema@.prismiq_fault_raise(path text[], message text, suggestion text)
    RETURNS void
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_fault_raise';
COMMENT ON FUNCTION @extschema@.prismiq_fault_raise(text[], text, text) IS
$c$Raises 22023 for one fault, with the list of faults as JSON in DETAIL.
Takes the keys that lead to its place, what is wrong, and what to do about it or null.$c$;

CREATE FUNCTION @extschema@.prismiq_limit_raise(line text, message text, suggestion text)
    RETURNS void
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_limit_raise';
COMMENT ON FUNCTION @extschema@.prismiq_limit_raise(text, text, text) IS
$c$Raises PT413 for a limit that was reached, with the list of faults as JSON in DETAIL.
Takes the error's line, what is too much, and which setting says so.$c$;

CREATE FUNCTION @extschema@.prismiq_name_suggest(name text, candidates text[]) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_name_suggest';
COMMENT ON FUNCTION @extschema@.prismiq_name_suggest(text, text[]) IS
$c$Finds the candidate nearest to a name that was mistyped.
Returns "Did you mean ...?" as a hint, or null when none is near.$c$;
