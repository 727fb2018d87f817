#!/bin/bash
# Nothing of another tenant's rows shows: random definitions with what can raise
# in every place, over every kind of relation and with every kind of plan, give
# the same answer or error whether other tenants' rows are harmless or raise
# when they are looked at. test/fuzz/poison.pl tells how.
#
#   CASES=1000 SEED=...     how many, and where the generator begins
#   ONLY=n KIND=foreign     the n-th alone; all tables relations of one kind
. "$TEST_DIR/lib/tap.sh"

: "${CASES:=1000}" "${SEED:=1}"
export CASES SEED
trap 'rm -f "$log"; dropdb --if-exists --force poison' EXIT
log=$(mktemp)
createdb -T "$TEMPLATE" poison

ok 'the helpers are there' psql -Xq -d poison -v host="$PGHOST" -v port="$PGPORT" \
  -f "$TEST_DIR/fuzz/poison.sql"
perl "$TEST_DIR/fuzz/poison.pl" poison >"$log" 2>&1
is "$?" 0 "$CASES random definitions tell nothing of other tenants (seed $SEED)"
number() { sed -n "s/^# seed.* $1 \([0-9]*\).*/\1/p" "$log"; }
ok 'four of five are answered' [ "$((5 * $(number answered)))" -ge "$((4 * $(number asked)))" ]
ok 'most raise for whom the rows belong to' \
  [ "$((2 * $(number poisonous)))" -ge "$(number tasted)" ]
sed 's/^\(# \)*/# /' "$log" | cut -c1-2000 | head -n 100 >&2

done_testing
