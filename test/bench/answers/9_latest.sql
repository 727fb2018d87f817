SELECT id, at, amount
FROM payments
WHERE state = 'CA'
ORDER BY at DESC
LIMIT 10
