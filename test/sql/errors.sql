-- Every code: SQLSTATE and message, hint, and where in the definition.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
SET LOCAL ROLE prismiq_regress;

-- INVALID_JSON, MISSING_FIELD, EMPTY_QUERY
SELECT pg_temp.refused('[]'::jsonb);
SELECT pg_temp.refused('{"columns": [{"table_id": "o"}]}'::jsonb);
SELECT pg_temp.refused('{"tables": [], "columns": []}'::jsonb);

-- UNKNOWN_FIELD, INVALID_VALUE
SELECT pg_temp.refused('o orders', '{"limti": 1, "zz": 1, "limit": "many", "fan_out": "wrong"}');

-- TABLE_NOT_FOUND, COLUMN_NOT_FOUND
SELECT pg_temp.refused('o ordres', '{}');
SELECT pg_temp.refused('o orders', '{"columns": [{"table_id": "oo", "column": "id"},
	{"table_id": "o", "column": "amuont"}, {"table_id": "o", "column": "nothing like it"}]}');

-- AMBIGUOUS_TABLE
RESET ROLE;
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.twice (id int);
CREATE TABLE two.twice (id int);
SELECT count(prismiq_expose(r::regclass,
		shared => true)) FROM unnest('{one.twice,two.twice}'::text[]) AS r;
SELECT pg_temp.refused('t twice', '{}');
SET LOCAL ROLE prismiq_regress;

-- INVALID_JOIN, MISSING_JOIN, AMBIGUOUS_JOIN, CIRCULAR_JOIN
SELECT pg_temp.refused('o orders, c customers', '{"joins": [{"from_table_id": "o",
	"from_column": "at", "to_table_id": "c", "to_column": "id"}]}');
SELECT pg_temp.refused('o orders, p products', '{}');
SELECT pg_temp.refused('c customers, o orders, x orders, i items', '{}');
SELECT pg_temp.refused('o orders, c customers', '{"joins": [{"from_table_id": "o",
	"from_column": "customer_id", "to_table_id": "c", "to_column": "id"}, {"from_table_id": "c",
	"from_column": "id", "to_table_id": "o", "to_column": "small"}]}');

-- FAN_OUT
SELECT pg_temp.refused('o orders, i items', '{"fan_out": "error", "columns": [
	{"table_id": "o", "column": "amount", "aggregation": "sum"}]}');

-- TYPE_MISMATCH, INVALID_OPERATOR
SELECT pg_temp.refused('o orders', '{"filters": [
	{"table_id": "o", "column": "id", "operator": "eq", "value": "abc"},
	{"table_id": "o", "column": "day", "operator": "eq", "value": "2024-02-31"},
	{"table_id": "o", "column": "channel", "operator": "in", "value": ["web", "fax"]},
	{"table_id": "o", "column": "small", "operator": "gt", "value": "32768"}]}');
SELECT pg_temp.refused('o orders', '{"filters": [
	{"table_id": "o", "column": "id", "operator": "betwen", "value": [1, 2]},
	{"table_id": "o", "column": "id", "operator": "like", "value": "1%"},
	{"table_id": "o", "column": "document", "operator": "eq", "value": "{}"}]}');

-- INVALID_AGGREGATION
SELECT pg_temp.refused('o orders', '{"columns": [
	{"table_id": "o", "column": "status", "aggregation": "sum"},
	{"table_id": "o", "column": "id", "aggregation": "summ"}],
	"having": [{"column": "nope", "operator": "gt", "value": 1}]}');

-- INVALID_TIME_SERIES
SELECT pg_temp.refused('o orders', '{"columns": [{"table_id": "o", "column": "*",
	"aggregation": "count"}], "time_series": {"table_id": "o", "date_column": "id",
	"interval": "day"}}');
SELECT pg_temp.refused('o orders', '{"columns": [{"table_id": "o", "column": "*",
	"aggregation": "count"}], "time_series": {"table_id": "o", "date_column": "at",
	"interval": "dya"}}');

-- INVALID_WINDOW
SELECT pg_temp.refused('o orders', '{"columns": [{"table_id": "o", "column": "id"}],
	"windows": [{"alias": "r", "function": "rnak"}, {"alias": "t", "function": "running_total"}]}');

-- MISSING_PARAM
SELECT pg_temp.refused('o orders', '{"params": {"least": {"type": "integer", "required": true}},
	"filters": [{"table_id": "o", "column": "id", "operator": "gt",
	"value": {"param": "least"}}]}');

-- UNSAFE_SQL
SELECT pg_temp.refused('o orders', '{"filters": [{"table_id": "o", "column": "id",
	"operator": "in_subquery", "value": "SELECT 1"}]}');

-- TOO_COMPLEX: the message is fixed, for it becomes an HTTP status line
SELECT pg_temp.refused('o orders', '{"columns": [{"table_id": "o", "column": "*",
	"aggregation": "count"}], "time_series": {"table_id": "o", "date_column": "at",
	"interval": "1 second", "range": {"start": "2024-01-01", "end": "2024-12-31"}}}');

-- Options
SELECT pg_temp.refused('o orders', '{}', '{"formt": "objects", "timezone": "Mars/Olympus"}');
SELECT pg_temp.refused('o orders', '{}', '{"timezone": "Mars/Olympus"}');

-- TOO_EXPENSIVE: so is this one; it is the run that is refused
SET LOCAL prismiq.max_cost = 0.001;
\set ON_ERROR_STOP off
SELECT prismiq_query(pg_temp.definition('o orders', '{}'));
ROLLBACK;
