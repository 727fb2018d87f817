# A database with prismiq and the test data, as a library for bash scripts that
# have read cluster.sh, made a cluster and copied test/ to $work.

# make_database NAME [EXTENSION...]: prismiq in schema prismiq, the test data
# loaded and exposed, the role app_user.
make_database()
{
  local database=$1 extension

  shift
  as_server createdb "$database" || return 1
  for extension in "$@"; do
    as_server psql -Xq -v ON_ERROR_STOP=1 -d "$database" \
      -c "CREATE EXTENSION $extension SCHEMA public" || return 1
  done
  as_server psql -Xq -v ON_ERROR_STOP=1 -d "$database" \
    -c 'CREATE SCHEMA prismiq' -c 'CREATE EXTENSION prismiq SCHEMA prismiq' &&
    as_server psql -Xq -d "$database" -v dir="$work/test/data" -f "$work/test/data/load.sql" &&
    as_server psql -Xq -d "$database" -f "$work/test/data/expose.sql" >/dev/null
}
