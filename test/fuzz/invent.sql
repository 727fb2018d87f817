-- pg_temp.invent(): a random definition over the tables of odd.sql. Most are
-- made of what fits, so that they run; the wild ones have names and types that
-- are right and wrong by turns, so that every key refers to things that were
-- found and to things that were not. pg_temp.some_options(): options.

CREATE TEMP TABLE known AS
SELECT relname::text AS tbl, attname::text AS col
FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
WHERE relnamespace = 'odd'::regnamespace AND relkind IN ('r', 'v', 'm') AND attnum > 0;
GRANT SELECT ON known TO PUBLIC;

CREATE FUNCTION pg_temp.pick(VARIADIC words text[]) RETURNS text LANGUAGE sql AS $$
	SELECT words[1 + floor(random() * cardinality(words))::integer]
$$;

-- True so often.
CREATE FUNCTION pg_temp.chance(share double precision) RETURNS boolean LANGUAGE sql AS $$
	SELECT random() < share
$$;

SET fuzz.wild = '0.1';

-- Here something else than what fits? How often, is decided for each definition.
CREATE FUNCTION pg_temp.wild() RETURNS boolean LANGUAGE sql AS $$
	SELECT random() < current_setting('fuzz.wild')::double precision
$$;

CREATE FUNCTION pg_temp.any_table() RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN pg_temp.wild() THEN pg_temp.pick('nope', 'by_mood', 'by_level',
			'by_own_level', 'unfilled', 'over_unfilled', 'beside_unfilled')
		ELSE pg_temp.pick('numbers', 'texts', 'times', 'others', 'computed') END
$$;

CREATE FUNCTION pg_temp.any_column(of text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN pg_temp.wild() THEN pg_temp.pick('nope', 'f', 'g', 'k1', '', 'ctid')
		ELSE coalesce((SELECT col FROM known WHERE tbl = of ORDER BY random() LIMIT 1), 'id') END
$$;

-- The outputs are k1, which is grouped by, k2, which is aggregated, and others.
CREATE FUNCTION pg_temp.any_alias(fits text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN pg_temp.wild() THEN pg_temp.pick('k1', 'k2', 'k3', 'f', 'w1', 'mo_bucket',
		'nope')
		ELSE fits END
$$;

-- A value of the column, as text.
CREATE FUNCTION pg_temp.value_of(tbl text, col text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	value text;
BEGIN
	EXECUTE format('SELECT (array_agg(%I::text ORDER BY random()))[1] FROM odd.%I', col, tbl)
		INTO value;
	RETURN coalesce(to_jsonb(value), '"x"');
EXCEPTION WHEN OTHERS THEN
	RETURN '"x"';
END
$$;

CREATE FUNCTION pg_temp.any_literal() RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN pg_temp.chance(0.3) THEN pg_temp.pick('1', '0', '-1', '1.5', '32768', '1e400',
			'99999999999', '1e30', 'null', 'true', 'false')::jsonb
		ELSE to_jsonb(pg_temp.pick('ok', 'low', 'a', 'Nd1', 'Ci3', '2024-01-31',
			'2024-02-01T00:00Z',
			'infinity', '-infinity', 'NaN', '(1,2)', '(1,x)', '{1,2}', '{ok}', '{"a": 1}', '[1,5)',
			'{[1,2)}', 'pg_class', '7', '101', '10.0.0.1', '1 day', '178000000 years',
			'294276-12-31', '5874897-12-31', '4713-01-01 BC', '(0,0)', 'a & b', '<a/>', '0/1',
			'{NULL}', '\x00', '%', 'a\', repeat('x', 70), '')) END
$$;

-- Functions and operators for what a table has, and columns that fit them.
CREATE FUNCTION pg_temp.fitting_expression(of text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	a text;
	b text;
BEGIN
	IF of = 'numbers' THEN
		a := pg_temp.pick('[n]', '[f4]', '[f8]', '[i2]', '[i8]', '[m]', '[p]', '[a]', '[id]');
		b := pg_temp.pick(a, '2', '0', '-1', '0.5', '1e300', '[f8]', '[n]', '[i2]');

		-- A time of day has hours and no weeks, an interval seconds.
		IF pg_temp.chance(0.15) THEN
			RETURN format(pg_temp.pick('hour(%s)', 'minute(%s)', 'second(%s)', 'iso_week(%s)',
				'total_seconds(%s)', 'max(hour(%s))', 'sum(total_seconds(%s))'),
				pg_temp.pick('[tm]', '[tz]', '[iv]'));
		END IF;
		RETURN format(pg_temp.pick('%s + %s', '%s - %s', '%s * %s', '%s / %s', '%s %% %s',
			'%s < %s',
			'left("abcdef", %s)', 'substring("abcdef", %s)', 'right("abc", %s)', 'round(%s, 2)',
			'round(1.5, %s)', 'trunc(%s)', 'power(%s, %s)', 'sqrt(%s)', 'ln(%s)', 'log(%s, %s)',
				'exp(%s)',
			'mod(%s, %s)', 'abs(%s)', 'sign(%s)', 'text(%s)', 'boolean(%s)', 'greatest(%s, %s)',
			'split_part("a-b", "-", %s)', 'date_add("2024-01-31", %s)', 'date(2024, %s, 1)',
			'date_add("2024-01-31", %s, "month")', 'if(%s > 1, %s, 0)', 'sum(%s)', 'avg(%s)',
				'median(%s)',
			'stddev(%s)', 'corr(%s, %s)', 'max(%s) - count()', 'case %s when %s then 1 else 2 end', '%s in (%s,
				3)'), a, b);
	ELSIF of IN ('texts', 'computed') THEN
		a := pg_temp.pick('[t]', '[nd]', '[e]', '[l]') ;
		IF of = 'texts' THEN
			a := pg_temp.pick(a, '[vc]', '[bp]', '[nm]', '[ch]', '[nv]', '[st]', 'text([ci])',
				'text([dl])');
		END IF;
		b := pg_temp.pick(a, '"d"', '""', '"ok"', '"%"', '[t]', '[nd]', 'null');
		RETURN format(pg_temp.pick('%s & %s', 'concat(%s, %s)', 'lower(%s)', 'upper(%s)', 'length(
			%s)',
			'trim(%s, %s)', 'left(%s, 2)', 'right(%s, 2)', 'substring(%s, 2)', 'replace(%s, %s,
				"c")',
			'split_part(%s, "d", 1)', 'find(%s, %s)', 'contains(%s, %s)', 'starts_with(%s, %s)',
			'ends_with(%s, %s)', 'regexp_match(%s, "[a-d]")', '%s like "N%%"', '%s = %s', '%s < %s',
			'%s in (%s, "a")', 'coalesce(%s, %s)', 'nullif(%s, %s)', 'greatest(%s, %s)', 'number(
				%s)',
			'boolean(%s)', 'to_date(%s)', 'to_date(%s, "YYYY-MM-DD")', 'if(%s is null, 1, 2)',
				'text(%s)',
			'max(%s)', 'min(%s)', 'count_distinct(%s)', 'case %s when %s then 1 else 2 end'), a, b);
	ELSIF of = 'times' THEN
		a := pg_temp.pick('[d]', '[ts]', '[tz]', '[mo]');
		b := pg_temp.pick(a, '"2024-01-31"', '"infinity"', '"294276-12-31"', '[mo]', '[d]',
			'today()');
		RETURN format(pg_temp.pick('year(%s)', 'quarter(%s)', 'week(%s)', 'weekday(%s)', 'hour(%s)',
			'iso_year(%s)', 'iso_week(%s)', 'total_seconds(%1$s - %2$s)', 'minute(%s)', 'second(%s)', 'date_trunc("month", %s)', 'date_add(%s, 3)', 'date_add(%s, 1, "month")',
			'date_add(%s, 100000, "year")', 'datediff(%s, %s)', 'datediff(%s, %s, "month")',
			'datediff(%s, %s, "second")', 'age_days(%s)', 'date(%s)', 'text(%s)', '%s < %s',
				'%s = %s',
			'%s - %s', '%s + 1', '%s between %s and "2030-01-01"', 'coalesce(%s, %s)', 'greatest(
				%s, %s)',
			'max(%s)', 'min(%s)', 'to_date(%s)', 'nullif(%s, %s)', 'total_seconds(%s - %s)'), a, b);
	END IF;
	IF of = 'others' AND pg_temp.chance(0.3) THEN
		RETURN format(pg_temp.pick('json([jb], "a", "%s")', 'json([jb], -1, "%s") is null',
			'coalesce(json([jb], "a", "%s"), null)', 'count(json([jb], "a", "a", 0, "%s"))'),
			pg_temp.pick('text', 'number', 'integer', 'boolean', 'date', 'timestamp', 'uuid'));
	END IF;
	RETURN format(pg_temp.pick('text([%s])', '[%s] is null', 'coalesce([%s])', 'count([%1$s])',
		'if([%s] is null, 1, 2)'), pg_temp.any_column(of));
END
$$;

CREATE FUNCTION pg_temp.any_expression(of text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	a text := format('[%s]', pg_temp.any_column(of));
	b text := CASE WHEN pg_temp.chance(0.5) THEN format('[%s]', pg_temp.any_column(of))
		ELSE pg_temp.pick('1', '0.5', '"b"', '"2024-01-31"', 'null', 'true', '1e300', '[g]') END;
BEGIN
	IF NOT pg_temp.wild() THEN
		RETURN pg_temp.fitting_expression(of);
	ELSIF pg_temp.chance(0.35) THEN
		RETURN format(pg_temp.pick('sum(%s)', 'avg(%s)', 'count(%s)', 'max(%s)', 'median(%s)',
			'stddev(%s)', 'sum(%s) / count()', 'count_distinct(%s)', 'min(%s)', 'count()',
			'corr(%1$s, %1$s)'), a);
	END IF;
	RETURN format(pg_temp.pick('1', '"a"', '%s', '%s + %s', '%s - %s', '%s * %s', '%s / %s',
		'%s %% %s',
		'%s = %s', '%s < %s', '%s like %s', '%s in (%s, 1)', '%s between %s and "z"', '%s is null',
		'left("abc", %s)', 'right(%s, %s)', 'substring(%s, 1, %s)', 'replace(%s, %s, "c")',
		'split_part(%s, %s, 1)', 'find(%s, %s)', 'contains(%s, %s)', 'starts_with(%s, %s)',
		'ends_with(%s, %s)', 'regexp_match(%s, %s)', 'trim(%s, %s)', 'lower(%s)', 'length(%s)',
		'concat(%s, %s)', 'coalesce(%s, %s)', 'nullif(%s, %s)', 'greatest(%s, %s)', 'least(%s, %s)',
		'if(%s, %s, %s)', 'case %s when %s then 1 else 2 end', 'number(%s)', 'text(%s)', 'boolean(
			%s)',
		'round(%s, %s)', 'trunc(%s, %s)', 'power(%s, %s)', 'sqrt(%s)', 'ln(%s)', 'log(%s, %s)',
			'exp(%s)',
		'mod(%s, %s)', 'abs(%s)', 'year(%s)', 'week(%s)', 'hour(%s)', 'date_trunc("month", %s)',
		'date_add(%s, %s)', 'date_add(%s, %s, "month")', 'datediff(%s, %s)', 'datediff(%s, %s,
			"month")',
		'to_date(%s)', 'to_date(%s, "YYYY")', 'age_days(%s)', 'total_seconds(%s)', 'date(%s)', 'date(%s, %s, 1)',
			'today()'),
		a, b, a);
END
$$;

-- Where in a document something may be, and what it is taken as.
CREATE FUNCTION pg_temp.any_inside() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('path', pg_temp.pick('["a"]', '["a"]', '["a", "a", 0]', '[1]', '[-1]',
			'[""]', '["a", null]', '[]', '[1.5]')::jsonb,
		'type', pg_temp.pick('text', 'number', 'integer', 'boolean', 'date', 'timestamp', 'uuid', ''))
$$;

CREATE FUNCTION pg_temp.any_ref(tables text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	n integer := 1 + floor(random() * cardinality(tables));
	col text := pg_temp.any_column(tables[n]);
BEGIN
	-- What is asked of others is often asked of a document.
	IF tables[n] = 'others' AND pg_temp.chance(0.2) THEN
		col := 'jb';
	END IF;
	IF pg_temp.chance(0.15) THEN
		RETURN jsonb_build_object('column', pg_temp.pick('f', 'g'));
	END IF;
	RETURN jsonb_build_object('table_id', CASE WHEN pg_temp.wild() AND pg_temp.chance(0.2) THEN 'z'
		ELSE chr(96 + n) END, 'column', col) || CASE WHEN pg_temp.chance(0.7) AND col = 'jb' OR
			pg_temp.wild() AND pg_temp.chance(0.02) THEN pg_temp.any_inside() ELSE '{}' END;
END
$$;

CREATE FUNCTION pg_temp.any_test(tables text[], depth integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	op text := CASE
		WHEN pg_temp.wild() OR (pg_temp.chance(0.5) AND tables[1] = 'times') THEN pg_temp.pick(
			'date_relative', 'date_window', 'date_preset', 'array_contains', 'like')
		WHEN pg_temp.chance(0.3) AND tables[1] IN ('texts', 'computed') THEN pg_temp.pick('like',
			'ilike', 'not_like', 'contains', 'starts_with', 'ends_with')
		ELSE pg_temp.pick('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in', 'in_or_null',
			'between', 'not_between', 'is_null', 'is_not_null', 'in_query', 'eq', 'in') END;
	test jsonb := pg_temp.any_ref(tables) || jsonb_build_object('operator', op);
	value jsonb := CASE WHEN pg_temp.chance(0.3) OR NOT test ? 'table_id' OR test ? 'path'
		THEN pg_temp.any_literal()
		ELSE pg_temp.value_of(tables[ascii(test ->> 'table_id') - 96], test ->> 'column') END;
BEGIN
	IF pg_temp.chance(0.1) THEN
		RETURN jsonb_build_object(pg_temp.pick('or', 'and'),
			jsonb_build_array(pg_temp.any_test(tables, depth), test || '{"operator": "is_null"}'));
	END IF;
	RETURN test || CASE
		WHEN op ~ 'null' THEN '{}'
		WHEN op IN ('in', 'not_in', 'in_or_null') THEN jsonb_build_object('value',
			jsonb_build_array(value, value))
		WHEN op ~ 'between' THEN jsonb_build_object('value', jsonb_build_array(value, value))
		WHEN op = 'date_relative' THEN '{"value": -3000}'
		WHEN op = 'date_window' THEN '{"value": {"period": "monthly", "value": -1}}'
		WHEN op = 'date_preset' THEN '{"value": "last_year"}'
		WHEN op = 'in_query' AND depth < 1 THEN jsonb_build_object('value',
			jsonb_build_object('query', pg_temp.invent(depth + 1)))
		ELSE jsonb_build_object('value', value) END
		|| CASE WHEN pg_temp.chance(0.05) THEN jsonb_build_object('scope',
			pg_temp.pick('any', 'none', 'join')) ELSE '{}' END
		|| CASE WHEN test ->> 'column' = 'ts' AND pg_temp.chance(0.3) OR pg_temp.chance(0.01) THEN
			jsonb_build_object('source_timezone', pg_temp.pick('Asia/Tokyo', 'America/New_York'))
			ELSE '{}' END;
END
$$;

CREATE FUNCTION pg_temp.any_output(tables text[], n integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	output jsonb := pg_temp.any_ref(tables);
BEGIN
	IF n = 2 OR (n = 3 AND pg_temp.chance(0.5)) THEN
		output := output || jsonb_build_object('aggregation', CASE WHEN tables[1] = 'numbers'
				OR pg_temp.wild() THEN pg_temp.pick('sum', 'avg', 'median', 'percentile', 'stddev',
				'variance', 'bool_and', 'count', 'sum', 'corr')
			ELSE pg_temp.pick('count', 'count_distinct', 'min', 'max', 'mode', 'first', 'last',
				'array_agg', 'approx_count_distinct', 'count', CASE tables[1] WHEN 'texts'
				THEN 'string_agg' ELSE 'max' END) END);
		output := output || CASE
			WHEN output ->> 'aggregation' = 'percentile' THEN '{"args": {"fraction": 0.5}}'
			WHEN output ->> 'aggregation' = 'corr' THEN jsonb_build_object('args',
				jsonb_build_object('column', pg_temp.any_column(tables[1])))
			WHEN output ->> 'aggregation' IN ('first', 'last') OR pg_temp.wild() THEN
				jsonb_build_object('args', jsonb_build_object('order_by',
					CASE WHEN pg_temp.chance(0.5)
					THEN 'id' ELSE pg_temp.any_column(tables[1]) END))
			ELSE '{}' END;
		IF pg_temp.chance(0.05) THEN
			output := output || '{"distinct": true}';
		END IF;
		IF pg_temp.chance(0.1) THEN
			output := output || jsonb_build_object('filters',
				jsonb_build_array(pg_temp.any_test(tables, 1)));
		END IF;
		IF pg_temp.chance(0.3) THEN
			output := (output || '{"table_id": "a", "column": "*",
				"aggregation": "count"}') - 'args';
		END IF;
	ELSIF tables[1] = 'times' AND pg_temp.chance(0.3) THEN
		output := output || '{"date_trunc": "month"}';
	ELSIF output ->> 'column' = 'ta' AND pg_temp.chance(0.7) OR pg_temp.chance(0.03) THEN
		output := output || '{"unnest": true}';
	END IF;
	IF output ->> 'column' = 'ts' AND pg_temp.chance(0.3) OR pg_temp.chance(0.01) THEN
		output := output || '{"source_timezone": "Europe/Berlin"}';
	END IF;
	RETURN output || jsonb_build_object('alias', format('k%s', n));
END
$$;

CREATE FUNCTION pg_temp.any_order() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('alias', pg_temp.any_alias(pg_temp.pick('k1',
		'k2')), 'direction',
		pg_temp.pick('ASC', 'DESC'), 'nulls', pg_temp.pick('first', 'last')))
$$;

CREATE FUNCTION pg_temp.any_window(n integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('alias', format('w%s', n), 'function',
		pg_temp.pick('running_total', 'moving_avg', 'rank', 'dense_rank', 'row_number', 'ntile',
			'lag',
			'lead', 'first_value', 'last_value', 'percent_of_total', 'difference', 'percent_change',
			'cumulative_percent'),
		'of', CASE WHEN pg_temp.chance(0.8) THEN pg_temp.any_alias('k2') END,
		'n', CASE WHEN pg_temp.chance(0.3) THEN 2 END,
		'frame', CASE WHEN pg_temp.chance(0.1) THEN '{"preceding": 2}'::jsonb END,
		'partition_by', CASE WHEN pg_temp.chance(0.3) THEN
			jsonb_build_array(pg_temp.any_alias('k1')) END,
		'order_by', CASE WHEN pg_temp.chance(0.5) THEN pg_temp.any_order() END))
$$;

-- The keys beside the tables and columns, each now and then.
CREATE FUNCTION pg_temp.any_stages(tables text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object(
		'windows', CASE WHEN pg_temp.chance(0.15) THEN
			jsonb_build_array(pg_temp.any_window(1), pg_temp.any_window(2)) END,
		'qualify', CASE WHEN pg_temp.chance(0.06) THEN jsonb_build_array(jsonb_build_object(
			'column',
			pg_temp.any_alias('k1'), 'operator', pg_temp.pick('eq', 'gt', 'like', 'is_null'),
				'value',
			pg_temp.any_literal())) END,
		'having', CASE WHEN pg_temp.chance(0.06) THEN jsonb_build_array(jsonb_build_object('column',
			pg_temp.any_alias('k2'), 'operator', 'gt', 'value', pg_temp.any_literal())) END,
		'group_by', CASE WHEN pg_temp.wild() THEN
			jsonb_build_array(pg_temp.any_ref(tables)) END,
		'order_by', CASE WHEN pg_temp.chance(0.4) THEN CASE WHEN pg_temp.chance(0.3) THEN
			jsonb_build_array(pg_temp.any_ref(tables)) ELSE pg_temp.any_order() END END,
		'top', CASE WHEN pg_temp.chance(0.1) THEN jsonb_build_object('n', 2, 'by',
			pg_temp.any_alias('k2'), 'other', pg_temp.chance(0.5)) END,
		'totals', CASE WHEN pg_temp.chance(0.12) THEN CASE WHEN pg_temp.wild() THEN '["k2",
			"k9"]' ELSE
			pg_temp.pick('true', '["k1"]') END
			::jsonb END,
		'compare', CASE WHEN ('times' = ANY (tables) OR pg_temp.wild()) AND pg_temp.chance(
			0.3) THEN jsonb_build_object('period',
			pg_temp.pick('previous_period', 'previous_month', 'previous_year')) END,
		'pivot', CASE WHEN pg_temp.chance(0.1) THEN jsonb_build_object('column',
			pg_temp.any_alias('k1'), 'value', pg_temp.any_alias('k2')) ||
			CASE WHEN pg_temp.chance(0.4) THEN jsonb_build_object('values',
				jsonb_build_array(pg_temp.any_literal())) ELSE '{}' END END,
		'time_series', CASE WHEN 'times' = ANY (tables) AND pg_temp.chance(0.5) THEN
			jsonb_build_object('table_id', chr(96 + array_position(tables, 'times')), 'date_column',
				CASE WHEN pg_temp.wild() THEN pg_temp.pick('tr', 'nope', 'f')
					ELSE pg_temp.pick('d', 'ts', 'tz', 'mo', 'mo') END,
				'interval', CASE WHEN pg_temp.wild() THEN 'nope'
					ELSE pg_temp.pick('month', 'day', 'auto', 'year', '3 days') END) ||
			CASE WHEN pg_temp.chance(0.7) THEN '{"range": {"start": "2024-01-30",
				"end": "2024-02-20"}}'
				::jsonb ELSE '{}' END ||
			CASE WHEN pg_temp.chance(0.3) THEN jsonb_build_object('fill_missing', true, 'fill',
				pg_temp.pick('value', 'null', 'previous', 'linear')) ELSE '{}' END ||
			CASE WHEN pg_temp.chance(0.2) THEN '{"fill": "previous", "fill_before": true}'::jsonb
				ELSE '{}' END END,
		'limit', CASE WHEN pg_temp.chance(0.1) THEN 3 END,
		'fan_out', CASE WHEN pg_temp.chance(0.1) THEN pg_temp.pick('error', 'allow') END))
$$;

CREATE FUNCTION pg_temp.invent(depth integer DEFAULT 0) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	wild text := set_config('fuzz.wild', CASE depth WHEN 0 THEN pg_temp.pick('0', '0', '0',
		'0.02', '0.1',
		'0.3')
		ELSE current_setting('fuzz.wild') END, false);
	tables text[] := ARRAY[pg_temp.any_table()];
	document jsonb;
BEGIN
	IF pg_temp.chance(0.3) THEN
		tables := tables || pg_temp.any_table();
	END IF;
	document := jsonb_build_object(
		'tables', (SELECT jsonb_agg(jsonb_build_object('id', chr(96 + n::integer)) ||
			CASE WHEN depth = 0 AND pg_temp.chance(0.06) THEN
				jsonb_build_object('query', pg_temp.invent(1))
			ELSE jsonb_build_object('name', t, 'schema', 'odd') END ORDER BY n)
			FROM unnest(tables) WITH ORDINALITY AS u (t, n)),
		'columns', (SELECT jsonb_agg(pg_temp.any_output(tables, n))
			FROM generate_series(1, CASE depth WHEN 0 THEN 2 + floor(random() * 2)::integer
				ELSE 1 END) AS n));
	IF cardinality(tables) = 2 AND (pg_temp.chance(0.7) OR 'computed' = ANY (tables)) THEN
		document := document || jsonb_build_object('joins', jsonb_build_array(jsonb_build_object(
			'from_table_id', 'a', 'from_column', CASE WHEN NOT pg_temp.wild() THEN 'id'
				ELSE pg_temp.any_column(tables[1]) END, 'to_table_id', 'b',
			'to_column', CASE WHEN NOT pg_temp.wild() THEN 'id'
				ELSE pg_temp.any_column(tables[2]) END,
			'join_type', pg_temp.pick('INNER', 'LEFT', 'RIGHT', 'FULL'))));
		IF tables = '{texts,texts}' AND pg_temp.chance(0.7) THEN
			document := jsonb_set(jsonb_set(document, '{joins,0,from_column}', '"ci"'),
				'{joins,0,to_column}', to_jsonb(pg_temp.pick('ci', 't', 'vc', 'bp', 'nd')));
		END IF;
	END IF;
	IF pg_temp.chance(0.5) THEN
		document := document || jsonb_build_object('filters',
			jsonb_build_array(pg_temp.any_test(tables, depth)));
	END IF;
	IF depth = 0 THEN
		document := document || pg_temp.any_stages(tables);
	END IF;
	IF document::text ~ '"column": "[fg]"' THEN
		document := document || jsonb_build_object('calculated_fields', jsonb_build_array(
			jsonb_build_object('name', 'f', 'expression', pg_temp.any_expression(tables[1])),
			jsonb_build_object('name', 'g', 'expression', pg_temp.any_expression(tables[1]))));
	END IF;
	IF document ? 'windows' AND pg_temp.chance(0.5) THEN
		-- Of what they are computed is not for long.
		document := jsonb_set(document, '{calculated_fields}', coalesce(document ->
			'calculated_fields', '[]') || jsonb_build_array(jsonb_build_object('name', 'h',
			'expression', format(pg_temp.pick('[w1]', '[w1] + [k2]', '[w1] / [w2]', '[%s] == [w2]',
				'concat([w1], [k1])', 'coalesce([w1], [%s])', 'sum([w1])', '[h] + [w1]',
				'round([w2] * 100) > [k2]', 'if([w1] is null, [k1], [k2])', 'text([w2]) || [id]'),
				pg_temp.any_alias('k2')))));
		document := jsonb_set(document, '{columns}', (document -> 'columns') ||
			'{"column": "h", "alias": "k4"}');
		IF pg_temp.chance(0.4) THEN
			document := document || pg_temp.pick('{"qualify": [{"column": "k4", "operator": "neq",
				"value": null}]}', '{"order_by": [{"column": "h"}]}', '{"pivot": {"column": "k1",
				"value": "k4"}}', '{"filters": [{"column": "h", "operator": "is_null"}]}',
				'{"having": [{"column": "h", "operator": "gt", "value": 1}]}', '{"top": {"n": 1,
				"by": "k4"}}', '{"totals": ["k4"]}')::jsonb;
		END IF;
	END IF;
	RETURN document;
END
$$;

CREATE FUNCTION pg_temp.some_options() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object(
		'max_rows', CASE WHEN pg_temp.chance(0.3) THEN pg_temp.pick('50', '1', '0',
			'"x"')::jsonb END,
		'format', CASE WHEN pg_temp.chance(0.4) THEN
			pg_temp.pick('arrays', 'objects', 'columnar', 'nope') END,
		'bigint', CASE WHEN pg_temp.chance(0.2) THEN pg_temp.pick('string', 'number', '') END,
		'timezone', CASE WHEN pg_temp.chance(0.2) THEN pg_temp.pick('UTC', 'Asia/Kathmandu',
			'Mars') END,
		'limit', CASE WHEN pg_temp.chance(0.2) THEN pg_temp.pick('0', '2', '-1', '1e30')::jsonb END,
		'offset', CASE WHEN pg_temp.chance(0.1) THEN pg_temp.pick('1',
			'9223372036854775807')::jsonb END,
		'page', CASE WHEN pg_temp.chance(0.1) THEN pg_temp.pick('1', '2147483647')::jsonb END,
		'count', CASE WHEN pg_temp.chance(0.3) THEN pg_temp.pick('exact', 'estimated', 'none') END,
		'sort', CASE WHEN pg_temp.chance(0.3) THEN pg_temp.any_order() END,
		'metadata', CASE WHEN pg_temp.chance(0.3) THEN true END,
		'disable_aggregation', CASE WHEN pg_temp.chance(0.15) THEN true END,
		'params', CASE WHEN pg_temp.chance(0.1) THEN '{"p": [1, "x", null], "q": {}}'::jsonb END,
		'timeout_ms', CASE WHEN pg_temp.chance(0.1) THEN 60000 END))
$$;
