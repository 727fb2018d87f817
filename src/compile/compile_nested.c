/*-------------------------------------------------------------------------
 *
 * compile_nested.c
 *	  Lists that a nested query makes, and the tables of a statement: the twin
 *	  of check/nested.c.
 *
 * "Not in" is written as NOT EXISTS, which PostgreSQL can join by and which no
 * null among the values empties; over an aggregate, which may not stand inside
 * the other query, as NOT = ANY over the values that are not null.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compile/compile.h"

/* A side of the comparison, cast as the test wants it. */
static void
print_cast(PrismiqSql *sql, const PrismiqTest *test)
{
	if (OidIsValid(test->cast_type))
		prismiq_sql_cast(sql, test->cast_type);
}

/* FROM (the nested query) AS q(c) */
static void
print_values(PrismiqSql *sql, const PrismiqCondition *condition)
{
	prismiq_sql_text(sql, " FROM (");
	prismiq_print_nested(sql, condition->query);
	prismiq_sql_text(sql, ") AS q(c)");
}

/* subject = ANY (SELECT ...), or NOT EXISTS */
void
prismiq_print_in_query(PrismiqSql *sql, const PrismiqCondition *condition)
{
	const PrismiqTest *test = condition->test;
	bool		anti = test->negated && condition->ref != NULL;

	if (anti)
	{
		prismiq_sql_text(sql, "NOT EXISTS (SELECT 1");
		print_values(sql, condition);
		prismiq_sql_text(sql, " WHERE ");
	}
	else if (test->negated)
		prismiq_sql_text(sql, "NOT (");
	prismiq_print_bare_subject(sql, condition);
	print_cast(sql, test);
	if (test->collate)
		prismiq_sql_text(sql, " COLLATE pg_catalog.\"C\"");
	prismiq_sql_operator(sql, test->op);
	if (anti)
	{
		prismiq_sql_text(sql, "q.c");
		print_cast(sql, test);
		prismiq_sql_text(sql, ")");
		return;
	}
	prismiq_sql_text(sql, "ANY (SELECT q.c");
	print_cast(sql, test);
	print_values(sql, condition);
	prismiq_sql_text(sql, test->negated ? " WHERE q.c IS NOT NULL))" : ")");
}

/* Tables of a query, and of those inside it, being gathered. */
typedef struct Gathering
{
	List	   *names;			/* char * */
} Gathering;

static void gather(Gathering *gathering, const PrismiqQuery *query);

/* The tables of the nested query of a test. */
static bool
gather_test(PrismiqCondition *test, void *arg)
{
	if (test->query != NULL)
		gather((Gathering *) arg, test->query);
	return false;
}

/* The tables of a query; those inside are added where they are new. */
static void
gather(Gathering *gathering, const PrismiqQuery *query)
{
	ListCell   *lc;
	ListCell   *lc2;

	check_stack_depth();
	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (table->derived)
			gather(gathering, table->query);
		else
			gathering->names = lappend(gathering->names, prismiq_sql_table_name(table));
	}
	(void) prismiq_condition_walk(query->filters, gather_test, gathering);
	(void) prismiq_condition_walk(query->having, gather_test, gathering);
	foreach(lc, query->columns)
		(void) prismiq_condition_walk(((const PrismiqColumn *) lfirst(lc))->filters, gather_test,
									  gathering);
	foreach(lc, query->join_order)
		foreach(lc2, ((const PrismiqJoin *) lfirst(lc))->conditions)
			(void) prismiq_condition_walk((PrismiqCondition *) lfirst(lc2), gather_test,
										  gathering);
}

/* The names of all tables that a statement reads, of nested queries too. */
List *
prismiq_statement_tables(const PrismiqQuery *query)
{
	Gathering	gathering = {NIL};

	gather(&gathering, query);
	return gathering.names;
}
