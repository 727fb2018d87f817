#!/bin/bash
# Clients ask while others change what the answers are made of: schemas,
# functions, operators and types come and go, tables are altered, exposed and
# hidden, search paths change, connections are made anew. No backend crashes,
# no error is an internal one, and every answer that comes is right.
#
#   CHURN_SECONDS=20     for how long
. "$TEST_DIR/lib/tap.sh"

: "${CHURN_SECONDS:=20}"
export PGDATABASE=churn_$$
logs=$(mktemp -d)
trap 'dropdb --if-exists --force "$PGDATABASE"; rm -rf "$logs"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

psql -Xq -v ON_ERROR_STOP=1 >"$logs/setup" 2>&1 <<'END'
SET client_min_messages = warning;
CREATE TABLE public.moving (id int PRIMARY KEY, tenant text, amount numeric, label text,
	note text);
INSERT INTO public.moving SELECT n, CASE WHEN n % 2 = 0 THEN 'CA' ELSE 'NY' END, n, 'x'
FROM generate_series(1, 100) n;
CREATE VIEW public.watching AS SELECT id, tenant, label FROM public.moving;
CREATE SCHEMA elsewhere;
GRANT USAGE ON SCHEMA elsewhere TO app_user;
GRANT SELECT ON public.moving, public.watching TO app_user;
SELECT FROM prismiq.prismiq_expose('public.moving', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('public.watching', tenant_column => 'tenant');

-- What is asked again and again.  "moving" is altered meanwhile, what it holds is not; the
-- others are left alone.
CREATE TABLE public.asked AS
SELECT '{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}],
		"joins": [{"from_table_id": "f", "from_column": "destination",
			"to_table_id": "a", "to_column": "iata"}],
		"columns": [{"table_id": "a", "column": "state"},
			{"table_id": "f", "column": "*", "aggregation": "count"},
			{"table_id": "f", "column": "distance", "aggregation": "sum"},
			{"table_id": "f", "column": "origin", "aggregation": "count_distinct"}],
		"filters": [{"table_id": "f", "column": "delay", "operator": "gt", "value": 5},
			{"table_id": "a", "column": "city", "operator": "contains", "value": "an"}],
		"having": [{"column": "count", "operator": "gte", "value": 2}],
		"order_by": [{"table_id": "a", "column": "state"}]}'::jsonb AS joined,
	'{"tables": [{"id": "f", "name": "flights"}],
		"columns": [{"table_id": "f", "column": "delay", "aggregation": "max"},
			{"table_id": "f", "column": "distance", "aggregation": "median"}],
		"time_series": {"table_id": "f", "date_column": "departed_at",
			"interval": "month"}}'::jsonb AS series,
	'{"tables": [{"id": "m", "name": "moving"}],
		"columns": [{"table_id": "m", "column": "amount",
			"aggregation": "sum"}]}'::jsonb AS amounts,
	'{"tables": [{"id": "m", "name": "moving", "schema": "public"}],
		"columns": [{"table_id": "m", "column": "tenant"},
			{"table_id": "m", "column": "amount", "aggregation": "sum"}],
		"filters": [{"table_id": "m", "column": "amount", "operator": "gt",
			"value": 0}]}'::jsonb AS amounts_there,
	'{"tables": [{"id": "w", "name": "watching"}],
		"columns": [{"table_id": "w", "column": "label"},
			{"table_id": "w", "column": "id", "aggregation": "max"}],
		"filters": [{"table_id": "w", "column": "label", "operator": "neq",
			"value": "none"}]}'::jsonb AS labels;

-- What is right, by plain SQL.
CREATE TABLE public.wanted AS
SELECT (SELECT jsonb_agg(jsonb_build_array(state, flights, distance, origins) ORDER BY state)
		FROM (SELECT a.state, count(*) AS flights, sum(f.distance) AS distance,
				count(DISTINCT f.origin) AS origins
			FROM public.flights f JOIN public.airports a ON a.iata = f.destination
			WHERE f.state = 'CA' AND f.delay > 5 AND a.city ILIKE '%an%'
			GROUP BY a.state HAVING count(*) >= 2) t) AS joined,
	(SELECT jsonb_agg(jsonb_build_array(longest, middle) ORDER BY month)
		FROM (SELECT date_trunc('month', departed_at) AS month, max(delay) AS longest,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY distance) AS middle
			FROM public.flights WHERE state = 'CA' GROUP BY 1) t) AS series,
	(SELECT jsonb_build_array(jsonb_build_array(sum(amount)))
		FROM public.moving WHERE tenant = 'CA') AS amounts,
	'[["x", 100]]'::jsonb AS labels;
GRANT SELECT ON public.asked, public.wanted TO app_user;

-- Is an answer the right one?  Its rows without the time, where it has one.
CREATE FUNCTION public.is_right(answer json, wanted jsonb) RETURNS bool LANGUAGE sql AS $$
	SELECT (answer -> 'rows')::jsonb = wanted OR
		(SELECT jsonb_agg(r - 0) FROM jsonb_array_elements((answer -> 'rows')::jsonb) r) = wanted
$$;
END
is "$?" 0 'the tables and what is right'

# psql does what a function prints, again and again until the time is over.
client()
{
  local name=$1 n=0 next=next in out

  shift
  coproc psql -XAtq -v VERBOSITY=verbose -o "$logs/$name.out" 2>"$logs/$name.err"
  in=${COPROC[1]} out=${COPROC[0]}
  echo 'SELECT * FROM public.asked \gset' >&"$in"
  while [ "$next" = next ] && ((SECONDS < CHURN_SECONDS)); do
    { "$@" "$((n += 1))"; echo '\echo next'; } >&"$in"
    read -r next <&"$out"
  done
  exec {in}>&-
  wait "$COPROC_PID"
}

# Whether the answer to a definition is right.
ask()
{
  echo "SELECT '$1 ' || public.is_right(prismiq.prismiq_query(:'$1'), $1) FROM public.wanted;"
}

# ---- Who asks ----------------------------------------------------------------

# Compiles, under a search path that nobody has looked along before: there is no
# schema never_N, which makes the server ask its catalogs, and hear of changes,
# just when the path is first needed.  That is in our code, for the statements
# themselves have only qualified names.
compiles()
{
  local path

  for path in a a b b; do
    path=${path/a/public}
    path=${path/b/elsewhere, public}
    echo "SET search_path = never_$((n += 1)), $path;"
    echo "SELECT prismiq.prismiq_compile(:'amounts_there');"
  done
  echo "SELECT prismiq.prismiq_validate(:'series');"
  ask joined
}

# Connects anew each time.
connects()
{
  echo '\c'
  echo "SELECT length(prismiq.prismiq_compile(:'joined')::text) > 0;"
  ask joined
  ask amounts
}

# Asks for what is altered.
follows()
{
  ask amounts
  ask labels
  echo "SELECT count(*) FROM prismiq.prismiq_query_rows(:'amounts');"
  echo "SELECT prismiq.prismiq_validate(:'labels') -> 'valid';"
  echo "SELECT prismiq.prismiq_explain(:'amounts') IS NULL;"
}

# Looks at what there is.
describes()
{
  echo "SELECT jsonb_array_length(prismiq.prismiq_tables());"
  echo "SELECT jsonb_array_length(prismiq.prismiq_schema() -> 'tables');"
  echo "SELECT prismiq.prismiq_table('moving') ->> 'name';"
  echo "SELECT prismiq.prismiq_column_sample('watching', 'label');"
  echo "SELECT prismiq.prismiq_schema_config_set(
    '{\"tables\": {\"moving\": {\"display_name\": \"$1\"}}}') IS NULL;"
  ask series
}

# ---- Who changes ---------------------------------------------------------------

# Objects that stand in front of ours under some search path, and go again.
plants()
{
  cat <<END
CREATE SCHEMA churn_$1;
CREATE FUNCTION churn_$1.same(text, text) RETURNS bool LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR elsewhere.= (LEFTARG = text, RIGHTARG = text, FUNCTION = churn_$1.same);
CREATE AGGREGATE elsewhere.max(text) (SFUNC = textcat, STYPE = text);
CREATE DOMAIN elsewhere.text AS pg_catalog.int4;
DROP DOMAIN elsewhere.text;
DROP AGGREGATE elsewhere.max(text);
DROP SCHEMA churn_$1 CASCADE;
END
}

# Functions.
replaces()
{
  echo "CREATE OR REPLACE FUNCTION elsewhere.count(text) RETURNS int LANGUAGE sql
    AS 'SELECT $1';"
}

# The extension's own tables.
tends()
{
  cat <<END
ALTER TABLE prismiq.prismiq_exposures SET (fillfactor = $((50 + $1 % 50)));
ALTER TABLE prismiq.prismiq_schema_config SET (fillfactor = $((50 + $1 % 50)));
ANALYZE public.airports;
END
}

# Columns and views.  No table is written anew: to a statement that has begun by
# then and waits, it would be empty.
alters()
{
  local type=varchar

  [ $(($1 % 2)) -eq 0 ] || type=text
  cat <<END
ALTER TABLE public.moving ALTER COLUMN note TYPE $type;
ALTER TABLE public.moving ADD COLUMN extra_$1 int DEFAULT $1;
ALTER TABLE public.moving RENAME COLUMN amount TO moved;
ALTER TABLE public.moving RENAME COLUMN moved TO amount;
CREATE OR REPLACE VIEW public.watching AS SELECT id, tenant, lower(label) AS label, $1 AS n
FROM public.moving;
ALTER TABLE public.moving DROP COLUMN extra_$1;
BEGIN;
DROP VIEW public.watching;
CREATE VIEW public.watching AS SELECT id, tenant, label FROM public.moving;
GRANT SELECT ON public.watching TO app_user;
SELECT FROM prismiq.prismiq_expose('public.watching', tenant_column => 'tenant');
COMMIT;
END
  # Every drop of a column takes one of 1,600 for good.
  [ $(($1 % 500)) -ne 0 ] || echo 'VACUUM FULL public.moving;'
}

# What may be queried.
hides()
{
  cat <<END
SELECT FROM prismiq.prismiq_hide('public.moving');
SELECT FROM prismiq.prismiq_expose('public.moving', tenant_column => 'tenant');
SELECT pg_sleep(0.01);
END
}

SECONDS=0
asking="-c role=app_user -c prismiq.tenant_id=CA -c prismiq.user_id=ann -c prismiq.roles=admin"
changers=(plants replaces tends alters hides)
askers=(compiles connects follows describes)
clients=()
for who in "${changers[@]}"; do
  client "$who" "$who" &
  clients+=($!)
done
for who in "${askers[@]}" "${askers[@]}"; do
  PGOPTIONS=$asking client "$who.${#clients[@]}" "$who" &
  clients+=($!)
done

# ---- What came of it -------------------------------------------------------------

lost=0
for pid in "${clients[@]}"; do
  wait "$pid" || lost=$((lost + 1))
done
is "$lost" 0 'no connection was lost'

# SQLSTATEs of errors, each with how often it came.
states()
{
  sed -n 's/.*ERROR:  \([0-9A-Z]\{5\}\).*/\1/p' "$@" | sort | uniq -c
}

# How often an answer was such.
count()
{
  cat "$logs"/*.out | grep -cE "$1"
}

is "$(states "$logs"/*.err | grep XX)" '' 'no error is internal'
for who in "${changers[@]}"; do
  is "$(states "$logs/$who.err")" '' "$who: no error at all"
done
for who in "${askers[@]}"; do
  is "$(states "$logs/$who".*.err | grep -vE '22023|PT404')" '' \
    "$who: what is refused is refused for what is gone"
done
is "$(grep -h 'ERROR:  22023' "$logs"/*.err | grep -v 'not found' | sort | uniq -c)" '' \
  'and says so'
is "$(count '^(joined|series) f')" 0 'every answer from tables at rest is right'
is "$(count '^(amounts|labels) f')" 0 'and every one from those in motion'
for what in joined series amounts labels; do
  ok "there were answers: $what" [ "$(count "^$what t")" -ge "$CHURN_SECONDS" ]
done

done_testing
