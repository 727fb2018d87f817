-- role by_setting
SELECT server_id, avg(value) AS v FROM guarded GROUP BY 1
