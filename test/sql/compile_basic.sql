-- What definitions of one table become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude

-- Plain rows; groups; what is grouped by and not shown; truncated times.
SELECT pg_temp.compiled('o orders');
SELECT pg_temp.compiled('o orders', '{"columns": [{"table_id": "o", "column": "status"},
	{"table_id": "o", "column": "*", "aggregation": "count"},
	{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "Total €"},
	{"table_id": "o", "column": "name", "aggregation": "count_distinct"}]}');
SELECT pg_temp.compiled('o orders', '{
	"columns": [{"table_id": "o", "column": "price", "aggregation": "max"}],
	"group_by": [{"table_id": "o", "column": "channel"}],
	"having": [{"table_id": "o", "column": "*", "aggregation": "count", "operator": "gt",
				"value": 1}],
	"order_by": [{"table_id": "o", "column": "channel", "direction": "DESC", "nulls": "last"},
				 {"alias": "price_max"}], "limit": 10, "offset": 20}');
SELECT pg_temp.compiled('o orders', '{"columns": [
	{"table_id": "o", "column": "at", "date_trunc": "month"},
	{"table_id": "o", "column": "amount", "aggregation": "avg"}]}');
ROLLBACK;
