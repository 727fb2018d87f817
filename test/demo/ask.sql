-- Show what a definition is compiled to, and its answer as a table.
--     psql -v tenant=... -v definition=... -v options=... -v head=ROWS
SET ROLE app_user;
SELECT set_config('prismiq.tenant_id', :'tenant', false) \g /dev/null

\pset tuples_only on
\pset format unaligned
\echo
\echo 'Compiled to:'
SELECT prismiq_compile(:'definition', :'options') ->> 'sql';
SELECT '  with ' || string_agg(format('$%s = %s (%s)', n, coalesce(p ->> 'value', 'null'),
									   p ->> 'type'), ', ' ORDER BY n)
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

SELECT format('(the first %s of %s rows)', :head, :'answer'::json ->> 'row_count') AS more
WHERE (:'answer'::json ->> 'row_count')::int > :head \gset
\if :{?more}
\echo :more
\echo
\endif
