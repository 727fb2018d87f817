-- The tables of pgbench, with their foreign keys, three branches of them, and a history: what
-- the README beside this file says of it. Every row is a function of its number.
--
--     psql -f test/data/pgbench.sql      after expose.sql, which makes app_user
--
-- "accounts" (a variable of psql) says how many a branch has, 1000 unless told.
\set ON_ERROR_STOP on
\if :{?accounts}
\else
\set accounts 1000
\endif

CREATE SCHEMA bank;
SET LOCAL search_path = bank;

CREATE TABLE pgbench_branches (bid int NOT NULL PRIMARY KEY, bbalance int, filler char(88));
CREATE TABLE pgbench_tellers (tid int NOT NULL PRIMARY KEY, bid int REFERENCES pgbench_branches,
	tbalance int, filler char(84));
CREATE TABLE pgbench_accounts (aid int NOT NULL PRIMARY KEY, bid int REFERENCES pgbench_branches,
	abalance int, filler char(84)) WITH (fillfactor = 90);
CREATE TABLE pgbench_history (tid int REFERENCES pgbench_tellers,
	bid int REFERENCES pgbench_branches, aid int REFERENCES pgbench_accounts, delta int,
	mtime timestamp, filler char(22));

INSERT INTO pgbench_branches SELECT n, 0 FROM generate_series(1, 3) AS n;
INSERT INTO pgbench_tellers SELECT n, (n - 1) / 10 + 1, 0 FROM generate_series(1, 30) AS n;
INSERT INTO pgbench_accounts SELECT n, (n - 1) / :accounts + 1, 0, ''
FROM generate_series(1, 3 * :accounts) AS n;
-- Some accounts are of another branch than the teller, as pgbench has it; some rows have no
-- time, and two tellers are never busy.
INSERT INTO pgbench_history
SELECT 1 + n * 17::bigint % 28, (n * 17::bigint % 28) / 10 + 1,
	CASE WHEN n % 13 = 0 THEN 1 + n * 7919::bigint % (3 * :accounts)
		ELSE (n * 17::bigint % 28) / 10 * :accounts + 1 + n * 613::bigint % (:accounts / 2) END,
	(n * 7321::bigint % 9999) - 4800,
	CASE WHEN n % 101 > 0 THEN timestamp '2023-11-06 09:00'
		+ interval '1 second' * (n * 15013::bigint % 14000000) END
FROM generate_series(1, 5 * :accounts) AS n;
UPDATE pgbench_accounts AS a SET abalance = v FROM (SELECT aid, sum(delta) AS v
	FROM pgbench_history GROUP BY aid) AS h WHERE h.aid = a.aid;
UPDATE pgbench_tellers AS t SET tbalance = v FROM (SELECT tid, sum(delta) AS v
	FROM pgbench_history GROUP BY tid) AS h WHERE h.tid = t.tid;
UPDATE pgbench_branches AS b SET bbalance = v FROM (SELECT bid, sum(delta) AS v
	FROM pgbench_history GROUP BY bid) AS h WHERE h.bid = b.bid;
ANALYZE;

GRANT USAGE ON SCHEMA bank TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA bank TO app_user;
SELECT prismiq.prismiq_expose_schema('bank', tenant_column => 'bid');
SELECT FROM prismiq.prismiq_expose('bank.pgbench_history', tenant_column => 'bid',
								   time_column => 'mtime');
