SELECT destination, flights, delay, flights_before,
       flights - flights_before AS flights_change,
       (flights - flights_before) * 100.0 / nullif(flights_before, 0) AS flights_percent,
       delay_before, delay - delay_before AS delay_change,
       (delay - delay_before) * 100 / nullif(delay_before, 0) AS delay_percent
FROM (SELECT destination,
             count(*) FILTER (WHERE departed_at >= '2001-02-15') AS flights,
             avg(delay) FILTER (WHERE departed_at >= '2001-02-15') AS delay,
             count(*) FILTER (WHERE departed_at < '2001-02-15') AS flights_before,
             avg(delay) FILTER (WHERE departed_at < '2001-02-15') AS delay_before
      FROM flights
      WHERE state = 'CA' AND departed_at >= '2001-01-17' AND departed_at < '2001-03-16'
      GROUP BY destination) AS f
