# The dashboard of the demonstration in a browser, as a library for bash scripts that have read
# cluster.sh, packages.sh and web.sh and have the demonstration's database:
#
#   . test/demo/serve.sh
#   demo_serve     PostgREST and nginx in front of the server, with the configuration of
#                  web/gateway; prints where to look
#
# nginx, node and npm have to be there (packages_install web). Both run on when the script ends, as what is in $work does with KEEP=1.

# The first port from here on that nothing listens on.
demo_port()
{
  local port

  for ((port = $1; port < $1 + 1000; port++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
  die "no port is free from $1 on"
}

# demo_started NAME COMMAND...: run a command as the server's user, and go on without it; its
# process goes into $work/web/NAME.pid.
demo_started()
{
  local name=$1

  shift
  cluster_pids+=" $work/web/$name.pid"
  as_server setsid bash -c 'echo $$ >"$1" && shift && exec "$@"' bash "$work/web/$name.pid" "$@" \
    </dev/null >"$work/web/$name.log" 2>&1 &
}

# Wait until an address answers.
demo_answers()
{
  node -e 'let n = 0;
    const ask = () => fetch(process.argv[1]).catch(() => ({})).then(({ ok }) => {
      if (!ok && n++ < 100) setTimeout(ask, 100);
      else process.exitCode = ok ? 0 : 1;
    });
    ask();' "$1" || { tail -n 5 "$work"/web/*.log; return 1; }
}

demo_serve()
{
  local address socket=$work/web/postgrest

  as_server mkdir "$work/web" "$work/web/pages" || return 1
  web_packages gateway --omit=dev && web_libraries || return 1
  # It signs the tokens; nobody but the server and the gateway knows it.
  SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  export SECRET
  as_server psql -Xq -d "$KEEP_DATABASE" -o /dev/null -f "$work/test/demo/sign_in.sql" || return 1

  address=127.0.0.1:$(demo_port 8080)
  as_server sh -c 'umask 077 && exec "$@"' sh "$work/gateway/fill" "$work/web" LISTENER=plain.conf \
    LISTEN_PLAIN="$address" POSTGREST="unix:$socket" PID="$work/web/nginx.pid" LOGS="$work/web" \
    TEMPORARY="$work/web" ASSETS="$LIBRARIES" PAGES="$work/test/demo/pages" JWT_SECRET="$SECRET" \
    DATABASE="postgres:///$KEEP_DATABASE?user=authenticator&host=$PGHOST&port=$PGPORT" &&
    as_server psql -Xq -d "$KEEP_DATABASE" -o /dev/null -f "$work/web/routes.sql" &&
    as_server mkdir "$work/web/application" &&
    as_server cp "$work/test/demo/sign_in.conf" "$work/web/application" || return 1
  PGRST_DB_SCHEMAS='prismiq, prismiq_rest, demo' PGRST_SERVER_UNIX_SOCKET=$socket demo_started postgrest \
    "$POSTGREST" "$work/web/postgrest.conf"
  demo_started nginx "$(PATH=$PATH:/usr/sbin command -v nginx)" -c "$work/web/nginx.conf" \
    -e stderr -g 'daemon off;'
  demo_answers "http://$address/rpc/prismiq_asset?name=prismiq.js" || return 1
  say '' "Open http://$address/ in a browser: the same dashboard, asked by California or by Texas." \
    'It is nginx with the configuration of web/gateway, PostgREST behind it, and nothing else.'
}
