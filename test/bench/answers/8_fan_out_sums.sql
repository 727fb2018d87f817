SELECT f.origin, sum(f.distance) AS miles, sum(r.weight) AS weight
FROM flights f
LEFT JOIN remarks r ON r.flight_id = f.id AND r.state = 'CA'
WHERE f.state = 'CA' AND f.departed_at >= '2001-02-01' AND f.departed_at < '2001-03-01'
GROUP BY f.origin
