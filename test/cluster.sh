# A throw-away PostgreSQL cluster, as a library for bash scripts:
#
#   . test/cluster.sh
#   cluster_make [LINE...]     a new cluster, started; LINEs go into postgresql.conf
#   as_server COMMAND...       run a command as the user that the server runs as
#   supervise COMMAND...       run a long command so that Ctrl-C ends it too
#   cluster_stop, cluster_start [ARGUMENT...]   for tests that restart it
#
# $PG_CONFIG says which PostgreSQL. Afterwards psql and friends, first in PATH,
# find the cluster through PGHOST. It listens on a socket in a folder of its
# own and on no port, and runs as the caller, or, when root calls, as the
# unprivileged user "postgres". Everything is below $work, which that user can
# read and write wherever the checkout is, and is removed when the script ends,
# after Ctrl-C as well. KEEP=1 keeps the folder and the running server, and what
# runs beside it, of which the script puts the files with a number of a process
# into $cluster_pids, with a blank before each.
#
# The name of a function is local to the script that reads this file; what
# begins with cluster_ belongs to the library.

die()
{
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# What the caller's session may have set would lead psql elsewhere, or change
# what the tests print.
unset PGSERVICE PGSERVICEFILE PGHOSTADDR PGPASSWORD PGPASSFILE PGOPTIONS PGDATABASE \
  PGSSLMODE PGCLIENTENCODING PGTZ PGDATESTYLE PGAPPNAME PGDATA
export LC_ALL=C.UTF-8 PSQLRC=/dev/null PSQL_HISTORY=/dev/null PSQL_PAGER=cat PAGER=cat

cluster_pid=
cluster_pids=
cluster_data=
cluster_user=$(id -un)
work=

# Run a command as the server's user, in a folder that this user can enter.
as_server()
{
  if [ "$(id -u)" -eq 0 ]; then
    (cd "$work" && HOME=$work setpriv --reuid="$cluster_user" --regid="$cluster_user" \
      --init-groups -- "$@")
  else
    "$@"
  fi
}

# Run a command in a process group of its own and wait for it, so that a signal
# to this script is handled at once and ends what the command has started.
supervise()
{
  local status

  setsid "$@" </dev/null &
  cluster_pid=$!
  wait "$cluster_pid" && status=0 || status=$?
  cluster_pid=
  return "$status"
}

# The same, as the server's user.
supervise_as_server()
{
  if [ "$(id -u)" -eq 0 ]; then
    cd "$work" || return 1
    HOME=$work supervise setpriv --reuid="$cluster_user" --regid="$cluster_user" \
      --init-groups -- "$@"
  else
    supervise "$@"
  fi
}

# Make $work, the folder that goes when the script ends.
cluster_folder()
{
  local base=${TMPDIR:-/tmp}

  [ -n "$work" ] && return
  if [ "$(id -u)" -eq 0 ]; then
    cluster_user=postgres
    # Debian's package makes the user; elsewhere there may be none.
    id "$cluster_user" >/dev/null 2>&1 ||
      useradd --system --user-group --no-create-home --home-dir /nonexistent \
        --shell /bin/sh "$cluster_user" || die "no user $cluster_user to run the server as"
  fi
  # A socket's path has at most 107 bytes.
  [ "${#base}" -le 60 ] || base=/tmp
  work=$(mktemp -d "$base/prismiq.XXXXXX") || exit 1
  trap cluster_cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  if [ "$(id -u)" -eq 0 ]; then
    chown "$cluster_user:" "$work" || exit 1
    # Another account's TMPDIR may be closed to the server's user.
    if ! setpriv --reuid="$cluster_user" --regid="$cluster_user" --init-groups \
      -- test -w "$work"; then
      rm -rf "$work"
      work=$(mktemp -d /tmp/prismiq.XXXXXX) && chown "$cluster_user:" "$work" || exit 1
    fi
  fi
  chmod 755 "$work"
}

cluster_make()
{
  local bindir line

  bindir=$("${PG_CONFIG:-pg_config}" --bindir) || die "no pg_config: set PG_CONFIG"
  [ -x "$bindir/initdb" ] || die "no PostgreSQL server in $bindir"
  export PATH="$bindir:$PATH"
  cluster_folder
  cluster_data=$work/data
  as_server mkdir "$work/socket" || exit 1
  as_server "$bindir/initdb" -D "$cluster_data" -U postgres -A trust -E UTF8 --no-locale -N \
    >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; die "initdb failed"; }
  {
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$work/socket'"
    echo "port = 5432"
    echo "log_line_prefix = '%m [%p] %q%u@%d '"
    echo "timezone = 'UTC'"
    echo "log_timezone = 'UTC'"
    echo "log_checkpoints = off"
    # The cluster does not outlive the script: nothing need survive a crash.
    echo "fsync = off"
    echo "synchronous_commit = off"
    echo "full_page_writes = off"
    echo "max_wal_size = '2GB'"
    for line in "$@"; do echo "$line"; done
  } >"$work/extra.conf"
  as_server sh -c 'cat >>"$1"' sh "$cluster_data/postgresql.conf" <"$work/extra.conf" || exit 1
  export PGHOST=$work/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
  cluster_start
}

cluster_start()
{
  as_server pg_ctl -D "$cluster_data" -l "$work/server.log" -w -t 60 -s "$@" start ||
    { tail -n 20 "$work/server.log" >&2; die "the server does not start"; }
}

cluster_stop()
{
  as_server pg_ctl -D "$cluster_data" -w -s -m fast stop
}

# What the log tells of a crash of the server; silent when there was none.
cluster_crashes()
{
  grep -nE 'PANIC|TRAP:|terminated by signal|exited with exit code [^01]' "$work/server.log"
}

cluster_cleanup()
{
  local status=$? file

  trap '' INT TERM HUP
  if [ -n "$cluster_pid" ]; then
    kill -TERM -- "-$cluster_pid" 2>/dev/null
    wait "$cluster_pid" 2>/dev/null
  fi
  if [ -n "${KEEP:-}" ] && [ -n "$cluster_data" ]; then
    echo "kept: $work"
    echo "  connect:  psql 'host=$work/socket user=postgres dbname=${KEEP_DATABASE:-postgres}'"
    echo "  remove:   kill \$(head -qn 1 $cluster_data/postmaster.pid$cluster_pids) && rm -rf $work"
  else
    # And those that tests have made and had no time to stop.
    find "$work" -name postmaster.pid 2>/dev/null | while IFS= read -r file; do
      as_server pg_ctl -D "$(dirname "$file")" -w -t 30 -s -m immediate stop >/dev/null 2>&1
    done
    rm -rf "$work"
  fi
  exit "$status"
}
