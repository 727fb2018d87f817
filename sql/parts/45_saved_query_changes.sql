-- Changing and deleting saved queries.

CREATE FUNCTION @extschema@.prismiq_saved_query_update(id uuid, data jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    q @extschema@.prismiq_saved_queries;
BEGIN
    PERFORM prismiq_internal.context_check();
    data := prismiq_internal.json_argument(data, '{}'::jsonb);
    PERFORM prismiq_internal.saved_query_change_check(data, '{}', '@extschema@'::regnamespace);
    PERFORM @extschema@.prismiq_saved_query_get(prismiq_saved_query_update.id);
    SELECT * INTO q FROM @extschema@.prismiq_saved_queries
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND id = prismiq_saved_query_update.id
      AND prismiq_internal.may_manage(owner_id)
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'editing this saved query is not permitted',
            HINT = 'Its owner and admins may edit it.';
    END IF;
    IF q.version <> (data ->> 'version')::numeric THEN
        RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'saved query was changed meanwhile',
            DETAIL = format('Its version is %s.', q.version),
            HINT = 'Get it again and repeat the change.';
    END IF;
    IF data - 'version' = '{}' THEN
        RETURN prismiq_internal.saved_query_document(q);
    END IF;
    q := jsonb_populate_record(q, data - ARRAY['version', 'sql']);
    IF data ->> 'query' IS NOT NULL THEN
        q.sql := NULL;
    END IF;
    BEGIN
        UPDATE @extschema@.prismiq_saved_queries
        SET name = q.name, description = q.description, query = q.query, sql = q.sql,
            owner_id = q.owner_id, is_shared = q.is_shared
        WHERE tenant_id = q.tenant_id AND id = q.id
        RETURNING * INTO q;
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION USING ERRCODE = '23505',
            MESSAGE = 'a saved query of this name exists already';
    END;
    RETURN prismiq_internal.saved_query_document(q);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_update(uuid, jsonb) IS
$c$Changes a saved query: only the keys that are given.
Takes the keys of prismiq_saved_query_create, and version: the change is made only if the query
still has it. Returns the saved query.
Errors: PT404; 42501 unless the caller is its owner or an admin; PT409 when the version does not
match; 23505; 22023.
Example:
  SELECT prismiq_saved_query_update('7a0d5e8c-52d6-49a6-8f53-2c1f0f1c9d20',
    '{"is_shared": true}');$c$;

CREATE FUNCTION @extschema@.prismiq_saved_query_delete(id uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
BEGIN
    PERFORM prismiq_internal.context_check();
    PERFORM @extschema@.prismiq_saved_query_get(prismiq_saved_query_delete.id);
    DELETE FROM @extschema@.prismiq_saved_queries
    WHERE tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND id = prismiq_saved_query_delete.id
      AND prismiq_internal.may_manage(owner_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'deleting this saved query is not permitted',
            HINT = 'Its owner and admins may delete it.';
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_saved_query_delete(uuid) IS
$c$Deletes a saved query; widgets that used it stay, without a query.
Returns true. Errors: PT404 when there is none that the caller may see; 42501 unless the caller is
its owner or an admin.
Example: SELECT prismiq_saved_query_delete('7a0d5e8c-52d6-49a6-8f53-2c1f0f1c9d20');$c$;
