WITH all_of AS (
  SELECT destination, count(*) AS flights, sum(distance) AS miles
  FROM flights WHERE state = 'CA' GROUP BY destination
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY flights DESC, destination) AS place FROM all_of
)
SELECT CASE WHEN place <= 10 THEN destination ELSE 'Other' END AS destination,
       sum(flights) AS flights, sum(miles) AS miles
FROM ranked
GROUP BY least(place, 11), 1
ORDER BY least(place, 11)
