-- What joins become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude

-- Along a foreign key of two columns, of which the tenant is one.
SELECT pg_temp.compiled('o orders, c customers');

-- Through a table that is not listed.
SELECT pg_temp.compiled('i items, c customers', '{"columns": [{"table_id": "c", "column": "name"},
	{"table_id": "i", "column": "quantity", "aggregation": "sum"}]}');

-- As they are given: each type, and towards the first table.
SELECT pg_temp.compiled('o orders, c customers', jsonb_build_object('joins', jsonb_build_array(
	jsonb_build_object('from_table_id', 'o', 'from_column', 'customer_id', 'to_table_id', 'c',
					   'to_column', 'id', 'join_type', type))))
FROM unnest('{INNER,left,Right,FULL}'::text[]) AS type;
SELECT pg_temp.compiled('o orders, c customers',
		'{"joins": [{"from_table_id": "c", "from_column": "id",
	"to_table_id": "o", "to_column": "customer_id", "join_type": "LEFT"}]}');

-- Rows of a weak side are told from missing ones.
SELECT pg_temp.compiled('c customers, o orders', '{"columns": [{"table_id": "c", "column": "name"},
	{"table_id": "o", "column": "*", "aggregation": "count"}], "joins": [{"from_table_id": "c",
	"from_column": "id", "to_table_id": "o", "to_column": "customer_id", "join_type": "LEFT"}]}');

-- Types that differ: within a family, by a cast, and one that may raise, behind a fence.
SELECT pg_temp.compiled('i items, p products', jsonb_build_object('columns',
	'[{"table_id": "i", "column": "line"}]'::jsonb, 'joins', jsonb_build_array(jsonb_build_object(
		'from_table_id', 'i', 'from_column', 'product_id', 'to_table_id', 'p', 'to_column', col))))
FROM unnest('{id,price}'::text[]) AS col;
SELECT pg_temp.compiled('o orders, p products', '{"joins": [{"from_table_id": "o",
	"from_column": "amount", "to_table_id": "p", "to_column": "price"}]}');

-- A table twice.
SELECT pg_temp.compiled('o orders, x orders', '{"columns": [{"table_id": "o", "column": "id"},
	{"table_id": "x", "column": "id"}], "joins": [{"from_table_id": "o", "from_column": "id",
	"to_table_id": "x", "to_column": "small"}]}');

-- Rows that an outer join makes up: what ignores nulls needs no condition.
SELECT pg_temp.compiled('c customers, o orders', '{"columns": [
	{"table_id": "o", "column": "amount", "aggregation": "sum"},
	{"table_id": "o", "column": "id", "aggregation": "array_agg"}, {"column": "open"},
	{"column": "some", "aggregation": "max"}, {"column": "both"}, {"column": "all"}],
	"joins": [{"from_table_id": "c", "from_column": "id", "to_table_id": "o",
	"to_column": "customer_id", "join_type": "FULL"}], "fan_out": "allow", "calculated_fields": [
	{"name": "open", "expression": "count_if([o.status] is null)"},
	{"name": "some", "expression": "coalesce([o.amount], 0)"},
	{"name": "both", "expression": "sum(ifnull([c.id], 0) + ifnull([o.small], 0))"},
	{"name": "all", "expression": "count()"}]}');
ROLLBACK;
