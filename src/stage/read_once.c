/*-------------------------------------------------------------------------
 *
 * read_once.c
 *	  What is made of groups of rows, so that the rows are read once.
 *
 * Which groups are the largest ("top") is known when all rows have been grouped,
 * and the rest of them is made of rows once more; totals are made of rows level by
 * level, by one process and often of sorted rows.  Where all measures can be made
 * from parts (join/apart_parts.c) the groups do for all of that: the rows, grouped,
 * become a table of the statement, the stage "whole", and the definition goes on
 * over that.
 *
 * Not of a series, whose groups by bucket may be as many as the rows; nor where
 * the joins repeat rows, for what counts once in a group may be in several of the
 * rest.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "expr/lower.h"
#include "join/apart.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* An aggregate that cannot be made from parts. */
static bool
is_whole(PrismiqExpr *expr, void *arg)
{
	return expr->kind == PRISMIQ_EXPR_AGGREGATE &&
		prismiq_part_of_expr(expr) == PRISMIQ_PART_NONE;
}

/* Can each measure be made from parts, and each column be grouped by as it is? */
static bool
has_parts(const List *columns)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column) ? column->bucketing != NULL :
			column->aggregation == PRISMIQ_AGG_EXPRESSION ?
			prismiq_expr_walk(column->instead != NULL ? column->instead : column->ref->expr,
							  is_whole, NULL) :
			column->instead != NULL || prismiq_part_of_column(column) == PRISMIQ_PART_NONE)
			return false;
	}
	return true;
}

/* A column as an expression. */
static PrismiqExpr *
as_expression(PrismiqCheck *check, PrismiqColumnRef *ref)
{
	PrismiqLower lower = {.check = check};
	PrismiqExpr *expr = prismiq_expr_make(&lower, PRISMIQ_EXPR_COLUMN, 0, ref->basetype, NIL);

	expr->ref = ref;
	expr->collation = ref->collation;
	expr->tables = bms_make_singleton(ref->table->index);
	expr->has_column = true;
	return expr;
}

/* The rows as they are joined and filtered, to be grouped. */
static PrismiqQuery *
take_rows(PrismiqQuery *query)
{
	PrismiqQuery *result = palloc0(sizeof(PrismiqQuery));

	result->apart = result->grouped = true;
	result->tables = query->tables;
	result->first = query->first;
	result->unnest = query->unnest;
	result->join_order = query->join_order;
	result->filters = query->filters;
	result->limit = result->page_limit = -1;
	result->fan_out = query->fan_out;
	return result;
}

/* Let the definition go on over the groups of its rows. */
static void
read_once(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));
	PrismiqBranch all = {.tables = prismiq_joined_tables(query), .whole = true};
	PrismiqGrouped grouped = {.check = check, .branch = &all, .table = table};
	List	   *extras = query->top != NULL ? query->top->extras : query->group_extra;
	ListCell   *lc;

	table->index = list_length(query->tables);
	table->path = query->first->path;
	table->relname = query->first->relname;
	table->nspname = query->first->nspname;
	table->joined = table->derived = table->apart = table->whole = table->read_all = true;
	table->unique_known = true;
	table->query = grouped.query = take_rows(query);
	query->tables = lappend(query->tables, table);
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			column->instead = as_expression(check, prismiq_grouped_key(&grouped, column->ref));
	}
	foreach(lc, extras)
		lfirst(lc) = prismiq_grouped_key(&grouped, (PrismiqColumnRef *) lfirst(lc));
	foreach(lc, query->columns)
		prismiq_measure_set_apart(&grouped, (PrismiqColumn *) lfirst(lc));
	foreach(lc, query->having_measures)
		prismiq_measure_set_apart(&grouped, (PrismiqColumn *) lfirst(lc));
	query->filters = NULL;
	query->unnest = NULL;
	query->join_order = NIL;
	query->first = table;
}

/* What the rows are grouped by. */
static List *
group_refs(const PrismiqQuery *query)
{
	List	   *result = list_copy(query->group_extra);
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			result = lappend(result, column->ref);
	}
	return result;
}

/* May a type have as many values as there are rows, as a moment or a measurement has? */
static bool
is_fine(Oid type)
{
	return type == TIMESTAMPOID || type == TIMESTAMPTZOID || type == FLOAT4OID ||
		type == FLOAT8OID || type == NUMERICOID;
}

/*
 * Are the groups fewer than the rows, as far as anybody can tell?  Else to group them
 * twice is dearer.
 */
static bool
has_fewer_groups(const PrismiqQuery *query)
{
	const List *refs = group_refs(query);
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, refs)
		if (is_fine(((const PrismiqColumnRef *) lfirst(lc))->basetype))
			return false;
	foreach(lc, query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);
		Bitmapset  *attnums = NULL;

		CHECK_FOR_INTERRUPTS();
		foreach(lc2, refs)
		{
			const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc2);

			if (ref->table == table && ref->expr == NULL)
				attnums = bms_add_member(attnums, ref->attnum);
		}
		if (table->joined && attnums != NULL && prismiq_table_is_unique(table, attnums))
			return false;
	}
	return refs != NIL;
}

/* Read the rows once, where that says the same. */
void
prismiq_check_read_once(PrismiqCheck *check)
{
	const PrismiqQuery *query = check->query;

	if ((query->top == NULL) == (query->totals == NULL) || query->time_series != NULL ||
		query->pivot != NULL || query->compare != NULL || query->row_once != NIL ||
		query->first == NULL || !has_parts(query->columns) || !has_parts(query->having_measures) ||
		(query->totals != NULL && !has_fewer_groups(query)))
		return;
	read_once(check);
}
