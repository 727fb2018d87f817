SELECT id, at, amount, value, type, cost FROM metrics LIMIT 10000
