-- Definitions, rights, settings and tables as they come: whatever changes between two askings, what
-- is remembered of a definition says what compiling it anew says. PRISMIQ_ROUNDS sets how often
-- something changes.
\getenv dir TEST_DIR
\set rounds 400
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
GRANT app_user TO CURRENT_USER;
SELECT setseed(0.42) \g /dev/null
CREATE SCHEMA near;
CREATE ROLE readers;
GRANT USAGE ON SCHEMA near TO app_user;
GRANT readers TO app_user;
SET search_path = oracle, public;

-- One of some.
CREATE FUNCTION pg_temp.one(VARIADIC texts text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT texts[1 + floor(random() * array_length(texts, 1))::int]
$$;

-- A definition out of the parts that definitions have.
CREATE FUNCTION pg_temp.definition() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	joined bool := random() < 0.5;
	grouped bool := random() < 0.6;
	result jsonb;
BEGIN
	result := def('o orders' || CASE WHEN joined THEN ', c customers' ELSE '' END,
		pg_temp.one('o.channel', 'o.status', 'o.customer_id') ||
		CASE WHEN joined THEN pg_temp.one(', c.region', ', c.name', '') ELSE '' END ||
		CASE WHEN grouped THEN pg_temp.one(', o.amount sum = total', ', o.* count = total',
			', o.amount avg = total') ELSE ', o.amount = total' END);
	IF joined AND random() < 0.5 THEN
		result := result || jsonb_build_object('joins', jsonb_build_array("join"(
			'o.customer_id = c.id' || pg_temp.one('', ' LEFT'))));
	END IF;
	IF random() < 0.7 THEN
		result := result || jsonb_build_object('filters', jsonb_build_array(
			pg_temp.one('{"table_id": "o", "column": "amount", "operator": "gt", "value": 10}',
				'{"table_id": "o", "column": "status", "operator": "in", "value": ["paid", "new"]}',
				'{"table_id": "o", "column": "placed_at", "operator": "gte",
					"value": "2024-02-01"}',
				'{"table_id": "o", "column": "placed_at", "operator": "date_preset",
					"value": "this_year"}')::jsonb));
	END IF;
	IF grouped AND random() < 0.3 THEN
		result := result || '{"time_series": {"table_id": "o", "date_column": "placed_at",
			"interval": "month", "range": {"start": "2024-01-01", "end": "2024-06-01"}}}';
	END IF;
	IF random() < 0.4 THEN
		result := result || '{"order_by": [{"alias": "total", "direction": "DESC"}], "limit": 5}';
	END IF;
	RETURN result;
END
$$;

-- Something that changes, or is changed back.
CREATE FUNCTION pg_temp.change() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT pg_temp.one(
		'REVOKE SELECT ON shop.orders FROM app_user',
		'GRANT SELECT (id, customer_id, amount, channel, org_id) ON shop.orders TO app_user',
		'GRANT SELECT ON shop.orders TO app_user', 'GRANT SELECT ON shop.orders TO app_user',
		'GRANT SELECT ON shop.customers TO readers',
		'REVOKE SELECT ON shop.customers FROM app_user',
		'GRANT SELECT ON shop.customers TO app_user',
		'REVOKE readers FROM app_user', 'GRANT readers TO app_user',
		'ALTER TABLE shop.orders RENAME COLUMN channel TO channel_before',
		'ALTER TABLE shop.orders RENAME COLUMN channel_before TO channel',
		'ALTER TABLE shop.customers RENAME TO customers_before',
		'ALTER TABLE shop.customers_before RENAME TO customers',
		'ALTER TABLE shop.orders ADD COLUMN more int', 'ALTER TABLE shop.orders DROP COLUMN more',
		'CREATE UNIQUE INDEX one_more ON shop.orders (id, org_id)', 'DROP INDEX shop.one_more',
		'CREATE TABLE near.customers AS SELECT * FROM shop.customers;
			GRANT SELECT ON near.customers TO app_user;
			SELECT FROM prismiq.prismiq_expose(''near.customers'', tenant_column => ''org_id'')',
		'DROP TABLE near.customers',
		'SELECT prismiq.prismiq_hide(''shop.customers'')',
		'SELECT prismiq.prismiq_expose(''shop.customers'', tenant_column => ''org_id'')',
		'SELECT prismiq.prismiq_expose(''shop.customers'', shared => true)',
		'SET LOCAL x.path = ''near, shop, public''', 'SET LOCAL x.path = ''shop, near''',
		'SET LOCAL x.path = ''public''', 'SET LOCAL prismiq.schema = near',
		'SET LOCAL prismiq.schema = shop', 'SET LOCAL prismiq.schema = ''''',
		'SET LOCAL timezone = ''Asia/Tokyo''', 'SET LOCAL timezone = ''UTC''',
		'SET LOCAL prismiq.max_tables = 1', 'SET LOCAL prismiq.max_tables = 9',
		'SET LOCAL prismiq.fiscal_year_start_month = 4',
		'SET LOCAL prismiq.fiscal_year_start_month = 1',
		'SET LOCAL prismiq.tenant_id = beta', 'SET LOCAL prismiq.tenant_id = acme',
		'SET LOCAL quote_all_identifiers = on', 'SET LOCAL quote_all_identifiers = off',
		'SELECT prismiq.prismiq_schema_config_set(''{"tables": {"orders": {"columns":
			{"status": {"hidden": true}}}}}'')',
		'SELECT prismiq.prismiq_schema_config_set(''{"week_start": "sunday"}'')',
		'SELECT prismiq.prismiq_schema_config_set(''{"timezone": "Europe/Berlin"}'')')
$$;

-- What a definition comes to, with so much memory for what was compiled.
CREATE FUNCTION pg_temp.outcome(definition jsonb, memory text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	PERFORM set_config('prismiq.compiled_memory', memory, true);
	PERFORM set_config('search_path', current_setting('x.path'), true);
	SET LOCAL ROLE app_user;
	BEGIN
		result := prismiq.prismiq_compile(definition)::text;
	EXCEPTION WHEN OTHERS THEN
		result := SQLSTATE || SQLERRM;
	END;
	RESET ROLE;
	PERFORM set_config('search_path', 'oracle, public, pg_catalog', true);
	RETURN result;
END
$$;

-- Changes, one of them now and then taken back, and askings in between.
CREATE FUNCTION pg_temp.play(rounds int, OUT askings int, OUT whole int, OUT outcomes int,
	OUT changes int, OUT wrong text[]) LANGUAGE plpgsql AS $$
DECLARE
	definitions jsonb[];
	definition jsonb;
	found text;
	seen text[] := '{}';
BEGIN
	FOR n IN 1 .. 20 LOOP
		definitions := definitions || pg_temp.definition();
	END LOOP;
	askings := 0; whole := 0; changes := 0; wrong := '{}';
	FOR n IN 1 .. rounds LOOP
		BEGIN
			EXECUTE pg_temp.change();
			changes := changes + 1;
			IF random() < 0.2 THEN
				found := pg_temp.outcome(definitions[1 + n % 20], '8MB');
				RAISE EXCEPTION USING ERRCODE = 'ZZ001';
			END IF;
		EXCEPTION WHEN OTHERS THEN
			NULL;				-- it was not there to be changed, or is taken back
		END;
		FOR i IN 1 .. 6 LOOP
			definition := definitions[1 + floor(random() * 20)::int];
			found := pg_temp.outcome(definition, '8MB');
			askings := askings + 1;
			IF found LIKE '{%' THEN
				whole := whole + 1;
			END IF;
			IF NOT found = ANY (seen) THEN
				seen := seen || found;
			END IF;
			IF found IS DISTINCT FROM pg_temp.outcome(definition, '0') THEN
				wrong := wrong || format('round %s: %s', n, definition);
			END IF;
		END LOOP;
	END LOOP;
	outcomes := array_length(seen, 1);
END
$$;
SET LOCAL x.path = 'shop, public';
SET LOCAL client_min_messages = error;
SELECT * FROM pg_temp.play(:rounds) \gset
SELECT is(:'wrong'::text[], '{}', 'what is remembered is what is true');
SELECT cmp_ok(:whole::int, '>', :askings::int / 4, 'definitions were without a fault, '
	|| :'whole' || ' of ' || :'askings');
SELECT cmp_ok(:outcomes, '>', 40, 'and came out in many ways, ' || :'outcomes' || ' after '
	|| :'changes' || ' changes');
SELECT * FROM finish();
ROLLBACK;
