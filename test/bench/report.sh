# The report of the benchmark, as Markdown, as a library for bash scripts:
#
#   report_begin                   its head: the machine, the versions, the date
#   report_section TITLE [WORD...] a heading, and what is to be known of it
#   report_pairs                   the head of a table of pairs
#   report_line FOLDER QUESTION PEER OURS THEIRS    a line of it
#   report_pair FOLDER QUESTION PEER OURS THEIRS    the same, of times in ms
#   report_time FOLDER NAME US RATIO    a line of what has no peer but a yardstick
#   report_text                    lines of its own, from standard input
#   report_end                     which aims were missed; false where one was
#
# Aims stand in the file "aims": the question, the peer, and at how much of the peer's time.

report=
report_missed=()

report_text()
{
  tee -a "$report"
}

report_begin()
{
  report=$work/benchmarks.md
  report_text <<END
# Benchmarks

What \`make bench\` said last, on this machine and day; \`REPORT=docs/benchmarks.md make bench\`
writes this page. All numbers are ratios of what was measured side by side in one run, in turns
whose order alternates; times are medians, of 7 at least. Machines differ, ratios less so.

| | |
| --- | --- |
| date | $(date -u +%Y-%m-%d) |
| machine | $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, \
$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GB |
| server | $(as_server psql -XAqt -c 'SELECT version()' | sed 's/,.*//') |
| extension | prismiq $(as_server psql -XAqt -d bench -c \
    "SELECT extversion FROM pg_extension WHERE extname = 'prismiq'") |
| sections | ${ONLY:-all} |
| settings | as the server has them, but \`shared_buffers = 2GB\` and \`autovacuum = off\` |
END
}

report_section()
{
  printf '\n## %s\n\n' "$1" | report_text
  shift
  [ $# -eq 0 ] || printf '%s\n\n' "$*" | fold -s -w 100 | sed 's/ *$//' | report_text
}

report_pairs()
{
  printf '%s\n' '| question | beside | Prismiq, ms | that, ms | ratio | aim | |' \
    '| --- | --- | ---: | ---: | ---: | ---: | --- |' | report_text
}

# number / number
ratio()
{
  awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'
}

# What is aimed at for a question beside a peer; nothing where nothing is.
report_aim()
{
  awk -F '\t' -v question="$1" -v peer="$2" '$1 == question && $2 == peer { print $3 }' \
    "$top/test/bench/aims"
}

report_pair()
{
  report_line "$1" "$2" "$3" "$(printf '%.3g' "$4")" "$(printf '%.3g' "$5")"
}

report_line()
{
  local aim value verdict=

  aim=$(report_aim "$1/$2" "$3")
  value=$(ratio "$4" "$5")
  if [ -n "$aim" ]; then
    if awk -v a="$value" -v b="$aim" 'BEGIN { exit !(a + 0 <= b + 0 && a != "-") }'; then
      verdict=held
    else
      verdict='**missed**'
      report_missed+=("$1/$2 beside $3: $value, aim $aim")
    fi
  fi
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$2" "$3" "$4" "$5" "$value" "$aim" "$verdict" |
    report_text
}

# report_time FOLDER NAME US RATIO: what has an aim in microseconds, and no peer but a yardstick.
report_time()
{
  local aim verdict=

  aim=$(report_aim "$1/$2" us)
  if [ -n "$aim" ]; then
    verdict=held
    if ! awk -v a="$3" -v b="$aim" 'BEGIN { exit !(a + 0 <= b + 0) }'; then
      verdict='**missed**'
      report_missed+=("$1/$2: $3 us, aim $aim us")
    fi
  fi
  printf '| %s | %.1f | %s | %s | %s |\n' "$2" "$3" "$4" "$aim" "$verdict" | report_text
}

report_end()
{
  report_section 'Aims that were missed'
  if [ "${#report_missed[@]}" -eq 0 ]; then
    echo 'None.' | report_text
  else
    printf -- '- %s\n' "${report_missed[@]}" | report_text
  fi
  if [ -n "${REPORT:-}" ]; then cp "$report" "$REPORT" || die "$REPORT cannot be written"; fi
  [ "${#report_missed[@]}" -eq 0 ]
}
