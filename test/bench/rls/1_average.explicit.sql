-- role unguarded
SELECT server_id, avg(value) AS v FROM guarded WHERE tenant_id = 't1' GROUP BY 1
