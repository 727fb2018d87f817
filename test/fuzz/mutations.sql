-- Random mutations of definitions, and definitions that are invented: see
-- test/t/mutations.sh, which says how many (n) and where random() begins (seed).
SET search_path = prismiq, public;
SET client_min_messages = warning;
\ir odd.sql
\ir invent.sql
SELECT FROM prismiq_grant('app_user', 'admin');

SELECT FROM prismiq_model_set('{"relationships": [{"from_table": "flights", "from_column":
	"destination", "to_table": "weather", "to_column": "weather"}], "measures": {
	"late": {"table": "flights", "expression": "sum_if([delay], [delay] > 15) / count()"},
	"far": {"table": "flights", "column": "distance", "aggregation": "avg", "filters": [{"column":
		"departed_at", "operator": "date_preset", "value": "last_year"}]}}}');

CREATE TEMP TABLE corpus (id serial, definition jsonb);
INSERT INTO corpus (definition) VALUES
('{"tables": [{"id": "q", "query": {"tables": [{"id": "f", "name": "flights"}], "columns":
	[{"table_id": "f", "column": "destination"}, {"table_id": "f", "column": "origin",
	"aggregation": "array_agg", "alias": "o"}]}}], "columns": [{"table_id": "q", "column": "o",
	"unnest": true}, {"table_id": "q", "column": "*", "aggregation": "count", "alias": "n"}],
	"group_by": [{"table_id": "q", "column": "o", "unnest": true}], "limit": 3}'),
('{"tables": [{"id": "f", "name": "flights"}, {"id": "o", "name": "airports"}], "joins":
	[{"from_table_id": "f", "from_column": "origin", "to_table_id": "o", "to_column": "iata"}],
	"columns": [{"table_id": "o", "column": "city"}, {"measure": "late", "alias": "l"}, {"measure":
	"far", "table_id": "f"}], "having": [{"measure": "late", "operator": "gt", "value": 1}],
	"windows": [{"alias": "w", "function": "rank", "order_by": [{"alias": "l"}]}]}'),
('{"tables": [{"id": "f", "name": "flights", "alias": "x"}], "columns": [{"table_id": "f",
	"column": "*", "aggregation": "count", "alias": "n"}], "filters": [{"table_id": "f",
	"column": "delay", "operator": "gt", "value": 10}, {"or": [{"table_id": "f", "column":
	"origin", "operator": "in", "value": ["LAX", null]}, {"not": {"and": [{"table_id": "f",
	"column": "distance", "operator": "between", "value": [100, 2000]}]}}]}], "having":
	[{"column": "n", "operator": "gte", "value": 1}]}'),
('{"tables": [{"id": "f", "name": "flights", "schema": "public"}, {"id": "o", "name":
	"airports"}, {"id": "d", "name": "airports"}], "joins": [{"from_table_id": "f",
	"from_column": "origin", "to_table_id": "o", "to_column": "iata", "join_type": "LEFT"},
	{"from_table_id": "f", "from_column": "destination", "to_table_id": "d", "to_column":
	"iata"}], "columns": [{"table_id": "o", "column": "city", "alias": "from"}, {"table_id": "d",
	"column": "city"}, {"table_id": "f", "column": "delay", "aggregation": "avg"}], "order_by":
	[{"alias": "from", "direction": "DESC", "nulls": "last"}, {"table_id": "d", "column":
	"city"}], "limit": 5, "offset": 1}'),
('{"tables": [{"id": "f", "name": "flights"}], "columns": [{"table_id": "f", "column":
	"origin"}, {"table_id": "f", "column": "delay", "aggregation": "max"}], "time_series":
	{"table_id": "f", "date_column": "departed_at", "interval": "day", "alias": "t",
	"fill_missing": true, "fill": "value", "fill_value": 0, "fill_before": false,
	"timezone": "America/Los_Angeles", "source_timezone": "America/Los_Angeles", "range": {"start": "2001-03-30", "end":
	"2001-04-03"}, "week_start": "monday", "max_points": 100, "origin": "2001-01-01"},
	"group_by": [{"table_id": "f", "column": "origin"}]}'),
('{"tables": [{"id": "w", "name": "weather"}], "columns": [{"table_id": "w", "column": "date",
	"date_trunc": "month"}, {"table_id": "w", "column": "precipitation", "aggregation": "sum"},
	{"table_id": "w", "column": "weather", "aggregation": "count_distinct"}], "filters":
	[{"table_id": "w", "column": "date", "operator": "date_preset", "value": "last_year"},
	{"table_id": "w", "column": "weather", "operator": "contains", "value": "r%"}, {"table_id":
	"w", "column": "wind", "operator": "not_in", "value": [1.5, 2], "nulls": "exclude"}],
	"group_by": [{"table_id": "w", "column": "date"}]}'),
('{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}], "joins":
	[{"from_table_id": "f", "from_column": "origin", "to_table_id": "a", "to_column": "iata",
	"join_type": "FULL"}], "columns": [{"table_id": "f", "column": "id"}, {"table_id": "a",
	"column": "latitude"}, {"table_id": "f", "column": "departed_at", "source_timezone": "UTC"}],
	"filters": [{"table_id": "f", "column": "departed_at", "operator": "date_relative", "value":
	-7, "source_timezone": "America/Los_Angeles"}, {"table_id": "a",
	"column": "name", "operator": "like", "value": "A_%"}], "limit": 20}'),
('{"tables": [{"id": "f", "name": "others", "schema": "odd"}], "columns": [{"table_id": "f",
	"column": "jb", "path": ["a"], "type": "text", "alias": "t"}, {"table_id": "f", "column": "jb",
	"path": ["a", "a", 0], "type": "number", "aggregation": "sum"}, {"column": "n",
	"aggregation": "max"}], "filters": [{"table_id": "f", "column": "jb", "path": [-1], "type":
	"date", "operator": "is_null"}], "group_by": [{"table_id": "f", "column": "jb", "path": ["a"],
	"type": "text"}], "order_by": [{"table_id": "f", "column": "jb", "path": ["a"], "type": "text"}],
	"having": [{"table_id": "f", "column": "jb", "path": ["a"], "type": "integer", "aggregation":
	"count", "operator": "gte", "value": 0}], "time_series": {"table_id": "f", "date_column": "jb",
	"path": ["a"], "type": "timestamp", "interval": "day", "range": {"start": "2001-03-30", "end":
	"2001-04-03"}}, "calculated_fields": [{"name": "n", "expression":
	"json([jb], \"a\", \"integer\") + 1"}]}');

-- What is put in somewhere: other types, other names, hostile text, extremes.
CREATE TEMP TABLE pool (id serial, value jsonb);
INSERT INTO pool (value) VALUES
('"late"'), ('"far"'), ('null'), ('true'), ('false'), ('0'), ('-1'), ('1.5'), ('1e400'), ('99999999999999999999'),
('2147483648'), ('""'), ('" "'), ('"f"'), ('"o"'), ('"delay"'), ('"origin"'), ('"departed_at"'),
('"id"'), ('"city"'), ('"*"'), ('"airports"'), ('"flights"'), ('"pg_class"'), ('"n"'), ('"t"'),
('"sum"'), ('"count"'), ('"none"'), ('"median"'), ('"eq"'), ('"neq"'), ('"like"'), ('"in"'),
('"between"'), ('"is_null"'), ('"date_preset"'), ('"date_window"'), ('"today"'), ('"hour"'),
('"auto"'), ('"1 second"'), ('"3 months"'), ('"-1 day"'), ('"1 month 1 day"'), ('"null"'),
('"value"'), ('"previous"'), ('"linear"'), ('"INNER"'), ('"FULL"'), ('"cross"'), ('"DESC"'),
('"Mars/Base"'), ('"2001-02-31"'), ('"2001-04-01"'), ('"infinity"'), ('"294277-01-01"'),
('"4714-11-24 BC"'), ('"x''; DROP TABLE flights; --"'), ('"\"quoted\""'), ('"a\\"'), ('"$1"'),
('"🛫"'), (to_jsonb(repeat('é', 40))), (to_jsonb(repeat('x', 5000))), ('[]'), ('{}'), ('[null]'),
('[1, "x"]'), ('["a", 0]'), ('[-2147483649]'), ('[[[]]]'), ('{"param": "p"}'), ('{"param": "p", "optional": true}'), ('{"and": []}'), ('{"or": [{"not": {}}]}'),
('{"table_id": "f", "column": "delay"}'), ('{"start": "2001-04-01"}'),
('{"period": "monthly", "value": 0}'), (repeat('9', 400)::jsonb);

CREATE TEMP TABLE keys (id serial, key text);
INSERT INTO keys (key)
SELECT DISTINCT k FROM corpus, jsonb_path_query(definition, '$.**') AS node,
	jsonb_object_keys(CASE jsonb_typeof(node) WHEN 'object' THEN node ELSE '{}' END) AS k
UNION
SELECT unnest('{windows,pivot,compare,top,totals,params,fan_out,sql,distinct,on,x,""}'::text[]);

-- Every place in a document.
CREATE FUNCTION pg_temp.places(document jsonb) RETURNS SETOF text[] LANGUAGE sql AS $$
	WITH RECURSIVE walk (path, node) AS (
		SELECT '{}'::text[], document
		UNION ALL
		SELECT path || child.key, child.value
		FROM walk, LATERAL (
			SELECT key, value FROM jsonb_each(CASE jsonb_typeof(node)
											  WHEN 'object' THEN node ELSE '{}' END)
			UNION ALL
			SELECT (n - 1)::text, value
			FROM jsonb_array_elements(CASE jsonb_typeof(node) WHEN 'array' THEN node ELSE '[]' END)
				WITH ORDINALITY AS e (value, n)) AS child
	)
	SELECT path FROM walk WHERE path <> '{}'
$$;

CREATE FUNCTION pg_temp.any_value() RETURNS jsonb LANGUAGE sql AS $$
	SELECT value FROM pool OFFSET floor(random() * (SELECT count(*) FROM pool)) LIMIT 1
$$;

CREATE FUNCTION pg_temp.mutate(document jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	places text[] := (SELECT array_agg(p::text) FROM pg_temp.places(document) AS p);
	place text[] := places[1 + floor(random() * cardinality(places))::int]::text[];
	other text[] := places[1 + floor(random() * cardinality(places))::int]::text[];
BEGIN
	CASE floor(random() * 6)
		WHEN 0 THEN RETURN document #- place;
		WHEN 1 THEN RETURN jsonb_set(document, place, document #> other);
		WHEN 2 THEN RETURN jsonb_set(document, place, jsonb_build_array(document #> place,
																		document #> place));
		WHEN 3 THEN RETURN jsonb_set(document, place[: cardinality(place) - 1] ||
			(SELECT key FROM keys OFFSET floor(random() * (SELECT count(*) FROM keys)) LIMIT 1),
			pg_temp.any_value());
		ELSE RETURN jsonb_set(document, place, pg_temp.any_value());
	END CASE;
EXCEPTION WHEN data_exception OR invalid_parameter_value THEN
	RETURN document;			-- a key among the elements of an array
END
$$;

CREATE TEMP TABLE outcome (document jsonb, options jsonb, outcome text, valid boolean,
	problem text);

-- What is raised: null for an answer, else SQLSTATE, message and detail.
CREATE FUNCTION pg_temp.raised(call text, document jsonb, options jsonb) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
	code text;
	message text;
	detail text;
	answer text;
BEGIN
	EXECUTE format(call, '$1', '$2') INTO answer USING document, options;
	-- The errors of a dashboard's widgets are parts of its answer.
	RETURN CASE WHEN answer ~ 'the query failed' THEN ARRAY['XX000', 'of a widget'] END;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL;
	RETURN ARRAY[code, message, detail];
END
$$;

-- The answer of a document, or what is raised. Without an order its rows come as the plan has them,
-- which goes by how long plans took: which of many rows are the first is not compared.
CREATE FUNCTION pg_temp.answer(document jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
BEGIN
	answer := prismiq_query(document, '{"max_rows": 50}')::jsonb - 'execution_time_ms';
	RETURN answer || jsonb_build_object('rows', CASE WHEN answer -> 'truncated' = 'true' THEN 'null'
		ELSE (SELECT coalesce(jsonb_agg(r ORDER BY r), '[]')
			  FROM jsonb_array_elements(answer -> 'rows') r) END);
EXCEPTION WHEN OTHERS THEN
	RETURN jsonb_build_array(SQLSTATE, SQLERRM);
END
$$;

-- Does a session that reads and writes values in another way get another answer?
CREATE FUNCTION pg_temp.differs(document jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	first jsonb := pg_temp.answer(document);
BEGIN
	PERFORM set_config(name, value, true) FROM (VALUES ('DateStyle', 'SQL, DMY'),
		('IntervalStyle', 'sql_standard'), ('extra_float_digits', '-10'),
		('bytea_output', 'escape')) AS v (name, value);
	RETURN first IS DISTINCT FROM pg_temp.answer(document);
END
$$;

-- May a refusal be of what the rows say, which validating does not look at?
CREATE FUNCTION pg_temp.only_rows_know(document jsonb, message text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT message IN ('a value is out of range or cannot be converted',
					   'the database cannot do this with a value')
		OR document::text ~ '"pivot"|"auto"'
$$;

-- Ask for a document in every way; what is not right in the answers, or null.
CREATE FUNCTION pg_temp.wrong(document jsonb, options jsonb, OUT outcome text, OUT valid boolean,
	OUT problem text) LANGUAGE plpgsql AS $$
DECLARE
	verdict jsonb;
	raised text[];
	call text;
BEGIN
	BEGIN
		verdict := prismiq_validate(document);
		valid := verdict -> 'valid';
	EXCEPTION WHEN OTHERS THEN
		problem := format('validate raised %s: %s', SQLSTATE, SQLERRM);
	END;
	FOREACH call IN ARRAY ARRAY['SELECT prismiq_query(%s, %s)', 'SELECT prismiq_compile(%s, %s)',
		'SELECT prismiq_explain(%s, %s)', 'SELECT count(*) FROM prismiq_query_csv(%s, %s)',
		'SELECT count(*) FROM prismiq_query_rows(%s, %s)'] LOOP
		raised := pg_temp.raised(call, document, options);
		IF raised[1] NOT IN ('22023', 'PT413') THEN
			problem := coalesce(problem, format('%s: %s %s', call, raised[1], raised[2]));
		END IF;
	END LOOP;
	raised := pg_temp.raised('SELECT prismiq_query(%s, %s)', document, '{"max_rows": 50}');
	outcome := coalesce(raised[1], 'answer');
	IF problem IS NOT NULL THEN
		NULL;
	ELSIF outcome = 'answer' AND NOT valid THEN
		problem := 'an answer, but not valid';
	ELSIF outcome = '22023' AND valid AND NOT pg_temp.only_rows_know(document, raised[2]) THEN
		problem := format('valid, but refused: %s', raised[2]);
	ELSIF outcome = '22023' AND NOT valid
		AND verdict -> 'errors' -> 0 ->> 'message' IS DISTINCT FROM raised[2] THEN
		problem := format('validate and query do not say the same: %s', raised[2]);
	ELSIF pg_temp.differs(document) THEN
		problem := 'another answer in another notation';
	END IF;
END
$$;

CREATE PROCEDURE pg_temp.run(n integer) LANGUAGE plpgsql AS $$
DECLARE
	document jsonb;
	options jsonb;
	found record;
BEGIN
	FOR i IN 1 .. n LOOP
		IF i % 2 = 0 THEN
			document := pg_temp.invent();
		ELSE
			SELECT definition INTO document FROM corpus
			OFFSET floor(random() * (SELECT count(*) FROM corpus)) LIMIT 1;
		END IF;
		FOR m IN i % 2 .. floor(3 * random() ^ 3) LOOP
			CONTINUE WHEN jsonb_typeof(document) NOT IN ('object', 'array')
				OR document IN ('{}', '[]');
			document := pg_temp.mutate(document);
		END LOOP;
		options := pg_temp.some_options();
		SET LOCAL ROLE app_user;
		SELECT * INTO found FROM pg_temp.wrong(document, options);
		RESET ROLE;
		INSERT INTO outcome VALUES (document, options, found.outcome, found.valid, found.problem);
		COMMIT;
	END LOOP;
END
$$;

SET prismiq.tenant_id = 'CA';
SELECT 'corpus', id, prismiq_validate(definition) -> 'errors' FROM corpus
WHERE NOT (prismiq_validate(definition) -> 'valid')::boolean;
SELECT setseed(:seed) \g /dev/null
CALL pg_temp.run(:n);
\ir documents.sql
SELECT 'problem', problem, document, options FROM outcome WHERE problem IS NOT NULL LIMIT 20;
SELECT CASE WHEN valid IS NULL THEN 'documents' ELSE 'outcomes' END, outcome, count(*) FROM outcome
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT 'total', count(valid) FROM outcome;
