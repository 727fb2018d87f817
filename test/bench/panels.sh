# Many panels at a time, as a library for bash scripts that have read report.sh.

# Names and times out of turns.pl for the scripts of a folder, as the user of dashboards.
panel_turns()
{
  local folder=$1 script turns=()

  shift
  for script in "$@"; do turns+=("${script%.raw}=$folder/$script"); done
  chmod -R a+rX "$folder"
  PGOPTIONS="-c role=app_user -c prismiq.tenant_id=$tenant -c prismiq.user_id=ann" \
    "$top/test/bench/turns.pl" bench "$((seconds * 3))" "${turns[@]}"
}

# bench_board DAYS NAME: twenty panels in one call, in twenty, and by hand.
bench_board()
{
  local folder=$work/bench/board_$1 one twenty hand

  as_server psql -Xq -v "days=$1" -d bench -f "$work/test/bench/dashboard.sql" >/dev/null ||
    return 1
  as_server mkdir "$folder" || return 1
  as_server psql -XAqt -d bench -c "SELECT format('SELECT prismiq.prismiq_dashboard_data(%L)', id)
    FROM bench.dashboard" >"$folder/one"
  as_server psql -XAqt -d bench -c "SELECT format('SELECT prismiq.prismiq_widget_data(%L);', id)
    FROM bench.panels ORDER BY place" >"$folder/twenty"
  as_server psql -XAqt -d bench -c "SELECT format('SELECT json_agg(row_to_json(t)) FROM (%s) t;',
    regexp_replace(hand, '\s+', ' ', 'g')) FROM bench.panels ORDER BY place" >"$folder/hand"
  panel_turns "$folder" one twenty hand >"$folder/times" || return 1
  read -r one twenty hand < <(cut -d' ' -f2 "$folder/times" | tr '\n' ' ')
  report_pair dashboard "$2" 'twenty calls' "$one" "$twenty"
  report_pair dashboard "$2" 'by hand' "$one" "$hand"
}

# A list of 1,000 dashboards, with and without some that are provided.
bench_list()
{
  local folder=$work/bench/list list more place

  as_server psql -Xq -d bench -f "$work/test/bench/dashboards.sql" >/dev/null || return 1
  as_server mkdir "$folder" || return 1
  for place in CA NY; do
    printf '%s\n' "BEGIN;" "SET LOCAL prismiq.tenant_id = '$place';" \
      'SELECT prismiq.prismiq_dashboard_list();' 'COMMIT' >"$folder/$place.raw"
  done
  panel_turns "$folder" CA.raw NY.raw >"$folder/times" || return 1
  read -r list more < <(cut -d' ' -f2 "$folder/times" | tr '\n' ' ')
  report_pair dashboard 'a list of 1,000 dashboards, 20 of them provided' 'none provided' \
    "$more" "$list"
}

bench_dashboard()
{
  report_pairs
  bench_board 7 'a week of flights, one call' && bench_board 1 'a day of flights, one call' &&
    bench_list
}

# The scripts of the twenty questions about measurements, ours and by hand.
questions()
{
  local folder=$1

  as_server psql -Xq -d bench -f "$work/test/bench/metrics_panels.sql" >/dev/null &&
    as_server mkdir -p "$folder" || return 1
  as_server psql -XAqt -d bench -c "SELECT format('SELECT prismiq.prismiq_query(%L::jsonb);',
    definition) FROM bench.questions ORDER BY place" >"$folder/prismiq"
  as_server psql -XAqt -d bench -c "SELECT regexp_replace(hand, '\s+', ' ', 'g') || ';'
    FROM bench.questions ORDER BY place" >"$folder/hand"
}

# clients SCRIPTS LOG: fifty clients for a while, each taking one of the questions at a time.
clients()
{
  local files=() line number=0

  mkdir -p "$work/bench/clients"
  while IFS= read -r line; do
    number=$((number + 1))
    # pgbench would take a colon before a letter or digit for a variable.
    sed -E 's/:([A-Za-z0-9_])/: \1/g; s/: : ?/::/g' <<<"$line" >"$work/bench/clients/$number"
    files+=(-f "$work/bench/clients/$number")
  done <"$1"
  chmod -R a+rX "$work/bench/clients"
  PGOPTIONS="-c role=app_user -c prismiq.tenant_id=t1" as_server pgbench -n -M prepared -c 50 -j 2 \
    -T "$((seconds * 15 / 2))" --random-seed=1 -l --log-prefix="$2" "${files[@]}" bench \
    >"$work/bench.log" 2>&1 || { cat "$work/bench.log"; return 1; }
}

# Fifty clients on twenty panels, a minute for each side in halves, in turn.
bench_concurrency()
{
  local folder=$work/bench/concurrency side turn count p50 p95 p99

  questions "$folder" || return 1
  for turn in 'prismiq 1' 'hand 2' 'hand 3' 'prismiq 4'; do
    clients "$folder/${turn% *}" "$folder/log_${turn/ /_}" || return 1
  done
  printf '%s\n' '| who | a second | p50, ms | p95, ms | p99, ms |' \
    '| --- | ---: | ---: | ---: | ---: |' | report_text
  for side in prismiq hand; do
    read -r count p50 p95 p99 < <("$top/test/bench/percentiles.pl" "$folder/log_$side"_*)
    printf '| %s | %.1f | %.0f | %.0f | %.0f |\n' "$side" \
      "$(awk -v n="$count" -v s="$((seconds * 15))" 'BEGIN { print n / s }')" \
      "$p50" "$p95" "$p99" | report_text
  done
}

# The twenty panels one after another, over more and more rows.
bench_growth()
{
  local size count folder ours hand

  report_pairs
  for size in 1 10 50; do
    folder=$work/bench/growth_$size
    count=$((size * (rows / 10)))
    echo "loading $count rows" >&2
    load_metrics "$count" && questions "$folder" || return 1
    tenant=t1 panel_turns "$folder" prismiq hand >"$folder/times" || return 1
    read -r ours hand < <(cut -d' ' -f2 "$folder/times" | tr '\n' ' ')
    report_pair growth "twenty panels over $count rows" 'by hand' "$ours" "$hand"
  done
}
