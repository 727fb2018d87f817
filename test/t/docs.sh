#!/bin/bash
# The documents are true: docs/functions*.md and docs/prismiq.d.ts are what the
# database says, and the examples run. What is in a fenced block is told by the word after the
# fence:
#
#   sql            run by app_user, for tenant CA, in a database with the test data
#   sql owner      run by the superuser who owns it
#   sql session    the same, all of the document's in one session of psql
#   text answer    what the block before printed, or the end of it
#   text session   what the block before printed in the session, all of it
#   json           a definition, answered by prismiq_query
#   json KEY       the value of that key in a definition of flights and airports
#   json CODE...   a definition that is refused with these codes
#   json KEY CODE  the two together
#   json answer    the answer to the block before, but for the time it took
#
# What belongs to a gateway is run by test/http/docs and its like: "sql server" on an empty server,
# "json token", and commands and programs with their answers. Other blocks are not run. The blocks
# of one document run in order, in a database of their own; one that creates the extension begins
# without it.
. "$TEST_DIR/lib/tap.sh"

top=$TEST_DIR/..
blocks=$(mktemp -d)
trap 'rm -rf "$blocks"; dropdb --if-exists --force "docs$$" 2>/dev/null' EXIT

base='{"tables": [{"id": "f", "name": "flights"}, {"id": "a", "name": "airports"}],
  "joins": [{"from_table_id": "f", "from_column": "destination", "to_table_id": "a",
             "to_column": "iata"}],
  "columns": [{"table_id": "a", "column": "city"},
              {"table_id": "f", "column": "*", "aggregation": "count"},
              {"table_id": "f", "column": "delay", "aggregation": "avg"}]}'
app="SET ROLE app_user; SET search_path = prismiq, public; SET prismiq.tenant_id = 'CA';
  SET prismiq.user_id = 'alice'; SET prismiq.roles = 'analyst'"

# psql in the document's database, as app_user.
ask()
{
  PGOPTIONS='-c client_min_messages=warning' psql -XAtq -d "docs$$" -v ON_ERROR_STOP=1 \
    -c "$app" "$@" 2>&1
}

# A block in the document's own session, as a reader types it. What it printed ends
# with a line that cannot be in it; psql would keep lines back when it prints to a pipe.
in_session()
{
  local line end="end of block $$"

  [ -n "${SESSION_PID:-}" ] ||
    coproc SESSION { exec stdbuf -oL psql -XAtq -d "docs$$" 2>&1; }
  printf '%s\n\\echo %s\n' "$(cat "$1")" "$end" >&"${SESSION[1]}"
  answer=
  while IFS= read -r -t 300 line <&"${SESSION[0]}"; do
    [ "$line" != "$end" ] || return 0
    answer+=${answer:+$'\n'}$line
  done
  answer+=$'\nERROR: the session has ended'
}

# One block: run KIND FILE NAME. What it printed is in $answer.
run()
{
  local kind=$1 file=$2 name=$3 key=${1#json } wanted definition

  case $kind in
    'sql') answer=$(ask -f "$file") ;;
    'sql owner')
      answer=$(psql -XAtq -d "docs$$" -v ON_ERROR_STOP=1 \
        -c 'SET search_path = prismiq, public' -f "$file" 2>&1)
      ;;
    'sql session') in_session "$file" ;;
    'text answer')
      wanted=$(cat "$file")
      is "${answer: -${#wanted}}" "$wanted" "$name"
      return
      ;;
    'text session')
      is "$answer" "$(cat "$file")" "$name"
      return
      ;;
    'json')
      answer=$(ask -v definition="$(cat "$file")" -f - <<<"SELECT prismiq_query(:'definition');")
      ;;
    'json answer')
      is "$(ask -v a="$answer" -v b="$(cat "$file")" -f - <<<"SELECT
        CASE WHEN :'a'::jsonb - 'execution_time_ms' = :'b'::jsonb - 'execution_time_ms'
        THEN '' ELSE :'a' END;")" '' "$name"
      return
      ;;
    'json '*[A-Z]*)
      definition=$(cat "$file")
      if [[ $key == [a-z]* ]]; then
        definition=$(ask -v base="$base" -v key="${key%% *}" -v value="$definition" -f - \
          <<<"SELECT :'base'::jsonb || jsonb_build_object(:'key', :'value'::jsonb);")
        key=${key#* }
      fi
      is "$(ask -v definition="$definition" -f - <<<"SELECT string_agg(e ->> 'code', ' ')
        FROM jsonb_array_elements(prismiq_validate(:'definition') -> 'errors') e;")" "$key" "$name"
      return
      ;;
    *)
      answer=$(ask -v base="$base" -v key="$key" -v value="$(cat "$file")" -f - \
        <<<"SELECT prismiq_query(:'base'::jsonb || jsonb_build_object(:'key', :'value'::jsonb));")
      ;;
  esac
  # psql says ERROR; an answer may hold the word error, in lower case.
  is "$(grep -A 3 -E 'ERROR:|FATAL:' <<<"$answer")" '' "$name"
}

pages=$(psql -Xq -d "$TEMPLATE" -f "$TEST_DIR/lib/functions.sql")
is "$(cd "$top/docs" && ls functions*.md)" "$(printf '%s.md\n' $pages | LC_ALL=C sort)" \
  'there is a page for each subject of functions, and no other'
for page in $pages; do
  is "$(psql -Xq -d "$TEMPLATE" -v page="$page" -f "$TEST_DIR/lib/functions.sql" |
    diff - "$top/docs/$page.md" | head -n 20)" '' \
    "docs/$page.md is what the database says (else: make docs)"
done

is "$(psql -XAtq -d "$TEMPLATE" -c 'SELECT prismiq.prismiq_definition_schema()' |
  "$TEST_DIR/lib/typescript.pl" "$TEST_DIR/lib/answers.d.ts" |
  diff - "$top/docs/prismiq.d.ts" | head -n 20)" '' \
  'docs/prismiq.d.ts is what the database says (else: make docs)'

# README's commands need nothing but bash and apt: what builds is asked for where there is
# none of it, so they are scripts and no targets of make.
commands=$(sed -n 's/^    bash \([^ ]*\) .*/\1/p' "$top/README.md")
is "$commands" $'test/demo/run\ntest/run' 'README names two commands'
for command in $commands; do
  ok "$command is a script for bash" bash -n "$top/$command"
  ok "$command installs what is missing" grep -q '^packages_install ' "$top/$command"
done
mkdir "$blocks/bin"
for tool in sed grep sort head ls basename dirname; do
  ln -s "$(command -v "$tool")" "$blocks/bin"
done
is "$(env -i PATH="$blocks/bin" "$BASH" -c '. "$1"; packages_missing demo' bash \
  "$TEST_DIR/packages.sh" 2>/dev/null | grep -xE 'make|build-essential' | sort)" \
  $'build-essential\nmake' 'a compiler and make are among what is installed'

count=0
for document in "$top"/README.md "$top"/docs/*.md; do
  rm -f "$blocks"/[0-9]*
  awk -v folder="$blocks" '
    /^```/ && !inside { kind = substr($0, 4); inside = 1; name = folder "/" sprintf("%03d", NR)
      if (kind !~ /answer$/)
        ours = kind ~ /^(sql|json|text session)/ && kind !~ /^(sql server|json token)/
      if (!ours) name = "/dev/null"
      else printf "%s", kind >(name ".kind")
      next }
    /^```/ { inside = 0; close(name); next }
    inside && name != "/dev/null" { print >name }' "$document"
  ls "$blocks"/*.kind >/dev/null 2>&1 || continue
  if grep -q '^CREATE EXTENSION prismiq' "$blocks"/[0-9]*; then
    createdb "docs$$" && psql -Xq -d "docs$$" -v dir="$TEST_DIR/data" \
      -f "$TEST_DIR/data/load.sql"
  else
    createdb -T "$TEMPLATE" "docs$$"
  fi || exit 1
  answer=
  for kind in "$blocks"/*.kind; do
    file=${kind%.kind}
    run "$(cat "$kind")" "$file" \
      "$(basename "$document"), line $((10#$(basename "$file"))): $(cat "$kind")"
    count=$((count + 1))
  done
  if [ -n "${SESSION_PID:-}" ]; then
    printf '\\q\n' >&"${SESSION[1]}"
    wait
    unset SESSION_PID
  fi
  dropdb --force "docs$$"
done
like "$count" '^[1-9][0-9]' 'there are examples'

done_testing
