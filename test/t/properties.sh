#!/bin/bash
# Properties of random valid definitions, over random small shops and the
# flights: the answer is what plain SQL says, in every format, whoever else
# changes their rows. test/fuzz has the generator.
#
#   DEFINITIONS=1500 SEED=...     how many, and where the generator begins
#   ONLY=n VERBOSE=1              the n-th alone, with the SQL that says what is right
. "$TEST_DIR/lib/tap.sh"

: "${DEFINITIONS:=1500}" "${SEED:=1}"
export DEFINITIONS SEED
trap 'rm -f "$log"; dropdb --if-exists --force properties' EXIT
log=$(mktemp)
createdb -T "$TEMPLATE" properties

ok 'the helpers are there' psql -Xq -d properties -f "$TEST_DIR/fuzz/ask.sql"
perl "$TEST_DIR/fuzz/properties.pl" properties >"$log" 2>&1
is "$?" 0 "properties of $DEFINITIONS random definitions hold (seed $SEED)"
number()
{
  local found

  found=$(sed -n "s/^# seed.* $1 \([0-9]*\).*/\1/p" "$log")
  echo "${found:-0}"
}
ok 'nine of ten are answered' [ "$((10 * $(number answered)))" -ge "$((9 * DEFINITIONS))" ]
ok 'half have plain SQL to be held against' [ "$((2 * $(number oracle)))" -ge "$DEFINITIONS" ]
sed 's/^\(# \)*/# /' "$log" | cut -c1-2000 | head -n 100

done_testing
