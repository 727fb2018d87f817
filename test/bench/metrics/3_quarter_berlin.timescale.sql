SELECT time_bucket('1 day', measured_at, 'Europe/Berlin') AS measured_at,
       avg(value) AS v, sum(cost) AS c
FROM hyper
WHERE tenant_id = 't1'
  AND measured_at >= '2024-01-01 23:00+00' AND measured_at < '2024-03-29 23:00+00'
GROUP BY 1
ORDER BY 1
