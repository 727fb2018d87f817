-- Who sees and writes which rows. Context functions stand in sub-selects: once per scan, not per
-- row. What nobody sets (version, created_by, the timestamps) may stand in an INSERT all the same,
-- as many clients write it, when it is what the row would have without: DEFAULT, that is.
-- An id of version 5 is made of a key, for what is provided: no tenant takes one before or after.
-- The owner of the extension has no rows without prismiq.maintenance: "on" for dumps, restores and
-- repairs, "call" inside of functions that act for it.

ALTER TABLE @extschema@.prismiq_provided ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_provided FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_provided_maintenance ON @extschema@.prismiq_provided TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
CREATE POLICY prismiq_provided_select ON @extschema@.prismiq_provided FOR SELECT
    USING (tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), '']));
-- The functions write it, as the owner.
CREATE POLICY prismiq_provided_insert ON @extschema@.prismiq_provided FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND false);
CREATE POLICY prismiq_provided_update ON @extschema@.prismiq_provided FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND false)
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND false);
CREATE POLICY prismiq_provided_delete ON @extschema@.prismiq_provided FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id()) AND false);

ALTER TABLE @extschema@.prismiq_dashboards ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_dashboards FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_dashboards_maintenance ON @extschema@.prismiq_dashboards TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
-- What is provided (tenant '') is for all users of the tenants that it is for, and written by none.
CREATE POLICY prismiq_dashboards_select ON @extschema@.prismiq_dashboards FOR SELECT
    USING (tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
           AND CASE WHEN tenant_id = '' THEN
                   (SELECT @extschema@.prismiq_tenant_id()) IS NOT NULL
                   AND id IN (SELECT p.resource_id FROM @extschema@.prismiq_provided p)
               ELSE is_public
                    OR owner_id = (SELECT @extschema@.prismiq_user_id())
                    OR (owner_id IS NULL AND (SELECT @extschema@.prismiq_user_id()) IS NOT NULL)
                    OR (SELECT @extschema@.prismiq_user_id()) = ANY (allowed_viewers)
                    OR (SELECT @extschema@.prismiq_user_id()) = ANY (allowed_editors)
                    OR (SELECT prismiq_internal.is_admin()) END);
CREATE POLICY prismiq_dashboards_insert ON @extschema@.prismiq_dashboards FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND id::text !~ '^.{14}5.{4}[89ab]'
                AND (SELECT prismiq_internal.may_create())
                AND created_by = (SELECT @extschema@.prismiq_user_id())
                AND version = 1 AND created_at = now() AND updated_at = now()
                AND (owner_id = (SELECT @extschema@.prismiq_user_id())
                     OR (SELECT prismiq_internal.is_admin())));
-- Which columns may change, and by whom, is in the trigger prismiq_dashboards_guard.
CREATE POLICY prismiq_dashboards_update ON @extschema@.prismiq_dashboards FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND prismiq_internal.may_edit(owner_id, allowed_editors))
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id()));
CREATE POLICY prismiq_dashboards_delete ON @extschema@.prismiq_dashboards FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND prismiq_internal.may_manage(owner_id));

ALTER TABLE @extschema@.prismiq_widgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_widgets FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_widgets_maintenance ON @extschema@.prismiq_widgets TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
-- The sub-selects on dashboards stand under the policies above.
CREATE POLICY prismiq_widgets_select ON @extschema@.prismiq_widgets FOR SELECT
    USING (tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
           AND EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
                       WHERE d.tenant_id = prismiq_widgets.tenant_id
                         AND d.id = prismiq_widgets.dashboard_id));
CREATE POLICY prismiq_widgets_insert ON @extschema@.prismiq_widgets FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND id::text !~ '^.{14}5.{4}[89ab]'
                AND version = 1 AND created_at = now() AND updated_at = now()
                AND EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
                            WHERE d.tenant_id = prismiq_widgets.tenant_id
                              AND d.id = prismiq_widgets.dashboard_id
                              AND prismiq_internal.may_edit(d.owner_id, d.allowed_editors)));
CREATE POLICY prismiq_widgets_update ON @extschema@.prismiq_widgets FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
                       WHERE d.tenant_id = prismiq_widgets.tenant_id
                         AND d.id = prismiq_widgets.dashboard_id
                         AND prismiq_internal.may_edit(d.owner_id, d.allowed_editors)))
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id()));
CREATE POLICY prismiq_widgets_delete ON @extschema@.prismiq_widgets FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND EXISTS (SELECT FROM @extschema@.prismiq_dashboards d
                       WHERE d.tenant_id = prismiq_widgets.tenant_id
                         AND d.id = prismiq_widgets.dashboard_id
                         AND prismiq_internal.may_edit(d.owner_id, d.allowed_editors)));

ALTER TABLE @extschema@.prismiq_saved_queries ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_saved_queries FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_saved_queries_maintenance ON @extschema@.prismiq_saved_queries TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
CREATE POLICY prismiq_saved_queries_select ON @extschema@.prismiq_saved_queries FOR SELECT
    USING (tenant_id = ANY (ARRAY[(SELECT @extschema@.prismiq_tenant_id()), ''])
           AND CASE WHEN tenant_id = '' THEN
                   (SELECT @extschema@.prismiq_tenant_id()) IS NOT NULL
                   AND id IN (SELECT p.resource_id FROM @extschema@.prismiq_provided p)
               ELSE is_shared
                    OR owner_id = (SELECT @extschema@.prismiq_user_id())
                    OR (SELECT prismiq_internal.is_admin()) END);
CREATE POLICY prismiq_saved_queries_insert ON @extschema@.prismiq_saved_queries FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND id::text !~ '^.{14}5.{4}[89ab]'
                AND (SELECT prismiq_internal.may_create())
                AND created_by = (SELECT @extschema@.prismiq_user_id())
                AND version = 1 AND created_at = now() AND updated_at = now()
                AND (owner_id = (SELECT @extschema@.prismiq_user_id())
                     OR (SELECT prismiq_internal.is_admin())));
CREATE POLICY prismiq_saved_queries_update ON @extschema@.prismiq_saved_queries FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND prismiq_internal.may_manage(owner_id))
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND (owner_id IS NOT NULL OR (SELECT prismiq_internal.is_admin())));
CREATE POLICY prismiq_saved_queries_delete ON @extschema@.prismiq_saved_queries FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND prismiq_internal.may_manage(owner_id));

ALTER TABLE @extschema@.prismiq_schema_config ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_schema_config FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_schema_config_maintenance ON @extschema@.prismiq_schema_config TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
CREATE POLICY prismiq_schema_config_select ON @extschema@.prismiq_schema_config FOR SELECT
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id()));
CREATE POLICY prismiq_schema_config_insert ON @extschema@.prismiq_schema_config FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND version = 1 AND created_at = now() AND updated_at = now()
                AND (SELECT prismiq_internal.is_admin()));
CREATE POLICY prismiq_schema_config_update ON @extschema@.prismiq_schema_config FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND (SELECT prismiq_internal.is_admin()))
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND (SELECT prismiq_internal.is_admin()));
CREATE POLICY prismiq_schema_config_delete ON @extschema@.prismiq_schema_config FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND (SELECT prismiq_internal.is_admin()));

-- No tenant's: who may use the table at all (prismiq_grant, profile admin) gets at its row. Row
-- security is on so that what triggers refuse is refused to them.
ALTER TABLE @extschema@.prismiq_model ENABLE ROW LEVEL SECURITY;

CREATE POLICY prismiq_model_admin ON @extschema@.prismiq_model USING (true) WITH CHECK (true);
