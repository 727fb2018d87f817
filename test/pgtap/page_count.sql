-- A page and how many rows there are in all, of one run where the rows are groups: against the
-- whole answer, from which the page is cut.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
CREATE TABLE public.parcels (id int PRIMARY KEY, tenant text NOT NULL, shop text, kind int,
	weight numeric, at date);
INSERT INTO public.parcels SELECT g, CASE WHEN g % 9 = 0 THEN 'TX' ELSE 'CA' END,
	CASE WHEN g % 7 > 0 THEN 's' || g % 7 END, g % 3, g * 37 % 101, date '2024-01-01' + g * 13 % 60
FROM generate_series(1, 300) AS g;
GRANT SELECT ON public.parcels TO app_user;
SELECT prismiq.prismiq_expose('public.parcels', tenant_column => 'tenant') \g /dev/null
SET ROLE app_user;
SET LOCAL prismiq.tenant_id = 'CA';

CREATE FUNCTION pg_temp.parcels(columns text, rest jsonb = '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT def('p parcels', columns, rest)
$$;

CREATE TEMP TABLE asked (name text, once boolean, definition jsonb);
INSERT INTO asked VALUES
	('groups', true, pg_temp.parcels('p.shop, p.weight sum = w', '{"order_by": [{"alias": "w"}]}')),
	('one group', true, pg_temp.parcels('p.weight sum = w')),
	('those that having leaves', true, pg_temp.parcels('p.kind, p.shop, p.* count = n',
		'{"having": [{"column": "n", "operator": "gt", "value": 11}]}')),
	('a filled series', true, pg_temp.parcels('p.weight sum = w', '{"time_series": {"table_id": "p",
		"date_column": "at", "interval": "day", "fill": "previous",
		"range": {"start": "2023-12-20", "end": "2024-02-01"}}}')),
	('of lines', true, pg_temp.parcels('p.kind, p.weight sum = w', '{"time_series": {
		"table_id": "p", "date_column": "at", "interval": "week"}}')),
	('windows and qualify', true, pg_temp.parcels('p.shop, p.kind, p.weight sum = w', '{"windows":
		[{"alias": "place", "function": "rank", "of": "w"}],
		"qualify": [{"column": "place", "operator": "lte", "value": 9}]}')),
	('the largest and the rest', true, pg_temp.parcels('p.shop, p.weight sum = w',
		'{"top": {"n": 3, "by": "w"}}')),
	('totals', true, pg_temp.parcels('p.shop, p.kind, p.weight sum = w', '{"totals": true}')),
	('compared', true, pg_temp.parcels('p.shop, p.weight sum = w', filters(
		cond('p.at between', '["2024-02-01", "2024-02-14"]')) || '{"compare": {"period":
		"previous_period"}}')),
	('a limit of the definition', false, pg_temp.parcels('p.shop, p.weight sum = w',
		'{"order_by": [{"alias": "w"}], "limit": 5}')),
	('a pivot', false, pg_temp.parcels('p.shop, p.kind, p.weight sum = w',
		'{"pivot": {"column": "kind", "value": "w"}}')),
	('rows', false, pg_temp.parcels('p.id, p.shop', '{"order_by": [{"table_id": "p", "column":
		"at"}]}'));
CREATE FUNCTION pg_temp.ask(definition jsonb, options jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT prismiq.prismiq_query(definition, options)::jsonb - '{execution_time_ms}'::text[]
$$;

-- Every page, one beyond the end too, is a slice of the whole, and nothing else shows.
SELECT is(p.a, w.a || jsonb_build_object('row_count', jsonb_array_length(s.rows), 'rows', s.rows,
	'total_count', jsonb_array_length(w.a -> 'rows'), 'warnings', p.a -> 'warnings'),
	name || ', page ' || page)
FROM asked CROSS JOIN LATERAL (SELECT pg_temp.ask(definition, '{"sort": []}') AS a) AS w
CROSS JOIN generate_series(1, 4) AS page
CROSS JOIN LATERAL (SELECT pg_temp.ask(definition, jsonb_build_object('page', page, 'page_size', 4,
	'count', 'exact')) AS a) AS p
CROSS JOIN LATERAL (SELECT coalesce(jsonb_agg(r ORDER BY o), '[]') AS rows
	FROM jsonb_array_elements(pg_temp.ask(definition, '{"page": 1, "page_size": 1000}') -> 'rows')
		WITH ORDINALITY AS u (r, o) WHERE o > page * 4 - 4 AND o <= page * 4) AS s;
SELECT is(pg_temp.ask(definition, options || '{"count": "exact"}') - 'total_count',
	pg_temp.ask(definition, options), format || ': but for the count the same')
FROM asked CROSS JOIN unnest('{arrays,objects,columnar}'::text[]) AS format
CROSS JOIN LATERAL jsonb_build_object('limit', 2, 'metadata', true, 'format', format) AS options
WHERE name = 'groups';
SELECT is(pg_temp.ask(definition, '{"limit": 3, "max_rows": 2, "count": "exact"}')
	-> 'total_count', '7', 'cut by a limit of the call') FROM asked WHERE name = 'groups';

-- How often the table is read for a page that is not the last.
CREATE FUNCTION pg_temp.reads() RETURNS bigint LANGUAGE sql AS $$
	SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables WHERE relname = 'parcels'
$$;
CREATE FUNCTION pg_temp.reads_of(definition jsonb, options jsonb) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
	before bigint := pg_temp.reads();
BEGIN
	PERFORM pg_temp.ask(definition, options);
	RETURN pg_temp.reads() - before;
END
$$;
SELECT is(pg_temp.reads_of(definition, '{"page_size": 1, "count": "exact"}')
		= pg_temp.reads_of(definition, '{"page_size": 1}'), once,
	name || CASE WHEN once THEN ': in one run' ELSE ': counted by another' END)
FROM asked WHERE name NOT IN ('one group');
SELECT is(pg_temp.ask(definition, '{"count": "exact"}') -> 'total_count',
	pg_temp.ask(definition, '{}') -> 'row_count', name || ', all of it') FROM asked;
SELECT * FROM finish();
ROLLBACK;
