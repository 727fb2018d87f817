#!/bin/bash
# The library exports what SQL calls and what the server looks for, no more;
# and everything that SQL calls is there.
. "$TEST_DIR/lib/tap.sh"

library=$("$PG_CONFIG" --pkglibdir)/prismiq.so

sql_names()
{
  psql -XAtq -d "$TEMPLATE" -c "SELECT DISTINCT prosrc FROM pg_catalog.pg_proc
    WHERE probin = '\$libdir/prismiq'"
}

exported=$(nm -D --defined-only "$library" | awk '{ print $3 }' | sed 's/@.*//' | sort)
wanted=$({
  echo _PG_init
  echo Pg_magic_func
  sql_names
  sql_names | sed 's/^/pg_finfo_/'
} | sort)

is "$(comm -23 <(echo "$exported") <(echo "$wanted") | tr '\n' ' ')" '' \
  'nothing is exported that SQL does not call'
is "$(comm -13 <(echo "$exported") <(echo "$wanted") | tr '\n' ' ')" '' \
  'all that SQL calls is exported'
like "$(sql_names | wc -l)" '^[1-9]' 'SQL calls some'

# The server exports a json_object too: a reference to jansson's would be bound
# to it and crash. The same for any name that both export.
jansson=$(ldd "$library" | awk '$1 ~ /^libjansson/ { print $3 }')
shared_names=$(comm -12 \
  <(nm -D --defined-only "$jansson" | awk '{ print $3 }' | sed 's/@.*//' | sort -u) \
  <(nm -D --defined-only "$("$PG_CONFIG" --bindir)/postgres" | awk '{ print $3 }' | sort -u))
used=$(nm -D --undefined-only "$library" | awk '{ print $2 }' | sed 's/@.*//' | sort)
is "$(comm -12 <(echo "$used") <(echo "$shared_names") | tr '\n' ' ')" '' \
  'no function of jansson is used whose name the server exports as well'

done_testing
