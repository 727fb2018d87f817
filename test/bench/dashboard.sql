-- Twenty panels over a week of one tenant's flights, or the days that are said by the variable, of
-- all shapes, in table bench.panels: each with the SQL that answers it by hand.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET prismiq.tenant_id = 'CA';
SET prismiq.user_id = 'ann';
SET prismiq.roles = 'admin';

\if :{?days}
\else
\set days 7
\endif
DROP VIEW IF EXISTS bench.dashboard;
DROP TABLE IF EXISTS bench.panels;
CREATE TABLE bench.panels (place int PRIMARY KEY, widget jsonb, hand text, id uuid);
INSERT INTO bench.panels (place, widget, hand)
SELECT row_number() OVER (), jsonb_build_object('type', type, 'query',
    jsonb_build_object('tables', '[{"id": "f", "name": "flights"}]'::jsonb,
        'filters', jsonb_build_array('{"table_id": "f", "column": "departed_at",
            "operator": "between"}'::jsonb || jsonb_build_object('value', jsonb_build_array(
                '2001-01-01', date '2001-01-01' + :days - 1)),
            jsonb_build_object('table_id', 'f', 'column', 'distance', 'operator', 'gt',
                'value', least_distance))) || query),
    format('SELECT %s FROM flights WHERE state = %L AND departed_at >= ''2001-01-01''
            AND departed_at < %L AND distance > %s %s', columns, 'CA',
        date '2001-01-01' + :days, least_distance, rest)
FROM generate_series(0, 400, 100) AS least_distance, (VALUES
    ('metric', '{"columns": [{"table_id": "f", "column": "delay", "aggregation": "avg",
        "alias": "v"}]}'::jsonb, 'avg(delay) AS v', ''),
    ('line_chart', '{"columns": [{"table_id": "f", "column": "*", "aggregation": "count",
        "alias": "v"}], "time_series": {"table_id": "f", "date_column": "departed_at",
        "interval": "day"}}', 'date_trunc(''day'', departed_at) AS d, count(*) AS v',
     'GROUP BY 1 ORDER BY 1'),
    ('pie_chart', '{"columns": [{"table_id": "f", "column": "origin"},
        {"table_id": "f", "column": "*", "aggregation": "count", "alias": "v"}],
        "order_by": [{"alias": "v", "direction": "DESC"}], "limit": 8}',
     'origin, count(*) AS v', 'GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8'),
    ('table', '{"columns": [{"table_id": "f", "column": "origin"},
        {"table_id": "f", "column": "distance", "aggregation": "sum", "alias": "v"}]}',
     'origin, sum(distance) AS v', 'GROUP BY 1')) AS panels (type, query, columns, rest);

SELECT prismiq.prismiq_dashboard_create(jsonb_build_object('name', 'Panels ' || :days, 'widgets',
    (SELECT jsonb_agg(widget ORDER BY place) FROM bench.panels))) ->> 'id' AS d \gset
UPDATE bench.panels p SET id = w.id
FROM (SELECT w.id, row_number() OVER (ORDER BY w.created_at, w.position -> 'y',
          w.position -> 'x') AS place
      FROM prismiq.prismiq_widgets w WHERE w.dashboard_id = :'d') w
WHERE w.place = p.place;
CREATE VIEW bench.dashboard AS SELECT :'d'::uuid AS id;

GRANT SELECT ON bench.panels, bench.dashboard TO app_user;
