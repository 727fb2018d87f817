-- A page that shows a dashboard.

CREATE DOMAIN @extschema@."text/html" AS text;
COMMENT ON DOMAIN @extschema@."text/html" IS
$c$Holds a page of HTML; PostgREST serves it as it is to clients that accept text/html.$c$;

CREATE FUNCTION prismiq_internal.page_html(page jsonb) RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'prismiq_page_html';
COMMENT ON FUNCTION prismiq_internal.page_html(jsonb) IS
$c$Returns the page of a dashboard and its answers; prismiq_dashboard_page has asked for them.
Takes {dashboard, answers, config, filters, options, theme, locale, endpoint}.$c$;

CREATE FUNCTION prismiq_internal.page_option_names_check(options jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_page_option_names_check';
COMMENT ON FUNCTION prismiq_internal.page_option_names_check(jsonb) IS
$c$Checks that all options of a page are known: its own and those of its answers.
Returns true, or raises 22023 with what was probably meant.$c$;

CREATE FUNCTION prismiq_internal.page_options_check(options jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $f$
BEGIN
    IF jsonb_typeof(options) <> 'object' THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['options'], '"options" must be an object'::text, NULL::text);
    END IF;
    PERFORM prismiq_internal.page_option_names_check(options);
    IF coalesce(options -> 'theme', 'null') <> ALL (
        ARRAY['null', '"light"', '"dark"', '"auto"']::jsonb[]) THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['options', 'theme'], '"theme" must be "light", "dark" or "auto"'::text,
            NULL::text);
    END IF;
    IF NOT coalesce(options ->> 'locale', 'en') ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$'
       OR jsonb_typeof(options -> 'locale') NOT IN ('string', 'null') THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['options', 'locale'], '"locale" must be a language tag'::text,
            'Example: "de-AT".'::text);
    END IF;
    IF jsonb_typeof(options -> 'endpoint') NOT IN ('string', 'null') THEN
        PERFORM prismiq_internal.fault_raise(
            ARRAY['options', 'endpoint'], '"endpoint" must be a path'::text, NULL::text);
    END IF;
    RETURN true;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.page_options_check(jsonb) IS
$c$Checks the options of a page that are not those of its answers: theme, locale, endpoint.
Returns true, or raises 22023.$c$;

CREATE FUNCTION prismiq_internal.page_answers(
    here @extschema@.prismiq_dashboards, dashboard jsonb, filters jsonb, options jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    id CONSTANT uuid := dashboard ->> 'id';
    result jsonb := '{}';
    widget text;
BEGIN
    BEGIN
        RETURN @extschema@.prismiq_dashboard_data(id, filters, options)::jsonb;
    EXCEPTION WHEN data_exception THEN
        -- The call's own fault, which is raised again, or a value that jsonb does not take.
        PERFORM @extschema@.prismiq_dashboard_data(id, filters, options);
    END;
    FOR widget IN
        SELECT CASE jsonb_typeof(w) WHEN 'string' THEN w #>> '{}' ELSE w ->> 'id' END
        FROM jsonb_array_elements(coalesce(nullif(options -> 'widgets', 'null'),
                                           dashboard -> 'widgets')) w
    LOOP
        BEGIN
            result := result || @extschema@.prismiq_dashboard_data(
                id, filters,
                options || jsonb_build_object('widgets', jsonb_build_array(widget)))::jsonb;
        EXCEPTION WHEN data_exception THEN
            result := result || jsonb_build_object(widget, jsonb_build_object(
                'error', jsonb_build_object('code', NULL, 'sqlstate', '22023',
                    'message', 'a value of the answer cannot stand in a page',
                    'hint', NULL, 'errors', '[]'::jsonb)));
        END;
    END LOOP;
    RETURN result;
END
$f$;
COMMENT ON FUNCTION prismiq_internal.page_answers(
    @extschema@.prismiq_dashboards, jsonb, jsonb, jsonb) IS
$c$Answers a dashboard for a page.
A value of a column of type json that jsonb does not take is an error of its widget: then each is
asked for by itself.$c$;

CREATE FUNCTION @extschema@.prismiq_dashboard_page(
    dashboard_id uuid, filters jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
    RETURNS @extschema@."text/html"
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $f$
DECLARE
    here CONSTANT @extschema@.prismiq_dashboards := NULL;
    dashboard jsonb;
    answers jsonb;
    asked jsonb;
BEGIN
    filters := prismiq_internal.json_argument(filters, '{}'::jsonb);
    options := prismiq_internal.json_argument(options, '{}'::jsonb);
    PERFORM prismiq_internal.page_options_check(options);
    dashboard := @extschema@.prismiq_dashboard_get(dashboard_id);
    asked := options - '{theme,locale,endpoint}'::text[]
             || '{"formatted": true, "spec": true}';
    IF options ->> 'theme' = 'dark' THEN
        asked := asked || '{"spec": "dark"}';
    END IF;
    answers := prismiq_internal.page_answers(here, dashboard, filters, asked);
    RETURN prismiq_internal.page_html(jsonb_build_object(
        'dashboard', dashboard, 'answers', answers, 'filters', filters,
        'config', @extschema@.prismiq_schema_config() - 'tables',
        'options', options - '{theme,locale,endpoint,widgets,formatted,spec,format}'::text[],
        'theme', coalesce(options ->> 'theme', 'auto'), 'locale', options -> 'locale',
        'endpoint', options -> 'endpoint'));
END
$f$;
COMMENT ON FUNCTION @extschema@.prismiq_dashboard_page(uuid, jsonb, jsonb) IS
$c$Returns a page that shows a dashboard, with its first answers inside.
Takes the values of the dashboard's filters as {filter_id: value}, and the options of
prismiq_dashboard_data with {"theme": "light" | "dark" | "auto", "locale": a language tag,
"endpoint": the path on the page's own host where the functions are, "/rpc/" unless it is said}.
Options of the answers ("timezone", "cross_filter") hold for what the page asks later, too.
The page is tables for people without scripts, which the module "prismiq.js" draws and keeps up to
date; that, the style sheet and the libraries come from prismiq.assets_url, which is ./assets/
unless it is set. It has no script and no style of its own. PostgREST is told to send it under
Content-Security-Policy: default-src 'self' (with the host of prismiq.assets_url), not to be stored.
Errors: as prismiq_dashboard_data.
Example: SELECT prismiq_dashboard_page('0b9a4f2e-3c7d-4a86-9a55-1c1de7f9a2d4');$c$;
