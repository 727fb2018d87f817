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
        WHERE x.extname = 'prismiq' AND o.type IN ('table', 'function', 'type', 'schema')
          AND NOT EXISTS (SELECT FROM pg_proc p
                          WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
                            AND (p.prorettype = 'event_trigger'::regtype
                                 OR p.proname = 'exposure_dumped'))
          -- Row types follow their tables, arrays their elements.
          AND NOT EXISTS (SELECT FROM pg_type t
                          WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
                            AND t.typtype <> 'd')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO %s', made.type, made.identity, '@extowner@');
    END LOOP;
END
$f$;

-- Nothing is everybody's but who is asking, the buckets of times, and what pg_dump calls. Only now:
-- what an extension has by itself is noted with its owner, and pg_dump tells the difference.
DO $f$
DECLARE
    made regprocedure;
BEGIN
    FOR made IN
        SELECT p.oid
        FROM pg_extension x
        JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
         AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
        JOIN pg_proc p ON p.oid = d.objid
        WHERE x.extname = 'prismiq'
          AND p.proname <> ALL ('{prismiq_context, prismiq_roles, prismiq_tenant_id,
                                  prismiq_user_id, prismiq_time_bucket, prismiq_time_bucket_auto,
                                  prismiq_time_buckets, exposure_dumped}')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made);
    END LOOP;
END
$f$;

-- Types are names and sizes: everybody may read them.
GRANT SELECT ON @extschema@.prismiq_widget_types TO PUBLIC;
