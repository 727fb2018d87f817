-- Fan-out where what is grouped by tells the repetitions of a row apart: no flag is needed, and
-- where it does not, there is one.  Each answer is that of statements by hand that take each row
-- once in its group.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE SCHEMA bridges;
CREATE COLLATION bridges.any_case (provider = icu, locale = 'und-u-ks-level2',
	deterministic = false);
CREATE TABLE bridges.post (tenant text, id int, v int, day date, PRIMARY KEY (tenant, id));
CREATE TABLE bridges.tag (id int PRIMARY KEY, name text NOT NULL UNIQUE, code text UNIQUE,
	kind text NOT NULL, since date NOT NULL UNIQUE, word text COLLATE bridges.any_case NOT NULL,
	late int NOT NULL, UNIQUE (late) DEFERRABLE, part int NOT NULL,
	at timestamp NOT NULL UNIQUE);
CREATE UNIQUE INDEX ON bridges.tag (word COLLATE "C");
CREATE UNIQUE INDEX ON bridges.tag (part) WHERE id < 3;
CREATE TABLE bridges.tagged (tenant text, post_id int, tag_id int,
	PRIMARY KEY (tenant, post_id, tag_id));
-- without keys: the same tag may be there twice
CREATE TABLE bridges.loose (tenant text, post_id int, tag_id int);
CREATE TABLE bridges.reads (tenant text, id int, post_id int, n int, PRIMARY KEY (tenant, id));
INSERT INTO bridges.post SELECT t, n, n * n, date '2024-01-01' + n
FROM unnest('{acme,beta}'::text[]) AS t, generate_series(1, 12) AS n;
INSERT INTO bridges.tag SELECT n, 'tag ' || n, CASE WHEN n > 3 THEN 'c' || n END, 'k' || n % 2,
	date '2024-01-30' + n, CASE WHEN n % 2 = 0 THEN upper(chr(96 + n / 2)) ELSE chr(97 + n / 2) END,
	n, n % 3, date '2024-01-30' + n FROM generate_series(1, 6) AS n;
-- post 12 has no tag, and tag 7 is none
INSERT INTO bridges.tagged SELECT t, p, g FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 11) AS p, generate_series(1, 7) AS g
WHERE p % g = 0 OR (g > 4 AND p > 9);
INSERT INTO bridges.loose SELECT t.* FROM bridges.tagged AS t, generate_series(1, 2);
INSERT INTO bridges.reads SELECT t, n, 1 + n % 12, n FROM unnest('{acme,beta}'::text[]) AS t,
	generate_series(1, 60) AS n;
GRANT USAGE ON SCHEMA bridges TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA bridges TO app_user;
\o /dev/null
SELECT prismiq.prismiq_expose_schema('bridges', tenant_column => 'tenant');
SELECT prismiq.prismiq_expose('bridges.tag', shared => true);
\o
SET LOCAL search_path = oracle, prismiq, bridges, public;
SET LOCAL ROLE app_user;

-- Posts by their tags, through a bridge.
CREATE FUNCTION pg_temp.by_tag(columns text, rest jsonb = '{}', how text = '',
							   bridge text = 'tagged') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def(format('p post, b %s, t tag', bridge), columns, rest,
		format('p.id = b.post_id%1$s,b.tag_id = t.id%1$s', how))
$$;
-- Is each row flagged, or is there no need to?
CREATE FUNCTION pg_temp.flagged(definition jsonb) RETURNS boolean LANGUAGE sql AS $$
	SELECT prismiq_compile(definition) ->> 'sql' ~ 'row_number'
$$;
-- The same answer as a person's, with or without flags.
CREATE FUNCTION pg_temp.told(name text, flags boolean, definition jsonb, by_person text)
RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT same(name, definition, by_person);
	RETURN NEXT is(pg_temp.flagged(definition), flags,
				   name || CASE WHEN flags THEN ': flagged' ELSE ': no flags' END);
END
$$;
-- Of each value of an expression over the tag: the posts that have it, each once.
CREATE FUNCTION pg_temp.by_hand(what text, joins text = 'JOIN', bridge text = 'tagged')
RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT g, sum(v), count(id) FROM (SELECT DISTINCT %s AS g, p.id, p.v
		FROM post p %2$s %3$s b ON b.post_id = p.id AND b.tenant = ''acme''
		%2$s tag t ON t.id = b.tag_id WHERE p.tenant = ''acme'') AS x GROUP BY g',
		what, joins, bridge)
$$;

-- ---- What tells them apart ----------------------------------------------------------------
SELECT pg_temp.told('by ' || col, flags, pg_temp.by_tag(format('t.%s, p.v sum, p.* count', col)),
	pg_temp.by_hand('t.' || col))
FROM (VALUES ('id', false), ('name', false), ('since', false), ('code', true), ('kind', true),
	('word', true), ('late', true), ('part', true), ('at', true)) AS v (col, flags);
SELECT pg_temp.told('by the bridge''s own column', false,
	pg_temp.by_tag('b.tag_id, p.v sum, p.* count'), pg_temp.by_hand('b.tag_id'));
SELECT pg_temp.told('by more than the key', false,
	pg_temp.by_tag('t.kind, t.id, p.v sum, p.* count'),
	$$SELECT kind, t.id, sum(v), count(*) FROM post p JOIN tagged b ON b.tenant = 'acme'
		AND b.post_id = p.id JOIN tag t ON t.id = b.tag_id WHERE p.tenant = 'acme'
	GROUP BY 1, 2$$);
SELECT pg_temp.told('by a key that is not in the answer', false, pg_temp.by_tag('p.v sum',
		'{"group_by": [{"table_id": "t", "column": "name"}]}'),
	$$SELECT sum(v) FROM post p JOIN tagged b ON b.tenant = 'acme' AND b.post_id = p.id
		JOIN tag t ON t.id = b.tag_id WHERE p.tenant = 'acme' GROUP BY t.name$$);
SELECT pg_temp.told('measures of the post, of the bridge and of the tag', true,
	pg_temp.by_tag('p.id, p.v sum, b.* count = tags, t.late sum'),
	$$SELECT p.id, p.v::bigint, count(*), sum(late) FROM post p JOIN tagged b
		ON b.tenant = 'acme' AND b.post_id = p.id JOIN tag t ON t.id = b.tag_id
	WHERE p.tenant = 'acme' GROUP BY p.id, p.v$$);
SELECT pg_temp.told('facts of the post, of each tag', false, def('r reads, p post, b tagged, t tag',
		't.name, r.n sum, r.* count', joins => 'r.post_id = p.id,p.id = b.post_id,b.tag_id = t.id'),
	$$SELECT t.name, sum(n), count(*) FROM reads r JOIN tagged b ON b.tenant = 'acme'
		AND b.post_id = r.post_id JOIN tag t ON t.id = b.tag_id WHERE r.tenant = 'acme'
	GROUP BY 1$$);
SELECT pg_temp.told('an expression, a condition of the measure''s own, having', false,
	pg_temp.by_tag('t.name, p.v sum', '{"calculated_fields": [{"name": "x", "expression":
			"sum_if([p.v], [t.kind] == ''k1'') / count([p.id])"}],
		"columns": [{"table_id": "t", "column": "name"}, {"column": "x"}, {"table_id": "p",
			"column": "v", "aggregation": "sum", "alias": "odd", "filters": [{"table_id": "t",
			"column": "kind", "operator": "eq", "value": "k0"}]}],
		"having": [{"table_id": "p", "column": "*", "aggregation": "count", "operator": "gt",
			"value": 1}]}'),
	$$SELECT t.name, (sum(v) FILTER (WHERE kind = 'k1'))::numeric / count(*),
		sum(v) FILTER (WHERE kind = 'k0')
	FROM post p JOIN tagged b ON b.tenant = 'acme' AND b.post_id = p.id
		JOIN tag t ON t.id = b.tag_id WHERE p.tenant = 'acme' GROUP BY 1 HAVING count(*) > 1$$);
SELECT pg_temp.told('a series by tag, filled', false, pg_temp.by_tag('t.name, p.v sum',
		'{"time_series": {"table_id": "p", "date_column": "day", "interval": "week",
			"range": {"start": "2024-01-01", "end": "2024-01-14"}}}'),
	$$SELECT w::date, g.name, coalesce((SELECT sum(v) FROM post p JOIN tagged b ON b.tenant = 'acme'
			AND b.post_id = p.id AND b.tag_id = g.id WHERE p.tenant = 'acme' AND day >= w
			AND day < w + interval '7 days'), 0)
	FROM generate_series(timestamp '2024-01-01', '2024-01-08', '7 days') AS w, (SELECT DISTINCT
		t.id, t.name FROM tag t JOIN tagged b ON b.tenant = 'acme' AND b.tag_id = t.id) AS g$$);
SELECT pg_temp.told('this week against the last, by tag', false, pg_temp.by_tag(
		't.id, p.v sum = v', '{"compare": {"period": {"offset": "3 days"}},
		"filters": [{"table_id": "p", "column": "day", "operator": "between",
			"value": ["2024-01-05", "2024-01-12"]}]}'),
	$$WITH x AS (SELECT t.id, v, day FROM post p JOIN tagged b ON b.tenant = 'acme'
			AND b.post_id = p.id JOIN tag t ON t.id = b.tag_id WHERE p.tenant = 'acme')
	SELECT id, v, w, (v - w)::numeric, (v - w)::numeric * 100 / nullif(w, 0)
	FROM (SELECT id, sum(v) FILTER (WHERE day BETWEEN '2024-01-05' AND '2024-01-12') AS v,
			sum(v) FILTER (WHERE day BETWEEN '2024-01-02' AND '2024-01-09') AS w
		FROM x GROUP BY id) AS y WHERE v IS NOT NULL$$);

-- ---- What does not -------------------------------------------------------------------------
SELECT pg_temp.told('a bridge without a key', true, pg_temp.by_tag('t.id, p.v sum, p.* count',
		bridge => 'loose'), pg_temp.by_hand('t.id', bridge => 'loose'));
SELECT pg_temp.told('outer joins: posts without tags, and a tag that is none', true,
	pg_temp.by_tag('t.id, p.v sum, p.* count', how => ' LEFT'),
	pg_temp.by_hand('t.id', 'LEFT JOIN'));
SELECT pg_temp.told('a part of the key: the month of a day', true, pg_temp.by_tag('p.v sum',
		'{"columns": [{"table_id": "t", "column": "since", "date_trunc": "month"},
			{"table_id": "p", "column": "v", "aggregation": "sum"}, {"table_id": "p",
			"column": "*", "aggregation": "count"}]}'),
	pg_temp.by_hand('date_trunc(''month'', t.since)::date'));
SELECT pg_temp.told('totals', true, pg_temp.by_tag('t.id, p.v sum', '{"totals": true}'),
	format('SELECT g, v, 0 FROM (%s) AS x (g, v, n) UNION ALL SELECT NULL, (SELECT sum(v)
		FROM post p WHERE tenant = ''acme'' AND EXISTS (SELECT FROM tagged b JOIN tag t
		ON t.id = b.tag_id WHERE b.tenant = ''acme'' AND b.post_id = p.id)), 1',
		pg_temp.by_hand('t.id')));
SELECT pg_temp.told('the rest of the largest', true, pg_temp.by_tag('t.id, p.v sum = v',
		'{"top": {"n": 1, "by": "v"}}'),
	format('SELECT g::text, v FROM (%s) AS x (g, v, n) WHERE g = 1 UNION ALL SELECT ''Other'',
		(SELECT sum(v) FROM post p WHERE tenant = ''acme'' AND EXISTS (SELECT FROM tagged b
		JOIN tag t ON t.id = b.tag_id WHERE b.tenant = ''acme'' AND b.post_id = p.id
		AND t.id > 1))', pg_temp.by_hand('t.id')));
SELECT pg_temp.told('a pivot that does not show the key', true, pg_temp.by_tag(
		't.kind, t.id, p.v sum = v', '{"pivot": {"column": "kind", "value": "v", "rows": [],
			"values": ["k0", "k1"]}}'),
	format('SELECT sum(v) FILTER (WHERE g = ''k0''), sum(v) FILTER (WHERE g = ''k1'')
		FROM (%s) AS x (g, v, n)', pg_temp.by_hand('t.kind')));
SELECT is(oracle.answer(pg_temp.by_tag('t.id, p.v sum', '{"fan_out": "error"}')), '22023 FAN_OUT',
	'"error" still says so: the groups together have rows more than once');

-- ---- Over a bridge to what is not unique: counted by its near end first ---------------------
-- Are facts grouped before they meet the bridge?
CREATE FUNCTION pg_temp.grouped(name text, wanted boolean, definition jsonb, by_person text,
								ordered boolean = false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT same(name, definition, by_person, ordered);
	RETURN NEXT is(prismiq_compile(definition) ->> 'sql' ~ ' AS a1\M', wanted,
				   name || CASE WHEN wanted THEN ': grouped' ELSE ': not grouped' END);
END
$$;
-- Reads of posts, by something of their tags.
CREATE FUNCTION pg_temp.read(columns text, rest jsonb = '{}', how text = '',
							 bridge text = 'tagged') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def(format('r reads, p post, b %s, t tag', bridge), columns, rest,
		format('r.post_id = p.id,p.id = b.post_id%1$s,b.tag_id = t.id%1$s', how))
$$;
-- Each read once for each kind of tag.
CREATE VIEW pg_temp.kinds AS SELECT DISTINCT t.kind, r.id, r.n, r.post_id FROM reads r
	JOIN tagged b ON b.tenant = 'acme' AND b.post_id = r.post_id JOIN tag t ON t.id = b.tag_id
WHERE r.tenant = 'acme';

SELECT pg_temp.grouped('sums, counts, averages, the least', true, pg_temp.read(
		't.kind, r.n sum, r.* count, r.n avg, r.n min'),
	'SELECT kind, sum(n), count(*), avg(n), min(n) FROM pg_temp.kinds GROUP BY 1');
SELECT pg_temp.grouped('what has no parts', false, pg_temp.read('t.kind, r.n sum, r.n median'),
	$$SELECT kind, sum(n), percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM pg_temp.kinds
	GROUP BY 1$$);
SELECT pg_temp.grouped('conditions on the reads, the posts and the tags', true, pg_temp.read(
		't.kind, r.n sum', filters(cond('r.n gt', '7'), cond('p.v lt', '100'),
			cond('t.id neq', '2'))),
	$$SELECT kind, sum(n) FROM (SELECT DISTINCT t.kind, r.id, r.n FROM reads r
		JOIN post p ON p.tenant = 'acme' AND p.id = r.post_id
		JOIN tagged b ON b.tenant = 'acme' AND b.post_id = r.post_id
		JOIN tag t ON t.id = b.tag_id WHERE r.tenant = 'acme' AND n > 7 AND v < 100 AND t.id <> 2)
	AS x GROUP BY 1$$);
SELECT pg_temp.grouped('a condition on reads and posts together', false, pg_temp.read(
		't.kind, r.n sum', '{"calculated_fields": [{"name": "x", "expression":
			"[r.n] > [p.v]"}], "filters": [{"column": "x", "operator": "eq", "value": true}]}'),
	$$SELECT kind, sum(n) FROM pg_temp.kinds WHERE n > post_id * post_id GROUP BY 1$$);
SELECT pg_temp.grouped('a ratio, having, an order and a page', true, pg_temp.read('t.kind',
		'{"calculated_fields": [{"name": "each", "expression": "sum([r.n]) / count([r.id])"}],
		"columns": [{"table_id": "t", "column": "kind"}, {"column": "each"}],
		"having": [{"table_id": "r", "column": "*", "aggregation": "count", "operator": "gt",
			"value": 3}], "order_by": [{"alias": "each", "direction": "DESC"}], "limit": 1}'),
	$$SELECT kind, sum(n)::numeric / count(*) FROM pg_temp.kinds GROUP BY 1 HAVING count(*) > 3
	ORDER BY 2 DESC LIMIT 1$$, true);
SELECT pg_temp.grouped('reads that no tag has: an outer join', true, pg_temp.read(
		't.kind, r.n sum, r.* count', how => ' LEFT'),
	$$SELECT kind, sum(n), count(*) FROM (SELECT DISTINCT t.kind, r.id, r.n FROM reads r
		LEFT JOIN tagged b ON b.tenant = 'acme' AND b.post_id = r.post_id
		LEFT JOIN tag t ON t.id = b.tag_id WHERE r.tenant = 'acme') AS x GROUP BY 1$$);
SELECT pg_temp.grouped('measures of the reads and of their posts', true, pg_temp.read(
		't.kind, r.n sum, p.v sum, p.* count'),
	$$SELECT kind, (SELECT sum(n) FROM pg_temp.kinds k WHERE k.kind = x.kind), sum(v), count(*)
	FROM (SELECT DISTINCT kind, p.id, p.v FROM pg_temp.kinds JOIN post p ON p.tenant = 'acme'
		AND p.id = post_id) AS x GROUP BY 1$$);
SELECT pg_temp.grouped('the rest of the largest, each read once', true, pg_temp.read(
		't.kind, r.n sum = v', '{"top": {"n": 1, "by": "v"}}'),
	$$SELECT kind, sum(n) FROM pg_temp.kinds WHERE kind = 'k1' GROUP BY 1
	UNION ALL SELECT 'Other', sum(n) FROM pg_temp.kinds WHERE kind = 'k0'$$);
SELECT pg_temp.grouped('totals, each read once', true, pg_temp.read(
		't.kind, r.n sum = v', '{"totals": true}'),
	$$SELECT kind, sum(n), 0 FROM pg_temp.kinds GROUP BY 1 UNION ALL SELECT NULL, sum(n), 1
	FROM (SELECT DISTINCT id, n FROM pg_temp.kinds) AS x$$);
SELECT pg_temp.grouped('some days against those before', true, pg_temp.read('t.kind, r.n sum = v',
		'{"compare": {"period": {"offset": "3 days"}}, "filters": [{"table_id": "p",
			"column": "day", "operator": "between", "value": ["2024-01-05", "2024-01-12"]}]}'),
	$$SELECT kind, v, w, (v - w)::numeric, (v - w)::numeric * 100 / w FROM (SELECT kind,
			sum(n) FILTER (WHERE day BETWEEN '2024-01-05' AND '2024-01-12') AS v,
			sum(n) FILTER (WHERE day BETWEEN '2024-01-02' AND '2024-01-09') AS w
		FROM pg_temp.kinds JOIN post p ON p.tenant = 'acme' AND p.id = post_id GROUP BY 1) AS x$$);
SELECT pg_temp.grouped('a series of the posts', true, pg_temp.read('t.kind, r.n sum = v',
		'{"time_series": {"table_id": "p", "date_column": "day", "interval": "week",
			"range": {"start": "2024-01-01", "end": "2024-01-14"}}}'),
	$$SELECT date_trunc('week', day)::date, kind, sum(n) FROM pg_temp.kinds JOIN post p
		ON p.tenant = 'acme' AND p.id = post_id GROUP BY 1, 2$$);
SELECT pg_temp.grouped('a pivot, and what is about to be summed again', true, pg_temp.read(
		't.kind', '{"columns": [{"table_id": "t", "column": "kind"}, {"table_id": "t",
			"column": "since", "date_trunc": "month", "alias": "m"}, {"table_id": "r",
			"column": "n", "aggregation": "sum", "alias": "v"}],
		"pivot": {"column": "kind", "value": "v", "values": ["k0", "k1"]}}'),
	$$SELECT m, sum(n) FILTER (WHERE kind = 'k0'), sum(n) FILTER (WHERE kind = 'k1')
	FROM (SELECT DISTINCT date_trunc('month', since)::date AS m, t.kind, r.id, r.n FROM reads r
		JOIN tagged b ON b.tenant = 'acme' AND b.post_id = r.post_id
		JOIN tag t ON t.id = b.tag_id WHERE r.tenant = 'acme') AS x GROUP BY 1$$);
SELECT pg_temp.grouped('a definition inside another', true, def('x x', 'x.v', jsonb_build_object(
		'tables', jsonb_build_array(jsonb_build_object('id', 'x', 'query',
			pg_temp.read('t.kind, r.n sum = v'))), 'columns',
		'[{"table_id": "x", "column": "v", "aggregation": "sum"}]'::jsonb)),
	'SELECT sum(n) FROM pg_temp.kinds');
SELECT pg_temp.grouped('by something of the reads too', false, pg_temp.read(
		't.kind, r.post_id, r.n sum'),
	'SELECT kind, post_id, sum(n) FROM pg_temp.kinds GROUP BY 1, 2');
SELECT pg_temp.grouped('by the tags'' key there is no need to', false, pg_temp.read(
		't.id, r.n sum'),
	$$SELECT t.id, sum(n) FROM reads r JOIN tagged b ON b.tenant = 'acme'
		AND b.post_id = r.post_id JOIN tag t ON t.id = b.tag_id WHERE r.tenant = 'acme'
	GROUP BY 1$$);
SELECT pg_temp.grouped('what has no key is no bridge', false, pg_temp.read(
		't.kind, r.n sum', bridge => 'loose'),
	'SELECT kind, sum(n) FROM pg_temp.kinds GROUP BY 1');

SELECT * FROM finish();
