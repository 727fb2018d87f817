# What the tests give to the extension's functions, as a library for bash scripts that have read
# cluster.sh, packages.sh and database.sh and copied test/ and docs/ to $work:
#
#   recorded_make NAME     a database as make_database makes it, in which functions note what they
#                          are given in $PRISMIQ_RECORDED (recorded.c), and so in copies of it
#   recorded_tests NAME    run tests on copies of it: those of test/pgtap and test/sql, and of
#                          test/t the documents and what asks random definitions; fails with them
#
# The server has to be started with PRISMIQ_RECORDED.

recorded_make()
{
  local folder=$work/recorder name=$1
  local documents="probin = '\$libdir/prismiq' AND 'jsonb'::regtype = ANY (proargtypes::oid[])"

  # Those are asked for each row, and their documents are the rows'.
  documents+=" AND prosrc NOT LIKE 'prismiq\_inside\_%'"

  make_database "$name" pgtap || return 1
  as_server mkdir "$folder" && as_server cp "$work/test/lib/recorded.c" "$folder" &&
    as_server psql -XAtq -d "$name" -o "$folder/functions.h" -c "SELECT '#define FUNCTIONS '
      || string_agg(DISTINCT format('RECORDED(%s)', prosrc), ' ') FROM pg_proc WHERE $documents" ||
    return 1
  printf 'MODULES = recorded\nPG_CPPFLAGS = -include %s/functions.h\nPGXS := %s\n%s\n' "$folder" \
    "$("$PG_CONFIG" --pgxs)" 'include $(PGXS)' | as_server tee "$folder/Makefile" >/dev/null
  as_server make -C "$folder" with_llvm=no PG_CONFIG="$PG_CONFIG" >"$work/recorder.log" 2>&1 ||
    { cat "$work/recorder.log"; return 1; }
  as_server psql -Xq -d "$name" -v ON_ERROR_STOP=1 \
    -c "UPDATE pg_proc SET probin = '$folder/recorded' WHERE $documents"
}

recorded_tests()
{
  local status=0

  export TEMPLATE=$1
  supervise_as_server pg_prove --psql-bin "$work/test/lib/psql-in-copy" --jobs 2 --quiet \
    "$work"/test/pgtap/*.sql >"$work/recorded.log" 2>&1 || status=1
  # They have expected errors; what they print is for pg_regress.
  supervise_as_server find "$work/test/sql" -maxdepth 1 -name '*.sql' \
    -exec "$work/test/lib/psql-in-copy" -Xq -o /dev/null -f {} ';' >"$work/recorded_sql.log" 2>&1
  supervise_as_server prove --jobs 2 --quiet \
    "$work"/test/t/{docs,mutations,poison,properties}.sh \
    >>"$work/recorded.log" 2>&1 || status=1
  [ "$status" -eq 0 ] || tail -n 40 "$work/recorded.log"
  return "$status"
}
