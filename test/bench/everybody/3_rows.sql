SELECT id, measured_at, amount, value, type, cost FROM metrics LIMIT 10000
