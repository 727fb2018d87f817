#!/bin/bash
# What make compiles anew after an edit. Works on a copy of the built tree.
. "$TEST_DIR/lib/tap.sh"

cd "$TEST_DIR/../tree" || exit 1
cp -Rp . "$TEST_DIR/../tree-build" && cd "$TEST_DIR/../tree-build" || exit 1

# The files that make would write, in one line.
would_make()
{
  make -n STRICT=1 PG_CONFIG="$PG_CONFIG" "$@" 2>&1 |
    grep -oE -- '(-o|>) ?[^ ;]+\.(o|bc|so|sql(\.tmp)?)( |$)' |
    sed 's/^[->o ]*//; s/ $//' | sort | tr '\n' ' '
}

bitcode=$(grep -c '^with_llvm *= *yes' "$(dirname "$("$PG_CONFIG" --pgxs)")/../Makefile.global")

is "$(would_make)" '' 'nothing after a build'

# Something later than what was just copied, and not in the future for long.
sleep 1
touch src/base/settings.h
made=$(would_make)
like "$made" 'src/base/settings\.o ' 'an edited header: what includes it'
like "$made" 'src/entry/init\.o ' 'an edited header: in another room too'
[ "$bitcode" -eq 0 ] || like "$made" 'src/entry/init\.bc ' 'an edited header: the bitcode follows'
like "$made" 'prismiq\.so ' 'an edited header: the library'
[[ $made != *src/base/fault.o* ]]
is $? 0 'an edited header: not what does not include it'

make -s -t STRICT=1 PG_CONFIG="$PG_CONFIG" >/dev/null 2>&1
is "$(would_make)" '' 'nothing after that'

like "$(would_make COPT=-O0)" 'src/base/fault\.o ' 'other flags: everything'
make -n STRICT=1 PG_CONFIG="$PG_CONFIG" >/dev/null 2>&1

part=$(ls sql/parts/*.sql | head -n 1)
sleep 1
touch "$part"
like "$(would_make)" 'sql/prismiq--[0-9.]+\.sql' 'an edited part: the install script'

is "$(for f in src/*.c src/*/*.c; do basename "$f"; done | sort | uniq -d)" '' \
  'base names are unique over src/'

done_testing
