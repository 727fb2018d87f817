SELECT a.state, count(*) AS flights, sum(f.distance) AS miles
FROM flights f
JOIN airports a ON a.iata = f.destination
WHERE f.state = 'CA'
GROUP BY a.state
