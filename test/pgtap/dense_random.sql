-- Random time series, asked with their buckets aggregated all at once and grouped by the bucket:
-- both answers are the same. SEED and DEFINITIONS choose other draws.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
\set seed 0.2718
\getenv seed SEED
\set definitions 500
\getenv definitions DEFINITIONS

CREATE FUNCTION pg_temp.pick(VARIADIC list text[]) RETURNS text LANGUAGE sql VOLATILE
    AS 'SELECT list[floor(random() * cardinality(list))::int + 1]';

-- A few of the measures, each with its alias and some with a condition of its own.
CREATE FUNCTION pg_temp.measures(joined boolean) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    WITH measures AS MATERIALIZED (
        SELECT m, n, random() AS place, random() < 0.25 AS filtered
        FROM unnest(ARRAY['o.* count', 'o.customer_id count', 'o.amount sum', 'o.amount avg',
            'o.amount min', 'o.amount max', 'o.discount sum', 'o.discount avg', 'o.discount max',
            'o.big sum', 'o.big avg', 'o.big min', 'o.small sum', 'o.small avg', 'o.small max',
            'o.shipped min', 'o.reviewed max', 'o.local_at min', 'o.status count']
            || CASE WHEN joined THEN ARRAY['i.quantity sum', 'i.quantity avg', 'i.* count',
                                           'c.score avg', 'c.score sum'] ELSE '{}' END)
            WITH ORDINALITY AS u (m, n)
        ORDER BY place LIMIT 1 + floor(random() * 4)::int)
    SELECT jsonb_agg(oracle.column(m || ' = m' || n) || CASE WHEN filtered THEN
        jsonb_build_object('filters', jsonb_build_array(oracle.cond('o.status eq', '"paid"')))
        ELSE '{}' END)
    FROM measures
$$;

CREATE FUNCTION pg_temp.draw() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    col text := pg_temp.pick('placed_at', 'placed_at', 'placed_at', 'local_at', 'shipped',
        'reviewed');
    joined boolean := random() < 0.3;
    measures jsonb := pg_temp.measures(joined);
    start date := date '2023-12-20' + floor(random() * 320)::int;
    finish date := start + floor(random() * 120)::int;
    fill text := pg_temp.pick('value', 'null', 'previous', 'linear');
    series jsonb;
    dimensions jsonb := '[]';
    rest jsonb := '{}';
    i int;
BEGIN
    series := jsonb_build_object('table_id', 'o', 'date_column', col, 'interval',
        CASE WHEN col = 'shipped' THEN pg_temp.pick('day', 'week', 'month', 'quarter', '3 days')
            ELSE pg_temp.pick('hour', 'day', 'week', 'month', 'quarter', 'year', '15 minutes',
                '6 hours', '10 days', '5 months', 'auto') END,
        'timezone', pg_temp.pick('UTC', 'America/New_York', 'Europe/Berlin', 'America/Havana',
            'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham'),
        'fill', fill, 'week_start', pg_temp.pick('monday', 'sunday', 'thursday'),
        'range', jsonb_build_object('start', start, 'end', finish));
    IF series ->> 'interval' IN ('hour', '15 minutes') THEN
        series := series || jsonb_build_object('range', jsonb_build_object('start', start,
            'end', start + 9));
    END IF;
    IF random() < 0.3 THEN
        series := series || '{"fill_missing": false}';
    END IF;
    IF random() < 0.5 AND fill = 'previous' THEN
        series := series || '{"fill_before": true}';
    END IF;
    IF random() < 0.2 THEN
        series := series || '{"origin": "2024-01-17"}';
    END IF;
    IF random() < 0.3 AND col = 'local_at' THEN
        series := series || '{"source_timezone": "Asia/Tokyo"}';
    END IF;
    IF random() < 0.5 THEN
        dimensions := dimensions || oracle.column(pg_temp.pick('o.status', 'o.channel',
            'o.customer_id', 'o.shipped', CASE WHEN joined THEN 'c.region' ELSE 'o.small' END));
    END IF;
    IF random() < 0.2 THEN
        rest := rest || oracle.filters(oracle.cond('o.amount gt', to_jsonb(random() * 480)));
    END IF;
    CASE pg_temp.pick('', '', 'limit', 'windows', 'compare', 'top', 'pivot', 'totals', 'having')
    WHEN 'limit' THEN
        rest := rest || '{"limit": 7, "offset": 2}';
    WHEN 'windows' THEN
        rest := rest || jsonb_build_object('windows', jsonb_build_array(jsonb_build_object(
            'function', pg_temp.pick('rank', 'lag'), 'of', measures #>> '{0,alias}',
            'alias', 'w')));
    WHEN 'compare' THEN
        rest := rest || '{"compare": {"period": "previous_month"}}';
    WHEN 'top' THEN
        rest := rest || jsonb_build_object('top', jsonb_build_object('n', 2, 'by',
            measures #>> '{0,alias}', 'other', random() < 0.5));
    WHEN 'pivot' THEN
        rest := rest || jsonb_build_object('pivot', jsonb_build_object('column', 'status', 'value',
            measures #>> '{0,alias}'));
        dimensions := jsonb_build_array(oracle.column('o.status'));
        measures := jsonb_build_array(measures -> 0);
    WHEN 'totals' THEN
        rest := rest || '{"totals": true}';
    WHEN 'having' THEN
        rest := rest || jsonb_build_object('having', jsonb_build_array(jsonb_build_object('column',
            measures #>> '{0,alias}', 'operator', 'is_not_null')));
    ELSE
    END CASE;
    RETURN oracle.def(CASE WHEN joined THEN 'o orders, c customers, i items' ELSE 'o orders' END,
        'o.x', rest || jsonb_build_object('columns', dimensions || measures, 'time_series', series),
        CASE WHEN joined THEN 'o.customer_id = c.id LEFT, o.id = i.order_id LEFT' END);
END
$$;

-- An answer, or its refusal. Sums of floats differ in their last digits from plan to plan; what
-- is numeric has all of them, and its scale, also where it was interpolated.
CREATE FUNCTION pg_temp.ask(definition jsonb, dense text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('prismiq.dense', dense, true);
    RETURN CASE WHEN definition::text ~ 'discount|score'
        THEN regexp_replace(oracle.answer(definition), '(\.\d{5})\d+', '\1', 'g')
        ELSE oracle.answer(definition) END;
END
$$;

CREATE TEMP TABLE drawn (n int, definition jsonb, dense boolean, windows boolean, on_ text,
    off text);
SELECT setseed(:seed) \g /dev/null
SET LOCAL oracle.definitions = :definitions;
DO $$
DECLARE
    definition jsonb;
    answer text;
    compiled text;
BEGIN
    FOR n IN 1 .. current_setting('oracle.definitions')::int LOOP
        definition := pg_temp.draw();
        answer := pg_temp.ask(definition, 'on');
        compiled := CASE WHEN answer LIKE '[%' THEN prismiq_compile(definition)::jsonb ->> 'sql'
            ELSE '' END;
        INSERT INTO drawn VALUES (n, definition, strpos(compiled, 'prismiq_dense') > 0,
            strpos(compiled, 'OVER before') > 0, answer, pg_temp.ask(definition, 'off'));
    END LOOP;
END
$$;
SELECT is(count(*), :definitions::bigint, 'as many were drawn') FROM drawn;
SELECT is_empty('SELECT definition, on_, off FROM drawn WHERE on_ IS DISTINCT FROM off',
    'both forms give the same');
SELECT cmp_ok(count(*) FILTER (WHERE dense AND length(on_) > 10), '>', count(*) * 4 / 10,
    'many are dense and have rows') FROM drawn;
SELECT cmp_ok(count(*) FILTER (WHERE on_ LIKE '[%'), '>', count(*) * 8 / 10, 'few are refused')
FROM drawn;
SELECT cmp_ok(count(*) FILTER (WHERE dense AND definition ? key), '>', 5::bigint,
    'dense below ' || key)
FROM drawn, unnest('{windows,top,pivot,limit}'::text[]) AS key GROUP BY key;
SELECT cmp_ok(count(*) FILTER (WHERE dense AND on_ ~ '\d'), '>', count(*) * 4 / 10,
    'many are dense and filled: ' || fill)
FROM drawn, LATERAL (SELECT definition #>> '{time_series,fill}' AS fill) AS f
WHERE definition #> '{time_series,fill_missing}' IS NULL AND NOT definition ?| '{totals,having}'
    AND fill IN ('previous', 'linear') AND on_ LIKE '[%' GROUP BY fill;
SELECT ok(NOT bool_or(windows AND dense), 'what is dense needs no windows to be filled') FROM drawn;
SELECT ok(bool_or(windows), 'what is not does') FROM drawn;
SELECT is(count(*) FILTER (WHERE dense AND definition ?| '{totals,having}'), 0::bigint,
    'totals and having are grouped by the bucket') FROM drawn;

SELECT * FROM finish();
ROLLBACK;
