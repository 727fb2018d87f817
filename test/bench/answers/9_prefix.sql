SELECT count(*) AS count, sum(amount) AS amount_sum
FROM payments
WHERE state = 'CA' AND note LIKE 'note 99%'
