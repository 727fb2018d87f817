SELECT sum(amount) AS v FROM payments WHERE state = 'CA' AND id = 42
