-- What a user keeps at hand, through functions.

CREATE FUNCTION prismiq_internal.pin_check(here @extschema@.prismiq_dashboards, context text)
    RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    PERFORM prismiq_internal.context_check();
    IF @extschema@.prismiq_user_id() IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'pins are a user''s own',
            HINT = 'The context names no user, as that of an API key.';
    END IF;
    IF octet_length(pin_check.context) > 255 THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['context'], '"context" must have at most 255 bytes'::text, NULL::text);
    END IF;
    RETURN coalesce(pin_check.context, '');
END
$f$;
COMMENT ON FUNCTION prismiq_internal.pin_check(@extschema@.prismiq_dashboards, text) IS
$c$Raises 42501 for who has no pins, and 22023 for a context that is none; returns the context.$c$;

CREATE FUNCTION prismiq_internal.pin_document(pin @extschema@.prismiq_pins) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT to_jsonb(pin) - ARRAY['tenant_id', 'user_id'] || jsonb_build_object('name', r.name)
    FROM (SELECT d.tenant_id, d.name FROM @extschema@.prismiq_dashboards d
          WHERE pin.resource_type = 'dashboard'
            AND d.tenant_id = ANY (ARRAY[pin.tenant_id, '']) AND d.id = pin.resource_id
          UNION ALL
          SELECT q.tenant_id, q.name FROM @extschema@.prismiq_saved_queries q
          WHERE pin.resource_type = 'query'
            AND q.tenant_id = pin.tenant_id AND q.id = pin.resource_id) r
    ORDER BY r.tenant_id DESC LIMIT 1
$f$;
COMMENT ON FUNCTION prismiq_internal.pin_document(@extschema@.prismiq_pins) IS
$c$Builds the document of a pin, or null when the caller does not see what it is on.$c$;

CREATE FUNCTION @extschema@.prismiq_pin_list(context text DEFAULT '') RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    place CONSTANT text := prismiq_internal.pin_check(here, prismiq_pin_list.context);
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(l.document ORDER BY l.position, l.created_at, l.resource_id)
                            FILTER (WHERE l.document IS NOT NULL), '[]')
            FROM (SELECT p.position, p.created_at, p.resource_id,
                         prismiq_internal.pin_document(p) AS document
                  FROM @extschema@.prismiq_pins p
                  WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
                    AND p.user_id = (SELECT @extschema@.prismiq_user_id())
                    AND p.context = place) l);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_pin_list(text) IS
$c$Lists what the caller has pinned in a place of the application; '' is for favourites.
Returns [{resource_type, resource_id, context, position, created_at, name: of what is pinned}] in
the caller's order. What is gone or not for the caller any more is not in it.
Errors: 42501 without a context or a user; 22023 for a context of more than 255 bytes.
Example: SELECT prismiq_pin_list();$c$;

CREATE FUNCTION @extschema@.prismiq_pin_add(
    resource_type text, resource_id uuid, context text DEFAULT '')
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    place CONSTANT text := prismiq_internal.pin_check(here, prismiq_pin_add.context);
    kind CONSTANT text := prismiq_pin_add.resource_type;
    pin @extschema@.prismiq_pins;
    document jsonb;
BEGIN
    IF kind IS NULL OR kind NOT IN ('dashboard', 'query') THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['resource_type'], 'this is nothing that can be pinned'::text,
            'It is "dashboard" or "query".'::text);
    END IF;
    pin.tenant_id := @extschema@.prismiq_tenant_id();
    pin.resource_type := kind;
    pin.resource_id := prismiq_pin_add.resource_id;
    IF prismiq_internal.pin_document(pin) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404',
            MESSAGE = CASE kind WHEN 'query' THEN 'saved query not found'
                                ELSE 'dashboard not found' END;
    END IF;
    INSERT INTO @extschema@.prismiq_pins (resource_type, resource_id, context, position)
    VALUES (kind, prismiq_pin_add.resource_id, place,
            (SELECT least(coalesce(max(p.position), 0), 2147483646) + 1
             FROM @extschema@.prismiq_pins p
             WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
               AND p.user_id = (SELECT @extschema@.prismiq_user_id())
               AND p.context = place))
    ON CONFLICT (tenant_id, user_id, context, resource_type, resource_id) DO NOTHING;
    SELECT p.* INTO pin FROM @extschema@.prismiq_pins p
    WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND p.user_id = (SELECT @extschema@.prismiq_user_id())
      AND p.context = place AND p.resource_type = kind
      AND p.resource_id = prismiq_pin_add.resource_id;
    document := prismiq_internal.pin_document(pin);
    RETURN document;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_pin_add(text, uuid, text) IS
$c$Pins a dashboard or a saved query for the caller, as the last one in a place.
Takes resource_type "dashboard" or "query", its id, and the place; what is pinned there already
stays where it is. Returns the pin, as prismiq_pin_list does.
Errors: PT404 for what the caller does not see; 22023 for another type; 42501 without a context or
a user.
Example: SELECT prismiq_pin_add('dashboard', '5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', 'sidebar');$c$;

CREATE FUNCTION @extschema@.prismiq_pin_remove(
    resource_type text, resource_id uuid, context text DEFAULT '')
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    place CONSTANT text := prismiq_internal.pin_check(here, prismiq_pin_remove.context);
BEGIN
    DELETE FROM @extschema@.prismiq_pins p
    WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND p.user_id = (SELECT @extschema@.prismiq_user_id())
      AND p.context = place AND p.resource_type = prismiq_pin_remove.resource_type
      AND p.resource_id = prismiq_pin_remove.resource_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'pin not found';
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_pin_remove(text, uuid, text) IS
$c$Takes a pin of the caller away.
Returns true. Errors: PT404 when there is none; 42501 without a context or a user.
Example:
  SELECT prismiq_pin_remove('dashboard', '5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10', 'sidebar');$c$;

CREATE FUNCTION @extschema@.prismiq_pin_reorder(context text, ids uuid[]) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    place CONSTANT text := prismiq_internal.pin_check(here, prismiq_pin_reorder.context);
    pinned uuid[];
BEGIN
    -- Two sessions of one user wait for each other, in one order.
    SELECT array_agg(l.resource_id) INTO pinned
    FROM (SELECT p.resource_id FROM @extschema@.prismiq_pins p
          WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
            AND p.user_id = (SELECT @extschema@.prismiq_user_id()) AND p.context = place
          ORDER BY p.resource_id, p.resource_type FOR NO KEY UPDATE) l;
    IF cardinality(ids) <> (SELECT count(DISTINCT id) FROM unnest(ids) AS i (id)) THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['ids'], 'an id stands there twice, or is null'::text, NULL::text);
    END IF;
    IF EXISTS (SELECT FROM unnest(ids) AS i (id) WHERE i.id <> ALL (coalesce(pinned, '{}'))) THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'pin not found',
            DETAIL = 'Nothing was moved.';
    END IF;
    UPDATE @extschema@.prismiq_pins p SET position = n.position
    FROM (SELECT o.resource_type, o.resource_id, row_number() OVER (
                     ORDER BY array_position(ids, o.resource_id), o.position, o.created_at,
                              o.resource_id, o.resource_type) AS position
          FROM @extschema@.prismiq_pins o
          WHERE o.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
            AND o.user_id = (SELECT @extschema@.prismiq_user_id()) AND o.context = place
            AND prismiq_internal.pin_document(o) IS NOT NULL) n
    WHERE p.tenant_id = (SELECT @extschema@.prismiq_tenant_id())
      AND p.user_id = (SELECT @extschema@.prismiq_user_id()) AND p.context = place
      AND p.resource_type = n.resource_type AND p.resource_id = n.resource_id;
    RETURN @extschema@.prismiq_pin_list(place);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_pin_reorder(text, uuid[]) IS
$c$Puts the caller's pins of a place in another order.
Takes the place and the ids of what is pinned there: these come first, in this order, and the others
after them as they were. Returns the list, as prismiq_pin_list does.
Errors: PT404 for an id that is not pinned there, and then nothing is moved; 22023 for one that is
there twice; 42501 without a context or a user.
Example:
  SELECT prismiq_pin_reorder('sidebar', '{5e0c5f0e-6c2b-4c53-9d0b-0f6f5b8f6f10}');$c$;
