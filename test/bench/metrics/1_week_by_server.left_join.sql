SELECT g.measured_at, s.server_id, m.v
FROM generate_series(timestamptz '2024-02-01', '2024-02-07 23:00', '1 hour') AS g(measured_at)
CROSS JOIN (SELECT DISTINCT server_id FROM metrics
            WHERE tenant_id = 't1' AND measured_at >= '2024-02-01' AND measured_at < '2024-02-08') s
LEFT JOIN (SELECT date_trunc('hour', measured_at) AS measured_at, server_id, avg(value) AS v
           FROM metrics
           WHERE tenant_id = 't1' AND measured_at >= '2024-02-01' AND measured_at < '2024-02-08'
           GROUP BY 1, 2) m ON m.measured_at = g.measured_at AND m.server_id = s.server_id
ORDER BY 1, 2
