/*-------------------------------------------------------------------------
 *
 * compile_from.c
 *	  FROM: the tables joined in order, with the places of their groups; and
 *	  what their rows are grouped by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "compile/compile.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/unnest.h"
#include "model/words.h"
#include "print/print.h"

/* Call the printer for the answer's group columns and then the others. */
void
prismiq_each_group_column(PrismiqSql *sql, const PrismiqQuery *query, PrismiqGroupPrinter printer)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			printer(sql, query, column, column->ref, ++number);
	}
	foreach(lc, query->top->extras)
		printer(sql, query, NULL, (const PrismiqColumnRef *) lfirst(lc), ++number);
}

/* A dimension of the answer, or what is grouped by and not shown. */
void
prismiq_print_group_column(PrismiqSql *sql, const PrismiqColumn *column,
						   const PrismiqColumnRef *ref)
{
	if (column != NULL)
		prismiq_print_column(sql, column);
	else
		prismiq_print_ref(sql, ref);
}

/* A group column, for the sides to be printed. */
typedef struct GroupColumn
{
	const PrismiqColumn *column;	/* or null, and */
	const PrismiqColumnRef *ref;
	int			number;			/* of the places' column */
} GroupColumn;

/* The column's expression, or k.d1 */
static void
print_group_side(PrismiqSql *sql, bool right, const void *arg)
{
	const GroupColumn *group = (const GroupColumn *) arg;

	if (right)
		prismiq_sql_number(sql, "k.d", group->number);
	else
		prismiq_print_group_column(sql, group->column, group->ref);
}

/* expression = k.d1, where two nulls are the same */
static void
print_same(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
		   const PrismiqColumnRef *ref, int number)
{
	GroupColumn group = {column, ref, number};

	prismiq_sql_text(sql, number == 1 ? " ON " : " AND ");
	prismiq_print_same(sql, (const PrismiqSame *) list_nth(query->top->same, number - 1),
					   print_group_side, &group);
}

/* The join of the rows with the places of their groups. */
void
prismiq_print_best_join(PrismiqSql *sql, const PrismiqQuery *query)
{
	if (query->top == NULL || sql->ranking)
		return;
	prismiq_sql_text(sql, sql->rest != NULL ? "\n  LEFT JOIN best AS k" : "\n  JOIN best AS k");
	prismiq_each_group_column(sql, query, print_same);
	if (query->top->other)
		return;
	prismiq_sql_text(sql, " AND k.o");
	prismiq_sql_compare(sql, INT8OID, PRISMIQ_OP_LTE);
	prismiq_sql_const(sql, query->top->count);
}

/* ON the keys AND the conditions that stand there */
static void
print_join_condition(PrismiqSql *sql, const PrismiqJoin *join)
{
	ListCell   *lc;

	prismiq_sql_text(sql, " ON ");
	prismiq_print_join_keys(sql, join);
	foreach(lc, join->conditions)
	{
		prismiq_sql_text(sql, " AND ");
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
	}
}

/* The elements of an array: a row for each, and one of nulls where there is none. */
static void
print_elements(PrismiqSql *sql, const PrismiqUnnest *unnest)
{
	prismiq_sql_text(sql, "\n  LEFT JOIN LATERAL ");
	prismiq_sql_function(sql, F_UNNEST_ANYARRAY);
	prismiq_sql_text(sql, "(");
	prismiq_print_ref(sql, unnest->array);
	prismiq_sql_text(sql, ") WITH ORDINALITY AS e(v, n) ON true");
}

/* FROM the first table, then every join, and what each row is repeated for. */
void
prismiq_print_from(PrismiqSql *sql, const PrismiqQuery *query)
{
	static const char *const words[] = {
		[PRISMIQ_JOIN_INNER] = "\n  JOIN ",
		[PRISMIQ_JOIN_LEFT] = "\n  LEFT JOIN ",
		[PRISMIQ_JOIN_RIGHT] = "\n  RIGHT JOIN ",
		[PRISMIQ_JOIN_FULL] = "\n  FULL JOIN ",
	};
	ListCell   *lc;

	prismiq_sql_text(sql, "\nFROM ");
	prismiq_print_source(sql, query->first != NULL ? query->first :
						 (const PrismiqTable *) linitial(query->tables));
	foreach(lc, query->join_order)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);

		prismiq_sql_text(sql, words[join->printed_type]);
		prismiq_print_source(sql, join->to);
		print_join_condition(sql, join);
	}
	if (query->unnest != NULL)
		print_elements(sql, query->unnest);
	prismiq_print_best_join(sql, query);
}
