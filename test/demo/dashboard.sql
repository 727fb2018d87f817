-- A dashboard of five widgets: made and asked by one tenant, asked by another.
\set ON_ERROR_STOP on
SET ROLE app_user;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'alice';
SET prismiq.roles = 'analyst';

\set document `cat "$DEMO_DIR/dashboard.json"`
\echo
\echo 'Made by alice, an analyst of tenant CA, with prismiq_dashboard_create:'
\echo :document
SELECT prismiq_dashboard_create(:'document') ->> 'id' AS dashboard \gset

\echo
\echo 'What it is now (prismiq_dashboard_get):'
SELECT w ->> 'title' AS widget, w ->> 'type' AS type, w -> 'position' AS position,
	   w ->> 'version' AS version
FROM jsonb_array_elements(prismiq_dashboard_get(:'dashboard') -> 'widgets') AS widgets (w);

\echo 'Everything in one call, from one snapshot (prismiq_dashboard_data):'
SELECT prismiq_dashboard_data(:'dashboard') AS data \gset
SELECT w ->> 'title' AS widget, a ->> 'row_count' AS rows,
	   left(coalesce(a ->> 'rows', a ->> 'error'), 64) AS answer
FROM jsonb_array_elements(prismiq_dashboard_get(:'dashboard') -> 'widgets') AS widgets (w),
	 LATERAL jsonb_extract_path(:'data'::jsonb, w ->> 'id') AS answers (a);

\echo 'The same with the dashboard''s filter, {"period": {"start": "2001-02-01", "end": "2001-02-07"}}:'
SELECT prismiq_dashboard_data(:'dashboard',
	'{"period": {"start": "2001-02-01", "end": "2001-02-07"}}') AS data \gset
SELECT w ->> 'title' AS widget, a ->> 'row_count' AS rows,
	   left(coalesce(a ->> 'rows', a ->> 'error'), 64) AS answer
FROM jsonb_array_elements(prismiq_dashboard_get(:'dashboard') -> 'widgets') AS widgets (w),
	 LATERAL jsonb_extract_path(:'data'::jsonb, w ->> 'id') AS answers (a);

\set ON_ERROR_STOP off
\echo 'The same dashboard, asked by tom of tenant TX, even as the owner of all there is in TX:'
SET prismiq.tenant_id = 'TX';
SET prismiq.user_id = 'tom';
SET prismiq.roles = 'owner';
SELECT prismiq_dashboard_data(:'dashboard');
SELECT jsonb_array_length(prismiq_dashboard_list()) AS dashboards_of_tx;
