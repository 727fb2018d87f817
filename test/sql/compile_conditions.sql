-- What conditions become.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\set prelude :srcdir /sql/include/prelude.sql
\i :prelude

-- Groups of conditions.
SELECT pg_temp.compiled('o orders', '{"filters": [
	{"table_id": "o", "column": "id", "operator": "gt", "value": 1},
	{"or": [{"table_id": "o", "column": "small", "operator": "eq", "value": 2},
			{"not": {"and": [{"table_id": "o", "column": "small", "operator": "lt", "value": 3},
							 {"table_id": "o", "column": "amount", "operator": "gte",
							  "value": 4}]}}]}]}');

-- Conditions: comparisons, lists, ranges; the parameter has the column's own type.
SELECT pg_temp.condition(subject, value::jsonb) FROM (VALUES
	('id eq', '1'), ('id eq', 'null'), ('id neq', '1'), ('id neq', 'null'), ('id lt', '1.5'),
	('amount gte', '1.50'), ('status eq', '"x"'), ('name eq', '"x"'), ('code gt', '"x"'),
	('channel neq', '"web"'), ('price lte', '1'), ('tags eq', '"{a}"'), ('id in', '[]'),
	('id in', '[1, null]'), ('id not_in', '[]'), ('id not_in', '[1, 2]'), ('id not_in',
		'[1, null]'),
	('id in_or_null', '[1]'), ('id between', '[1, 2]'), ('id not_between',
		'[1, 2]')) AS v (subject, value);

-- Patterns stand behind the tenant; days are half-open ranges.
SELECT pg_temp.condition(subject, value::jsonb) FROM (VALUES
	('status like', '"a%"'), ('status not_ilike', '"a%"'), ('name contains', '"5%_\\"'),
	('code starts_with', '"a"'), ('status is_null', NULL), ('at eq', '"2024-01-31"'),
	('at neq', '"2024-01-31"'), ('at lte', '"2024-01-31"'), ('at gt', '"2024-01-31 12:00"'),
	('day lte', '"2024-01-31"'), ('at between', '["2024-01-01", "2024-01-31"]'),
	('local between', '["2024-01-01", "2024-01-31"]'), ('at in', '["2024-01-01"]'),
	('day date_preset', '"all_time"')) AS v (subject, value);
SELECT pg_temp.condition('status neq', '"a"', '{"nulls": "exclude"}');
ROLLBACK;
