SELECT a.state, count(DISTINCT a.iata) AS airports, avg(f.delay) AS delay
FROM airports a
JOIN flights f ON f.origin = a.iata
WHERE f.state = 'CA'
GROUP BY a.state
