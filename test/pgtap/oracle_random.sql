-- Random definitions and, made beside them from the same draws, the plain SQL
-- that says the same: joins, nested conditions, groups, having, buckets. The
-- numbers of one run are always the same; SEED and DEFINITIONS choose others.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.1234
\getenv seed SEED
\set definitions 1000
\getenv definitions DEFINITIONS

-- Conditions, and what a person writes for them.
CREATE TEMP TABLE atoms (id int GENERATED ALWAYS AS IDENTITY, condition jsonb, sql text);
INSERT INTO atoms (condition, sql) VALUES
	(cond('o.amount gt', '100'), 'o.amount > 100'),
	(cond('o.amount lte', '57.00'), 'o.amount <= 57'),
	(cond('o.amount neq', '57'), '(o.amount <> 57 OR o.amount IS NULL)'),
	(cond('o.amount neq', '57', '{"nulls": "exclude"}'), 'o.amount <> 57'),
	(cond('o.amount eq', 'null'), 'o.amount IS NULL'),
	(cond('o.amount not_between', '[50, 400.5]'),
	 '(o.amount < 50 OR o.amount > 400.5 OR o.amount IS NULL)'),
	(cond('o.small gt', '-0.5'), 'o.small >= 0'), (cond('o.small in', '[1, 2.5, null]'),
	 '(o.small = 1 OR o.small IS NULL)'),
	(cond('o.status eq', '"paid"'), 'o.status = ''paid'''),
	(cond('o.status not_in', '["paid", "open"]'),
	 '(o.status NOT IN (''paid'', ''open'') OR o.status IS NULL)'),
	(cond('o.status not_in', '["paid", null]'), '(o.status <> ''paid'' AND o.status IS NOT NULL)'),
	(cond('o.status in_or_null', '["void"]'), '(o.status = ''void'' OR o.status IS NULL)'),
	(cond('o.status in', '[]'), 'false'), (cond('o.status not_in', '[]'), 'true'),
	(cond('o.status ilike', '"PA%"'), 'o.status ILIKE ''PA%'''),
	(cond('o.status not_like', '"p%"'), '(o.status NOT LIKE ''p%'' OR o.status IS NULL)'),
	(cond('o.channel eq', '"web"'), 'o.channel = ''web'''),
	(cond('o.channel neq', '"web"'), 'o.channel IS DISTINCT FROM ''web'''),
	(cond('o.channel is_null'), 'o.channel IS NULL'),
	(cond('o.placed_at between', '["2024-01-31", "2024-05-31"]'),
	 '(o.placed_at >= ''2024-01-31 00:00Z'' AND o.placed_at < ''2024-06-01 00:00Z'')'),
	(cond('o.placed_at lte', '"2024-02-01"'), 'o.placed_at < ''2024-02-02 00:00Z'''),
	(cond('o.placed_at neq', '"2024-02-01"'), '(o.placed_at < ''2024-02-01 00:00Z'''
	 ' OR o.placed_at >= ''2024-02-02 00:00Z'' OR o.placed_at IS NULL)'),
	(cond('o.shipped gt', '"2024-03-01"'), 'o.shipped > ''2024-03-01'''),
	(cond('o.shipped not_in', '["2024-01-03", "2024-01-06"]'),
	 '(o.shipped NOT IN (''2024-01-03'', ''2024-01-06'') OR o.shipped IS NULL)'),
	(cond('o.local_at lt', '"2024-04-01 12:00"'), 'o.local_at < ''2024-04-01 12:00'''),
	(cond('o.reviewed gte', '"2024-03-04"'), 'o.reviewed >= ''2024-03-04 00:00Z'''),
	(cond('c.region eq', '""'), 'c.region = '''''),
	(cond('c.region neq', '"north"'), 'c.region IS DISTINCT FROM ''north'''),
	(cond('c.region contains', '"_\\"'), 'position(''_\'' in c.region) > 0'),
	(cond('c.region is_not_null'), 'c.region IS NOT NULL'),
	(cond('c.active eq', 'false'), 'NOT c.active'),
	(cond('c.active neq', 'true'), 'c.active IS NOT TRUE'),
	(cond('c.score lt', '3'), 'c.score < 3'), (cond('c.score not_in', '[1, 2]'),
	 '(c.score NOT IN (1, 2) OR c.score IS NULL)'),
	(cond('c.name starts_with', '"acme 1"'), 'c.name LIKE ''Acme 1%'''),
	(cond('c.name not_ilike', '"%win%"'), '(c.name NOT LIKE ''%win%'' OR c.name IS NULL)'),
	(cond('c.since between', '["2023-08-01", "2024-02-01"]'),
	 'c.since BETWEEN ''2023-08-01'' AND ''2024-02-01''');

CREATE TYPE pg_temp.pair AS (definition jsonb, sql text);
CREATE FUNCTION pg_temp.dice(n int) RETURNS int LANGUAGE sql VOLATILE
	AS 'SELECT floor(random() * n)::int';

-- A condition of some depth.
CREATE FUNCTION pg_temp.condition(depth int) RETURNS pg_temp.pair LANGUAGE plpgsql AS $$
DECLARE
	result pg_temp.pair;
	member pg_temp.pair;
	list jsonb := '[]';
	parts text[] := '{}';
	kind text := (ARRAY['and', 'or', 'not', 'atom', 'atom'])[pg_temp.dice(5) + 1];
	chosen int := pg_temp.dice(37) + 1;
BEGIN
	IF depth = 0 OR kind = 'atom' THEN
		SELECT condition, sql INTO STRICT result FROM atoms WHERE id = chosen;
		RETURN result;
	END IF;
	FOR i IN 1 .. CASE WHEN kind = 'not' THEN 1 ELSE 1 + pg_temp.dice(3) END LOOP
		member := pg_temp.condition(depth - 1);
		list := list || jsonb_build_array(member.definition);
		parts := parts || member.sql;
	END LOOP;
	IF kind = 'not' THEN
		result := (jsonb_build_object('not', list -> 0), 'NOT (' || parts[1] || ')');
	ELSE
		result := (jsonb_build_object(kind, list),
				   '(' || array_to_string(parts, ' ' || kind || ' ') || ')');
	END IF;
	RETURN result;
END
$$;

-- Orders and customers, joined in some way.
CREATE FUNCTION pg_temp.draw() RETURNS pg_temp.pair LANGUAGE plpgsql AS $$
DECLARE
	kind text := (ARRAY['INNER', 'LEFT', 'RIGHT', 'FULL'])[pg_temp.dice(4) + 1];
	flipped boolean := pg_temp.dice(2) = 1;
	dimensions text[] := (ARRAY['{}', '{o.status}', '{c.region}', '{o.channel,c.active}',
		'{o.shipped}', '{o.small,o.status}'])[pg_temp.dice(6) + 1]::text[];
	measures text[] := (ARRAY['{o.* count}', '{c.* count}', '{o.amount sum,o.* count}',
		'{o.amount min,o.placed_at max,c.id count_distinct}', '{c.score max,o.small avg}',
		'{}'])[pg_temp.dice(6) + 1]::text[];
	width text := (ARRAY[NULL, NULL, NULL, 'month', 'day'])[pg_temp.dice(5) + 1];
	filter pg_temp.pair;
	outputs text[];
	result pg_temp.pair;
	groups text;
BEGIN
	IF dimensions = '{}' AND measures = '{}' THEN
		dimensions := '{o.id,c.name,o.status}';
	END IF;
	IF measures = '{}' THEN
		width := NULL;
	END IF;
	result.definition := oracle.def('o orders, c customers', array_to_string(dimensions ||
		measures, ','),
		'{"fan_out": "allow"}', CASE WHEN flipped THEN 'c.id = o.customer_id '
			|| (CASE kind WHEN 'LEFT' THEN 'RIGHT' WHEN 'RIGHT' THEN 'LEFT' ELSE kind END)
			ELSE 'o.customer_id = c.id ' || kind END);
	outputs := dimensions || (SELECT array_agg(CASE split_part(m, ' ', 2)
			WHEN 'count_distinct' THEN format('count(DISTINCT %s)', split_part(m, ' ', 1))
			WHEN 'count' THEN format('count(%s.id)', left(m, 1))
			ELSE format('%s(%s)', split_part(m, ' ', 2), split_part(m, ' ', 1)) END)
		FROM unnest(measures) AS m);
	IF width IS NOT NULL THEN
		result.definition := result.definition || jsonb_build_object('time_series',
			jsonb_build_object('table_id', 'o', 'date_column', 'placed_at', 'interval', width,
							   'fill_missing', false, 'timezone', 'UTC'));
		outputs := format('date_trunc(%L, o.placed_at)', width) || outputs;
		dimensions := outputs[1] || dimensions;
	END IF;
	result.sql := format('SELECT %s FROM (SELECT * FROM shop.orders WHERE tenant = ''acme'') o '
		'%s JOIN (SELECT * FROM shop.customers WHERE tenant = ''acme'') c ON c.id = o.customer_id '
		'WHERE %s', array_to_string(outputs, ', '), kind,
		CASE WHEN width IS NULL THEN 'true' ELSE 'o.placed_at IS NOT NULL' END);
	FOR i IN 1 .. pg_temp.dice(4) LOOP
		filter := pg_temp.condition(3);
		result.definition := jsonb_set(result.definition, '{filters}',
			coalesce(result.definition -> 'filters', '[]') || jsonb_build_array(filter.definition));
		result.sql := result.sql || ' AND ' || filter.sql;
	END LOOP;
	IF measures <> '{}' AND dimensions <> '{}' THEN
		result.sql := result.sql || ' GROUP BY ' || array_to_string(dimensions, ', ');
		IF pg_temp.dice(3) = 0 THEN
			result.definition := result.definition || '{"having": [{"table_id": "o", "column": "id",
				"aggregation": "count", "operator": "between", "value": [2, 9.5]}]}';
			result.sql := result.sql || ' HAVING count(o.id) BETWEEN 2 AND 9';
		END IF;
	END IF;
	RETURN result;
END
$$;

CREATE TEMP TABLE drawn (n int, definition jsonb, sql text, refused text, ours text, theirs text);
SELECT setseed(:seed) \g /dev/null
SET LOCAL oracle.definitions = :definitions;
DO $$
DECLARE
	drawn pg_temp.pair;
	answer jsonb;
BEGIN
	FOR n IN 1 .. current_setting('oracle.definitions')::int LOOP
		drawn := pg_temp.draw();
		BEGIN
			answer := prismiq_query(drawn.definition)::jsonb;
			INSERT INTO drawn VALUES (n, drawn.definition, drawn.sql, NULL,
				oracle.text(oracle.array_of(answer -> 'rows'), false),
				oracle.text(oracle.rows(drawn.sql, jsonb_array_length(answer -> 'columns'), 'UTC'),
					false));
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO drawn VALUES (n, drawn.definition, drawn.sql, SQLSTATE || ' ' || SQLERRM);
		END;
	END LOOP;
END
$$;
SELECT is(count(*), :definitions::bigint, 'as many were drawn') FROM drawn;
SELECT is_empty('SELECT refused, definition FROM drawn WHERE refused IS NOT NULL',
		'none is refused');
SELECT is_empty('SELECT definition, sql, ours, theirs FROM drawn WHERE ours <> theirs',
				'the answers are those of plain SQL');
SELECT cmp_ok(count(*) FILTER (WHERE theirs <> ''), '>', count(*) / 2, 'most have rows') FROM drawn;

SELECT * FROM finish();
ROLLBACK;
