SELECT a.city, sum(f.n) AS departures, sum(f.delay) / sum(f.n) AS delay, sum(g.n) AS arrivals,
       max(g.worst) AS worst
FROM airports a
JOIN (SELECT origin, count(*) AS n, sum(delay) AS delay FROM flights WHERE state = 'CA'
      GROUP BY origin) f ON f.origin = a.iata
JOIN (SELECT destination, count(*) AS n, max(delay) AS worst FROM flights WHERE state = 'CA'
      GROUP BY destination) g ON g.destination = a.iata
GROUP BY a.city
