#!/bin/bash
# A local context that is set outside of a transaction block ends with the very
# statement: a warning says so, and no other time.
. "$TEST_DIR/lib/tap.sh"

trap 'dropdb --if-exists --force context_alone' EXIT
createdb -T "$TEMPLATE" context_alone
export PGDATABASE=context_alone

said='WARNING:  the context ends with this statement'
set_it="SELECT prismiq.prismiq_set_context('acme') ->> 'tenant_id'"
psql -Xq -c "CREATE FUNCTION public.within() RETURNS text LANGUAGE plpgsql AS
  'BEGIN PERFORM prismiq.prismiq_set_context(''acme''); RETURN prismiq.prismiq_tenant_id(); END'" \
  -c "CREATE FUNCTION public.within_sql() RETURNS jsonb LANGUAGE sql VOLATILE AS
  'SELECT prismiq.prismiq_set_context(''acme''); SELECT prismiq.prismiq_context()'"

# What psql prints, messages included.
run()
{
  psql -XAtq "$@" 2>&1
}

like "$(run -c "$set_it")" "$said" 'a statement by itself'
like "$(run -c "$set_it")" "HINT:  Begin a transaction first, or set the context with is_local" \
  'with what to do'
is "$(run -c "SELECT prismiq.prismiq_set_context('acme', is_local => false) ->> 'tenant_id'")" \
  acme 'for the session'
is "$(run -c 'BEGIN' -c "$set_it" -c 'COMMIT')" acme 'in a transaction block'
is "$(run -c "$set_it; SELECT prismiq.prismiq_tenant_id()")" $'acme\nacme' \
  'in a message of several statements, which is one transaction'
is "$(run --single-transaction -c "$set_it")" acme 'in a transaction of psql'
is "$(run -c 'SELECT public.within()')" acme 'in a function, the rest of which it serves'
is "$(run -c "SELECT public.within_sql() ->> 'tenant_id'")" acme 'in a function in SQL'
is "$(run -c "DO \$\$BEGIN PERFORM prismiq.prismiq_set_context('acme'); END\$\$")" '' \
  'in an anonymous block'

# The extended protocol, by pgbench: parameters are no function.
script=$(mktemp)
trap 'rm -f "$script"; dropdb --if-exists --force context_alone' EXIT
printf '%s\n' "\\set n 1" "SELECT prismiq.prismiq_set_context('t' || :n);" >"$script"
like "$(pgbench -n -M extended -t 1 -f "$script" 2>&1)" "$said" 'with parameters'

done_testing
