-- What a provided dashboard answers: each tenant's own data.
\set ON_ERROR_STOP on

CREATE ROLE provider;
SELECT prismiq.prismiq_grant('provider', 'admin');
CREATE TABLE public.deals (id int PRIMARY KEY, org text, region text, total numeric);
INSERT INTO public.deals VALUES (1, 'acme', 'north', 10), (2, 'acme', 'south', 20),
    (3, 'other', 'north', 400);
GRANT SELECT ON public.deals TO app_user, provider;
SELECT prismiq.prismiq_expose('public.deals', tenant_column => 'org') \g /dev/null
SELECT no_plan();

SET ROLE provider;
SELECT prismiq.prismiq_provided_set('deals', '{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Deals", "filters": [{"id": "where", "type": "select", "field": "region"}],
    "widgets": [{"id": "sum", "type": "metric", "query": {"tables": [{"id": "d", "name": "deals"}],
            "columns": [{"table_id": "d", "column": "total", "aggregation": "sum"}]}},
        {"id": "saved", "type": "table", "saved_query_id": "q"},
        {"id": "over", "type": "metric", "query": {"tables": [{"id": "s", "saved_query": "q"}],
            "columns": [{"table_id": "s", "column": "*", "aggregation": "count"}]}}],
    "saved_queries": [{"id": "q", "name": "All deals", "query": {"tables": [{"id": "d",
        "name": "deals"}], "columns": [{"table_id": "d", "column": "id"}]}}]}') ->> 'id' AS d \gset

SET ROLE app_user;
-- What a tenant's user sees: the three answers.
CREATE FUNCTION pg_temp.seen(tenant text, d uuid, filters jsonb DEFAULT '{}') RETURNS text
LANGUAGE plpgsql AS $f$
BEGIN
    PERFORM prismiq.prismiq_set_context(tenant, 'ann', '{}', false);
    RETURN (SELECT string_agg(coalesce(value #>> '{metric,value}', value ->> 'rows',
                                       value -> 'error' ->> 'message'), ' | ' ORDER BY w.place)
            FROM jsonb_each(prismiq.prismiq_dashboard_data(d, filters)::jsonb),
                 LATERAL (SELECT (x.w ->> 'type') = 'table', x.place
                          FROM jsonb_array_elements(prismiq.prismiq_dashboard_get(d) -> 'widgets')
                              WITH ORDINALITY x (w, place) WHERE x.w ->> 'id' = key) w (t, place));
EXCEPTION WHEN SQLSTATE 'PT404' THEN
    RETURN SQLERRM;
END
$f$;
SELECT is(pg_temp.seen('acme', :'d'), '30 | [[1], [2]] | 2', 'a tenant''s own rows');
SELECT is(pg_temp.seen('other', :'d'), '400 | [[3]] | 1', 'another one''s');
SELECT is(pg_temp.seen('acme', :'d', '{"where": "south"}'), '20 | [[2]] | 1', 'with filters');
SELECT is(pg_temp.seen('acme', '00000000-0000-4000-8000-000000000000'), 'dashboard not found',
    'one that is not there');

-- The functions of a widget.
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null
SELECT w ->> 'id' AS w FROM jsonb_array_elements(prismiq.prismiq_dashboard_get(:'d') -> 'widgets') w
WHERE w ->> 'type' = 'table' \gset
SELECT is(prismiq.prismiq_widget_data(:'w')::jsonb -> 'rows', '[[1], [2]]', 'one widget');
SELECT is(prismiq.prismiq_widget_csv(:'w')::text, E'Id\r\n1\r\n2\r\n', 'as CSV');
SELECT is(prismiq.prismiq_widget_drill(:'w', '{"id": 2}')::jsonb -> 'rows', '[[2]]', 'its points');
SELECT is(prismiq.prismiq_filter_options(:'d', 'where')::jsonb #>> '{options,1,value}', 'south',
    'what its filters can be set to');

-- For some tenants only; and an own dashboard is never another tenant's.
SET ROLE provider;
SELECT prismiq.prismiq_provided_set('deals', '{"format": "prismiq.dashboard", "version": "1.0",
    "name": "Deals", "widgets": [{"id": "sum", "type": "metric", "query": {"tables": [{"id": "d",
        "name": "deals"}], "columns": [{"table_id": "d", "column": "total",
        "aggregation": "max"}]}}]}', '{"tenants": ["acme"]}') ->> 'id' AS same \gset
SET ROLE app_user;
SELECT is(:'same'::text, :'d', 'it stays the same dashboard');
SELECT is(pg_temp.seen('acme', :'d'), '20', 'for one tenant, with its new content');
SELECT is(pg_temp.seen('other', :'d'), 'dashboard not found', 'and not for the other');
SELECT * FROM finish();
