SELECT time_bucket('1 day', measured_at) AS measured_at, server_id,
       avg(value) AS v, sum(amount) AS a
FROM hyper
WHERE tenant_id = 't1' AND measured_at >= '2024-01-01' AND measured_at < '2024-03-31'
GROUP BY 1, 2
ORDER BY 1, 2
