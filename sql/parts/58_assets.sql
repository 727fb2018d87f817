-- What a browser is given: the module of the elements, and the style sheet of a page.

CREATE DOMAIN @extschema@."*/*" AS bytea;

COMMENT ON DOMAIN @extschema@."*/*" IS
$c$Holds bytes of any media type; PostgREST serves them as they are, as the type that the function
says, whatever the client accepts.$c$;

CREATE FUNCTION @extschema@.prismiq_asset(name text) RETURNS @extschema@."*/*"
    LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION @extschema@.prismiq_asset(text) IS
$c$Returns a file for browsers: "prismiq.js", the module with the elements, the style sheet
"prismiq.css" of pages, or their icon "prismiq.svg".
Takes its name. The bytes are a part of the library; in front of the module stands the setting
prismiq.assets_url. Tells PostgREST, by response.headers until the transaction ends, its
Content-Type, Cache-Control, ETag and nosniff; a browser that has it gets 304 and no body (null).
No context is needed, and everybody may call it.
Errors: PT404 for a name that is none of these.
Example: SELECT length(prismiq_asset('prismiq.js'));$c$;
