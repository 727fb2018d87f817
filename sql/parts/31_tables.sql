-- Dashboards, widgets, saved queries and configuration: every key begins with the tenant, '' for
-- what is provided to all: no context has it, so nobody writes such a row by hand. The
-- application's own model has no tenant. What may be stored has fixed bounds: a constraint that
-- depended on a setting could stop a restore.

CREATE TABLE @extschema@.prismiq_dashboards (
    tenant_id        text NOT NULL DEFAULT @extschema@.prismiq_tenant_id()
                     CONSTRAINT prismiq_dashboards_tenant_id_check
                     CHECK (octet_length(tenant_id) <= 255),
    id               uuid NOT NULL DEFAULT gen_random_uuid(),
    name             varchar(255) NOT NULL
                     CONSTRAINT prismiq_dashboards_name_check
                     CHECK (name ~ '[^[:space:]]'),
    description      text
                     CONSTRAINT prismiq_dashboards_description_check
                     CHECK (length(description) <= 10000),
    layout           jsonb NOT NULL
                     DEFAULT prismiq_internal.layout_default()
                     CONSTRAINT prismiq_dashboards_layout_check
                     CHECK (prismiq_internal.layout_check(layout)),
    filters          jsonb NOT NULL DEFAULT '[]'
                     CONSTRAINT prismiq_dashboards_filters_check
                     CHECK (prismiq_internal.dashboard_filters_check(filters)),
    -- By triggers: which tables of the widgets each filter was on when they were saved. Where one
    -- of them has the column no more, the filter is not taken for one that is not concerned.
    filter_tables    jsonb NOT NULL DEFAULT '{}',
    owner_id         text DEFAULT @extschema@.prismiq_user_id()
                     CONSTRAINT prismiq_dashboards_owner_id_check
                     CHECK (octet_length(owner_id) BETWEEN 1 AND 1024),
    created_by       text DEFAULT @extschema@.prismiq_user_id()
                     CONSTRAINT prismiq_dashboards_created_by_check
                     CHECK (octet_length(created_by) BETWEEN 1 AND 1024),
    is_public        boolean NOT NULL DEFAULT false,
    is_default       boolean NOT NULL DEFAULT false,
    allowed_viewers  text[] NOT NULL DEFAULT '{}'
                     CONSTRAINT prismiq_dashboards_allowed_viewers_check
                     CHECK (prismiq_internal.users_check(allowed_viewers)),
    allowed_editors  text[] NOT NULL DEFAULT '{}'
                     CONSTRAINT prismiq_dashboards_allowed_editors_check
                     CHECK (prismiq_internal.users_check(allowed_editors)),
    timezone         text
                     CONSTRAINT prismiq_dashboards_timezone_check
                     CHECK (octet_length(timezone) BETWEEN 1 AND 255),
    refresh_interval integer
                     CONSTRAINT prismiq_dashboards_refresh_interval_check
                     CHECK (refresh_interval >= 1),
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prismiq_dashboards_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT prismiq_dashboards_name_key UNIQUE (tenant_id, name)
);
CREATE UNIQUE INDEX prismiq_dashboards_default_key
    ON @extschema@.prismiq_dashboards (tenant_id, owner_id) NULLS NOT DISTINCT WHERE is_default;
COMMENT ON TABLE @extschema@.prismiq_dashboards IS
$c$Holds dashboards. Row security shows each caller those of its tenant that it may see.
Without an owner a dashboard is the tenant's shared one, and with the tenant '' it is provided.
created_by is the user who made it, and never changes. version and updated_at change with every
update.$c$;

CREATE TABLE @extschema@.prismiq_saved_queries (
    tenant_id   text NOT NULL DEFAULT @extschema@.prismiq_tenant_id()
                CONSTRAINT prismiq_saved_queries_tenant_id_check
                CHECK (octet_length(tenant_id) <= 255),
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    name        varchar(255) NOT NULL
                CONSTRAINT prismiq_saved_queries_name_check
                CHECK (name ~ '[^[:space:]]'),
    description text
                CONSTRAINT prismiq_saved_queries_description_check
                CHECK (length(description) <= 10000),
    query       jsonb
                CONSTRAINT prismiq_saved_queries_query_check
                CHECK (prismiq_internal.definition_check(query)),
    sql         text
                CONSTRAINT prismiq_saved_queries_sql_check
                CHECK (sql ~ '[^[:space:]]' AND length(sql) <= 1000000),
    owner_id    text DEFAULT @extschema@.prismiq_user_id()
                CONSTRAINT prismiq_saved_queries_owner_id_check
                CHECK (octet_length(owner_id) BETWEEN 1 AND 1024),
    created_by  text DEFAULT @extschema@.prismiq_user_id()
                CONSTRAINT prismiq_saved_queries_created_by_check
                CHECK (octet_length(created_by) BETWEEN 1 AND 1024),
    is_shared   boolean NOT NULL DEFAULT false,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prismiq_saved_queries_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT prismiq_saved_queries_name_key UNIQUE (tenant_id, name),
    CONSTRAINT prismiq_saved_queries_one_kind CHECK (num_nonnulls(query, sql) = 1)
);
COMMENT ON TABLE @extschema@.prismiq_saved_queries IS
$c$Holds query definitions with a name, for widgets and people to share.
Row security shows each caller its own and those that are shared in its tenant.$c$;

CREATE TABLE @extschema@.prismiq_widgets (
    tenant_id      text NOT NULL DEFAULT @extschema@.prismiq_tenant_id()
                   CONSTRAINT prismiq_widgets_tenant_id_check
                   CHECK (octet_length(tenant_id) <= 255),
    id             uuid NOT NULL DEFAULT gen_random_uuid(),
    dashboard_id   uuid NOT NULL,
    type           text NOT NULL
                   CONSTRAINT prismiq_widgets_type_fkey
                   REFERENCES @extschema@.prismiq_widget_types (type) ON UPDATE CASCADE,
    title          text
                   CONSTRAINT prismiq_widgets_title_check
                   CHECK (length(title) <= 1000),
    query          jsonb
                   CONSTRAINT prismiq_widgets_query_check
                   CHECK (prismiq_internal.definition_check(query)),
    saved_query_id uuid,
    position       jsonb NOT NULL DEFAULT '{"x": 0, "y": 0, "w": 4, "h": 3}'
                   CONSTRAINT prismiq_widgets_position_check
                   CHECK (prismiq_internal.position_check(position)),
    config         jsonb NOT NULL DEFAULT '{}'
                   CONSTRAINT prismiq_widgets_config_check
                   CHECK (prismiq_internal.widget_config_check(config)),
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prismiq_widgets_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT prismiq_widgets_dashboard_id_fkey
        FOREIGN KEY (tenant_id, dashboard_id)
        REFERENCES @extschema@.prismiq_dashboards (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT prismiq_widgets_saved_query_id_fkey
        FOREIGN KEY (tenant_id, saved_query_id)
        REFERENCES @extschema@.prismiq_saved_queries (tenant_id, id)
        ON DELETE SET NULL (saved_query_id),
    CONSTRAINT prismiq_widgets_one_query CHECK (num_nonnulls(query, saved_query_id) <= 1)
);
CREATE INDEX prismiq_widgets_dashboard_idx ON @extschema@.prismiq_widgets (tenant_id, dashboard_id);
CREATE INDEX prismiq_widgets_saved_query_idx
    ON @extschema@.prismiq_widgets (tenant_id, saved_query_id) WHERE saved_query_id IS NOT NULL;
CREATE INDEX prismiq_widgets_type_idx ON @extschema@.prismiq_widgets (type);
COMMENT ON TABLE @extschema@.prismiq_widgets IS
$c$Holds the widgets of dashboards: what each shows, and where it stands in the grid.
Who may see or edit a widget is who may see or edit its dashboard.$c$;

CREATE TABLE @extschema@.prismiq_schema_config (
    tenant_id  text CONSTRAINT prismiq_schema_config_pkey PRIMARY KEY
               DEFAULT @extschema@.prismiq_tenant_id()
               CONSTRAINT prismiq_schema_config_tenant_id_check
               CHECK (octet_length(tenant_id) BETWEEN 1 AND 255),
    config     jsonb NOT NULL DEFAULT '{}'
                   CONSTRAINT prismiq_schema_config_config_check
                   CHECK (prismiq_internal.schema_config_check(config)),
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @extschema@.prismiq_schema_config IS
$c$Holds what each tenant says of its calendar and of the names of its tables and columns.
Read by everybody in the tenant, written by its admins.$c$;

CREATE TABLE @extschema@.prismiq_model (
    only_row   boolean CONSTRAINT prismiq_model_pkey PRIMARY KEY DEFAULT true
               CONSTRAINT prismiq_model_only_row_check CHECK (only_row),
    config     jsonb NOT NULL DEFAULT '{}'
               CONSTRAINT prismiq_model_config_check
               CHECK (prismiq_internal.model_check(config)),
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @extschema@.prismiq_model IS
$c$Holds what the application says for all tenants: names, formats, what is hidden, relationships
between tables, and measures; one row, or none. No application role may read it: C code does.
Written through prismiq_model_set().$c$;

CREATE TABLE @extschema@.prismiq_provided (
    tenant_id   text NOT NULL
                CONSTRAINT prismiq_provided_tenant_id_check CHECK (octet_length(tenant_id) <= 255),
    resource_id uuid NOT NULL,
    key         text NOT NULL
                CONSTRAINT prismiq_provided_key_check CHECK (octet_length(key) BETWEEN 1 AND 255),
    CONSTRAINT prismiq_provided_pkey PRIMARY KEY (tenant_id, resource_id)
);
CREATE INDEX prismiq_provided_key_idx ON @extschema@.prismiq_provided (key);
COMMENT ON TABLE @extschema@.prismiq_provided IS
$c$Says for which tenants a provided dashboard and its saved queries are; '' is for all.
Row security shows each tenant what is for it. prismiq_provided_set() and prismiq_provided_remove()
write it.$c$;
