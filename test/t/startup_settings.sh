#!/bin/bash
# What a client sets as it connects is not checked by the server as what is set in SQL: bytes that
# are no text in the database's encoding are no tenant, no user and no role, and get nowhere.
. "$TEST_DIR/lib/tap.sh"

export PGDATABASE=startup_$$
trap 'dropdb --if-exists --force "$PGDATABASE"' EXIT
createdb -T "$TEMPLATE" "$PGDATABASE"

# ask SETTINGS QUERY: as app_user, connected with these settings.
ask()
{
  PGOPTIONS="-c role=app_user -c search_path=prismiq -c client_encoding=SQL_ASCII $1" \
    psql -XAtq -c "$2" 2>&1
}

good='-c prismiq.tenant_id=acme -c prismiq.user_id=ann -c prismiq.roles=admin'
is "$(ask "$good" 'SELECT prismiq_tenant_id(), prismiq_internal.is_admin()')" 'acme|t' \
  'text is a context'
for name in tenant_id user_id roles; do
  is "$(ask "$good -c prismiq.$name=a"$'\xff' 'SELECT prismiq_context() -> $$source$$')" null \
    "other bytes in prismiq.$name are none"
done
like "$(ask "$good -c prismiq.tenant_id=a"$'\xff' \
  "INSERT INTO prismiq_dashboards (name) VALUES ('D')")" 'ERROR' 'nor are they stored'
is "$(psql -XAtqc 'SELECT count(*) FROM prismiq.prismiq_dashboards')" 0 'nothing is there'

done_testing
