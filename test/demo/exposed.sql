-- Which tables are exposed, and how.
SELECT e ->> 'relation' AS relation, e ->> 'tenant_column' AS tenant_column,
	   e ->> 'time_column' AS time_column, e ->> 'shared' AS shared
FROM jsonb_array_elements(prismiq_exposed()) AS exposed (e)
ORDER BY 1;

\echo 'And what tenant CA may ask, as prismiq_schema tells its front end:'
SET ROLE app_user;
SET prismiq.tenant_id = 'CA';
SELECT t ->> 'name' AS "table", t ->> 'row_count' AS rows_estimated,
	   string_agg(c ->> 'name', ', ' ORDER BY n) AS columns
FROM jsonb_array_elements(prismiq_schema() -> 'tables') AS tables (t),
	 jsonb_array_elements(t -> 'columns') WITH ORDINALITY AS columns (c, n)
GROUP BY t
ORDER BY 1;
