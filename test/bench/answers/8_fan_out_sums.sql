SELECT f.origin, sum(f.distance) AS miles, sum(r.weight) AS weight
FROM flights f
LEFT JOIN (SELECT flight_id, sum(weight) AS weight FROM remarks WHERE state = 'CA'
           GROUP BY flight_id) r ON r.flight_id = f.id
WHERE f.state = 'CA' AND f.departed_at >= '2001-02-01' AND f.departed_at < '2001-03-01'
GROUP BY f.origin
