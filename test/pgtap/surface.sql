-- The surface contract: what must be true of every function, table and policy of the extension.
\set ON_ERROR_STOP on

CREATE TEMP VIEW functions AS
SELECT p.oid, p.proname::text AS name, p.pronamespace::regnamespace::text AS place,
       p.proowner::regrole::text AS owner, p.oid::regprocedure::text AS signature, l.lanname AS
    language,
       p.provolatile AS volatility, p.proparallel AS parallel, p.prosecdef AS definer,
       p.proconfig AS config, p.proargnames AS arguments, p.pronargs AS argument_count,
       p.prosqlbody IS NOT NULL AS atomic, p.prorettype::regtype::text AS result, p.prosrc AS
           source,
       obj_description(p.oid, 'pg_proc') AS comment, p.proacl
FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'a');
CREATE TEMP VIEW tables AS
SELECT c.oid, c.relname::text AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS
           of_tenants,
       x.extconfig
FROM pg_class c
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
WHERE c.relkind IN ('r', 'p');

SELECT no_plan();
SELECT cmp_ok((SELECT count(*) FROM functions), '>', 50::bigint, 'there are functions');
SELECT cmp_ok((SELECT count(*) FROM tables WHERE of_tenants), '>=', 4::bigint,
    'there are tables of tenants');

-- Functions

SELECT is_empty('SELECT signature FROM functions WHERE comment IS NULL',
    'every function has a comment');
SELECT is_empty($$SELECT signature, length(split_part(comment, E'\n', 1)) FROM functions
                  WHERE length(split_part(comment, E'\n', 1)) NOT BETWEEN 10 AND 120$$,
    'whose first line is a summary');
SELECT is_empty($$SELECT signature FROM functions
                  WHERE language IN ('sql', 'plpgsql') AND NOT atomic
                    AND config[1] IS DISTINCT FROM 'search_path=pg_catalog, pg_temp'$$,
    'every body in SQL or PL/pgSQL has its search_path pinned, or was resolved when it was made');
SELECT set_eq($$SELECT name FROM functions WHERE definer
                  AND result NOT IN ('trigger', 'event_trigger')$$,
    '{provided_put,provided_drop,provided_entries,prismiq_metrics}'::text[],
    'nothing else that can be called acts with the rights of the extension''s owner');
SELECT is_empty($$SELECT signature FROM functions WHERE definer
                    AND (has_function_privilege('app_user', oid, 'EXECUTE')
                         OR config <> '{"search_path=pg_catalog, pg_temp",
                                        prismiq.maintenance=call}')$$,
    'and that is for profile admin alone');
SELECT is_empty($$SELECT signature FROM functions
                  WHERE result IN ('trigger', 'event_trigger')
                    AND has_function_privilege('app_user', oid, 'EXECUTE')$$,
    'nobody can hang a trigger function of ours on a table of its own');
SELECT is_empty('SELECT signature FROM functions WHERE argument_count > 0
                 AND (arguments IS NULL OR '''' = ANY (arguments[1:argument_count]))',
    'every argument has a name');
SELECT is_empty($$SELECT signature FROM functions f
                  WHERE arguments[1:argument_count]
                        && '{limit,offset,order,select,columns,and,or,on_conflict}'::text[]
                    AND name NOT LIKE '%\_check'$$,
    'no argument has a name that cannot be reached by GET');
SELECT is_empty($$SELECT a.signature, b.signature FROM functions a JOIN functions b
                  ON a.name = b.name AND a.oid < b.oid
                     AND a.arguments[1:a.argument_count] = b.arguments[1:b.argument_count]
                  WHERE a.name NOT LIKE 'prismiq\_time\_bucket%'$$,
    'no two functions differ in the types of their arguments only');

-- What writes is volatile; what only reads is not, and works in a read-only transaction.
SELECT set_eq($$SELECT name FROM functions WHERE volatility = 'v' AND result <> 'trigger'
                  AND result <> 'event_trigger'$$,
    $$SELECT
        unnest('{prismiq_set_context, prismiq_expose, prismiq_expose_schema, prismiq_hide,
        prismiq_grant, prismiq_revoke, prismiq_upgrade, is_own_change,
        dashboard_lock, default_clear, default_lock, dashboard_insert,
        dashboard_put, saved_queries_insert, new_ids, prismiq_dashboard_import,
        provided_put, provided_drop, prismiq_provided_set, prismiq_provided_remove,
        prismiq_pin_add, prismiq_pin_remove, prismiq_pin_reorder,
        prismiq_dashboard_duplicate, prismiq_widget_duplicate, prismiq_dashboard_create,
        prismiq_dashboard_update, prismiq_dashboard_delete, widgets_put,
        widgets_insert, prismiq_widget_add, widget_lock,
        prismiq_widget_update, prismiq_widget_delete, prismiq_layout_update,
        prismiq_saved_query_create, prismiq_saved_query_update,
        prismiq_saved_query_delete, prismiq_schema_config_set, prismiq_model_set,
        prismiq_custom_register, prismiq_custom_remove, prismiq_stat_reset}'::text[])$$,
    'only these are volatile');
SELECT is_empty($$SELECT signature FROM functions WHERE volatility = 'v' AND parallel = 's'$$,
    'nothing that writes is parallel safe');
SELECT is_empty($$SELECT signature FROM functions WHERE volatility <> 'v' AND language = 'plpgsql'
                    AND source ~ '\m(INSERT|UPDATE|DELETE|TRUNCATE|SET CONSTRAINTS)\M'$$,
    'nothing that is stable writes');

-- Who may execute what.
SELECT set_eq($$SELECT DISTINCT name FROM functions
                WHERE proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) a
                                                WHERE a.grantee = 0)$$,
    $$SELECT unnest(names) FROM prismiq_internal.profile_functions() WHERE profile = 'public'$$,
    'PUBLIC may execute what tells who is asking, and the buckets of times');
SELECT set_eq($$SELECT name FROM functions f
                WHERE NOT EXISTS (SELECT FROM prismiq_internal.profile_functions() p
                                  WHERE f.name = ANY (p.names))
                  AND result NOT IN ('trigger', 'event_trigger')$$,
    $$SELECT unnest('{prismiq_grant, prismiq_revoke, prismiq_upgrade, owner_check, is_owner,
        exposure_dumped,
        cells_in, cells_out, cells_receive, cells_send, dense_add, dense_cells, dense_combine,
        dense_deserialize, dense_rows_support, dense_serialize, time_buckets_support,
        server_state, server_samples, exposure_samples, query_state, query_samples,
        metrics_text,
        profile_check, profile_functions, profile_privileges, profile_tables}'::text[])$$,
    'every other one is in a profile, but for those of the owner');
SELECT is_empty($$SELECT names FROM (SELECT unnest(names) AS names
                                     FROM prismiq_internal.profile_functions()) n
                  WHERE names NOT IN (SELECT name FROM functions)$$,
    'and the profiles hold nothing else');
SELECT is_empty($$SELECT signature FROM functions WHERE (name LIKE 'prismiq\_%')
                    IS DISTINCT FROM (place = 'prismiq')$$,
    'what is called by name is in the schema of the extension, all else in prismiq_internal');
SELECT is_empty($$SELECT signature, comment FROM functions
                  WHERE comment !~ '^[A-Z][a-z]+s '$$,
    'each comment begins with what the function does');

-- Tables

SELECT is_empty($$SELECT name FROM tables WHERE obj_description(oid, 'pg_class') IS NULL$$,
    'every table has a comment');
SELECT is_empty('SELECT name FROM tables WHERE of_tenants AND NOT (enabled AND forced)',
    'row security is enabled and forced on every table of tenants');
SELECT is_empty('SELECT name FROM tables WHERE NOT oid = ANY (extconfig)', 'every table is dumped');
SELECT is_empty($$SELECT t.name, c.command FROM tables t, (VALUES ('r'), ('a'), ('w'), ('d')) c
    (command)
                  WHERE t.of_tenants AND NOT EXISTS (SELECT FROM pg_policy p
                      WHERE p.polrelid = t.oid AND p.polcmd::text = c.command AND p.polroles =
                          '{0}')$$,
    'each command has a policy of its own');
SELECT is_empty($$SELECT t.name, p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
                  WHERE t.of_tenants
                    AND ((p.polcmd IN ('r', 'w', 'd') AND p.polqual IS NULL)
                         OR (p.polcmd IN ('a', 'w') AND p.polwithcheck IS NULL)
                         OR NOT p.polpermissive)$$,
    'with USING and WITH CHECK, wherever the command has them');
SELECT is_empty($$SELECT t.name, p.polname, e.body FROM tables t JOIN pg_policy p ON p.polrelid =
    t.oid,
                    unnest(ARRAY[pg_get_expr(p.polqual, t.oid), pg_get_expr(p.polwithcheck,
                        t.oid)]) e (body)
                  WHERE t.of_tenants AND e.body IS NOT NULL AND p.polroles = '{0}'
                    AND e.body !~ ('^\(+tenant_id = (ANY \(ARRAY\[)?'
                                   || '\( SELECT (\w+\.)?prismiq_tenant_id\(')$$,
    'and each begins with the tenant, asked once per scan');
SELECT is_empty($$SELECT t.name FROM tables t WHERE t.of_tenants AND NOT EXISTS (
                      SELECT FROM pg_index i JOIN pg_attribute a
                        ON a.attrelid = t.oid AND a.attnum = i.indkey[0] AND a.attname = 'tenant_id'
                      WHERE i.indrelid = t.oid AND i.indisprimary)$$,
    'every primary key begins with the tenant');
SELECT is_empty($$SELECT t.name, k.conname FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
                  JOIN tables o ON o.oid = k.confrelid
                  WHERE k.contype = 'f' AND o.of_tenants AND NOT EXISTS (
                      SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname =
                          'tenant_id'
                        AND a.attnum = ANY (k.conkey))$$,
    'every foreign key to a table of tenants holds the tenant');
SELECT is_empty($$SELECT t.name, g.tgname FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid
                  WHERE NOT g.tgisinternal AND g.tgtype & 2 = 2 AND g.tgtype & 4 = 4
                    AND g.tgfoid::regproc::text <> ALL ('{prismiq_internal.documents_limit,
                        prismiq_internal.widgets_guard, prismiq_internal.saved_queries_guard,
                        prismiq_internal.timezone_guard}')$$,
    'no trigger touches a row that is inserted, but for those that only refuse it');
SELECT is_empty($$SELECT t.name FROM tables t, pg_class c, aclexplode(c.relacl) a
                  WHERE c.oid = t.oid AND a.grantee = 0 AND t.name <> 'prismiq_widget_types'$$,
    'nothing is granted to PUBLIC but the registry of types');
SELECT is((SELECT count(*) FROM tables WHERE name = 'prismiq_exposures' AND enabled), 1::bigint,
    'exposures are under row security');

SELECT finish();
