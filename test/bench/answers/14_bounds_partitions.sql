SELECT g.day, d.v
FROM (SELECT date_trunc('day', min(at)) AS first, max(at) AS last FROM visits
      WHERE state = 'CA') ends
CROSS JOIN generate_series(ends.first, ends.last, interval '1 day') AS g (day)
LEFT JOIN (SELECT date_trunc('day', at) AS day, sum(amount) AS v FROM visits
           WHERE state = 'CA'
           GROUP BY 1) d ON d.day = g.day
ORDER BY 1
