SELECT time_bucket('1 day', at) AS at, type, avg(value) AS v
FROM hyper
WHERE at >= '2024-01-01' AND at < '2024-04-01'
GROUP BY 1, 2
ORDER BY 1, 2
