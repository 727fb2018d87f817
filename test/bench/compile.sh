# What compiling costs, as a library for bash scripts that have read report.sh.

# A definition first compiled, and again: in microseconds, and as ratios to writing it as text.
bench_compile()
{
  local file name first again yardstick

  printf '%s\n' '| definition | compiled, us | in lengths | aim, us | |' \
    '| --- | ---: | ---: | ---: | --- |' | report_text
  for file in "$top"/test/bench/definitions/*.json; do
    name=$(basename "$file" .json)
    read -r first again yardstick < <(as_app psql -XAqt -F ' ' -d bench \
      -c "SELECT * FROM bench.compile($(literal "$file"), 500, 1)" \
      -c "SELECT * FROM bench.compile($(literal "$file"), 500, 15)" | tail -n 1)
    [ -n "$yardstick" ] || die "compiling failed"
    report_time compile "$name" "$first" "$(ratio "$first" "$yardstick")"
    report_time compile "${name}_again" "$again" "$(ratio "$again" "$yardstick")"
  done
}

# What each feature costs to compile.
bench_features()
{
  local name us ratio

  as_server psql -Xq -d bench -f "$work/test/bench/features.sql" >/dev/null || return 1
  as_app psql -XAqt -F '|' -d bench -c "SELECT name, round(compiling::numeric, 1),
      round((compiling / first_value(compiling) OVER (ORDER BY place))::numeric, 2)
      FROM bench.by_feature(100, 15) ORDER BY place" >"$work/features" || return 1
  printf '%s\n' '| a plain grouped query, and one thing more | us | plain is 1 |' \
    '| --- | ---: | ---: |' | report_text
  while IFS='|' read -r name us ratio; do
    printf '| %s | %s | %s |\n' "$name" "${us:-refused}" "$ratio"
  done <"$work/features" | report_text
}

# The slowest to compile of the definitions in the tests and the documents.
bench_suite()
{
  local file

  make_database suite pgtap && as_server psql -Xq -d suite \
    -f "$work/test/bench/functions.sql" || return 1
  cp -R "$work/test" "$work/suite" &&
    cp "$work/test/bench/suite/oracle.sql" "$work/suite/lib/oracle.sql" || return 1
  for file in "$work"/test/pgtap/*.sql; do
    grep -q '/lib/oracle\.sql' "$file" || continue
    as_server createdb -T suite suite_copy || return 1
    # These are no tests here: what they say besides the times is of no use.
    TEST_DIR=$work/suite BENCH_TESTS=$work/test as_server psql -Xq -d suite_copy -f "$file" \
      2>/dev/null | awk -F '\t' -v file="$(basename "$file")" \
      '$1 == "timed" && NF == 3 { printf "%s\t%s: %s\n", $2, file, $3 }'
    as_server dropdb --force suite_copy
  done >"$work/suite.times"
  "$top/test/bench/suite/docs.pl" "$top/README.md" "$top"/docs/*.md |
    as_app psql -XAqt -F "$(printf '\t')" -d suite -v ON_ERROR_STOP=1 \
      -f "$work/test/bench/suite/docs.sql" >>"$work/suite.times" || return 1
  grep -c . "$work/suite.times" >"$work/suite.count"
  printf '\n%s\n\n' "The slowest of the $(cat "$work/suite.count") definitions in tests and \
documents, in us:" | report_text
  sort -rn "$work/suite.times" | head -n 5 | sed 's/^/- /; s/\t/: /' | report_text
}
