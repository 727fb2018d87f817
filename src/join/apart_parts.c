/*-------------------------------------------------------------------------
 *
 * apart_parts.c
 *	  Measures that are made from those of parts of their rows.
 *
 * A sum is the sum of sums, a count that of counts, the least value the least of
 * the least ones; an average is a sum and a count.  Averages and sums of floating
 * point numbers of single precision are left alone: PostgreSQL adds them up with
 * less care than it would take to add up the parts.  PostgreSQL divides the sum
 * of an average by the count as numeric does, so that the digits are the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "join/apart.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* ---- what can be made from parts ---- */

/* Of an aggregation of values of a type, which results in another. */
static PrismiqPart
part_of(PrismiqAggregation aggregation, Oid type, Oid result)
{
	switch (aggregation)
	{
		case PRISMIQ_AGG_COUNT:
			return PRISMIQ_PART_COUNT;
		case PRISMIQ_AGG_SUM:
			return result == INT8OID || result == NUMERICOID || result == FLOAT8OID ||
				result == CASHOID || result == INTERVALOID ? PRISMIQ_PART_SUM : PRISMIQ_PART_NONE;
		case PRISMIQ_AGG_AVG:
			return result == NUMERICOID || type == FLOAT8OID ? PRISMIQ_PART_AVERAGE :
				PRISMIQ_PART_NONE;
		case PRISMIQ_AGG_MIN:
		case PRISMIQ_AGG_MAX:
		case PRISMIQ_AGG_BOOL_AND:
		case PRISMIQ_AGG_BOOL_OR:
			return PRISMIQ_PART_SAME;
		default:
			return PRISMIQ_PART_NONE;
	}
}

/* Of a measure that is one aggregate of a column. */
PrismiqPart
prismiq_part_of_column(const PrismiqColumn *column)
{
	if (column->ref->star)
		return PRISMIQ_PART_COUNT;
	if (column->distinct || column->sketch != NULL || column->aggfn >= FirstNormalObjectId)
		return PRISMIQ_PART_NONE;
	return part_of(column->aggregation, column->ref->basetype, column->output.type);
}

/* Which aggregation an aggregate of an expression is; of others none is known. */
static PrismiqAggregation
aggregation_of(const PrismiqExpr *expr)
{
	static const struct
	{
		const char *name;
		PrismiqAggregation aggregation;
	}			known[] = {
		{.name = "sum", .aggregation = PRISMIQ_AGG_SUM},
		{.name = "sum_if", .aggregation = PRISMIQ_AGG_SUM},
		{.name = "avg", .aggregation = PRISMIQ_AGG_AVG},
		{.name = "avg_if", .aggregation = PRISMIQ_AGG_AVG},
		{.name = "min", .aggregation = PRISMIQ_AGG_MIN},
		{.name = "max", .aggregation = PRISMIQ_AGG_MAX},
		{.name = "count", .aggregation = PRISMIQ_AGG_COUNT},
		{.name = "count_if", .aggregation = PRISMIQ_AGG_COUNT},
	};
	int			i;

	for (i = 0; expr->name != NULL && i < lengthof(known); i++)
		if (strcmp(known[i].name, expr->name) == 0)
			return known[i].aggregation;
	return PRISMIQ_AGG_NONE;
}

/* Of an aggregate of an expression. */
PrismiqPart
prismiq_part_of_expr(const PrismiqExpr *expr)
{
	if (expr->distinct || expr->direct != NULL ||
		(expr->args != NIL && expr->function >= FirstNormalObjectId))
		return PRISMIQ_PART_NONE;
	return part_of(aggregation_of(expr), expr->args == NIL ? InvalidOid :
				   ((const PrismiqExpr *) linitial(expr->args))->type, expr->type);
}

/* ---- the parts, and what is made of them ---- */

/*
 * Let the table have a column more, which its definition makes as "column"; returns
 * how it is referred to.
 */
PrismiqColumnRef *
prismiq_grouped_column(PrismiqGrouped *grouped, PrismiqColumn *column, const char *name)
{
	PrismiqTable *table = grouped->table;
	PrismiqQuery *query = grouped->query;
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	PrismiqOutput *output = &column->output;

	output->column = column;
	output->name = name;
	query->columns = lappend(query->columns, column);
	query->answer = lappend(query->answer, output);
	output->place = column->place = list_length(query->columns);

	ref->table = table;
	ref->attnum = output->place;
	ref->column = ref->name = name;
	ref->type = output->type;
	ref->basetype = column->basetype;
	ref->typmod = output->typmod;
	ref->collation = output->collation;
	prismiq_column_keep(table, ref);
	table->used = bms_add_member(table->used, ref->attnum);
	return ref;
}

/* The same of a column that its rows are grouped by. */
PrismiqColumnRef *
prismiq_grouped_key(PrismiqGrouped *grouped, PrismiqColumnRef *ref)
{
	PrismiqColumn *column = palloc0(sizeof(PrismiqColumn));

	column->ref = ref;
	column->aggregation = PRISMIQ_AGG_NONE;
	column->basetype = ref->basetype;
	column->output.role = PRISMIQ_ROLE_DIMENSION;
	column->output.number = ++grouped->nkeys;
	column->output.type = ref->basetype;
	column->output.typmod = -1;
	column->output.collation = ref->collation;
	grouped->query->keys = lappend(grouped->query->keys, &column->output);
	return prismiq_grouped_column(grouped, column, psprintf("k%d", grouped->nkeys));
}

/* What makes the expressions of one measure. */
typedef struct Making
{
	PrismiqGrouped *grouped;
	const PrismiqColumn *column;
	PrismiqLower lower;
} Making;

/* A column of the branch's table, which its definition makes of a measure there. */
static PrismiqColumnRef *
add_part(Making *making, PrismiqColumn *part, Oid type, Oid collation)
{
	const PrismiqQuery *query = making->grouped->query;
	int			number = list_length(query->columns) + 1 - making->grouped->nkeys;

	part->row_once = NULL;
	part->instead = NULL;
	part->basetype = type;
	memset(&part->output, 0, sizeof(PrismiqOutput));
	part->output.role = PRISMIQ_ROLE_MEASURE;
	part->output.number = number;
	part->output.type = type;
	part->output.typmod = -1;
	part->output.collation = collation;
	return prismiq_grouped_column(making->grouped, part, psprintf("a%d", number));
}

/* An aggregate over a part. */
static PrismiqExpr *
over_part(Making *making, PrismiqAggregation aggregation, PrismiqColumnRef *ref)
{
	PrismiqExpr *value = prismiq_expr_make(&making->lower, PRISMIQ_EXPR_COLUMN, 0, ref->basetype,
										   NIL);
	PrismiqExpr *expr;
	Oid			type;
	Oid			function = prismiq_aggregate_find(aggregation, ref->basetype, &type);

	if (!OidIsValid(function))
		elog(ERROR, "there is no aggregate %d for type %u", (int) aggregation, ref->basetype);
	value->ref = ref;
	value->collation = ref->collation;
	value->tables = bms_make_singleton(ref->table->index);
	value->has_column = true;
	expr = prismiq_expr_make(&making->lower, PRISMIQ_EXPR_AGGREGATE, 0, type, list_make1(value));
	expr->function = function;
	expr->has_column = false;
	expr->has_aggregate = true;
	expr->ignores_duplicates = prismiq_aggregation_ignores_duplicates(aggregation);
	return expr;
}

/* The sum of counts, 0 of none. */
static PrismiqExpr *
sum_of_counts(Making *making, PrismiqColumnRef *ref)
{
	PrismiqLower *lower = &making->lower;
	PrismiqExpr *sum = prismiq_expr_cast(lower, over_part(making, PRISMIQ_AGG_SUM, ref), INT8OID);
	PrismiqExpr *zero = prismiq_expr_const(lower, 0, prismiq_const_make(INT8OID,
																		Int64GetDatum(0)));

	return prismiq_expr_make(lower, PRISMIQ_EXPR_COALESCE, 0, INT8OID, list_make2(sum, zero));
}

/* A sum by a count, both of parts; of no values the sum is null, and so is what comes of it. */
static PrismiqExpr *
average(Making *making, PrismiqColumnRef *sum, PrismiqColumnRef *count, Oid type)
{
	PrismiqLower *lower = &making->lower;
	PrismiqExpr *left = over_part(making, PRISMIQ_AGG_SUM, sum);
	PrismiqExpr *right = over_part(making, PRISMIQ_AGG_SUM, count);

	return prismiq_expr_operator(lower, 0, "/", prismiq_expr_cast(lower, left, type),
								 prismiq_expr_cast(lower, right, type));
}

/* A measure that is one aggregate of a column, over parts. */
static PrismiqExpr *
column_over_parts(Making *making)
{
	const PrismiqColumn *column = making->column;
	Oid			type = column->output.type;
	PrismiqColumn *part = palloc(sizeof(PrismiqColumn));
	PrismiqColumn *count;
	PrismiqColumnRef *ref;

	*part = *column;
	switch (prismiq_part_of_column(column))
	{
		case PRISMIQ_PART_COUNT:
			return sum_of_counts(making, add_part(making, part, INT8OID, InvalidOid));
		case PRISMIQ_PART_SUM:
			ref = add_part(making, part, type, InvalidOid);
			return prismiq_expr_cast(&making->lower, over_part(making, PRISMIQ_AGG_SUM, ref), type);
		case PRISMIQ_PART_SAME:
			ref = add_part(making, part, prismiq_base_type(type), column->output.collation);
			return over_part(making, column->aggregation, ref);
		case PRISMIQ_PART_AVERAGE:
			count = palloc(sizeof(PrismiqColumn));
			*count = *column;
			part->aggregation = PRISMIQ_AGG_SUM;
			part->aggfn = prismiq_aggregate_find(PRISMIQ_AGG_SUM, column->ref->basetype, &type);
			ref = add_part(making, part, type, InvalidOid);
			count->aggregation = PRISMIQ_AGG_COUNT;
			count->aggfn = F_COUNT_ANY;
			return average(making, ref, add_part(making, count, INT8OID, InvalidOid),
						   column->output.type);
		default:
			break;
	}
	elog(ERROR, "a measure of a branch cannot be made from parts");
}

/* A column of the branch's table for an aggregate of an expression. */
static PrismiqColumnRef *
add_expr_part(Making *making, const PrismiqExpr *aggregate, Oid function, Oid type)
{
	PrismiqColumn *part = palloc0(sizeof(PrismiqColumn));
	PrismiqExpr *expr = palloc(sizeof(PrismiqExpr));

	*expr = *aggregate;
	expr->row_once = NULL;
	expr->function = function;
	expr->type = type;
	part->path = making->column->path;
	part->aggregation = PRISMIQ_AGG_EXPRESSION;
	part->filters = making->column->filters;
	part->ref = palloc(sizeof(PrismiqColumnRef));
	*part->ref = *making->column->ref;
	part->ref->expr = expr;
	return add_part(making, part, type, expr->collation);
}

/* An aggregate of an expression, over parts. */
static PrismiqExpr *
aggregate_over_parts(Making *making, const PrismiqExpr *expr)
{
	PrismiqColumnRef *ref;
	PrismiqColumnRef *count;
	Oid			function;
	Oid			type;

	switch (prismiq_part_of_expr(expr))
	{
		case PRISMIQ_PART_COUNT:
			return sum_of_counts(making, add_expr_part(making, expr, expr->function, INT8OID));
		case PRISMIQ_PART_SUM:
			ref = add_expr_part(making, expr, expr->function, expr->type);
			return prismiq_expr_cast(&making->lower, over_part(making, PRISMIQ_AGG_SUM, ref),
									 expr->type);
		case PRISMIQ_PART_SAME:
			ref = add_expr_part(making, expr, expr->function, expr->type);
			return over_part(making, aggregation_of(expr), ref);
		case PRISMIQ_PART_AVERAGE:
			function = prismiq_aggregate_find(PRISMIQ_AGG_SUM, ((const PrismiqExpr *)
																linitial(expr->args))->type, &type);
			ref = add_expr_part(making, expr, function, type);
			count = add_expr_part(making, expr, F_COUNT_ANY, INT8OID);
			return average(making, ref, count, expr->type);
		default:
			break;
	}
	elog(ERROR, "an aggregate of a branch cannot be made from parts");
}

/* Is something of these tables the branch's to make? */
static bool
is_of_branch(const PrismiqBranch *branch, const Bitmapset *tables)
{
	return branch->whole || bms_overlap(tables, branch->tables);
}

/*
 * An expression with the aggregates of the branch made from parts; the same when
 * there is none.  Lowered trees are shared, so what changes is copied.
 */
static PrismiqExpr *
expr_over_parts(Making *making, PrismiqExpr *expr)
{
	PrismiqExpr *result = expr;
	List	   *args = NIL;
	bool		changed = false;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (expr->kind == PRISMIQ_EXPR_AGGREGATE)
		return is_of_branch(making->grouped->branch, expr->tables) ?
			aggregate_over_parts(making, expr) : expr;
	foreach(lc, expr->has_aggregate ? expr->args : NIL)
	{
		args = lappend(args, expr_over_parts(making, (PrismiqExpr *) lfirst(lc)));
		changed |= llast(args) != lfirst(lc);
	}
	if (changed)
	{
		result = palloc(sizeof(PrismiqExpr));
		*result = *expr;
		result->args = args;
	}
	return result;
}

/*
 * Let a measure be made from what the branch's table has of it, if it is of the
 * branch at all.  Of several branches an expression may have parts of each.
 */
void
prismiq_measure_set_apart(PrismiqGrouped *grouped, PrismiqColumn *column)
{
	Making		making = {.grouped = grouped, .column = column, .lower = {.check = grouped->check}};
	PrismiqExpr *expr = column->instead != NULL ? column->instead : column->ref->expr;
	PrismiqExpr *result;

	if (PrismiqColumnIsDimension(column))
		return;
	if (column->aggregation == PRISMIQ_AGG_EXPRESSION)
	{
		result = expr_over_parts(&making, expr);
		if (result != expr)
			column->instead = result;
	}
	else if (column->instead == NULL &&
			 is_of_branch(grouped->branch, prismiq_ref_tables(column->ref)))
		column->instead = column_over_parts(&making);
}
