#!/bin/bash
# PgBouncer in transaction mode, by the configuration in docs/operations.md, between
# many clients of five tenants and a few connections: no row of another tenant ever,
# and no context is left in a connection, whatever ended the transaction.
# TRANSACTIONS=200000 SEED=7 TESTS=t/pooling test/run asks for more, and others.
. "$TEST_DIR/lib/tap.sh"

pgbouncer=$(PATH=$PATH:/usr/sbin command -v pgbouncer) ||
  skip_all 'skipped: there is no pgbouncer (the package of Debian)'
folder=$(mktemp -d /tmp/pooling.XXXXXX)
trap '[ ! -s "$folder/pid" ] || kill "$(cat "$folder/pid")"; rm -rf "$folder"
  dropdb --if-exists --force pooling; psql -Xq -d postgres -c "DROP ROLE IF EXISTS pooled"' EXIT
createdb -T "$TEMPLATE" pooling

psql -Xq -o /dev/null -v ON_ERROR_STOP=1 -d pooling <<'SQL'
CREATE ROLE pooled LOGIN NOINHERIT PASSWORD 'of the pool';
GRANT app_user TO pooled;
CREATE TABLE public.notes (tenant text NOT NULL, note text NOT NULL);
INSERT INTO public.notes
SELECT 't' || t, 'mark-t' || t FROM generate_series(1, 5) t, generate_series(1, 10 * t);
CREATE VIEW public.slow AS
SELECT 't' || t AS tenant, pg_sleep(0.01) IS NULL AS slept
FROM generate_series(1, 5) t, generate_series(1, 9000);
GRANT SELECT ON public.notes, public.slow TO app_user;
SELECT FROM prismiq.prismiq_expose('notes', tenant_column => 'tenant');
SELECT FROM prismiq.prismiq_expose('slow', tenant_column => 'tenant');
SET prismiq.user_id = 'maker';
SET prismiq.roles = 'admin';
SELECT format('SET prismiq.tenant_id = %L', 't' || t),
  format($$SELECT prismiq.prismiq_dashboard_create('{"name": "mark-t%s", "is_public": true,
    "widgets": [{"type": "metric", "query": {"tables": [{"id": "n", "name": "notes"}],
    "columns": [{"table_id": "n", "column": "*", "aggregation": "count"}]}}]}')$$, t)
FROM generate_series(1, 5) t \gexec
CREATE TABLE public.boards AS SELECT tenant_id AS tenant, id FROM prismiq.prismiq_dashboards;
GRANT SELECT ON public.boards TO app_user;
SQL
is "$(psql -XAtq -d pooling -c 'SELECT count(*) FROM boards')" 5 'there is something to ask for'

# The documents' configuration; where things are is the test's own, and the pool is small.
awk '/^```ini/ { inside = 1; next } /^```/ { inside = 0 } inside' \
  "$TEST_DIR/../docs/operations.md" >"$folder/documented.ini"
sed -e "s|^app = .*|app = host=$PGHOST port=$PGPORT dbname=pooling|" \
  -e "s|^listen_addr = .*|unix_socket_dir = $folder|" \
  -e "s|^auth_file = .*|auth_file = $folder/users|" \
  -e 's|^default_pool_size = .*|default_pool_size = 6|' \
  "$folder/documented.ini" >"$folder/pgbouncer.ini"
is "$(diff "$folder/documented.ini" "$folder/pgbouncer.ini" | grep -c '^>')" 4 \
  'the configuration is that of the documents, but for four lines'
like "$(<"$folder/pgbouncer.ini")" 'pool_mode = transaction' 'in transaction mode'
# By their passwords, as they are in pg_authid.
psql -XAtq -d pooling -c "SELECT '\"' || rolname || '\" \"' || rolpassword || '\"' FROM pg_authid
  WHERE rolname = 'pooled'" >"$folder/users"
printf 'logfile = %s/log\npidfile = %s/pid\nlog_connections = 0\nlog_disconnections = 0\n' \
  "$folder" "$folder" >>"$folder/pgbouncer.ini"
ok 'PgBouncer takes it' "$pgbouncer" -q -d "$folder/pgbouncer.ini"
port=$(sed -n 's/^listen_port = //p' "$folder/pgbouncer.ini")
export PGPASSWORD='of the pool'
through="host=$folder port=$port user=pooled dbname=app"
for ((n = 0; n < 100; n++)); do
  pg_isready -q -d "$through" && break
  sleep 0.1
done

cc -O1 -o "$folder/clients" -I"$("$PG_CONFIG" --includedir)" -I/usr/include/postgresql \
  "$TEST_DIR/t/pooled_clients.c" -L"$("$PG_CONFIG" --libdir)" -lpq 2>"$folder/cc" ||
  { sed 's/^/# /' "$folder/cc" >&2; done_testing; }

# What nobody has said is not there: in each connection of the pool, all of them held at a time.
contexts()
{
  local n

  for ((n = 0; n < 6; n++)); do
    psql -XAtq "$through" 2>&1 <<'SQL' &
BEGIN;
SELECT pg_sleep(0.5) \g /dev/null
SELECT format('%s %s [%s] [%s] [%s]', pg_backend_pid(), current_user,
  current_setting('request.jwt.claims', true), current_setting('prismiq.tenant_id', true),
  current_setting('statement_timeout'));
COMMIT;
SQL
  done
  wait
}

transactions=${TRANSACTIONS:-20000}
start=$SECONDS
said=$("$folder/clients" "$through" 20 "$transactions" "${SEED:-1}" 2>&1) && status=0 || status=$?
echo "# $transactions transactions in $((SECONDS - start)) s" >&2
is "$status" 0 'twenty clients of five tenants: nobody sees what is not theirs'
is "$(grep -vE '^[a-z ]+: [0-9]+$' <<<"$said" | head -n 5)" '' 'every answer was the right one'
is "$(awk -F ': ' '{ n += $2 } END { print n }' <<<"$said")" "$transactions" 'all of them came'
is "$(grep -c ': [1-9]' <<<"$said")" 12 'of every kind'
left=$(contexts)
is "$(cut -d ' ' -f 1 <<<"$left" | sort -u | wc -l)" 6 'each of the six connections of the pool'
is "$(cut -d ' ' -f 2- <<<"$left" | sort -u)" 'pooled [] [] [0]' 'knows of nobody'

# A startup option is no way to say who is asking: it would hold for whoever comes next.
like "$(PGOPTIONS='-c prismiq.tenant_id=t1' psql -XAtq "$through" -c 'SELECT 1' 2>&1)" \
  'unsupported startup parameter' 'options of a connection are refused'

# What is set for the session is seen by others, and by this test.
said=$("$folder/clients" "$through" 20 2000 1 leak 2>&1) && status=0 || status=$?
is "$status" 1 'a client that sets its claims for the session is noticed'
like "$said" '(sees another tenant|not "")' 'by what others see'

ok 'the server lives on' psql -XAtq -d pooling -c 'SELECT 1'
done_testing
