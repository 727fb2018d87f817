#!/bin/bash
# clang compiles it without a warning too (the runner's build is gcc's).
. "$TEST_DIR/lib/tap.sh"

clang=$(sed -n 's/^CLANG *= *//p' "$(dirname "$("$PG_CONFIG" --pgxs)")/../Makefile.global")
command -v "${clang:=clang}" >/dev/null || skip_all 'no clang'

mkdir "$TEST_DIR/../tree-clang" && cd "$TEST_DIR/../tree-clang" || exit 1
cp -R ../tree/src ../tree/sql ../tree/Makefile ../tree/prismiq.control . || exit 1
find src -name '*.[obd]*' -delete

# Without bitcode, which is clang's in any build.
ok 'a strict build by clang' \
  make -s STRICT=1 CC="$clang" with_llvm=no PG_CONFIG="$PG_CONFIG" prismiq.so

done_testing
