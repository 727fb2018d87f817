-- What in the documents of a dashboard refers to its widgets and to saved queries, and how it gets
-- other ids.

CREATE FUNCTION prismiq_internal.filters_map(filters jsonb, ids jsonb, others boolean) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(jsonb_agg(
        CASE WHEN jsonb_typeof(f.filter -> 'applies_to') = 'array' THEN
            jsonb_set(f.filter, '{applies_to}', (
                SELECT coalesce(jsonb_agg(m.id ORDER BY a.place, m.place), '[]')
                FROM jsonb_array_elements(f.filter -> 'applies_to')
                    WITH ORDINALITY AS a (id, place)
                CROSS JOIN LATERAL jsonb_array_elements(coalesce(
                    filters_map.ids -> (a.id #>> '{}'),
                    filters_map.ids -> lower(a.id #>> '{}'),
                    CASE WHEN filters_map.others THEN jsonb_build_array(a.id)
                         ELSE '[]' END)) WITH ORDINALITY AS m (id, place)))
        ELSE f.filter END ORDER BY f.place), '[]')
    FROM jsonb_array_elements(filters_map.filters) WITH ORDINALITY AS f (filter, place);
END;
COMMENT ON FUNCTION prismiq_internal.filters_map(jsonb, jsonb, boolean) IS
$c$Returns the filters of a dashboard with other ids of widgets in their applies_to.
Takes {id: [ids in its place]}, and whether those that are not in it stay. A filter that is for no
widget any more stays so: it is not for all.$c$;

CREATE FUNCTION prismiq_internal.references_map(definition jsonb, ids jsonb, otherwise jsonb)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_references_map';
COMMENT ON FUNCTION prismiq_internal.references_map(jsonb, jsonb, jsonb) IS
$c$Returns a definition with other ids of the saved queries that are its tables.
Takes {id: the one in its place}, and what stands in for those that are not in it.$c$;

CREATE FUNCTION prismiq_internal.definition_references(definition jsonb) RETURNS uuid[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT CASE
        WHEN r #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN (r #>> '{}')::uuid END), '{}')
    FROM jsonb_path_query(definition_references.definition,
                          'lax $.**.tables[*].saved_query ? (@.type() == "string")') r;
END;
COMMENT ON FUNCTION prismiq_internal.definition_references(jsonb) IS
$c$Lists the saved queries that are tables of a definition, or of one within it.$c$;

CREATE FUNCTION prismiq_internal.name_uuid(space uuid, name text) RETURNS uuid
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_name_uuid';
COMMENT ON FUNCTION prismiq_internal.name_uuid(uuid, text) IS
$c$Makes the uuid of version 5 that a name has in a name space: the same in every database.$c$;

CREATE FUNCTION prismiq_internal.elements_renamed(list jsonb, ids text[], queries jsonb)
    RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(jsonb_agg(
        CASE WHEN jsonb_typeof(e.node) = 'object' THEN
            e.node || jsonb_build_object('id', elements_renamed.ids[e.place])
            || CASE WHEN jsonb_typeof(e.node -> 'saved_query_id') = 'string' THEN
                   jsonb_build_object('saved_query_id', coalesce(
                       elements_renamed.queries -> (e.node ->> 'saved_query_id'),
                       '"00000000-0000-0000-0000-000000000000"')) ELSE '{}' END
            || CASE WHEN e.node ? 'query' THEN
                   jsonb_build_object('query', prismiq_internal.references_map(
                       e.node -> 'query', elements_renamed.queries,
                       '"00000000-0000-0000-0000-000000000000"')) ELSE '{}' END
        ELSE e.node END ORDER BY e.place), '[]')
    FROM jsonb_array_elements(elements_renamed.list) WITH ORDINALITY AS e (node, place);
END;
COMMENT ON FUNCTION prismiq_internal.elements_renamed(jsonb, text[], jsonb) IS
$c$Returns widgets or saved queries of a document with other ids, and what they refer to.$c$;

CREATE FUNCTION prismiq_internal.names_map(list jsonb, ids text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Of two with one name, which is a fault, the first counts.
    SELECT coalesce(jsonb_object_agg(e.node ->> 'id', names_map.ids[e.place]
                                     ORDER BY e.place DESC)
                        FILTER (WHERE jsonb_typeof(e.node -> 'id') = 'string'), '{}')
    FROM jsonb_array_elements(names_map.list) WITH ORDINALITY AS e (node, place);
END;
COMMENT ON FUNCTION prismiq_internal.names_map(jsonb, text[]) IS
$c$Says which id the elements of a list get in place of theirs.$c$;

CREATE FUNCTION prismiq_internal.document_renamed(
    document jsonb, widget_ids text[], query_ids text[])
    RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN jsonb_typeof(document) <> 'object' THEN document ELSE
        document
        || CASE WHEN l.filters THEN jsonb_build_object('filters', prismiq_internal.filters_map(
               document -> 'filters', (
                   SELECT coalesce(jsonb_object_agg(w.name, jsonb_build_array(w.id)), '{}')
                   FROM jsonb_each(m.widgets) AS w (name, id)), false)) ELSE '{}' END
        || CASE WHEN l.widgets THEN jsonb_build_object('widgets', prismiq_internal.elements_renamed(
               document -> 'widgets', widget_ids, m.queries)) ELSE '{}' END
        || CASE WHEN l.queries THEN jsonb_build_object(
               'saved_queries', prismiq_internal.elements_renamed(
                   document -> 'saved_queries', query_ids, m.queries)) ELSE '{}' END END
    FROM (SELECT coalesce(jsonb_typeof(document -> 'filters') = 'array', false) AS filters,
                 coalesce(jsonb_typeof(document -> 'widgets') = 'array', false) AS widgets,
                 coalesce(jsonb_typeof(document -> 'saved_queries') = 'array', false) AS queries) l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.widgets THEN prismiq_internal.names_map(
                        document -> 'widgets', widget_ids) ELSE '{}' END AS widgets,
               CASE WHEN l.queries THEN prismiq_internal.names_map(
                        document -> 'saved_queries', query_ids) ELSE '{}' END AS queries) m;
END;
COMMENT ON FUNCTION prismiq_internal.document_renamed(jsonb, text[], text[]) IS
$c$Returns the document of a dashboard with other ids of its widgets and saved queries.
Takes the ids in the order of their lists. What refers to them has them too; what refers to nothing
has an id of nothing. Looks at nothing else: the document may be anything.$c$;

CREATE FUNCTION prismiq_internal.new_ids(list jsonb) RETURNS text[]
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
    -- In order, which is that of widgets in one place; of a longer list none is taken.
    SELECT ARRAY(
        SELECT n.id::text
        FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, least(
                  CASE jsonb_typeof(list) WHEN 'array' THEN jsonb_array_length(list) END,
                  10000))) n
        ORDER BY n.id)
$f$;
COMMENT ON FUNCTION prismiq_internal.new_ids(jsonb) IS
$c$Makes ids for the elements of a list.$c$;

CREATE FUNCTION prismiq_internal.provided_id(key text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The name space of provided dashboards, for ever.
    SELECT prismiq_internal.name_uuid('6f1d9e52-5b0c-4a43-9d6e-2c1b7f0f3a57', key);
END;
COMMENT ON FUNCTION prismiq_internal.provided_id(text) IS
$c$Returns the id that the provided dashboard of a key has, the same in every database.$c$;

CREATE FUNCTION prismiq_internal.provided_ids(dashboard_id uuid, kind text, list jsonb)
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN jsonb_typeof(list) = 'array' THEN ARRAY(
        SELECT prismiq_internal.name_uuid(dashboard_id, format('%s %s', kind, CASE
                   WHEN jsonb_typeof(e.node -> 'id') = 'string' THEN e.node ->> 'id'
                   ELSE e.place::text END))::text
        FROM jsonb_array_elements(list) WITH ORDINALITY AS e (node, place)
        ORDER BY e.place) END;
END;
COMMENT ON FUNCTION prismiq_internal.provided_ids(uuid, text, jsonb) IS
$c$Makes the ids of a provided dashboard's widgets or saved queries of their names.
So they stay the same when the dashboard is provided anew.$c$;

CREATE FUNCTION prismiq_internal.list_with_params(list jsonb, params jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_agg(CASE WHEN jsonb_typeof(e.node #> '{query,params}') = 'object' THEN
        jsonb_set(e.node, '{query,params}', (
            SELECT coalesce(jsonb_object_agg(p.key, CASE
                WHEN list_with_params.params ? p.key AND jsonb_typeof(p.value) = 'object' THEN
                    p.value || jsonb_build_object('default', list_with_params.params -> p.key)
                ELSE p.value END), '{}')
            FROM jsonb_each(e.node #> '{query,params}') p))
        ELSE e.node END ORDER BY e.place)
    FROM jsonb_array_elements(list_with_params.list) WITH ORDINALITY AS e (node, place);
END;
COMMENT ON FUNCTION prismiq_internal.list_with_params(jsonb, jsonb) IS
$c$Returns widgets or saved queries with other defaults of their definitions' parameters.$c$;

CREATE FUNCTION prismiq_internal.left_out(place bigint, key text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_build_object(
        'path', format('/widgets/%s/%s', left_out.place - 1, left_out.key),
        'code', 'TABLE_NOT_FOUND',
        'message', 'a saved query that is not there for the caller was left out');
END;
COMMENT ON FUNCTION prismiq_internal.left_out(bigint, text) IS
$c$Builds the warning that a copy of a widget goes without its saved query.
Takes its place among the widgets, from 1, and the key that is null for it.$c$;
