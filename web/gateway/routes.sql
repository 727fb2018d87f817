-- What the paths of routes.conf need beside Prismiq's functions: 201 with the address of what was
-- made, 204, and a body that holds a definition by itself or with its options. A schema of the
-- application's, which PostgREST is told of (db-schemas), for the role that people with a token
-- have. Run once, by whoever owns the database; again after a change.
CREATE SCHEMA IF NOT EXISTS prismiq_rest;
REVOKE ALL ON SCHEMA prismiq_rest FROM PUBLIC;
GRANT USAGE ON SCHEMA prismiq_rest TO web_user;

-- Functions that hand a definition on do not pin the search path, along which its tables are
-- looked for: they have nothing in them that is found along it.

-- A body, which has to be an object with none but these keys.
CREATE OR REPLACE FUNCTION prismiq_rest.members(body jsonb, keys text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key text;
BEGIN
  IF jsonb_typeof(body) <> 'object' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'the body has to be a JSON object';
  END IF;
  FOR key IN SELECT jsonb_object_keys(body) LOOP
    IF key <> ALL (keys) THEN
      RAISE invalid_parameter_value USING MESSAGE = 'the body has a key that is not known',
        DETAIL = format('It is called %s.', to_json(key)),
        HINT = format('Known are %s.', array_to_string(keys, ', '));
    END IF;
  END LOOP;
  RETURN body;
END $$;

-- A definition with its options, {"definition": ..., "options": ...}, or it alone. most_rows bounds
-- the rows.
CREATE OR REPLACE FUNCTION prismiq_rest.asked(
  body text, most_rows int, OUT definition jsonb, OUT options jsonb)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  definition := body;
  IF definition ? 'definition' THEN
    options := prismiq_rest.members(definition, '{definition, options}') -> 'options';
    definition := definition -> 'definition';
  END IF;
  IF most_rows IS NOT NULL THEN
    -- What is no object, or no number, is for the function to refuse.
    options := coalesce(nullif(options, 'null'), '{}');
    IF jsonb_typeof(options) = 'object'
      AND coalesce(nullif(options -> 'max_rows', 'null') >= to_jsonb(most_rows), true)
    THEN
      options := jsonb_set(options, '{max_rows}', to_jsonb(most_rows));
    END IF;
  END IF;
END $$;

-- What was made, and where it is from now on: folder and its id.
CREATE OR REPLACE FUNCTION prismiq_rest.created(made jsonb, folder text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('response.status', '201', true);
  IF folder IS NOT NULL THEN
    PERFORM set_config('response.headers',
      json_build_array(json_build_object('Location', folder || (made ->> 'id')))::text, true);
  END IF;
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION prismiq_rest.query_validate(body text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT prismiq.prismiq_validate(a.definition) FROM prismiq_rest.asked(body, NULL) a
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.query_sql(body text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT prismiq.prismiq_compile(a.definition, a.options) FROM prismiq_rest.asked(body, NULL) a
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.query_execute(body text) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT prismiq.prismiq_query(a.definition, a.options) FROM prismiq_rest.asked(body, NULL) a
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.query_preview(body text) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT prismiq.prismiq_query(a.definition, a.options) FROM prismiq_rest.asked(body, 100) a
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.dashboard_create(body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
  SELECT prismiq_rest.created(prismiq.prismiq_dashboard_create(body::pg_catalog.jsonb),
    '/dashboards/')
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.widget_add(id uuid, body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
  SELECT prismiq_rest.created(prismiq.prismiq_widget_add(id, body::pg_catalog.jsonb), '/widgets/')
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.saved_query_create(body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
  SELECT prismiq_rest.created(prismiq.prismiq_saved_query_create(body::pg_catalog.jsonb),
    '/saved-queries/')
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.dashboard_update(id uuid, body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_dashboard_update(id, body::pg_catalog.jsonb)';

CREATE OR REPLACE FUNCTION prismiq_rest.widget_update(id uuid, body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_widget_update(id, body::pg_catalog.jsonb)';

CREATE OR REPLACE FUNCTION prismiq_rest.saved_query_update(id uuid, body text) RETURNS jsonb
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_saved_query_update(id, body::pg_catalog.jsonb)';

-- [{id, x, y, w, h}], or {"positions": [...]}.
CREATE OR REPLACE FUNCTION prismiq_rest.layout_update(id uuid, body text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  positions jsonb := body;
BEGIN
  IF jsonb_typeof(positions) = 'object' THEN
    positions := prismiq_rest.members(positions, '{positions}') -> 'positions';
  END IF;
  RETURN prismiq.prismiq_layout_update(id, positions);
END $$;

-- A pin has no address of its own.
CREATE OR REPLACE FUNCTION prismiq_rest.pin_add(body text) RETURNS jsonb
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT prismiq_rest.created(
    prismiq.prismiq_pin_add(p.resource_type, p.resource_id, p.context), NULL)
  FROM jsonb_to_record(
    prismiq_rest.members(body::jsonb, '{resource_type, resource_id, context}'))
    AS p (resource_type text, resource_id uuid, context text)
$$;

CREATE OR REPLACE FUNCTION prismiq_rest.pin_reorder(body text) RETURNS jsonb
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT prismiq.prismiq_pin_reorder(p.context, p.ids)
  FROM jsonb_to_record(prismiq_rest.members(body::jsonb, '{context, ids}'))
    AS p (context text, ids uuid[])
$$;

-- PostgREST answers a function that returns nothing with 204.
CREATE OR REPLACE FUNCTION prismiq_rest.dashboard_delete(id uuid) RETURNS void
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_dashboard_delete(id)';

CREATE OR REPLACE FUNCTION prismiq_rest.widget_delete(id uuid) RETURNS void
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_widget_delete(id)';

CREATE OR REPLACE FUNCTION prismiq_rest.saved_query_delete(id uuid) RETURNS void
LANGUAGE sql VOLATILE AS 'SELECT prismiq.prismiq_saved_query_delete(id)';

CREATE OR REPLACE FUNCTION prismiq_rest.pin_remove(
  resource_type text DEFAULT NULL, resource_id uuid DEFAULT NULL, context text DEFAULT NULL)
  RETURNS void
LANGUAGE sql VOLATILE AS
  'SELECT prismiq.prismiq_pin_remove(resource_type, resource_id, context)';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA prismiq_rest FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA prismiq_rest TO web_user;

-- PostgREST looks at the schemas when it starts, and when it is told to.
NOTIFY pgrst, 'reload schema';
