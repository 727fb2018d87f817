-- What a user keeps at hand: its own pins on dashboards and saved queries, in an order of its own.

CREATE TABLE @extschema@.prismiq_pins (
    tenant_id     text NOT NULL DEFAULT @extschema@.prismiq_tenant_id()
                  CONSTRAINT prismiq_pins_tenant_id_check
                  CHECK (octet_length(tenant_id) BETWEEN 1 AND 255),
    user_id       text NOT NULL DEFAULT @extschema@.prismiq_user_id()
                  CONSTRAINT prismiq_pins_user_id_check
                  CHECK (octet_length(user_id) BETWEEN 1 AND 1024),
    context       text NOT NULL DEFAULT ''
                  CONSTRAINT prismiq_pins_context_check CHECK (octet_length(context) <= 255),
    resource_type text NOT NULL
                  CONSTRAINT prismiq_pins_resource_type_check
                  CHECK (resource_type IN ('dashboard', 'query')),
    resource_id   uuid NOT NULL,
    position      integer NOT NULL DEFAULT 1
                  CONSTRAINT prismiq_pins_position_check CHECK (position >= 1),
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prismiq_pins_pkey
        PRIMARY KEY (tenant_id, user_id, context, resource_type, resource_id)
);
COMMENT ON TABLE @extschema@.prismiq_pins IS
$c$Holds what users have pinned. Row security shows each user its own.
The context is a place of the application, '' for favourites. A pin does not keep what it is on: of
what is gone, or not for the user any more, no list tells.$c$;

ALTER TABLE @extschema@.prismiq_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.prismiq_pins FORCE ROW LEVEL SECURITY;

CREATE POLICY prismiq_pins_maintenance ON @extschema@.prismiq_pins TO @extowner@
    USING ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'))
    WITH CHECK ((SELECT current_setting('prismiq.maintenance', true)) IN ('on', 'call'));
CREATE POLICY prismiq_pins_select ON @extschema@.prismiq_pins FOR SELECT
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND user_id = (SELECT @extschema@.prismiq_user_id()));
-- The sub-selects stand under the policies of what is pinned.
CREATE POLICY prismiq_pins_insert ON @extschema@.prismiq_pins FOR INSERT
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND user_id = (SELECT @extschema@.prismiq_user_id())
                AND created_at = now()
                AND CASE resource_type
                    WHEN 'dashboard' THEN EXISTS (
                        SELECT FROM @extschema@.prismiq_dashboards d
                        WHERE d.tenant_id = ANY (ARRAY[prismiq_pins.tenant_id, ''])
                          AND d.id = prismiq_pins.resource_id)
                    ELSE EXISTS (
                        SELECT FROM @extschema@.prismiq_saved_queries q
                        WHERE q.tenant_id = prismiq_pins.tenant_id
                          AND q.id = prismiq_pins.resource_id) END);
CREATE POLICY prismiq_pins_update ON @extschema@.prismiq_pins FOR UPDATE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND user_id = (SELECT @extschema@.prismiq_user_id()))
    WITH CHECK (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                AND user_id = (SELECT @extschema@.prismiq_user_id())
                AND CASE resource_type
                    WHEN 'dashboard' THEN EXISTS (
                        SELECT FROM @extschema@.prismiq_dashboards d
                        WHERE d.tenant_id = ANY (ARRAY[prismiq_pins.tenant_id, ''])
                          AND d.id = prismiq_pins.resource_id)
                    ELSE EXISTS (
                        SELECT FROM @extschema@.prismiq_saved_queries q
                        WHERE q.tenant_id = prismiq_pins.tenant_id
                          AND q.id = prismiq_pins.resource_id) END);
CREATE POLICY prismiq_pins_delete ON @extschema@.prismiq_pins FOR DELETE
    USING (tenant_id = (SELECT @extschema@.prismiq_tenant_id())
           AND user_id = (SELECT @extschema@.prismiq_user_id()));
