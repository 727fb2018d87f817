SELECT a.city, count(*) AS airports, sum(f.miles) AS miles, sum(f.weight) AS weight
FROM airports a
JOIN (SELECT f.origin, sum(f.distance) AS miles, sum(r.weight) AS weight
      FROM flights f
      LEFT JOIN (SELECT flight_id, sum(weight) AS weight FROM remarks WHERE state = 'CA'
                 GROUP BY flight_id) r ON r.flight_id = f.id
      WHERE f.state = 'CA'
      GROUP BY f.origin) f ON f.origin = a.iata
GROUP BY a.city
