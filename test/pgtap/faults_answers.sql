-- Wrong answers that other engines give: last days, nulls, time zones, gaps,
-- digits; each with the numbers that show it.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

CREATE SCHEMA f;
CREATE TABLE f.sales (tenant text, id int PRIMARY KEY, amount numeric, status text, paid boolean,
	n int, ratio numeric, big bigint, at timestamptz, local timestamp, day date);
INSERT INTO f.sales VALUES
	('acme', 1, 57, 'paid', true, 0, 0.7, 9007199254740993, '2024-01-15 12:00Z', '2024-01-15 12:00',
	 '2024-01-15'),
	('acme', 2, 100, 'open', false, 1, 1, -9007199254740993, '2024-01-31 23:30Z',
			'2024-01-31 23:30',
	 '2024-01-31'),
	('acme', 3, 1000, NULL, NULL, NULL, 0, NULL, '2024-02-01 00:00Z', '2024-02-01 00:00',
	 '2024-02-01'),
	('beta', 4, 9999, 'paid', true, 0, 0.7, 1, '2024-01-15 12:00Z', '2024-01-15 12:00',
			'2024-01-15');
CREATE TABLE f.empty (tenant text, id int, amount numeric(10, 2), note varchar(5), at timestamptz,
	tags text[]);
GRANT USAGE ON SCHEMA f TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA f TO app_user;
SELECT prismiq_expose(('f.' || r)::regclass, tenant_column => 'tenant')
FROM unnest('{sales,empty}'::text[]) AS r \g /dev/null
SET LOCAL search_path = oracle, prismiq, f, public;
SET LOCAL ROLE app_user;

CREATE FUNCTION pg_temp.total(VARIADIC conditions jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT oracle.answer(oracle.def('s sales', 's.amount sum', oracle.filters(VARIADIC conditions)))
$$;

-- ---- 17: the last day is whole ----------------------------------------------------------
SELECT is(pg_temp.total(cond('s.' || col || ' between', '["2024-01-01", "2024-01-31"]')), '[[157]]',
	'January is 157, not 57: ' || col) FROM unnest('{at,local,day}'::text[]) AS col;
SELECT is(pg_temp.total(cond('s.' || col || ' lte', '"2024-01-31"')), '[[157]]', 'lte: ' || col)
FROM unnest('{at,local,day}'::text[]) AS col;
SELECT is(pg_temp.total(cond('s.' || col || ' eq', '"2024-01-31"')), '[[100]]', 'eq: ' || col)
FROM unnest('{at,local,day}'::text[]) AS col;
SELECT is(answer(def('s sales', 's.amount sum', jsonb_build_object('time_series',
		jsonb_build_object(
		'table_id', 's', 'date_column', col, 'interval', 'month', 'range',
		'{"start": "2024-01-01", "end": "2024-01-31"}'::jsonb)))) LIKE '%157]]', true,
	'the range of a series: ' || col) FROM unnest('{at,local,day}'::text[]) AS col;

-- ---- 18: nulls ------------------------------------------------------------------------
SELECT is(pg_temp.total(cond('s.status ' || op, value)), wanted, op || ' ' || value)
FROM (VALUES ('neq', '"paid"'::jsonb, '[[1100]]'), ('not_in', '["paid"]', '[[1100]]'),
	('not_in', '["paid", null]', '[[100]]'), ('not_in', '[null]', '[[157]]'),
	('not_in', '[]', '[[1157]]'), ('in', '["paid", null]', '[[1057]]'), ('in', '[]', '[[null]]'),
	('not_like', '"pa%"', '[[1100]]'), ('not_between', '["p", "q"]', '[[1100]]'))
	AS v (op, value, wanted);

-- ---- 28, 25: 0 and false are values; a comparison keeps its fraction --------------------------
SELECT is(pg_temp.total(cond('s.n eq', '0')), '[[57]]', 'zero is a value');
SELECT is(pg_temp.total(cond('s.paid eq', 'false')), '[[100]]', 'false is a value');
SELECT is(pg_temp.total(cond('s.status eq', '""')), '[[null]]', 'the empty text is a value');
SELECT is(pg_temp.total(cond('s.ratio eq', '1')), '[[100]]', '0.7 is not 1');
SELECT is(pg_temp.total(cond('s.ratio gt', '0')), '[[157]]', '0.7 is more than 0');
SELECT is(pg_temp.total(cond('s.n gt', '0.5')), '[[100]]', '1 is more than 0.5');
SELECT is(pg_temp.total(cond('s.n in', '[0.5, 1.0]')), '[[100]]', 'a list with a fraction');
SELECT is(pg_temp.total(cond('s.paid eq', '1')), '22023 TYPE_MISMATCH', 'a number is no boolean');
SELECT is(pg_temp.total(cond('s.status eq', '1')), '22023 TYPE_MISMATCH', 'nor a text');
SELECT is(pg_temp.total(cond('s.n eq', 'true')), '22023 TYPE_MISMATCH', 'a boolean is no number');

-- ---- 24: digits, and the columns of nothing ------------------------------------------------
SELECT is(answer(def('s sales', 's.big', filters(cond('s.big eq', '9007199254740993')))),
	'[[9007199254740993]]', 'no digit is lost on the way in or out');
SELECT is(answer(def('s sales', 's.big', filters(cond('s.big eq', '9007199254740993'))),
	'{"bigint": "string"}'), '[["9007199254740993"]]', 'as a string, for those who need it');
SELECT is(prismiq_query(def('e empty', 'e.id, e.amount, e.note, e.at, e.tags, e.id = x'))::jsonb
	- '{execution_time_ms,warnings,bucket,cached_at,is_from_cache,truncated}'::text[],
	'{"rows": [], "row_count": 0, "columns": ["id", "amount", "note", "at", "tags", "x"],
	  "column_types": ["integer", "numeric", "character varying", "timestamp with time zone",
					   "text[]", "integer"]}', 'an empty answer has its columns and types');
SELECT is(answer(def('e empty', 'e.amount sum'), jsonb_build_object('format', format)), wanted,
	'a total of nothing, in ' || format)
FROM (VALUES ('arrays', '[[null]]'), ('objects', '[{"amount_sum": null}]'), ('columnar',
		'[[null]]'))
	AS v (format, wanted);
SELECT is(prismiq_query_csv(def('e empty', 'e.id, e.note'))::text, E'id,note\r\n',
		'and its header');

-- ---- 19: order by a measure, having -----------------------------------------------------------
SELECT is(answer(def('s sales', 's.status, s.amount sum',
	'{"order_by": [{"table_id": "s", "column": "amount", "direction": "DESC"}], "limit": 1}')),
	'[[null, 1000]]', 'the top one by its total');

-- ---- 20: one zone for all ---------------------------------------------------------------------
SELECT is(answer(def('s sales', 's.amount sum',
		jsonb_build_object('time_series', '{"table_id": "s", "date_column": "at", "interval": "day",
			"timezone": "Asia/Tokyo"}'::jsonb) || filters(cond('s.at between', '["2024-02-01",
			"2024-02-01"]')))), '[["2024-02-01T00:00:00+09:00", 1100]]',
	'the filter''s days are the buckets'' days');
SELECT is(answer(def('s sales', 's.id', filters(cond('s.at eq', '"2024-02-01"'))
		|| '{"order_by": [{"alias": "id"}]}'), '{"timezone": "Asia/Tokyo"}'), '[[2], [3]]',
	'without a series, the zone of the options');
SELECT is(answer(def('s sales', 's.id', filters(cond('s.at eq', '"2024-02-01"')))), '[[3]]',
	'else the session''s');
SELECT is(answer(def('s sales', 's.at', filters(cond('s.id eq', '2'))),
		'{"timezone": "Asia/Tokyo"}'),
	'[["2024-02-01T08:30:00+09:00"]]', 'values are shown in it, too');
SELECT is(count(*), 4::bigint, 'today is the transaction''s, in the zone: ' || min(zone))
FROM (SELECT zone, jsonb_array_elements(prismiq_query(jsonb_set(
		def('s sales', 's.at', filters(cond('s.at ' || op, value))), '{time_series}',
		jsonb_build_object('table_id', 's', 'date_column', 'at', 'interval', 'day',
						   'timezone', zone) ) || '{"columns": [{"table_id": "s", "column": "*",
			"aggregation": "count"}]}')::jsonb -> 'rows') ->> 0 AS bucket
	  FROM unnest('{Pacific/Kiritimati,Pacific/Pago_Pago}'::text[]) AS zone,
		(VALUES ('date_relative', '0'::jsonb), ('date_preset', '"today"'), ('date_window',
			'{"period": "daily", "value": 0}'), ('date_preset', '"last_1_days"')) AS v (op,
					value)) AS q
WHERE bucket::timestamptz = date_trunc('day', now(), zone) GROUP BY zone;

-- ---- 22: gaps ---------------------------------------------------------------------------------
SELECT is(answer(def('s sales', 's.amount sum', '{"time_series": {"table_id": "s",
		"date_column": "at",
	"interval": "day", "range": {"start": "2024-01-30", "end": "2024-02-01"}}}')),
	'[["2024-01-30T00:00:00+00:00", 0], ["2024-01-31T00:00:00+00:00", 100], '
	|| '["2024-02-01T00:00:00+00:00", 1000]]', 'filled, and not beyond the range');
SELECT is(answer(def('s sales', 's.status, s.* count', '{"time_series": {"table_id": "s",
	"date_column": "at", "interval": "month"}}')),
	'[["2024-01-01T00:00:00+00:00", "open", 1], ["2024-01-01T00:00:00+00:00", "paid", 1], '
	|| '["2024-01-01T00:00:00+00:00", null, 0], ["2024-02-01T00:00:00+00:00", "open", 0], '
	|| '["2024-02-01T00:00:00+00:00", "paid", 0], ["2024-02-01T00:00:00+00:00", null, 1]]',
	'every series has every bucket, the one of null as well');
SELECT is(answer(def('e empty', 'e.amount sum', '{"time_series": {"table_id": "e",
		"date_column": "at",
	"interval": "day"}}')), '[]', 'no data and no range: nothing, and no error');
SELECT is(answer(def('e empty', 'e.amount sum, e.note max', '{"time_series": {"table_id": "e",
	"date_column": "at", "interval": "day", "range": {"start": "2024-01-01",
			"end": "2024-01-02"}}}')),
	'[["2024-01-01T00:00:00+00:00", 0, null], ["2024-01-02T00:00:00+00:00", 0, null]]',
	'no data in a range: all of it; what cannot be 0 is null');
SELECT is(answer(def('s sales', 's.status max', '{"time_series": {"table_id": "s",
		"date_column": "at",
	"interval": "day", "fill_value": 0}}')), wanted, 'a fill value that the measure can hold')
FROM (VALUES ('22023 TYPE_MISMATCH')) AS v (wanted);
SELECT is(answer(def('s sales', 's.* count', '{"time_series": {"table_id": "s", "date_column": "at",
	"interval": "day", "fill_value": 0.5}}')), '22023 TYPE_MISMATCH', 'no half of a count');

-- ---- 23: the week's start and the fiscal year ---------------------------------------------------
SELECT is(left(answer(def('s sales', 's.* count', jsonb_build_object('time_series',
		'{"table_id": "s", "date_column": "at", "interval": "week",
				"week_start": "sunday"}'::jsonb))),
		28), '[["2024-01-14T00:00:00+00:00', 'a week that begins on Sunday');
SET LOCAL prismiq.fiscal_year_start_month = 2;
SELECT is(left(answer(def('s sales', 's.* count', jsonb_build_object('time_series',
		jsonb_build_object('table_id', 's', 'date_column', 'at', 'interval', unit,
						   'fiscal', fiscal)))), 12), '[["' || wanted,
	unit || CASE WHEN fiscal THEN ', fiscal' ELSE '' END)
FROM (VALUES ('quarter', true, '2023-11-0'), ('year', true, '2023-02-0'), ('quarter', false,
		'2024-01-0'),
	('year', false, '2024-01-0'), ('month', true, '2024-01-0')) AS v (unit, fiscal, wanted);
SELECT is((prismiq_compile(def('s sales', 's.id', filters(cond('s.day date_window',
		jsonb_build_object('period', period, 'value', 0))))) #>> '{params,1,value}')::date, wanted,
	'date_window follows it: ' || period)
FROM (VALUES ('yearly', (date_trunc('year',
		now() - interval '1 month') + interval '1 month')::date),
	('quarterly', (date_trunc('quarter', now() - interval '1 month') + interval '1 month')::date))
	AS v (period, wanted);

SELECT * FROM finish();
ROLLBACK;
