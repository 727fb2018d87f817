-- One dashboard for two tenants: provided once by the application's makers, asked by both, changed
-- by neither.
\set ON_ERROR_STOP on
\set document `cat "$DEMO_DIR/flights.json"`
\pset null '(null)'

\echo
\echo 'Made by the application''s makers, with prismiq_provided_set:'
\echo :document
SELECT prismiq_provided_set('flights', :'document', '{"tenants": ["CA", "TX"]}') ->> 'id'
	AS dashboard \gset

SET ROLE app_user;
SET prismiq.user_id = 'alice';
SET prismiq.roles = 'analyst';

-- Everything in one call, from one snapshot; each tenant by itself.
SET prismiq.tenant_id = 'CA';
SELECT prismiq_dashboard_data(:'dashboard') AS of_ca,
	   prismiq_dashboard_data(:'dashboard', '{"airports": ["LAX"]}') AS of_lax \gset
SET prismiq.tenant_id = 'TX';
SELECT prismiq_dashboard_data(:'dashboard') AS of_tx \gset

\echo
\echo 'What it is (prismiq_dashboard_get), and its answers (prismiq_dashboard_data):'
WITH answers AS
(
	SELECT w -> 'position' AS position, w ->> 'title' AS widget, w ->> 'type' AS type,
		   jsonb_extract_path(:'of_ca'::jsonb, w ->> 'id') AS ca,
		   jsonb_extract_path(:'of_tx'::jsonb, w ->> 'id') AS tx,
		   jsonb_extract_path(:'of_lax'::jsonb, w ->> 'id') AS lax
	FROM jsonb_array_elements(prismiq_dashboard_get(:'dashboard') -> 'widgets') AS widgets (w)
)
SELECT widget, type, shown.*
FROM answers, LATERAL
(
	SELECT coalesce(ca #>> '{metric,formatted}', ca ->> 'row_count' || ' rows') AS "California",
		   coalesce(tx #>> '{metric,formatted}', tx ->> 'row_count' || ' rows') AS "Texas",
		   coalesce(lax #>> '{metric,formatted}', lax ->> 'row_count' || ' rows')
		   AS "California, {""airports"": [""LAX""]}"
) AS shown
ORDER BY position -> 'y', position -> 'x';

\echo 'Who is of another tenant does not find it:'
\set ON_ERROR_STOP off
\set SHOW_CONTEXT never
SET prismiq.tenant_id = 'NY';
SELECT prismiq_dashboard_get(:'dashboard');
\echo
\echo 'And nobody changes it, not even an owner; a copy is the tenant''s own:'
SET prismiq.tenant_id = 'TX';
SET prismiq.roles = 'owner';
SELECT prismiq_dashboard_update(:'dashboard', '{"name": "Ours"}');
\set ON_ERROR_STOP on
SELECT d ->> 'name' AS name, d -> 'can_edit' AS can_edit, d -> 'is_provided' AS is_provided
FROM prismiq_dashboard_duplicate(:'dashboard') AS copies (d);
