-- Calculated fields over windows, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

-- A definition with windows and fields: "name = expression" a field, those in "shown" are columns.
CREATE FUNCTION oracle.over(columns text, windows jsonb, fields jsonb, shown text,
							rest jsonb = '{}', tables text = 'o orders', joins text = NULL)
RETURNS jsonb LANGUAGE sql AS $$
	SELECT d || jsonb_build_object('windows', windows,
		'columns', (d -> 'columns') || coalesce((SELECT jsonb_agg(jsonb_build_object('column', s)
			ORDER BY n) FROM regexp_split_to_table(nullif(shown, ''), ',\s*')
				WITH ORDINALITY AS u (s, n)), '[]'),
		'calculated_fields', (SELECT jsonb_agg(jsonb_build_object('name', f.key,
			'expression', f.value)) FROM jsonb_each_text(fields) AS f))
	FROM oracle.def(tables, columns, rest, joins) AS d
$$;
-- A running total of the monthly sums.
CREATE FUNCTION oracle.monthly(fields jsonb, shown text, rest jsonb = '{}',
							   columns text = 'o.amount sum = revenue')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.over(columns, '[{"alias": "so_far", "function": "running_total",
		"of": "revenue"}]', fields, shown, '{"time_series": {"table_id": "o", "date_column":
		"placed_at", "interval": "month", "alias": "month", "timezone": "UTC"}}'::jsonb || rest)
$$;
-- What it is by hand: "n" is a month's sum, "t" the running total.
CREATE FUNCTION oracle.by_month(list text, rest text = '') RETURNS text LANGUAGE sql AS $$
	SELECT format($f$SELECT %s FROM (SELECT b, n, sum(n) OVER (ORDER BY b) AS t FROM (
		SELECT date_trunc('month', placed_at, 'UTC') AS b, sum(amount) AS n FROM orders
		WHERE tenant = 'acme' GROUP BY 1) AS q) AS q %s$f$, list, rest)
$$;
SET LOCAL ROLE app_user;

-- ---- Where they stand ------------------------------------------------------------------
SELECT same('a measure by a window', oracle.monthly('{"share": "[revenue] / [so_far]"}', 'share'),
	by_month('b, n, n / t, t', 'ORDER BY b'), true);
SELECT same('columns are in their order, windows behind them',
	oracle.monthly('{"share": "round(100 * [revenue] / [so_far], 1)"}', 'share')
		|| '{"columns": [{"column": "share", "alias": "s", "display_name": "Share"},
			{"table_id": "o", "column": "amount", "aggregation": "sum", "alias": "revenue"},
			{"table_id": "o", "column": "share", "alias": "again"},
			{"table_id": "o", "column": "*", "aggregation": "count"}]}',
	$$SELECT b, round(100 * n / t, 1), n, round(100 * n / t, 1), c, t
	FROM (SELECT b, n, c, sum(n) OVER (ORDER BY b) AS t FROM (
		SELECT date_trunc('month', placed_at, 'UTC') AS b, sum(amount) AS n, count(*) AS c
		FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q) AS q ORDER BY b$$, true);
SELECT same('a field of fields, named by measures that are fields', oracle.monthly(
		'{"average": "sum([amount]) / count()", "left": "[whole] - [so_far]",
		  "whole": "[so_far] + [average] * 2", "ratio": "[left] / [revenue] + [average]"}',
		'average, ratio, left'),
	$$SELECT b, n, a, 2 * a / n + a, 2 * a, t FROM (SELECT b, n, a, sum(n) OVER (ORDER BY b) AS t
		FROM (SELECT date_trunc('month', placed_at, 'UTC') AS b, sum(amount) AS n,
			sum(amount) / count(*) AS a FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q) AS q
	ORDER BY b$$, true);
SELECT same('qualify and order_by', oracle.monthly('{"share": "[revenue] / [so_far]"}', 'share',
		'{"qualify": [{"column": "share", "operator": "lt", "value": 0.3}],
		  "order_by": [{"column": "share", "direction": "DESC"}], "limit": 3}'),
	by_month('b, n, n / t AS s, t', 'WHERE n / t < 0.3 ORDER BY s DESC LIMIT 3'), true);
SELECT same('by its alias, and the caller''s order and page', oracle.monthly(
		'{"share": "[revenue] / [so_far]"}', 'share',
		'{"order_by": [{"alias": "share"}], "limit": 5}'),
	$$SELECT * FROM ($$ || by_month('b, n, n / t AS s, t', 'ORDER BY s LIMIT 5')
	|| $$) AS q ORDER BY s DESC OFFSET 2 LIMIT 2$$, true,
	'{"sort": [{"alias": "share", "direction": "DESC"}], "page_size": 2, "page": 2}');
SELECT same('of plain rows', oracle.over('o.id, o.amount', '[{"alias": "place", "function": "rank",
		"of": "amount"}]', '{"top": "if([place] <= 3, concat(\"top \", [place]), \"rest\")"}',
		'top',
		filters(cond('o.status eq', '"paid"'), cond('o.id lt', '50'))
		|| '{"order_by": [{"alias": "place"}]}'),
	$$SELECT id, amount, CASE WHEN p <= 3 THEN 'top ' || p ELSE 'rest' END, p
	FROM (SELECT id, amount, rank() OVER (ORDER BY amount DESC NULLS LAST) AS p FROM orders
		WHERE tenant = 'acme' AND status = 'paid' AND id < 50) AS q ORDER BY p, id$$, true);
SELECT same('types are the windows'' and the answer''s', oracle.over(
		'o.channel, o.placed_at max = last, o.* count = n', '[{"alias": "before",
			"function": "lag", "of": "last", "order_by": [{"alias": "last"}]},
			{"alias": "kind", "function": "lag", "of": "channel", "order_by": [{"alias": "last"}]},
			{"alias": "share", "function": "percent_of_total", "of": "n"}]',
		'{"days": "datediff([before], [last], \"hour\")", "same": "[kind] == [channel]",
		  "rounded": "round([share], 2)", "label": "upper(text([kind])) || \"!\""}',
		'days, same, rounded, label'),
	$$SELECT channel, last, n, extract(epoch FROM last - before)::float8 / 3600, kind = channel,
		round(share, 2), upper(kind::text) || '!', before, kind, share
	FROM (SELECT *, lag(last) OVER w AS before, lag(channel) OVER w AS kind,
			n * 100 / sum(n) OVER () AS share FROM (
		SELECT channel, max(placed_at) AS last, count(*) AS n FROM orders WHERE tenant = 'acme'
		GROUP BY 1) AS q WINDOW w AS (ORDER BY last)) AS q$$);
SELECT is((SELECT string_agg(c ->> 'type', ', ' ORDER BY n) FROM jsonb_array_elements(
	prismiq_compile(oracle.over('o.channel, o.* count = n', '[{"alias": "r", "function": "rank",
		"of": "n"}]', '{"half": "[r] / 2", "next": "[r] + 1", "early": "[r] < 3",
		"number": "[r]"}', 'half, next, early, number') || '{"calculated_fields": [
		{"name": "half", "expression": "[r] / 2"}, {"name": "next", "expression": "[r] + 1"},
		{"name": "early", "expression": "[r] < 3"}, {"name": "number", "expression": "[r]",
		"data_type": "text"}]}') -> 'columns') WITH ORDINALITY AS u (c, n)),
	'channel, bigint, numeric, bigint, boolean, text, bigint', 'as any expression has them');

-- ---- With all that is computed below ---------------------------------------------------
SELECT same('over gaps that are filled, series by series', oracle.over(
		'o.channel, o.* count = n', '[{"alias": "so_far", "function": "running_total", "of": "n"}]',
		'{"share": "[n] / [so_far]"}', 'share', '{"time_series": {"table_id": "o",
		"date_column": "shipped", "interval": "month", "range": {"start": "2023-11-01",
		"end": "2024-04-30"}}}'),
	$$SELECT b, c, n, n::numeric / nullif(t, 0), t FROM (SELECT b, c, n, sum(n) OVER (PARTITION BY c
		ORDER BY b) AS t FROM (SELECT b, c, (SELECT count(*) FROM orders WHERE tenant = 'acme'
			AND channel IS NOT DISTINCT FROM c AND shipped >= b
			AND shipped < b + interval '1 month') AS n
		FROM (SELECT b::date FROM generate_series(timestamp '2023-11-01', '2024-04-01', '1 month')
			AS b) AS b, (SELECT DISTINCT channel AS c FROM orders WHERE tenant = 'acme'
			AND shipped >= '2023-11-01' AND shipped < '2024-05-01') AS c) AS q) AS q
	ORDER BY b, c$$, true);
SELECT is(prismiq_query(d)::jsonb -> 'rows', (SELECT prismiq_query(d)::jsonb -> 'rows'
	FROM set_config('prismiq.dense', 'off', true)), 'bucket by bucket or all at once')
FROM oracle.monthly('{"share": "[revenue] / [so_far]"}', 'share',
	filters(cond('o.placed_at between', '["2024-01-01", "2024-06-30"]'))) AS d;
SET LOCAL prismiq.dense = on;
SELECT same('over what is filled in a straight line', oracle.over('o.small sum = n',
		'[{"alias": "before", "function": "lag", "of": "n"}]', '{"step": "[n] - [before]"}', 'step',
		'{"time_series": {"table_id": "o", "date_column": "shipped", "interval": "day", "fill":
		"linear", "range": {"start": "2024-01-10", "end": "2024-01-13"}}}'),
	$$WITH s AS (SELECT b::date, (SELECT sum(small)::numeric FROM orders WHERE tenant = 'acme'
		AND shipped = b) AS n
		FROM generate_series(timestamp '2024-01-10', '2024-01-13', '1 day') AS b),
	f AS (SELECT b, coalesce(n, ((SELECT n FROM s AS l WHERE l.b = s.b - 1)
		+ (SELECT n FROM s AS h WHERE h.b = s.b + 1)) / 2) AS n FROM s)
	SELECT b, n, n - lag(n) OVER (ORDER BY b), lag(n) OVER (ORDER BY b) FROM f ORDER BY b$$, true);
SELECT same('beside the period before, whose columns it may use', oracle.over('o.status,
		o.amount sum = n', '[{"alias": "part", "function": "percent_of_total", "of": "n"}]',
		'{"gain": "[n_change] * [part] / 100"}', 'gain', filters(cond('o.placed_at between',
			'["2024-03-01", "2024-03-31"]')) || '{"compare": {"period": "previous_month"}}'),
	$$SELECT status, n, (n - p) * part / 100, part, p, n - p, (n - p) * 100 / nullif(p, 0)
	FROM (SELECT *, n * 100 / sum(n) OVER () AS part FROM (SELECT status,
		sum(amount) FILTER (WHERE placed_at >= '2024-03-01') AS n,
		sum(amount) FILTER (WHERE placed_at < '2024-03-01') AS p
		FROM orders WHERE tenant = 'acme' AND placed_at >= '2024-02-01' AND placed_at < '2024-04-01'
		GROUP BY 1 HAVING count(*) FILTER (WHERE placed_at >= '2024-03-01') > 0) AS q) AS q$$);
SELECT same('of the largest groups and the rest', oracle.over('o.customer_id, o.* count = n',
		'[{"alias": "part", "function": "percent_of_total", "of": "n"}]',
		'{"label": "concat([customer_id], \": \", round([part]))"}', 'label',
		'{"top": {"n": 2, "by": "n"}}'),
	$$WITH k AS (SELECT customer_id AS c,
			row_number() OVER (ORDER BY count(*) DESC, customer_id) AS p
		FROM orders WHERE tenant = 'acme' GROUP BY 1),
	g AS (SELECT min(least(p, 3)) AS p, CASE WHEN p < 3 THEN c::text ELSE 'Other' END AS c,
		count(*) AS n FROM orders o JOIN k ON c IS NOT DISTINCT FROM customer_id
		WHERE tenant = 'acme' GROUP BY 2)
	SELECT c, n, concat(c, ': ', round(part)), part
	FROM (SELECT *, n * 100 / sum(n) OVER () AS part FROM g) AS q ORDER BY p$$, true);
SELECT same('of totals, among themselves', oracle.over('o.status, o.channel, o.* count = n',
		'[{"alias": "part", "function": "percent_of_total", "of": "n"}]',
		'{"label": "[part] * 10 + [_level]"}', 'label', '{"totals": true}'),
	$$SELECT status, channel, n, n * 100 / sum(n) OVER (PARTITION BY l) * 10 + l,
		n * 100 / sum(n) OVER (PARTITION BY l), l
	FROM (SELECT status, channel, count(*) AS n, grouping(status) + grouping(channel) AS l
		FROM orders WHERE tenant = 'acme' GROUP BY ROLLUP (status, channel)) AS q$$);
SELECT same('totals keep their page', oracle.over('o.status, o.* count = n',
		'[{"alias": "part", "function": "percent_of_total", "of": "n"}]',
		'{"half": "[part] / 2"}', 'half', '{"totals": true, "limit": 2,
		"order_by": [{"column": "half"}], "qualify": [{"column": "half", "operator": "gt",
		"value": 8}]}'),
	$$WITH g AS (SELECT status, n, n * 100 / sum(n) OVER () / 2 AS h, n * 100 / sum(n) OVER () AS p
		FROM (SELECT status, count(*) AS n FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q)
	SELECT * FROM (SELECT status, n, h, p, 0 FROM g WHERE h > 8 ORDER BY h, status LIMIT 2) AS q
	UNION ALL SELECT NULL, count(*), '50.0000000000000000', '100.0000000000000000', 1
	FROM orders WHERE tenant = 'acme'$$, true);
SELECT same('in the cells of a pivot', oracle.over('o.status, o.channel, o.* count = n',
		'[{"alias": "part", "function": "percent_of_total", "of": "n", "partition_by":
			["channel"]}]', '{"half": "[part] / 2"}', 'half',
		'{"pivot": {"column": "channel", "value": "half"}}'),
	$$SELECT status, (array_agg(h) FILTER (WHERE channel = 'web'))[1],
		(array_agg(h) FILTER (WHERE channel = 'phone'))[1],
		(array_agg(h) FILTER (WHERE channel = 'store'))[1],
		(array_agg(h) FILTER (WHERE channel IS NULL))[1]
	FROM (SELECT *, n * 100 / sum(n) OVER (PARTITION BY channel) / 2 AS h FROM (
		SELECT status, channel, count(*) AS n FROM orders WHERE tenant = 'acme' GROUP BY 1, 2) AS q)
		AS q GROUP BY 1 ORDER BY 1$$, true);
SELECT same('a pivot that leaves a group column out', oracle.over(
		'o.status, o.channel, o.* count = n', '[{"alias": "part",
			"function": "percent_of_total", "of": "n"}]', '{"half": "[part] / 2"}', 'half',
		'{"pivot": {"column": "channel", "value": "half", "rows": [], "values": ["web"]}}'),
	$$SELECT (array_agg(h) FILTER (WHERE channel = 'web'))[1]
	FROM (SELECT channel, n * 100 / sum(n) OVER () / 2 AS h FROM (SELECT channel, count(*) AS n
		FROM orders WHERE tenant = 'acme' GROUP BY 1) AS q) AS q$$);
SELECT same('over measures that joins would repeat', oracle.over(
		'i.product_id, o.amount sum = n, i.* count = lines',
		'[{"alias": "part", "function": "percent_of_total", "of": "n"}]',
		'{"each": "[n] / [lines] * [part]"}', 'each', '{}', 'o orders, i items'),
	$$SELECT p, n, c, n / c * (n * 100 / sum(n) OVER ()), n * 100 / sum(n) OVER ()
	FROM (SELECT p, (SELECT sum(amount) FROM (SELECT DISTINCT o.id, o.amount
			FROM orders o JOIN items i ON (o.tenant, o.id) = (i.tenant, i.order_id)
			WHERE i.tenant = 'acme' AND i.product_id IS NOT DISTINCT FROM p) AS q) AS n,
		(SELECT count(*) FROM items WHERE tenant = 'acme' AND product_id IS NOT DISTINCT FROM p)
			AS c
		FROM (SELECT DISTINCT product_id AS p FROM items WHERE tenant = 'acme') AS q) AS q$$);
SELECT same('having is below', oracle.over('o.status, o.* count = n',
		'[{"alias": "part", "function": "percent_of_total", "of": "n"}]', '{"half": "[part] / 2"}',
		'half', '{"having": [{"column": "n", "operator": "gt", "value": 48}]}'),
	$$SELECT status, n, n * 100 / sum(n) OVER () / 2, n * 100 / sum(n) OVER () FROM (
		SELECT status, count(*) AS n FROM orders WHERE tenant = 'acme' GROUP BY 1
		HAVING count(*) > 48) AS q$$);
SELECT same('a definition inside another', jsonb_build_object('tables', jsonb_build_array(
		jsonb_build_object('id', 'q', 'query', oracle.monthly('{"share": "[revenue] / [so_far]"}',
			'share'))), 'columns', '[{"table_id": "q", "column": "share", "aggregation": "max"},
			{"table_id": "q", "column": "so_far", "aggregation": "max"}]'::jsonb),
	by_month('max(n / t), max(t)'));
SELECT same('a window of its own over the one inside', jsonb_build_object('tables',
		jsonb_build_array(jsonb_build_object('id', 'q', 'query', oracle.monthly(
			'{"share": "[revenue] / [so_far]"}', 'share')))) ||
	'{"columns": [{"table_id": "q", "column": "month"}, {"table_id": "q", "column": "share"},
		{"column": "twice"}], "windows": [{"alias": "place", "function": "rank", "of": "share"}],
	  "calculated_fields": [{"name": "twice", "expression": "2 * [place]"}]}',
	by_month('b, n / t, 2 * rank() OVER (ORDER BY n / t DESC), rank() OVER (ORDER BY n / t DESC)'));
SELECT same('the rows below have it no more', oracle.monthly('{"share": "[revenue] / [so_far]"}',
		'share', '{"filters": [{"table_id": "o", "column": "id", "operator": "lt", "value": 4}]}'),
	$$SELECT placed_at, amount FROM orders WHERE tenant = 'acme' AND id < 4 ORDER BY 1$$, true,
	'{"disable_aggregation": true}');
SELECT is(prismiq_query(oracle.monthly('{"share": "[revenue] / [so_far]"}', 'share',
		filters(cond('o.id lt', '0')) || '{"time_series": {"table_id": "o", "date_column":
		"placed_at", "interval": "month", "fill_missing": false}}'))::jsonb -> 'columns',
	'["placed_at_bucket", "revenue", "share", "so_far"]', 'an empty answer has its columns');

-- ---- Refusals --------------------------------------------------------------------------
-- Each with a field "share" over the window "so_far".
CREATE FUNCTION pg_temp.refused(rest jsonb, fields jsonb = '{}') RETURNS text LANGUAGE sql AS $$
	SELECT faults(oracle.monthly('{"share": "[revenue] / [so_far]"}'::jsonb || fields, 'share')
		|| rest)
$$;
SELECT is(pg_temp.refused(filters(cond('o.share gt', '1'))),
	'INVALID_WINDOW /filters/0/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)', 'filters');
SELECT is(pg_temp.refused('{"group_by": [{"column": "share"}]}'),
	'INVALID_WINDOW /group_by/0/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)', 'group_by');
SELECT is(pg_temp.refused('{"having": [{"column": "share", "operator": "gt", "value": 1},
		{"column": "share", "aggregation": "sum", "operator": "gt", "value": 1}]}'),
	'INVALID_WINDOW /having/0/column "share" is computed over windows (Put conditions on it into '
	'"qualify".)' || E'\n' ||
	'INVALID_WINDOW /having/1/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)', 'having');
SELECT is(pg_temp.refused('{"columns": [{"table_id": "o", "column": "amount", "aggregation": "sum",
		"alias": "revenue", "filters": [{"column": "share", "operator": "gt", "value": 1}]},
		{"column": "share", "aggregation": "sum"}, {"column": "share", "date_trunc": "month"},
		{"table_id": "o", "column": "amount", "aggregation": "corr", "args": {"column": "share"}},
		{"table_id": "x", "column": "share"}]}'),
	'INVALID_WINDOW /columns/0/filters/0/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/1/aggregation calculated field "share" is computed over windows '
	'(Take it as it is.)' || E'\n' ||
	'INVALID_AGGREGATION /columns/2/date_trunc calculated field "share" is computed over windows '
	'(Take it as it is.)' || E'\n' ||
	'INVALID_WINDOW /columns/3/args/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)' || E'\n' ||
	'TABLE_NOT_FOUND /columns/4/table_id no table of the query has the id "x"', 'below a measure');
SELECT is(pg_temp.refused('{"windows": [{"alias": "so_far", "function": "running_total",
		"of": "share"}, {"alias": "other", "function": "rank", "of": "share"},
		{"alias": "parts", "function": "percent_of_total", "of": "revenue",
		 "partition_by": ["double"]}, {"alias": "third", "function": "lag", "of": "revenue",
		 "order_by": [{"alias": "double"}]}]}', '{"double": "[share] * 2"}'),
	'CIRCULAR_REFERENCE /windows/0/of "share" is computed from window "so_far" itself '
	'(Name a column that is not computed over windows.)' || E'\n' ||
	'INVALID_WINDOW /windows/1/of "share" is computed over windows itself '
	'(Name a column that is not computed over windows.)' || E'\n' ||
	'INVALID_WINDOW /windows/2/partition_by/0 "double" is computed over windows itself '
	'(Name a column that is not computed over windows.)' || E'\n' ||
	'INVALID_WINDOW /windows/3/order_by/0/alias "double" is computed over windows itself '
	'(Name a column that is not computed over windows.)',
	'a window over it');
SELECT is(pg_temp.refused('{}', '{"a": "[b] + [so_far]", "b": "[c]", "c": "[a]",
		"self": "[self] + [so_far]"}'),
	'CIRCULAR_REFERENCE /calculated_fields/2/expression calculated field "a" refers to itself '
	'through "c" at character 1' || E'\n' ||
	'CIRCULAR_REFERENCE /calculated_fields/3/expression calculated field "self" refers to itself '
	'at character 1', 'circles');
SELECT is(pg_temp.refused('{}', '{"a": "sum([so_far])", "b": "[so_far] + count()",
		"c": "[so_far] + [amount]", "d": "[so_far] + [whole]", "e": "[so_far] + [revenu]",
		"f": "[so_far] + [o.amount]", "whole": "sum([amount])", "text": "[so_far] || 1 + \"x\""}'),
	'INVALID_EXPRESSION /calculated_fields/0/expression sum() cannot be taken over windows at '
	'character 1 (Name a column of the answer that has it.)' || E'\n' ||
	'INVALID_EXPRESSION /calculated_fields/1/expression count() cannot be taken over windows at '
	'character 12 (Name a column of the answer that has it.)' || E'\n' ||
	'COLUMN_NOT_FOUND /calculated_fields/2/expression "amount" is no column of the answer, which '
	'is all that is known over windows, at character 12 (Name what stands in "columns".)'
	|| E'\n' ||
	'COLUMN_NOT_FOUND /calculated_fields/3/expression "whole" is no column of the answer, which '
	'is all that is known over windows, at character 12 (Name what stands in "columns".)'
	|| E'\n' ||
	'COLUMN_NOT_FOUND /calculated_fields/4/expression "revenu" is no column of the answer, which '
	'is all that is known over windows, at character 12 (Did you mean "revenue"?)' || E'\n' ||
	'COLUMN_NOT_FOUND /calculated_fields/5/expression "o.amount" is no column of the answer, which '
	'is all that is known over windows, at character 12 (Name what stands in "columns".)'
	|| E'\n' ||
	'TYPE_MISMATCH /calculated_fields/6/expression "x" is not a valid value of type numeric at '
	'character 17', 'what is not known there');
SELECT is(faults(oracle.over('o.status = total, o.amount sum = n', '[{"alias": "small",
		"function": "rank", "of": "n"}, {"alias": "twice", "function": "rank", "of": "n"},
		{"alias": "n", "function": "rank", "of": "n"},
		{"alias": "r", "function": "rank", "of": "n"}]',
		'{"a": "[small] + 1", "b": "[twice] + 1", "twice": "[id] * 2", "c": "[n] + 1",
		  "d": "[r] + [total]", "total": "[r] * 2"}', '')),
	'AMBIGUOUS_COLUMN /calculated_fields/0/expression "small" is the name of a window and of a '
	'column, at character 1 (Write [o.small], or give the window another alias.)' || E'\n' ||
	'AMBIGUOUS_COLUMN /calculated_fields/1/expression "twice" is the name of a window and of a '
	'calculated field, at character 1 (Give the window another alias.)' || E'\n' ||
	'AMBIGUOUS_COLUMN /calculated_fields/2/expression "n" is the name of a window and of another '
	'column, at character 1 (Give the window another alias.)' || E'\n' ||
	'AMBIGUOUS_COLUMN /calculated_fields/3/expression "total" is the name of a calculated field '
	'and of another column, at character 7 (Give the column another alias.)',
	'names that mean two things');
SELECT is(faults(oracle.over('o.status', '[{"alias": "r", "function": "row_number"}]',
		'{"a": "[r] + 1"}', '') || '{"columns": [{"column": "a"}]}'),
	'EMPTY_QUERY /columns there is no column but what is computed over windows (Add the columns '
	'that the windows are over.)' || E'\n' ||
	'INVALID_WINDOW /windows/0/order_by window function "row_number" needs an order (Say by what: '
	'[{"alias": ..., "direction": "ASC"}].)', 'nothing to compute it from');
SELECT is(faults(oracle.monthly('{"share": "[revenue] / [so_far]"}', '',
		'{"order_by": [{"column": "share"}], "qualify": [{"column": "share", "operator": "gt",
			"value": 1}], "top": {"n": 1, "by": "so_far"}}')),
	'INVALID_WINDOW /order_by/0/column calculated field "share" is computed over windows '
	'(Take it in "columns": "qualify" and "order_by" may name it then.)' || E'\n' ||
	'COLUMN_NOT_FOUND /qualify/0/column no column of the answer is called "share" '
	'(Take it in "columns".)' || E'\n' || 'INVALID_VALUE /top/by "so_far" is not an aggregate',
	'one that is not shown');

-- A name that no window has is what it was.
SELECT same('[table.column] is below, whatever windows are called', oracle.over('o.status',
		'[{"alias": "small", "function": "rank", "of": "n"}]', '{"n": "sum([o.small])"}', 'n'),
	$$SELECT status, sum(small), rank() OVER (ORDER BY sum(small) DESC NULLS LAST) FROM orders
	WHERE tenant = 'acme' GROUP BY 1$$);

-- ---- Another tenant's rows ---------------------------------------------------------------
SET LOCAL prismiq.tenant_id = 'beta';
SELECT same('each tenant has its own', oracle.monthly('{"share": "[revenue] / [so_far]"}', 'share'),
	replace(by_month('b, n, n / t, t', 'ORDER BY b'), 'acme', 'beta'), true);

SELECT * FROM finish();
ROLLBACK;
