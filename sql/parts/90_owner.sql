-- What was made belongs to the owner of the extension, so that no function of ours runs with more
-- rights than theirs. Only event triggers with their functions and what pg_dump calls stay with the
-- superuser: they run as whoever does the DDL or dumps, and who could replace them could run code
-- as a superuser. An upgrade ends in the same way, for what it makes.

DO $f$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT o.type, o.identity
        FROM pg_extension x
        JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
         AND d.deptype = 'e'
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
        WHERE x.extname = 'prismiq' AND o.type IN ('table', 'view', 'function', 'aggregate',
                                              'type', 'schema')
          AND NOT EXISTS (SELECT FROM pg_proc p
                          WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
                            AND (p.prorettype = 'event_trigger'::regtype
                                 OR p.proname = 'exposure_dumped'))
          -- Row types follow their tables, arrays their elements.
          AND NOT EXISTS (SELECT FROM pg_type t
                          WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
                            AND t.typtype <> 'd' AND t.typname <> 'prismiq_cells')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO %s', made.type, made.identity, '@extowner@');
    END LOOP;
END
$f$;

-- Nothing is anybody else's, whatever default privileges say, but who is asking, what browsers and
-- probes ask for, the buckets of times, and what those who back up the database call. Only now:
-- what an extension has by itself is noted with its owner, and pg_dump tells the difference.
DO $f$
DECLARE
    given record;
BEGIN
    FOR given IN
        WITH made (kind, name, owner, acl) AS (
            SELECT 'SCHEMA', n.nspname::text, n.nspowner, n.nspacl
            FROM pg_namespace n WHERE n.nspname = 'prismiq_internal'
            UNION ALL
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class c
            JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
             AND d.deptype = 'e'
            JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner,
                   coalesce(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc p
            JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
             AND d.deptype = 'e'
            JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'prismiq'
            WHERE p.proname <> ALL ('{prismiq_asset, prismiq_health_live, prismiq_health_ready,
                                      prismiq_context, prismiq_roles,
                                      prismiq_tenant_id, prismiq_user_id, prismiq_time_bucket,
                                      prismiq_time_bucket_auto, prismiq_time_buckets,
                                      time_bucket_last_session, time_bucket_last_zone,
                                      time_bucket_last_timestamp, time_bucket_last_date,
                                      prismiq_json_text, prismiq_json_number,
                                      prismiq_json_integer, prismiq_json_boolean,
                                      prismiq_json_date, prismiq_json_timestamp,
                                      prismiq_json_uuid,
                                      prismiq_dense, prismiq_dense_rows}'))
        SELECT m.kind, m.name, CASE a.grantee WHEN 0 THEN 'PUBLIC'
                                   ELSE a.grantee::regrole::text END AS grantee
        FROM made m CROSS JOIN LATERAL aclexplode(m.acl) a
        WHERE a.grantee <> m.owner
        GROUP BY 1, 2, 3
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM %s', given.kind, given.name, given.grantee);
    END LOOP;
END
$f$;

-- Types are names and sizes: everybody may read them.
GRANT SELECT ON @extschema@.prismiq_widget_types TO PUBLIC;
GRANT EXECUTE ON FUNCTION prismiq_internal.exposure_dumped(text, text)
    TO @extowner@, pg_read_all_data;
