-- Who is asking: sources, claims, settings, their order and their end.
SET search_path = prismiq, public;
BEGIN;

CREATE ROLE context_user;
CREATE ROLE context_gateway;
GRANT USAGE ON SCHEMA prismiq TO context_user, context_gateway;
GRANT EXECUTE ON FUNCTION prismiq_set_context(text, text, text[], boolean) TO context_gateway;

CREATE FUNCTION public.context_nobody() RETURNS jsonb LANGUAGE sql AS
	$$ SELECT '{"tenant_id": null, "user_id": null, "roles": [], "source": null}'::jsonb $$;

-- What the context is with these claims, in one line.
CREATE FUNCTION public.context_claimed(claims text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('request.jwt.claims', claims, true);
	RETURN prismiq_context();
END $$;

CREATE FUNCTION public.context_own() RETURNS text LANGUAGE sql SET prismiq.tenant_id = 'own' AS
	$$ SELECT prismiq_tenant_id() $$;

SELECT plan(107);
SET LOCAL ROLE context_user;

-- ---- Nothing said ---------------------------------------------------------

SELECT is(prismiq_tenant_id(), NULL, 'no tenant');
SELECT is(prismiq_user_id(), NULL, 'no user');
SELECT is(prismiq_roles(), NULL, 'no roles, not even an empty list');
SELECT is(prismiq_context(), public.context_nobody(), 'no context');

-- ---- Settings -------------------------------------------------------------

SET LOCAL prismiq.tenant_id = 'acme';
SELECT is(prismiq_context(),
		  '{"tenant_id": "acme", "user_id": null, "roles": [], "source": "settings"}',
		  'a tenant alone is a context');
SELECT is(prismiq_roles(), '{}', 'whose roles are an empty list');
SET LOCAL prismiq.user_id = 'u1';
SET LOCAL prismiq.roles = ' admin ,, analyst,';
SELECT is(prismiq_context(),
		  '{"tenant_id": "acme", "user_id": "u1", "roles": ["admin", "analyst"],
			"source": "settings"}', 'tenant, user and roles');
SELECT is(prismiq_tenant_id(), 'acme', 'prismiq_tenant_id');
SELECT is(prismiq_user_id(), 'u1', 'prismiq_user_id');
SELECT is(prismiq_roles(), '{admin,analyst}', 'prismiq_roles');
SET LOCAL prismiq.tenant_id = '';
SELECT is(prismiq_context(), public.context_nobody(), 'an empty tenant is none');
SELECT set_config('prismiq.tenant_id', repeat('x', 255), true) AS ignored \gset
SELECT is(length(prismiq_tenant_id()), 255, 'a tenant of 255 bytes');
SELECT set_config('prismiq.tenant_id', repeat('x', 254) || 'é', true) AS ignored \gset
SELECT is(prismiq_context(), public.context_nobody(), 'one of 256 bytes is no context');
SELECT set_config('prismiq.tenant_id', E'o''brien; "\\ é', true) AS ignored \gset
SELECT is(prismiq_context() ->> 'tenant_id', E'o''brien; "\\ é', 'any text is just a text');

-- ---- Claims ---------------------------------------------------------------

SET LOCAL prismiq.tenant_id = 'from_settings';
SELECT is(public.context_claimed('{"tenant_id": "t1", "sub": "u2", "roles": ["viewer", "x,y"]}'),
		  '{"tenant_id": "t1", "user_id": "u2", "roles": ["viewer", "x,y"], "source": "claims"}',
		  'claims go before settings');
SELECT is(public.context_claimed('{"tenant_id": "t1", "roles": "viewer, analyst"}'),
		  '{"tenant_id": "t1", "user_id": null, "roles": ["viewer", "analyst"],
			"source": "claims"}', 'roles as one text');
SELECT is(public.context_claimed('{"tenant_id": "t1", "sub": null, "roles": null}'),
		  '{"tenant_id": "t1", "user_id": null, "roles": [], "source": "claims"}',
		  'null claims are missing ones');
SELECT is(public.context_claimed('{"tenant_id": "t1", "sub": "", "roles": []}'),
		  '{"tenant_id": "t1", "user_id": null, "roles": [], "source": "claims"}',
		  'so are empty ones');
SELECT is(public.context_claimed('{"tenant_id": 42, "sub": -9223372036854775808}'),
		  '{"tenant_id": "42", "user_id": "-9223372036854775808", "roles": [],
			"source": "claims"}', 'integers are taken by their digits');
SELECT is(public.context_claimed('{"tenant_id": "t1", "n": 123456789012345678901234567890}')
		  ->> 'tenant_id', 't1', 'a long integer elsewhere does not matter');
SELECT is(public.context_claimed('{"tenant_id": "\u00e9\ud83d\ude00"}') ->> 'tenant_id', 'é😀',
		  'escapes');
SELECT is(public.context_claimed('{"tenant_id": "a", "tenant_id": "b"}') ->> 'tenant_id', 'b',
		  'of two the last, as in jsonb');
SELECT is(public.context_claimed('') ->> 'tenant_id', 'from_settings', 'empty claims are absent');

-- A source that is present ends the search: none of these falls back.
SELECT is(public.context_claimed(claims), public.context_nobody(),
		  left(claims, 40) || ' is no context')
FROM unnest(ARRAY['{}', '[]', 'null', '"t1"', 'x', ' ', '{', '{"tenant_id": "t1"',
	'{"tenant_id": "t1"} x', '{"tenant_id": ""}', '{"tenant_id": null}', '{"tenant_id": 1.5}',
	'{"tenant_id": true}', '{"tenant_id": ["t1"]}', '{"tenant_id": {"a": 1}}',
	'{"tenant_id": 123456789012345678901234567890}', '{"Tenant_id": "t1"}',
	'{"tenant_id": "t\u0000"}', '{"tenant_id": "t1", "sub": ["u"]}',
	'{"tenant_id": "t1", "sub": true}', '{"tenant_id": "t1", "roles": {"admin": true}}',
	'{"tenant_id": "t1", "roles": ["admin", 1]}', '{"tenant_id": "t1", "roles": 7}',
	'{"tenant_id": "' || repeat('x', 256) || '"}',
	'{"tenant_id": "t1", "n": "' || repeat('x', 65536) || '"}',
	repeat('[', 60000)]) claims;

-- ---- Paths of claims ------------------------------------------------------

RESET ROLE;
SET LOCAL prismiq.tenant_claim = 'app_metadata.org.id';
SET LOCAL prismiq.user_claim = 'https://example.com/user';
SET LOCAL prismiq.roles_claim = 'app_metadata.roles';
SET LOCAL ROLE context_user;
SELECT is(public.context_claimed('{"tenant_id": "no", "app_metadata": {"org": {"id": "t9"},
							"roles": ["owner"]}, "https://example.com/user": "u9"}'),
		  '{"tenant_id": "t9", "user_id": "u9", "roles": ["owner"], "source": "claims"}',
		  'dotted paths, and names that hold dots');
SELECT is(public.context_claimed('{"app_metadata": {"org": "t9"}}'), public.context_nobody(),
		  'a path through what is no object');
RESET ROLE;
SET LOCAL prismiq.tenant_claim = 'https://app.example/org.v1.id';
SET LOCAL ROLE context_user;
SELECT is(public.context_claimed(claims) ->> 'tenant_id', tenant, claims)
FROM (VALUES
	('{"https://app.example/org": {"v1": {"id": "t1"}}}', 't1'),
	('{"https://app.example/org.v1": {"id": "t2"}, "https://app.example/org": {"v1": {"id": 1}}}',
	 't2'),
	('{"https://app": {"example/org.v1": {"id": "t3"}}}', 't3'),
	('{"https://app": {"example/org": {"v1.id": "t4"}}}', 't4'),
	('{"https://app.example/org.v1": {}, "https://app.example/org": {"v1": {"id": "t1"}}}', NULL),
	('{"https://app.example/org.v1": null, "https://app.example/org": {"v1": {"id": "t1"}}}', NULL),
	('{"https://app.example/org": {"v1": {"id": {"id": "t1"}}}}', NULL)) v (claims, tenant);
RESET ROLE;
SET LOCAL prismiq.tenant_claim = 'tenant_id';
SET LOCAL ROLE context_user;
SELECT is(public.context_claimed('{"tenant_id": "t1", "app_metadata": {"org": {"id": "t9"}}}')
		  ->> 'tenant_id', 't1', 'the same text is read anew when the claim''s name changes');

-- ---- Which sources --------------------------------------------------------

SELECT throws_ok(format('SET LOCAL %s = %L', name, 'x'), '42501', NULL, name || ' is not for users')
FROM unnest('{prismiq.context_sources,prismiq.tenant_claim,prismiq.user_claim,
			  prismiq.roles_claim}'::text[]) name;
RESET ROLE;
SELECT throws_ok(format('SET LOCAL prismiq.context_sources = %L', v), '22023', NULL,
				 'sources ' || quote_literal(v))
FROM unnest(ARRAY['x', 'claims,', 'claims,claims', ',claims', 'claims settings', 'token,jwt']) v;
SELECT set_config('request.jwt.claims', '{"tenant_id": "t1"}', true) AS ignored \gset
SET LOCAL prismiq.context_sources = 'settings';
SELECT is(prismiq_tenant_id(), 'from_settings', 'without claims as a source they do not count');
SET LOCAL prismiq.context_sources = ' settings , claims ';
SELECT is(prismiq_tenant_id(), 'from_settings', 'the order is that of the list');
SET LOCAL prismiq.context_sources = 'token,claims';
SELECT is(prismiq_tenant_id(), 't1', 'claims without settings');
SET LOCAL request.jwt.claims = '';
SELECT is(prismiq_context(), public.context_nobody(), 'then settings do not count');
SET LOCAL prismiq.context_sources = '';
SELECT is(prismiq_context(), public.context_nobody(), 'without a source there is no context');
SET LOCAL prismiq.context_sources = 'token,claims,settings';

-- ---- prismiq_set_context --------------------------------------------------

SET LOCAL prismiq.tenant_id = '';
SET LOCAL ROLE context_user;
SELECT throws_ok($$ SELECT prismiq_set_context('acme') $$, '42501', NULL,
				 'not everybody may set the context by function');
SET LOCAL ROLE context_gateway;
SELECT is(prismiq_set_context('acme', 'u1', '{admin, "two words"}'),
		  '{"tenant_id": "acme", "user_id": "u1", "roles": ["admin", "two words"],
			"source": "settings"}', 'the context is set and returned');
SELECT is(prismiq_context() ->> 'tenant_id', 'acme', 'and stays');
SELECT is(prismiq_set_context('other') ->> 'user_id', NULL, 'user and roles of before are gone');
SELECT throws_ok(format('SELECT prismiq_set_context(%s)', args), '22023', NULL, args)
FROM unnest(ARRAY['NULL', '''''', 'repeat(''x'', 256)', '''t'', ''u'', ''{"a,b"}''',
				  '''t'', ''u'', ''{""}''', '''t'', ''u'', ''{NULL}''']) args;
SELECT is(prismiq_tenant_id(), 'other', 'a refused call changes nothing');
SELECT set_config('request.jwt.claims', 'x', true) AS ignored \gset
SELECT throws_ok($$ SELECT prismiq_set_context('acme') $$, '42501', 'the context cannot be set',
				 'not where there are claims, even bad ones');
SELECT set_config('request.jwt.claims', '', true) AS ignored \gset

-- ---- Its end --------------------------------------------------------------

SAVEPOINT a;
SELECT prismiq_set_context('inner') AS ignored \gset
SELECT is(prismiq_tenant_id(), 'inner', 'within a subtransaction');
ROLLBACK TO a;
SELECT is(prismiq_tenant_id(), 'other', 'it ends with the subtransaction that failed');

SELECT is(public.context_own() || ',' || prismiq_tenant_id(), 'own,other',
		  'a setting of a function holds within it');
RESET ROLE;

CREATE TABLE public.context_rows AS SELECT n, 'other' AS t FROM generate_series(1, 20000) n;
GRANT SELECT ON public.context_rows TO context_user;
SET LOCAL ROLE context_user;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || query;
END $$;
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of(
			'SELECT count(*) FROM public.context_rows WHERE t = prismiq_tenant_id()') line
			WHERE line LIKE '%Gather%'), 'a scan with the context can be parallel');
SELECT is((SELECT count(*) FROM public.context_rows WHERE t = prismiq_tenant_id()),
		  20000::bigint, 'parallel workers know the context');
RESET ROLE;

COMMIT;

SELECT is(prismiq_tenant_id(), NULL, 'what is set for the transaction ends with it');
BEGIN;
SELECT prismiq_set_context('session', is_local => false) AS ignored \gset
COMMIT;
SELECT is(prismiq_tenant_id(), 'session', 'what is set for the session stays');
BEGIN;
SELECT prismiq_set_context('local') AS ignored \gset
SELECT is(prismiq_tenant_id(), 'local', 'until something nearer is set');
ROLLBACK;
SELECT is(prismiq_tenant_id(), 'session', 'and comes back');
RESET ALL;
SELECT is(prismiq.prismiq_tenant_id(), NULL, 'RESET ALL, part of what poolers send, ends it');

-- Without a context, the hint fits the sources that are in force and what is wrong with them.
CREATE FUNCTION pg_temp.hint(sources text, claims text, tenant text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM set_config('prismiq.context_sources', sources, true),
		set_config('request.jwt.claims', claims, true),
		set_config('prismiq.tenant_id', tenant, true);
	PERFORM prismiq.prismiq_tables();
	RETURN 'tables';
EXCEPTION WHEN insufficient_privilege THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN hint;
END $$;
SELECT is(pg_temp.hint(sources, claims, tenant), hint, concat_ws(' / ', sources, claims,
		  left(tenant, 5)))
FROM (VALUES
	('token,claims,settings', '', '', 'Send a token with the tenant''s claim through the gateway, '
	 'or SET LOCAL prismiq.tenant_id in the transaction.'),
	('settings,claims', '', '', 'Send a token with the tenant''s claim through the gateway, or '
	 'SET LOCAL prismiq.tenant_id in the transaction.'),
	('claims', '', 'acme', 'Send a token with the tenant''s claim through the gateway.'),
	('settings', '{"tenant_id": "acme"}', '', 'SET LOCAL prismiq.tenant_id in the transaction.'),
	('token', '{"tenant_id": "acme"}', 'acme',
	 'An administrator has to name "claims" or "settings" in prismiq.context_sources.'),
	('claims,settings', '{}', 'acme',
	 'The tenant, the user and the roles are the claims "tenant_id", "sub" and "roles".'),
	('claims,settings', '{"tenant_id": "acme", "sub": []}', 'acme',
	 'The tenant, the user and the roles are the claims "tenant_id", "sub" and "roles".'),
	('claims,settings', 'none', 'acme',
	 'The tenant, the user and the roles are the claims "tenant_id", "sub" and "roles".'),
	('claims,settings', '', repeat('x', 300), 'A tenant has 1 to 255 bytes.'),
	('settings,claims', '{}', repeat('x', 300), 'A tenant has 1 to 255 bytes.'),
	('claims,settings', '', 'acme', 'tables')) v (sources, claims, tenant, hint);

SELECT * FROM finish();
DROP OWNED BY context_user, context_gateway;
DROP ROLE context_user, context_gateway;
