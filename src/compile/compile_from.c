/*-------------------------------------------------------------------------
 *
 * compile_from.c
 *	  FROM: the tables joined in order, and the places of their groups.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "catalog/catalogs.h"
#include "compile/compile.h"
#include "model/condition.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
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

		if (column->aggregation == PRISMIQ_AGG_NONE)
			printer(sql, query, column, column->ref, ++number);
	}
	foreach(lc, query->top->extras)
		printer(sql, query, NULL, (const PrismiqColumnRef *) lfirst(lc), ++number);
}

/* The expression of a group column. */
void
prismiq_print_group_column(PrismiqSql *sql, const PrismiqColumn *column,
									 const PrismiqColumnRef *ref)
{
	if (column != NULL)
		prismiq_print_column(sql, column);
	else
		prismiq_print_ref(sql, ref);
}

/*
 * expression = k.d1, where two nulls are equal: arrays compare so, and hash; and
 * by an operator that the caller may not use by its name.
 */
static void
print_same(PrismiqSql *sql, const PrismiqQuery *query, const PrismiqColumn *column,
		   const PrismiqColumnRef *ref, int number)
{
	Oid			type = ref->basetype;	/* column->type may be text by now */
	bool		nullable = !ref->notnull || ref->table == NULL || ref->table->nullable;
	Oid			equal = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	bool		arrays = (nullable || !OidIsValid(equal)) && OidIsValid(get_array_type(type)) &&
		!OidIsValid(get_element_type(type));

	prismiq_sql_text(sql, number == 1 ? " ON " : " AND ");
	prismiq_sql_text(sql, arrays ? "ARRAY[" : nullable ? "(" : "");
	prismiq_print_group_column(sql, column, ref);
	if (arrays)
	{
		prismiq_sql_cast(sql, type);
		prismiq_sql_text(sql, "]");
		prismiq_sql_operator(sql, ARRAY_EQ_OP);
		prismiq_sql_number(sql, "ARRAY[k.d", number);
		prismiq_sql_cast(sql, type);
		prismiq_sql_text(sql, "]");
		return;
	}
	prismiq_sql_operator(sql, equal);
	prismiq_sql_number(sql, "k.d", number);
	if (!nullable)
		return;
	prismiq_sql_text(sql, " OR ");
	prismiq_print_group_column(sql, column, ref);
	prismiq_sql_number(sql, " IS NULL AND k.d", number);
	prismiq_sql_text(sql, " IS NULL)");
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

/* FROM the first table, then every join. */
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
	prismiq_print_best_join(sql, query);
}
