-- What people who sell ask of a rental shop: the schema is none of ours (test/data/README.md). The
-- tenant is the shop 1, written out in each statement by hand; films and places are everybody's.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
\set data :dir /data/sakila.sql
\o /dev/null
\i :data
\o
SET LOCAL search_path = oracle, prismiq, sakila, public;
SET LOCAL prismiq.tenant_id = '1';
SET LOCAL ROLE app_user;

-- ---- Who pays what ----------------------------------------------------------------------
SELECT same('revenue by category of film, over two bridges: each payment once in a category',
	def('p payment, r rental, i inventory, fc film_category, k category',
		'k.name = category, p.amount sum = revenue, p.* count = payments',
		'{"order_by": [{"alias": "revenue", "direction": "DESC"}, {"alias": "category"}]}',
		'p.rental_id = r.rental_id,r.inventory_id = i.inventory_id,i.film_id = fc.film_id,
		 fc.category_id = k.category_id'),
	$$SELECT k.name, sum(p.amount), count(*) FROM payment p JOIN rental r USING (rental_id)
		JOIN inventory i USING (inventory_id) JOIN film_category fc USING (film_id)
		JOIN category k USING (category_id)
	WHERE p.store_id = 1 AND r.store_id = 1 AND i.store_id = 1
	GROUP BY k.name ORDER BY 2 DESC, 1$$, true);
SELECT same('revenue of all films that have a category, each payment once',
	def('p payment, r rental, i inventory, fc film_category', 'p.amount sum, r.* count',
		joins => 'p.rental_id = r.rental_id,r.inventory_id = i.inventory_id,
		i.film_id = fc.film_id'),
	$$SELECT sum(p.amount), count(DISTINCT r.rental_id)
	FROM payment p JOIN rental r USING (rental_id) JOIN inventory i USING (inventory_id)
	WHERE p.store_id = 1 AND r.store_id = 1 AND i.store_id = 1
		AND EXISTS (SELECT FROM film_category fc WHERE fc.film_id = i.film_id)$$);
SELECT same('customers who never rented', def('c customer, r rental',
		'c.customer_id, c.first_name, c.last_name', filters(cond('r.rental_id is_not_null',
			more => '{"scope": "none"}')), 'r.customer_id = c.customer_id'),
	$$SELECT customer_id, first_name, last_name FROM customer c WHERE store_id = 1
		AND NOT EXISTS (SELECT FROM rental r WHERE r.store_id = 1
			AND r.customer_id = c.customer_id)$$);
SELECT same('customers of a country who paid more than 60 in May, largest first',
	def('c customer, a address, t city, n country, p payment',
		'n.country, c.last_name, c.customer_id, p.amount sum = paid',
		'{"filters": [{"table_id": "p", "column": "payment_date", "operator": "between",
			"value": ["2022-05-01", "2022-05-31"]}],
		  "having": [{"column": "paid", "operator": "gt", "value": 60}],
		  "order_by": [{"alias": "paid", "direction": "DESC"}, {"alias": "customer_id"}]}',
		'c.address_id = a.address_id,a.city_id = t.city_id,t.country_id = n.country_id,
		 p.customer_id = c.customer_id'),
	$$SELECT n.country, c.last_name, c.customer_id, sum(p.amount) FROM customer c
		JOIN address a USING (address_id) JOIN city t USING (city_id)
		JOIN country n USING (country_id)
		JOIN payment p ON p.customer_id = c.customer_id AND p.store_id = 1
	WHERE c.store_id = 1 AND payment_date >= '2022-05-01 00:00Z'
		AND payment_date < '2022-06-01 00:00Z'
	GROUP BY n.country, c.customer_id HAVING sum(p.amount) > 60 ORDER BY 4 DESC, 3$$, true);
SELECT same('the five best cities, and the rest', def('c customer, a address, t city, p payment',
		't.city, p.amount sum = paid, p.amount avg = ticket, p.customer_id count_distinct = payers',
		'{"top": {"n": 5, "by": "paid"}}',
		'c.address_id = a.address_id,a.city_id = t.city_id,p.customer_id = c.customer_id'),
	$$WITH x AS (SELECT t.city, p.amount, p.customer_id FROM payment p JOIN customer c
			ON c.customer_id = p.customer_id AND c.store_id = 1
			JOIN address a USING (address_id) JOIN city t USING (city_id) WHERE p.store_id = 1),
		best AS (SELECT city, row_number() OVER (ORDER BY sum(amount) DESC, city) AS n FROM x
			GROUP BY city)
	SELECT CASE WHEN n <= 5 THEN city ELSE 'Other' END, sum(amount), avg(amount),
		count(DISTINCT customer_id)
	FROM x JOIN best USING (city) GROUP BY 1, least(n, 6) ORDER BY least(n, 6)$$, true);
SELECT same('share of revenue of each rating, nulls too, in the order of the enum',
	def('p payment, r rental, i inventory, f film', 'f.rating, p.amount sum = revenue',
		'{"windows": [{"alias": "share", "function": "percent_of_total", "of": "revenue"}],
		  "order_by": [{"alias": "rating"}]}',
		'p.rental_id = r.rental_id,r.inventory_id = i.inventory_id,i.film_id = f.film_id'),
	$$SELECT f.rating, sum(p.amount), 100 * sum(p.amount) / sum(sum(p.amount)) OVER ()
	FROM payment p JOIN rental r USING (rental_id) JOIN inventory i USING (inventory_id)
		JOIN film f USING (film_id)
	WHERE p.store_id = 1 AND r.store_id = 1 AND i.store_id = 1 GROUP BY 1 ORDER BY 1$$, true);

-- ---- When -------------------------------------------------------------------------------
SELECT same('revenue by day in New York, with its running total, over the change of clocks',
	def('p payment', 'p.amount sum = revenue', '{"time_series": {"table_id": "p",
			"date_column": "payment_date", "interval": "day", "timezone": "America/New_York",
			"range": {"start": "2022-03-10", "end": "2022-03-16"}},
		"windows": [{"alias": "so_far", "function": "running_total", "of": "revenue"}]}'),
	$$SELECT d AT TIME ZONE 'America/New_York', coalesce(sum(amount), 0),
		sum(coalesce(sum(amount), 0)) OVER (ORDER BY d)
	FROM generate_series(timestamp '2022-03-10', '2022-03-16', '1 day') AS d LEFT JOIN payment
		ON store_id = 1 AND (payment_date AT TIME ZONE 'America/New_York')::date = d
	GROUP BY d ORDER BY d$$, true);
SELECT same('March against February, by the one who sold', def('p payment, s staff',
		's.first_name, p.amount sum = revenue, p.* count = n',
		'{"filters": [{"table_id": "p", "column": "payment_date", "operator": "between",
			"value": ["2022-03-01", "2022-03-31"]}], "compare": {"period": "previous_month"},
		  "order_by": [{"alias": "first_name"}]}', 'p.staff_id = s.staff_id'),
	$$WITH m AS (SELECT s.first_name AS who, date_trunc('month', payment_date) AS at,
			sum(amount) AS v, count(*) AS n FROM payment p JOIN staff s
			ON s.staff_id = p.staff_id AND s.store_id = 1 WHERE p.store_id = 1 GROUP BY 1, 2)
	SELECT a.who, a.v, a.n, b.v, a.v - b.v, (a.v - b.v) * 100 / b.v, b.n,
		(a.n - b.n)::numeric, (a.n - b.n)::numeric * 100 / b.n
	FROM m a LEFT JOIN m b ON b.who = a.who AND b.at = '2022-02-01 00:00Z'
	WHERE a.at = '2022-03-01 00:00Z' ORDER BY 1$$, true);
SELECT same('payments by weekday and month, a column a month', def('p payment',
		'p.*', jsonb_build_object(
		'columns', '[{"column": "day"}, {"table_id": "p", "column": "payment_date",
			"date_trunc": "month", "alias": "month"}, {"table_id": "p", "column": "amount",
			"aggregation": "sum", "alias": "v"}]'::jsonb,
		'calculated_fields', '[{"name": "day", "expression": "weekday([payment_date])"}]'::jsonb,
		'pivot', '{"column": "month", "value": "v"}'::jsonb,
		'filters', jsonb_build_array(cond('p.payment_date lt', '"2022-04-01"')))),
	$$SELECT extract(dow FROM payment_date)::int,
		sum(amount) FILTER (WHERE date_trunc('month', payment_date) = '2022-01-01 00:00Z'),
		sum(amount) FILTER (WHERE date_trunc('month', payment_date) = '2022-02-01 00:00Z'),
		sum(amount) FILTER (WHERE date_trunc('month', payment_date) = '2022-03-01 00:00Z')
	FROM payment WHERE store_id = 1 AND payment_date < '2022-04-01 00:00Z'
	GROUP BY 1 ORDER BY 1$$, true);
SELECT same('weeks that were better than the four before on average',
	def('p payment', 'p.amount sum = v', '{"time_series": {"table_id": "p",
			"date_column": "payment_date", "interval": "week"},
		"windows": [{"alias": "before", "function": "moving_avg", "of": "v", "n": 4},
			{"alias": "place", "function": "rank", "of": "v"}],
		"qualify": [{"column": "place", "operator": "lte", "value": 6}]}'),
	$$SELECT * FROM (SELECT w, v, avg(v) OVER (ORDER BY w ROWS 3 PRECEDING),
			rank() OVER (ORDER BY v DESC) AS place
		FROM (SELECT date_trunc('week', payment_date) AS w, sum(amount) AS v FROM payment
			WHERE store_id = 1 GROUP BY 1) AS weeks) AS q
	WHERE place <= 6 ORDER BY w$$, true);

-- ---- Films ------------------------------------------------------------------------------
SELECT same('films with trailers of more than two hours that are not rated R, by title',
	def('f film', 'f.title, f.length, f.rating, f.special_features', '{"order_by":
		[{"alias": "title"}]}'::jsonb || filters(cond('f.special_features array_contains',
			'"Trailers"'), cond('f.length gt', '120'), cond('f.rating neq', '"R"'))),
	$$SELECT title, length, rating, special_features FROM film WHERE 'Trailers' =
		ANY (special_features) AND length > 120 AND rating IS DISTINCT FROM 'R'
	ORDER BY title$$, true);
SELECT same('films that no shop of ours has, with the language that they were made in',
	def('f film, l language, o language, i inventory', 'f.title, l.name, o.name = made_in',
		'{"filters": [{"table_id": "i", "column": "inventory_id", "operator": "is_not_null",
			"scope": "none"}]}',
		'f.language_id = l.language_id,f.original_language_id = o.language_id LEFT,
		 i.film_id = f.film_id'),
	$$SELECT title, l.name, o.name FROM film f JOIN language l USING (language_id)
		LEFT JOIN language o ON o.language_id = f.original_language_id
	WHERE NOT EXISTS (SELECT FROM inventory i WHERE i.store_id = 1 AND i.film_id = f.film_id)$$);
SELECT same('the three films of each category that were rented most',
	def('k category, fc film_category, f film, i inventory, r rental',
		'k.name, f.title, r.* count = n', '{"windows": [{"alias": "place", "function":
			"row_number", "partition_by": ["name"], "order_by": [{"alias": "n", "direction":
			"DESC"}, {"alias": "title"}]}],
		"qualify": [{"column": "place", "operator": "lte", "value": 3}],
		"order_by": [{"alias": "name"}, {"alias": "place"}]}'),
	$$SELECT name, title, n, place FROM (SELECT k.name, f.title, count(*) AS n,
			row_number() OVER (PARTITION BY k.name ORDER BY count(*) DESC, f.title) AS place
		FROM category k JOIN film_category USING (category_id) JOIN film f USING (film_id)
			JOIN inventory i ON i.film_id = f.film_id AND i.store_id = 1
			JOIN rental r ON r.inventory_id = i.inventory_id AND r.store_id = 1
		GROUP BY k.name, f.title) AS q WHERE place <= 3 ORDER BY 1, 4$$, true);
SELECT same('pairs of actors who played together in three films or more',
	def('x film_actor, y film_actor, a actor, b actor', 'a.actor_id, a.last_name,
		b.actor_id = other, b.last_name = other_name, x.film_id count_distinct = films',
		jsonb_build_object('joins', '[{"from_table_id": "x", "to_table_id": "y", "on": [
			{"from_column": "film_id", "to_column": "film_id"},
			{"from_column": "actor_id", "to_column": "actor_id", "operator": "lt"}]}]'::jsonb
			|| jsonb_build_array(oracle.join('x.actor_id = a.actor_id'),
			oracle.join('y.actor_id = b.actor_id')),
		'having', '[{"column": "films", "operator": "gte", "value": 3}]'::jsonb)),
	$$SELECT a.actor_id, a.last_name, b.actor_id, b.last_name, count(DISTINCT x.film_id)
	FROM film_actor x JOIN film_actor y ON y.film_id = x.film_id AND x.actor_id < y.actor_id
		JOIN actor a ON a.actor_id = x.actor_id JOIN actor b ON b.actor_id = y.actor_id
	GROUP BY a.actor_id, b.actor_id HAVING count(DISTINCT x.film_id) >= 3$$);
SELECT same('the median and 90th percentile of length, and what rents, of each kind of film',
	def('f film, i inventory', 'f.*', '{"calculated_fields": [{"name": "kind", "expression":
			"case([f.length] is null, ''?'', [f.length] < 90, ''short'', '
				'[f.length] between 90 and 150, ''usual'', ''long'')"}],
		"columns": [{"column": "kind"}, {"table_id": "f", "column": "length",
				"aggregation": "median"}, {"table_id": "f", "column": "length",
				"aggregation": "percentile", "args": {"fraction": 0.9}},
			{"table_id": "i", "column": "*", "aggregation": "count"},
			{"table_id": "f", "column": "rental_rate", "aggregation": "avg"}]}',
		'f.film_id = i.film_id LEFT'),
	$$WITH f AS (SELECT *, CASE WHEN length IS NULL THEN '?' WHEN length < 90 THEN 'short'
			WHEN length <= 150 THEN 'usual' ELSE 'long' END AS kind FROM film)
	SELECT kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY length),
		percentile_cont(0.9) WITHIN GROUP (ORDER BY length), (SELECT count(*) FROM inventory i
			JOIN f g USING (film_id) WHERE i.store_id = 1 AND g.kind = f.kind), avg(rental_rate)
	FROM f GROUP BY kind$$);

-- ---- Customers --------------------------------------------------------------------------
SELECT same('cohorts: by the month of the first rental, who rents how many months later',
	def('r rental', 'r.*', jsonb_build_object('tables', jsonb_build_array(
			'{"id": "r", "name": "rental"}'::jsonb, jsonb_build_object('id', 'z', 'query',
			def('q rental', 'q.customer_id, q.rental_date min = began'))),
		'columns', '[{"table_id": "z", "column": "began", "date_trunc": "month",
				"alias": "cohort"}, {"column": "later"},
			{"table_id": "r", "column": "customer_id", "aggregation": "count_distinct",
				"alias": "people"}, {"table_id": "r", "column": "*", "aggregation": "count",
				"alias": "rentals"}]'::jsonb,
		'calculated_fields', '[{"name": "later", "expression":
			"datediff([z.began], [r.rental_date], ''month'')"}]'::jsonb,
		'order_by', '[{"alias": "cohort"}, {"alias": "later"}]'::jsonb),
		'r.customer_id = z.customer_id'),
	$$WITH r AS (SELECT *, min(rental_date) OVER (PARTITION BY customer_id) AS began FROM rental
			WHERE store_id = 1)
	SELECT date_trunc('month', began), 12 * extract(year FROM rental_date)::int
			+ extract(month FROM rental_date)::int - 12 * extract(year FROM began)::int
			- extract(month FROM began)::int
			- (extract(day FROM rental_date) < extract(day FROM began))::int,
		count(DISTINCT customer_id), count(*)
	FROM r GROUP BY 1, 2 ORDER BY 1, 2$$, true);
SELECT same('customers by the domain of their address, and how many of them rent',
	def('c customer, r rental', 'c.*', '{"columns": [{"column": "domain"},
			{"table_id": "c", "column": "*", "aggregation": "count", "alias": "customers"},
			{"column": "renting"}, {"table_id": "r", "column": "*", "aggregation": "count",
				"alias": "rentals"}],
		"calculated_fields": [{"name": "domain", "expression":
			"lower(split_part([c.email], ''@'', 2))"}, {"name": "renting", "expression":
			"round(100 * count_distinct([r.customer_id]) / count_distinct([c.customer_id]), 1)"}],
		"order_by": [{"alias": "domain", "nulls": "first"}]}',
		'c.customer_id = r.customer_id LEFT'),
	$$SELECT lower(split_part(email, '@', 2)), count(DISTINCT c.customer_id),
		round(100.0 * count(DISTINCT r.customer_id) / count(DISTINCT c.customer_id), 1),
		count(r.rental_id)
	FROM customer c LEFT JOIN rental r ON r.customer_id = c.customer_id AND r.store_id = 1
	WHERE c.store_id = 1 GROUP BY 1 ORDER BY 1 NULLS FIRST$$, true);
SELECT same('those who rented horror and no comedy', def('c customer', 'c.customer_id',
		filters(cond('c.customer_id in_query', jsonb_build_object('query',
			def('r rental, i inventory, fc film_category, k category', 'r.customer_id',
				filters(cond('k.name eq', '"Horror"'))))),
		cond('c.customer_id not_in_query', jsonb_build_object('query',
			def('r rental, i inventory, fc film_category, k category', 'r.customer_id',
				filters(cond('k.name eq', '"Comedy"'))))))),
	$$WITH x AS (SELECT r.customer_id, k.name FROM rental r JOIN inventory i USING (inventory_id)
			JOIN film_category fc USING (film_id) JOIN category k USING (category_id)
			WHERE r.store_id = 1 AND i.store_id = 1)
	SELECT customer_id FROM customer WHERE store_id = 1
		AND customer_id IN (SELECT customer_id FROM x WHERE name = 'Horror')
		AND customer_id NOT IN (SELECT customer_id FROM x WHERE name = 'Comedy')$$);
SELECT same('page three of the customers by what they paid, those without payments too',
	def('c customer, p payment', 'c.customer_id, c.last_name, p.amount sum = paid',
		'{"order_by": [{"alias": "paid", "direction": "DESC", "nulls": "last"}],
		  "limit": 10, "offset": 20}', 'c.customer_id = p.customer_id LEFT'),
	$$SELECT c.customer_id, c.last_name, sum(amount) FROM customer c LEFT JOIN payment p
		ON p.customer_id = c.customer_id AND p.store_id = 1 WHERE c.store_id = 1
	GROUP BY c.customer_id ORDER BY 3 DESC NULLS LAST, 1 LIMIT 10 OFFSET 20$$, true);
SELECT same('the view of customers, its column with a blank in the name: who has no post code',
	def('l customer_list', 'l.country, l.* count = n, l.name string_agg = who',
		filters('{"table_id": "l", "column": "zip code", "operator": "is_null"}')),
	$$SELECT country, count(*), string_agg(name, ', ' ORDER BY name) FROM customer_list
	WHERE sid = 1 AND "zip code" IS NULL GROUP BY country$$);
SELECT same('revenue by country and city with subtotals', def('p payment, c customer, a address,
		t city, n country', 'n.country, t.city, p.amount sum = v, p.amount avg = ticket',
		'{"totals": true, "order_by": [{"alias": "country"}, {"alias": "city"}]}',
		'p.customer_id = c.customer_id,c.address_id = a.address_id,a.city_id = t.city_id,
		 t.country_id = n.country_id'),
	$$SELECT n.country, t.city, sum(p.amount), avg(p.amount),
		grouping(n.country) + grouping(t.city) AS level
	FROM payment p JOIN customer c ON c.customer_id = p.customer_id AND c.store_id = 1
		JOIN address a USING (address_id) JOIN city t USING (city_id)
		JOIN country n USING (country_id) WHERE p.store_id = 1
	GROUP BY ROLLUP (n.country, t.city) ORDER BY level, n.country, t.city$$, true);

-- ---- Joins that nobody wrote: the shop, to which all refer, is no way between them -----------
SELECT same('revenue by category, along the keys', def('p payment, k category',
		'k.name, p.amount sum'),
	$$SELECT k.name, sum(p.amount) FROM payment p JOIN rental r USING (rental_id)
		JOIN inventory i USING (inventory_id) JOIN film_category fc USING (film_id)
		JOIN category k USING (category_id)
	WHERE p.store_id = 1 AND r.store_id = 1 AND i.store_id = 1 GROUP BY 1$$);
SELECT same('rentals of each customer, and the shop', def('c customer, s store, r rental',
		'c.customer_id, s.store_id, r.* count'),
	$$SELECT customer_id, 1, count(*) FROM rental WHERE store_id = 1 GROUP BY 1$$);
SELECT matches(faults(def('s store, m staff', 's.store_id, m.last_name')), '^AMBIGUOUS_JOIN ',
	'the people of the shop, or who manages it');

SELECT * FROM finish();
