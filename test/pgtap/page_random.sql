-- Pages: every row of an answer stands on exactly one page, in the order that
-- was asked for, whatever plan each page gets. Random plain and grouped rows of
-- random joins, with every stage above them, ordered by what has many ties.
-- What is right is the whole answer, asked for at once.
-- PRISMIQ_ROUNDS sets how many questions are asked.
\getenv dir TEST_DIR
\set rounds 150
\getenv rounds PRISMIQ_ROUNDS
\set lib :dir /lib/oracle.sql
\i :lib
\set stars :dir /lib/stars.sql
\i :stars

-- One of some texts.
CREATE FUNCTION pg_temp.one_of(VARIADIC texts text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT texts[1 + floor(random() * cardinality(texts))::int] $$;

-- A table of a definition, or a definition over it: its groups, or its first rows
-- with their key.
CREATE FUNCTION pg_temp.derived(plain jsonb, grouped boolean) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('id', plain -> 'id', 'query', jsonb_build_object(
		'tables', jsonb_build_array(plain || '{"id": "x"}'), 'columns', (SELECT jsonb_agg(
			'{"table_id": "x"}' || jsonb_build_object('column', c, 'alias', c)
				|| CASE WHEN grouped AND c <> ALL ('{id,part}') THEN '{"aggregation": "max"}'
					ELSE '{}' END::jsonb)
			FROM unnest('{id,part,k,l,g,v}'::text[]) AS c))
		|| CASE WHEN grouped THEN '{}'
			ELSE '{"order_by": [{"alias": "id"}], "limit": 5}' END::jsonb)
$$;

-- A definition, the aliases of what it is ordered by and shows, and whether its
-- rows can be told apart.
CREATE FUNCTION pg_temp.question(OUT definition jsonb, OUT asked text[], OUT has_keys boolean)
LANGUAGE plpgsql AS $$
DECLARE
	tables jsonb;
	joins jsonb;
	source text;
	stage text := pg_temp.one_of('', '', 'windows', 'qualify', 'hidden', 'hidden order', 'having',
		'top', 'compare', 'pivot', 'totals', 'series');
	derived text := pg_temp.one_of('', '', '', 'groups', 'rows');
	grouped boolean := stage IN ('having', 'top', 'compare', 'pivot', 'totals', 'series')
		OR random() < 0.5 AND stage <> 'hidden order';
	columns jsonb := '[]';
	names text[] := '{}';
BEGIN
	SELECT * INTO tables, joins, source FROM pg_temp.random_tree();
	IF derived <> '' AND tables #> '{0,name}' IS NOT NULL
		AND (derived = 'groups' OR tables #>> '{0,name}' <> 'e') THEN
		tables := jsonb_set(tables, '{0}', pg_temp.derived(tables -> 0, derived = 'groups'));
	END IF;
	has_keys := grouped OR NOT EXISTS (SELECT FROM jsonb_array_elements(tables) AS t
		WHERE 'e' IN (t ->> 'name', t #>> '{query,tables,0,name}')
			AND NOT coalesce(t #> '{query,columns}' @> '[{"aggregation": "max"}]', false));
	FOR i IN 1 .. 2 + floor(random() * 2)::int LOOP
		columns := columns || jsonb_build_object('column', pg_temp.one_of('g', 'k', 'l'), 'alias',
			'd' || i, 'table_id', 't' || 1 + floor(random() * jsonb_array_length(tables))::int);
		names := names || ('d' || i);
	END LOOP;
	IF grouped THEN
		columns := columns || '{"table_id": "t1", "column": "k", "aggregation": "max",
			"alias": "m"}'::jsonb || '{"table_id": "t2", "column": "*", "aggregation": "count",
			"alias": "n"}'::jsonb;
		names := names || CASE stage WHEN 'pivot' THEN '{}' ELSE '{m}'::text[] END;
	END IF;
	IF stage = 'pivot' THEN
		names := array_remove(names, 'd1');
	END IF;
	asked := ARRAY(SELECT n FROM unnest(names) AS n ORDER BY random()
				   LIMIT floor(random() * 2.5)::int);
	definition := jsonb_build_object('tables', tables, 'joins', joins, 'columns', columns)
		|| CASE WHEN asked = '{}' THEN '{}' ELSE jsonb_build_object('order_by', (SELECT
			jsonb_agg(jsonb_build_object('alias', a, 'direction', pg_temp.one_of('asc', 'desc')))
			FROM unnest(asked) AS a)) END
		|| CASE stage
			WHEN 'windows' THEN '{"windows": [{"alias": "place", "function": "dense_rank",
				"order_by": [{"alias": "d1"}]}]}'
			WHEN 'hidden' THEN CASE WHEN grouped THEN jsonb_build_object('group_by',
				(SELECT jsonb_agg(c - 'alias') FROM jsonb_array_elements(columns) AS c
				 WHERE NOT c ? 'aggregation') || '{"table_id": "t1", "column": "v"}')
				ELSE '{"columns": [{"table_id": "t1", "column": "g", "alias": "d1"},
					{"table_id": "t2", "column": "g", "alias": "d2"}]}' END
			WHEN 'qualify' THEN '{"windows": [{"alias": "place", "function": "row_number",
				"order_by": [{"alias": "d1"}]}, {"alias": "before", "function": "lag", "of": "d2",
				"order_by": [{"alias": "d1"}], "partition_by": ["d2"]}],
				"qualify": [{"column": "place", "operator": "lte", "value": 9}]}'
			WHEN 'having' THEN '{"having": [{"column": "n", "operator": "gt", "value": 1}]}'
			WHEN 'compare' THEN '{"calculated_fields": [{"name": "day", "expression":
					"date_add(date(2024, 1, 1), [t1.id], ''day'')"}], "compare": {"period":
					"previous_period"}, "filters": [{"column": "day", "operator": "between",
					"value": ["2024-01-04", "2024-01-06"]}]}'
			WHEN 'top' THEN '{"top": {"n": 2, "by": "m"}}'
			WHEN 'pivot' THEN '{"pivot": {"column": "d1", "value": "n"}}'
			WHEN 'totals' THEN '{"totals": true}'
			WHEN 'series' THEN '{"calculated_fields": [{"name": "day", "expression":
					"date_add(date(2024, 1, 1), [t1.id], ''day'')"}],
				"time_series": {"date_column": "day", "interval": "2 days",
					"range": {"start": "2024-01-01", "end": "2024-01-08"}}}'
			ELSE '{}' END::jsonb;
	IF stage = 'hidden' AND NOT grouped AND 'd3' = ANY (asked) THEN
		definition := definition - 'order_by';
		asked := '{}';
	ELSIF stage = 'hidden order' THEN
		definition := definition || jsonb_build_object('order_by',
			coalesce(definition -> 'order_by', '[]')
			|| '[{"table_id": "t2", "column": "v", "nulls": "first"}]');
	END IF;
END
$$;

-- An answer, planned in any way.
CREATE FUNCTION pg_temp.answer(definition jsonb, options jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('enable_' || pg_temp.one_of('hashjoin', 'mergejoin', 'nestloop', 'sort',
		'hashagg', 'incremental_sort', 'seqscan'), pg_temp.one_of('on', 'off'), true);
	RETURN prismiq.prismiq_query(definition, options);
END
$$;

-- What the columns of these names hold, row by row.
CREATE FUNCTION pg_temp.values_of(names text[], columns jsonb, rows jsonb) RETURNS jsonb
LANGUAGE sql AS $$
	SELECT jsonb_agg((SELECT jsonb_agg(r -> (n - 1)::int) FROM
			jsonb_array_elements_text(columns) WITH ORDINALITY AS c (name, n)
			WHERE name = ANY (names)) ORDER BY i)
	FROM jsonb_array_elements(rows) WITH ORDINALITY AS p (r, i)
$$;

-- Ask for a whole and for its pages: null when they agree.
CREATE FUNCTION pg_temp.ask() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	definition jsonb;
	asked text[];
	has_keys boolean;
	way text := pg_temp.one_of('page', 'offset', 'own', 'sort', 'limited');
	size int := 1 + floor(random() * 7)::int;
	whole jsonb;
	part jsonb;
	pages jsonb := '[]';
	options jsonb := '{}';
	said text := '';
BEGIN
	SELECT * INTO definition, asked, has_keys FROM pg_temp.question();
	IF definition ? 'totals' AND way IN ('own', 'limited') THEN
		way := 'page';			-- a definition's own limit is of the groups then
	END IF;
	IF way = 'limited' THEN
		definition := definition || jsonb_build_object('limit', 1 + floor(random() * 40)::int,
													   'offset', floor(random() * 5)::int);
	END IF;
	IF way IN ('sort', 'limited') THEN
		options := '{"sort": [{"alias": "d2", "direction": "desc"}]}';
		asked := '{d2}';
	END IF;
	whole := pg_temp.answer(definition, options);
	FOR page IN 1 .. 1 + jsonb_array_length(whole -> 'rows') / size LOOP
		part := CASE way
			WHEN 'own' THEN pg_temp.answer(definition || jsonb_build_object('limit', size,
				'offset', (page - 1) * size), '{}')
			WHEN 'page' THEN pg_temp.answer(definition, jsonb_build_object('page', page,
				'page_size', size))
			ELSE pg_temp.answer(definition, options || jsonb_build_object('limit', size,
				'offset', (page - 1) * size)) END;
		pages := pages || (part -> 'rows');
	END LOOP;
	IF part #>> '{warnings,0,message}' NOT SIMILAR TO 'table "(e|t_)" has no key%'
		OR (jsonb_array_length(part -> 'warnings') > 0) = has_keys THEN
		said := 'warnings: ' || (part -> 'warnings')::text;
	END IF;
	IF has_keys AND oracle.text(oracle.array_of(pages), false) <>
		oracle.text(oracle.array_of(whole -> 'rows'), false) THEN
		said := said || concat_ws(E'\n', 'pages:', pages, 'whole:', whole -> 'rows');
	END IF;
	/* which rows the definition's own limit lets through is open without keys */
	IF (has_keys OR way <> 'limited') AND
		pg_temp.values_of(asked, part -> 'columns', pages) IS DISTINCT FROM
		pg_temp.values_of(asked, part -> 'columns', whole -> 'rows') THEN
		said := said || concat_ws(E'\n', 'in another order:', pages, 'whole:', whole -> 'rows');
	END IF;
	RETURN CASE WHEN said <> '' THEN concat_ws(E'\n', definition, way, size, options, said) END;
END
$$;

SET ROLE app_user;
SELECT is((SELECT wrong FROM (SELECT pg_temp.ask() AS wrong FROM generate_series(1, :rounds)) AS s
		   WHERE wrong IS NOT NULL LIMIT 1), NULL, 'random pages');
SELECT * FROM finish();
ROLLBACK;
