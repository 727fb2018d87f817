-- What repeated rows, related rows, keys of several columns and nested definitions become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude

-- An order counts once, whatever its items: told by its key, which settles its own columns.
SELECT pg_temp.compiled('o orders, i items',
	'{"columns": [{"table_id": "i", "column": "product_id"},
	{"table_id": "o", "column": "amount", "aggregation": "sum"},
	{"table_id": "i", "column": "quantity", "aggregation": "sum"}]}');
SELECT pg_temp.compiled('o orders, i items', '{"columns": [{"table_id": "o", "column": "status"},
	{"table_id": "o", "column": "amount", "aggregation": "sum"}]}');

-- Two facts on one dimension, of outer joins.
SELECT pg_temp.compiled('c customers, o orders, v orders', '{"columns": [
	{"table_id": "c", "column": "region"},
	{"table_id": "o", "column": "amount", "aggregation": "avg"},
	{"table_id": "v", "column": "*", "aggregation": "count"}],
	"joins": [{"from_table_id": "c", "from_column": "id", "to_table_id": "o",
			   "to_column": "customer_id", "join_type": "LEFT"},
			  {"from_table_id": "c", "from_column": "id", "to_table_id": "v",
			   "to_column": "customer_id", "join_type": "LEFT"}]}');

-- Several pairs of columns, and other operators.
SELECT pg_temp.compiled('o orders, i items', '{"joins": [{"from_table_id": "o",
	"to_table_id": "i", "on": [{"from_column": "id", "to_column": "order_id"},
		{"from_column": "small", "to_column": "quantity", "operator": "lt"}]}]}');

-- Related rows, over a hop, behind a barrier where a pattern may raise; and in ON.
SELECT pg_temp.compiled('c customers, i items', '{"columns": [{"table_id": "c", "column": "id"}],
	"filters": [
		{"table_id": "i", "column": "quantity", "operator": "gt", "value": 3, "scope": "any"},
		{"table_id": "i", "column": "product_id", "operator": "eq", "value": 1, "scope": "any"}]}');
SELECT pg_temp.compiled('c customers, o orders', '{"columns": [{"table_id": "c", "column": "id"}],
	"filters": [{"table_id": "o", "column": "status", "operator": "like", "value": "p%",
				 "scope": "none"}]}');
SELECT pg_temp.compiled('c customers, o orders', '{"columns": [{"table_id": "c", "column": "id"},
		{"table_id": "o", "column": "id"}],
	"joins": [{"from_table_id": "c", "from_column": "id", "to_table_id": "o",
			   "to_column": "customer_id", "join_type": "LEFT"}],
	"filters": [{"table_id": "o", "column": "status", "operator": "eq", "value": "paid",
				 "scope": "join"}]}');

-- Lists and tables that are definitions.
SELECT pg_temp.compiled('c customers', jsonb_build_object('columns',
	'[{"table_id": "c", "column": "name"}]'::jsonb, 'filters', jsonb_build_array(jsonb_build_object(
		'table_id', 'c', 'column', 'id', 'operator', op, 'value', '{"query": {
			"tables": [{"id": "o", "name": "orders"}],
			"columns": [{"table_id": "o", "column": "customer_id"}]}}'::jsonb))))
FROM unnest('{in_query,not_in_query}'::text[]) AS op;
SELECT pg_temp.compiled('c customers', '{"tables": [{"id": "t", "query": {
		"tables": [{"id": "o", "name": "orders"}],
		"columns": [{"table_id": "o", "column": "customer_id"},
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "total"}]}}],
	"columns": [{"table_id": "t", "column": "total", "aggregation": "avg"}]}');
ROLLBACK;
