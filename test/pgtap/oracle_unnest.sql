-- Elements of arrays, against statements written by a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE DOMAIN shop.tag AS text CHECK (VALUE <> 'bad');
CREATE DOMAIN shop.tags AS shop.tag[];
CREATE COLLATION shop.ci (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TYPE shop.size AS ENUM ('small', 'large', 'huge');
CREATE TYPE shop.pair AS (a int, b int);
CREATE TABLE shop.writers (tenant text NOT NULL, id int PRIMARY KEY, fee int, skills text[]);
CREATE TABLE shop.articles (tenant text NOT NULL, id int PRIMARY KEY, writer int NOT NULL
	REFERENCES shop.writers, words int, at timestamptz, tags text[], labels shop.tags,
	grid int[], sizes shop.size[], days date[], pairs shop.pair[], vec int2vector,
	short varchar(5)[], nums numeric(6, 2)[], folded text[] COLLATE shop.ci);
CREATE TABLE shop.reads (tenant text NOT NULL, id int PRIMARY KEY,
	article int NOT NULL REFERENCES shop.articles, seconds int);
CREATE TABLE shop.shares (tenant text NOT NULL, id int PRIMARY KEY,
	article int NOT NULL REFERENCES shop.articles, reach int);
CREATE VIEW shop.tagged AS SELECT tenant, id, words,
	array_remove(tags, 'x' || 1 / (tenant <> 'beta')::int) AS tags
	FROM shop.articles;
INSERT INTO shop.writers SELECT 'acme', n, n * 100, ARRAY['pen', 's' || n]
FROM generate_series(1, 4) AS n;
INSERT INTO shop.writers VALUES ('acme', 5, 1, NULL), ('beta', 9, 1, '{pen}');
INSERT INTO shop.articles
SELECT 'acme', n, n % 4 + 1, n * 10, timestamptz '2024-01-01 12:00 UTC' + n * interval '12 hours',
	   CASE n % 5 WHEN 0 THEN '{}' WHEN 1 THEN NULL WHEN 2 THEN '{a,a}'
				  WHEN 3 THEN ARRAY['a', 'b', NULL] ELSE '{c,b}' END::text[],
	   ARRAY['l' || n % 3], ARRAY[[n % 2, 7], [n % 3, 8]],
	   ARRAY['huge', 'small']::shop.size[], ARRAY[date '2024-01-31' + n, date '2024-02-05'],
	   ARRAY[ROW(1, n)]::shop.pair[], '1 2', ARRAY['v' || n % 2], ARRAY[1.0, 1.00, n % 2],
	   ARRAY['X', CASE n % 2 WHEN 0 THEN 'x' ELSE 'y' END]
FROM generate_series(1, 20) AS n;
INSERT INTO shop.articles (tenant, id, writer, words, tags) VALUES ('beta', 99, 9, 1, '{a,poison}');
INSERT INTO shop.reads SELECT 'acme', n, n % 15 + 1, n FROM generate_series(1, 60) AS n;
INSERT INTO shop.shares SELECT 'acme', n, n % 9 + 1, n * n FROM generate_series(1, 30) AS n;
SELECT FROM unnest('{writers,articles,reads,shares,tagged}'::text[]) AS t,
	LATERAL prismiq.prismiq_expose(('shop.' || t)::regclass, tenant_column => 'tenant');
COMMENT ON COLUMN shop.articles.tags IS 'What it is about';
GRANT SELECT ON shop.writers, shop.articles, shop.reads, shop.shares, shop.tagged TO app_user;
SET LOCAL ROLE app_user;

-- A definition whose column of a place, from 0, is unnested.
CREATE FUNCTION pg_temp.un(definition jsonb, place int = 0) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(definition, ARRAY['columns', place::text, 'unnest'], 'true')
$$;
-- The rows that a person repeats: of acme's articles, one an element.
CREATE VIEW pg_temp.each AS
	SELECT a.*, e.tag, e.n FROM shop.articles AS a
		LEFT JOIN LATERAL unnest(a.tags) WITH ORDINALITY AS e (tag, n) ON true
	WHERE a.tenant = 'acme';
GRANT SELECT ON pg_temp.each TO app_user;

-- ---- Groups --------------------------------------------------------------------------------
SELECT same('a group for each element; twice the same counts twice; none is null',
	pg_temp.un(def('a articles', 'a.tags, a.* count = n, a.words sum = w, a.words avg = m',
				   '{"order_by": [{"table_id": "a", "column": "tags"}]}')),
	'SELECT tag, count(*), sum(words), avg(words) FROM pg_temp.each GROUP BY 1 ORDER BY 1', true);
SELECT is(answer(pg_temp.un(def('a articles', 'a.tags, a.* count = n',
								'{"order_by": [{"alias": "tags"}]}'))),
	'[["a", 12], ["b", 8], ["c", 4], [null, 12]]', 'the numbers themselves');
SELECT is(answer(definition), answer(pg_temp.un(def('a articles', 'a.tags, a.* count = n',
									 '{"order_by": [{"alias": "n"}]}'))),
		  'group_by says the same: ' || (definition ->> 'group_by'))
FROM (VALUES (def('a articles', 'a.tags, a.* count = n', '{"order_by": [{"alias": "n"}],
		"group_by": [{"table_id": "a", "column": "tags", "unnest": true}]}')),
	(pg_temp.un(def('a articles', 'a.tags, a.* count = n', '{"order_by": [{"alias": "n"}],
		"group_by": [{"table_id": "a", "column": "tags"}]}'))),
	(pg_temp.un(def('a articles', 'a.tags, a.* count = n', '{"order_by": [{"alias": "n"}],
		"group_by": [{"table_id": "a", "column": "tags", "unnest": true}]}')))) AS v (definition);
SELECT same('grouped by, and not shown',
	def('a articles', 'a.* count = n', '{"group_by": [{"table_id": "a", "column": "tags",
		"unnest": true}], "order_by": [{"table_id": "a", "column": "tags"}]}'),
	'SELECT count(*) FROM pg_temp.each GROUP BY tag ORDER BY tag', true);
SELECT same('elements beside other columns', pg_temp.un(def('a articles',
		'a.writer, a.tags = tag, a.words max = m', '{"order_by": [{"alias": "writer"},
		{"alias": "tag", "direction": "DESC", "nulls": "last"}]}'), 1),
	'SELECT writer, tag, max(words) FROM pg_temp.each GROUP BY 1, 2
	 ORDER BY 1, 2 DESC NULLS LAST', true);
SELECT same('of a domain over an array of a domain, ' || c, pg_temp.un(def('a articles',
		'a.' || c || ', a.* count = n')),
	format($$SELECT e, count(*) FROM shop.articles, unnest(%I) AS e WHERE tenant = 'acme'
			 GROUP BY 1$$, c))
FROM unnest('{labels,grid,sizes,days,vec,short,nums,folded}'::text[]) AS c;
SELECT same('an enum in its order', pg_temp.un(def('a articles', 'a.sizes, a.* count = n',
		'{"order_by": [{"alias": "sizes", "direction": "DESC"}]}')),
	$$VALUES ('huge', 20), ('small', 20)$$, true);
SELECT same('cut to months', pg_temp.un(jsonb_set(def('a articles', 'a.days = m, a.* count = n'),
		'{columns,0,date_trunc}', '"month"')),
	$$SELECT date_trunc('month', e)::date, count(*) FROM shop.articles, unnest(days) AS e
	  WHERE tenant = 'acme' GROUP BY 1$$);
SELECT same('conditions are on rows: the other elements stay', pg_temp.un(def('a articles',
		'a.tags, a.* count = n', filters(cond('a.tags array_contains', '"b"')))),
	$$SELECT tag, count(*) FROM pg_temp.each WHERE 'b' = ANY (tags) GROUP BY 1$$);
SELECT same('measures may have the array itself, and conditions on it', pg_temp.un(jsonb_set(
		def('a articles', 'a.tags, a.tags count_distinct = arrays, a.words sum = w'),
		'{columns,2,filters}', jsonb_build_array(cond('a.tags array_contains', '"a"')))),
	$$SELECT tag, count(DISTINCT tags), sum(words) FILTER (WHERE 'a' = ANY (tags))
	  FROM pg_temp.each GROUP BY 1$$);
SELECT same('having', pg_temp.un(def('a articles', 'a.tags, a.* count = n',
		'{"having": [{"column": "n", "operator": "gt", "value": 5}]}')),
	'SELECT tag, count(*) FROM pg_temp.each GROUP BY 1 HAVING count(*) > 5');

-- ---- Rows that are not grouped -------------------------------------------------------------
SELECT same('a row for each element, page by page in an order of all rows', pg_temp.un(def(
		'a articles', 'a.writer, a.tags', jsonb_build_object('limit', 9, 'offset', page * 9,
		'order_by', '[{"alias": "writer"}]'::jsonb)), 1),
	format('SELECT writer, tag FROM pg_temp.each ORDER BY writer, id, n LIMIT 9 OFFSET %s',
		   page * 9), true)
FROM generate_series(0, 4) AS page;
SELECT same('windows over them', pg_temp.un(def('a articles', 'a.id, a.tags', '{"windows": [
		{"alias": "r", "function": "row_number", "order_by": [{"alias": "id"}]}],
		"limit": 30}'), 1),
	'SELECT id, tag, row_number() OVER (ORDER BY id, tag, n) FROM pg_temp.each
	 ORDER BY id, n LIMIT 30');
SELECT same('without its aggregation it is the table''s rows, with their arrays',
	pg_temp.un(def('a articles', 'a.id, a.tags, a.words sum = w',
				   '{"order_by": [{"alias": "id"}]}'), 1),
	$$SELECT id, tags, words FROM shop.articles WHERE tenant = 'acme' ORDER BY 1$$, true,
	'{"disable_aggregation": true}');

-- ---- What joins repeat ---------------------------------------------------------------------
SELECT same('a row of its own table counts once for each element, of a table above once in a group',
	pg_temp.un(def('a articles, w writers',
				   'a.tags, a.words sum = w, w.fee sum = f, a.* count = n')),
	$$SELECT tag, (SELECT sum(words) FROM pg_temp.each i WHERE i.tag IS NOT DISTINCT FROM o.tag),
			 (SELECT sum(fee) FROM shop.writers WHERE tenant = 'acme' AND id IN (SELECT writer
			  FROM pg_temp.each i WHERE i.tag IS NOT DISTINCT FROM o.tag)),
			 count(*) FROM pg_temp.each o GROUP BY 1$$);
SELECT same('of tables below, each of their rows once for each element; facts are kept apart',
	pg_temp.un(def('a articles, r reads, s shares', 'a.tags, a.words sum = w, r.seconds sum = s,
		s.reach sum = t, s.reach median = m', '{"joins": [{"from_table_id": "a", "from_column":
		"id", "to_table_id": "r", "to_column": "article"}, {"from_table_id": "a",
		"from_column": "id", "to_table_id": "s", "to_column": "article"}]}')),
	$$SELECT tag, (SELECT sum(words) FROM pg_temp.each i WHERE i.tag IS NOT DISTINCT FROM o.tag
			AND id IN (SELECT article FROM shop.reads) AND id IN (SELECT article FROM shop.shares)),
		(SELECT sum(seconds) FROM pg_temp.each i JOIN shop.reads r ON r.article = i.id
		 WHERE i.tag IS NOT DISTINCT FROM o.tag AND i.id IN (SELECT article FROM shop.shares)),
		(SELECT sum(reach) FROM pg_temp.each i JOIN shop.shares r ON r.article = i.id
		 WHERE i.tag IS NOT DISTINCT FROM o.tag AND i.id IN (SELECT article FROM shop.reads)),
		(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY reach)
		 FROM pg_temp.each i JOIN shop.shares r ON r.article = i.id
		 WHERE i.tag IS NOT DISTINCT FROM o.tag AND i.id IN (SELECT article FROM shop.reads))
	FROM (SELECT DISTINCT tag FROM pg_temp.each WHERE id IN (SELECT article FROM shop.reads)
		  AND id IN (SELECT article FROM shop.shares)) AS o$$);
SELECT same('flags and no branches: an expression of two tables, an element twice',
	pg_temp.un(def('a articles, r reads', 'a.tags, a.words median = m, a.words sum = w', '{"joins":
		[{"from_table_id": "a", "from_column": "id", "to_table_id": "r",
		  "to_column": "article"}]}')),
	$$SELECT tag, percentile_cont(0.5) WITHIN GROUP (ORDER BY words), sum(words)
	  FROM pg_temp.each WHERE id IN (SELECT article FROM shop.reads) GROUP BY 1$$);
SELECT same('an outer join makes rows up, whose element is null', pg_temp.un(def(
		'w writers, a articles', 'a.tags, w.* count = n, a.* count = m', '{"joins": [
		{"from_table_id": "w", "from_column": "id", "to_table_id": "a", "to_column": "writer",
		"join_type": "LEFT"}]}')),
	$$SELECT tag, count(DISTINCT w.id), count(a.id) FROM shop.writers AS w
	  LEFT JOIN pg_temp.each AS a ON a.writer = w.id WHERE w.tenant = 'acme' GROUP BY 1$$);
SELECT same('hidden behind flags', def('w writers, a articles', 'w.fee sum = f', '{"group_by": [
		{"table_id": "a", "column": "tags", "unnest": true}],
		"order_by": [{"table_id": "a", "column": "tags"}]}'),
	$$SELECT sum(fee) FROM (SELECT DISTINCT tag, w.id, fee FROM pg_temp.each AS e JOIN shop.writers
	  AS w ON w.id = e.writer) AS q GROUP BY tag ORDER BY tag$$, true);

-- ---- What is computed over the groups ------------------------------------------------------
SELECT same('a series, ' || o::text, pg_temp.un(def('a articles', 'a.tags, a.* count = n',
		jsonb_build_object('time_series', '{"table_id": "a", "date_column": "at", "interval": "day",
			"alias": "d", "range": {"start": "2024-01-02", "end": "2024-01-06"}}'::jsonb || o))),
	$$SELECT d, tag, (SELECT count(*) FROM pg_temp.each i WHERE i.tag IS NOT DISTINCT FROM o.tag
		AND date_trunc('day', at) = d) FROM (SELECT DISTINCT tag FROM pg_temp.each
		WHERE at >= '2024-01-02' AND at < '2024-01-07') AS o,
		generate_series(timestamptz '2024-01-02', '2024-01-06', '1 day') AS d
	  ORDER BY 1, 2$$, true)
FROM (VALUES ('{}'::jsonb), ('{"fill": "value", "fill_value": 0}')) AS v (o);
RESET ROLE;
SET LOCAL prismiq.dense = off;
SET LOCAL ROLE app_user;
SELECT same('a series without one aggregate for its buckets', pg_temp.un(def('a articles',
		'a.tags, a.* count = n', '{"time_series": {"table_id": "a", "date_column": "at",
		"interval": "day", "alias": "d", "range": {"start": "2024-01-02", "end": "2024-01-06"}}}')),
	$$SELECT d, tag, (SELECT count(*) FROM pg_temp.each i WHERE i.tag IS NOT DISTINCT FROM o.tag
		AND date_trunc('day', at) = d) FROM (SELECT DISTINCT tag FROM pg_temp.each
		WHERE at >= '2024-01-02' AND at < '2024-01-07') AS o,
		generate_series(timestamptz '2024-01-02', '2024-01-06', '1 day') AS d
	  ORDER BY 1, 2$$, true);
SELECT same('windows', pg_temp.un(def('a articles', 'a.tags, a.words sum = w', '{"windows": [
		{"alias": "p", "function": "percent_of_total", "of": "w"}]}')),
	'SELECT tag, sum(words), sum(words) * 100.0 / sum(sum(words)) OVER () FROM pg_temp.each
	 GROUP BY 1');
SELECT same('a pivot of elements', pg_temp.un(def('a articles', 'a.writer, a.tags, a.* count = n',
		'{"pivot": {"column": "tags", "value": "n"}}'), 1),
	$$SELECT writer, nullif(count(*) FILTER (WHERE tag = 'a'), 0),
		nullif(count(*) FILTER (WHERE tag = 'b'), 0), nullif(count(*) FILTER (WHERE tag = 'c'), 0),
		nullif(count(*) FILTER (WHERE tag IS NULL), 0)
	  FROM pg_temp.each GROUP BY 1 ORDER BY 1$$, true);
SELECT same('a pivot of elements, the rest of them in one cell', pg_temp.un(def('a articles',
		'a.writer, a.tags, a.words sum = w',
		'{"pivot": {"column": "tags", "value": "w", "values": ["a"], "max_columns": 2}}'), 1),
	$$SELECT writer, sum(words) FILTER (WHERE tag = 'a') FROM pg_temp.each GROUP BY 1
	  ORDER BY 1$$, true);
SELECT same('the largest, and the rest', pg_temp.un(def('a articles', 'a.tags, a.words sum = w,
		a.words ' || agg || ' = x', '{"top": {"n": 2, "by": "w"}}')),
	format($$SELECT CASE WHEN o <= 2 THEN tag ELSE 'Other' END, sum(words), %s
	FROM pg_temp.each JOIN (SELECT tag AS t, row_number() OVER (ORDER BY sum(words) DESC) AS o
		FROM pg_temp.each GROUP BY 1) AS k ON k.t IS NOT DISTINCT FROM tag
	GROUP BY 1, CASE WHEN o <= 2 THEN o ELSE 3 END
	ORDER BY CASE WHEN o <= 2 THEN o ELSE 3 END$$, sql))
FROM (VALUES ('count', 'count(words)'),
	('median', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY words)')) AS v (agg, sql);
SELECT same('the largest, where joins repeat rows', pg_temp.un(def('w writers, a articles',
		'a.tags, w.fee sum = f, a.words sum = w', '{"top": {"n": 1, "by": "w"}}')),
	$$WITH best AS (SELECT tag FROM pg_temp.each GROUP BY 1 ORDER BY sum(words) DESC LIMIT 1),
		q AS (SELECT CASE WHEN tag IS NOT DISTINCT FROM (SELECT tag FROM best) THEN tag
			  ELSE 'Other' END AS g, writer, words FROM pg_temp.each)
	SELECT g, (SELECT sum(fee) FROM shop.writers WHERE id IN (SELECT writer FROM q i
		WHERE i.g IS NOT DISTINCT FROM o.g)), sum(words) FROM q AS o GROUP BY 1$$);
SELECT same('totals, made of rows that count once for each element, ' || agg, pg_temp.un(def(
		'a articles', 'a.writer, a.tags, a.words ' || agg || ' = w', '{"totals": true}'), 1),
	format('SELECT writer, tag, %s, grouping(writer) + grouping(tag) FROM pg_temp.each
			GROUP BY ROLLUP (1, 2)', sql))
FROM (VALUES ('sum', 'sum(words)'),
	('median', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY words)')) AS v (agg, sql);
SELECT same('totals, where joins repeat rows', pg_temp.un(def('a articles, r reads', 'a.tags,
		a.words median = m', '{"totals": true, "joins": [{"from_table_id": "a", "from_column":
		"id", "to_table_id": "r", "to_column": "article"}]}')),
	$$SELECT tag, percentile_cont(0.5) WITHIN GROUP (ORDER BY words), grouping(tag)
	  FROM pg_temp.each WHERE id IN (SELECT article FROM shop.reads) GROUP BY ROLLUP (1)$$);
SELECT same('compared with the days before', pg_temp.un(def('a articles',
		'a.tags, a.' || m || ' = n', filters(cond('a.at between',
		'["2024-01-05", "2024-01-07"]')) || '{"compare": {"period": "previous_period"}}')),
	format($$SELECT tag, now, before, now - before,
		CASE WHEN before <> 0 THEN (now - before) * 100.0 / before END
	FROM (SELECT tag, %1$s FILTER (WHERE at >= '2024-01-05') AS now,
			%1$s FILTER (WHERE at < '2024-01-05') AS before
		FROM pg_temp.each WHERE at >= '2024-01-02' AND at < '2024-01-08' GROUP BY 1) AS q$$, sql))
FROM (VALUES ('words sum', 'sum(words)'), ('words max', 'max(words)')) AS v (m, sql);

-- ---- Where it stands -----------------------------------------------------------------------
SELECT same('inside another definition', def('a articles', 'q.tag, q.n sum = s', jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 'q', 'query', pg_temp.un(def(
			'a articles', 'a.writer, a.tags = tag, a.* count = n'), 1))))),
	'SELECT tag, count(*) FROM pg_temp.each GROUP BY 1');
SELECT same('rows of a nested one are no key: what they repeat counts once',
	jsonb_build_object('tables', jsonb_build_array('{"id": "w", "name": "articles"}'::jsonb,
		jsonb_build_object('id', 'q', 'query', pg_temp.un(def('a articles', 'a.id, a.tags'), 1))),
		'columns', '[{"table_id": "w", "column": "words", "aggregation": "sum",
					  "alias": "s"}]'::jsonb,
		'joins', '[{"from_table_id": "w", "from_column": "id", "to_table_id": "q",
					"to_column": "id"}]'::jsonb),
	$$SELECT sum(words) FROM shop.articles WHERE tenant = 'acme'$$);
SELECT same('an array that a nested definition makes', jsonb_build_object('tables',
		jsonb_build_array(jsonb_build_object('id', 'q', 'query', def('a articles',
			'a.writer, a.words array_agg = all'))), 'columns', '[{"table_id": "q", "column": "all",
		"unnest": true}, {"table_id": "q", "column": "*", "aggregation": "count"}]'::jsonb),
	$$SELECT words, 1 FROM shop.articles WHERE tenant = 'acme'$$);
SELECT same('among the values of a query', def('a articles', 'a.id', filters(cond('a.id in_query',
		jsonb_build_object('query', pg_temp.un(def('b articles', 'b.grid')))))),
	$$SELECT id FROM shop.articles WHERE tenant = 'acme' AND id IN (1, 2, 7, 8)$$);
SELECT same('of a view that would raise an error on others'' rows', pg_temp.un(def('t tagged',
		't.tags, t.words sum = w')),
	'SELECT tag, sum(words) FROM pg_temp.each GROUP BY 1');
SELECT is(jsonb_array_length(prismiq_query(pg_temp.un(def('t tagged', 't.tags, t.words sum = w',
		'{"top": {"n": 2, "by": "w"}, "order_by": [{"alias": "tags"}]}')))::jsonb -> 'rows'), 3,
	'nor where the places of groups are joined to them');

-- ---- What it says --------------------------------------------------------------------------
SELECT is((SELECT string_agg(concat_ws(' ', w ->> 'code', w ->> 'path', w ->> 'message'), '')
	FROM jsonb_array_elements(prismiq_query(d)::jsonb -> 'warnings') AS w), wanted, 'the warning')
FROM (VALUES (pg_temp.un(def('a articles', 'a.tags, a.* count = n')),
		'FAN_OUT /columns/0/unnest a row counts once for each element of "tags"'),
	(pg_temp.un(def('a articles', 'a.tags')), NULL)) AS v (d, wanted);
SELECT is(prismiq_query(pg_temp.un(def('a articles', 'a.tags, a.* count = n')),
	'{"metadata": true}')::jsonb #- '{metadata,1}' -> 'metadata', '[{"name": "tags", "type": "text",
	"description": "What it is about"}]', 'it is the column''s, of the type of its elements');
SELECT is(faults(pg_temp.un(def('a articles', columns, rest))), fault)
FROM (VALUES
	('a.words, a.* count = n', '{}'::jsonb, 'TYPE_MISMATCH /columns/0/unnest column "words" of '
		'type integer is no array, so it has no elements (Leave "unnest" out.)'),
	('a.pairs, a.* count = n', '{}', 'TYPE_MISMATCH /columns/0/unnest the elements of column '
		'"pairs" of type pair[] are rows themselves (Leave "unnest" out.)'),
	('a.tags count, a.* count = n', '{}', 'INVALID_VALUE /columns/0/unnest "unnest" goes with no '
		'aggregation (Leave the aggregation out: the rows are grouped by the elements.)'),
	('a.tags, a.* count = n', '{"group_by": [{"table_id": "a", "column": "tags"},
		{"table_id": "a", "column": "grid", "unnest": true}]}', 'INVALID_VALUE '
		'/group_by/1/unnest a definition unnests one array, and "tags" is one already '
		'(Unnest one of them in a nested definition.)'),
	('a.f, a.* count = n', '{"calculated_fields": [{"name": "f", "expression": "[words] + 1"}]}',
		'INVALID_VALUE /columns/0/unnest calculated field "f" cannot be unnested '
		'(Unnest the column of a table.)'),
	('a.none, a.* count = n', '{}', 'COLUMN_NOT_FOUND /columns/0/column column "none" not found '
		'in table "articles" (Did you mean "nums"?)'),
	('a.tags, a.* count = n', '{"group_by": [{"table_id": "a", "column": "words",
		"unnest": true}]}', 'TYPE_MISMATCH /group_by/0/unnest column "words" of '
		'type integer is no array, so it has no elements (Leave "unnest" out.)'))
	AS v (columns, rest, fault);
SELECT is(faults(jsonb_set(def('a articles', 'a.tags'), '{columns,0,unnest}', '1')),
	'INVALID_VALUE /columns/0/unnest "unnest" must be true or false, not a number');
SELECT matches(faults('{"tables": [{"id": "a", "name": "articles"}], "columns": [{"measure": "m",
	"unnest": true}]}'), 'INVALID_VALUE /columns/0/unnest a measure says itself what its "unnest" '
	'is \(Leave it out.\)');

-- ---- From its answer on --------------------------------------------------------------------
SELECT prismiq_set_context('acme', 'ann', '{}', true) \g /dev/null
SELECT prismiq_dashboard_create(jsonb_build_object('name', 'Tags', 'widgets', jsonb_build_array(
	jsonb_build_object('type', 'bar_chart', 'title', 'tags', 'query',
		pg_temp.un(def('a articles', 'a.tags, a.* count = n'))),
	jsonb_build_object('type', 'metric', 'title', 'all', 'query', def('a articles', 'a.* count')),
	jsonb_build_object('type', 'bar_chart', 'title', 'days', 'query', jsonb_set(pg_temp.un(
		def('a articles', 'a.days, a.* count = n')), '{columns,0,date_trunc}', '"month"')),
	jsonb_build_object('type', 'table', 'title', 'cells', 'query', pg_temp.un(def('a articles',
		'a.writer, a.tags, a.* count = n', '{"pivot": {"column": "tags", "value": "n"}}'), 1)))))
	\g /dev/null
CREATE FUNCTION pg_temp.behind(widget text, point jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT string_agg(r::text, ' ')
		FROM prismiq.prismiq_widgets AS w, jsonb_array_elements(
			prismiq.prismiq_widget_drill(w.id, point)::jsonb -> 'rows') AS r WHERE title = widget);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.behind(widget, point), wanted, concat_ws(' ', 'behind', widget, point))
FROM (VALUES ('tags', '{"tags": "zzz"}'::jsonb, NULL),
	('tags', '{"tags": null}', 'the rows of "tags" cannot be told by a value'),
	('days', '{"days": "2024-02-01"}', 'the rows of "days" cannot be told by a value'),
	('cells', '{"writer": 4, "c": 1}', (SELECT string_agg(jsonb_build_array(writer, tags)::text,
		' ') FROM shop.articles WHERE tenant = 'acme' AND writer = 4 AND 'c' = ANY (tags))))
	AS v (widget, point, wanted);
SELECT is((SELECT count(*) FROM prismiq_widgets AS w, jsonb_array_elements(prismiq_widget_drill(
	w.id, '{"tags": "a"}')::jsonb -> 'rows') WHERE title = 'tags'), 8::bigint,
	'the rows behind an element are there once each');
SELECT is((SELECT d.value -> 'rows' FROM prismiq_dashboards, jsonb_each(prismiq_dashboard_data(id,
	'{}', jsonb_build_object('cross_filter', jsonb_build_object((SELECT id FROM prismiq_widgets
	WHERE title = 'tags'), '{"tags": "a"}'::jsonb)))::jsonb) AS d JOIN prismiq_widgets AS w
	ON w.id = d.key::uuid WHERE w.title = 'all'), '[[8]]', 'an element filters other widgets');
SELECT * FROM finish();
ROLLBACK;
