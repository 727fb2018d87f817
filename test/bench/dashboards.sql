-- Dashboards to be listed.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'ann';
SET prismiq.roles = 'admin';

-- As many of each of two tenants, one of which has twenty more that are provided.
SET prismiq.max_dashboards_per_user = 2000;
INSERT INTO prismiq.prismiq_dashboards (name) SELECT 'Listed ' || i FROM generate_series(1, 999) i;
SET prismiq.tenant_id = 'NY';
INSERT INTO prismiq.prismiq_dashboards (name) SELECT 'Listed ' || i FROM generate_series(1, 1000) i;
SELECT prismiq.prismiq_provided_set('board ' || i, jsonb_build_object('format',
    'prismiq.dashboard', 'version', '1.0', 'name', 'Provided ' || i, 'widgets',
    '[{"type": "text"}]'::jsonb), '{"tenants": ["NY"]}') FROM generate_series(1, 20) i \g /dev/null
ANALYZE prismiq.prismiq_dashboards, prismiq.prismiq_widgets, prismiq.prismiq_provided;
