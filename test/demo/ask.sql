-- Show what a definition is compiled to, and its answer as a table.
--     psql -v tenant=... -v definition=... -v options=... -v head=ROWS
SET ROLE app_user;
SELECT set_config('prismiq.tenant_id', :'tenant', false) \g /dev/null
-- psql shows times in the session's zone: let it be the question's.
SELECT set_config('TimeZone', coalesce(:'options'::jsonb ->> 'timezone', 'UTC'), false)
\g /dev/null

\pset tuples_only on
\pset format unaligned
\echo
\echo 'Compiled to:'
SELECT prismiq_compile(:'definition', :'options') ->> 'sql';
SELECT string_agg(format('  $%s = %s  (%s)', n, coalesce(p ->> 'value', 'null'), p ->> 'type'),
				  E'\n' ORDER BY n)
FROM jsonb_array_elements(prismiq_compile(:'definition', :'options') -> 'params')
	WITH ORDINALITY AS params (p, n);
\pset format aligned
\pset tuples_only off
\pset null '(null)'

\echo
\echo 'Answered:'
SELECT prismiq_query(:'definition',
					 :'options'::jsonb || '{"format": "objects"}')::text AS answer \gset

-- The columns are known only now: let the answer write the statement.
SELECT format('SELECT * FROM json_to_recordset(%L::json -> ''rows'') AS answer (%s) LIMIT %s',
			  :'answer', string_agg(format('%I %s', c.name, t.name), ', ' ORDER BY c.n), :head)
FROM json_array_elements_text(:'answer'::json -> 'columns') WITH ORDINALITY AS c (name, n)
JOIN json_array_elements_text(:'answer'::json -> 'column_types')
	WITH ORDINALITY AS t (name, n) USING (n) \gexec

SELECT :'answer'::json ->> 'row_count' AS row_count,
	   (:'answer'::json ->> 'row_count')::int > :head AS has_more \gset
\if :has_more
\echo (the first :head of :row_count)
\echo
\endif
