# Questions and who answers them, as a library for bash scripts that have read report.sh.
#
# A question is a file NAME.json, a definition. NAME.sql answers it by hand, and is timed as it is
# ("rows") and inside json_agg(row_to_json(t)) ("json"); NAME.PEER.sql is another way to do it,
# inside json_agg; NAME.PEER.json is another question; NAME.PEER.raw is sent as it stands. NAME.timescale.sql is for a server that has
# TimescaleDB.

# A text as an SQL literal.
literal()
{
  printf "'%s'" "$(sed "s/'/''/g" <"$1")"
}

# The statement that asks what a file says, with NAME.options beside it.
ask()
{
  local options=${1%.json}.options

  if [ -e "$options" ]; then
    echo "SELECT prismiq.prismiq_query($(literal "$1")::jsonb, $(literal "$options")::jsonb)"
  else
    echo "SELECT prismiq.prismiq_query($(literal "$1")::jsonb)"
  fi
}

# bench_question FOLDER NAME: one question, its peers beside it.
bench_question()
{
  local folder=$1 name=$2 from=$top/test/bench/$1/$2 to=$work/bench/$1_$2 file peer turns=() line
  local -A times=()

  as_server mkdir -p "$to" || return 1
  ask "$from.json" >"$to/prismiq"
  turns+=("prismiq=$to/prismiq")
  for file in "$from.sql" "$from".*.{sql,json,raw}; do
    [ -e "$file" ] || continue
    [ -n "$timescale" ] || [[ $file != *.timescale.sql ]] || continue
    peer=${file#"$from."} peer=${peer%.*}
    case $file in
      "$from.sql")
        cp "$file" "$to/rows"
        turns+=("rows=$to/rows")
        peer=json ;;
      *.json)
        ask "$file" >"$to/$peer"
        turns+=("$peer=$to/$peer")
        continue ;;
      *.raw)
        cp "$file" "$to/$peer.raw"
        turns+=("$peer=$to/$peer.raw")
        continue ;;
    esac
    { echo 'SELECT json_agg(row_to_json(t)) FROM ('; cat "$file"; echo ') t'; } >"$to/$peer"
    turns+=("$peer=$to/$peer")
  done
  chmod -R a+rX "$to"
  "$top/test/bench/turns.pl" bench "$seconds" "${turns[@]}" >"$to.times" || return 1
  while read -r peer line; do times[$peer]=$line; done <"$to.times"
  for line in "${turns[@]:1}"; do
    peer=${line%%=*}
    report_pair "$folder" "$name" "${peer//_/ }" "${times[prismiq]}" "${times[$peer]}"
  done
}

# Every question of a folder.
bench_questions()
{
  local file

  report_pairs
  for file in $(cd "$top/test/bench/$1" && ls -v -- *.json); do
    [[ $file != *.*.json ]] || continue
    PGOPTIONS="-c role=app_user -c prismiq.tenant_id=$tenant" \
      bench_question "$1" "${file%.json}" || die "$file cannot be timed"
  done
}
