-- An answer as CSV.
--     psql -v tenant=... -v definition=...
SET ROLE app_user;
SELECT set_config('prismiq.tenant_id', :'tenant', false) \g /dev/null
\pset tuples_only on
\pset format unaligned
SELECT rtrim(prismiq_query_csv(:'definition'), E'\r\n');
