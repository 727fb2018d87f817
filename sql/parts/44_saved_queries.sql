-- Saved queries.

CREATE FUNCTION prismiq_internal.saved_query_document(saved @extschema@.prismiq_saved_queries)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT to_jsonb(saved) || jsonb_build_object(
        'is_owner', coalesce(saved.owner_id = @extschema@.prismiq_user_id(), false),
        'can_edit', prismiq_internal.may_manage(saved.owner_id))
$f$;
COMMENT ON FUNCTION prismiq_internal.saved_query_document(@extschema@.prismiq_saved_queries) IS
$c$Builds the document of a saved query: its columns, is_owner and can_edit.$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_list(options jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    caller text := @extschema@.prismiq_user_id();
    o record;
BEGIN
    PERFORM prismiq_internal.context_check();
    o := prismiq_internal.list_options(options);
    RETURN (
        WITH seen AS MATERIALIZED (
            SELECT q AS row, prismiq_internal.list_key(
                       o.sort, row_number() OVER (ORDER BY lower(q.name), q.name),
                       q.created_at, q.updated_at, false) AS place
            FROM @extschema@.prismiq_saved_queries q
            WHERE q.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
              AND prismiq_internal.list_matches(o.search, q.name, q.description)
              AND CASE o.scope WHEN 'mine' THEN coalesce(q.owner_id = caller, false)
                               WHEN 'shared' THEN q.is_shared
                               WHEN 'public' THEN q.is_shared
                               WHEN 'provided' THEN false
                               ELSE true END)
        SELECT prismiq_internal.list_answer(
                   jsonb_agg(prismiq_internal.saved_query_document(l.row) ORDER BY l.place),
                   CASE WHEN o.count THEN (SELECT count(*) FROM seen) END)
        FROM (SELECT s.row, s.place FROM seen s
              ORDER BY s.place LIMIT o.page_size OFFSET o.skipped) l);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_list(jsonb) IS
$c$Lists the saved queries that the caller may see: its own and the shared ones.
Takes {search, scope: "all" | "mine" | "shared", sort, limit and offset, or page and page_size,
count} as prismiq_dashboard_list does; without a sort they come by name.
Returns [{id, name, description, query, sql, owner_id, created_by, is_shared, version, created_at,
updated_at, is_owner, can_edit}].
Errors: 22023 for options that are not known; 42501 without a context.
Example: SELECT prismiq_saved_query_list('{"scope": "mine"}');$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_get(id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    q @extschema@.prismiq_saved_queries;
BEGIN
    PERFORM prismiq_internal.context_check();
    SELECT * INTO q FROM @extschema@.prismiq_saved_queries
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND id = prismiq_saved_query_get.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'saved query not found';
    END IF;
    RETURN prismiq_internal.saved_query_document(q);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_get(uuid) IS
$c$Returns a saved query.
Returns {id, name, description, query, sql, owner_id, created_by, is_shared, version, created_at,
updated_at, is_owner, can_edit}.
Errors: PT404 when there is none that the caller may see; 42501 without a context.
Example: SELECT prismiq_saved_query_get('7a0d5e8c-52d6-49a6-8f53-2c1f0f1c9d20');$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_create(data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    caller text := @extschema@.prismiq_user_id();
    q @extschema@.prismiq_saved_queries;
    owner text;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.saved_query_new_check(data, '{}', '@extschema@'::regnamespace);
    IF NOT prismiq_internal.may_create() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'creating saved queries is not permitted',
            HINT = 'It takes a user of the tenant whose role is more than viewer.';
    END IF;
    owner := CASE WHEN data ? 'owner_id' THEN data ->> 'owner_id' ELSE caller END;
    IF owner IS DISTINCT FROM caller AND NOT prismiq_internal.is_admin() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'only an admin may create a saved query for somebody else';
    END IF;
    q := jsonb_populate_record(NULL::@extschema@.prismiq_saved_queries, data);
    INSERT INTO @extschema@.prismiq_saved_queries (name, description, query, owner_id, is_shared)
    VALUES (q.name, q.description, q.query, owner, coalesce(q.is_shared, false))
    ON CONFLICT (tenant_id, name) DO NOTHING
    RETURNING * INTO q;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '23505',
            MESSAGE = 'a saved query of this name exists already';
    END IF;
    RETURN prismiq_internal.saved_query_document(q);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_create(jsonb) IS
$c$Saves a query definition under a name.
Takes {name, description, query, owner_id, is_shared}; name and query are required. Returns the
saved query.
Errors: 22023 with all faults; 23505 when the name is taken; 42501 for viewers and API keys.
Example:
  SELECT prismiq_saved_query_create('{"name": "Flights", "is_shared": true,
    "query": {"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f",
    "column": "*", "aggregation": "count"}]}}');$c$;
