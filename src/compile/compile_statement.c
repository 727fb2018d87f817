/*-------------------------------------------------------------------------
 *
 * compile_statement.c
 *	  A checked definition as a statement: its text, its columns, its tables.
 *
 * The text is made by compile_stages.c; what is said beside it here, for whoever
 * runs it or shows its answer, is read off the model.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compile/compile.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "print/print.h"
#include "print/statement.h"

/* Tables of a query, and of those inside it, being gathered. */
typedef struct Gathering
{
	List	   *names;			/* char * */
} Gathering;

static void gather(Gathering *gathering, const PrismiqQuery *query);
static void gather_inside(Gathering *gathering, const PrismiqQuery *query);

/* The tables of the nested query of a test. */
static bool
gather_test(PrismiqCondition *condition, void *arg)
{
	const PrismiqQuery *query = prismiq_test_query(PrismiqTestOf(condition));

	if (query != NULL)
		gather((Gathering *) arg, query);
	return false;
}

/* The tables of a query; those inside are added where they are new. */
static void
gather(Gathering *gathering, const PrismiqQuery *query)
{
	ListCell   *lc;

	check_stack_depth();
	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		/* The tables of what was set apart are those of the query itself. */
		if (table->apart)
			gather_inside(gathering, table->query);
		else if (table->derived)
			gather(gathering, table->query);
		else
			gathering->names = lappend(gathering->names, prismiq_sql_table_name(table));
	}
	gather_inside(gathering, query);
}

/* Those of the queries in its conditions. */
static void
gather_inside(Gathering *gathering, const PrismiqQuery *query)
{
	ListCell   *lc;
	ListCell   *lc2;

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

/* The columns of the answer and the tables it is from. */
static void
describe(PrismiqStatement *statement, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (PrismiqHasBuckets(query) && series->bucket_text != NULL)
		statement->bucket = pstrdup(series->bucket_text);
	statement->outputs = query->answer;
	statement->tables = prismiq_statement_tables(query);
}

/* Print a query that was checked without a fault. */
PrismiqStatement *
prismiq_compile_query(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql = prismiq_sql_begin(home, prismiq_print_nested);
	PrismiqStatement *statement;

	prismiq_print_paged(sql, query);
	statement = prismiq_sql_finish(sql);
	describe(statement, query);
	return statement;
}

/*
 * The same, where a row of the caller's page says how many rows there are in all.
 * Groups are all made for a page of them, so counting them takes next to nothing;
 * null for other rows, which may be found page by page, and where the statement has
 * another limit, or another shape, than the page's.
 */
PrismiqStatement *
prismiq_compile_counted(const PrismiqQuery *query, Oid home)
{
	PrismiqSql *sql;
	PrismiqQuery counted = *query;
	PrismiqStatement *statement;

	if (!query->grouped || query->pivot != NULL || query->page_limit < 0 ||
		query->limit >= 0 || query->offset > 0)
		return NULL;
	if (prismiq_is_filled(query))
		counted.staged = true;
	sql = prismiq_sql_begin(home, prismiq_print_nested);
	sql->counted = true;
	prismiq_print_paged(sql, &counted);
	statement = prismiq_sql_finish(sql);
	describe(statement, query);
	statement->counted = true;
	return statement;
}

/*
 * How many rows the definition's whole answer has: the same statement, without
 * the caller's page, counted; or ("rows") those rows themselves, for the
 * planner to estimate.
 */
PrismiqStatement *
prismiq_compile_total(const PrismiqQuery *query, Oid home, bool rows)
{
	PrismiqSql *sql = prismiq_sql_begin(home, prismiq_print_nested);
	PrismiqQuery whole = *query;

	whole.sort = NIL;
	whole.unordered = query->limit < 0 && query->offset == 0;
	prismiq_sql_text(sql, rows ? "" : "SELECT pg_catalog.count(*)\nFROM (");
	prismiq_print_limited(sql, &whole);
	prismiq_sql_text(sql, rows ? "" : ") AS answer");
	return prismiq_sql_finish(sql);
}
