-- What must not get in: SQL in any place of a definition. What must not get
-- out: names that the caller may not see, values of rows, the database's words.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib
RESET ROLE;

CREATE SCHEMA f;
CREATE TABLE f.secrets (tenant text, salary int);
CREATE TABLE f.staff (tenant text, name text, salary int, salery_note text, grade int);
INSERT INTO f.staff VALUES ('acme', 'Ada', 10, 'note', 2147483647), ('acme', 'Bob', 20, 'n',
		2147483647);
CREATE TABLE f.unreadable (tenant text, salary int);
CREATE TABLE f.no_tenant (org text, salary int);
CREATE TABLE f.beta_only (salary int);
CREATE VIEW f.overflowing AS SELECT tenant, name, grade + salary AS grades,
	(name || ' is a secret')::text AS remark FROM f.staff;
GRANT USAGE ON SCHEMA f TO app_user;
GRANT SELECT (tenant, name, grade) ON f.staff TO app_user;
GRANT SELECT ON f.secrets, f.overflowing, f.beta_only TO app_user;
GRANT SELECT (salary) ON f.no_tenant TO app_user;
SELECT prismiq_expose('f.staff', tenant_column => 'tenant'),
	   prismiq_expose('f.unreadable', tenant_column => 'tenant'),
	   prismiq_expose('f.no_tenant', tenant_column => 'org'),
	   prismiq_expose('f.beta_only', tenant => 'beta'),
	   prismiq_expose('f.overflowing', tenant_column => 'tenant') \g /dev/null
SET LOCAL search_path = oracle, prismiq, f, shop, public;
SET LOCAL ROLE app_user;

-- ---- 1, 2: SQL in every place where a text may stand -----------------------------------------
CREATE FUNCTION pg_temp.base() RETURNS jsonb LANGUAGE sql AS $$
	SELECT oracle.def('o orders, c customers', 'o.status = x, o.amount sum', '{
		"filters": [{"table_id": "o", "column": "status", "operator": "neq", "value": "v",
					 "nulls": "include"}],
		"having": [{"column": "amount_sum", "operator": "gt", "value": 0}],
		"group_by": [{"table_id": "o", "column": "status"}],
		"order_by": [{"alias": "x", "direction": "ASC", "nulls": "first"}],
		"time_series": {"table_id": "o", "date_column": "placed_at", "interval": "month",
			"alias": "t", "timezone": "UTC", "week_start": "monday", "fill": "value",
			"range": {"start": "2024-01-01", "end": "2024-02-01"}, "origin": "2000-01-01"}}',
		'o.customer_id = c.id LEFT')
$$;
-- Every path of it that holds a text.
CREATE FUNCTION pg_temp.places(node jsonb, path text[] = '{}') RETURNS SETOF text[]
LANGUAGE plpgsql AS $$
BEGIN
	IF jsonb_typeof(node) = 'string' THEN
		RETURN NEXT path;
	ELSIF jsonb_typeof(node) = 'object' THEN
		RETURN QUERY SELECT p FROM jsonb_each(node) AS e,
			pg_temp.places(e.value, path || e.key) AS p;
	ELSIF jsonb_typeof(node) = 'array' THEN
		RETURN QUERY SELECT p FROM jsonb_array_elements(node) WITH ORDINALITY AS e (value, n),
			pg_temp.places(e.value, path || (n - 1)::text) AS p;
	END IF;
END
$$;
SELECT cmp_ok(count(*), '>', 30::bigint,
		'there are many places') FROM pg_temp.places(pg_temp.base());
SELECT alike(answer(pg_temp.base()), '[[%', 'the definition itself is answered');

-- In each place, each of these is refused, or is but a name or a value: the SQL
-- around it is the same but for the quoted name.
CREATE FUNCTION pg_temp.injected(text text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	place text[];
	sql text;
BEGIN
	FOR place IN SELECT pg_temp.places(pg_temp.base()) LOOP
		BEGIN
			sql := prismiq_compile(jsonb_set(pg_temp.base(), place, to_jsonb(text))) ->> 'sql';
			sql := replace(sql, quote_ident(text), 'x');
			IF position(text in sql) > 0 OR sql ~* 'pg_sleep|pg_class|union|;'
			THEN
				RETURN NEXT place::text || ': ' || sql;
			END IF;
			PERFORM prismiq_query(jsonb_set(pg_temp.base(), place, to_jsonb(text)));
		EXCEPTION WHEN invalid_parameter_value OR SQLSTATE 'PT413' THEN
			NULL;
		END;
	END LOOP;
END
$$;
SELECT is_empty(format('SELECT pg_temp.injected(%L)', text),
		'nothing but a name or a value: ' || text)
FROM unnest(ARRAY['x"; DROP TABLE shop.orders; --', 'x'' OR ''1'' = ''1', '$99',
		'(SELECT pg_sleep(9))',
	'day''); SELECT pg_sleep(9); --', 'x UNION SELECT relname FROM pg_class', 'E''\\x', 'a]b[c',
	'/* x */ pg_class', 'x$$ union $$', 'pg_catalog.pg_class', 'x" AS y, "z']) AS text;
SELECT is(answer(def('o orders', 'o.id', jsonb_build_object('filters', jsonb_build_array(
	jsonb_build_object('table_id', 'o', 'column', 'id', 'operator', op, 'value', 'SELECT 1'))))),
			code, op)
FROM (VALUES ('in_subquery', '22023 UNSAFE_SQL'), ('not_in_subquery', '22023 UNSAFE_SQL'),
	('raw', '22023 INVALID_OPERATOR')) AS v (op, code);
SELECT is(answer(def('o orders', 'o.id') || jsonb_build_object('columns', jsonb_build_array(
	jsonb_build_object('table_id', 'o', 'column', 'id', 'sql_expression', 'pg_sleep(9)')))),
	'22023 UNSAFE_SQL', 'a key that would carry SQL');
SELECT is(answer(def('o orders', 'o.tenant', '{"limit": 1}')), '[["acme"]]',
		'the tenant column is a column');
SELECT is(answer(def('o orders', 'o.id', filters(cond('o.tenant eq', '"beta"')))), '[]',
	'and a condition on it widens nothing');
SELECT is(answer(def('o orders', 'o.id', filters(
	jsonb_build_object('or', jsonb_build_array(cond('o.id gte', '0'), cond('o.tenant neq',
			'"acme"'))))
	|| '{"columns": [{"table_id": "o", "column": "tenant", "aggregation": "count_distinct"}]}')),
	'[[1]]', 'nor does an OR');

-- ---- 3: a condition that cannot be placed is an error, never dropped --------------------------
SELECT is(answer(def('o orders', 'o.amount sum', filters(cond(subject || ' eq', '1')))), code,
		subject)
FROM (VALUES ('o.tenent', '22023 COLUMN_NOT_FOUND'), ('x.id', '22023 TABLE_NOT_FOUND'),
	('o.xmin', '22023 COLUMN_NOT_FOUND'), ('o.ctid', '22023 COLUMN_NOT_FOUND'),
	('o.tableoid', '22023 COLUMN_NOT_FOUND')) AS v (subject, code);
SELECT is(answer(def('o orders', 'o.amount sum') || jsonb_build_object('filters', filter)),
		'22023 ' || code,
	'filters: ' || filter::text)
FROM (VALUES ('{}'::jsonb, 'INVALID_VALUE'), ('"x"', 'INVALID_VALUE'), ('[1]', 'INVALID_VALUE'),
	('[{"and": []}]', 'INVALID_VALUE'), ('[{"not": {}}]', 'MISSING_FIELD'), ('[{}]',
			'MISSING_FIELD'),
	('[{"or": [{"table_id": "o", "column": "id", "operator": "eq", "value": 1}], "not": {}}]',
	 'INVALID_VALUE')) AS v (filter, code);

-- ---- 4: what may not be seen does not exist -----------------------------------------------------
SELECT is(faults(def('t ' || name, 't.salary')),
		format('TABLE_NOT_FOUND /tables/0/name table "%s" not found',
	name), 'not exposed, not readable, of another tenant, not there: ' || name)
FROM unnest('{secrets,unreadable,no_tenant,beta_only,nothing_like_it}'::text[]) AS name;
SELECT is(faults(def('t ' || name, 't.x')),
		format('TABLE_NOT_FOUND /tables/0/name table "%s" not found',
	name), 'and suggests nothing: ' || name)
FROM unnest('{secret,unreadabel,no_tenan,beta_onl}'::text[]) AS name;
SELECT is(faults(def('t staff', 't.' || name)), format(
	'COLUMN_NOT_FOUND /columns/0/column column "%s" not found in table "staff"', name),
	'a column that the role may not read: ' || name)
FROM unnest('{salary,salery_note,salery,xyz}'::text[]) AS name;
SELECT is(faults(def('t staff', 't.nmae')),
		'COLUMN_NOT_FOUND /columns/0/column column "nmae" not found '
	|| 'in table "staff" (Did you mean "name"?)', 'but one that it may is suggested');
SELECT is(answer(def('t staff', 't.name', filters(cond('t.salary gt', '1')))),
		'22023 COLUMN_NOT_FOUND',
	'nor in a condition');
SELECT is(answer(def('t staff', 't.name', '{"order_by": [{"table_id": "t", "column": "salary"}]}')),
	'22023 COLUMN_NOT_FOUND', 'nor to order by');
SELECT is(answer(def('t staff, s staff', 't.name', joins => 't.salary = s.salary')),
	'22023 COLUMN_NOT_FOUND', 'nor to join by');
SELECT is(answer(def('t staff', 't.* count')), '[[2]]',
		'rows of a table with hidden columns are counted');
SELECT is(answer(def('t ' || name, 't.* count')), '22023 TABLE_NOT_FOUND', 'the system: ' || name)
FROM unnest('{pg_class,pg_authid,prismiq_dashboards,prismiq_exposures}'::text[]) AS name;
SELECT is(answer('{"tables": [{"id": "t", "name": "pg_class", "schema": "pg_catalog"}],
	"columns": [{"table_id": "t", "column": "relname"}]}'), '22023 TABLE_NOT_FOUND',
			'with its schema');

-- ---- 5, 12: every way to ask, and what an error says -------------------------------------------
CREATE FUNCTION pg_temp.error(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE call;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN concat_ws('|', SQLSTATE, message, detail, hint);
END
$$;
SELECT is(pg_temp.error(format('SELECT * FROM %s(%L)', f, def('t overflowing', 't.grades'))),
	'22023|a value is out of range or cannot be converted|[{"code": "INVALID_VALUE", "message": '
	'"a value is out of range or cannot be converted", "path": "", "suggestion": null}]|',
	'a value that overflows while it is read: ' || f)
FROM unnest('{prismiq_query,prismiq_query_csv,prismiq_query_rows}'::text[]) AS f;
SELECT is(answer(def('t secrets', 't.salary')), '22023 TABLE_NOT_FOUND', 'prismiq_query');
SELECT alike(pg_temp.error(format('SELECT %s(%L)', f, def('t secrets', 't.salary'))),
	'22023|table "secrets" not found|[{"code": "TABLE_NOT_FOUND"%', f)
FROM unnest('{prismiq_query_csv,prismiq_query_rows,prismiq_compile,prismiq_explain}'::text[]) AS f;
SELECT is(prismiq_explain(def('t staff', 't.name')) ? 'plan', false, 'plans are not for everyone');
RESET ROLE;
SET LOCAL ROLE app_user;
SET LOCAL prismiq.tenant_id = '';
SELECT alike(pg_temp.error(format('SELECT %s(%L)', f, def('o orders', 'o.id'))), '42501|%',
	'without a context: ' || f)
FROM unnest('{prismiq_query,prismiq_query_csv,prismiq_query_rows,prismiq_compile,prismiq_explain,'
	'prismiq_validate}'::text[]) AS f;
SET LOCAL prismiq.tenant_id = 'acme';

-- ---- 31: the tenant predicate is served by an index, and is no call per row -------------------
RESET ROLE;
SET LOCAL enable_seqscan = off;
SET LOCAL prismiq.tenant_id = 'CA';
SELECT alike((prismiq_explain(def('f flights', 'f.delay sum')) -> 'plan')::text,
	'%Index Cond%state = %', 'an index on the tenant column serves');
SELECT unalike(prismiq_compile(def('f flights, a airports', 'f.delay sum',
		joins => 'f.origin = a.iata'))
	->> 'sql', '%prismiq_tenant_id%', 'no function is called per row');

SELECT * FROM finish();
ROLLBACK;
