-- On which tables a dashboard's filters are: kept when they are saved, so that one whose column was
-- renamed, dropped or hidden since is not taken for one that does not concern a widget.

CREATE FUNCTION prismiq_internal.filter_tables(
    filters jsonb, queries jsonb, here regnamespace DEFAULT '@extschema@')
    RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_filter_tables';
COMMENT ON FUNCTION prismiq_internal.filter_tables(jsonb, jsonb, regnamespace) IS
$c$Finds on which tables of some queries each filter of a dashboard is.
Returns {filter_id: ["schema.table", ...]}, as the caller sees the tables; a query that is wrong is
passed over.$c$;

CREATE FUNCTION prismiq_internal.dashboard_queries(
    tenant_id text, dashboard_id uuid, here regnamespace)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    queries jsonb;
BEGIN
    EXECUTE format('SELECT coalesce(jsonb_agg(coalesce(w.query, q.query)), ''[]'')
                    FROM %1$s.prismiq_widgets w
                    LEFT JOIN %1$s.prismiq_saved_queries q
                      ON q.tenant_id = w.tenant_id AND q.id = w.saved_query_id
                    WHERE w.tenant_id = $1 AND w.dashboard_id = $2', here)
        INTO queries USING tenant_id, dashboard_id;
    RETURN queries;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_queries(text, uuid, regnamespace) IS
$c$Collects the queries of a dashboard's widgets that the caller may see.$c$;

CREATE FUNCTION prismiq_internal.dashboard_filters_bound() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here regnamespace := to_regnamespace(quote_ident(TG_TABLE_SCHEMA));
BEGIN
    -- Of what is provided each tenant has tables of its own.
    IF NEW.filters IS DISTINCT FROM OLD.filters AND NEW.tenant_id <> ''
       AND NOT prismiq_internal.is_restore(TG_RELID) THEN
        NEW.filter_tables := prismiq_internal.filter_tables(
            NEW.filters, prismiq_internal.dashboard_queries(NEW.tenant_id, NEW.id, here), here);
    END IF;
    RETURN NEW;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_filters_bound() IS
$c$Keeps which tables the filters of a dashboard are on, when the filters change.$c$;
