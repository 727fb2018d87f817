-- What people who run a building ask of its cables, and of its people: the tables are those of
-- PostgreSQL's regression tests (test/data/README.md).  Keys are blank-padded, nothing refers to
-- anything but a department to its own kind, and rows are inherited.  All is everybody's but the
-- salaries, which are acme's.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;
\set data :dir /data/regress.sql
\o /dev/null
\i :data
\o
SET LOCAL search_path = oracle, prismiq, regress, public;
SET LOCAL ROLE app_user;

-- ---- The building -----------------------------------------------------------------------
SELECT same('rooms and their sockets, those without any too', def('r room, w wslot',
		'r.roomno, r.comment, w.* count = sockets', '{"order_by": [{"alias": "roomno"}]}',
		'r.roomno = w.roomno LEFT'),
	$$SELECT r.roomno, r.comment, count(w.slotname) FROM room r LEFT JOIN wslot w USING (roomno)
	GROUP BY r.roomno, r.comment ORDER BY 1$$, true);
SELECT same('kinds of rooms by sockets a room', def('r room, w wslot', 'r.comment', '{"columns": [
			{"table_id": "r", "column": "comment"}, {"column": "each"}],
		"calculated_fields": [{"name": "each", "expression":
			"round(count([w.slotname]) / count([r.roomno]), 2)"}],
		"order_by": [{"column": "each", "direction": "DESC"}, {"alias": "comment"}]}',
		'r.roomno = w.roomno LEFT'),
	$$SELECT comment, round(sum(n) / count(*), 2) FROM (SELECT r.comment, r.roomno,
			count(w.slotname) AS n FROM room r LEFT JOIN wslot w USING (roomno) GROUP BY 1, 2) AS x
	GROUP BY 1 ORDER BY 2 DESC, 1$$, true);
SELECT same('rooms without a socket', def('r room, w wslot', 'r.roomno, r.comment',
		filters(cond('w.slotname is_not_null', more => '{"scope": "none"}')),
		'w.roomno = r.roomno'),
	$$SELECT roomno, comment FROM room r WHERE NOT EXISTS
		(SELECT FROM wslot w WHERE w.roomno = r.roomno)$$);
SELECT same('what hangs at each socket, followed through both fields to the line: four hops',
	def('w wslot, p pslot, q pslot, l pline, h phone', 'w.slotname, h.comment = device,
		p.slotname = field, q.slotname = patched, l.phonenumber',
		'{"order_by": [{"alias": "slotname"}]}', 'w.backlink = p.slotname LEFT,
		p.slotlink = q.slotname LEFT,q.backlink = l.slotname LEFT,w.slotlink = h.slotname LEFT'),
	$$SELECT w.slotname, h.comment, p.slotname, q.slotname, l.phonenumber FROM wslot w
		LEFT JOIN pslot p ON p.slotname = w.backlink LEFT JOIN pslot q ON q.slotname = p.slotlink
		LEFT JOIN pline l ON l.slotname = q.backlink LEFT JOIN phone h ON h.slotname = w.slotlink
	ORDER BY 1$$, true);
SELECT same('the share of each patch field that is patched', def('p pslot, f pfield', 'f.name',
		'{"columns": [{"table_id": "f", "column": "comment"}, {"table_id": "p", "column": "*",
			"aggregation": "count", "alias": "slots"}, {"column": "share"}],
		"calculated_fields": [{"name": "patched", "expression": "length(trim([p.slotlink])) > 0"},
			{"name": "share", "expression": "100 * count_if([patched]) / count()"}],
		"order_by": [{"alias": "comment"}]}', 'p.pfname = f.name'),
	$$SELECT f.comment, count(*), 100 * count(*) FILTER (WHERE slotlink <> '')::numeric / count(*)
	FROM pslot p JOIN pfield f ON f.name = p.pfname GROUP BY f.name, f.comment ORDER BY 1$$, true);
SELECT same('slots by the first letters of what they lead to', def('p pslot', 'p.pfname',
		'{"columns": [{"column": "floor"}, {"column": "leads_to"}, {"table_id": "p", "column":
			"*", "aggregation": "count", "alias": "n"}],
		"calculated_fields": [{"name": "floor", "expression": "split_part([slotname], ''.'', 2)"},
			{"name": "leads_to", "expression":
				"if([backlink] == '''', ''-'', left([backlink], 2))"}],
		"pivot": {"column": "leads_to", "value": "n"}}'),
	$$SELECT split_part(slotname, '.', 2), nullif(count(*) FILTER (WHERE backlink = ''), 0),
		nullif(count(*) FILTER (WHERE backlink LIKE 'PL%'), 0),
		nullif(count(*) FILTER (WHERE backlink LIKE 'WS%'), 0)
	FROM pslot GROUP BY 1 ORDER BY 1$$, true);
SELECT same('free lines: no field has them, and their number ends in 0 to 4',
	def('l pline, p pslot', 'l.slotname, l.phonenumber', '{"calculated_fields": [{"name": "low",
			"expression": "regexp_match(trim([l.phonenumber]), ''[0-4]$'')"}]}'::jsonb
		|| filters('{"column": "low", "operator": "eq", "value": true}',
			cond('p.slotlink neq', '""', '{"scope": "none"}')), 'p.backlink = l.slotname'),
	$$SELECT slotname, phonenumber FROM pline l WHERE trim(phonenumber) ~ '[0-4]$' AND NOT EXISTS
		(SELECT FROM pslot p WHERE p.backlink = l.slotname AND p.slotlink <> '')$$);
SELECT same('a hub''s slots and which are taken, by a text of one length and of another',
	def('h hub, s hslot', 'h.name', '{"columns": [
			{"table_id": "h", "column": "name"}, {"table_id": "h", "column": "nslots",
				"aggregation": "sum"}, {"table_id": "s", "column": "*", "aggregation": "count"},
			{"table_id": "s", "column": "slotname", "aggregation": "string_agg", "alias": "taken",
				"args": {"separator": "|"}, "filters": [{"table_id": "s", "column": "slotlink",
				"operator": "not_in", "value": [""]}]}]}', 'h.name = s.hubname'),
	$$SELECT h.name, h.nslots::bigint, count(*), string_agg(s.slotname, '|' ORDER BY s.slotname)
		FILTER (WHERE s.slotlink <> '')
	FROM hub h JOIN hslot s ON s.hubname = h.name GROUP BY h.name, h.nslots$$);
SELECT same('machines whose interface is patched to a hub',
	def('y system, i iface, w wslot, p pslot, s hslot',
		'y.name, i.ifname, s.hubname, s.slotno', joins => 'y.name = i.sysname,
		i.slotlink = w.slotname,w.backlink = p.slotname,p.slotlink = s.slotname'),
	$$SELECT y.name, i.ifname, s.hubname, s.slotno FROM system y JOIN iface i
		ON i.sysname = y.name JOIN wslot w ON w.slotname = i.slotlink
		JOIN pslot p ON p.slotname = w.backlink JOIN hslot s ON s.slotname = p.slotlink$$);
SELECT same('sockets by wall: the wall''s letters are cut out of a name that is padded',
	def('w wslot', 'w.roomno', '{"columns": [{"column": "place"}, {"table_id": "w", "column":
			"slotname", "aggregation": "max"}, {"table_id": "w", "column": "*", "aggregation":
			"count", "alias": "n"}],
		"calculated_fields": [{"name": "place", "expression":
			"concat(''room '', trim([roomno]), '': '', substring([slotname], 8, 1))"}],
		"filters": [{"table_id": "w", "column": "slotname", "operator": "starts_with",
			"value": "ws.1"}], "order_by": [{"alias": "place"}], "limit": 5}'),
	$$SELECT 'room ' || trim(roomno) || ': ' || substr(slotname, 8, 1), max(slotname), count(*)
	FROM wslot WHERE slotname ILIKE 'ws.1%' GROUP BY 1 ORDER BY 1 LIMIT 5$$, true);

-- ---- People: tables that inherit ----------------------------------------------------------
SELECT same('people by decade, all that inherit from them', def('p person', 'p.*', '{"columns": [
			{"column": "decade"}, {"table_id": "p", "column": "*", "aggregation": "count"},
			{"table_id": "p", "column": "name", "aggregation": "min"}],
		"calculated_fields": [{"name": "decade", "expression": "floor([age] / 10) * 10"}],
		"order_by": [{"alias": "decade"}]}'),
	$$SELECT floor(age / 10.0) * 10, count(*), min(name) FROM person GROUP BY 1 ORDER BY 1$$, true);
SELECT same('who earns more than their manager, whose name is of another type',
	def('e emp, m emp', 'e.name, e.salary, m.name = boss, m.salary = of_boss', '{"joins": [
			{"from_table_id": "e", "to_table_id": "m", "on": [{"from_column": "manager",
				"to_column": "name"}, {"from_column": "salary", "to_column": "salary",
				"operator": "gte"}]}]}'),
	$$SELECT e.name, e.salary, m.name, m.salary FROM emp e JOIN emp m ON e.manager::text = m.name
		AND e.salary >= m.salary$$);
SELECT same('people who neither work nor study', def('p person', 'p.* count, p.age avg',
		filters(cond('p.name not_in_query', jsonb_build_object('query', def('e emp', 'e.name'))),
			cond('p.name not_in_query', jsonb_build_object('query', def('s student', 's.name'))))),
	$$SELECT count(*), avg(age) FROM person WHERE name NOT IN (SELECT name FROM emp)
		AND name NOT IN (SELECT name FROM student)$$);
SELECT same('grades beside wages of those who do both, by a table under two others',
	def('s stud_emp', 's.name, s.gpa, s.salary, s.percent', '{"windows": [{"alias": "place",
			"function": "rank", "of": "gpa"}, {"alias": "quarter", "function": "ntile", "n": 4,
			"of": "salary"}], "order_by": [{"alias": "place"}]}'),
	$$SELECT name, gpa, salary, percent, rank() OVER (ORDER BY gpa DESC NULLS LAST) AS place,
		ntile(4) OVER (ORDER BY salary DESC NULLS LAST) FROM stud_emp ORDER BY place$$, true);
SELECT same('departments, what is above them, and how many are below', def('d department,
		u department, o department, b department', 'd.name, u.name = above, o.name = top,
		b.* count = below', '{"order_by": [{"alias": "name"}]}', 'd.parent_department = u.id LEFT,
		u.parent_department = o.id LEFT,b.parent_department = d.id RIGHT'),
	$$SELECT d.name, u.name, o.name, (SELECT count(*) FROM department b
		WHERE b.parent_department = d.id)
	FROM department d LEFT JOIN department u ON u.id = d.parent_department
		LEFT JOIN department o ON o.id = u.parent_department ORDER BY 1$$, true);
SELECT same('departments without one below', def('d department, b department', 'd.id, d.name',
		filters(cond('b.id is_not_null', more => '{"scope": "none"}')),
		'b.parent_department = d.id'),
	$$SELECT id, name FROM department d WHERE NOT EXISTS (SELECT FROM department b
		WHERE b.parent_department = d.id)$$);
SELECT same('wages: how far from the best of the department, and by seniority so far',
	def('e empsalary', 'e.depname, e.empno, e.salary, e.enroll_date', '{"windows": [
			{"alias": "best", "function": "first_value", "of": "salary", "partition_by":
				["depname"], "order_by": [{"alias": "salary", "direction": "DESC"}]},
			{"alias": "so_far", "function": "running_total", "of": "salary", "partition_by":
				["depname"], "order_by": [{"alias": "enroll_date"}, {"alias": "empno"}]},
			{"alias": "next", "function": "lead", "of": "enroll_date", "order_by":
				[{"alias": "enroll_date"}, {"alias": "empno"}]}],
		"order_by": [{"alias": "depname"}, {"alias": "enroll_date"}, {"alias": "empno"}]}'),
	$$SELECT depname, empno, salary, enroll_date, max(salary) OVER (PARTITION BY depname),
		sum(salary) OVER (PARTITION BY depname ORDER BY enroll_date, empno),
		lead(enroll_date) OVER (ORDER BY enroll_date, empno)
	FROM empsalary ORDER BY depname, enroll_date, empno$$, true);
SELECT is(oracle.answer(def('e empsalary', 'e.salary sum')), '22023 TABLE_NOT_FOUND',
	'another tenant does not find the wages')
FROM set_config('prismiq.tenant_id', 'beta', true);
SELECT set_config('prismiq.tenant_id', 'acme', true) \g /dev/null

-- ---- What is in store -------------------------------------------------------------------
SELECT same('laces that fit no shoe, over views of views', def('l shoelace, r shoe_ready',
		'l.sl_name, l.sl_color, l.sl_len_cm', filters(cond('r.shoename is_not_null',
			more => '{"scope": "none"}')), 'r.sl_name = l.sl_name'),
	$$SELECT sl_name, sl_color, sl_len_cm FROM shoelace l WHERE NOT EXISTS
		(SELECT FROM shoe_ready r WHERE r.sl_name = l.sl_name)$$);
SELECT same('shoes, laces of their colour, and the pairs that can be sold',
	def('s shoe, l shoelace',
		's.slcolor, s.sh_avail sum, l.sl_avail sum, s.* count = shoes, l.* count = laces',
		joins => 's.slcolor = l.sl_color FULL'),
	$$SELECT c, (SELECT sum(sh_avail) FROM shoe WHERE slcolor = c),
		(SELECT sum(sl_avail) FROM shoelace WHERE CASE WHEN c IS NULL THEN sl_color NOT IN
			(SELECT slcolor FROM shoe) ELSE sl_color = c AND c IN (SELECT slcolor FROM shoe) END),
		(SELECT count(*) FROM shoe WHERE slcolor = c),
		(SELECT count(*) FROM shoelace WHERE CASE WHEN c IS NULL THEN sl_color NOT IN
			(SELECT slcolor FROM shoe) ELSE sl_color = c END)
	FROM (SELECT slcolor AS c FROM shoe UNION SELECT slcolor FROM shoelace
		LEFT JOIN shoe ON slcolor = sl_color) AS colours$$);
SELECT same('lists that have a number and lack another, the least of them first', def(
		'a array_op_test', 'a.seqno, a.i', jsonb_build_object('filters', jsonb_build_array(
			cond('a.i array_contains', '32'), jsonb_build_object('not',
				cond('a.i array_contains', '17'))),
		'order_by', '[{"alias": "seqno"}]'::jsonb)),
	$$SELECT seqno, i FROM array_op_test WHERE 32 = ANY (i) AND NOT 17 = ANY (i)
	ORDER BY seqno$$, true);
SELECT same('how many lists are the same', def('a array_op_test', 'a.i, a.* count = n',
		'{"having": [{"column": "n", "operator": "gt", "value": 0}],
		  "order_by": [{"alias": "i"}], "limit": 7}'),
	$$SELECT i, count(*) FROM array_op_test GROUP BY i ORDER BY i LIMIT 7$$, true);

SELECT * FROM finish();
