# What building and testing need, as a library for bash scripts:
#
#   . test/packages.sh
#   packages_install [demo|test|services|web|orm|browser|valgrind|matrix]
#
# Finds PostgreSQL (exporting PG_CONFIG), works out what is missing and installs
# it with apt as root or through sudo; elsewhere it tells what to install. Does
# nothing, and asks nobody, where all is there.

# The newest PostgreSQL of Debian's layout of which a file is there, as its
# bindir.
packages_newest()
{
  local dir

  for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn); do
    [ -e "$dir/$1" ] && [ "$(basename "$(dirname "$dir")")" -ge 15 ] && echo "$dir" && return
  done
  return 1
}

# Can extensions for a server that is there be built with this pg_config?
packages_pg_complete()
{
  local pgxs version

  pgxs=$("$1" --pgxs 2>/dev/null) && [ -e "$pgxs" ] || return 1
  # Debian's client package brings the makefiles, and no headers.
  [ -e "$("$1" --includedir-server)/postgres.h" ] || return 1
  [ -x "$("$1" --bindir)/initdb" ] || return 1
  version=$("$1" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  [ "$version" -ge 15 ]
}

# Settle PG_CONFIG, when there is anything to settle it with.
packages_find_pg()
{
  local dir

  if packages_pg_complete "${PG_CONFIG:-pg_config}"; then
    PG_CONFIG=$(command -v "${PG_CONFIG:-pg_config}")
  else
    case ${PG_CONFIG:-} in
      */*) die "$PG_CONFIG: no PostgreSQL 15 or newer with its development files" ;;
    esac
    dir=$(packages_newest pg_config) && packages_pg_complete "$dir/pg_config" || return 1
    PG_CONFIG=$dir/pg_config
  fi
  export PG_CONFIG
}

# The names of Debian packages that are missing for a purpose, one a line.
packages_missing()
{
  local major dir makefile clang

  command -v make >/dev/null || echo make
  command -v gcc >/dev/null && command -v ld >/dev/null || echo build-essential
  [ -e /usr/include/stdio.h ] || echo libc6-dev
  # The headers may lie in any folder that the compiler looks at.
  if ! command -v gcc >/dev/null || ! echo '#include <jansson.h>' | gcc -E -xc - >/dev/null 2>&1
  then
    echo libjansson-dev
  fi

  if packages_find_pg; then
    major=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    # The server's bitcode is read by the LLVM that it was built with.
    makefile=$(dirname "$("$PG_CONFIG" --pgxs)")/../Makefile.global
    if grep -q '^with_llvm[[:space:]]*=[[:space:]]*yes' "$makefile"; then
      clang=$(sed -n 's/^CLANG[[:space:]]*=[[:space:]]*//p' "$makefile")
      command -v "$clang" >/dev/null || basename "$clang"
      dir=$(sed -n 's/^LLVM_BINPATH[[:space:]]*=[[:space:]]*//p' "$makefile")
      [ -x "$dir/llvm-lto" ] || basename "$(dirname "$dir")"
      # Newer Debians have the just-in-time compiler in a package of its own.
      [ -e "$("$PG_CONFIG" --pkglibdir)/llvmjit.so" ] || echo "postgresql-$major-jit"
    fi
  else
    if dir=$(packages_newest initdb); then
      major=$(basename "$(dirname "$dir")")
    else
      major=$(apt-cache depends postgresql 2>/dev/null |
        sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
      if [ -z "$major" ]; then
        echo postgresql
        return
      fi
    fi
    echo "postgresql-$major"
    echo "postgresql-server-dev-$major"
  fi

  if [ "$1" = test ]; then
    packages_find_pg && [ -e "$("$PG_CONFIG" --sharedir)/extension/pgtap.control" ] ||
      echo "postgresql-$major-pgtap"
    # Tests use postgres_fdw and citext.
    ! packages_find_pg || [ -e "$("$PG_CONFIG" --sharedir)/extension/postgres_fdw.control" ] ||
      echo postgresql-contrib
    command -v prove >/dev/null || echo perl
    command -v pg_prove >/dev/null || echo libtap-parser-sourcehandler-pgtap-perl
  elif [ "$1" = services ]; then
    # What stands beside a server; the tests that need them say where they are not there.
    [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null || echo pgbouncer
    command -v promtool >/dev/null || echo prometheus
  elif [ "$1" = web ]; then
    command -v prove >/dev/null || echo perl
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    # The module brings the nginx that it was built for.
    [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || echo nginx
    [ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || echo libnginx-mod-http-js
    command -v openssl >/dev/null || echo openssl
    command -v curl >/dev/null || echo curl
    command -v jq >/dev/null || echo jq
  elif [ "$1" = orm ]; then
    /usr/bin/python3 -c 'import sqlalchemy' 2>/dev/null || echo python3-sqlalchemy
    /usr/bin/python3 -c 'import alembic' 2>/dev/null || echo python3-alembic
    /usr/bin/python3 -c 'import psycopg2' 2>/dev/null || echo python3-psycopg2
  elif [ "$1" = browser ]; then
    command -v chromium >/dev/null || echo chromium
  elif [ "$1" = valgrind ]; then
    command -v valgrind >/dev/null || echo valgrind
  elif [ "$1" = matrix ]; then
    command -v debootstrap >/dev/null || echo debootstrap
  fi
}

packages_apt()
{
  local root=

  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || die "to install them I need root, or sudo without a password"
    root=sudo
  fi
  # The service that Debian's package would start is not needed, but harmless.
  $root env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null >"$packages_log" 2>&1 ||
    { tail -n 20 "$packages_log" >&2; die "apt-get $1 failed"; }
}

packages_install()
{
  local missing updated= round

  packages_log=$(mktemp)
  # Twice: which packages fit PostgreSQL is known once PostgreSQL is there, and
  # which PostgreSQL there is once the lists are.
  for round in 1 2 3; do
    missing=$(packages_missing "${1:-test}" | sort -u | tr '\n' ' ')
    [ -n "$missing" ] || break
    command -v apt-get >/dev/null ||
      die "missing, by the names of Debian's packages: $missing"
    [ "$round" -lt 3 ] || die "still missing after installing: $missing"
    if [ -z "$updated" ]; then
      echo "updating the package lists"
      packages_apt update
      updated=yes
      missing=$(packages_missing "${1:-test}" | sort -u | tr '\n' ' ')
    fi
    echo "installing $missing"
    # shellcheck disable=SC2086 # a list of words
    packages_apt install -y --no-install-recommends $missing
  done
  rm -f "$packages_log"
  packages_find_pg || die "no PostgreSQL 15 or newer"
}

# Build strictly and install; the log is shown only when that fails.
packages_build()
{
  local top=$1 log root=

  log=$(mktemp)
  if [ ! -w "$("$PG_CONFIG" --pkglibdir)" ]; then
    sudo -n true 2>/dev/null || die "to install into $("$PG_CONFIG" --pkglibdir) I need root," \
      "or sudo without a password; or set PG_CONFIG to a PostgreSQL of your own"
    root=sudo
  fi
  echo "building for $("$PG_CONFIG" --version)"
  supervise make -C "$top" --no-print-directory -j"$(nproc)" STRICT=1 PG_CONFIG="$PG_CONFIG" all \
    >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "the build failed"; }
  $root make -C "$top" --no-print-directory STRICT=1 PG_CONFIG="$PG_CONFIG" install \
    >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "the installation failed"; }
  rm -f "$log"
}

# packages_copy TREE TARGET: the tracked files as they are now, and new ones that are
# not ignored.
packages_copy()
{
  local top=$1 target=$2

  rm -rf "$target" && mkdir -m 700 "$target" || return 1
  if git -c safe.directory='*' -C "$top" rev-parse >/dev/null 2>&1; then
    git -c safe.directory='*' -C "$top" ls-files -z --cached --others --exclude-standard |
      (cd "$top" && while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done |
        tar -c --null -T -)
  else
    tar -C "$top" -c --exclude='*.o' --exclude='*.bc' --exclude='*.d' --exclude='*.so' \
      --exclude=.build-flags --exclude=.build-list .
  fi | tar -C "$target" -x --no-same-owner
}
