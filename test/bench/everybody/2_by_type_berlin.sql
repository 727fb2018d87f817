SELECT date_trunc('day', measured_at, 'Europe/Berlin') AS measured_at, type, avg(value) AS v
FROM metrics
WHERE measured_at >= timestamptz '2024-01-01 Europe/Berlin'
  AND measured_at < timestamptz '2024-04-01 Europe/Berlin'
GROUP BY 1, 2
ORDER BY 1, 2
