/*-------------------------------------------------------------------------
 *
 * totals.c
 *	  Subtotals: which columns are rolled up, and how.
 *
 * The twin of compile/compile_totals.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "stage/stage.h"

/* The most arguments that GROUPING() takes. */
#define MAX_GROUPING 31

/*
 * Levels that grouping sets do not serve are a SELECT each, with all columns of
 * the answer: this many columns are printed, planned and made ready at most,
 * since nothing can interrupt that.
 */
#define MAX_SEPARATE_COLUMNS 10000

/* The column that tells the level is part of the answer. */
void
prismiq_check_totals_begin(PrismiqQuery *query)
{
	PrismiqTotals *totals = query->totals;

	if (totals == NULL)
		return;
	totals->level = prismiq_output_add(query, PRISMIQ_ROLE_LEVEL, "_level", 0);
	totals->level->type = INT4OID;
	query->staged = true;
}

/*
 * Does a rolled column come from the same column as another that is grouped by?
 * Then GROUPING() cannot tell them.
 */
static bool
has_twins(const PrismiqQuery *query)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, query->totals->rolled)
	{
		const PrismiqOutput *one = (const PrismiqOutput *) lfirst(lc);

		foreach(lc2, query->keys)
		{
			const PrismiqOutput *other = (const PrismiqOutput *) lfirst(lc2);

			if (one != other && one->role == PRISMIQ_ROLE_DIMENSION &&
				other->role == PRISMIQ_ROLE_DIMENSION &&
				prismiq_same_column(one->column->ref, other->column->ref))
				return true;
		}
	}
	return false;
}

/* totals; the columns and what is grouped by are checked. */
void
prismiq_check_totals(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTotals *totals = query->totals;
	ListCell   *lc;

	if (totals == NULL)
		return;
	if (!query->grouped && prismiq_columns_are_known(query))
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, totals->path,
						  "Give at least one column an aggregation.",
						  "totals need an aggregated column");
	foreach(lc, query->answer)
		if (totals->all && prismiq_output_is_key((const PrismiqOutput *) lfirst(lc)))
			totals->rolled = lappend(totals->rolled, lfirst(lc));
	foreach(lc, totals->aliases)
	{
		PrismiqAlias *alias = (PrismiqAlias *) lfirst(lc);

		alias->output = prismiq_output_find(check, alias->name, alias->path);
		if (alias->output == NULL)
			continue;
		if (!prismiq_output_is_key(alias->output))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, alias->path, NULL,
							  "\"%s\" is not grouped by, so it cannot be rolled up",
							  alias->name);
		else
			totals->rolled = list_append_unique_ptr(totals->rolled, alias->output);
	}
	totals->plus = prismiq_builtin_operator("+", INT4OID, INT4OID);
	totals->separate = has_twins(query) || list_length(totals->rolled) > MAX_GROUPING;
	if (totals->separate && (int64) (list_length(totals->rolled) + 1) *
		list_length(query->answer) > MAX_SEPARATE_COLUMNS)
		prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, totals->path,
						  "List fewer columns in \"totals\".",
						  "too many columns are rolled up");
}

/* Is one of a row's repetitions another one in the groups of a level above? */
static bool
flags_differ(const PrismiqQuery *query)
{
	List	   *refs = list_copy(query->group_extra);
	ListCell   *lc;
	ListCell   *lc2;

	if (PrismiqHasBuckets(query))
		refs = lappend(refs, query->time_series->ref);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			refs = lappend(refs, column->ref);
	}
	foreach(lc, query->row_once)
		foreach(lc2, refs)
		{
			const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc2);

			CHECK_FOR_INTERRUPTS();
			if (ref->ranked || !bms_is_subset(prismiq_ref_tables(ref),
											  ((const PrismiqRowOnce *) lfirst(lc))->fixed))
				return true;
		}
	return false;
}

/* What the joins repeat is known. */
void
prismiq_check_totals_end(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;

	if (query->totals != NULL && flags_differ(query))
		query->totals->separate = true;
}
