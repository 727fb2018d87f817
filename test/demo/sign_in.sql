-- The application's part of a demonstration in a browser: the roles of a gateway, as docs/http.md
-- has them, and a function that signs people in.
-- $SECRET signs the tokens.
\set ON_ERROR_STOP on
\set secret `echo "$SECRET"`

CREATE ROLE authenticator LOGIN NOINHERIT;
CREATE ROLE web_anon NOLOGIN;
CREATE ROLE web_user NOLOGIN IN ROLE app_user;
GRANT web_anon, web_user TO authenticator;
ALTER ROLE authenticator SET prismiq.context_sources = 'claims';
ALTER ROLE authenticator SET statement_timeout = '20s';
SELECT FROM prismiq_grant('web_anon', 'public');

CREATE SCHEMA demo;
CREATE EXTENSION pgcrypto SCHEMA demo;
CREATE TABLE demo.secret (secret text);
INSERT INTO demo.secret VALUES (:'secret');

-- demo.sign_in(tenant): a token that PostgREST takes (HS256), good for five minutes. An application
-- would look at a password first: here everybody may be anybody.
CREATE FUNCTION demo.base64url(data bytea) RETURNS text LANGUAGE sql IMMUTABLE
RETURN translate(encode(data, 'base64'), E'+/=\n', '-_');

CREATE FUNCTION demo.sign_in(tenant text) RETURNS text
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH encoded (part) AS
	(
		SELECT string_agg(demo.base64url(convert_to(json::text, 'UTF8')), '.' ORDER BY n)
		FROM (VALUES
			(1, json_build_object('alg', 'HS256', 'typ', 'JWT')),
			(2, json_build_object('role', 'web_user', 'tenant_id', tenant, 'sub', 'alice',
								  'roles', json_build_array('analyst'),
								  'exp', extract(epoch FROM now())::bigint + 300))) AS t (n, json)
	)
	SELECT part || '.' || demo.base64url(demo.hmac(part::bytea, secret::bytea, 'sha256'))
	FROM encoded, demo.secret;
END;
REVOKE ALL ON FUNCTION demo.sign_in(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA demo TO web_anon;
GRANT EXECUTE ON FUNCTION demo.sign_in(text) TO web_anon;
