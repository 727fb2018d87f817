#!/bin/bash
# Build and test on every supported PostgreSQL: the machine's own as it is and
# with assertions (asserts/run), the others inside a Debian that has them, made
# by debootstrap under a temporary folder and removed afterwards. Needs root. The
# others also break servers (faults/run), and take a cluster of the machine's own
# version over by pg_upgrade.
# Ends with a line for each version and one "N passed, N failed, N skipped" (the
# last counts versions).
#
#   test/matrix.sh               all
#   test/matrix.sh --others      all but the machine's own
#   test/matrix.sh --inside      all, the machine's own inside a Debian as well
#   test/matrix.sh 17 18         some, and nothing with assertions
#   REPORT=/tmp/x.md test/matrix.sh --bench 17  the benchmark's questions about measurements there,
#                          beside TimescaleDB where that Debian has it, and nothing tested
#   MATRIX_CACHE=/var/cache/x test/matrix.sh    keep the Debians for the next time
#   MATRIX_MIRROR=http://...     another mirror than the one apt uses here
#
# The tree inside is a copy of the tracked and new files, in a folder that only
# root can enter. Mounts are made in a name space of their own and so end with
# the process, whatever ends it.

set -u
exec 2>&1
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
. "$top/test/cluster.sh"
. "$top/test/packages.sh"

# Which Debian has which; of several the first that can be had.
suites_of()
{
  case $1 in
    15) echo bookworm ;;
    17) echo trixie ;;
    18) echo forky sid ;;
  esac
}

passed=0
failed=0
skipped=0
summary=()

# The mirror that apt uses here.
find_mirror()
{
  local site

  site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' \
    'Label: Debian' 2>/dev/null | head -n 1)
  echo "${MATRIX_MIRROR:-${site:-http://deb.debian.org/debian}}"
}

# What a root needs to know of this machine's way to the mirror, and what makes
# it quick and quiet.
configure_root()
{
  local root=$1

  {
    apt-config dump --format '%F "%v";%n' Acquire |
      grep -E '^Acquire::https?::([^:]+::)?(Proxy|Verify-Peer|Verify-Host|Timeout) '
    # A frozen mirror, or a clock that is ahead of it, is no reason to test less.
    echo 'Acquire::Check-Valid-Until "false";'
    echo 'Acquire::Languages "none";'
    echo 'APT::Install-Recommends "false";'
    if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
      cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/apt/mirror-ca.crt"
      echo 'Acquire::https::CaInfo "/etc/apt/mirror-ca.crt";'
    fi
  } >"$root/etc/apt/apt.conf.d/90matrix"
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
  # No server is started by a package, nor a cluster made.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  mkdir -p "$root/etc/postgresql-common/createcluster.d"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.d/none.conf"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
  return 0
}

# Run a command of this script's text inside a root, with /proc and shared
# memory, in name spaces of its own. The root is a mount of its own, so that what
# runs in it may mount.
inside()
{
  local root=$1

  shift
  supervise env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive ${http_proxy+http_proxy="$http_proxy"} \
    ${https_proxy+https_proxy="$https_proxy"} ${no_proxy+no_proxy="$no_proxy"} \
    unshare --mount --pid --fork --kill-child bash -c '
      root=$1; shift
      mount --bind "$root" "$root" && mount -t proc proc "$root/proc" &&
        mkdir -p "$root/dev/shm" && mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" &&
        exec chroot "$root" "$@"' sh "$root" "$@"
}

# Make a root with a suite, or take the one that was kept.
make_root()
{
  local suite=$1 root=$2 script=/usr/share/debootstrap/scripts/$1

  [ ! -e "$root/.complete" ] || return 0
  # A suite younger than this machine's debootstrap is made as sid is.
  [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  supervise unshare --mount debootstrap --variant=minbase "$suite" "$root" "$mirror" "$script" \
    >"$work/debootstrap.log" 2>&1 || { tail -n 5 "$work/debootstrap.log"; return 1; }
  configure_root "$root"
  inside "$root" apt-get -q update >"$work/update.log" 2>&1 ||
    { tail -n 5 "$work/update.log"; return 1; }
  touch "$root/.complete"
}

# Run a command, show what it says and keep it in a log.
logged()
{
  local tee

  exec 3> >(tee "$work/log")
  tee=$!
  "$@" >&3 2>&1 3>&-
  exec 3>&-
  wait "$tee"
}

# The last line "N passed, N failed" of a log, added up.
count()
{
  local version=$1 log=$2 line

  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
  if [ -n "$line" ]; then
    passed=$((passed + $(echo "$line" | cut -d' ' -f1)))
    failed=$((failed + $(echo "$line" | cut -d' ' -f3)))
  else
    failed=$((failed + 1))
    line="0 passed, 1 failed: the run did not come to its end"
  fi
  summary+=("PostgreSQL $version: $line")
}

skip()
{
  skipped=$((skipped + 1))
  summary+=("PostgreSQL $1: skipped: $2")
  echo "PostgreSQL $1: skipped: $2"
}

run_here()
{
  echo "==== PostgreSQL $1, this machine's own"
  logged supervise "$top/test/run"
  count "$1, this machine's own" "$work/log"
}

run_asserts()
{
  local reason

  echo "==== PostgreSQL with assertions"
  logged supervise "$top/test/asserts/run"
  reason=$(sed -n 's/^skipped: //p' "$work/log")
  if [ -n "$reason" ]; then
    skip 'with assertions' "$reason"
  else
    count 'with assertions' "$work/log"
  fi
}

# The machine's own server with prismiq in /old of a root, where it runs from: with the libraries
# that the root does not have. Without the just-in-time compiler, whose library is large.
bring_own()
{
  local root=$1 bindir pkglibdir sharedir library

  bindir=$("$PG_CONFIG" --bindir) pkglibdir=$("$PG_CONFIG" --pkglibdir)
  sharedir=$("$PG_CONFIG" --sharedir)
  rm -rf "$root/old" && mkdir -p "$root/old/libraries" "$root/old/$bindir" "$root/old/$pkglibdir" \
    "$root/old/$sharedir" && cp -RL "$bindir/." "$root/old/$bindir" &&
    cp -RL "$sharedir/." "$root/old/$sharedir" &&
    tar -C "$pkglibdir" -c --exclude='llvmjit*' --exclude=bitcode . |
    tar -C "$root/old/$pkglibdir" -x || return 1
  packages_copy "$top" "$work/own" &&
    make -s -C "$work/own" -j"$(nproc)" PG_CONFIG="$PG_CONFIG" with_llvm=no \
      DESTDIR="$root/old" install >"$work/own.log" 2>&1 || { tail "$work/own.log"; return 1; }
  rm -rf "$work/own"
  for library in $(ldd "$bindir"/{postgres,initdb,pg_ctl,psql,pg_dump,createdb} "$pkglibdir"/*.so \
    2>/dev/null | sed -n 's|.* => \(/[^ ]*\) .*|\1|p' | sort -u); do
    [ -n "$(find "$root/lib" "$root/usr/lib" -name "$(basename "$library")" -print -quit)" ] ||
      [[ $library == *libLLVM* ]] || cp -L "$library" "$root/old/libraries" || return 1
  done
  old="OLD_BINDIR='/old$bindir' LD_LIBRARY_PATH=/old/libraries"
}

# The broken servers of a version, and where there is an older one here the upgrade from it.
run_faults_inside()
{
  local version=$1 root=$2 old=

  if [ -n "$here" ] && [ "$here" != none ] && [ "$here" -lt "$version" ] && ! bring_own "$root"
  then
    skip "$version, upgrade from $here" 'the server of this machine does not go there'
  fi
  logged inside "$root" bash -c "$old PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config \
    /prismiq/test/faults/run"
  count "$version, broken servers" "$work/log"
}

bench_inside()
{
  local version=$1 root=$2

  logged inside "$root" bash -c "apt-get -qy install postgresql-$version \
    postgresql-server-dev-$version >/tmp/install.log 2>&1 || { tail /tmp/install.log; exit 1; }
    apt-get -qy install postgresql-$version-timescaledb >/tmp/install.log 2>&1 ||
      tail -n 1 /tmp/install.log
    PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config ONLY='metrics everybody' \
      PRISMIQ_BENCH_ROWS='${PRISMIQ_BENCH_ROWS:-}' SECONDS_EACH='${SECONDS_EACH:-}' \
      REPORT=/prismiq/report.md /prismiq/test/bench/run"
  cp "$root/prismiq/report.md" "$REPORT" || die "there is no report"
  [ -n "${MATRIX_CACHE:-}" ] || rm -rf --one-file-system "$root"
}

run_inside()
{
  local version=$1 suite root reason=

  if [ "$(id -u)" -ne 0 ]; then
    skip "$version" 'a Debian can be made by root only'
    return
  fi
  if ! command -v debootstrap >/dev/null || ! command -v unshare >/dev/null; then
    skip "$version" 'debootstrap is not installed'
    return
  fi
  for suite in $(suites_of "$version"); do
    echo "==== PostgreSQL $version, Debian $suite"
    root=${MATRIX_CACHE:-$work}/root-$suite
    if ! make_root "$suite" "$root"; then
      reason+="${reason:+; }Debian $suite cannot be had from $mirror"
      continue
    fi
    if ! inside "$root" apt-cache show "postgresql-$version" >/dev/null 2>&1; then
      reason+="${reason:+; }Debian $suite has no postgresql-$version"
      continue
    fi
    packages_copy "$top" "$root/prismiq" || { skip "$version" 'the tree cannot be copied'; return; }
    if [ -n "$bench" ]; then
      bench_inside "$version" "$root"
      return
    fi
    # Named, so that a Debian with several takes the right one.
    logged inside "$root" bash -c "apt-get -qy install postgresql-$version \
      postgresql-server-dev-$version >/tmp/install.log 2>&1 || { tail /tmp/install.log; exit 1; }
      PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config TESTS='${TESTS:-}' /prismiq/test/run"
    count "$version, Debian $suite" "$work/log"
    [ -n "${TESTS:-}" ] || run_faults_inside "$version" "$root"
    [ -n "${MATRIX_CACHE:-}" ] || rm -rf --one-file-system "$root"
    return
  done
  skip "$version" "$reason"
}

here=
if packages_find_pg; then
  here=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
fi
others=
bench=
case ${1:-} in
  --bench) bench=yes here=none; shift; [ -n "${REPORT:-}" ] || die "REPORT says where it goes" ;;
  --others) others=yes; shift ;;
  --inside) here=none; shift ;;
esac
asserts=
[ $# -gt 0 ] || { set -- 15 17 18; asserts=yes; }

cluster_folder
# What cannot be installed is skipped below, with a word.
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then (packages_install matrix); fi
mirror=$(find_mirror)
[ -z "${MATRIX_CACHE:-}" ] || mkdir -p "$MATRIX_CACHE" || exit 1
for version in "$@"; do
  [ -n "$(suites_of "$version")" ] || die "no Debian is known for PostgreSQL $version"
  if [ "$version" != "$here" ]; then
    run_inside "$version"
  elif [ -z "$others" ]; then
    run_here "$version"
  fi
done
[ -z "$bench" ] || exit 0
[ -z "$asserts" ] || run_asserts

echo
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
