-- All faults of a definition at once: one does not hide another that has nothing to do with
-- it, and none is told twice.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

-- What is wrong with a definition over one table: codes and paths, and what is suggested.
CREATE FUNCTION pg_temp.faults(keys text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', e ->> 'code', e ->> 'path', e ->> 'suggestion'), E'\n')
	FROM jsonb_array_elements(prismiq.prismiq_validate(('{"tables": [{"id": "o",
		"name": "orders"}], "columns": [{"table_id": "o", "column": "status"},
		{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "s"}], '
		|| keys || '}')::jsonb) -> 'errors') AS e
$$;
SELECT is(pg_temp.faults(keys), wanted, keys) FROM (VALUES
	('"limit": 1', NULL),

	-- The date of a series is not there: the rest is looked at all the same.
	('"time_series": {"table_id": "o", "date_column": "qqq", "interval": "dya", "origin": "x",
		"range": {"start": "2024-13-01", "end": "y"}}',
	 'COLUMN_NOT_FOUND /time_series/date_column
INVALID_TIME_SERIES /time_series/interval Examples: day, week, 15 minutes, 3 months.
TYPE_MISMATCH /time_series/origin
TYPE_MISMATCH /time_series/range/start
TYPE_MISMATCH /time_series/range/end'),
	('"time_series": {"table_id": "x", "date_column": "at", "interval": "dya"}',
	 'TABLE_NOT_FOUND /time_series/table_id
INVALID_TIME_SERIES /time_series/interval Examples: day, week, 15 minutes, 3 months.'),
	('"time_series": {"table_id": "x", "date_column": "at", "interval": "auto",
		"range": {"start": "2024-01-01", "end": "2024-01-31T10:00:00Z"}}',
	 'TABLE_NOT_FOUND /time_series/table_id'),
	('"time_series": {"table_id": "x", "date_column": "at", "interval": "10 years",
		"range": {"start": "0001-01-01", "end": "infinity"}}',
	 'TABLE_NOT_FOUND /time_series/table_id
INVALID_TIME_SERIES /time_series/range/end'),
	('"time_series": {"table_id": "x", "date_column": "at"}',
	 'TABLE_NOT_FOUND /time_series/table_id
MISSING_FIELD /time_series/interval'),

	-- Each key of a stage by itself.
	('"top": {"n": 0, "by": "z"}', 'INVALID_VALUE /top/n
COLUMN_NOT_FOUND /top/by'),
	('"pivot": {"column": "x", "value": "y", "rows": ["z"]}',
	 'COLUMN_NOT_FOUND /pivot/column
COLUMN_NOT_FOUND /pivot/value
COLUMN_NOT_FOUND /pivot/rows/0'),
	('"pivot": {"value": "y", "rows": ["s"]}',
	 'MISSING_FIELD /pivot/column
COLUMN_NOT_FOUND /pivot/value
INVALID_PIVOT /pivot/rows/0'),
	('"pivot": {"column": "status", "value": "s", "rows": ["status"]}',
	 'INVALID_PIVOT /pivot/rows/0'),
	('"compare": {"period": {"offset": "7 dayz"}}',
	 'INVALID_VALUE /compare Filter a date column on both ends.
TYPE_MISMATCH /compare/period/offset'),
	('"compare": {"period": {"offset": "-7 days"}}, "time_series": {"table_id": "o",
		"date_column": "qqq", "interval": "day"}',
	 'COLUMN_NOT_FOUND /time_series/date_column
INVALID_VALUE /compare/period/offset Examples: 7 days, 1 month.'),

	-- What could not be read is not missing, too.
	('"having": [{"table_id": "o", "column": "amount", "aggregation": "summ", "operator": "gt",
		"value": 1}]', 'INVALID_AGGREGATION /having/0/aggregation Did you mean "sum"?'),
	('"having": [{"table_id": "o", "column": "amuont", "aggregation": "summ", "operator": "gt",
		"value": 1}]',
	 'COLUMN_NOT_FOUND /having/0/column Did you mean "amount"?
INVALID_AGGREGATION /having/0/aggregation Did you mean "sum"?'),
	('"having": [{"table_id": "o", "column": "amount", "aggregation": "none", "operator": "gt",
		"value": 1}]',
	 'INVALID_AGGREGATION /having/0/aggregation Put conditions on plain columns into "filters".'),
	('"having": [{"table_id": "o", "column": "amount", "operator": "gt", "value": 1}]',
	 'MISSING_FIELD /having/0/aggregation'),
	('"windows": [{"alias": "w", "function": "moving_avg", "of": "s", "n": 3000000000,
		"order_by": [{"alias": "s"}]}, {"alias": "v", "function": "rank", "of": "s", "n": -1}]',
	 'INVALID_VALUE /windows/0/n
INVALID_VALUE /windows/1/n'),
	('"windows": [{"alias": "w", "function": "moving_avg", "of": "s",
		"order_by": [{"alias": "s"}]}, {"alias": "v", "function": "rank", "of": "s", "n": 1}]',
	 'INVALID_WINDOW /windows/0/n
INVALID_WINDOW /windows/1/n'),

	-- A group of conditions whose word is mistyped is no condition without a column.
	('"filters": [{"orr": []}]', 'UNKNOWN_FIELD /filters/0/orr Did you mean "or"?'),
	('"having": [{"annd": [{"column": "s", "operator": "gt", "value": 1}]}]',
	 'UNKNOWN_FIELD /having/0/annd Did you mean "and"?'),
	('"filters": [{"column": "status"}]',
	 'MISSING_FIELD /filters/0/table_id
MISSING_FIELD /filters/0/operator'),
	('"qualify": [{"table_id": "o", "column": "amount", "operator": "gt", "value": 1}]',
	 'INVALID_WINDOW /qualify/0 Put conditions on aggregates into "having".
MISSING_FIELD /qualify/0/aggregation'),
	('"filters": [{"table_id": "o", "column": "local_at", "operator": "date_preset",
		"value": "last_yaer"}]', 'INVALID_VALUE /filters/0/value Did you mean "last_year"?'),
	('"filters": [{"table_id": "o", "column": "local_at", "operator": "date_preset",
		"value": "xyzzy"}]',
	 'INVALID_VALUE /filters/0/value Examples: today, last_7_days, this_month, last_24_hours.')
) AS v (keys, wanted);

-- A column whose aggregation is mistyped is a measure all the same, of a type that nobody knows.
SELECT is((SELECT jsonb_agg(concat_ws(' ', e ->> 'path', e ->> 'suggestion'))
		   FROM jsonb_array_elements(prismiq.prismiq_validate(('{"tables": [{"id": "o",
				"name": "orders"}], "columns": [{"table_id": "o", "column": "status"},
				{"table_id": "o", "column": "amount", "aggregation": "summ", "alias": "x",
				 "args": {"fraction": 0.5}}]' || keys || '}')::jsonb) -> 'errors') AS e),
		  '["/columns/1/aggregation Did you mean \"sum\"?"]', 'mistyped aggregation' || keys)
FROM unnest('{"",
	", \"top\": {\"n\": 2, \"by\": \"x\"}",
	", \"pivot\": {\"column\": \"status\", \"value\": \"x\"}",
	", \"totals\": true",
	", \"group_by\": [{\"table_id\": \"o\", \"column\": \"status\"}]",
	", \"order_by\": [{\"alias\": \"x\"}]",
	", \"having\": [{\"column\": \"x\", \"operator\": \"gt\", \"value\": 1}]",
	", \"windows\": [{\"alias\": \"w\", \"function\": \"running_total\", \"of\": \"x\",
		\"order_by\": [{\"alias\": \"x\"}]}], \"qualify\": [{\"column\": \"w\",
		\"operator\": \"gt\", \"value\": 1}]",
	", \"time_series\": {\"table_id\": \"o\", \"date_column\": \"placed_at\",
		\"interval\": \"day\", \"fill\": \"linear\"}",
	", \"time_series\": {\"table_id\": \"o\", \"date_column\": \"placed_at\",
		\"interval\": \"day\", \"range\": {\"start\": \"2024-01-01\",
		\"end\": \"2024-01-31\"}}, \"compare\": {\"period\": \"previous_month\"}"}'::text[])
	AS keys;

-- Of a list that could not be read nothing is missing.
SELECT is((SELECT string_agg(e ->> 'path', ' ')
		   FROM jsonb_array_elements(prismiq.prismiq_validate(definition::jsonb) -> 'errors') AS e),
		  wanted, definition)
FROM (VALUES
	('{"columns": [{"table_id": "o", "column": "id"}], "limit": -1}', '/tables /limit'),
	('{"tables": {}, "columns": [{"table_id": "o", "column": "id"}], "joins":
		[{"from_table_id": "a", "from_column": "b", "to_table_id": "c", "to_column": "d"}]}',
	 '/tables'),
	('{"tables": [], "columns": [{"table_id": "o", "column": "id"}]}', '/tables'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": {}, "order_by": [{"alias": "x"}],
		"having": [{"column": "y", "operator": "gt", "value": 1}], "qualify": [{"column": "z",
		"operator": "gt", "value": 1}]}', '/columns'),
	('{"tables": [{"id": "o", "name": "orders"}], "columns": [{"table_id": "p", "column": "id"}],
		"order_by": [{"alias": "x"}]}', '/columns/0/table_id /order_by/0/alias')
) AS v (definition, wanted);

SELECT * FROM finish();
ROLLBACK;
