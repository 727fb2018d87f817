WITH days AS (
  SELECT date_trunc('day', departed_at) AS day, count(*) AS flights, avg(delay) AS delay
  FROM flights
  WHERE state = 'CA' AND destination = 'LAX'
  GROUP BY 1),
bounds AS (
  SELECT date_trunc('day', min(departed_at)) AS low, date_trunc('day', max(departed_at)) AS high
  FROM flights
  WHERE state = 'CA')
SELECT g.day, coalesce(flights, 0) AS flights, coalesce(delay, 0) AS delay
FROM bounds CROSS JOIN generate_series(bounds.low, bounds.high, interval '1 day') AS g (day)
LEFT JOIN days ON days.day = g.day
ORDER BY 1
