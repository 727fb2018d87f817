# Prismiq: an embedded-analytics engine as a PostgreSQL extension.
#
# Contents
#   1. Where PostgreSQL is
#   2. What is built
#   3. How it is compiled
#   4. PGXS, and what it does not do by itself
#   5. Tests, demo, benchmark: scripts that install and build what they need
#   6. Packages
#   7. Help
#
# Knobs: PG_CONFIG=/path/to/pg_config  CC=clang  STRICT=1  COPT=-O0
# "make help" tells the targets.

# ---- 1. Where PostgreSQL is ----------------------------------------------

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

# "help" is named here so that a bare "make" still builds: PGXS's own first
# target is "all".
.DEFAULT_GOAL := all

# ---- 2. What is built ----------------------------------------------------

EXTENSION = prismiq
MODULE_big = prismiq

# The version is written once, in the control file.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" prismiq.control)

# Object files of sub-folders keep their path, but bitcode and pg_regress put
# them side by side in places: base names are unique over all of src/.
OBJS := $(patsubst %.c,%.o,$(sort $(wildcard src/*.c) $(wildcard src/*/*.c)))

# The install script is the parts in the order of their names; scripts that
# upgrade from one version to the next are written by hand and tracked.
INSTALL_SQL := sql/prismiq--$(EXTVERSION).sql
SQL_PARTS := $(sort $(wildcard sql/parts/*.sql))
DATA_built = $(INSTALL_SQL)
DATA = $(wildcard sql/prismiq--*--*.sql)

# What browsers are given: the module out of its parts in the order of their
# names, the elements' style sheet as a part of it, and the page's style sheet.
# Arrays of C are made of them with what every POSIX system has.
WEB_JS := $(sort $(wildcard src/show/web/*.js))
WEB_CSS := $(sort $(wildcard src/show/web/style/*.css))
WEB_BUILT := $(patsubst %,src/show/web/prismiq.%.inc,js css svg) src/show/prismiq.js

SHLIB_LINK = -ljansson

# pg_regress looks for sql/ in inputdir and for expected/ where it is started.
# "make test" copies both to a temporary folder; this is for "installcheck",
# which asks a server that is running, in a database that it makes anew.
REGRESS = $(sort $(basename $(notdir $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test --use-existing

# ---- 3. How it is compiled -----------------------------------------------

# -fvisibility=hidden: up to version 15 PGXS exports every function that is
# not static, and two extensions with a function of the same name would then
# call each other's.  There PGDLLEXPORT is empty too; from 16 on this is its
# own value.
PG_CPPFLAGS = -Isrc '-DPGDLLEXPORT=__attribute__((visibility("default")))'

# The library knows its version, to tell whether the SQL objects are of the same.
PG_CPPFLAGS += '-DPRISMIQ_VERSION="$(EXTVERSION)"'

PG_CFLAGS = -fvisibility=hidden

# -MMD -MP: Debian's server is configured without dependency tracking, so
# PGXS would not notice an edited header.  They are in PG_CFLAGS, which the
# bitcode rule does not see; there they would overwrite the .d files.
PG_CFLAGS += -MMD -MP

# The strict build is what the tests use.  The exceptions are for what the
# server's own headers and calling conventions cannot do without.
ifdef STRICT
PG_CFLAGS += -Wall -Wextra -Werror \
	-Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers
endif

# The server's flags were chosen for the compiler that built the server.
# Another one does not know all of them, and need not.  Nor does clang know the
# attribute gnu_printf in the headers of a server that gcc built.
PG_CFLAGS += $(if $(findstring clang,$(CC)),$(CLANG_CFLAGS),$(GCC_CFLAGS))
CLANG_CFLAGS = -Wno-unknown-warning-option -Wno-unused-command-line-argument \
	-Wno-ignored-optimization-argument -Wno-ignored-attributes
GCC_CFLAGS = -Wno-clobbered

EXTRA_CLEAN = $(OBJS:.o=.d) $(WEB_BUILT) .build-flags .build-list

# ---- 4. PGXS, and what it does not do by itself --------------------------

ifneq ($(wildcard $(PGXS)),)

include $(PGXS)

# Flags are no prerequisites to make: remember them, so that a change of
# compiler, server or flags compiles anew.  The same for the lists of files,
# so that a removed one is missed.
$(shell f='$(subst ','\'',$(VERSION) $(CC) $(CPPFLAGS) $(CFLAGS))'; \
	[ "$$f" = "$$(cat .build-flags 2>/dev/null)" ] || printf '%s\n' "$$f" >.build-flags)
$(shell f='$(EXTVERSION) $(OBJS) $(SQL_PARTS) $(WEB_JS) $(WEB_CSS)'; \
	[ "$$f" = "$$(cat .build-list 2>/dev/null)" ] || printf '%s\n' "$$f" >.build-list)

$(OBJS): .build-flags
$(shlib): .build-list

-include $(OBJS:.o=.d)

# PGXS makes bitcode from the .c file alone and would leave it as it was when
# only a header changed: let it follow its object file.
$(OBJS:.o=.bc): %.bc: %.o

src/show/assets.o src/show/assets.bc: $(WEB_BUILT)

# Bytes to numbers that C reads.
BYTES = od -An -v -tx1 | sed 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'

# The module is one file; its first line the database writes as the setting says. The
# style sheet becomes a constant of it: it holds no backslash, no backquote and no
# dollar (make check-style). Lines that are comments stay here: browsers are sent a
# sixth less without them.
src/show/prismiq.js: $(WEB_JS) $(WEB_CSS) .build-list Makefile
	{ echo 'const ASSETS_URL = "";'; echo 'const STYLE = `'; cat $(WEB_CSS); echo '`;'; \
	  sed '/^ *\/\//d' $(WEB_JS); } >$@.tmp
	mv $@.tmp $@

src/show/web/prismiq.js.inc: src/show/prismiq.js
	cat $< | $(BYTES) >$@.tmp
	mv $@.tmp $@

src/show/web/prismiq.css.inc src/show/web/prismiq.svg.inc: %.inc: % Makefile
	cat $< | $(BYTES) >$@.tmp
	mv $@.tmp $@

# The path comes first: CREATE EXTENSION puts the target schema on it, and an
# operator that stands there would win over the server's own.  It ends with the
# script.
$(INSTALL_SQL): $(SQL_PARTS) .build-list Makefile
	{ printf '%s\n' '\echo Use "CREATE EXTENSION prismiq" to load this file. \quit' \
	    'SET LOCAL search_path = pg_catalog, pg_temp;' \
	    'SET LOCAL default_table_access_method = heap;'; \
	  for part in $(SQL_PARTS); do echo; cat "$$part"; done; } >$@.tmp
	mv $@.tmp $@

ifneq ($(REGRESS),)
installcheck: regress-database
endif

.PHONY: regress-database
regress-database:
	'$(bindir)/dropdb' --if-exists $(CONTRIB_TESTDB)
	'$(bindir)/createdb' $(CONTRIB_TESTDB)
	'$(bindir)/psql' -Xq -v ON_ERROR_STOP=1 -d $(CONTRIB_TESTDB) \
		-c 'CREATE SCHEMA prismiq' -c 'CREATE EXTENSION prismiq SCHEMA prismiq'
	'$(bindir)/psql' -Xq -v dir=test/data -d $(CONTRIB_TESTDB) -f test/data/load.sql
	'$(bindir)/psql' -Xq -o /dev/null -d $(CONTRIB_TESTDB) -f test/data/expose.sql

else

all install installcheck clean:
	@echo "No PostgreSQL to build for: '$(PG_CONFIG) --pgxs' names no file." >&2
	@echo "Install the server's development package (postgresql-server-dev-15 or newer)," >&2
	@echo "set PG_CONFIG, or run ./test/run, which installs what it needs." >&2
	@exit 1

endif

# ---- 5. Tests, demo, benchmark -------------------------------------------

# The folder "test" would make "make test" up to date for ever.
.PHONY: test test-faults test-web pictures check-style demo bench valgrind asserts matrix docs \
	libraries dist help

test:
	@PG_CONFIG='$(PG_CONFIG)' test/run

test-faults:
	@PG_CONFIG='$(PG_CONFIG)' test/faults/run

test-web:
	@PG_CONFIG='$(PG_CONFIG)' test/http/run

pictures:
	@mkdir -p docs/images
	@PG_CONFIG='$(PG_CONFIG)' PICTURES=docs/images TESTS='http/elements_look http/demo' \
		test/http/run

check-style:
	@test/style.pl

demo:
	@PG_CONFIG='$(PG_CONFIG)' KEEP='$(KEEP)' test/demo/run

bench:
	@PG_CONFIG='$(PG_CONFIG)' REPORT='$(REPORT)' ONLY='$(ONLY)' test/bench/run

valgrind:
	@PG_CONFIG='$(PG_CONFIG)' test/valgrind/run

asserts:
	@PG_CONFIG='$(PG_CONFIG)' test/asserts/run

matrix:
	@test/matrix.sh

docs:
	@PG_CONFIG='$(PG_CONFIG)' test/functions.sh

# What the elements draw with, for an application's own folder.
libraries:
	@web/libraries/build '$(FOLDER)'

# ---- 6. Packages ---------------------------------------------------------

# What PGXN takes: the committed tree, under prismiq-VERSION/.
dist:
	git archive --format zip --prefix=prismiq-$(EXTVERSION)/ \
		-o prismiq-$(EXTVERSION).zip HEAD

# ---- 7. Help -------------------------------------------------------------

help:
	@echo 'make               build the extension'
	@echo 'make install       install it where PG_CONFIG says'
	@echo 'make demo          real flights, end to end, on the terminal (KEEP=1: in a browser too)'
	@echo 'make test          everything that is tested, on a server made for it'
	@echo 'make test-faults   broken servers: crashes, a full disk, a hot standby'
	@echo 'make test-web      over HTTP: PostgREST, and a page in a browser'
	@echo 'make pictures      what a dashboard looks like, in docs/images'
	@echo 'make installcheck  only the generated SQL and the errors, on a running server'
	@echo 'make check-style   rooms and circles, words with one owner, sizes'
	@echo 'make matrix        build and test on PostgreSQL 15, 17 and 18, and with assertions'
	@echo 'make valgrind      the pipeline under memcheck'
	@echo 'make asserts       the tests on a PostgreSQL that checks itself, built for it'
	@echo 'make bench         speed, as ratios; REPORT=docs/benchmarks.md keeps the report'
	@echo 'make docs          docs/functions*.md and docs/prismiq.d.ts anew, from the database'
	@echo 'make libraries FOLDER=/srv/assets   what the elements draw with, by npm'
	@echo 'make dist          zip for PGXN'
	@echo 'make clean         remove what was built'
	@echo
	@echo 'PG_CONFIG=path     which PostgreSQL; STRICT=1: warnings are errors; CC=clang'
