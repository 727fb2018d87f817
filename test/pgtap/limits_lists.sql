-- Limits of lists, numbers, patterns and expressions; how many faults are told.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

CREATE FUNCTION pg_temp.items(n int, element text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(replace(element, '#', i::text)::jsonb) FROM generate_series(1, n) i
$$;

-- The first fault of a definition, by its code and place.
CREATE FUNCTION pg_temp.fault(definition jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(prismiq_validate(definition) #>> '{errors,0,code}' || ' ' ||
					(prismiq_validate(definition) #>> '{errors,0,path}'), 'valid')
$$;

-- A field's expression.
CREATE FUNCTION pg_temp.field(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.fault(oracle.def('o orders', 'o.id') || jsonb_build_object(
		'columns', '[{"column": "k"}]'::jsonb, 'calculated_fields',
		jsonb_build_array(jsonb_build_object('name', 'k', 'expression', expression))))
$$;

-- ---- Lists ----------------------------------------------------------------

SET LOCAL prismiq.max_items = 3;
SELECT is(pg_temp.fault(def('o orders', 'o.status, o.id count') || jsonb_build_object(
	'windows', jsonb_build_array(jsonb_build_object('alias', 'w', 'function', 'row_number',
		'of', 'id_count', part, pg_temp.items(n, element))))),
	CASE WHEN n > 3 THEN 'TOO_COMPLEX /windows/0/' || part ELSE 'valid' END,
	format('%s of %s', n, part))
FROM unnest('{3,4}'::int[]) n, (VALUES ('partition_by', '"status"'),
	('order_by', '{"alias": "status"}')) v (part, element);
SELECT is(pg_temp.fault(def('o orders', 'o.id') || jsonb_build_object('params',
	(SELECT jsonb_object_agg('p' || i, '{"type": "text"}'::jsonb) FROM generate_series(1, n) i))),
	CASE WHEN n > 3 THEN 'TOO_COMPLEX /params' ELSE 'valid' END, n || ' parameters')
FROM unnest('{3,4}'::int[]) n;
SELECT is(pg_temp.fault(def('o orders', 'o.status, o.id count') || jsonb_build_object('totals',
	pg_temp.items(4, '"status"'))), 'TOO_COMPLEX /totals', 'totals');
SELECT is(pg_temp.fault(def('o orders', 'o.status, o.channel, o.id count') || jsonb_build_object(
	'pivot', jsonb_build_object('column', 'channel', 'value', 'id_count', 'rows',
	pg_temp.items(4, '"status"')))), 'TOO_COMPLEX /pivot/rows', 'rows of a pivot');
SELECT is(answer(def('o orders', 'o.id'), jsonb_build_object('params',
	'{"a": 1, "b": 1, "c": 1, "d": 1}'::jsonb)), 'PT413 TOO_COMPLEX', 'values of parameters');
SET LOCAL prismiq.max_items TO DEFAULT;

-- ---- What planning cannot be interrupted in ---------------------------------

-- Measures of a series that are filled from the buckets around them, windows, subtotals.
SELECT is(pg_temp.fault(def('o orders', 'o.id') || jsonb_build_object('time_series',
	jsonb_build_object('table_id', 'o', 'date_column', 'placed_at', 'interval', 'day',
		'fill', fill), 'columns', pg_temp.items(n,
		'{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "m#"}'))),
	CASE WHEN n > 100 AND fill <> 'null' THEN 'TOO_COMPLEX /time_series/fill' ELSE 'valid' END,
	format('%s measures with "fill": "%s"', n, fill))
FROM unnest('{100,101}'::int[]) n, unnest('{previous,linear,"null"}'::text[]) fill;
SELECT is(pg_temp.fault(def('o orders', 'o.status, o.id count') || jsonb_build_object('windows',
	pg_temp.items(n, '{"alias": "w#", "function": "rank", "of": "id_count"}'))),
	CASE WHEN n > 400 THEN 'TOO_COMPLEX /windows/400' ELSE 'valid' END, n || ' windows')
FROM unnest('{400,401}'::int[]) n;
SELECT is(pg_temp.fault(def('o orders', 'o.id count') || jsonb_build_object('totals', true,
	'columns', pg_temp.items(n, '{"column": "k#"}') ||
	'[{"table_id": "o", "column": "*", "aggregation": "count"}]', 'calculated_fields',
	pg_temp.items(n, '{"name": "k#", "expression": "[o.small] % #"}'))),
	CASE WHEN n > 90 THEN 'TOO_COMPLEX /totals' ELSE 'valid' END, n || ' columns rolled up')
FROM unnest('{90,110}'::int[]) n;

CREATE FUNCTION pg_temp.creates(data jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM prismiq_internal.dashboard_new_check(data, '{}');
	RETURN 'good';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.creates(jsonb_build_object('name', 'D', 'allowed_viewers',
	pg_temp.items(n, '"u#"'))), CASE WHEN n > 1000 THEN 'PT413' ELSE 'good' END, n || ' viewers')
FROM unnest('{1000,1001}'::int[]) n;
SELECT is(pg_temp.creates(jsonb_build_object('name', 'D', 'filters', jsonb_build_array(
	jsonb_build_object('id', 'f', 'type', 'select', 'field', 'status', 'options',
	pg_temp.items(n, '#'))))), CASE WHEN n > 1000 THEN 'PT413' ELSE 'good' END, n || ' options')
FROM unnest('{1000,1001}'::int[]) n;
SELECT ok(prismiq_internal.dashboard_filters_check(jsonb_build_array(jsonb_build_object('id', 'f',
	'type', 'select', 'field', 'status', 'options', pg_temp.items(1001, '#')))),
	'what is stored already is not for a setting to refuse');

-- ---- Names ----------------------------------------------------------------

SELECT is((SELECT array_agg(c ->> 'name') FROM jsonb_array_elements(prismiq_compile(
	def('o orders', 'o.id') || jsonb_build_object('columns', pg_temp.items(4,
		format('{"table_id": "o", "column": "id", "alias": "%s"}', alias)))) -> 'columns') c),
	ARRAY[alias, left(alias, 61) || '_2', left(alias, 61) || '_3', left(alias, 61) || '_4'],
	'columns of one name are numbered, ' || length(alias))
FROM unnest(ARRAY['a', repeat('a', 63)]) alias;
SELECT is((SELECT string_agg(c ->> 'name', ' ') FROM jsonb_array_elements(prismiq_compile(
	def('o orders', 'o.id') || '{"columns": [{"table_id": "o", "column": "id", "alias": "a"},
		{"table_id": "o", "column": "id", "alias": "a_2"},
		{"table_id": "o", "column": "id", "alias": "a"},
		{"table_id": "o", "column": "id", "alias": "a_2"},
		{"table_id": "o", "column": "id", "alias": "a"}]}') -> 'columns') c),
	'a a_2 a_3 a_2_2 a_4', 'around the names that others have');

-- A table that is joined, and related besides, whose columns go on being looked up.
SELECT is(jsonb_array_length(answer(def('c customers, o orders',
	'c.id, o.id, o.status, o.amount, o.channel',
	filters(cond('o.amount gt', '100', '{"scope": "any"}'), cond('o.discount gte', '0')) ||
	'{"order_by": [{"table_id": "o", "column": "placed_at"},
		{"table_id": "o", "column": "shipped"}, {"table_id": "o", "column": "big"},
		{"table_id": "o", "column": "small"}, {"table_id": "o", "column": "local_at"},
		{"table_id": "o", "column": "id"}], "limit": 3}',
	joins => 'o.customer_id = c.id'))::jsonb), 3, 'names of a table that appears twice');

-- ---- Faults ---------------------------------------------------------------

CREATE TEMP TABLE told AS SELECT prismiq_validate(def('o orders', 'o.id') ||
	jsonb_build_object('filters', pg_temp.items(1000, '{"table_id": "o", "column": "statsu",
		"operator": "is_null", "nulls": "no", "value": 1}'))) AS answer;
SELECT is(jsonb_array_length(answer -> 'errors'), 1000, 'a thousand errors are told') FROM told;
SELECT is(answer -> 'warnings', '[{"code": "TOO_COMPLEX", "path": "", "suggestion": null,
	"message": "there are more faults than the first 1000, which are listed"}]',
	'and that there are more') FROM told;
SELECT is((SELECT count(*) FROM jsonb_array_elements(prismiq_validate(def('o orders', 'o.id') ||
	jsonb_build_object('filters', pg_temp.items(100, '{"table_id": "o", "column": "statsu",
		"operator": "is_null"}'))) -> 'errors') e WHERE e ->> 'suggestion' IS NOT NULL),
	20::bigint, 'the first twenty have a suggestion');

-- ---- Numbers and patterns -------------------------------------------------

SELECT is(answer(def('o orders', 'o.* count', filters(cond('o.amount ' || op, value)))) , wanted,
	format('%s %s', op, name))
FROM unnest('{lt,gt,in}'::text[]) op, (VALUES ('1,000 digits', repeat('9', 1000), NULL),
	('1,001 digits', repeat('9', 1001), 'PT413 TOO_COMPLEX'),
	('1,001 digits in a text', to_jsonb(repeat('9', 1001))::text, 'PT413 TOO_COMPLEX'),
	('an exponent in a text', '"1e5000"', 'PT413 TOO_COMPLEX'),
	('digits after the point', '1e-1001', 'PT413 TOO_COMPLEX')) v (name, written, wanted),
	LATERAL (SELECT CASE WHEN op = 'in' THEN jsonb_build_array(written::jsonb)
			 ELSE written::jsonb END AS value) x
WHERE wanted IS NOT NULL;
SELECT alike(answer(def('o orders', 'o.* count', filters(cond('o.amount lt',
	repeat('9', 1000)::jsonb)))), '[[%', 'a thousand digits');
SELECT is(answer(def('o orders', 'o.* count', filters(cond('o.amount lt', '{"param": "p"}'))
	|| '{"params": {"p": {"type": "number"}}}'),
	jsonb_build_object('params', jsonb_build_object('p', repeat('9', 1001)::jsonb))),
	'PT413 TOO_COMPLEX', 'by a parameter too');
SELECT is(answer(def('o orders', 'o.* count', filters(cond('o.status ' || op,
	to_jsonb(repeat('ä', n)))))) ~ '^\[', n <= 1000, format('%s of %s characters', op, n))
FROM unnest('{like,not_like,ilike,contains,starts_with,ends_with}'::text[]) op,
	unnest('{1000,1001}'::int[]) n;
SELECT is(pg_temp.field(e), wanted, left(e, 60))
FROM (VALUES (repeat('9', 1000), 'valid'), (repeat('9', 1001), 'bad'), ('1e1001', 'bad'),
	('0.' || repeat('1', 1000), 'bad'), ('[status] like "' || repeat('a', 1000) || '"', 'valid'),
	('[status] like "' || repeat('a', 1001) || '"', 'bad'),
	('regexp_match([status], "' || repeat('a', 1000) || '")', 'valid'),
	('regexp_match([status], "' || repeat('a', 1001) || '")', 'bad'),
	('regexp_match([status], [channel])', 'other')) v (e, code), LATERAL (SELECT CASE code
		WHEN 'bad' THEN 'TOO_COMPLEX /calculated_fields/0/expression'
		WHEN 'other' THEN 'INVALID_EXPRESSION /calculated_fields/0/expression'
		ELSE code END AS wanted) w;

-- Regular expressions as people write them are small enough; what takes long is not.
SELECT is(pg_temp.field(format('regexp_match([status], "%s")', replace(p, '\', '\\'))), 'valid', p)
FROM unnest(ARRAY['^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$', '^\d{4}-\d{2}-\d{2}$',
	'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', '^.{0,200}$',
	'^\s*(\d{1,3})(,\d{3})*(\.\d+)?\s*$', '\y(foo|bar|baz)\y', '^(?=.*[A-Z])(?=.*\d).{8,}$',
	'(?i)^(new|old) (york|jersey)', 'a(?#comment)b', '[[:<:]]word[[:>:]]', '(\w+)\s+\1',
	'^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$', '[]a]|[^]]', '\[x\]',
	'^https?://([\w-]+\.)+[\w-]+(/[\w./?%&=-]*)?$']) p;
SELECT is(pg_temp.field(format('regexp_match([status], "%s")', replace(p, '\', '\\'))),
	'TOO_COMPLEX /calculated_fields/0/expression', left(p, 60))
FROM unnest(ARRAY['(\w{0,200}){0,100}', '(((a{1,30}){1,30}){1,30})', repeat('a?', 500),
	repeat('\w*', 330), '(a*){0,250}', '(a*)(?#)(?#){0,250}', '(?x)(a*) {0,250}',
	'(?b)\(a*\)\{0,250\}', repeat('(^|$|a)*', 12), repeat('\y\Y\m\M', 8), repeat('(\ya?)*', 8),
	'\y(\y(\y(\y(\y(\y(\y(\yfoo)))))))', repeat('[[:<:]]', 20), repeat('[[:alpha:]]{0,100}', 50)])
	p;

-- ---- What a row may take --------------------------------------------------

SELECT is(pg_temp.field(e), 'valid', left(e, 60))
FROM unnest(ARRAY['power(1 + [amount] / 100, 12)', 'power([amount], [id])', 'exp(ln([amount]))',
	'[amount] * [amount] * [amount] / ([amount] + 1)', 'round([amount] * 1.19, 2)',
	'number([status]) * number([channel])', 'power(1.05, 360)',
	'replace(replace(replace([status], "a", "b"), " ", ""), "-", "_")',
	'replace([status], "x", [channel])', 'upper(concat([status], "-", [channel], ": ", [amount]))'])
	e;
SELECT is(pg_temp.field(e), 'TOO_COMPLEX /columns/0/column', left(e, 60))
FROM unnest(ARRAY[repeat('9', 1000) || repeat(' * ' || repeat('9', 1000), 99),
	'power(10.1, 100000)', 'power(power(10.1, 1000), 100)',
	'1' || repeat(' + power([amount], [id])', 100), '1' || repeat(' + exp([amount])', 100),
	'length(replace(replace([status], "x", [status]), "y", replace([status], "x", [status])))',
	'length(' || repeat('replace(', 4) || '"xxxx"' || repeat(', "x", "' || repeat('x', 200) ||
		'")', 4) || ')']) e;
SELECT is(pg_temp.fault(def('o orders', 'o.id') || jsonb_build_object('columns',
	pg_temp.items(n, '{"column": "k#"}'), 'calculated_fields', (SELECT jsonb_agg(
	jsonb_build_object('name', 'k' || i, 'expression', format('length(replace([status], "x", '
		'[status])) + %s', i))) FROM generate_series(1, n) i))) ~ 'TOO_COMPLEX', n > 50,
	format('a megabyte in each of %s columns', n)) FROM unnest('{50,100}'::int[]) n;

SELECT * FROM finish();
ROLLBACK;
