-- What prismiq_validate says of a definition, and how prismiq_query fails.
--     psql -v tenant=... -v definition=...
SET ROLE app_user;
SELECT set_config('prismiq.tenant_id', :'tenant', false) \g /dev/null

\echo
SELECT e ->> 'code' AS code, e ->> 'path' AS path, e ->> 'message' AS message,
	   e ->> 'suggestion' AS suggestion
FROM jsonb_array_elements(prismiq_validate(:'definition') -> 'errors') AS errors (e);

\set VERBOSITY terse
\echo 'prismiq_query:'
SELECT prismiq_query(:'definition');
