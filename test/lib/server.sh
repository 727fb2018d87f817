# Servers of a test's own, that it may break, as a library for TAP scripts that
# have read tap.sh. Each begins as a copy of $MASTER, the data of a cluster that
# was stopped and has the database $TEMPLATE with the test data.
#
#   server_new NAME [LINE...]     a copy, started; LINEs go into postgresql.conf
#   server_start NAME             start it and wait until it answers
#   server_stop NAME [MODE]       stop it: fast, immediate
#   server_wait NAME              until it answers again
#   on NAME [OPTION...]           psql in its test database
#   as_user NAME [OPTION...]      the same as user ann of tenant CA
#   server_sound NAME             its log tells of nothing but what a test did
#
# $servers is a folder for the test, removed with the servers at its end.

servers=$(mktemp -d "${SERVERS:-${TMPDIR:-/tmp}}/s.XXXXXX") || exit 1
trap 'server_end' EXIT

# What a user of the application is, as options of a connection.
user_context="-c role=app_user -c search_path=prismiq,public -c prismiq.tenant_id=CA
  -c prismiq.user_id=ann"

server_end()
{
  local status=$? data

  for data in "$servers"/*/data; do
    [ ! -e "$data/postmaster.pid" ] || pg_ctl -D "$data" -w -s -m immediate stop
  done >/dev/null 2>&1
  [ -z "${KEEP_LOGS:-}" ] || cp "$servers"/*/log "$KEEP_LOGS" 2>/dev/null
  rm -rf "$servers"
  exit "$status"
}

# The part of a configuration that each server has for itself.
server_configure()
{
  local name=$1 line

  shift
  {
    echo "unix_socket_directories = '$servers/$name'"
    echo "log_line_prefix = '%m [%p] %q%u@%d %e '"
    # A crash of the server, not of the machine, is what it has to survive.
    echo 'synchronous_commit = on'
    echo 'full_page_writes = on'
    for line in "$@"; do echo "$line"; done
  } >>"$servers/$name/data/postgresql.conf"
}

server_new()
{
  local name=$1

  mkdir "$servers/$name" && cp -R "$MASTER" "$servers/$name/data" || exit 1
  server_configure "$@"
  server_start "$name"
}

server_start()
{
  pg_ctl -D "$servers/$1/data" -l "$servers/$1/log" -w -t 60 -s start ||
    { tail -n 20 "$servers/$1/log" >&2; return 1; }
}

server_stop()
{
  pg_ctl -D "$servers/$1/data" -w -t 60 -s -m "${2:-fast}" stop
}

server_wait()
{
  local n

  for ((n = 0; n < 600; n++)); do
    pg_isready -q -h "$servers/$1" && return
    sleep 0.1
  done
  return 1
}

on()
{
  local name=$1

  shift
  psql -XAtq -v ON_ERROR_STOP=1 -h "$servers/$name" -d "$TEMPLATE" "$@"
}

as_user()
{
  PGOPTIONS="$user_context ${OPTIONS:-}" on "$@"
}

# One statement of a user: what it answers, or the error with its code.
said()
{
  as_user "$1" -v VERBOSITY=verbose -c "$2" 2>&1 | grep -vE '^(LOCATION|CONTEXT|HINT):'
}

# until_true NAME QUERY: wait until a query says t.
until_true()
{
  local n

  for ((n = 0; n < 600; n++)); do
    [ "$(on "$1" -c "$2" 2>/dev/null)" != t ] || return 0
    sleep 0.05
  done
  echo "# never true: $2" >&2
  return 1
}

# Signal 9 is what tests kill with; 2 is the status of whoever is told to quit.
server_sound()
{
  ! grep -nE 'PANIC|TRAP:|terminated by signal ([0-8]|9[0-9]|[1-8][0-9])|XX000|XX001|XX002' \
    "$servers/$1/log" &&
    ! grep -nE 'exited with exit code ([3-9]|[12][0-9])' "$servers/$1/log"
}

# What is exposed and granted, what dashboards there are, and an answer: the same before and after.
server_state()
{
  on "$1" <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM %s t',
			  c.oid::regclass, c.oid::regclass)
FROM pg_extension x, unnest(x.extconfig) config JOIN pg_class c ON c.oid = config
WHERE x.extname = 'prismiq' AND c.relkind = 'r' ORDER BY c.relname \gexec
SELECT prismiq.prismiq_exposed();
SQL
  said "$1" "SELECT prismiq_query('{\"tables\": [{\"id\": \"f\", \"name\": \"flights\"}],
    \"columns\": [{\"table_id\": \"f\", \"column\": \"delay\", \"aggregation\": \"sum\"}]
    }') -> 'rows'"
}

# One session that lasts, as app_user: opened on a server, asked (the answer is in
# $answer), and closed.
session_open()
{
  coproc session { PGOPTIONS="$user_context" psql -XAtq -v VERBOSITY=verbose -h "$servers/$1" \
    -d "$TEMPLATE" 2>&1; }
  session_in=${session[1]} session_out=${session[0]}
}

session_ask()
{
  local line

  printf '%s;\n\\echo done.\n' "$1" >&"$session_in"
  answer=
  while IFS= read -r -t 60 line <&"$session_out" && [ "$line" != done. ]; do answer+=$line; done
}

session_close()
{
  exec {session_in}>&- {session_out}<&-
}
