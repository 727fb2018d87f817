-- A table that is not found draws no second fault after it, whatever the definition says of it; nor
-- does a calculated field that has one.
\set ON_ERROR_STOP on

CREATE SCHEMA v;
GRANT USAGE ON SCHEMA v TO app_user;
CREATE TABLE v.facts (id int PRIMARY KEY, tenant text, at timestamptz, local timestamp, day date,
    n int, x numeric, s text, m text);
CREATE VIEW v.looked AS SELECT * FROM v.facts;
GRANT SELECT ON v.facts, v.looked TO app_user;
SELECT prismiq.prismiq_expose(r, tenant_column => 'tenant', time_column => 'at')
FROM unnest('{v.facts,v.looked}'::regclass[]) r \g /dev/null
SET ROLE app_user;
SET prismiq.schema = 'v';
SELECT no_plan();
SELECT prismiq.prismiq_set_context('acme', 'ann', '{}', false) \g /dev/null

\getenv dir TEST_DIR
\set definitions :dir /lib/definitions.sql
\i :definitions

INSERT INTO definitions VALUES
 ('expr', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "facts"}],
     "joins": [{"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "n"}],
  "columns": [{"column": "r"}, {"column": "q"}, {"column":"u"}],
      "calculated_fields": [{"name": "r", "expression": "[f.n] + [g.n]"}, {"name": "q",
          "expression": "[n] + 1"}, {"name":"u","expression":"sum([g.x]) / count([f.id])"}],
              "having":
                  [{"table_id":"g","column":"x","aggregation":"sum","operator":"gt","value":1}],
                      "order_by":[{"alias":"u"}]}'),
 ('scope', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "looked"}],
     "joins": [{"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "n"}],
  "columns": [{"table_id": "f", "column": "n"}], "filters": [{"table_id": "g", "column": "s",
      "operator": "eq", "value": "a", "scope": "any"}]}'),
 ('three', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "looked"},
     {"id":"h","name":"facts"}], "joins": [{"from_table_id": "f", "from_column": "id",
         "to_table_id": "g", "to_column": "n"},{"from_table_id": "g", "from_column": "id",
             "to_table_id": "h", "to_column": "n"}],
  "columns": [{"table_id": "f", "column": "n"},{"table_id": "h", "column": "n",
      "aggregation": "sum", "alias":"k"}],
          "windows":[{"alias":"w","function":"rank","order_by":[{"alias":"k"}]}],
              "qualify":[{"column":"w","operator":"lt","value":3}], "top":{"n":2,"by":"k"}}'),
 ('on', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "looked"}],
     "joins": [{"from_table_id": "f", "to_table_id": "g", "join_type":"LEFT",
         "on":[{"from_column": "id", "to_column":
             "n"},{"from_column":"at","to_column":"at","operator":"gt"}]}],
  "columns": [{"table_id": "f", "column": "n"},{"table_id": "g", "column": "n",
      "aggregation":"sum"}],
          "filters":[{"table_id":"g","column":"s","operator":"eq","value":"x","scope":"join"}],
              "totals":true, "fan_out":"error"}'),
 ('series2', '{"tables": [{"id": "f", "name": "facts"}, {"id": "g", "name": "looked"}],
     "joins": [{"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "n"}],
  "columns": [{"table_id": "f", "column": "n", "aggregation":"sum"},{"table_id": "f",
      "column": "s"}], "time_series": {"table_id": "g", "date_column": "at", "interval": "1 day",
          "range":{"start":"2024-01-01","end":"2024-02-01"}},
              "compare":{"period":"previous_year"},
                  "pivot":{"column":"s","value":"n_sum","values":["a","b"]}}'),
 ('star', '{"tables": [{"id": "f", "name": "facts"}],
     "columns":[{"table_id":"f","column":"*","aggregation":"count"},{"table_id":"f","column":"at",
         "date_trunc":"month"},{"table_id":"f","column":"n","aggregation":"first",
             "args":{"order_by":"at"}},{"table_id":"f","column":"n",
                 "aggregation":"count_distinct"}],"group_by":[{"table_id":"f","column":"at"}],
                     "order_by":[{"table_id":"f","column":"at"}]}'),
 ('unplaced', '{"tables": [{"id": "f", "name": "facts"}, {"id":"g","name":"facts"}],
     "joins": [{"from_table_id": "f", "from_column": "id", "to_table_id": "g", "to_column": "n"}],
         "columns":[{"column":"x"}], "calculated_fields":[{"name":"x","expression":"count()"}],
             "fan_out":"error"}');

INSERT INTO definitions
SELECT 'field-'||k, ('{"tables": [{"id": "f", "name": "facts"}], "columns": [{"table_id": "f",
    "column": "s"}, {"column": "r"}], "calculated_fields": [{"name": "r", "expression":
        "sum([n]) / count()"}, {"name": "d", "expression": "date_add([at], 1, \"day\")"}, {"name":
            "t", "expression": "[s] || \"x\""}]}'::jsonb || x::jsonb)
FROM (VALUES ('having','{"having": [{"column": "r", "operator": "gt", "value":1}]}'),
    ('pivot','{"pivot": {"column": "s", "value": "r", "values": ["a"]}}'),
    ('pivotkey','{"columns": [{"column": "t"}, {"column": "r"}],"pivot": {"column": "t", "value":
        "r", "values": ["a"]}}'),
    ('totals','{"totals": ["s"]}'),
    ('totals2','{"totals":true}'),
    ('totals3','{"columns": [{"column": "t"}, {"column": "r"}],"totals": ["t"]}'),
    ('window','{"windows": [{"alias": "w", "function": "running_total", "of": "r", "partition_by":
        ["s"],"order_by": [{"alias": "r"}]}],"qualify": [{"column": "w", "operator": "gt",
            "value":1}]}'),
    ('compare','{"compare": {"period": "previous_month"},"time_series": {"table_id": "f",
        "date_column": "at", "interval": "1 day", "range": {"start": "2024-01-01", "end":
            "2024-02-01"}}}'),
    ('series','{"time_series": {"table_id": "f", "date_column": "at", "interval": "1 day", "range":
        {"start": "2024-01-01", "end": "2024-02-01"},"fill_value":1},"columns": [{"column":
            "r"}]}'),
    ('seriesfield','{"time_series": {"table_id": "f", "date_column": "d", "interval": "1 day",
        "range": {"start": "2024-01-01", "end": "2024-02-01"},"fill_value":1},"columns":
            [{"column": "r"}]}'),
    ('comparefield','{"compare": {"period": "previous_month"},"filters": [{"table_id": "f",
        "column": "d", "operator": "date_window", "value": {"period": "monthly", "value":-1}}]}'),
    ('comparerows','{"compare": {"period": "previous_month"},"filters": [{"table_id": "f",
        "column": "at", "operator": "date_window", "value": {"period": "monthly", "value":-1}}]}'),
    ('order','{"order_by": [{"alias": "r"}],"group_by": [{"table_id": "f", "column": "s"}]}'),
    ('group','{"columns": [{"column": "t"}, {"column": "r"}],"group_by": [{"column": "t"}]}'),
    ('top','{"top": {"n":1,"by": "r"}}'),
    ('aggfield','{"columns": [{"column": "t", "aggregation": "max"}, {"table_id": "f", "column":
        "s"}],"having": [{"column": "t_max", "operator": "eq", "value": "x"}]}'),
    ('fieldfilter','{"filters": [{"column": "t", "operator": "like", "value": "x%"}, {"column": "d",
        "operator": "date_preset", "value": "this_month"}]}'),
    ('onlyfields','{"columns": [{"column": "t"}, {"column": "d"}],"limit":5,"order_by": [{"alias":
        "t"}]}'),
    ('totalscount','{"columns": [{"column": "r"}],"totals":true}'),
    ('measurefilters','{"columns": [{"table_id": "f", "column": "n", "aggregation": "sum",
        "filters": [{"column": "t", "operator": "eq", "value": "x"}]}]}')
) v(k,x);
CREATE FUNCTION pg_temp.places(d jsonb, at text[] = '{}') RETURNS SETOF text[] LANGUAGE sql AS $f$
    SELECT at
    UNION ALL
    SELECT p FROM jsonb_each(CASE jsonb_typeof(d) WHEN 'object' THEN d ELSE '{}' END) o (k, v),
        pg_temp.places(v, at || k) p
    UNION ALL
    SELECT p FROM jsonb_array_elements(CASE jsonb_typeof(d) WHEN 'array' THEN d ELSE '[]' END)
        WITH ORDINALITY a (v, n), pg_temp.places(v, at || (n - 1)::text) p
$f$;

CREATE FUNCTION pg_temp.codes(definition jsonb) RETURNS text LANGUAGE sql AS $f$
    SELECT string_agg(e ->> 'code', ' ')
    FROM jsonb_array_elements(prismiq.prismiq_validate(definition) -> 'errors') e
$f$;
SELECT is(pg_temp.codes(definition), NULL, name || ' is valid') FROM definitions;
SELECT cmp_ok(count(*), '>=', 35::bigint, 'so many kinds') FROM definitions;
SELECT is(pg_temp.codes(jsonb_set(definition, p, '"nowhere_at_all"')), 'TABLE_NOT_FOUND',
    format('%s: %s', name, p))
FROM definitions, pg_temp.places(definition) p
WHERE p[array_upper(p, 1)] = 'name' AND p[array_upper(p, 1) - 2] = 'tables';
SELECT is(pg_temp.codes(jsonb_set(definition, p, '"nowhere"')), 'TABLE_NOT_FOUND',
    format('%s: an id that no table has, %s', name, p))
FROM definitions, pg_temp.places(definition) p
WHERE p[array_upper(p, 1)] ~ 'table_id$';
SELECT is(pg_temp.codes(jsonb_set(definition, p, '"[nowhere]"')), 'COLUMN_NOT_FOUND',
    format('%s: a field of a column that is not there, %s', name, p))
FROM definitions, pg_temp.places(definition) p
WHERE p[array_upper(p, 1)] = 'expression';
SELECT is(pg_temp.codes(jsonb_set(definition, p, '"nowhere"')), 'COLUMN_NOT_FOUND',
    format('%s: grouped by a column that is not there, %s', name, p))
FROM definitions, pg_temp.places(definition) p
WHERE p[array_upper(p, 1)] = 'column' AND p[array_upper(p, 1) - 2] = 'group_by'
    AND definition #> trim_array(p, 1) ? 'table_id';

-- The name is right, and what is beside it is not.
SELECT is((SELECT jsonb_agg(e -> 'suggestion') FROM jsonb_array_elements(prismiq.prismiq_validate(
    jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('id', 'f', 'name', name,
        'schema',
        schema)), 'columns', '[{"table_id": "f", "column": "n"}]'::jsonb)) -> 'errors') e)
    @> format('["Did you mean \"%s\"?"]', name)::jsonb, false, format('%s.%s', schema, name))
FROM (VALUES ('public', 'facts'), ('nowhere', 'facts'), ('prismiq', 'looked'), ('w', 'facts')) v
    (schema, name);
SELECT is(prismiq_internal.name_suggest('app', '{app}'), NULL, 'by name');
SELECT is(prismiq_internal.name_suggest('app', '{app,apple}'), 'Did you mean "apple"?', 'the next');

-- A suggestion is never the name that was written. Every text of a definition takes the place of
-- every other one.
SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE tried AS
SELECT t.*, e ->> 'suggestion' AS suggestion, e ->> 'message' AS message,
    t.definition #>> string_to_array(substr(e ->> 'path', 2), '/') AS written
FROM (SELECT jsonb_set(definition, p.p, to_jsonb(definition #>> other.p)) AS definition
      FROM definitions, pg_temp.places(definition) p (p), pg_temp.places(definition) other (p)
      WHERE jsonb_typeof(definition #> p.p) = 'string' AND jsonb_typeof(definition #> other.p) =
          'string'
      ORDER BY random() LIMIT 6000) t,
    jsonb_array_elements(prismiq.prismiq_validate(t.definition) -> 'errors') e;
SELECT cmp_ok((SELECT count(*) FROM tried WHERE suggestion ~ '^Did you mean'), '>', 100::bigint,
    'so many suggestions');
SELECT is_empty($$SELECT suggestion, message, definition FROM tried
    WHERE substring(suggestion FROM '^Did you mean "(.*)"\?$') IN (written, substring(message FROM
        '"([^"]*)"')) LIMIT 5$$, 'and none of them is what was written');

SELECT finish();
