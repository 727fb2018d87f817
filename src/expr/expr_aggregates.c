/*-------------------------------------------------------------------------
 *
 * expr_aggregates.c
 *	  Aggregates within expressions.
 *
 * Each knows the tables that it refers to: they say what a join would make it
 * count more than once.  One that refers to none, count() above all, is of the
 * rows of the joined answer.  An aggregate of an aggregate is an error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/words.h"

/* Their names, ending with null. */
const char *const prismiq_expr_aggregates[] = {
	"sum", "avg", "count", "count_distinct", "min", "max", "median", "percentile",
	"sum_if", "count_if", "avg_if", "corr", NULL
};

/* Is it the name of an aggregate? */
bool
prismiq_expr_is_aggregate(const char *name)
{
	int			i;

	for (i = 0; prismiq_expr_aggregates[i] != NULL; i++)
		if (strcmp(prismiq_expr_aggregates[i], name) == 0)
			return true;
	return false;
}

/* Note that an aggregate has no meaning for a type. */
static PrismiqExpr *
no_aggregate(PrismiqLower *lower, const PrismiqExpr *written, Oid type)
{
	return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, written->position, NULL,
							  "cannot take %s of a value of type %s", written->name,
							  prismiq_type_name(type));
}

/*
 * An aggregate node over arguments (none: rows) and a condition (or null);
 * what stands in it is no longer a bare column.
 */
static PrismiqExpr *
make_aggregate(PrismiqLower *lower, PrismiqExpr *written, Oid type, List *args,
			   PrismiqExpr *filter)
{
	const PrismiqTable *home = lower->field->home;
	PrismiqExpr *all = prismiq_expr_make(lower, PRISMIQ_EXPR_AGGREGATE, written->position, type,
										 filter != NULL ? lappend(list_copy(args), filter) :
										 args);

	if (all == NULL)
		return NULL;
	all->args = args;
	all->filter = filter;
	all->has_column = false;
	all->has_aggregate = true;
	all->name = written->name;

	/* What looks at no column looks at the rows of the joins, a measure at those of its table. */
	if (home != NULL && all->tables == NULL)
		all->tables = bms_make_singleton(home->index);
	return all;
}

/* sum, avg, min, max, count, count_distinct of an argument. */
static PrismiqExpr *
plain_aggregate(PrismiqLower *lower, PrismiqExpr *written, PrismiqAggregation aggregation,
				PrismiqExpr *arg, PrismiqExpr *filter)
{
	PrismiqExpr *expr;
	Oid			function;
	Oid			type;

	if ((aggregation == PRISMIQ_AGG_SUM || aggregation == PRISMIQ_AGG_AVG) &&
		arg->type == UNKNOWNOID)
		arg = prismiq_expr_to_number(lower, arg);
	arg = prismiq_expr_settle(lower, arg);
	if (arg == NULL)
		return NULL;
	function = prismiq_aggregate_find(aggregation, arg->type, &type);
	if (!OidIsValid(function) ||
		(aggregation == PRISMIQ_AGG_COUNT_DISTINCT && !prismiq_type_is_groupable(arg->type)))
		return no_aggregate(lower, written, arg->type);
	expr = make_aggregate(lower, written, type, list_make1(arg), filter);
	if (expr == NULL)
		return NULL;
	expr->function = function;
	expr->distinct = aggregation == PRISMIQ_AGG_COUNT_DISTINCT;
	expr->ignores_duplicates = prismiq_aggregation_ignores_duplicates(aggregation);
	return expr;
}

/* median(x), percentile(x, fraction): interpolated where the type has a middle. */
static PrismiqExpr *
lower_percentile(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *arg = prismiq_expr_settle(lower, (PrismiqExpr *) linitial(args));
	PrismiqExpr *fraction = NULL;
	PrismiqExpr *expr;
	Oid			function = F_PERCENTILE_DISC_FLOAT8_ANYELEMENT;
	double		value = 0.5;

	if (arg == NULL)
		return NULL;
	if (list_length(args) > 1)
	{
		fraction = prismiq_expr_cast(lower, prismiq_expr_to_number(lower, lsecond(args)),
									 FLOAT8OID);
		if (fraction == NULL)
			return NULL;
		value = fraction->kind == PRISMIQ_EXPR_CONST && !fraction->value->isnull ?
			DatumGetFloat8(fraction->value->value) : -1;
		if (!(value >= 0 && value <= 1))
			return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, fraction->position,
									  "Example: percentile([amount], 0.95).",
									  "expected a number from 0 to 1");
	}
	if (prismiq_number_rank(arg->type) > 0)
	{
		arg = prismiq_expr_cast(lower, arg, FLOAT8OID);
		function = F_PERCENTILE_CONT_FLOAT8_FLOAT8;
	}
	else if (arg->type == INTERVALOID)
		function = F_PERCENTILE_CONT_FLOAT8_INTERVAL;
	else if (!prismiq_type_is_groupable(arg->type))
		return no_aggregate(lower, written, arg->type);
	expr = make_aggregate(lower, written, arg->type, list_make1(arg), NULL);
	if (expr == NULL)
		return NULL;
	expr->function = function;
	expr->direct = prismiq_expr_const(lower, written->position,
									  prismiq_const_make(FLOAT8OID, Float8GetDatum(value)));
	return expr;
}

/* sum_if, avg_if: a value and a condition, in either order; count_if a condition. */
static PrismiqExpr *
lower_conditional(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	bool		counts = strcmp(written->name, "count_if") == 0;
	PrismiqExpr *value = counts ? NULL : (PrismiqExpr *) linitial(args);
	PrismiqExpr *condition = counts ? (PrismiqExpr *) linitial(args) : lsecond(args);

	if (!counts && value->type == BOOLOID && condition->type != BOOLOID)
	{
		condition = value;
		value = (PrismiqExpr *) lsecond(args);
	}
	if (condition->type != BOOLOID)
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, condition->position, NULL,
								  "%s() needs a condition,", written->name);
	if (counts)
		return make_aggregate(lower, written, INT8OID, NIL, condition);
	return plain_aggregate(lower, written, strcmp(written->name, "sum_if") == 0 ?
						   PRISMIQ_AGG_SUM : PRISMIQ_AGG_AVG, value, condition);
}

/* corr(x, y): of pairs of numbers, where both are known. */
static PrismiqExpr *
lower_correlation(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	List	   *numbers = NIL;
	PrismiqExpr *expr;
	ListCell   *lc;

	foreach(lc, args)
		numbers = lappend(numbers, prismiq_expr_cast(lower,
													 prismiq_expr_to_number(lower, lfirst(lc)),
													 FLOAT8OID));
	expr = make_aggregate(lower, written, FLOAT8OID, numbers, NULL);
	if (expr != NULL)
		expr->function = F_CORR;
	return expr;
}

/* An aggregate's arguments are all right: make it. */
static PrismiqExpr *
lower_arguments(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	static const struct
	{
		const char *name;
		PrismiqAggregation aggregation;
	}			plain[] = {
		{.name = "sum", .aggregation = PRISMIQ_AGG_SUM},
		{.name = "avg", .aggregation = PRISMIQ_AGG_AVG},
		{.name = "min", .aggregation = PRISMIQ_AGG_MIN},
		{.name = "max", .aggregation = PRISMIQ_AGG_MAX},
		{.name = "count", .aggregation = PRISMIQ_AGG_COUNT},
		{.name = "count_distinct", .aggregation = PRISMIQ_AGG_COUNT_DISTINCT},
	};
	int			i;

	if (args == NIL)
		return make_aggregate(lower, written, INT8OID, NIL, NULL);
	for (i = 0; i < lengthof(plain); i++)
		if (strcmp(plain[i].name, written->name) == 0)
			return plain_aggregate(lower, written, plain[i].aggregation,
								   (PrismiqExpr *) linitial(args), NULL);
	if (strcmp(written->name, "median") == 0 || strcmp(written->name, "percentile") == 0)
		return lower_percentile(lower, written, args);
	if (strcmp(written->name, "corr") == 0)
		return lower_correlation(lower, written, args);
	return lower_conditional(lower, written, args);
}

/* sum(x), count(), sum_if(x, condition): of the rows of the field that it stands in. */
PrismiqExpr *
prismiq_lower_aggregate(PrismiqLower *lower, PrismiqExpr *written)
{
	const char *name = written->name;
	int			count = list_length(written->args);
	int			wanted = strcmp(name, "percentile") == 0 || strcmp(name, "sum_if") == 0 ||
		strcmp(name, "avg_if") == 0 || strcmp(name, "corr") == 0 ? 2 : 1;
	List	   *args;
	ListCell   *lc;

	if (lower->aggregate != NULL)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "%s() cannot stand inside %s()", name, lower->aggregate);
	if (lower->field->over)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position,
								  "Name a column of the answer that has it.",
								  "%s() cannot be taken over windows", name);
	if (count != wanted && !(count == 0 && strcmp(name, "count") == 0))
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "%s() takes %d argument%s, found %d,", name, wanted,
								  wanted == 1 ? "" : "s", count);
	lower->aggregate = name;
	args = prismiq_lower_list(lower, written->args);
	lower->aggregate = NULL;
	foreach(lc, args)
		if (lfirst(lc) == NULL)
			return NULL;
	return lower_arguments(lower, written, args);
}
