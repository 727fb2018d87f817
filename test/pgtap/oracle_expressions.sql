-- Calculated fields, row by row: every operator and function against hand-written SQL.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
-- A field over orders (o) and customers (c), shown for every order.
CREATE FUNCTION oracle.field(expression text, rest jsonb = '{}') RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT oracle.def('o orders, c customers', 'o.id', jsonb_build_object('calculated_fields',
			jsonb_build_array(jsonb_build_object('name', 'f', 'expression', expression) || rest),
			'columns', '[{"table_id": "o", "column": "id"}, {"column": "f"}]'::jsonb),
		joins => 'o.customer_id = c.id LEFT')
$$;

-- The expression in brackets is what the SQL expression is, in zone New York.
CREATE FUNCTION oracle.means(expression text, by_person text, rest jsonb = '{}')
RETURNS SETOF text LANGUAGE sql AS $$
	SELECT oracle.same(expression, oracle.field(expression, rest), format($q$SELECT o.id, %s
		FROM orders o LEFT JOIN customers c ON (c.tenant, c.id) = (o.tenant, o.customer_id)
		WHERE o.tenant = 'acme'$q$, by_person), options => '{"timezone": "America/New_York"}')
$$;
SET LOCAL ROLE app_user;

SELECT means(e, s) FROM (VALUES
	-- references and literals
	('[amount]', 'o.amount'),
	('[o.amount]', 'o.amount'),
	('[region]', 'c.region'),
	('[c.id]', 'c.id'),
	('1', '1'), ('-1.50', '-1.50'), ('.5', '0.5'), ('1e3', '1000'), ('9007199254740993',
		'9007199254740993'), ('123456789012345678901234567890.5',
		'123456789012345678901234567890.5::numeric'),
	('"text"', '''text'''), ('''text''', '''text'''), ('true', 'true'), ('FALSE', 'false'),
	('null', 'NULL'), ('"it''s [not] a ""name"""', '''it''''s [not] a "name"'''),
	('''it''''s''', '''it''''s'''), ('"a\"b\d"', '''a"b\d'''), ('"☃ 雪"', '''☃ 雪'''),

	-- arithmetic
	('[amount] + 1', 'o.amount + 1'), ('[amount] - [small]', 'o.amount - o.small'),
	('[amount] * (1 - [discount])', 'o.amount::float8 * (1 - o.discount::float8)'),
	('[small] / 4', 'o.small / 4.0'), ('1 / 2', '1::numeric / 2'), ('[amount] / 0',
		'NULL::numeric'),
	('[amount] / [small]', 'o.amount / nullif(o.small, 0)'),
	('[small] / [small]', 'CASE WHEN o.small <> 0 THEN o.small::numeric / o.small END'),
	('[small] % 7', 'o.small % 7'), ('[small] % 0', 'NULL::int'),
	('[amount] % [small]', 'o.amount % nullif(o.small, 0)'),
	('[discount] / 0', 'NULL'), ('[discount] % 0.3', 'o.discount::numeric % 0.3'),
	('-[amount]', '-o.amount'), ('- -[small]', 'o.small'), ('-(1 + 2)', '-3'),
	('2 + 3 * 4 - 6 / 3', '14 - 6::numeric / 3'), ('(2 + 3) * 4', '20'), ('2 - 3 - 4', '-5'),
	('8 / 4 / 2', '8::numeric / 4 / 2'), ('[small] * 1000000000000', 'o.small * 1000000000000'),
	('[big] * [big]', 'o.big::numeric * o.big'), ('2147483647 + 1', '2147483648'),
	('7 % 4 * 2', '6'), ('[big] + 1', 'o.big + 1'),
	('null + 1', 'NULL::numeric'), ('"5" + [small]', '5 + o.small'),

	-- comparisons
	('[status] == "paid"', 'o.status = ''paid'''), ('[status] = "paid"', 'o.status = ''paid'''),
	('[status] != "paid"', 'o.status <> ''paid'''), ('[status] <> ''paid''',
		'o.status <> ''paid'''),
	('[amount] > 100', 'o.amount > 100'), ('[amount] >= 100.25', 'o.amount >= 100.25'),
	('[amount] < [small]', 'o.amount < o.small'), ('[small] <= -10', 'o.small <= -10'),
	('[discount] == 0.5', 'o.discount = 0.5'), ('[small] == 0.7', 'o.small = 0.7'),
	('[active] == 1', 'c.active = true'), ('[active] == 0', 'c.active = false'),
	('1 == [active]', 'c.active = true'), ('[active] == true', 'c.active'),
	('[channel] == "web"', 'o.channel = ''web'''), ('[channel] > "web"', 'o.channel > ''web'''),
	('[shipped] == "2024-02-01"', 'o.shipped = date ''2024-02-01'''),
	('[placed_at] >= "2024-03-10"',
		'o.placed_at >= timestamp ''2024-03-10'' AT TIME ZONE ''America/New_York'''),
	('[placed_at] >= "2024-03-10T00:00:00Z"', 'o.placed_at >= ''2024-03-10 00:00Z'''),
	('[shipped] < [placed_at]',
		'o.shipped::timestamp AT TIME ZONE ''America/New_York'' < o.placed_at'),
	('[status] == null', 'o.status IS NULL'), ('[status] != null', 'o.status IS NOT NULL'),
	('[status] is null', 'o.status IS NULL'), ('[status] IS NOT NULL', 'o.status IS NOT NULL'),
	('[status] in ("paid", "open")', 'o.status IN (''paid'', ''open'')'),
	('[status] not in ("paid")', 'o.status NOT IN (''paid'')'),
	('[status] in ("paid", null)',
		'o.status = ''paid'' IS TRUE OR o.status IS NULL OR CASE WHEN o.status <> ''paid''
		THEN false END'),
	('[status] not in ("paid", null)', 'coalesce(o.status <> ''paid'', false)'),
	('[status] in (null)', 'o.status IS NULL'),
	('[small] in (1, 2.5)', 'o.small IN (1, 2.5)'),
	('[amount] between 10 and 100', 'o.amount BETWEEN 10 AND 100'),
	('[amount] not between 10 and 100', 'o.amount NOT BETWEEN 10 AND 100'),
	('[status] like "p%"', 'o.status LIKE ''p%'''), ('[status] not like "%\_%"',
		'o.status NOT LIKE ''%\_%'''),

	-- logic
	('[amount] > 100 and [status] == "paid" or not [active]',
		'o.amount > 100 AND o.status = ''paid'' OR NOT c.active'),
	('not [amount] > 100', 'NOT (o.amount > 100)'),
	('NOT true AND false', 'false'), ('true or null', 'true'),

	-- choices
	('if([status] == "paid", [amount] * (1 - [discount]), 0)',
		'CASE WHEN o.status = ''paid''
		THEN o.amount::float8 * (1 - o.discount::float8) ELSE 0 END'),
	('IF([amount] > 100, "big")', 'CASE WHEN o.amount > 100 THEN ''big'' END'),
	('if([active], 1, 2.5)', 'CASE WHEN c.active THEN 1 ELSE 2.5 END'),
	('case when [amount] > 100 then "big" when [amount] > 10 then "middling" else "small" end',
		'CASE WHEN o.amount > 100 THEN ''big'' WHEN o.amount > 10
		THEN ''middling'' ELSE ''small'' END'),
	('case [status] when "paid" then 1 when "open" then 0 end',
		'CASE o.status WHEN ''paid'' THEN 1 WHEN ''open'' THEN 0 END'),
	('case ([small]) when 1 then true end', 'CASE o.small WHEN 1 THEN true END'),
	('case([amount] > 100, "a", [amount] > 10, "b", "c")',
		'CASE WHEN o.amount > 100 THEN ''a'' WHEN o.amount > 10 THEN ''b'' ELSE ''c'' END'),
	('coalesce([amount], [small], 0)', 'coalesce(o.amount, o.small, 0)'),
	('ifnull([region], "none")', 'coalesce(c.region, ''none'')'),
	('nullif([status], "void")', 'nullif(o.status, ''void'')'),
	('nullif([small], 0)', 'nullif(o.small, 0)'),
	('greatest([small], 3.5, null)', 'greatest(o.small, 3.5)'),
	('least([shipped], "2024-01-15")', 'least(o.shipped, date ''2024-01-15'')'),

	-- numbers
	('abs([small])', 'abs(o.small)'), ('ABS([discount] - 1)', 'abs(o.discount::float8 - 1)'),
	('round([amount])', 'round(o.amount)'), ('round([amount], 1)', 'round(o.amount, 1)'),
	('round([discount], 1)', 'round(o.discount::float8::numeric, 1)'), ('round(2.5)', '3'),
	('round([small] / 3, -1)', 'round(o.small / 3.0, -1)'),
	('ceil([amount])', 'ceil(o.amount)'), ('floor([discount])', 'floor(o.discount)'),
	('trunc([amount], 1)', 'trunc(o.amount, 1)'), ('trunc(-2.7)', '-2'),
	('power([small], 2)', 'power(o.small::numeric, 2)'), ('power([discount], 2)',
		'power(o.discount::float8, 2)'),
	('sqrt(abs([amount]))', 'sqrt(abs(o.amount))'), ('ln([amount] + 1)', 'ln(o.amount + 1)'),
	('log(1000)', 'log(1000::numeric)'), ('log(2, 8)', 'log(2, 8)'), ('exp(0)',
		'exp(0::numeric)'), ('exp([discount])', 'exp(o.discount::float8)'),
	('mod([small], 7)', 'mod(o.small, 7)'), ('mod([amount], 0)', 'NULL'), ('sign([small])',
		'sign(o.small)'),

	-- text
	('concat([status], "C:\\")', 'concat(o.status, ''C:\'')'),
	('concat([status], "a\\\"b")', 'concat(o.status, ''a\"b'')'),
	('concat([status], "-", [region], 1)', 'concat(o.status, ''-'', c.region, 1)'),
	('Concatenate([status], [amount], [active])', 'concat(o.status, o.amount, c.active::text)'),
	('[status] || "/" || [small]', 'o.status || ''/'' || o.small'),
	('lower([status])', 'lower(o.status)'), ('UPPER([channel])', 'upper(o.channel::text)'),
	('trim("  a ")', '''a'''), ('trim("xax", "x")', '''a'''), ('ltrim("  a")', '''a'''),
	('rtrim("a  ")', '''a'''), ('length([name])', 'length(c.name)'),
	('left([name], 3)', 'left(c.name, 3)'), ('right([name], 2.9)', 'right(c.name, 2)'),
	('left([name], length([name]) / 2)', 'left(c.name, length(c.name) / 2)'),
	('substring([name], 2)', 'substring(c.name, 2)'), ('substring([name], 2, 3)',
		'substring(c.name, 2, 3)'),
	('replace([name], "a", "[b]")', 'replace(c.name, ''a'', ''[b]'')'),
	('split_part([email], "@", 2)', 'split_part(c.email, ''@'', 2)'),
	('find("w", [name])', 'strpos(c.name, ''w'')'), ('starts_with([name], "Twin")',
		'c.name LIKE ''Twin%'''),
	('ends_with([email], ".com")', 'c.email LIKE ''%.com'''), ('contains([region], "_")',
		'strpos(c.region, ''_'') > 0'),
	('regexp_match([name], "^A.*[0-9]$")', 'c.name ~ ''^A.*[0-9]$'''),

	-- casts
	('number("12.5")', '12.5'), ('number([active])', 'c.active::int'),
	('number(text([small]))', 'o.small'), ('text([amount])', 'o.amount::text'),
	('text([active])', 'c.active::text'), ('text([channel])', 'o.channel::text'),
	('text([placed_at])', '(o.placed_at AT TIME ZONE ''America/New_York'')::text'),
	('boolean([small])', 'o.small <> 0'), ('boolean(0.7)', 'true'), ('boolean("yes")', 'true')
) AS v (e, s);

-- Dates and times, in New York.
SELECT means(e, replace(replace(s, 'NY', 'o.placed_at AT TIME ZONE ''America/New_York'''),
						'@', 'AT TIME ZONE ''America/New_York''')) FROM (VALUES
	('today()', '(now() @)::date'), ('now()', 'now()'), ('Today() - [shipped]',
		'(now() @)::date - o.shipped'),
	('date([placed_at])', '(NY)::date'), ('date([local_at])', 'o.local_at::date'),
	('date([shipped])', 'o.shipped'),
	('date("2024-02-29")', 'date ''2024-02-29'''), ('date(2024, 2, 29)', 'date ''2024-02-29'''),
	('date(2024, 2, 29, 13, 5, 7.5)', 'timestamp ''2024-02-29 13:05:07.5'''),
	('date(year([placed_at]), month([placed_at]), 1, 0, 0, 0)', 'date_trunc(''month'', NY)'),
	('year([placed_at])', 'extract(year from NY)'), ('quarter([placed_at])',
		'extract(quarter from NY)'),
	('month([shipped])', 'extract(month from o.shipped)'), ('week([placed_at])',
		'extract(week from NY)'),
	('day([placed_at])', 'extract(day from NY)'), ('weekday([placed_at])', 'extract(dow from NY)'),
	('iso_year([placed_at])', 'extract(isoyear from NY)'), ('iso_week([placed_at])',
		'extract(week from NY)'), ('iso_year([shipped])', 'extract(isoyear from o.shipped)'),
	('ISO_Week([local_at])', 'extract(week from o.local_at)'),
	('iso_year("2021-01-03") * 100 + iso_week("2021-01-03")', '202053'),
	('iso_year("2024-12-30")', '2025'), ('iso_week(date(2024, 12, 30))', '1'),
	('iso_week([reviewed])', 'extract(week from o.reviewed @)'),
	('hour([placed_at])', 'extract(hour from NY)'), ('hour([local_at])',
		'extract(hour from o.local_at)'),
	('minute([placed_at])', 'extract(minute from NY)'), ('second([placed_at])',
		'date_part(''second'', NY)'),
	('date_trunc("month", [placed_at])',
		'date_trunc(''month'', o.placed_at, ''America/New_York'')'),
	('date_trunc([placed_at], "Day")', 'date_trunc(''day'', o.placed_at, ''America/New_York'')'),
	('date_trunc("week", [shipped])', 'date_trunc(''week'', o.shipped::timestamp)::date'),
	('date_trunc("hour", [local_at])', 'date_trunc(''hour'', o.local_at)'),
	('date_trunc("quarter", "2024-05-17")', 'date ''2024-04-01'''),
	('date_add([placed_at], 1, "day")', '(NY + interval ''1 day'') @'),
	('date_add([placed_at], 24, "hours")', 'o.placed_at + interval ''24 hours'''),
	('date_add([placed_at], -1, "month")', '(NY - interval ''1 month'') @'),
	('date_add([shipped], 2, "weeks")', 'o.shipped + 14'), ('date_add([shipped], 1)',
		'o.shipped + 1'),
	('date_add([shipped], 1, "quarter")', '(o.shipped + interval ''3 months'')::date'),
	('date_add([shipped], 90, "minute")', 'o.shipped + interval ''90 minutes'''),
	('date_add("2024-01-31", 1, "month")', 'date ''2024-02-29'''),
	('[shipped] + 7', 'o.shipped + 7'), ('7 + [shipped]', 'o.shipped + 7'), ('[shipped] - 7',
		'o.shipped - 7'),
	('[placed_at] + 1', '(NY + interval ''1 day'') @'), ('[local_at] - 0.5',
		'o.local_at - interval ''12 hours'''),
	('[placed_at] + ([placed_at] - [placed_at])', 'o.placed_at'),
	('[placed_at] + "1 day 2 hours"', '(NY + interval ''1 day'') @ + interval ''2 hours'''),
	('([placed_at] - date_add([placed_at], -6, "hours")) * 2', 'interval ''12 hours'''),
	('datediff([shipped], [placed_at], "day")', '(NY)::date - o.shipped'),
	('datediff([placed_at], [shipped])', 'o.shipped - (NY)::date'),
	('datediff([shipped], "2024-03-01", "d")', 'date ''2024-03-01'' - o.shipped'),
	('datediff("2024-01-01", "2024-01-15", "week")', '2'),
	('datediff("2024-01-31", "2024-03-30", "month")', '1'),
	('datediff("2024-01-31", "2022-01-30", "m")', '-24'),
	('datediff("2020-02-29", "2024-02-28", "years")', '3'),
	('datediff("2023-01-01", "2024-01-01", "quarter")', '4'),
	('datediff("2024-03-10 00:00", [placed_at], "hour")',
		'date_part(''epoch'', o.placed_at - timestamp ''2024-03-10'' @) / 3600'),
	('datediff([placed_at], [reviewed], "days")',
		'CASE WHEN isfinite(o.reviewed) THEN (o.reviewed @)::date - (NY)::date END'),
	('datediff([reviewed], [placed_at], "month") is null', 'o.reviewed IS NULL OR
		NOT isfinite(o.reviewed)'),
	('[reviewed] - [placed_at]',
		'CASE WHEN isfinite(o.reviewed) THEN o.reviewed - o.placed_at END'),
	('datediff([local_at], date_add([local_at], 90, "s"), "minute")',
		'CASE WHEN o.local_at IS NOT NULL THEN 1.5 END'),
	('datediff([shipped], date_add([shipped], 1), "h")', 'CASE WHEN o.shipped IS NOT NULL
		THEN 24 END'),
	('age_days([shipped])', '(now() @)::date - o.shipped'), ('age_days([placed_at])',
		'(now() @)::date - (NY)::date'),
	('to_date("2024-02-29")', 'date ''2024-02-29'''), ('to_date("29.02.2024", "DD.MM.YYYY")',
		'date ''2024-02-29'''),
	('to_date(text([shipped]))', 'o.shipped'), ('concat(date([placed_at]))', '(NY)::date::text')
) AS v (e, s);

-- data_type casts the result.
SELECT means(e, s, jsonb_build_object('data_type', t)) FROM (VALUES
	('[amount]', 'o.amount::text', 'text'), ('[small] / 4', 'round(o.small / 4.0)::int', 'integer'),
	('[amount]', 'o.amount::float8', 'float'), ('"12"', '12', 'number'), ('[small]',
		'o.small <> 0', 'boolean'),
	('[placed_at]', '(o.placed_at AT TIME ZONE ''America/New_York'')::date', 'date'),
	('[shipped]', 'o.shipped::timestamp', 'timestamp'), ('[placed_at]', 'o.placed_at', 'timestamp'),
	('"2024-01-01"', 'date ''2024-01-01''', 'Date'), ('[status]', 'o.status', 'string')
) AS v (e, s, t);

SELECT finish();
ROLLBACK;
