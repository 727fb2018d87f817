# TAP for shell scripts: ok, is, like, skip_all, done_testing.

tap_count=0
tap_failed=0

# ok NAME COMMAND...: the command succeeds. What it prints is shown when not.
ok()
{
  local name=$1 output

  shift
  tap_count=$((tap_count + 1))
  if output=$("$@" 2>&1); then
    echo "ok $tap_count - $name"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $name"
    printf '%s\n' "$output" | sed 's/^/# /' >&2
  fi
}

# is GOT WANTED NAME
is()
{
  tap_count=$((tap_count + 1))
  if [ "$1" = "$2" ]; then
    echo "ok $tap_count - $3"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $3"
    printf '         got: %s\n      wanted: %s\n' "$1" "$2" | sed 's/^/# /' >&2
  fi
}

# like GOT REGEX NAME
like()
{
  tap_count=$((tap_count + 1))
  if [[ $1 =~ $2 ]]; then
    echo "ok $tap_count - $3"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $3"
    printf '         got: %s\n  should match: %s\n' "$1" "$2" | sed 's/^/# /' >&2
  fi
}

skip_all()
{
  echo "1..0 # SKIP $*"
  exit 0
}

done_testing()
{
  echo "1..$tap_count"
  [ "$tap_failed" -eq 0 ]
  exit
}
