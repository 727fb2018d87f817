SELECT a.city, sum(f.n) AS departures, max(g.worst) AS worst, sum(h.miles) AS miles
FROM airports a
JOIN (SELECT origin, count(*) AS n FROM flights WHERE state = 'CA' GROUP BY origin) f
  ON f.origin = a.iata
LEFT JOIN (SELECT destination, max(delay) AS worst FROM flights WHERE state = 'CA'
           GROUP BY destination) g ON g.destination = a.iata
LEFT JOIN (SELECT destination, sum(distance) AS miles FROM flights WHERE state = 'CA'
           GROUP BY destination) h ON h.destination = a.iata
GROUP BY a.city
