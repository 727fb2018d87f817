-- The reference of functions, from the comments of a database in which prismiq is installed.
-- psql -v page=NAME prints docs/NAME.md; without a page it prints the names of the pages.
\pset format unaligned
\pset tuples_only on
\set ON_ERROR_STOP on
\if :{?page}
\else
\set page ''
\endif

-- Each subject has a page.
CREATE TEMP VIEW subjects (place, page, subject, names) AS VALUES
    (1, 'functions_querying', 'Querying',
        '^(compile|validate|definition_schema|query(_csv|_rows)?|explain)$'),
    (2, 'functions_time', 'Time buckets', '^(time_bucket.*|dense(_rows)?)$'),
    (3, 'functions_schema', 'Schema',
        '^(schema|tables?|column_sample|schema_config(_set)?|model(_set)?)$'),
    (4, 'functions_context', 'Context', '^(set_context|context|tenant_id|user_id|roles)$'),
    (5, 'functions_exposing', 'Exposing and granting',
        '^(expose|expose_schema|hide|exposed|grant|revoke|upgrade)$'),
    (6, 'functions_dashboards', 'Dashboards',
        '^dashboard_(list|get|get_by_name|default|create|update|delete|duplicate)$'),
    (7, 'functions_widgets', 'Widgets',
        '^(layout_update|widget_(add|update|delete|duplicate|type_list))$'),
    (11, 'functions_answers', 'Answers of widgets',
        '^(widget_(data|spec|drill|csv)|dashboard_data|query_preview|filter_options'
        '|custom_(register|list|remove))$'),
    (8, 'functions_saved_queries', 'Saved queries',
        '^saved_query_(list|get|create|update|delete)$'),
    (10, 'functions_moving', 'Moving and providing dashboards',
        '^(dashboard_(export|import)|provided_(set|list|remove)|broken)$'),
    (12, 'functions_pages', 'Pages', '^(asset|dashboard_page)$'),
    (13, 'functions_watching', 'Watching',
        '^(health(_live|_ready)?|metrics|stat_(queries|fingerprint|reset))$'),
    (14, 'functions_json', 'Values inside of jsonb', '^json_.*$'),
    (9, 'functions_pins', 'Pins', '^pin_(list|add|remove|reorder)$');

CREATE TEMP VIEW documented AS
WITH functions AS (
    SELECT p.proname::text AS name, n.nspname = 'prismiq_internal' AS internal,
           obj_description(p.oid, 'pg_proc') AS comment,
           regexp_replace(replace(pg_get_function_arguments(p.oid), n.nspname || '.', ''),
                          '::[a-z ]+(\[\])?', '', 'g') AS arguments,
           replace(pg_get_function_result(p.oid), n.nspname || '.', '') AS result,
           CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable'
               ELSE 'volatile' END AS volatility
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq')
SELECT s.place, s.page, s.subject, f.name, f.internal, f.arguments, f.result, f.volatility,
       split_part(f.comment, E'\n', 1) AS summary,
       split_part(substr(f.comment, strpos(f.comment || E'\n', E'\n')), E'\nExample:', 1) AS body,
       split_part(f.comment, E'\nExample:', 2) AS example
FROM functions f
LEFT JOIN subjects s ON f.name ~ replace(s.names, '^', '^prismiq_');

-- A function that no subject has would be on no page.
DO $$
BEGIN
    ASSERT NOT EXISTS (SELECT FROM documented WHERE place IS NULL AND NOT internal),
        'a function is missing among the subjects';
END
$$;

-- The names of the pages.

SELECT page FROM (VALUES (0, 'functions'), (99, 'functions_internal')
                  UNION ALL SELECT place, page FROM subjects) AS pages (place, page)
WHERE :'page' = '' ORDER BY place;

-- The first page: what there is, a line each.

SELECT $$# Functions

Made from the comments in the database by `make docs`; do not edit it. Arguments are named, so that
HTTP layers can pass them by name; functions that only read are *stable* and work in read-only
transactions. Errors are told by their SQLSTATE, see [errors](errors.md). All functions are in the
extension's schema, but for [parts of these](functions_internal.md). Who may execute which is said
by [profiles](functions_exposing.md).$$
WHERE :'page' = 'functions';

SELECT concat(
    CASE WHEN lag(place) OVER w IS DISTINCT FROM place THEN
        format(E'\n## [%s](%s.md)\n\n', subject, page) END,
    format(CASE WHEN length(name || summary) < 94 THEN '- `%s`: %s' ELSE E'- `%s`:\n  %s' END,
           name, summary))
FROM (SELECT DISTINCT ON (place, name) * FROM documented WHERE place IS NOT NULL
      ORDER BY place, name, arguments) AS d
WHERE :'page' = 'functions'
WINDOW w AS (ORDER BY place, name)
ORDER BY place, name;

-- The last page: what is in prismiq_internal.

SELECT $$# Internal functions

Made from the comments in the database by `make docs`; do not edit it. They are in
`prismiq_internal`, which no HTTP gateway should expose: parts of the [functions](functions.md),
called by these, and by policies and constraints. Checks:
$$ || string_agg(format('`%s`', name), ', ' ORDER BY name) || '.'
FROM documented WHERE :'page' = 'functions_internal' AND internal AND name ~ '_check$'
HAVING count(*) > 0;

SELECT $$
Those whose names end in `_in` do what the public functions without it do, with the tables of a
schema that is their last argument. Those that begin with `time_bucket_last_` find the last time
whose bucket is not after a value; plans have them beside conditions on buckets. And:
$$ WHERE :'page' = 'functions_internal';

SELECT format(CASE WHEN length(name || arguments || summary) < 90 THEN '- `%s(%s)`: %s'
                   ELSE E'- `%s(%s)`:\n  %s' END, name, arguments, summary)
FROM documented WHERE :'page' = 'functions_internal' AND internal
  AND name !~ '_(check|in)$|^time_bucket_last_'
ORDER BY name, arguments;

-- The others: each function with what goes in and comes out, its errors and an example.

SELECT format($$# %s

Made from the comments in the database by `make docs`; do not edit it. [Functions](functions.md) has
all of them, a line each.$$, subject)
FROM subjects WHERE page = :'page';

SELECT concat(
    CASE WHEN lag(name) OVER w IS DISTINCT FROM name THEN format(E'\n## %s\n', name) END,
    -- Arguments that are too wide for one line stand on one each.
    format(E'\n    %s(%s)\n    returns %s, %s\n', name,
           CASE WHEN length(name || arguments) < 90 THEN arguments
               ELSE E'\n        ' || replace(arguments, ', ', E',\n        ') END,
           result, volatility),
    E'\n', summary, E'\n\n',
    replace(replace(regexp_replace(trim(E'\n' FROM body), '\n+(Errors:)', E'\n\n\\1'),
                    '*', '\*'), '<', '\<'),
    CASE WHEN trim(example) <> '' THEN
        E'\n\n    ' || regexp_replace(trim(E' \n' FROM example), '\n *', E'\n      ', 'g') END)
FROM documented WHERE page = :'page'
WINDOW w AS (ORDER BY name, arguments)
ORDER BY name, arguments;
