-- What functions do with their arguments, and how they raise what is wrong.

CREATE FUNCTION prismiq_internal.context_check() RETURNS void
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_context_check';
COMMENT ON FUNCTION prismiq_internal.context_check() IS
$c$Raises 42501, with a hint how to set it, when there is no tenant context.$c$;

CREATE FUNCTION prismiq_internal.is_own_change(xmin xid) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_is_own_change';
COMMENT ON FUNCTION prismiq_internal.is_own_change(xid) IS
$c$Says whether a row version was made by the transaction that asks.
Takes the row's xmin; subtransactions that are part of the transaction count.$c$;

CREATE FUNCTION prismiq_internal.json_argument(argument jsonb, fallback jsonb) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_json_argument';
COMMENT ON FUNCTION prismiq_internal.json_argument(jsonb, jsonb) IS
$c$Returns an argument that is a document, as functions take it.
Null is the fallback; a JSON string that holds an object, as some gateways send it, is that
object.$c$;

CREATE FUNCTION prismiq_internal.layout_whole(layout jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT prismiq_internal.layout_default() || (layout - ARRAY['rowHeight', 'compactType'])
        || CASE WHEN layout ? 'rowHeight'
                THEN jsonb_build_object('row_height', layout -> 'rowHeight') ELSE '{}' END
        || CASE WHEN layout ? 'compactType'
                THEN jsonb_build_object('compact_type', layout -> 'compactType') ELSE '{}' END;
END;
COMMENT ON FUNCTION prismiq_internal.layout_whole(jsonb) IS
$c$Returns a layout as it is kept: with what it does not say, and under the names of our own.$c$;

CREATE FUNCTION prismiq_internal.fault_raise(path text[], message text, suggestion text)
    RETURNS void
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_fault_raise';
COMMENT ON FUNCTION prismiq_internal.fault_raise(text[], text, text) IS
$c$Raises 22023 for one fault, with the list of faults as JSON in DETAIL.
Takes the keys that lead to its place, what is wrong, and what to do about it or null.$c$;

CREATE FUNCTION prismiq_internal.max_widgets() RETURNS integer
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_max_widgets';
COMMENT ON FUNCTION prismiq_internal.max_widgets() IS
$c$Returns how many widgets a dashboard may have, by prismiq.max_widgets_per_dashboard.$c$;

CREATE FUNCTION prismiq_internal.widgets_refuse() RETURNS void
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_widgets_refuse';
COMMENT ON FUNCTION prismiq_internal.widgets_refuse() IS
$c$Raises PT413 for a dashboard with too many widgets, with the list of faults in DETAIL.$c$;

CREATE FUNCTION prismiq_internal.default_lock() RETURNS void
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_default_lock';
COMMENT ON FUNCTION prismiq_internal.default_lock() IS
$c$Waits for other sessions that choose a default dashboard in the caller's tenant.
It is asked before any dashboard is locked: whoever makes one the default changes two.$c$;

CREATE FUNCTION prismiq_internal.name_numbered(name text, number integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT left(b.base, 255 - length(b.suffix)) || b.suffix
    FROM (SELECT regexp_replace(name_numbered.name, ' [(][0-9]{1,6}[)]$', '') AS base,
                 format(' (%s)', name_numbered.number) AS suffix) b;
END;
COMMENT ON FUNCTION prismiq_internal.name_numbered(text, integer) IS
$c$Returns a name with a number, "Name (2)", in place of one that it may have already.$c$;

CREATE FUNCTION prismiq_internal.name_suggest(name text, candidates text[]) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_name_suggest';
COMMENT ON FUNCTION prismiq_internal.name_suggest(text, text[]) IS
$c$Finds the candidate nearest to a name that was mistyped.
Returns "Did you mean ...?" as a hint, or null when none is near.$c$;

CREATE FUNCTION prismiq_internal.list_options_check(data jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_list_options_check';
COMMENT ON FUNCTION prismiq_internal.list_options_check(jsonb) IS
$c$Checks the options of a function that lists.
Returns true, or raises every fault, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.list_options(
    options jsonb, OUT search text, OUT scope text, OUT sort text, OUT page_size bigint,
    OUT skipped bigint, OUT count boolean)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    options := prismiq_internal.json_argument(options, '{}'::jsonb);
    PERFORM prismiq_internal.list_options_check(options);
    search := lower(options ->> 'search');
    scope := coalesce(options ->> 'scope', 'all');
    sort := options ->> 'sort';
    page_size := coalesce(options ->> 'limit', options ->> 'page_size',
                          CASE WHEN options ->> 'page' IS NOT NULL THEN '20' END)::numeric;
    skipped := coalesce((options ->> 'offset')::numeric,
                        ((options ->> 'page')::numeric - 1) * page_size, 0);
    count := coalesce(options -> 'count' = 'true', false);
END
$f$;
COMMENT ON FUNCTION prismiq_internal.list_options(jsonb) IS
$c$Reads the options of a function that lists, and gives what is not said.
Raises what is wrong with them. search is in lower case; without a page_size there is no end, and
without a sort the list has its own.$c$;

CREATE FUNCTION prismiq_internal.list_answer(items jsonb, total bigint) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN total IS NULL THEN coalesce(items, '[]')
                ELSE jsonb_build_object('items', coalesce(items, '[]'), 'total', total) END;
END;
COMMENT ON FUNCTION prismiq_internal.list_answer(jsonb, bigint) IS
$c$Returns what a function that lists answers: the items, with the total where one was counted.$c$;

CREATE FUNCTION prismiq_internal.list_matches(search text, name text, description text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT search IS NULL OR strpos(lower(name), search) > 0
        OR coalesce(strpos(lower(description), search) > 0, false);
END;
COMMENT ON FUNCTION prismiq_internal.list_matches(text, text, text) IS
$c$Says whether a name or a description has the text that is looked for, in any case.$c$;

CREATE FUNCTION prismiq_internal.list_key(
    sort text, by_name bigint, created_at timestamptz, updated_at timestamptz, is_default boolean)
    RETURNS numeric[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE sort
        WHEN '-name' THEN ARRAY[-by_name]
        WHEN 'created_at' THEN ARRAY[extract(epoch FROM created_at), by_name]
        WHEN '-created_at' THEN ARRAY[-extract(epoch FROM created_at), by_name]
        WHEN 'updated_at' THEN ARRAY[extract(epoch FROM updated_at), by_name]
        WHEN '-updated_at' THEN ARRAY[-extract(epoch FROM updated_at), by_name]
        WHEN 'default' THEN ARRAY[CASE WHEN is_default THEN 0 ELSE 1 END,
                                  -extract(epoch FROM created_at), by_name]
        ELSE ARRAY[by_name] END;
END;
COMMENT ON FUNCTION prismiq_internal.list_key(
    text, bigint, timestamptz, timestamptz, boolean) IS
$c$Returns what puts an entry of a list in its place, with its rank by name.
"default" has defaults first, then the newest.$c$;
