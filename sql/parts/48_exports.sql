-- Dashboards as documents that go from one tenant, or one database, to another.

CREATE FUNCTION prismiq_internal.dashboard_export(d @extschema@.prismiq_dashboards)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    widget_names text[];
    content jsonb;
    used uuid[];
    lost uuid[];
    more uuid[];
    queries jsonb;
    shown jsonb;
    warnings jsonb;
BEGIN
    widget_names := ARRAY(
        SELECT 'w' || row_number() OVER () FROM @extschema@.prismiq_widgets w
        WHERE w.tenant_id = d.tenant_id AND w.dashboard_id = d.id);
    content := prismiq_internal.dashboard_content(d, widget_names);
    -- The saved queries that widgets are on, that definitions are made of, and so on.
    WITH RECURSIVE uses (id) AS (
        SELECT r.id FROM jsonb_array_elements(content -> 'widgets') w,
            LATERAL unnest(prismiq_internal.definition_references(w -> 'query')
                           || (w ->> 'saved_query_id')::uuid) AS r (id)
        UNION
        SELECT r.id FROM uses u
        JOIN @extschema@.prismiq_saved_queries q ON q.tenant_id = d.tenant_id AND q.id = u.id,
            LATERAL unnest(prismiq_internal.definition_references(q.query)) AS r (id))
    SELECT coalesce(array_agg(u.id), '{}') INTO used FROM uses u WHERE u.id IS NOT NULL;
    -- Those that the caller does not see, and those that are made of them.
    lost := ARRAY(SELECT u.id FROM unnest(used) AS u (id)
                  WHERE NOT EXISTS (SELECT FROM @extschema@.prismiq_saved_queries q
                                    WHERE q.tenant_id = d.tenant_id AND q.id = u.id
                                      AND q.query IS NOT NULL));
    LOOP
        more := ARRAY(SELECT q.id FROM @extschema@.prismiq_saved_queries q
                      WHERE q.tenant_id = d.tenant_id AND q.id = ANY (used) AND q.id <> ALL (lost)
                        AND prismiq_internal.definition_references(q.query) && lost);
        EXIT WHEN more = '{}';
        lost := lost || more;
    END LOOP;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'id', q.id, 'name', q.name, 'description', q.description, 'query', q.query,
               'is_shared', q.is_shared) ORDER BY q.name COLLATE "C"), '[]')
    INTO queries
    FROM @extschema@.prismiq_saved_queries q
    WHERE q.tenant_id = d.tenant_id AND q.id = ANY (used) AND q.id <> ALL (lost);
    WITH elements AS (
        SELECT w.widget, w.place, (w.widget ->> 'saved_query_id')::uuid = ANY (lost) AS no_saved,
               prismiq_internal.definition_references(w.widget -> 'query') && lost AS no_query
        FROM jsonb_array_elements(content -> 'widgets') WITH ORDINALITY AS w (widget, place))
    SELECT jsonb_agg(e.widget
                     || CASE WHEN e.no_saved THEN '{"saved_query_id": null}'::jsonb ELSE '{}' END
                     || CASE WHEN e.no_query THEN '{"query": null}'::jsonb ELSE '{}' END
                     ORDER BY e.place),
           jsonb_agg(prismiq_internal.left_out(
                         e.place, CASE WHEN e.no_saved THEN 'saved_query_id' ELSE 'query' END)
                     ORDER BY e.place) FILTER (WHERE e.no_saved OR e.no_query)
    INTO shown, warnings
    FROM elements e;
    RETURN prismiq_internal.document_renamed(
        content || jsonb_build_object(
            'format', 'prismiq.dashboard', 'version', '1.0',
            'widgets', coalesce(shown, '[]'), 'saved_queries', queries),
        widget_names, ARRAY(SELECT 'q' || n FROM generate_series(
                                1, jsonb_array_length(queries)) AS n))
        || CASE WHEN warnings IS NULL THEN '{}' ELSE jsonb_build_object('warnings', warnings) END;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.dashboard_export(@extschema@.prismiq_dashboards) IS
$c$Builds the document of a dashboard that is exported, with the saved queries that it needs.
The names of widgets and saved queries in it depend on nothing but their order.$c$;

CREATE FUNCTION prismiq_internal.import_data(
    here @extschema@.prismiq_dashboards, document jsonb, widget_ids text[], query_ids text[])
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    facts jsonb := prismiq_internal.document_facts(here, NULL::jsonb, NULL::uuid, NULL::uuid);
    -- What is too large is refused for that.
    data CONSTANT jsonb := CASE WHEN pg_column_size(document) > 16777216 THEN document
        ELSE prismiq_internal.document_renamed(document, widget_ids, query_ids) END;
BEGIN
    -- A saved query is the document's own, and the largest size of a type is for editors.
    facts := facts - 'saved_queries' || jsonb_build_object('document', document, 'types', (
        SELECT jsonb_object_agg(t.key, t.value - ARRAY['max_w', 'max_h'])
        FROM jsonb_each(facts -> 'types') t));
    PERFORM prismiq_internal.import_check(data, facts, '@extschema@'::regnamespace);
    RETURN data;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.import_data(
    @extschema@.prismiq_dashboards, jsonb, text[], text[]) IS
$c$Checks the document of a dashboard, and returns it with the ids that are given.
Raises every fault of it, with its place and a suggestion.$c$;

CREATE FUNCTION prismiq_internal.saved_queries_insert(
    here @extschema@.prismiq_dashboards, queries jsonb)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    q @extschema@.prismiq_saved_queries;
    wanted text;
    number integer;
BEGIN
    IF jsonb_array_length(queries) > 0 AND NOT prismiq_internal.may_create() THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'creating saved queries is not permitted',
            HINT = 'It takes a user of the tenant whose role is more than viewer.';
    END IF;
    FOR q IN SELECT * FROM jsonb_populate_recordset(
                 NULL::@extschema@.prismiq_saved_queries, queries) LOOP
        wanted := q.name;
        number := 1;
        LOOP
            INSERT INTO @extschema@.prismiq_saved_queries (id, name, description, query, is_shared)
            VALUES (q.id, q.name, q.description, q.query, coalesce(q.is_shared, false))
            ON CONFLICT (tenant_id, name) DO NOTHING;
            EXIT WHEN FOUND;
            IF number = 100000 THEN
                RAISE EXCEPTION USING ERRCODE = '23505',
                    MESSAGE = 'a saved query of this name exists already';
            END IF;
            number := number + 1;
            q.name := prismiq_internal.name_numbered(wanted, number);
        END LOOP;
    END LOOP;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.saved_queries_insert(@extschema@.prismiq_dashboards, jsonb) IS
$c$Adds saved queries with the ids that they bring; a name that is taken gets a number.$c$;
