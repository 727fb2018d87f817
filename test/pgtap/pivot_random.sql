-- Pivots against brute force: whatever is in the cells is computed from rows,
-- each counted once, though joins repeat it and columns are left out of the
-- rows; "other" too. Random trees of joins, measures of every kind, values
-- found or said. What is right is asked with DISTINCT over the joined rows.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- A measure of a table (%1$s its id) called m, and the same by hand over its rows; whether the
-- rest of the values has one too.
CREATE TEMP TABLE asked (n int GENERATED ALWAYS AS IDENTITY, "column" text, more jsonb,
						 expression text, by_hand text, rest boolean);
INSERT INTO asked ("column", more, by_hand, rest) VALUES
	('v', '{"aggregation": "sum"}', 'sum(v)', true),
	('v', '{"aggregation": "count"}', 'count(v)', true),
	('*', '{"aggregation": "count"}', 'count(*)', true),
	('v', '{"aggregation": "sum", "filters": [{"table_id": "%1$s", "column": "id",
		"operator": "gt", "value": 3}]}', 'sum(v) FILTER (WHERE id > 3)', true),
	('v', '{"aggregation": "min"}', 'min(v)', true),
	('some', '{"aggregation": "max"}', 'max(coalesce(v, 999))', true),
	('v', '{"aggregation": "avg"}', 'avg(v)', false),
	('v', '{"aggregation": "count_distinct"}', 'count(DISTINCT v)', false),
	('g', '{"aggregation": "count", "distinct": true}', 'count(DISTINCT g)', false),
	('v', '{"aggregation": "median"}', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY v)', false),
	('v', '{"aggregation": "percentile", "args": {"fraction": 0.9}}',
		'percentile_cont(0.9) WITHIN GROUP (ORDER BY v)', false),
	('v', '{"aggregation": "variance"}', 'variance(v)', false),
	('g', '{"aggregation": "mode"}', 'mode() WITHIN GROUP (ORDER BY g)', false),
	('g', '{"aggregation": "string_agg"}', 'string_agg(g, '', '' ORDER BY g)', false),
	('v', '{"aggregation": "last", "args": {"order_by": "id"}}',
		'(array_agg(v ORDER BY id DESC, v DESC) FILTER (WHERE v IS NOT NULL))[1]', false);
INSERT INTO asked (expression, by_hand, rest) VALUES
	('sum([%1$s.v]) / count([%1$s.id])', 'sum(v) / nullif(count(id), 0)::numeric', false),
	('100 * count_if([%1$s.v] > 50) / count_if(true or [%1$s.id] > 0)',
		'100 * count(*) FILTER (WHERE v > 50) / nullif(count(*), 0)::numeric', false);
GRANT SELECT ON asked TO app_user;

-- Who is asked for what, and how it is written.
CREATE FUNCTION pg_temp.question(OUT definition jsonb, OUT source text, OUT per_row text,
	OUT rows text[], OUT measure int, OUT most int)
LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	owner text;
	columns jsonb := '[]';
	dimensions int := 1 + floor(random() * 4)::int;
	fields jsonb;
	pivot jsonb := '{"column": "d1", "value": "m"}';
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree();
	owner := 't' || 1 + floor(random() * jsonb_array_length(tables))::int;
	per_row := format('%s.tag AS r1, %1$s.id, %1$s.v, %1$s.g', owner);
	FOR i IN 1 .. dimensions LOOP
		columns := columns || jsonb_build_object('alias', 'd' || i, 'table_id',
			't' || 1 + floor(random() * jsonb_array_length(tables))::int,
			'column', (ARRAY['g', 'k', 'l'])[1 + floor(random() * 3)::int]);
		per_row := per_row || format(', %s.%I AS d%s', columns -> -1 ->> 'table_id',
									 columns -> -1 ->> 'column', i);
	END LOOP;
	rows := ARRAY(SELECT 'd' || i FROM generate_series(2, dimensions) AS i);
	IF random() < 0.7 THEN
		rows := ARRAY(SELECT r FROM unnest(rows) AS r WHERE random() < 0.5);
		pivot := pivot || jsonb_build_object('rows', rows);
	END IF;
	most := 1 + floor(random() * 9)::int;
	pivot := pivot || jsonb_build_object('max_columns', most);
	measure := 1 + floor(random() * (SELECT count(*) FROM asked))::int;
	SELECT columns || jsonb_strip_nulls(CASE WHEN expression IS NULL THEN
			jsonb_build_object('table_id', owner, 'column', "column", 'alias', 'm')
				|| format(more::text, owner)::jsonb
			ELSE '{"column": "m"}' END),
		jsonb_build_array(jsonb_build_object('name', 'some', 'expression',
				format('coalesce([%s.v], 999)', owner)),
			jsonb_build_object('name', 'm', 'expression', coalesce(format(expression, owner), '1')))
	INTO columns, fields FROM asked WHERE n = measure;
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns,
		'calculated_fields', fields, 'pivot', pivot);
	/* grouped by, and not shown */
	IF random() < 0.2 THEN
		definition := definition || jsonb_build_object('group_by', jsonb_build_array(
			jsonb_build_object('table_id', 't1', 'column', 'v')) || (SELECT jsonb_agg(c - 'alias')
			FROM jsonb_array_elements(columns) AS c WHERE c ->> 'alias' LIKE 'd%'));
	END IF;
	/* a series whose buckets are left out */
	IF random() < 0.2 AND pivot ? 'rows' THEN
		definition := jsonb_set(definition, '{calculated_fields,2}', jsonb_build_object(
				'name', 'day', 'expression', 'date_add(date(2024, 1, 1), [t1.id], ''day'')'))
			|| '{"time_series": {"date_column": "day", "interval": "2 days", "range":
				{"start": "2024-01-02", "end": "2024-01-05"}}}';
		source := source || ' WHERE t1.id <= 4';
	END IF;
END
$$;

-- One question: null when the answer is right.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	asks record;
	shown text[];
	rest boolean;
	cells text := '';
	same text := 'true';
	groups text := 'SELECT';
	answer text;
	expected text := 'refused';
	value text;
BEGIN
	SELECT * INTO asks FROM pg_temp.question();
	answer := oracle.answer(asks.definition);
	EXECUTE format('CREATE TEMP TABLE q ON COMMIT DROP AS SELECT %s FROM %s', asks.per_row,
				   asks.source);
	SELECT array_agg(v::text ORDER BY v) INTO shown FROM (SELECT DISTINCT d1 AS v FROM q) AS d;
	rest := cardinality(shown) > asks.most;
	shown := shown[:asks.most];
	FOREACH value IN ARRAY asks.rows LOOP
		groups := groups || CASE groups WHEN 'SELECT' THEN ' DISTINCT ' ELSE ', ' END || value;
		same := same || format(' AND %I IS NOT DISTINCT FROM g.%1$I', value);
		cells := cells || format(', g.%I', value);
	END LOOP;
	FOREACH value IN ARRAY coalesce(shown, '{}') || CASE WHEN rest THEN '{!}' ELSE '{}'::text[] END
	LOOP
		cells := cells || (SELECT format(', CASE WHEN EXISTS (SELECT FROM q WHERE %s AND %s) THEN
				(SELECT %s FROM (SELECT DISTINCT r1, id, v, g FROM q WHERE %1$s AND %2$s
					AND r1 IS NOT NULL) AS s) END', same, which, by_hand)
			FROM asked, (VALUES (CASE value
				WHEN '!' THEN format('(d1::text = ANY (%L)) IS NOT TRUE', shown)
				ELSE format('d1::text IS NOT DISTINCT FROM %L', value) END)) AS w (which)
			WHERE n = asks.measure);
	END LOOP;
	IF rest AND NOT (SELECT a.rest FROM asked AS a WHERE n = asks.measure) THEN
		expected := '22023 PIVOT_TOO_WIDE';
	ELSIF cells = '' THEN
		expected := '[]';
	ELSE
		EXECUTE format('SELECT oracle.text(array_agg(json_build_array(%s)::jsonb), false)
			FROM (%s) AS g', substr(cells, 3), groups || CASE groups WHEN 'SELECT' THEN ''
															  ELSE ' FROM q' END) INTO expected;
		answer := CASE WHEN answer LIKE '[%' THEN
			oracle.text(oracle.array_of(answer::jsonb), false) ELSE answer END;
	END IF;
	DROP TABLE q;
	RETURN CASE WHEN answer IS DISTINCT FROM expected THEN
		concat_ws(E'\n', asks.definition, 'answered:', answer, 'expected:', expected) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random pivots');
SELECT * FROM finish();
ROLLBACK;
