-- Where the tenant stands: around every appearance of a table, and before
-- everything that may raise.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude
SET LOCAL ROLE prismiq_regress;

-- A table of tenants, one that all share, and one that is a tenant's own.
SELECT pg_temp.compiled('o orders');
SELECT pg_temp.compiled('p products');
SELECT pg_temp.compiled('a acme_only');

-- Every appearance: both sides of a join, the range of a series, a table twice.
SELECT pg_temp.compiled('o orders, c customers', '{"columns": [{"table_id": "c", "column": "name"},
	{"table_id": "o", "column": "amount", "aggregation": "sum"}], "time_series": {"table_id": "o",
	"date_column": "at", "interval": "month"}, "joins": [{"from_table_id": "o",
	"from_column": "customer_id", "to_table_id": "c", "to_column": "id", "join_type": "FULL"}]}');

-- Bare: what is known to be silent. Behind CASE: what may raise.
SELECT pg_temp.condition(subject, value::jsonb) FROM (VALUES ('amount gt', '1'), ('channel eq',
		'"web"'),
	('status gt', '"a"'), ('status like', '"a"'), ('tags in', '["{a}", "{b}"]'),
		('document is_null', NULL),
	('tags between', '["{a}", "{b}"]')) AS v (subject, value);

-- What a view computes: its rows are filtered first.
SELECT pg_temp.compiled('v order_view', '{"filters": [
	{"table_id": "v", "column": "each", "operator": "gt", "value": 1}]}');

-- A condition on the tenant column is one more condition.
SELECT pg_temp.compiled('o orders', '{"filters": [
	{"table_id": "o", "column": "tenant", "operator": "eq", "value": "beta"}]}');

-- Another tenant: the same statement, another parameter; and not the other's table.
SET LOCAL prismiq.tenant_id = 'beta';
SELECT pg_temp.compiled('o orders');
SELECT pg_temp.refused('a acme_only', '{}');
SET LOCAL prismiq.tenant_id = '';
SELECT pg_temp.refused('p products', '{}');
ROLLBACK;
