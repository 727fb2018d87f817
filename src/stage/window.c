/*-------------------------------------------------------------------------
 *
 * window.c
 *	  The safety walker over windows and qualify.
 *
 * The twin of compile/compile_window.c.  A window is computed over the grouped
 * (and filled) rows, whose columns are those of the answer; its result is a
 * column of the answer too.  Every choice that a definition leaves open is
 * made here, so that the rows' order inside a window is always a total one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/answer.h"
#include "model/field.h"
#include "model/known_keys.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/window.h"
#include "model/words.h"
#include "stage/stage.h"

/*
 * The most windows.  Each may be a node of the plan of its own, and planning
 * takes the time of their number cubed, in which nothing can interrupt it.
 */
#define MAX_WINDOWS 400

/* What a window function takes; what is not said is false. */
typedef struct FunctionRules
{
	bool		of;				/* needs "of" */
	bool		n;				/* takes "n" */
	bool		frame;			/* takes "frame" */
	bool		ordered;		/* needs an order */
	bool		ranking;		/* ordered by "of", largest first, by default */
	bool		ties;			/* rows that are equal in order get the same */
} FunctionRules;

static const FunctionRules rules[] = {
	[PRISMIQ_WINDOW_RUNNING_TOTAL] = {.of = true, .frame = true, .ordered = true},
	[PRISMIQ_WINDOW_MOVING_AVG] = {.of = true, .n = true, .frame = true, .ordered = true},
	[PRISMIQ_WINDOW_RANK] = {.ordered = true, .ranking = true, .ties = true},
	[PRISMIQ_WINDOW_DENSE_RANK] = {.ordered = true, .ranking = true, .ties = true},
	[PRISMIQ_WINDOW_ROW_NUMBER] = {.ordered = true, .ranking = true},
	[PRISMIQ_WINDOW_NTILE] = {.n = true, .ordered = true, .ranking = true},
	[PRISMIQ_WINDOW_LAG] = {.of = true, .n = true, .ordered = true},
	[PRISMIQ_WINDOW_LEAD] = {.of = true, .n = true, .ordered = true},
	[PRISMIQ_WINDOW_FIRST_VALUE] = {.of = true, .frame = true, .ordered = true},
	[PRISMIQ_WINDOW_LAST_VALUE] = {.of = true, .frame = true, .ordered = true},
	[PRISMIQ_WINDOW_PERCENT_OF_TOTAL] = {.of = true},
	[PRISMIQ_WINDOW_DIFFERENCE] = {.of = true, .ordered = true},
	[PRISMIQ_WINDOW_PERCENT_CHANGE] = {.of = true, .ordered = true},
	[PRISMIQ_WINDOW_CUMULATIVE_PERCENT] = {.of = true, .ordered = true},
};

/* The calculated field over windows that a window names, in the answer or not; or null. */
static const PrismiqField *
find_over(PrismiqCheck *check, const char *name)
{
	const PrismiqName *known = prismiq_names_find(&check->query->answer_names, name);
	const PrismiqOutput *output = known != NULL ? (const PrismiqOutput *) known->value : NULL;
	const PrismiqField *field;

	if (output != NULL)
		return output->column != NULL ? output->column->over : NULL;
	field = prismiq_field_by_name(check, name);
	return field != NULL && field->over ? field : NULL;
}

/* The column of the answer that a window names; null and a fault when none. */
static PrismiqOutput *
find_answer(PrismiqCheck *check, const PrismiqWindow *window, const char *name,
			const PrismiqPath *path)
{
	static const char below[] = "Name a column that is not computed over windows.";
	const PrismiqField *field = find_over(check, name);
	PrismiqOutput *output = NULL;

	if (field != NULL && prismiq_field_is_over(field, window))
		prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_REFERENCE, path, below,
						  "\"%s\" is computed from window \"%s\" itself", name, window->alias);
	else if (field != NULL)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, path, below,
						  "\"%s\" is computed over windows itself", name);
	else
		output = prismiq_output_find(check, name, path);
	if (output != NULL && output->role == PRISMIQ_ROLE_WINDOW)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, path, NULL,
						  "\"%s\" is a window itself", name);
		return NULL;
	}
	return output != NULL && OidIsValid(output->type) ? output : NULL;
}

/* Note that a function does not go with the type of "of". */
static void
add_bad_type(PrismiqCheck *check, const PrismiqWindow *window)
{
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, window->of->path, NULL,
					  "cannot take %s of \"%s\" of type %s",
					  prismiq_window_names[window->function], window->of->name,
					  prismiq_type_name(window->of->output->type));
}

/* The aggregate that a window is made of; false after a fault. */
static bool
find_aggregate(PrismiqCheck *check, PrismiqWindow *window, PrismiqAggregation aggregation,
			   Oid type, Oid *result)
{
	window->function_oid = prismiq_aggregate_find(aggregation, type, result);
	window->function_arg = type;
	if (OidIsValid(window->function_oid))
		return true;
	add_bad_type(check, window);
	return false;
}

/* The function and the type of its result; invalid after a fault. */
static Oid
find_function(PrismiqCheck *check, PrismiqWindow *window)
{
	Oid			type = window->of == NULL ? InvalidOid :
		prismiq_base_type(window->of->output->type);
	Oid			result = InvalidOid;
	Oid			ignored;

	switch (window->function)
	{
		case PRISMIQ_WINDOW_RUNNING_TOTAL:
			(void) find_aggregate(check, window, PRISMIQ_AGG_SUM, type, &result);
			return result;
		case PRISMIQ_WINDOW_MOVING_AVG:
			(void) find_aggregate(check, window, PRISMIQ_AGG_AVG, type, &result);
			return result;
		case PRISMIQ_WINDOW_RANK:
			window->function_oid = F_RANK_;
			return INT8OID;
		case PRISMIQ_WINDOW_DENSE_RANK:
			window->function_oid = F_DENSE_RANK_;
			return INT8OID;
		case PRISMIQ_WINDOW_ROW_NUMBER:
			window->function_oid = F_ROW_NUMBER;
			return INT8OID;
		case PRISMIQ_WINDOW_NTILE:
			window->function_oid = F_NTILE;
			window->function_arg = INT4OID;
			return INT4OID;
		case PRISMIQ_WINDOW_LAG:
		case PRISMIQ_WINDOW_LEAD:
			window->function_oid = window->function == PRISMIQ_WINDOW_LAG ?
				F_LAG_ANYELEMENT_INT4 : F_LEAD_ANYELEMENT_INT4;
			window->function_arg = type;
			return window->of->output->type;
		case PRISMIQ_WINDOW_FIRST_VALUE:
		case PRISMIQ_WINDOW_LAST_VALUE:
			window->function_oid = window->function == PRISMIQ_WINDOW_FIRST_VALUE ?
				F_FIRST_VALUE : F_LAST_VALUE;
			window->function_arg = type;
			return window->of->output->type;
		case PRISMIQ_WINDOW_DIFFERENCE:
			window->arithmetic = prismiq_difference_find(type);
			window->function_oid = F_LAG_ANYELEMENT;
			break;
		case PRISMIQ_WINDOW_PERCENT_CHANGE:
			window->arithmetic = prismiq_arithmetic_find(type);
			window->function_oid = F_LAG_ANYELEMENT;
			break;
		case PRISMIQ_WINDOW_PERCENT_OF_TOTAL:
		case PRISMIQ_WINDOW_CUMULATIVE_PERCENT:
			window->arithmetic = prismiq_arithmetic_find(type);
			if (window->arithmetic != NULL)
				(void) find_aggregate(check, window, PRISMIQ_AGG_SUM, window->arithmetic->type,
									  &ignored);
			break;
	}
	if (window->arithmetic == NULL)
	{
		add_bad_type(check, window);
		return InvalidOid;
	}
	window->function_arg = window->arithmetic->type;
	return window->function == PRISMIQ_WINDOW_DIFFERENCE ? window->arithmetic->minus_type :
		window->arithmetic->type;
}

/* "of", "n" and "frame" against what the function takes; false after a fault. */
static bool
check_arguments(PrismiqCheck *check, PrismiqWindow *window)
{
	const FunctionRules *rule = &rules[window->function];
	const char *name = prismiq_window_names[window->function];
	bool		needs_n = window->function == PRISMIQ_WINDOW_NTILE ||
		(window->function == PRISMIQ_WINDOW_MOVING_AVG && window->frame == NULL);
	int			least = window->function == PRISMIQ_WINDOW_NTILE ||
		window->function == PRISMIQ_WINDOW_MOVING_AVG ? 1 : 0;
	bool		ok = true;

	if (window->of != NULL)
		ok = (window->of->output = find_answer(check, window, window->of->name,
											   window->of->path)) != NULL;
	else if (rule->of)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW,
						  prismiq_path_key(window->path, "of", prismiq_window_keys), NULL,
						  "window function \"%s\" needs \"of\"", name);
		ok = false;
	}
	if (window->n_path != NULL && (window->n >= 0 ? !rule->n || window->n < least : needs_n))
	{
		const char *reason = window->n < 0 ? "needs \"n\"" : rule->n ?
			"needs an \"n\" of at least 1" : "takes no \"n\"";

		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, window->n_path, NULL,
						  "window function \"%s\" %s", name, reason);
		ok = false;
	}
	if (window->frame != NULL && (!rule->frame || window->n >= 0))
	{
		const char *reason = rule->frame ? "\"n\" or \"frame\", not both" : "no \"frame\"";

		prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, window->frame_path, NULL,
						  "window function \"%s\" takes %s", name, reason);
		ok = false;
	}
	return ok;
}

/* A 64-bit constant, or null for all rows. */
static PrismiqConst *
frame_const(int64 rows)
{
	return rows < 0 ? NULL : prismiq_const_make(INT8OID, Int64GetDatum(rows));
}

/* The rows that the function looks at. */
static void
settle_frame(PrismiqWindow *window)
{
	PrismiqFrame frame = {-1, 0};
	int64		n = window->n;

	switch (window->function)
	{
		case PRISMIQ_WINDOW_MOVING_AVG:
			frame.preceding = n - 1;
			break;
		case PRISMIQ_WINDOW_FIRST_VALUE:
		case PRISMIQ_WINDOW_LAST_VALUE:
			frame.following = -1;
			break;
		case PRISMIQ_WINDOW_LAG:
		case PRISMIQ_WINDOW_LEAD:
			n = n < 0 ? 1 : n;
			break;
		default:
			break;
	}
	if (n >= 0)
		window->count = prismiq_const_make(INT4OID, Int32GetDatum((int32) n));
	window->framed = rules[window->function].frame ||
		window->function == PRISMIQ_WINDOW_CUMULATIVE_PERCENT;
	if (window->frame != NULL)
		frame = *window->frame;
	window->preceding = frame_const(frame.preceding);
	window->following = frame_const(frame.following);
}

/* Append to the order of a window; false after a fault. */
static bool
add_order(PrismiqCheck *check, PrismiqWindow *window, PrismiqOutput *output,
		  const PrismiqPath *path, bool descending, int nulls)
{
	PrismiqSortKey *key;

	if (!prismiq_check_sortable(check, output->type, PRISMIQ_INVALID_WINDOW, path))
		return false;
	key = palloc(sizeof(PrismiqSortKey));
	key->output = output;
	key->descending = descending;
	key->nulls = nulls;
	window->order = lappend(window->order, key);
	return true;
}

/*
 * The order that a definition leaves open: a ranking is by "of", largest
 * first; anything else follows the buckets of the series, else the order of
 * the answer's rows.
 */
static bool
default_order(PrismiqCheck *check, PrismiqWindow *window)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	if (rules[window->function].ranking && window->of != NULL)
		return add_order(check, window, window->of->output, window->of->path, true, 1);
	if (PrismiqHasBuckets(query))
		return add_order(check, window, (PrismiqOutput *) linitial(query->answer),
						 window->path, false, 0);
	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);
		PrismiqOutput *output;

		if (order->output == 0)
			continue;
		output = (PrismiqOutput *) list_nth(query->answer, order->output - 1);
		if (output->role != PRISMIQ_ROLE_WINDOW && output->role != PRISMIQ_ROLE_OVER &&
			!add_order(check, window, output, order->path, order->descending, order->nulls))
			return false;
	}
	if (window->order != NIL)
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW,
					  prismiq_path_key(window->path, "order_by", prismiq_window_keys),
					  "Say by what: [{\"alias\": ..., \"direction\": \"ASC\"}].",
					  "window function \"%s\" needs an order",
					  prismiq_window_names[window->function]);
	return false;
}

/* The order of the rows in a window; false after a fault. */
static bool
settle_order(PrismiqCheck *check, PrismiqWindow *window)
{
	bool		ok = true;
	ListCell   *lc;

	if (window->order_by == NIL)
		return !rules[window->function].ordered || default_order(check, window);
	foreach(lc, window->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);
		PrismiqOutput *output = find_answer(check, window, order->alias,
											order->alias_path);

		ok = output != NULL && add_order(check, window, output, order->alias_path,
										 order->descending, order->nulls) && ok;
	}
	return ok;
}

/* Is a column in the order of a window? */
static bool
is_ordered_by(const PrismiqWindow *window, const PrismiqOutput *output)
{
	ListCell   *lc;

	foreach(lc, window->order)
		if (((PrismiqSortKey *) lfirst(lc))->output == output)
			return true;
	return false;
}

/*
 * The partition: as written; else, where the rows follow the buckets of a
 * series, one for each of its other group columns, so that one line is never
 * added to another; else all rows.
 */
static bool
settle_partition(PrismiqCheck *check, PrismiqWindow *window)
{
	PrismiqQuery *query = check->query;
	bool		ok = true;
	ListCell   *lc;

	foreach(lc, window->partition_by)
	{
		PrismiqAlias *alias = (PrismiqAlias *) lfirst(lc);
		PrismiqOutput *output = find_answer(check, window, alias->name, alias->path);

		if (output != NULL && !prismiq_type_is_groupable(prismiq_base_type(output->type)))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_WINDOW, alias->path, NULL,
							  "rows cannot be partitioned by values of type %s",
							  prismiq_type_name(output->type));
		ok = output != NULL && ok;
		window->partition = lappend(window->partition, output);
	}
	if (!ok || window->has_partition || window->order == NIL ||
		((PrismiqSortKey *) linitial(window->order))->output->role != PRISMIQ_ROLE_TIME)
		return ok;
	foreach(lc, query->keys)
	{
		PrismiqOutput *key = (PrismiqOutput *) lfirst(lc);

		/* of plain rows, what is not shown only tells them apart */
		if (!is_ordered_by(window, key) &&
			(query->grouped || key->role != PRISMIQ_ROLE_EXTRA))
			window->partition = lappend(window->partition, key);
	}
	return true;
}

/* Rows that are equal in order are told apart by what they are grouped by. */
static void
break_ties(PrismiqCheck *check, PrismiqWindow *window)
{
	ListCell   *lc;

	if (window->order == NIL || rules[window->function].ties)
		return;
	foreach(lc, check->query->keys)
	{
		PrismiqOutput *key = (PrismiqOutput *) lfirst(lc);

		if (!is_ordered_by(window, key) && !list_member_ptr(window->partition, key) &&
			prismiq_type_is_groupable(prismiq_base_type(key->type)))
			(void) add_order(check, window, key, window->path, false, 0);
	}
}

/* Check one window; its result is in the answer already, without a type. */
static void
check_window(PrismiqCheck *check, PrismiqWindow *window)
{
	bool		ok = check_arguments(check, window);
	Oid			type = InvalidOid;

	/* The rest is looked at even so: all faults at once. */
	if (ok)
		type = find_function(check, window);
	if (ok || window->order_by != NIL)
		ok = settle_order(check, window) && ok;
	ok = settle_partition(check, window) && ok;
	if (!ok || !OidIsValid(type))
		return;
	break_ties(check, window);
	settle_frame(window);
	window->output->type = type;
	if (window->of != NULL && type == window->of->output->type)
	{
		window->output->typmod = window->of->output->typmod;
		window->output->collation = window->of->output->collation;
	}
}

/* The results of windows as columns of the answer. */
void
prismiq_check_windows_begin(PrismiqQuery *query)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, query->windows)
	{
		PrismiqWindow *window = (PrismiqWindow *) lfirst(lc);

		window->output = prismiq_output_add(query, PRISMIQ_ROLE_WINDOW, window->alias,
											++number);
	}
	if (query->windows != NIL || query->qualify != NULL)
		query->staged = true;
}

/* windows and qualify; the answer's columns have their names and types. */
void
prismiq_check_windows(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->windows)
	{
		PrismiqWindow *window = (PrismiqWindow *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (foreach_current_index(lc) == MAX_WINDOWS)
		{
			prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, window->path, NULL,
							  "a definition has at most %d windows", MAX_WINDOWS);
			break;
		}
		check_window(check, window);
	}
}
