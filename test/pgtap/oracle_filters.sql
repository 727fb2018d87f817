-- Conditions, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- One condition on orders, customers or products, and the WHERE a person writes.
CREATE FUNCTION pg_temp.test(subject text, value jsonb, condition text, more jsonb = '{}')
RETURNS SETOF text LANGUAGE sql AS $$
	SELECT same(concat_ws(' ', subject, value, nullif(more, '{}')),
		def('t ' || m[1], 't.id', filters(cond('t.' || m[2] || ' ' || m[3], value, more))),
		format('SELECT id FROM %s WHERE (%s)%s', m[1], condition,
			   CASE WHEN m[1] <> 'products' THEN ' AND tenant = ''acme''' END))
	FROM regexp_match(subject, '(\w+)\.(\w+) (\w+)') AS m
$$;

-- ---- Comparisons ------------------------------------------------------------
SELECT pg_temp.test('orders.amount eq', '57', 'amount = 57');
SELECT pg_temp.test('orders.amount eq', '"57.00"', 'amount = 57');
SELECT pg_temp.test('orders.amount eq', 'null', 'amount IS NULL');
SELECT pg_temp.test('orders.amount neq', 'null', 'amount IS NOT NULL');
SELECT pg_temp.test('orders.amount neq', '57', 'amount <> 57 OR amount IS NULL');
SELECT pg_temp.test('orders.amount neq', '57', 'amount <> 57', '{"nulls": "exclude"}');
SELECT pg_temp.test('orders.amount gt', '100.25', 'amount > 100.25');
SELECT pg_temp.test('orders.amount gte', '100.25', 'amount >= 100.25');
SELECT pg_temp.test('orders.amount lt', '0', 'amount < 0');
SELECT pg_temp.test('orders.amount lte', '1e1', 'amount <= 10');
SELECT pg_temp.test('orders.small gt', '-49.5', 'small::numeric > -49.5');
SELECT pg_temp.test('orders.small eq', '0', 'small = 0');
SELECT pg_temp.test('orders.small eq', '0.7', 'false');
SELECT pg_temp.test('orders.small eq', '3.0', 'small = 3');
SELECT pg_temp.test('orders.small lt', '-4.0e1', 'small < -40');
SELECT pg_temp.test('orders.big eq', '9007199254740994', 'id = 1');
SELECT pg_temp.test('orders.big gt', '9007199254740994.5', 'id > 1 AND big IS NOT NULL');
SELECT pg_temp.test('orders.discount eq', '0.1', 'discount = 0.1::real');
SELECT pg_temp.test('customers.score gt', '4', 'score > 4');
SELECT pg_temp.test('customers.score eq', '"NaN"', 'score = ''NaN''');
SELECT pg_temp.test('customers.active eq', 'false', 'NOT active');
SELECT pg_temp.test('customers.active neq', 'false', 'active IS DISTINCT FROM false');
SELECT pg_temp.test('customers.active in', '[true, null]', 'active IS NOT FALSE');
SELECT pg_temp.test('customers.region eq', '""', 'region = ''''');
SELECT pg_temp.test('customers.key eq', to_jsonb(md5('acme7')::uuid), 'id = 7');
SELECT pg_temp.test('customers.key gt', '"80000000-0000-0000-0000-000000000000"',
					'key > ''80000000-0000-0000-0000-000000000000''');
SELECT pg_temp.test('orders.channel eq', '"web"', 'channel = ''web''');
SELECT pg_temp.test('orders.channel neq', '"web"', 'channel IS DISTINCT FROM ''web''');
SELECT pg_temp.test('orders.channel gt', '"web"', 'channel IN (''phone'', ''store'')');
SELECT pg_temp.test('orders.channel in', '["web", "store"]', 'channel IN (''web'', ''store'')');
SELECT pg_temp.test('products.sku eq', '"SKU-3"', 'id = 3');
SELECT pg_temp.test('products.code eq', '"p3"', 'id = 3');
SELECT pg_temp.test('products.code in', '["p3", "p4  "]', 'id IN (3, 4)');
SELECT pg_temp.test('products.price lt', '10', 'price < 10');
SELECT pg_temp.test('products.tags eq', '"{tag1,all}"', 'tags = ''{tag1,all}''');
SELECT pg_temp.test('products.attributes eq', '"{\"new\": true, \"colour\": 2}"',
					'attributes = ''{"colour": 2, "new": true}''');

-- ---- Lists --------------------------------------------------------------------
SELECT pg_temp.test('orders.status in', '[]', 'false');
SELECT pg_temp.test('orders.status not_in', '[]', 'true');
SELECT pg_temp.test('orders.status in', '["paid", "open"]', 'status IN (''paid'', ''open'')');
SELECT pg_temp.test('orders.status in_', '["paid"]', 'status = ''paid''');
SELECT pg_temp.test('orders.status in', '["paid", null]', 'status = ''paid'' OR status IS NULL');
SELECT pg_temp.test('orders.status in', '[null]', 'status IS NULL');
SELECT pg_temp.test('orders.status not_in', '["paid", "open"]',
					'status NOT IN (''paid'', ''open'') OR status IS NULL');
SELECT pg_temp.test('orders.status not_in', '["paid"]', 'status <> ''paid''',
					'{"nulls": "exclude"}');
SELECT pg_temp.test('orders.status not_in', '["paid", null]', 'status <> ''paid''');
SELECT pg_temp.test('orders.status not_in', '[null]', 'status IS NOT NULL');
SELECT pg_temp.test('orders.status in_or_null', '["void"]', 'status = ''void'' OR status IS NULL');
SELECT pg_temp.test('orders.status in_or_null', '[]', 'status IS NULL');
SELECT pg_temp.test('orders.small in', '[1, 2.5, "3"]', 'small IN (1, 3)');
SELECT pg_temp.test('orders.small not_in', '[1, 2.5]', 'small <> 1 OR small IS NULL');
SELECT pg_temp.test('orders.amount in', '[57, 10.00]', 'amount IN (57, 10)');

-- ---- Ranges -------------------------------------------------------------------
SELECT pg_temp.test('orders.amount between', '[10, 57]', 'amount BETWEEN 10 AND 57');
SELECT pg_temp.test('orders.amount between', '[57, 10]', 'false');
SELECT pg_temp.test('orders.amount not_between', '[10, 57]',
					'amount NOT BETWEEN 10 AND 57 OR amount IS NULL');
SELECT pg_temp.test('orders.amount not_between', '[10, 57]', 'amount NOT BETWEEN 10 AND 57',
					'{"nulls": "exclude"}');
SELECT pg_temp.test('orders.small between', '[-0.5, 2]', 'small BETWEEN 0 AND 2');
SELECT pg_temp.test('customers.region between', '["a", "o"]', 'region BETWEEN ''a'' AND ''o''');

-- ---- Patterns -----------------------------------------------------------------
SELECT pg_temp.test('customers.name like', '"Acme 1_"', 'id BETWEEN 10 AND 19 AND id <> 13');
SELECT pg_temp.test('customers.name like', '"acme%"', 'false');
SELECT pg_temp.test('customers.name ilike', '"aCME%"', 'name <> ''Twin''');
SELECT pg_temp.test('customers.name not_like', '"Acme%"', 'name = ''Twin''');
SELECT pg_temp.test('customers.email not_ilike', '"ACME1%"',
					'email NOT LIKE ''acme1%'' OR email IS NULL');
SELECT pg_temp.test('customers.email not_ilike', '"ACME1%"', 'email NOT LIKE ''acme1%''',
					'{"nulls": "exclude"}');
SELECT pg_temp.test('customers.region like', '"50\\%\\_\\\\"', 'id % 5 = 2');
SELECT pg_temp.test('customers.region contains', '"%"', 'id % 5 = 2');
SELECT pg_temp.test('customers.region contains', '"_\\"', 'id % 5 = 2');
SELECT pg_temp.test('customers.region contains', '"OUT"', 'region = ''South''');
SELECT pg_temp.test('customers.region starts_with', '"s"', 'region = ''South''');
SELECT pg_temp.test('customers.region ends_with', '"TH"', 'region IN (''north'', ''South'')');
SELECT pg_temp.test('customers.region ends_with', '"\\"', 'id % 5 = 2');
SELECT pg_temp.test('customers.region contains', '""', 'region IS NOT NULL');
SELECT pg_temp.test('products.sku starts_with', '"sku-1"', 'id = 1 OR id >= 10');
SELECT pg_temp.test('products.code ends_with', '"2"', 'id IN (2, 12)');
-- Of an enum its label, whatever the value is.
SELECT pg_temp.test('orders.channel like', '"%e%"', 'channel IN (''web'', ''phone'', ''store'')');
SELECT pg_temp.test('orders.channel like', '"_eb"', 'channel = ''web''');
SELECT pg_temp.test('orders.channel like', '"W%"', 'false');
SELECT pg_temp.test('orders.channel ilike', '"%O%E"', 'channel IN (''phone'', ''store'')');
SELECT pg_temp.test('orders.channel not_like', '"%o%"', 'channel = ''web'' OR channel IS NULL');
SELECT pg_temp.test('orders.channel not_ilike', '"%O%"', 'channel = ''web''',
					'{"nulls": "exclude"}');
SELECT pg_temp.test('orders.channel contains', '"HO"', 'channel = ''phone''');
SELECT pg_temp.test('orders.channel contains', '"%"', 'false');
SELECT pg_temp.test('orders.channel starts_with', '"S"', 'channel = ''store''');
SELECT pg_temp.test('orders.channel ends_with', '"e"', 'channel IN (''phone'', ''store'')');
SELECT same('a label in having', def('o orders', 'o.status', filters(cond('o.id gt', '1'))
		|| '{"columns": [{"table_id": "o", "column": "status"},
				{"table_id": "o", "column": "channel", "aggregation": "max", "alias": "last"}],
			 "having": [{"column": "last", "operator": "not_like", "value": "p%"}]}'),
	$$SELECT status, max(channel) FROM orders WHERE tenant = 'acme' AND id > 1 GROUP BY 1
	HAVING max(channel) IS NULL OR max(channel)::text NOT LIKE 'p%'$$);
SELECT same('a label in a measure''s filter', def('o orders', 'o.status', '{"columns": [
		{"table_id": "o", "column": "status"}, {"table_id": "o", "column": "*", "aggregation":
		 "count", "filters": [{"table_id": "o", "column": "channel", "operator": "contains",
		 "value": "E"}]}]}'),
	$$SELECT status, count(*) FILTER (WHERE channel::text ILIKE '%e%') FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$);
SELECT is(faults(def('o orders', 'o.id', filters(cond('o.channel like', '3'),
		cond('o.channel like', '"a\\"'), cond('o.channel eq', '"we"'),
		cond('o.id contains', '"1"')))),
	'TYPE_MISMATCH /filters/0/value operator "like" takes a string' || E'\n' ||
	'INVALID_VALUE /filters/1/value the pattern ends in a lone backslash '
	'(Write two backslashes for a backslash.)' || E'\n' ||
	'TYPE_MISMATCH /filters/2/value "we" is not a valid value of type channel' || E'\n' ||
	'INVALID_OPERATOR /filters/3/operator operator "contains" does not go with type integer '
	'(It is for texts and enums.)', 'what does not go with a label');
SELECT pg_temp.test('customers.region is_null', NULL, 'region IS NULL');
SELECT pg_temp.test('customers.region is_not_null', NULL, 'region IS NOT NULL');

-- ---- Dates and times ------------------------------------------------------------
SELECT pg_temp.test('orders.placed_at between', '["2024-01-01", "2024-01-31"]',
	'placed_at >= ''2024-01-01 00:00+00'' AND placed_at < ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at not_between', '["2024-01-01", "2024-01-31"]',
	'placed_at >= ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at lte', '"2024-01-31"', 'placed_at < ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at lt', '"2024-01-31"', 'placed_at < ''2024-01-31 00:00+00''');
SELECT pg_temp.test('orders.placed_at gt', '"2024-01-31"', 'placed_at >= ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at gte', '"2024-02-01"', 'placed_at >= ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at eq', '"2024-01-31"',
	'placed_at >= ''2024-01-31 00:00+00'' AND placed_at < ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at neq', '"2024-01-31"',
	'placed_at < ''2024-01-31 00:00+00'' OR placed_at >= ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at eq', '"2024-02-01 00:00"', 'id = 1002');
SELECT pg_temp.test('orders.placed_at eq', '"2024-02-01T01:00:00+01:00"', 'id = 1002');
SELECT pg_temp.test('orders.placed_at in', '["2024-01-31", "2024-02-01T00:00:00Z"]',
	'placed_at >= ''2024-01-31 00:00+00'' AND placed_at <= ''2024-02-01 00:00+00''');
SELECT pg_temp.test('orders.placed_at not_in', '["2024-01-31", "2024-02-01T00:00:00Z"]',
	'NOT (placed_at >= ''2024-01-31 00:00+00'' AND placed_at <= ''2024-02-01 00:00+00'')');
SELECT pg_temp.test('orders.local_at lte', '"2024-01-31"', 'local_at < ''2024-02-01''');
SELECT pg_temp.test('orders.local_at neq', '"2024-03-10"',
	'local_at::date <> ''2024-03-10'' OR local_at IS NULL');
SELECT pg_temp.test('orders.shipped lte', '"2024-01-31"', 'shipped <= ''2024-01-31''');
SELECT pg_temp.test('orders.shipped between', '["2024-01-31", "2024-02-02"]',
	'shipped BETWEEN ''2024-01-31'' AND ''2024-02-02''');
SELECT pg_temp.test('orders.shipped in', '["2024-01-03", null]',
	'shipped = ''2024-01-03'' OR shipped IS NULL');
SELECT pg_temp.test('orders.shipped not_in', '["2024-01-03"]',
	'shipped <> ''2024-01-03'' OR shipped IS NULL');
-- A date's own input drops a time of day.
SELECT pg_temp.test('orders.shipped gt', '"2024-02-01T12:00:00"',
	'shipped > ''2024-02-01''');
SELECT pg_temp.test('orders.shipped gte', '"2024-02-01T12:00:00"',
	'shipped >= ''2024-02-01''');
SELECT pg_temp.test('orders.shipped lt', '"2024-02-01T12:00:00"',
	'shipped < ''2024-02-01''');
SELECT pg_temp.test('orders.reviewed gt', '"2024-03-05"', 'reviewed >= ''2024-03-06 00:00+00''');
SELECT pg_temp.test('orders.reviewed eq', '"infinity"', 'reviewed = ''infinity''');
SELECT pg_temp.test('orders.reviewed lt', '"infinity"', 'reviewed < ''infinity''');

-- ---- Groups ---------------------------------------------------------------------
SELECT same('or inside and', def('o orders', 'o.id', filters(cond('o.amount gt', '100'),
		jsonb_build_object('or', jsonb_build_array(cond('o.status eq', '"paid"'),
												   cond('o.channel eq', '"web"'))))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND amount > 100
		AND (status = 'paid' OR channel = 'web')$$);
SELECT same('not is that of SQL', def('o orders', 'o.id', filters(
		jsonb_build_object('not', cond('o.status eq', '"paid"')))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status <> 'paid'$$);
SELECT same('not over a negation that lets nulls through', def('o orders', 'o.id', filters(
		jsonb_build_object('not', cond('o.status neq', '"paid"')))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status = 'paid'$$);
SELECT same('deep', def('o orders', 'o.id', filters(jsonb_build_object('not',
		jsonb_build_object('or', jsonb_build_array(
			jsonb_build_object('and', jsonb_build_array(cond('o.small gte', '0'),
														cond('o.small lt', '20'))),
			jsonb_build_object('not', cond('o.channel is_not_null'))))))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND channel IS NOT NULL
		AND (small < 0 OR small >= 20)$$);
SELECT same('on both tables of a join', def('o orders, c customers', 'o.id',
		filters(cond('c.region contains', '"o"'), cond('o.amount lt', '200'))),
	$$SELECT o.id FROM orders o, customers c WHERE o.tenant = 'acme' AND c.tenant = 'acme'
		AND o.customer_id = c.id AND c.region ILIKE '%o%' AND o.amount < 200$$);
SELECT same('on a column that is shown nowhere, over groups', def('o orders', 'o.channel,
		o.* count',
		filters(cond('o.status eq', '"paid"'))),
	$$SELECT channel, count(*) FROM orders WHERE tenant = 'acme' AND status = 'paid' GROUP BY 1$$);

SELECT * FROM finish();
ROLLBACK;
