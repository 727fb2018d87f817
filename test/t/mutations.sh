#!/bin/bash
# Random mutations of definitions, and definitions invented over odd types and
# names, with odd options: each gives an answer or a clean error of ours however
# it is asked for, the connection lives on, prismiq_validate and prismiq_query
# agree, and sessions with another DateStyle are answered alike. So do the
# documents of dashboards, at a quarter as many.
#
#   MUTATIONS=2000 SEED=0.5     how many, and where random() begins
. "$TEST_DIR/lib/tap.sh"

: "${MUTATIONS:=2000}" "${SEED:=0.42}"
trap 'rm -f "$log"; dropdb --if-exists --force mutations' EXIT
log=$(mktemp)
createdb -T "$TEMPLATE" mutations

psql -Xq -d mutations -v n="$MUTATIONS" -v seed="$SEED" -At -v ON_ERROR_STOP=1 \
  -f "$TEST_DIR/fuzz/mutations.sql" >"$log" 2>&1

is "$(grep '^total' "$log")" "total|$MUTATIONS" "all of $MUTATIONS were tried (seed $SEED)"
is "$(grep '^problem' "$log" | cut -c1-1500)" '' 'an answer or a clean error of ours, every time'
is "$(grep '^corpus' "$log")" '' 'what is mutated is valid'
like "$(grep '^outcomes|answer' "$log" | cut -d'|' -f3)" '^[0-9][0-9]' 'some are answered'
like "$(grep '^outcomes|22023' "$log" | cut -d'|' -f3)" '^[0-9][0-9]' 'some are refused'
like "$(grep '^documents|answer' "$log" | cut -d'|' -f3)" '^[0-9][0-9]' 'some documents are taken'
grep '^outcomes\|^documents' "$log" | sed 's/^/# /'
grep -v '^outcomes\|^documents\|^total\|^problem\|^corpus' "$log" | head -5 | sed 's/^/# /' >&2

done_testing
