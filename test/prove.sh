# Which test files are run, and what comes of them, as a library for bash
# scripts that have read cluster.sh and made $work:
#
#   chosen KIND FOLDER       the files of a kind that $TESTS asks for, one a line
#   prove_counted PROVE...   run prove or pg_prove and add to $passed and $failed
#   prove_copy TOP           test/ to $work, where the server's user reads it
#   prove_end                the last line "N passed, N failed", and the status
#
# TESTS is a list of words: a kind (all of its files) or KIND/FILE. Without it
# the kind that a script asks for is run.

passed=0
failed=0

chosen()
{
  local file name

  for file in "$2"/*; do
    [ -e "$file" ] && [[ $file == *.@(sql|pl|sh|mjs) ]] || continue
    name=$(basename "$file")
    name=${name%.*}
    case " ${TESTS:-$1} " in
      *" $1 "* | *" $1/$name "*) echo "$file" ;;
    esac
  done
}

prove_counted()
{
  local p f

  as_server sh -c ': >"$1"' sh "$work/counted"
  "$@" || true
  if read -r p f <"$work/counted"; then
    passed=$((passed + p))
    failed=$((failed + f))
  else
    failed=$((failed + 1))
  fi
}

# The names here are what the test files and the helpers in test/lib go by.
prove_copy()
{
  export TEST_DIR=$work/test TEMPLATE=prismiq_template COUNTED_FILE=$work/counted
  export PERL5LIB=$work/test/lib
  cp -R "$1/test" "$work" || exit 1
  chmod -R a+rX "$work/test"
  [ "$(id -u)" -ne 0 ] || chown -R "$cluster_user:" "$work/test"
}

prove_end()
{
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
