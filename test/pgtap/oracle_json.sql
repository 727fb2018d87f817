-- Values inside of jsonb columns, wherever a column stands.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE DOMAIN shop.doc AS jsonb CHECK (VALUE IS NOT NULL);
CREATE TABLE shop.goods
(
	tenant text NOT NULL, id int PRIMARY KEY, order_id int, attrs jsonb, info shop.doc, raw json,
	size int, FOREIGN KEY (tenant, order_id) REFERENCES shop.orders
);
-- What fits its type and what does not: every seventh size is a text, every eleventh an object.
INSERT INTO shop.goods
SELECT 'acme', n, (n - 1) % 20 + 1, jsonb_strip_nulls(jsonb_build_object(
		   'color', (ARRAY['red', 'green', 'blue', NULL])[n % 4 + 1],
		   'size', CASE WHEN n % 11 = 0 THEN '{"w": 1}'
						WHEN n % 7 = 0 THEN to_jsonb((n * 0.5)::text)
						ELSE to_jsonb(n * 0.5) END,
		   'box', jsonb_build_array(n, n % 3, jsonb_build_object('on', n % 2 = 0)),
		   'made', CASE WHEN n % 13 = 0 THEN '2024-02-31'
						ELSE to_char(date '2024-01-29' + n, 'YYYY-MM-DD') END,
		   'at', to_char(timestamp '2024-01-29 20:00' + n * interval '7 hours',
						 'YYYY-MM-DD"T"HH24:MI:SS') || CASE WHEN n % 2 = 0 THEN 'Z' ELSE '' END,
		   'key', md5((n % 5)::text)::uuid)) || CASE WHEN n % 9 = 0 THEN '{"color": null}'
			ELSE '{}'::jsonb END,
	   jsonb_build_object('n', n), '{"n": 1}', n
FROM generate_series(1, 60) AS n;
INSERT INTO shop.goods (tenant, id, attrs, info) VALUES ('acme', 61, NULL, '[]'),
	('acme', 62, '[1, 2]', '"x"'), ('acme', 63, '"color"', '{}'), ('acme', 64, '{}', '0');
INSERT INTO shop.goods (tenant, id, attrs, info)
SELECT 'beta', 100 + n, jsonb_build_object('color', 'poison', 'size', n, 'made', '2024-02-01',
	'at', '2024-02-01', 'key', md5('1')::uuid, 'box', '[1, 2]'::jsonb), '{}'
FROM generate_series(1, 20) AS n;
SELECT FROM prismiq.prismiq_expose('shop.goods', tenant_column => 'tenant');
GRANT SELECT ON shop.goods TO app_user;

-- By hand: what a person writes for the same.
CREATE VIEW shop.by_hand AS
SELECT id, order_id,
	   attrs ->> 'color' AS color,
	   CASE WHEN jsonb_typeof(attrs -> 'size') IN ('number', 'string')
			THEN (attrs ->> 'size')::numeric END AS size,
	   (attrs -> 'box' ->> 1)::bigint AS rest,
	   (attrs #>> '{box,2,on}')::boolean AS "on",
	   CASE WHEN attrs ->> 'made' <> '2024-02-31' THEN (attrs ->> 'made')::date END AS made,
	   (attrs ->> 'at')::timestamp AS at,
	   (attrs ->> 'key')::uuid AS key,
	   CASE WHEN jsonb_typeof(info) = 'object' THEN (info ->> 'n')::numeric END AS n
FROM shop.goods WHERE tenant = 'acme';
GRANT SELECT ON shop.by_hand TO app_user;
SET LOCAL ROLE app_user;

-- "g.attrs number size" as a reference: the type, then the steps of the path.
CREATE FUNCTION pg_temp.inside(text text, more jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('table_id', split_part(p[1], '.', 1), 'column',
		split_part(p[1], '.', 2), 'type', p[2], 'path', (SELECT jsonb_agg(
			CASE WHEN s ~ '^-?\d+$' THEN to_jsonb(s::int) ELSE to_jsonb(s) END ORDER BY i)
			FROM unnest(p[3:]) WITH ORDINALITY AS u (s, i))) || more
	FROM regexp_split_to_array(text, ' ') AS p
$$;
-- A query of goods with these columns, each such a reference with what else is said of it.
CREATE FUNCTION pg_temp.goods(columns jsonb, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tables', '[{"id": "g", "name": "goods"}]'::jsonb,
							  'columns', columns) || rest
$$;
CREATE FUNCTION pg_temp.list(VARIADIC jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT to_jsonb($1)
$$;
\set color 'pg_temp.inside(\'g.attrs text color\')'
\set id '\'{"table_id": "g", "column": "id"}\'::jsonb'
\set count '\'{"table_id": "g", "column": "*", "aggregation": "count"}\'::jsonb'

-- ---- Columns ------------------------------------------------------------------

SELECT same('each type', pg_temp.goods(pg_temp.list(:id, pg_temp.inside('g.attrs text color'),
	pg_temp.inside('g.attrs number size'), pg_temp.inside('g.attrs integer box 1'),
	pg_temp.inside('g.attrs boolean box 2 on'), pg_temp.inside('g.attrs date made'),
	pg_temp.inside('g.attrs timestamp at'), pg_temp.inside('g.attrs uuid key'))),
	'SELECT id, color, size, rest, "on", made, at, key FROM shop.by_hand');
SELECT same('places from the end', pg_temp.goods(pg_temp.list(:id,
	pg_temp.inside('g.attrs boolean box -1 on'), pg_temp.inside('g.attrs integer box -3'))),
	'SELECT id, "on", CASE WHEN rest IS NOT NULL THEN id END FROM shop.by_hand');
SELECT same('of a domain', pg_temp.goods(pg_temp.list(:id, pg_temp.inside('g.info number n'))),
	'SELECT id, n FROM shop.by_hand');
SELECT is(prismiq_query(pg_temp.goods(pg_temp.list(pg_temp.inside('g.attrs number size'),
	pg_temp.inside('g.attrs number box 0', '{"aggregation": "sum"}'),
	pg_temp.inside('g.attrs text color', '{"alias": "shade"}'))))::jsonb
	#> '{columns}', '["attrs", "attrs_sum", "shade"]', 'called by their column');
SELECT is(prismiq_query(pg_temp.goods(pg_temp.list(pg_temp.inside('g.attrs integer box 1'),
	pg_temp.inside('g.attrs uuid key'), pg_temp.inside('g.attrs timestamp at'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "avg"}'))))::jsonb
	#> '{column_types}', '["bigint", "uuid", "timestamp without time zone", "numeric"]',
	'of their types');

-- ---- Aggregations and groups ------------------------------------------------------

SELECT same('aggregated', pg_temp.goods(pg_temp.list(pg_temp.inside('g.attrs text color'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "total"}'),
	pg_temp.inside('g.attrs number size',
		'{"aggregation": "percentile", "args": {"fraction": 0.5}}'),
	pg_temp.inside('g.attrs uuid key', '{"aggregation": "count_distinct", "alias": "keys"}'),
	pg_temp.inside('g.attrs date made', '{"aggregation": "max", "alias": "last"}'),
	pg_temp.inside('g.attrs boolean box 2 on', '{"aggregation": "bool_or", "alias": "any"}'))),
	'SELECT color, sum(size), percentile_cont(0.5) WITHIN GROUP (ORDER BY size)::float8,
		count(DISTINCT key), max(made), bool_or("on") FROM shop.by_hand GROUP BY 1');
SELECT same('grouped and ordered', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs text color', '{"alias": "color"}'), :count), jsonb_build_object(
	'group_by', pg_temp.list(:color), 'order_by', pg_temp.list(pg_temp.inside(
		'g.attrs text color', '{"direction": "DESC", "nulls": "last"}')))),
	'SELECT color, count(*) FROM shop.by_hand GROUP BY 1 ORDER BY 1 DESC NULLS LAST', true);
SELECT same('grouped by what is not shown', pg_temp.goods(pg_temp.list(:count), jsonb_build_object(
	'group_by', pg_temp.list(:color, pg_temp.inside('g.attrs boolean box 2 on')))),
	'SELECT count(*) FROM shop.by_hand GROUP BY color, "on"');
SELECT same('ordered by what is not shown', pg_temp.goods(pg_temp.list(:id), jsonb_build_object(
	'order_by', pg_temp.list(pg_temp.inside('g.attrs integer box 1', '{"nulls": "first"}'), :id),
	'limit', 30)),
	'SELECT id FROM shop.by_hand ORDER BY rest NULLS FIRST, id LIMIT 30', true);
SELECT same('date_trunc', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs date made', '{"date_trunc": "month", "alias": "month"}'), :count)),
	'SELECT date_trunc(''month'', made)::date, count(*) FROM shop.by_hand GROUP BY 1');
SELECT same('a measure''s own filters', pg_temp.goods(pg_temp.list(:color,
	pg_temp.inside('g.attrs number size', jsonb_build_object('aggregation', 'sum', 'alias', 's',
		'filters', pg_temp.list(pg_temp.inside('g.attrs boolean box 2 on',
			'{"operator": "eq", "value": true}')))))),
	'SELECT color, sum(size) FILTER (WHERE "on") FROM shop.by_hand GROUP BY 1');
SELECT same('having', pg_temp.goods(pg_temp.list(:color, :count), jsonb_build_object('having',
	pg_temp.list(pg_temp.inside('g.attrs number size',
		'{"aggregation": "sum", "operator": "gt", "value": 200}')))),
	'SELECT color, count(*) FROM shop.by_hand GROUP BY 1 HAVING sum(size) > 200');
SELECT same('first and last', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs text color', '{"aggregation": "first", "args": {"order_by": "id"}}'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "last", "args": {"order_by": "id"}}'))),
	'SELECT (array_agg(color ORDER BY id) FILTER (WHERE color IS NOT NULL))[1],
		(array_agg(size ORDER BY id DESC) FILTER (WHERE size IS NOT NULL))[1] FROM shop.by_hand');

SELECT same('ordered by a value inside', pg_temp.goods(pg_temp.list(
	'{"table_id": "g", "column": "id", "aggregation": "last", "args": {"order_by": "attrs",
	  "path": ["size"], "type": "number"}}',
	pg_temp.inside('g.attrs text color', '{"aggregation": "string_agg", "args": {"order_by":
		"attrs", "path": ["at"], "type": "timestamp", "separator": "-"}}'))),
	'SELECT (array_agg(id ORDER BY size DESC) FILTER (WHERE size IS NOT NULL))[1],
		string_agg(color, ''-'' ORDER BY at, color) FROM shop.by_hand');

-- ---- Filters -----------------------------------------------------------------------

SELECT same(concat_ws(' ', place, op, value), pg_temp.goods(pg_temp.list(:id), jsonb_build_object(
	'filters', pg_temp.list(pg_temp.inside('g.attrs ' || place, jsonb_strip_nulls(
		jsonb_build_object('operator', op, 'value', value::jsonb)))))),
	'SELECT id FROM shop.by_hand WHERE ' || hand)
FROM (VALUES
	('text color', 'eq', '"red"', 'color = ''red'''),
	('text color', 'neq', '"red"', 'color IS DISTINCT FROM ''red'''),
	('text color', 'in_or_null', '["red"]', 'color = ''red'' OR color IS NULL'),
	('text color', 'contains', '"RE"', 'color ILIKE ''%re%'''),
	('text color', 'like', '"%e_"', 'color LIKE ''%e_'''),
	('text color', 'is_null', NULL, 'color IS NULL'),
	('number size', 'gte', '10.5', 'size >= 10.5'),
	('number size', 'not_between', '[5, 20]', 'size NOT BETWEEN 5 AND 20 OR size IS NULL'),
	('integer box 1', 'in', '[0, "2"]', 'rest IN (0, 2)'),
	('integer box 1', 'lt', '1.5', 'rest < 1.5'),
	('boolean box 2 on', 'eq', 'false', 'NOT "on"'),
	('date made', 'between', '["2024-02-01", "2024-02-29"]',
	 'made BETWEEN ''2024-02-01'' AND ''2024-02-29'''),
	('date made', 'date_relative', '-20000', 'made BETWEEN current_date - 20000 AND current_date'),
	('timestamp at', 'lte', '"2024-02-10"', 'at < ''2024-02-11'''),
	('timestamp at', 'eq', '"2024-02-10"', 'at >= ''2024-02-10'' AND at < ''2024-02-11'''),
	('uuid key', 'eq', '"c4ca4238-a0b9-2382-0dcc-509a6f75849b"', 'key = md5(''1'')::uuid')
) AS v (place, op, value, hand);
SELECT same('groups of conditions', pg_temp.goods(pg_temp.list(:id), jsonb_build_object('filters',
	pg_temp.list(jsonb_build_object('or', pg_temp.list(
		pg_temp.inside('g.attrs number size', '{"operator": "gt", "value": 25}'),
		jsonb_build_object('not', pg_temp.inside('g.attrs text color',
			'{"operator": "in", "value": ["red", "green"]}'))))))),
	'SELECT id FROM shop.by_hand WHERE size > 25 OR NOT color IN (''red'', ''green'')');

-- ---- Joins, related rows, nested queries -----------------------------------------------

SELECT same('joined, each order counted once', jsonb_build_object('tables',
	'[{"id": "g", "name": "goods"}, {"id": "o", "name": "orders"}]'::jsonb,
	'joins', '[{"on": [{"from_column": "tenant", "to_column": "tenant"},
		{"from_column": "order_id", "to_column": "id"}], "from_table_id": "g",
		"to_table_id": "o"}]'::jsonb - 0, 'columns', pg_temp.list(:color,
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum"}'),
	'{"table_id": "o", "column": "amount", "aggregation": "sum"}')),
	'WITH o AS (SELECT DISTINCT g.color, o.id, o.amount FROM shop.by_hand g
			JOIN shop.orders o ON o.tenant = ''acme'' AND o.id = g.order_id)
	SELECT g.color, sum(g.size),
		(SELECT sum(amount) FROM o WHERE color IS NOT DISTINCT FROM g.color)
	FROM shop.by_hand g WHERE g.order_id IS NOT NULL GROUP BY 1');
SELECT same('related rows: ' || scope, def('o orders, g goods', 'o.id',
	jsonb_build_object('filters', pg_temp.list(pg_temp.inside('g.attrs number size',
		jsonb_build_object('scope', scope,
		'operator', 'gt', 'value', 25))))),
	format('SELECT id FROM shop.orders o WHERE tenant = ''acme'' AND %s (SELECT FROM shop.by_hand g
		WHERE g.order_id = o.id AND g.size > 25)', hand))
FROM (VALUES ('any', 'EXISTS'), ('none', 'NOT EXISTS')) AS v (scope, hand);
SELECT same('in the join''s condition', def('o orders, g goods', 'o.id, g.id = good',
	jsonb_build_object('joins', '[{"from_table_id": "o", "from_column": "id", "to_table_id": "g",
		"to_column": "order_id", "join_type": "LEFT"}]'::jsonb, 'filters',
	pg_temp.list(pg_temp.inside('g.attrs number size', '{"scope": "join", "operator": "gt",
		"value": 25}')))),
	'SELECT o.id, g.id FROM shop.orders o LEFT JOIN shop.by_hand g ON g.order_id = o.id AND
		g.size > 25 WHERE o.tenant = ''acme''');
SELECT same('of a definition inside', jsonb_build_object('tables', jsonb_build_array(
	jsonb_build_object('id', 'q', 'query', pg_temp.goods('[{"table_id": "g", "column": "attrs"},
		{"table_id": "g", "column": "id"}]'))), 'columns', pg_temp.list(
	pg_temp.inside('q.attrs text color', '{"alias": "color"}'),
	'{"table_id": "q", "column": "id", "aggregation": "max"}')),
	'SELECT color, max(id) FROM shop.by_hand GROUP BY 1');
SELECT same('made by a definition inside', jsonb_build_object('tables', jsonb_build_array(
	jsonb_build_object('id', 'q', 'query', pg_temp.goods(pg_temp.list(
		pg_temp.inside('g.attrs number size', '{"alias": "size"}'))))),
	'columns', '[{"table_id": "q", "column": "size", "aggregation": "sum"}]'::jsonb),
	'SELECT sum(size) FROM shop.by_hand');
SELECT same('in_query', def('o orders', 'o.id', jsonb_build_object('filters', pg_temp.list(
	'{"table_id": "o", "column": "id", "operator": "in_query"}'::jsonb ||
		jsonb_build_object('value', jsonb_build_object('query', pg_temp.goods(pg_temp.list(
			pg_temp.inside('g.attrs integer box 1')))))))),
	'SELECT id FROM shop.orders WHERE tenant = ''acme'' AND id IN (0, 1, 2)');
SELECT same('a value inside in a query''s list', pg_temp.goods(pg_temp.list(:id),
	jsonb_build_object('filters', pg_temp.list(pg_temp.inside('g.attrs integer box 0',
		jsonb_build_object('operator',
		'in_query', 'value', jsonb_build_object('query', def('o orders', 'o.id'))))))),
	'SELECT id FROM shop.by_hand WHERE order_id IS NOT NULL AND id IN
		(SELECT id FROM shop.orders WHERE tenant = ''acme'')');

-- ---- Series, windows, pivots and the like --------------------------------------------------

SELECT same('a series of a ' || type, pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "s"}')),
	jsonb_build_object('time_series', jsonb_build_object('table_id', 'g', 'date_column', 'attrs',
		'path', jsonb_build_array(key), 'type', type, 'interval', 'week', 'fill_missing', false))),
	format('SELECT date_trunc(''week'', %1$I)::%2$s, sum(size) FROM shop.by_hand WHERE %1$I IS NOT
		NULL GROUP BY 1 ORDER BY 1', key, type), true)
FROM (VALUES ('made', 'date'), ('at', 'timestamp')) AS v (key, type);
SELECT same('a filled series by a value inside', pg_temp.goods(pg_temp.list(:color, :count),
	jsonb_build_object('time_series', '{"table_id": "g", "date_column": "attrs", "path": ["made"],
		"type": "date", "interval": "month", "range": {"start": "2024-01-01", "end": "2024-04-30"}}'
		::jsonb)),
	'SELECT m::date, c.color, count(g.id) FROM generate_series(timestamp ''2024-01-01'',
		''2024-04-01'', ''1 month'') m
	CROSS JOIN (SELECT DISTINCT color FROM shop.by_hand WHERE made IS NOT NULL) c
	LEFT JOIN shop.by_hand g ON g.color IS NOT DISTINCT FROM c.color AND
		date_trunc(''month'', g.made) = m GROUP BY 1, 2');
SELECT same('its range is its column''s', pg_temp.goods(pg_temp.list(:count),
	jsonb_build_object('time_series', '{"table_id": "g", "date_column": "attrs", "path": ["made"],
		"type": "date", "interval": "month"}'::jsonb)),
	'SELECT date_trunc(''month'', made)::date, count(*) FROM shop.by_hand WHERE made IS NOT NULL
	GROUP BY 1 ORDER BY 1', true);
SELECT same('windows', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs text color', '{"alias": "color"}'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "s"}')),
	'{"windows": [{"alias": "r", "function": "rank", "of": "s", "order_by": [{"alias": "s"}]}]}'),
	'SELECT color, sum(size), rank() OVER (ORDER BY sum(size)) FROM shop.by_hand GROUP BY 1');
SELECT same('a pivot', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs integer box 1', '{"alias": "rest"}'),
	pg_temp.inside('g.attrs text color', '{"alias": "color"}'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "s"}')),
	'{"pivot": {"column": "color", "value": "s", "values": ["red", "blue"]},
	  "order_by": [{"alias": "rest"}]}'),
	'SELECT rest, sum(size) FILTER (WHERE color = ''red''),
		sum(size) FILTER (WHERE color = ''blue'')
	FROM shop.by_hand GROUP BY 1 ORDER BY 1', true);
SELECT same('the largest groups', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs text color', '{"alias": "color"}'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "s"}')),
	'{"top": {"n": 1, "by": "s", "other": false}}'),
	'SELECT color, sum(size) FROM shop.by_hand GROUP BY 1 ORDER BY 2 DESC LIMIT 1');
SELECT same('totals', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs text color', '{"alias": "color"}'),
	pg_temp.inside('g.attrs boolean box 2 on', '{"alias": "on"}'), :count),
	'{"totals": ["color"]}'),
	'SELECT color, "on", count(*), GROUPING(color) FROM shop.by_hand
	GROUP BY GROUPING SETS ((color, "on"), ("on"))');
SELECT same('compared with the period before', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs number size', '{"aggregation": "sum", "alias": "s"}')),
	jsonb_build_object('filters', pg_temp.list(pg_temp.inside('g.attrs date made',
		'{"operator": "between", "value": ["2024-02-10", "2024-02-19"]}')),
		'compare', '{"period": "previous_period"}'::jsonb)),
	'SELECT n, p, n - p, round(100 * (n - p) / p, 16) FROM (SELECT
		sum(size) FILTER (WHERE made BETWEEN ''2024-02-10'' AND ''2024-02-19'') AS n,
		sum(size) FILTER (WHERE made BETWEEN ''2024-01-31'' AND ''2024-02-09'') AS p
	FROM shop.by_hand) AS s');

-- ---- Calculated fields ----------------------------------------------------------------------

SELECT same('json() of each type', pg_temp.goods('[{"table_id": "g", "column": "id"},
	{"column": "a"}, {"column": "b"}, {"column": "c"}, {"column": "d"}, {"column": "e"},
	{"column": "f"}]', '{"calculated_fields": [
	{"name": "a", "expression": "upper(json([attrs], \"color\", \"text\"))"},
	{"name": "b", "expression": "json([g.attrs], \"size\", \"number\") * 2"},
	{"name": "c", "expression":
		"JSON([attrs], ''box'', 1, ''integer'') + json([info], \"n\", \"number\")"},
	{"name": "d", "expression": "not json([attrs], \"box\", -1, \"on\", \"boolean\")"},
	{"name": "e", "expression": "month(json([attrs], \"made\", \"date\"))"},
	{"name": "f", "expression": "json([attrs], \"key\", \"uuid\") is null"}]}'),
	'SELECT id, upper(color), size * 2, rest + n, NOT "on", extract(month FROM made)::int,
		key IS NULL FROM shop.by_hand');
SELECT same('aggregated in an expression', pg_temp.goods(pg_temp.list(:color, '{"column": "avg"}'),
	'{"calculated_fields": [{"name": "avg", "expression":
		"round(sum(json([attrs], \"size\", \"number\")) / count(), 2)"}],
	  "having": [{"column": "avg", "operator": "gt", "value": 10}]}'),
	'SELECT color, round(sum(size) / count(*), 2) FROM shop.by_hand GROUP BY 1
	HAVING round(sum(size) / count(*), 2) > 10');
SELECT same('a field of the column''s name', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.size number a'), '{"column": "size", "table_id": "g"}')
	#- '{0,path}' #- '{0,type}', '{"calculated_fields": [{"name": "size", "expression":
		"json([attrs], \"size\", \"number\")"}]}'),
	'SELECT size, size FROM shop.by_hand');
SELECT same('a field does not hide the column that has a path', pg_temp.goods(pg_temp.list(:id,
	pg_temp.inside('g.attrs text color')), '{"calculated_fields": [{"name": "attrs",
		"expression": "1"}]}'), 'SELECT id, color FROM shop.by_hand');

-- ---- Measures of the model -----------------------------------------------------------------

RESET ROLE;
SELECT FROM prismiq_model_set('{"measures": {
	"red": {"table": "goods", "column": "id", "aggregation": "count", "filters": [{"column":
		"attrs", "path": ["color"], "type": "text", "operator": "eq", "value": "red"}]},
	"area": {"table": "goods", "expression": "sum(json([attrs], \"size\", \"number\") * 2)"}}}');
SET LOCAL ROLE app_user;
SELECT same('measures of the model', pg_temp.goods(pg_temp.list(
	pg_temp.inside('g.attrs boolean box 2 on'), '{"measure": "red"}', '{"measure": "area"}')),
	'SELECT "on", count(*) FILTER (WHERE color = ''red''), sum(size * 2) FROM shop.by_hand
	GROUP BY 1');

-- ---- Parameters, pages -------------------------------------------------------------------------

SELECT same('a parameter', pg_temp.goods(pg_temp.list(:id), jsonb_build_object('params',
	'{"p": {"type": "number"}}'::jsonb, 'filters', pg_temp.list(pg_temp.inside(
		'g.attrs number size', '{"operator": "gt", "value": {"param": "p"}}')))),
	'SELECT id FROM shop.by_hand WHERE size > 20', options => '{"params": {"p": 20}}');
SELECT same('a page', pg_temp.goods(pg_temp.list(:color, :count),
	'{"order_by": [{"alias": "count"}]}'),
	'SELECT color, count(*) FROM shop.by_hand GROUP BY 1 ORDER BY 2, 1 LIMIT 2', true,
	'{"limit": 2}');

-- ---- What an aggregate takes besides ---------------------------------------------

SELECT same('correlated with a value inside', pg_temp.goods(pg_temp.list(:color,
	'{"table_id": "g", "column": "size", "aggregation": "corr", "alias": "r", "args":
		{"column": "attrs", "path": ["size"], "type": "number"}}',
	pg_temp.inside('g.attrs number size', '{"aggregation": "corr", "alias": "s", "args":
		{"column": "size"}}'),
	pg_temp.inside('g.attrs number size', '{"aggregation": "corr", "alias": "t", "args":
		{"column": "attrs", "path": ["box", 1], "type": "integer"}}'))),
	'SELECT color, corr(g.size, b.size), corr(b.size, g.size), corr(b.size, rest)
	FROM shop.by_hand AS b JOIN shop.goods AS g USING (id) GROUP BY 1');
SELECT is(faults(pg_temp.goods('[{"table_id": "g", "column": "size", "aggregation": "corr", "args":
		{"column": "attrs", "path": ["color"], "type": "text"}}]')),
	'INVALID_AGGREGATION /columns/0/args/column cannot take corr with column "attrs" of type text '
	'(Name a column of numbers.)', 'a text inside is no number');

SELECT * FROM finish();
ROLLBACK;
