-- Which tables are exposed, and how.
SELECT e ->> 'relation' AS relation, e ->> 'tenant_column' AS tenant_column,
	   e ->> 'time_column' AS time_column, e ->> 'shared' AS shared
FROM jsonb_array_elements(prismiq_exposed()) AS exposed (e)
ORDER BY 1;
