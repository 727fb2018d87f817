# Two sessions at once, for TAP shell scripts that have read tap.sh and set
# PGDATABASE and $scratch, a file.

context="SET ROLE app_user; SET prismiq.tenant_id = 'acme'; SET prismiq.user_id = 'ann';"

# One statement in a session of its own.
run()
{
  psql -XAtq -v VERBOSITY=verbose -c "$context" -c "$1" 2>&1
}

# meet FIRST SECOND: begin FIRST, start SECOND, and when that waits for a lock
# commit FIRST. $first and $second are what came of them; $waited says whether
# the second had to wait.
meet()
{
  local pid n state line

  coproc holder { psql -XAtq -v VERBOSITY=verbose 2>&1; }
  printf '%s\n' "$context BEGIN; $1;" '\echo held' >&"${holder[1]}"
  first=
  while IFS= read -r line <&"${holder[0]}" && [ "$line" != held ]; do first+=$line; done
  run "$2" >"$scratch" &
  pid=$!
  waited=no
  for ((n = 0; n < 200; n++)); do
    state=$(psql -XAtq -c "SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'")
    if [ "$state" -gt 0 ]; then
      waited=yes
      break
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  echo 'COMMIT; \q' >&"${holder[1]}"
  wait "$pid"
  second=$(<"$scratch")
  wait "$holder_PID" 2>/dev/null
}
