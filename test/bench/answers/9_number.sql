SELECT count(*) AS count, sum(amount) AS amount_sum
FROM payments
WHERE state = 'CA' AND amount > 9900
