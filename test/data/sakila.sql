-- A rental shop in the shape of the Sakila sample database, as it is known on PostgreSQL:
-- what the README beside this file says of it. Every row is a function of its number.
--
--     psql -f test/data/sakila.sql      after expose.sql, which makes app_user
--
-- "rentals" (a variable of psql) says how many, 3000 unless told.
\set ON_ERROR_STOP on
\if :{?rentals}
\else
\set rentals 3000
\endif

CREATE SCHEMA sakila;
SET LOCAL search_path = sakila;
CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN year AS integer CHECK (VALUE BETWEEN 1901 AND 2155);

CREATE TABLE country (country_id int PRIMARY KEY, country text NOT NULL);
CREATE TABLE city (city_id int PRIMARY KEY, city text NOT NULL,
	country_id int NOT NULL REFERENCES country);
CREATE TABLE address (address_id int PRIMARY KEY, address text NOT NULL, address2 text,
	district text NOT NULL, city_id int NOT NULL REFERENCES city, postal_code text,
	phone text NOT NULL);
CREATE TABLE language (language_id int PRIMARY KEY, name char(20) NOT NULL);
CREATE TABLE category (category_id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE actor (actor_id int PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL);
CREATE TABLE film (film_id int PRIMARY KEY, title text NOT NULL, description text,
	release_year year, language_id int NOT NULL REFERENCES language,
	original_language_id int REFERENCES language, rental_duration smallint NOT NULL,
	rental_rate numeric(4, 2) NOT NULL, length smallint, replacement_cost numeric(5, 2) NOT NULL,
	rating mpaa_rating, special_features text[], fulltext tsvector NOT NULL);
CREATE TABLE film_actor (actor_id int REFERENCES actor, film_id int REFERENCES film,
	PRIMARY KEY (actor_id, film_id));
CREATE TABLE film_category (film_id int REFERENCES film, category_id int REFERENCES category,
	PRIMARY KEY (film_id, category_id));
CREATE TABLE store (store_id int PRIMARY KEY, manager_staff_id int NOT NULL UNIQUE,
	address_id int NOT NULL REFERENCES address);
CREATE TABLE staff (staff_id int PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,
	address_id int NOT NULL REFERENCES address, email text,
	store_id int NOT NULL REFERENCES store, active boolean NOT NULL DEFAULT true, picture bytea);
CREATE TABLE customer (customer_id int PRIMARY KEY, store_id int NOT NULL REFERENCES store,
	first_name text NOT NULL, last_name text NOT NULL, email text,
	address_id int NOT NULL REFERENCES address, activebool boolean NOT NULL,
	create_date date NOT NULL);
CREATE TABLE inventory (inventory_id int PRIMARY KEY, film_id int NOT NULL REFERENCES film,
	store_id int NOT NULL REFERENCES store);
CREATE TABLE rental (rental_id int PRIMARY KEY, rental_date timestamptz NOT NULL,
	inventory_id int NOT NULL REFERENCES inventory,
	customer_id int NOT NULL REFERENCES customer, return_date timestamptz,
	staff_id int NOT NULL REFERENCES staff, store_id int NOT NULL REFERENCES store);
CREATE TABLE payment (payment_id int NOT NULL, customer_id int NOT NULL REFERENCES customer,
	staff_id int NOT NULL REFERENCES staff, rental_id int REFERENCES rental,
	amount numeric(5, 2) NOT NULL, payment_date timestamptz NOT NULL,
	store_id int NOT NULL REFERENCES store,
	PRIMARY KEY (payment_date, payment_id)) PARTITION BY RANGE (payment_date);

SELECT format('CREATE TABLE payment_p2022_%s PARTITION OF payment FOR VALUES FROM (%L) TO (%L)',
	to_char(m, 'MM'), m, m + interval '1 month')
FROM generate_series(timestamp '2022-01-01', '2022-07-01', '1 month') AS m \gexec

INSERT INTO country SELECT n, (ARRAY['Argentina', 'Brazil', 'Chad', 'Denmark', 'Egypt',
	'Faroe Islands', 'Germany', 'Hungary', 'India', 'Japan'])[n] FROM generate_series(1, 10) AS n;
INSERT INTO city SELECT n, 'City ' || chr(64 + n), 1 + n % 9 FROM generate_series(1, 26) AS n;
INSERT INTO address SELECT n, n || ' ' || (ARRAY['Oak', 'Elm', 'Main', 'O''Hara'])[1 + n % 4]
		|| ' Street', CASE n % 5 WHEN 0 THEN '' WHEN 1 THEN 'Flat ' || n END, 'District ' || n % 7,
	1 + n % 26, CASE WHEN n % 6 > 0 THEN lpad((n * 7919 % 99999)::text, 5, '0') END,
	CASE WHEN n % 11 > 0 THEN lpad((n * 104729 % 9999999)::text, 12, '0') ELSE '' END
FROM generate_series(1, 130) AS n;
INSERT INTO language SELECT n, (ARRAY['English', 'Italian', 'Japanese', 'German', 'French'])[n]
FROM generate_series(1, 5) AS n;
INSERT INTO category SELECT n, (ARRAY['Action', 'Animation', 'Children', 'Classics', 'Comedy',
	'Drama', 'Horror', 'Sci-Fi'])[n] FROM generate_series(1, 8) AS n;
INSERT INTO actor SELECT n, (ARRAY['PENELOPE', 'NICK', 'ED', 'JENNIFER', 'JOHNNY', 'BETTE',
	'GRACE'])[1 + n % 7], (ARRAY['GUINESS', 'WAHLBERG', 'CHASE', 'DAVIS', 'O''DONNELL'])[1 + n % 5]
FROM generate_series(1, 60) AS n;
INSERT INTO film SELECT n, upper(a || ' ' || b), format('A %s of a %s', a, b),
	(CASE WHEN n % 17 > 0 THEN 1990 + n % 33 END)::year, 1 + (n % 10) / 8,
	CASE WHEN n % 9 = 0 THEN 2 + n % 4 END, 3 + n % 5, (n % 3) * 2 + 0.99,
	CASE WHEN n % 40 > 0 THEN 46 + n * 37 % 140 END, 9.99 + n * 13 % 21,
	CASE WHEN n % 23 > 0 THEN (enum_range(NULL::mpaa_rating))[1 + n * 7 % 5] END,
	CASE WHEN n % 12 = 0 THEN NULL WHEN n % 12 = 1 THEN '{}' ELSE array_remove(ARRAY[
		CASE WHEN n % 2 = 0 THEN 'Trailers' END, CASE WHEN n % 3 = 0 THEN 'Commentaries' END,
		CASE WHEN n % 5 < 3 THEN 'Deleted Scenes' END, 'Behind the Scenes'], NULL) END,
	to_tsvector('english', a || ' ' || b)
FROM generate_series(1, 200) AS n, LATERAL (SELECT (ARRAY['Academy', 'Dragon', 'Chamber', 'Hook',
		'Egg', 'Saddle', 'Wizard'])[1 + n % 7] AS a, (ARRAY['Dinosaur', 'Party', 'Igby',
		'Antitrust', '100%', 'Under_score'])[1 + n % 6] || ' ' || n AS b) AS words;
INSERT INTO film_actor SELECT DISTINCT 1 + (f * k * 31 + k) % 57, f
FROM generate_series(1, 195) AS f, generate_series(1, 4) AS k WHERE k <= f % 5;
INSERT INTO film_category SELECT f, 1 + f * 5 % 7 FROM generate_series(1, 198) AS f
	UNION SELECT f, 1 + f % 7 FROM generate_series(10, 198, 10) AS f;
INSERT INTO store SELECT n, n, n FROM generate_series(1, 2) AS n;
INSERT INTO staff SELECT n, (ARRAY['Mike', 'Jon', 'Ann'])[n], (ARRAY['Hillyer', 'Stephens',
	'Idle'])[n], 2 + n, CASE WHEN n < 3 THEN 'staff' || n || '@example.com' END, 1 + (n + 1) % 2,
	n < 3, '\x89504e47' FROM generate_series(1, 3) AS n;
ALTER TABLE store ADD FOREIGN KEY (manager_staff_id) REFERENCES staff;
INSERT INTO customer SELECT n, 1 + n % 3 % 2, (ARRAY['MARY', 'PATRICIA', 'LINDA', 'BARBARA',
	'JO'])[1 + n % 5], (ARRAY['SMITH', 'JOHNSON', 'WILLIAMS', 'JONES', 'BROWN', 'D''ARCY',
	'MILLER'])[1 + n % 7], CASE WHEN n % 13 > 0 THEN 'c' || n || '@' || (ARRAY['example.com',
	'Example.org', 'sakila.test'])[1 + n % 3] END, 5 + n, n % 8 > 0,
	date '2021-12-20' + n * 11 % 100 FROM generate_series(1, 120) AS n;
INSERT INTO inventory SELECT n, 1 + n * 7 % 180, 1 + n / 3 % 2 FROM generate_series(1, 500) AS n;

-- A rental's shop is that of its copy; its customer is one of the shop's.
INSERT INTO rental SELECT n, taken, i.inventory_id, c.customer_id,
	CASE WHEN n % 19 > 0 THEN taken + interval '1 hour' * (20 + n * 41 % 190) END,
	CASE WHEN i.store_id = 2 THEN 2 ELSE 1 + n % 2 * 2 END, i.store_id
FROM generate_series(1, :rentals) AS n
	JOIN inventory AS i ON i.inventory_id = 1 + n * 67::bigint % 500
	CROSS JOIN LATERAL (SELECT array_agg(customer_id ORDER BY customer_id) AS list FROM customer
		WHERE store_id = i.store_id AND customer_id % 10 > 0) AS of_shop
	CROSS JOIN LATERAL (SELECT list[1 + n * n::bigint % (cardinality(list) - 3)]
		AS customer_id) AS c
	CROSS JOIN LATERAL (SELECT timestamptz '2022-01-03 08:00+00'
		+ interval '1 minute' * (n * 7907::bigint % 254000) AS taken) AS t;
-- Some are not paid, some twice, and some pay for no rental.
INSERT INTO payment SELECT n, r.customer_id, r.staff_id, CASE WHEN n % 50 > 0 THEN r.rental_id END,
	(n % 3) * 2 + 0.99 + CASE WHEN n % 7 = 0 THEN 3 ELSE 0 END,
	r.rental_date + interval '1 minute' * (n % 40), r.store_id
FROM rental AS r, LATERAL (SELECT rental_id AS n WHERE rental_id % 31 > 0
	UNION ALL SELECT rental_id + 1000000 WHERE rental_id % 37 = 0) AS times;

CREATE INDEX ON rental (store_id, rental_date);
CREATE INDEX ON rental (inventory_id);
CREATE INDEX ON rental (customer_id);
CREATE INDEX ON payment (store_id, payment_date);
CREATE INDEX ON payment (rental_id);
CREATE INDEX ON inventory (film_id);

CREATE VIEW film_list AS
SELECT f.film_id AS fid, f.title, c.name AS category, f.rental_rate AS price, f.rating,
	string_agg(a.first_name || ' ' || a.last_name, ', ' ORDER BY a.actor_id) AS actors
FROM film AS f
	LEFT JOIN film_category AS fc USING (film_id) LEFT JOIN category AS c USING (category_id)
	LEFT JOIN film_actor AS fa USING (film_id) LEFT JOIN actor AS a USING (actor_id)
GROUP BY f.film_id, c.category_id;
CREATE VIEW customer_list AS
SELECT cu.customer_id AS id, cu.first_name || ' ' || cu.last_name AS name, a.address,
	a.postal_code AS "zip code", a.phone, city.city, country.country,
	CASE WHEN cu.activebool THEN 'active' ELSE '' END AS notes, cu.store_id AS sid
FROM customer AS cu JOIN address AS a USING (address_id) JOIN city USING (city_id)
	JOIN country USING (country_id);
ANALYZE;

GRANT USAGE ON SCHEMA sakila TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA sakila TO app_user;
SELECT FROM prismiq.prismiq_expose_schema('sakila', tenant_column => 'store_id');
SELECT FROM prismiq.prismiq_expose('sakila.customer_list', tenant_column => 'sid');
SELECT count(prismiq.prismiq_expose(format('sakila.%I', name)::regclass, shared => true))
FROM unnest('{country,city,address,language,category,actor,film,film_actor,film_category,
	film_list}'::text[]) AS name \g /dev/null
