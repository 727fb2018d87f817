#!/bin/bash
# The barrier between tenants, place by place: what can raise, in every place of
# the language and over every kind of relation, tells nothing of other tenants'
# rows; and a planner that is not asked through us is noticed.
#
#   ALL=1                   every expression in every place under all settings
#   KIND=foreign ONLY=n     one kind of relation; the n-th case alone
. "$TEST_DIR/lib/tap.sh"

: "${SEED:=1}"
export SEED
trap 'rm -rf "$folder"; dropdb --if-exists --force barrier' EXIT
folder=$(mktemp -d)
log=$folder/log
createdb -T "$TEMPLATE" barrier

ok 'the helpers are there' psql -Xq -d barrier -v host="$PGHOST" -v port="$PGPORT" \
  -f "$TEST_DIR/fuzz/poison.sql"
perl "$TEST_DIR/fuzz/poison.pl" barrier places >"$log" 2>&1
is "$?" 0 'no place of the language tells of other tenants'
number() { sed -n "s/^# seed.* $1 \([0-9]*\).*/\1/p" "$log"; }
is "$(number answered)" "$(number asked)" 'all are answered'
ok 'most raise for whom the rows belong to' \
  [ "$((2 * $(number poisonous)))" -ge "$(number tasted)" ]
sed 's/^\(# \)*/# /' "$log" | cut -c1-2000 | head -n 100 >&2

# ---- A pattern that the plan does not know ----------------------------------------
# The same statement, asked until its plan is one for any values, then with a pattern that raises
# on the origin of other tenants' flights.
asked=$(psql -XqAt -d barrier -f - 2>&1 <<'SQL'
SET ROLE app_user;
SET search_path = prismiq, public;
SET prismiq.tenant_id = 'CA';
SELECT prismiq_query(jsonb_build_object('tables', '[{"id": "f", "name": "flights"}]'::jsonb,
	'calculated_fields', jsonb_build_array(jsonb_build_object('name', 'd', 'expression',
		format('[origin] like concat("OR", "%s")', pattern))),
	'columns', '[{"table_id": "f", "column": "*", "aggregation": "count"}]'::jsonb,
	'filters', '[{"column": "d", "operator": "eq", "value": false}]'::jsonb)) #>> '{rows,0,0}'
FROM unnest('{a,b,c,d,e,f,g,h,\\\\}'::text[]) AS pattern;
SET plan_cache_mode = force_generic_plan;
SELECT prismiq_query('{"tables": [{"id": "f", "name": "flights"}],
	"calculated_fields": [{"name": "d", "expression": "[origin] like concat(\"OR\", \"\\\\\")"}],
	"columns": [{"table_id": "f", "column": "*", "aggregation": "count"}],
	"filters": [{"column": "d", "operator": "eq", "value": false}]}') #>> '{rows,0,0}';
SQL
)
is "$(sort -u <<<"$asked")" 2531 'a plan for any values knows no pattern that is harmless'

# ---- A module whose planner_hook does not pass statements on ---------------------
cp "$TEST_DIR/t/other_planner.c" "$folder"
printf 'MODULES = other_planner\nPGXS := %s\ninclude $(PGXS)\n' "$("$PG_CONFIG" --pgxs)" \
  >"$folder/Makefile"
ok 'the module builds' make -C "$folder" with_llvm=no PG_CONFIG="$PG_CONFIG"
chmod -R a+rX "$folder"

definition='{"tables": [{"id": "f", "name": "flights"}],
  "calculated_fields": [{"name": "d", "expression": "[origin] like concat(\"OR\", \"\\\\\")"}],
  "columns": [{"column": "d"}, {"table_id": "f", "column": "*", "aggregation": "count"}],
  "qualify": [{"column": "d", "operator": "eq", "value": false}]}'

# ask SETUP: the definition asked twice with that module loaded as SETUP says,
# once more while the module passes statements on, with one in which nothing raises between.
ask()
{
  psql -XqAt -d barrier -v definition="$definition" -v plain="$plain" -f - 2>&1 <<SQL
$1
SET ROLE app_user;
SET search_path = prismiq, public;
SET prismiq.tenant_id = 'CA';
SELECT prismiq_query(:'definition') -> 'rows';
SELECT prismiq_query(:'definition') -> 'rows';
SELECT prismiq_query(:'plain') -> 'rows';
SET other_planner.alone = off;
SELECT prismiq_query(:'definition') -> 'rows';
SQL
}

plain='{"tables": [{"id": "f", "name": "flights"}],
  "columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}'
right='[[false,2531]]'
is "$(ask "LOAD '$folder/other_planner'; LOAD 'prismiq';")" "$right
$right
[[2531]]
$right" 'loaded before us it is in nobody'"'"'s way'
answers=$(ask "LOAD 'prismiq'; LOAD '$folder/other_planner';" | grep -v '^DETAIL' |
  sed 's/^.*ERROR: .*/error/')
like "$(tr '\n' ' ' <<<"$answers")" '^error error (error|\[\[2531\]\]) \[\[false,2531\]\] $' \
  'loaded after us it makes what may raise fail, until it passes statements on'

done_testing
