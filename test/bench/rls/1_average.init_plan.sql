-- role by_init_plan
SELECT server_id, avg(value) AS v FROM guarded GROUP BY 1
