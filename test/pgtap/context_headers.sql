-- Who is asking by X-Tenant-ID and X-User-ID, where an administrator trusts them.
SET search_path = prismiq, public;
BEGIN;
CREATE ROLE headers_user;
GRANT USAGE ON SCHEMA prismiq TO headers_user;
GRANT EXECUTE ON FUNCTION prismiq_set_context(text, text, text[], boolean) TO headers_user;

SELECT no_plan();

-- The context with these claims and headers, as "tenant user roles source", or "nobody".
CREATE FUNCTION public.asked(claims text, headers text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	c jsonb;
BEGIN
	PERFORM set_config('request.jwt.claims', claims, true);
	PERFORM set_config('request.headers', headers, true);
	c := prismiq_context();
	IF c ->> 'tenant_id' IS NULL THEN
		RETURN CASE WHEN c = '{"tenant_id": null, "user_id": null, "roles": [], "source": null}'
			AND prismiq_tenant_id() IS NULL AND prismiq_user_id() IS NULL
			AND prismiq_roles() IS NULL THEN 'nobody' ELSE c::text END;
	END IF;
	RETURN format('%s %s %s %s', c ->> 'tenant_id', coalesce(c ->> 'user_id', '-'),
				  c ->> 'roles', c ->> 'source');
END $$;

-- ---- Off, as it is without an administrator's word ------------------------------

SET LOCAL ROLE headers_user;
SELECT is(public.asked(claims, '{"x-tenant-id": "acme", "x-user-id": "ann"}'), 'nobody',
		  format('off, claims %L', claims))
FROM unnest('{"","{}","{\"role\": \"web_anon\"}"}'::text[]) claims;
SELECT throws_ok('SET LOCAL prismiq.trust_headers = on', '42501', NULL,
				 'an application does not turn it on');
SELECT is(current_setting('prismiq.trust_headers'), 'off', 'off is the default');

-- ---- On: claims before headers, and never both -----------------------------------

RESET ROLE;
SET LOCAL prismiq.trust_headers = on;
SET LOCAL ROLE headers_user;
SELECT is(public.asked(claims, '{"x-tenant-id": "acme", "x-user-id": "ann"}'), answer,
		  'claims ' || left(claims, 60))
FROM (VALUES
	('', 'acme ann [] headers'),
	('{}', 'acme ann [] headers'),
	('{"role": "web_anon"}', 'acme ann [] headers'),
	('{"role": "web_user", "exp": 1, "tenant_id": null, "sub": "", "roles": []}',
	 'acme ann [] headers'),
	-- The claims name a tenant.
	('{"tenant_id": "other"}', 'other - [] claims'),
	('{"tenant_id": "acme"}', 'acme - [] claims'),
	('{"tenant_id": "other", "sub": "bob", "roles": ["viewer"]}', 'other bob ["viewer"] claims'),
	-- They name somebody, and no tenant.
	('{"sub": "bob"}', 'nobody'),
	('{"sub": 7}', 'nobody'),
	('{"roles": ["admin"]}', 'nobody'),
	('{"roles": "admin"}', 'nobody'),
	-- They are wrong.
	('x', 'nobody'), ('[]', 'nobody'), ('{"tenant_id": 1.5}', 'nobody'),
	('{"tenant_id": ["acme"]}', 'nobody'), ('{"sub": ["bob"]}', 'nobody'),
	('{"roles": {"admin": true}}', 'nobody'), ('{"roles": 7}', 'nobody'),
	('{"tenant_id": "' || repeat('x', 256) || '"}', 'nobody'),
	('{"n": "' || repeat('x', 65536) || '"}', 'nobody')) v (claims, answer);

-- ---- What headers are ------------------------------------------------------------

SELECT is(public.asked('{"role": "web_anon"}', headers), answer, 'headers ' || left(headers, 60))
FROM (VALUES
	('{"x-tenant-id": "acme"}', 'acme - [] headers'),
	('{"x-tenant-id": "acme", "x-user-id": ""}', 'acme - [] headers'),
	('{"x-tenant-id": "acme", "x-user-id": "  "}', 'acme - [] headers'),
	('{"X-Tenant-Id": "acme", "X-USER-ID": "ann"}', 'acme ann [] headers'),
	('{"x-tenant-id": " \tacme corp \t", "x-user-id": " ann "}', 'acme corp ann [] headers'),
	('{"x-tenant-id": "a''b\"c\\d%;~"}', 'a''b"c\d%;~ - [] headers'),
	('{"x-tenant-id": "' || repeat('x', 255) || '"}', repeat('x', 255) || ' - [] headers'),
	('{"host": "x", "cookie": "a, b", "x-tenant-id": "acme", "accept": "é"}',
	 'acme - [] headers'),
	-- No tenant is named.
	('', 'nobody'), ('{}', 'nobody'), ('{"x-user-id": "ann"}', 'nobody'),
	('{"x-tenant-id": ""}', 'nobody'), ('{"x-tenant-id": " \t "}', 'nobody'),
	('{"x-tenant-id ": "acme"}', 'nobody'), ('{"x_tenant_id": "acme"}', 'nobody'),
	-- It is, by what is none.
	('{"x-tenant-id": null}', 'nobody'), ('{"x-tenant-id": 42}', 'nobody'),
	('{"x-tenant-id": ["acme"]}', 'nobody'), ('{"x-tenant-id": {"a": "acme"}}', 'nobody'),
	('{"x-tenant-id": "' || repeat('x', 256) || '"}', 'nobody'),
	('{"x-tenant-id": "' || repeat('x', 10240) || '"}', 'nobody'),
	('{"x-tenant-id": "acme\u0000"}', 'nobody'), ('{"x-tenant-id": "acme\nb"}', 'nobody'),
	('{"x-tenant-id": "acme\tb"}', 'nobody'), ('{"x-tenant-id": "acme\u007f"}', 'nobody'),
	('{"x-tenant-id": "é"}', 'nobody'), ('{"x-tenant-id": "\u00e9"}', 'nobody'),
	('{"x-tenant-id": "acme, other"}', 'nobody'), ('{"x-tenant-id": "acme,"}', 'nobody'),
	-- Twice.
	('{"x-tenant-id": "acme", "x-tenant-id": "acme"}', 'nobody'),
	('{"x-tenant-id": "acme", "X-Tenant-ID": "other"}', 'nobody'),
	('{"x-tenant-id": "acme", "x-user-id": "ann", "X-User-ID": "bob"}', 'nobody'),
	-- A user that is none makes the whole no context.
	('{"x-tenant-id": "acme", "x-user-id": "ann, bob"}', 'nobody'),
	('{"x-tenant-id": "acme", "x-user-id": 7}', 'nobody'),
	('{"x-tenant-id": "acme", "x-user-id": null}', 'nobody'),
	('{"x-tenant-id": "acme", "x-user-id": "ä"}', 'nobody'),
	('{"x-tenant-id": "acme", "x-user-id": "' || repeat('x', 256) || '"}', 'nobody'),
	-- No headers at all.
	('x', 'nobody'), ('[]', 'nobody'), ('"x-tenant-id"', 'nobody'), ('null', 'nobody'),
	('{"x-tenant-id": "acme"', 'nobody'), ('{"x-tenant-id": "acme"} x', 'nobody'),
	('{"x-tenant-id": "acme", "n": "' || repeat('x', 65536) || '"}', 'nobody'),
	(repeat('[', 60000), 'nobody')) v (headers, answer);

-- ---- Among the sources -----------------------------------------------------------

-- "claims" stands for all that a gateway says; what it says is not passed over.
SELECT set_config('prismiq.tenant_id', 'set', true) AS ignored \gset
SELECT is(public.asked('', '{"x-tenant-id": "acme"}'), 'acme - [] headers', 'before settings');
SELECT is(public.asked('', headers), 'nobody', 'not passed over: ' || headers)
FROM unnest(ARRAY['{"x-tenant-id": ""}', '{"x-tenant-id": null}', 'x',
				  '{"x-tenant-id": "a,b"}']) headers;
SELECT is(public.asked('', headers), 'set - [] settings', 'says nothing: ' || headers)
FROM unnest(ARRAY['', '{}', '{"x-user-id": "ann"}']) headers;
SELECT is(public.asked('{"role": "web_anon"}', '{}'), 'nobody',
		  'claims that name nobody end the search, as ever');
RESET ROLE;
SET LOCAL prismiq.context_sources = 'settings,claims';
SELECT is(public.asked('', '{"x-tenant-id": "acme"}'), 'set - [] settings', 'after settings');
SET LOCAL prismiq.context_sources = 'settings';
SET LOCAL prismiq.tenant_id = '';
SELECT is(public.asked('', '{"x-tenant-id": "acme"}'), 'nobody',
		  'where claims are no source, headers are none');
SET LOCAL prismiq.context_sources = 'claims';
SELECT is(public.asked('', '{"x-tenant-id": "acme"}'), 'acme - [] headers', 'claims alone');
SET LOCAL prismiq.context_sources = 'token,claims,settings';

-- What holds for the claims' names holds here.
SET LOCAL prismiq.user_claim = 'client';
SELECT is(public.asked('{"sub": "service"}', '{"x-tenant-id": "acme"}'), 'acme - [] headers',
		  'a token names its user by the claim that is set');
SELECT is(public.asked('{"client": "service"}', '{"x-tenant-id": "acme"}'), 'nobody',
		  'which counts');
SET LOCAL prismiq.user_claim = 'sub';
SELECT is(public.asked('{"sub": "service"}', '{"x-tenant-id": "acme"}'), 'nobody',
		  'the same texts are read anew');

-- Nobody sets another context where the gateway says who is asking.
SET LOCAL ROLE headers_user;
SELECT is(public.asked('', '{"x-tenant-id": "acme"}'), 'acme - [] headers', 'a header');
SELECT throws_ok($$ SELECT prismiq_set_context('other') $$, '42501', 'the context cannot be set',
				 'is not gone past');
SELECT is(public.asked('', '{"x-tenant-id": ""}'), 'nobody', 'a bad one');
SELECT throws_ok($$ SELECT prismiq_set_context('other') $$, '42501', 'the context cannot be set',
				 'neither');
SELECT is(public.asked('', '{"x-user-id": "ann"}'), 'nobody', 'where there is none');
SELECT is(prismiq_set_context('other') ->> 'tenant_id', 'other', 'settings are');

-- Turned off again, it ends at once.
RESET ROLE;
SELECT is(public.asked('{}', '{"x-tenant-id": "acme"}'), 'acme - [] headers', 'on');
SET LOCAL prismiq.trust_headers = off;
SELECT is(public.asked('{}', '{"x-tenant-id": "acme"}'), 'nobody', 'off');

-- The reason and the hint.
CREATE FUNCTION pg_temp.told(claims text, headers text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	PERFORM public.asked(claims, headers), prismiq_tables();
	RETURN 'tables';
EXCEPTION WHEN insufficient_privilege THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' / ', detail, hint);
END $$;
SET LOCAL prismiq.trust_headers = on;
SET LOCAL prismiq.tenant_id = '';
SELECT is(pg_temp.told('{}', headers), detail || ' / The tenant, the user and the roles are the '
		  'claims "tenant_id", "sub" and "roles"; where all of these are missing, X-Tenant-ID and '
		  'X-User-ID count.', headers)
FROM (VALUES
	('{}', 'request.jwt.claims names no tenant.'),
	('{"x-tenant-id": ""}', 'X-Tenant-ID names no tenant.'),
	('{"x-tenant-id": "a,b"}',
	 'X-Tenant-ID is longer than 255 bytes, or not plain ASCII without commas.'),
	('{"x-tenant-id": "a", "x-user-id": "a,b"}',
	 'X-User-ID is longer than 255 bytes, or not plain ASCII without commas.'),
	('{"x-tenant-id": "a", "X-Tenant-ID": "a"}',
	 'X-Tenant-ID or X-User-ID is in request.headers more than once.'),
	('[]', 'request.headers is not a JSON object of which each key stands once.'))
	v (headers, detail);

SELECT set_config('prismiq.tenant_id', repeat('x', 300), true) AS ignored \gset
SELECT is(pg_temp.told('', '{"host": "x"}'), 'prismiq.tenant_id is longer than 255 bytes. / '
		  'A tenant has 1 to 255 bytes.', 'of settings, where the headers say nothing');

SELECT finish();
ROLLBACK;
