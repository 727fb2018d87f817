-- docs/functions.md, from the comments of a database in which prismiq is installed.
\pset format unaligned
\pset tuples_only on
\set ON_ERROR_STOP on

CREATE TEMP VIEW documented AS
WITH subjects (place, subject, names) AS (VALUES
    (1, 'Querying', '^(compile|validate|query.*|explain|time_bucket.*)$'),
    (2, 'Schema', '^(schema|tables?|column_sample|schema_config(_set)?)$'),
    (3, 'Context', '^(set_context|context|tenant_id|user_id|roles)$'),
    (4, 'Exposing and granting', '^(expose|expose_schema|hide|exposed|grant)$'),
    (5, 'Dashboards and widgets',
        '^(dashboard_(list|get|create|update|delete|data)|layout_update'
        '|widget_(add|update|delete|data))$'),
    (6, 'Saved queries', '^saved_query_(list|get|create|update|delete)$')),
functions AS (
    SELECT p.proname::text AS name, obj_description(p.oid, 'pg_proc') AS comment,
           regexp_replace(replace(pg_get_function_arguments(p.oid), n.nspname || '.', ''),
                          '::[a-z ]+(\[\])?', '', 'g') AS arguments,
           replace(pg_get_function_result(p.oid), n.nspname || '.', '') AS result,
           CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable'
               ELSE 'volatile' END AS volatility
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq')
SELECT coalesce(s.place, 7) AS place, s.subject, f.*,
       split_part(f.comment, E'\n', 1) AS summary,
       -- Paragraphs on one line each; the example apart.
       regexp_replace(split_part(substr(f.comment, strpos(f.comment, E'\n')), E'\nExample:', 1),
                      '\s+', ' ', 'g') AS body,
       regexp_replace(split_part(f.comment, E'\nExample:', 2), '\s+', ' ', 'g') AS example
FROM functions f
LEFT JOIN subjects s ON f.name ~ replace(s.names, '^', '^prismiq_');

SELECT $$# Functions

Made from the comments in the database by `make docs`; do not edit it. Arguments are named, so that
HTTP layers can pass them by name; functions that only read are *stable* and work in read-only
transactions. Errors are told by their SQLSTATE, see errors.md. All functions are in the
extension's schema.$$;

SELECT concat(
    CASE WHEN lag(place) OVER w IS DISTINCT FROM place THEN format(E'\n## %s\n', subject) END,
    format(E'\n**`%s(%s)`** returns `%s`, %s. %s\n', name, arguments, result, volatility, summary),
    replace(replace(trim(body), '*', '\*'), '<', '\<'),
    CASE WHEN trim(example) <> '' THEN format(' Example: `%s`', trim(example)) END)
FROM documented WHERE place < 7
WINDOW w AS (ORDER BY place, name, arguments)
ORDER BY place, name, arguments;

SELECT E'\n## Parts of the above\n\nCalled by policies, constraints and other functions. Checks: '
    || string_agg(format('`%s`', name), ', ' ORDER BY name) || E'.\n'
FROM documented WHERE place = 7 AND name ~ '_check$';

SELECT format('- `%s(%s)`: %s', name, arguments, summary)
FROM documented WHERE place = 7 AND name !~ '_check$'
ORDER BY name, arguments;
