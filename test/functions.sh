#!/bin/bash
# Write docs/functions*.md anew from the comments in the database, and docs/prismiq.d.ts
# from the schema of definitions: builds, makes a throw-away cluster and asks it.
# t/docs tells when that is due.
#
#   test/functions.sh         or: make docs

set -u
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
. "$top/test/cluster.sh"
. "$top/test/packages.sh"

packages_install test
cluster_folder
packages_build "$top"
cluster_make
as_server psql -Xq -c 'CREATE SCHEMA prismiq' -c 'CREATE EXTENSION prismiq SCHEMA prismiq' ||
  exit 1
for page in $(as_server psql -Xq <"$top/test/lib/functions.sql"); do
  as_server psql -Xq -v page="$page" <"$top/test/lib/functions.sql" >"$work/page" &&
    cat "$work/page" >"$top/docs/$page.md" || exit 1
done
as_server psql -XAtq -c 'SELECT prismiq.prismiq_definition_schema()' >"$work/schema.json" &&
  "$top/test/lib/typescript.pl" "$top/test/lib/answers.d.ts" <"$work/schema.json" \
    >"$work/types" && cat "$work/types" >"$top/docs/prismiq.d.ts" || exit 1
