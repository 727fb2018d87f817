-- What calculated fields become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude

-- A field is shown, grouped by, aggregated; a measure is not.
SELECT pg_temp.compiled('o orders', '{"columns": [{"column": "size"}, {"column": "net",
	"aggregation": "sum"}, {"column": "mean"}], "order_by": [{"column": "mean"}],
	"having": [{"column": "mean", "operator": "gt", "value": 1.5}], "calculated_fields": [
	{"name": "size", "expression": "if([amount] > 9, \"big\", left([status], 3))"},
	{"name": "net", "expression": "[amount] * (1 - 0.1) + [small] / 4"},
	{"name": "mean", "expression": "sum_if([amount], [status] != null) / count()"}]}');

-- A filter stands behind the tenants of all tables of its field.
SELECT pg_temp.compiled('c customers, o orders', '{"columns": [{"table_id": "c", "column": "id"}],
	"joins": [{"from_table_id": "c", "from_column": "id", "to_table_id": "o",
	"to_column": "customer_id", "join_type": "LEFT"}], "filters": [{"column": "f",
	"operator": "neq", "value": 0}, {"column": "f", "operator": "is_not_null"}],
	"calculated_fields": [{"name": "f", "expression": "ifnull([o.amount] % [c.id], 0)"}]}');

-- Dates: the zone is a parameter.
SELECT pg_temp.compiled('o orders', jsonb_build_object('columns', '[{"column": "f"}]'::jsonb,
	'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'f', 'expression', e))))
FROM unnest('{year([at]),"date_trunc(\"month\", [at])","datediff([day], [at])",
	"date_add([at], 1, \"month\")","datediff([at], [local], \"hour\")"}'::text[]) AS e;

-- Each aggregate of a measure counts the rows of its own tables once.
SELECT pg_temp.compiled('o orders, i items', '{"columns": [{"column": "f"}], "calculated_fields":
	[{"name": "f", "expression": "sum([o.amount]) / sum([quantity])"}]}');

-- Lists, patterns, collations.
SELECT pg_temp.compiled('o orders', jsonb_build_object('columns', '[{"column": "f"}]'::jsonb,
	'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'f', 'expression', e))))
FROM unnest(ARRAY['[status] not in ("a", null) and [status] like "b%"',
	'regexp_match([status], "c") or contains([channel], "d")']) AS e;
ROLLBACK;
