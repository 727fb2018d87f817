-- Parameters: wherever a value may stand, checked against their types.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- {"params": {...}} and the option of that name.
CREATE FUNCTION pg_temp.declared(params jsonb, VARIADIC conditions jsonb[]) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_build_object('params', params) || oracle.filters(VARIADIC conditions)
$$;
CREATE FUNCTION pg_temp.given(params jsonb) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('params', params) $$;
-- The list of faults of a query with options, like faults().
CREATE FUNCTION pg_temp.refused(definition jsonb, options jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM prismiq.prismiq_query(definition, options);
	RETURN 'answered';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || (SELECT string_agg(concat_ws(' ', e ->> 'code', e ->> 'path',
			e ->> 'message', '(' || (e ->> 'suggestion') || ')'), E'\n' ORDER BY n)
		FROM jsonb_array_elements(detail::jsonb) WITH ORDINALITY AS u (e, n));
END
$$;

-- ---- Values of conditions ---------------------------------------------------------
SELECT same('each type', def('o orders', 'o.id', pg_temp.declared(
		'{"s": {"type": "text"}, "low": {"type": "number"}, "n": {"type": "integer"},
		  "day": {"type": "date"}, "at": {"type": "timestamp"}}',
		cond('o.status eq', '{"param": "s"}'), cond('o.amount gte', '{"param": "low"}'),
		cond('o.small lt', '{"param": "n"}'), cond('o.placed_at gte', '{"param": "day"}'),
		cond('o.placed_at lt', '{"param": "at"}'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status = 'paid' AND amount >= 12.5
		AND small < 30 AND placed_at >= '2024-02-01' AND placed_at < '2024-06-01 12:00'$$,
	options => pg_temp.given('{"s": "paid", "low": 12.5, "n": 30, "day": "2024-02-01",
							   "at": "2024-06-01T12:00:00"}'));
SELECT same('boolean and uuid', def('c customers', 'c.id', pg_temp.declared(
		'{"b": {"type": "boolean"}, "k": {"type": "uuid[]"}}',
		cond('c.active eq', '{"param": "b"}'), cond('c.key not_in', '{"param": "k"}'))),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND NOT active AND id <> 3$$,
	options => pg_temp.given(jsonb_build_object('b', false, 'k', ARRAY[md5('acme3')::uuid])));
SELECT same('false and 0 are values, defaults are used', def('o orders', 'o.id', pg_temp.declared(
		'{"n": {"type": "integer", "default": 7}, "m": {"type": "integer", "default": -50}}',
		cond('o.small eq', '{"param": "n"}'), cond('o.small gte', '{"param": "m"}'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND small = 0$$,
	options => pg_temp.given('{"n": 0}'));
SELECT same('lists: whole, by element, null in them', def('o orders', 'o.id', pg_temp.declared(
		'{"l": {"type": "text[]"}, "e": {"type": "text"}, "r": {"type": "number[]"}}',
		'{"or": [{"table_id": "o", "column": "status", "operator": "in", "value": {"param": "l"}},
			{"table_id": "o", "column": "channel", "operator": "in",
			 "value": ["phone", {"param": "e"}]}]}',
		cond('o.amount between', '{"param": "r"}'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND amount BETWEEN 10 AND 99.5
		AND (status = 'open' OR status IS NULL OR channel IN ('phone', 'store'))$$,
	options => pg_temp.given('{"l": ["open", null], "e": "store", "r": [10, 99.5]}'));
-- ---- Optional values: a condition without its value is left out ---------------------
CREATE FUNCTION pg_temp.opt(name text) RETURNS jsonb
LANGUAGE sql AS $$ SELECT jsonb_build_object('param', name, 'optional', true) $$;
CREATE FUNCTION pg_temp.without(VARIADIC conditions jsonb[]) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT def('o orders', 'o.id', pg_temp.declared('{"s": {"type": "text"},
		"n": {"type": "integer"}, "l": {"type": "text[]"}}', VARIADIC conditions))
$$;
SELECT same('one that is left out, and one beside it', pg_temp.without(
		cond('o.status eq', pg_temp.opt('s')), cond('o.small lt', '5')),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND small < 5$$);
SELECT same('one whose value is given', pg_temp.without(cond('o.status eq', pg_temp.opt('s'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status = 'paid'$$,
	options => pg_temp.given('{"s": "paid"}'));
SELECT same('a null that is given is a value', pg_temp.without(cond('o.status eq',
		pg_temp.opt('s'))), $$SELECT id FROM orders WHERE tenant = 'acme' AND status IS NULL$$,
	options => pg_temp.given('{"s": null}'));
SELECT same('a list that is empty is a value', pg_temp.without(cond('o.status in',
		pg_temp.opt('l'))), $$SELECT id FROM orders WHERE false$$,
	options => pg_temp.given('{"l": []}'));
SELECT same('a default is a value, and null is none', def('o orders', 'o.id', pg_temp.declared(
		'{"s": {"type": "text", "default": "paid"}, "n": {"type": "integer", "default": null}}',
		cond('o.status eq', pg_temp.opt('s')), cond('o.small eq', pg_temp.opt('n')))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status = 'paid'$$);
SELECT same('every operator: ' || c::text, pg_temp.without(c),
	$$SELECT id FROM orders WHERE tenant = 'acme'$$)
FROM (VALUES (cond('o.status in', pg_temp.opt('l'))), (cond('o.status not_in',
		jsonb_build_array('paid', pg_temp.opt('s')))),
	(cond('o.small between', jsonb_build_array(1, pg_temp.opt('n')))),
	(cond('o.small between', pg_temp.opt('l'))),
	(cond('o.status like', pg_temp.opt('s'))), (cond('o.channel contains', pg_temp.opt('s'))),
	(cond('o.placed_at date_relative', pg_temp.opt('n'))),
	(cond('o.placed_at date_preset', pg_temp.opt('s'))),
	(cond('o.placed_at date_window', jsonb_build_object('period', 'daily', 'value',
		pg_temp.opt('n'))))) AS v (c);
SELECT same('groups that become empty', pg_temp.without(
		jsonb_build_object('or', jsonb_build_array(cond('o.status eq', pg_temp.opt('s')),
			jsonb_build_object('not', cond('o.small lt', pg_temp.opt('n'))))),
		jsonb_build_object('not', jsonb_build_object('and', jsonb_build_array(
			cond('o.status eq', pg_temp.opt('s'))))), cond('o.small gte', '5')),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND small >= 5$$);
SELECT same('groups that do not', pg_temp.without(
		jsonb_build_object('or', jsonb_build_array(cond('o.status eq', pg_temp.opt('s')),
			cond('o.small lt', pg_temp.opt('n')))),
		jsonb_build_object('not', jsonb_build_object('and', jsonb_build_array(
			cond('o.status eq', pg_temp.opt('s')), cond('o.small lt', '2'))))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND small < 5 AND NOT small < 2$$,
	options => pg_temp.given('{"n": 5}'));
SELECT same('in a measure and in having', pg_temp.without(cond('o.id gt', '0'))
		|| jsonb_build_object('columns',
		jsonb_build_array('{"table_id": "o", "column": "channel"}'::jsonb, '{"table_id": "o",
			"column": "*", "aggregation": "count", "alias": "n"}'::jsonb || filters(
				cond('o.status eq', pg_temp.opt('s')))),
		'having', jsonb_build_array(jsonb_build_object('column', 'n', 'operator', 'lt', 'value',
			pg_temp.opt('n')))),
	$$SELECT channel, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT is(pg_temp.refused(pg_temp.without(cond('o.id gt', '0')) || jsonb_build_object('columns',
		jsonb_build_array('{"table_id": "o", "column": "channel"}'::jsonb || filters(
			cond('o.status eq', pg_temp.opt('s'))))), o),
	'22023 INVALID_VALUE /columns/0/filters "filters" of a column need an aggregation '
	'(Put conditions on the rows into the query''s own "filters".)',
	'of a column without an aggregation, with or without a value: ' || o::text)
FROM unnest(ARRAY['{}', '{"params": {"s": "paid"}}']::jsonb[]) AS o;
SELECT same('in a query inside', pg_temp.without(cond('o.customer_id in_query',
		jsonb_build_object('query', def('c customers', 'c.id', filters(cond('c.region eq',
			pg_temp.opt('s')), cond('c.id lt', '4')))))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND customer_id IN (1, 2, 3)$$);
-- Which rows are joined does not depend on what is given.
SELECT same('a table of scope ' || scope || ' is not joined ' || more::text, def('c customers, ' ||
		'o orders', 'c.id', pg_temp.declared('{"s": {"type": "text"}}', cond('o.status eq',
			pg_temp.opt('s'), jsonb_build_object('scope', scope)), cond('c.id lt', '9')) || more),
	$$SELECT id FROM customers WHERE tenant = 'acme' AND id < 9$$)
FROM unnest('{any,none}'::text[]) AS scope, (VALUES ('{}'::jsonb),
	('{"joins": [{"from_table_id": "c", "from_column": "id", "to_table_id": "o",
		"to_column": "customer_id"}]}')) AS v (more);
SELECT is(pg_temp.refused(pg_temp.without(cond('o.state eq', pg_temp.opt('s')),
		cond('o.status eq', '{"param": "s", "optional": "yes"}'),
		cond('o.status eq', '{"param": "t", "optional": true}'),
		cond('o.status eq', '{"param": "l", "optional": true}'),
		cond('o.status eq', '{"param": "s", "optionel": true}')), '{"params": {"l": ["a"]}}'),
	'22023 COLUMN_NOT_FOUND /filters/0/column column "state" not found in table "orders" '
	'(Did you mean "status"?)' || E'\n' ||
	'INVALID_VALUE /filters/1/value/optional "optional" must be true or false, not a string'
	|| E'\n' ||
	'MISSING_PARAM /filters/2/value/param there is no parameter "t" (Declare it in "params".)'
	|| E'\n' || 'TYPE_MISMATCH /filters/3/value parameter "l" is a list where a single value is '
	'needed' || E'\n' ||
	'UNKNOWN_FIELD /filters/4/value/optionel unknown key "optionel" (Did you mean "optional"?)',
	'faults, also of what is left out');
SELECT is(pg_temp.refused(def('o orders', 'o.id', pg_temp.declared(
		'{"s": {"type": "text", "required": true}}', cond('o.status eq', pg_temp.opt('s')))), '{}'),
	'22023 MISSING_PARAM /params/s parameter "s" needs a value (Give it in the option "params".)',
	'what is required must be given');
SELECT is(pg_temp.refused(replace(d, '#', 'true')::jsonb, '{}'),
	pg_temp.refused(replace(d, '#', 'false')::jsonb, '{}'),
	'elsewhere nothing is optional: ' || key)
FROM (VALUES ('an interval', '"time_series": {"table_id": "o",
		"date_column": "placed_at", "interval": {"param": "p", "optional": #}}'),
	('the start of a range', '"time_series": {"table_id": "o", "date_column": "placed_at",
		"interval": "day", "range": {"start": {"param": "p", "optional": #}}}'),
	('a filled value', '"time_series": {"table_id": "o", "date_column": "placed_at",
		"interval": "month", "fill_value": {"param": "p", "optional": #}}'),
	('a limit', '"limit": {"param": "p", "optional": #}')) AS v (key, rest),
	LATERAL (SELECT format('{"tables": [{"id": "o", "name": "orders"}], "params": {"p":
		{"type": "text"}}, "columns": [{"table_id": "o", "column": "*", "aggregation": "count"}],
		%s}', rest) AS d) AS definition;
SELECT is(pg_temp.refused(def('o orders', 'o.* count', '{"params": {"s": {"type": "text"}},
		"time_series": {"table_id": "o", "date_column": "placed_at", "interval":
			{"param": "s", "optional": true}}}'), '{}'),
	'22023 INVALID_VALUE /time_series/interval "interval" must be a string that is not empty',
	'what a key needs is missed');
SELECT same('in qualify', pg_temp.without(cond('o.id gt', '0')) || '{"columns": [
		{"table_id": "o", "column": "channel"},
		{"table_id": "o", "column": "*", "aggregation": "count", "alias": "n"}],
	"qualify": [{"column": "n", "operator": "gt", "value": {"param": "n", "optional": true}},
		{"column": "n", "operator": "lt", "value": 1000}]}',
	$$SELECT channel, count(*) FROM orders WHERE tenant = 'acme' GROUP BY 1$$);
SELECT is((SELECT string_agg(prismiq.prismiq_query(pg_temp.without(cond('o.status eq',
		pg_temp.opt('s'))) || '{"columns": [{"table_id": "o", "column": "*",
			"aggregation": "count"}]}',
		o::jsonb)::jsonb #>> '{rows,0,0}', ' ' ORDER BY n) FROM unnest(ARRAY['{}', '{}', '{}',
		'{"params": {"s": "paid"}}', '{"params": {"s": "paid"}}', '{"params": {"s": "paid"}}',
		'{}', '{"params": {"s": null}}', '{}']) WITH ORDINALITY AS u (o, n)),
	(SELECT format('%1$s %1$s %1$s %2$s %2$s %2$s %1$s %3$s %1$s', count(*), count(*) FILTER (WHERE
		status = 'paid'), count(*) FILTER (WHERE status IS NULL))
	 FROM orders WHERE tenant = 'acme'),
	'what was compiled for one is not taken for the other');
SELECT same('a value that nobody gave is null, a list empty', def('o orders', 'o.id',
		pg_temp.declared('{"s": {"type": "text"}, "l": {"type": "integer[]"}}',
			cond('o.status eq', '{"param": "s"}'), cond('o.id not_in', '{"param": "l"}'))),
	$$SELECT id FROM orders WHERE tenant = 'acme' AND status IS NULL$$);
SELECT same('between with one end by a parameter; in having; in a column', def('o orders', 'o.id',
		pg_temp.declared('{"d": {"type": "date"}, "n": {"type": "integer"}, "s": {"type": "text"}}',
			cond('o.placed_at between', '["2024-01-10", {"param": "d"}]'))
		|| '{"columns": [{"table_id": "o", "column": "channel"},
				{"table_id": "o", "column": "*", "aggregation": "count", "alias": "n", "filters":
				 [{"table_id": "o", "column": "status", "operator": "eq",
				  "value": {"param": "s"}}]}],
			 "having": [{"column": "n", "operator": "gt", "value": {"param": "n"}}]}'),
	$$SELECT channel, count(*) FILTER (WHERE status = 'paid') FROM orders WHERE tenant = 'acme'
		AND placed_at >= '2024-01-10' AND placed_at < '2024-03-01' GROUP BY 1
	HAVING count(*) FILTER (WHERE status = 'paid') > 2$$,
	options => pg_temp.given('{"d": "2024-02-29", "n": 2, "s": "paid"}'));
SELECT same('days, presets, windows', def('o orders', 'o.id', pg_temp.declared(
		'{"days": {"type": "integer"}, "p": {"type": "text"},
		  "w": {"type": "integer", "default": 0}}',
		'{"or": [
			{"table_id": "o", "column": "placed_at", "operator": "date_relative",
			 "value": {"param": "days"}},
			{"table_id": "o", "column": "placed_at", "operator": "date_preset",
			 "value": {"param": "p"}},
			{"table_id": "o", "column": "placed_at", "operator": "date_window",
			 "value": {"period": "yearly", "value": {"param": "w"}}}]}')),
	$$SELECT id FROM orders WHERE tenant = 'acme'
		AND (placed_at >= date_trunc('day', now(), 'UTC') + interval '-300 days'
			 AND placed_at < date_trunc('day', now(), 'UTC') + interval '1 day'
			 OR placed_at >= date_trunc('day', now(), 'UTC')
			 AND placed_at < date_trunc('day', now(), 'UTC') + interval '1 day'
			 OR placed_at >= date_trunc('year', now(), 'UTC')
			 AND placed_at < date_trunc('year', now(), 'UTC') + interval '1 year')$$,
	options => pg_temp.given('{"days": -300, "p": "today"}'));

-- ---- Elsewhere ----------------------------------------------------------------------
SELECT same('limit and offset', def('o orders', 'o.id',
		'{"params": {"n": {"type": "integer", "default": 3}, "skip": {"type": "integer"}},
		  "limit": {"param": "n"}, "offset": {"param": "skip"}, "order_by": [{"alias": "id"}]}'),
	$$SELECT id FROM orders WHERE tenant = 'acme' ORDER BY id LIMIT 3 OFFSET 10$$, true,
	pg_temp.given('{"skip": 10}'));
SELECT same('the range of a series, its fill value, a percentile', def('o orders', 'o.id',
		'{"params": {"from": {"type": "date"}, "to": {"type": "date"}, "f": {"type": "number"},
					 "zero": {"type": "number"}},
		  "columns": [{"table_id": "o", "column": "amount", "aggregation": "percentile",
					   "args": {"fraction": {"param": "f"}}}],
		  "time_series": {"table_id": "o", "date_column": "placed_at", "interval": "day",
			"timezone": "UTC", "fill_value": {"param": "zero"},
			"range": {"start": {"param": "from"}, "end": {"param": "to"}}}}'),
	$$SELECT d AT TIME ZONE 'UTC', (SELECT CASE WHEN count(*) = 0 THEN -1.5
			ELSE percentile_cont(0.25) WITHIN GROUP (ORDER BY amount) END FROM orders
		WHERE tenant = 'acme' AND date_trunc('day', placed_at, 'UTC') = d AT TIME ZONE 'UTC')
	FROM generate_series(timestamp '2024-01-05', '2024-01-20', '1 day') AS d ORDER BY 1$$, true,
	pg_temp.given('{"from": "2024-01-05", "to": "2024-01-20", "f": 0.25, "zero": -1.5}'));

CREATE FUNCTION pg_temp.by(width jsonb, zone jsonb, more jsonb = '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT oracle.def('o orders', 'o.* count', more || jsonb_build_object('time_series',
		jsonb_build_object('table_id', 'o', 'date_column', 'placed_at', 'interval', width,
						   'timezone', zone)))
$$;
SELECT is(answer(pg_temp.by('{"param": "by"}', '{"param": "zone"}', '{"params":
		{"by": {"type": "text", "default": "week"}, "zone": {"type": "text"}}}'),
		pg_temp.given('{"by": "month", "zone": "Asia/Tokyo"}')),
	answer(pg_temp.by('"month"', '"Asia/Tokyo"')), 'the width of a series and its zone');
SELECT is(answer(pg_temp.by('{"param": "by"}', 'null', '{"params": {"by": {"type": "text"}}}')),
	'22023 INVALID_VALUE', 'no width');
SELECT is(prismiq_validate(pg_temp.by('{"param": "by"}', 'null',
		'{"params": {"by": {"type": "text"}}}')) -> 'valid', 'true', 'no width yet');

-- ---- Refusals -------------------------------------------------------------------------
SELECT is(pg_temp.refused(def('o orders', 'o.id', pg_temp.declared(
		'{"s": {"type": "text", "required": true}, "n": {"type": "integer", "required": true}}',
		cond('o.status eq', '{"param": "s"}'), cond('o.small eq', '{"param": "n"}'),
		cond('o.small eq', '{"param": "nn"}'))),
		'{"params": {"n": null}}'),
	'22023 MISSING_PARAM /filters/2/value/param there is no parameter "nn" '
	'(Declare it in "params".)'
	|| E'\n' || 'MISSING_PARAM /params/n parameter "n" needs a value '
	'(Give it in the option "params".)' || E'\n' ||
	'MISSING_PARAM /params/s parameter "s" needs a value (Give it in the option "params".)',
	'a parameter that is needed, one that nobody declared');
SELECT is(pg_temp.refused(def('o orders', 'o.id', pg_temp.declared(
		'{"status": {"type": "text"}}', cond('o.status eq', '{"param": "status"}'))),
		'{"params": {"statis": "paid"}}'),
	'22023 UNKNOWN_FIELD /params/statis the definition has no parameter "statis" '
	'(Did you mean "status"?)', 'a value for a parameter that nobody declared');
SELECT is(pg_temp.refused(def('o orders', 'o.id', jsonb_build_object('params',
		(SELECT jsonb_object_agg(t, jsonb_build_object('type', t)) FROM unnest('{text,number,
			integer,boolean,date,timestamp,uuid,text[],integer[],date[]}'::text[]) AS t))),
		pg_temp.given('{"text": 1, "number": "1", "integer": 1.5, "boolean": "true",
			"date": "2024-01-01T10:00:00", "timestamp": "soon", "uuid": "1234", "text[]": "x",
			"integer[]": [1, "2"], "date[]": [["2024-01-01"]]}')),
	(SELECT '22023 ' || string_agg(format('TYPE_MISMATCH /params/%s the value of parameter "%1$s"'
		|| ' is not of type %1$s', t), E'\n' ORDER BY length(t), t COLLATE "C")
	FROM unnest('{text,number,integer,boolean,date,timestamp,uuid,text[],integer[],date[]}'::text[])
		AS t), 'values of another type');
SELECT is(pg_temp.refused(def('o orders', 'o.id', pg_temp.declared(
		'{"a": {"type": "int"}, "b": {"type": "date", "default": "2024-02-31"}, "c": {},
		  "d": {"type": "text", "defautl": 1}, "e": {"type": "text[]"}, "f": {"type": "text"}}',
		cond('o.status eq', '{"param": "e"}'), cond('o.status in', '{"param": "f"}'),
		cond('o.status eq', '{"param": "f", "default": 1}'), cond('o.status eq', '{"param": 1}')))
		|| '{"limit": {"param": "f"}}', pg_temp.given('{"f": "x", "e": ["x"]}')),
	'22023 TYPE_MISMATCH /filters/0/value parameter "e" is a list where a single value is needed'
	|| E'\n' || 'TYPE_MISMATCH /filters/1/value parameter "f" is a single value where '
	'a list is needed'
	|| E'\n' || 'UNKNOWN_FIELD /filters/2/value/default unknown key "default"'
	|| E'\n' || 'INVALID_VALUE /filters/3/value/param "param" must be a string, not a number'
	|| E'\n' || 'INVALID_VALUE /limit "limit" must be an integer from 0 to 9223372036854775807'
	|| E'\n' || 'INVALID_VALUE /params/a/type "int" is not a valid value of "type" '
	'(Did you mean "text"?)'
	|| E'\n' || 'TYPE_MISMATCH /params/b/default the value of parameter "b" is not of type date'
	|| E'\n' || 'MISSING_FIELD /params/c/type "type" is required'
	|| E'\n' || 'UNKNOWN_FIELD /params/d/defautl unknown key "defautl" (Did you mean "default"?)',
	'declarations and uses that are wrong');
SELECT is(pg_temp.refused(def('o orders', 'o.id', pg_temp.declared('{"s": {"type": "text"}}',
		cond('o.amount eq', '{"param": "s"}'))), pg_temp.given('{"s": "x; DROP TABLE orders"}')),
	'22023 TYPE_MISMATCH /filters/0/value "x; DROP TABLE orders" is not a valid value of type '
	'numeric', 'a value is a value of its column''s type too');
SELECT is(answer(def('o orders', 'o.id'), '{"params": []}'), '22023 INVALID_VALUE',
	'params must be an object');
SELECT is(prismiq_validate(def('o orders', 'o.id', pg_temp.declared(
		'{"s": {"type": "text", "required": true}, "d": {"type": "integer", "required": true},
		  "t": {"type": "integer"}}',
		cond('o.status gt', '{"param": "s"}'), cond('o.placed_at date_relative', '{"param": "d"}'),
		cond('o.small between', '[1, {"param": "t"}]'))))::text,
	'{"valid": true, "errors": [], "warnings": [{"code": "MISSING_PARAM", "path": "/params/d", '
	'"message": "parameter \"d\" needs a value", "suggestion": "Give it in the option '
	'\"params\"."}, {"code": "MISSING_PARAM", "path": "/params/s", "message": "parameter \"s\" '
	'needs a value", "suggestion": "Give it in the option \"params\"."}]}',
	'a definition is valid without the values, and says which it needs');
SELECT is(faults(def('o orders', 'o.id', pg_temp.declared('{"s": {"type": "text"}}',
		cond('o.statos gt', '{"param": "s"}')))),
	'COLUMN_NOT_FOUND /filters/0/column column "statos" not found in table "orders" '
	'(Did you mean "status"?)', 'and its names are looked up all the same');

SELECT * FROM finish();
ROLLBACK;
