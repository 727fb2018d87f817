-- Endpoints of custom widgets: names under which the application gives widgets functions of its
-- own to be answered by.

CREATE TABLE @extschema@.prismiq_custom_endpoints (
    endpoint   text CONSTRAINT prismiq_custom_endpoints_pkey PRIMARY KEY
               CONSTRAINT prismiq_custom_endpoints_endpoint_check
               CHECK (octet_length(endpoint) BETWEEN 1 AND 255 AND endpoint ~ '[^[:space:]]'),
    -- As text, with whose it was: what is made anew in its place by somebody else does not count.
    function   text NOT NULL,
    owner      name NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @extschema@.prismiq_custom_endpoints IS
$c$Lists which functions custom widgets may name as their endpoint, by signature.
An endpoint holds for the function that has the signature and the owner noted here. Written through
prismiq_custom_register() and prismiq_custom_remove(). No application role may read it: C code
does.$c$;

-- No tenant's: who may use the table at all (prismiq_grant, profile admin) gets at its rows.
ALTER TABLE @extschema@.prismiq_custom_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY prismiq_custom_endpoints_admin ON @extschema@.prismiq_custom_endpoints
    USING (true) WITH CHECK (true);

CREATE FUNCTION @extschema@.prismiq_custom_register(endpoint text, function regprocedure)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
DECLARE
    signature text;
    found_owner name;
BEGIN
    IF prismiq_custom_register.endpoint IS NULL
       OR octet_length(prismiq_custom_register.endpoint) NOT BETWEEN 1 AND 255
       OR prismiq_custom_register.endpoint !~ '[^[:space:]]' THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['endpoint'], 'an endpoint is 1 to 255 bytes long and not blank'::text,
            NULL::text);
    END IF;
    SELECT format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)),
           pg_get_userbyid(p.proowner)
    INTO signature, found_owner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid = prismiq_custom_register.function AND n.nspname !~ '^pg_(toast_)?temp_';
    IF signature IS NULL
       OR prismiq_internal.endpoint_problem(signature, found_owner) IS NOT NULL THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['function'],
            'an endpoint is a function of one jsonb that returns one jsonb, text or bytea'::text,
            'CREATE FUNCTION weather(params jsonb) RETURNS jsonb'::text);
    END IF;
    INSERT INTO @extschema@.prismiq_custom_endpoints (endpoint, function, owner)
    VALUES (prismiq_custom_register.endpoint, signature, found_owner)
    ON CONFLICT (endpoint) DO UPDATE
        SET function = EXCLUDED.function, owner = EXCLUDED.owner;
    RETURN jsonb_build_object(
        'endpoint', prismiq_custom_register.endpoint, 'function', signature);
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_custom_register(text, regprocedure) IS
$c$Registers a function as an endpoint, which custom widgets name to be answered by it.
Takes the name that {"endpoint": name} of a widget's config has, and a function of one jsonb that
returns jsonb or text, which is the answer's data, or bytea, an image. Registering a name again
replaces its function. It is called with the widget's {"parameters": {...}}, the option params over
them, and "filters": the values of the dashboard's filters by their ids, where there are any.
It only reads. It runs with the rights of whoever asks, who must be allowed to execute it, and within
the time limit; what it raises is told as of a query, and what it sets is undone. So a function that
reads tables is held to the caller's row security, or asks prismiq_tenant_id() itself. Its search_path
is its own schema unless it sets one, as it should where others may create in that schema. One of
another owner that takes its place is not called: register it again.
Returns {endpoint, function: its signature}.
Errors: 42501 for a role without the profile admin, 22023 for a function that does not suit.
Example: SELECT prismiq_custom_register('weather', 'weather(jsonb)');$c$;

CREATE FUNCTION @extschema@.prismiq_custom_list() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'endpoint', e.endpoint, 'function', e.function,
               'problem', prismiq_internal.endpoint_problem(e.function, e.owner))
               ORDER BY e.endpoint), '[]')
    FROM @extschema@.prismiq_custom_endpoints e
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_custom_list() IS
$c$Lists the endpoints of custom widgets.
Returns [{endpoint, function: its signature, problem: null, "function_gone", "owner_changed" or
"not_suitable"}] by endpoint. Errors: 42501 for a role without the profile admin.
Example: SELECT prismiq_custom_list();$c$;

CREATE FUNCTION @extschema@.prismiq_custom_remove(endpoint text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $f$
#variable_conflict use_column
BEGIN
    DELETE FROM @extschema@.prismiq_custom_endpoints
    WHERE endpoint = prismiq_custom_remove.endpoint;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'endpoint not found';
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_custom_remove(text) IS
$c$Takes an endpoint back; widgets that name it say so from then on.
Returns true. Errors: PT404 when there is no such endpoint, 42501 for a role without the profile
admin.
Example: SELECT prismiq_custom_remove('weather');$c$;
