/*-------------------------------------------------------------------------
 *
 * groups.c
 *	  The values of a column of an answer, largest total first, and which of them
 *	  are the rest.
 *
 * What is left over is "Other".  It is never made of what does not add up: sums
 * and counts are added, the least and the greatest found again.  Of all other
 * measures the database is asked anew, with "top": of those that a row counts in
 * once for each of several groups, and where empty buckets are filled with what
 * would change the result, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/edit.h"
#include "base/fault.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/words.h"
#include "show/groups.h"
#include "show/show.h"

/* The distinct values of a column, or of none: one that every row has. */
void
prismiq_groups_find(PrismiqGroups *groups, const PrismiqShown *shown, int column)
{
	PrismiqNames names = {0};
	int64		row;

	memset(groups, 0, sizeof(PrismiqGroups));
	groups->column = column;
	groups->of = palloc(sizeof(int) * Max(shown->rows->count, 1));
	groups->groups = palloc(sizeof(PrismiqShownGroup) * Max(shown->rows->count, 1));
	for (row = 0; row < shown->rows->count; row++)
	{
		char	   *plain = prismiq_show_plain(shown, row, column);
		PrismiqShownGroup *group;
		PrismiqName *name;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		groups->of[row] = -1;
		if (!prismiq_show_is_detail(shown, row))
			continue;
		name = prismiq_names_add(&names, plain == NULL ? "" : psprintf("=%s", plain), &found);
		if (!found)
		{
			name->number = groups->count++;
			group = &groups->groups[name->number];
			memset(group, 0, sizeof(PrismiqShownGroup));
			group->number = name->number;
			group->row = row;
			group->name = plain;
		}
		groups->groups[name->number].nrows++;
		groups->of[row] = name->number;
	}
}

/* What a value is called: by the config's labels, else as people read it. */
const char *
prismiq_groups_label(const PrismiqShow *show, const PrismiqShown *shown,
					 const PrismiqGroups *groups, const PrismiqShownGroup *group)
{
	const char *label = group->name == NULL ? NULL :
		prismiq_json_text(json_object_get(show->widget->config, "labels"), group->name);

	if (label != NULL)
		return label;
	return prismiq_show_named_value(shown, group->row, groups->column);
}

/* What the rest is called: "Other", with a number where a value is called so. */
const char *
prismiq_groups_rest(const PrismiqGroups *groups)
{
	const char *name = "Other";
	int			number = 1;
	int			i;

	for (i = 0; i < groups->count; i++)
		if (groups->groups[i].name != NULL && strcmp(groups->groups[i].name, name) == 0)
		{
			name = psprintf("Other (%d)", ++number);
			i = -1;
		}
	return name;
}

/* Add a number to a sum that may not have begun. */
static void
add_number(Numeric *sum, Numeric number)
{
	*sum = *sum == NULL ? number :
		DatumGetNumeric(DirectFunctionCall2(numeric_add, NumericGetDatum(*sum),
											NumericGetDatum(number)));
}

/* Larger totals first, then those that came first; those without a number last. */
static int
compare_groups(const void *a, const void *b)
{
	const PrismiqShownGroup *left = (const PrismiqShownGroup *) a;
	const PrismiqShownGroup *right = (const PrismiqShownGroup *) b;
	bool		left_known = left->total != NULL && !numeric_is_nan(left->total);
	bool		right_known = right->total != NULL && !numeric_is_nan(right->total);
	int			result = 0;

	if (left_known && right_known)
		result = DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(right->total),
												   NumericGetDatum(left->total)));
	else if (left_known != right_known)
		result = left_known ? -1 : 1;
	return result != 0 ? result : left->number - right->number;
}

/* Tell the rows the new places of their groups. */
static void
place_rows(PrismiqGroups *groups, const PrismiqShown *shown)
{
	int		   *places = palloc(sizeof(int) * Max(groups->count, 1));
	int64		row;
	int			i;

	for (i = 0; i < groups->count; i++)
		places[groups->groups[i].number] = i;
	for (row = 0; row < shown->rows->count; row++)
		if (groups->of[row] >= 0)
			groups->of[row] = places[groups->of[row]];
}

/*
 * Order the groups by the totals of a measure, each made of those of its rows;
 * those from the "most"-th on are the rest.
 */
void
prismiq_groups_rank(PrismiqGroups *groups, const PrismiqShown *shown, int measure,
					PrismiqFold fold, int64 most)
{
	Numeric		number;
	int64		row;

	for (row = 0; row < shown->rows->count; row++)
		if (groups->of[row] >= 0 && prismiq_show_number(shown, row, measure, &number))
			prismiq_fold(fold, &groups->groups[groups->of[row]].total, number);
	qsort(groups->groups, groups->count, sizeof(PrismiqShownGroup), compare_groups);
	place_rows(groups, shown);
	groups->kept = (int) Min(most, groups->count);
}

/* By their value, a number or else a text that sorts as what it stands for; none is last. */
static int
compare_values(const void *a, const void *b)
{
	const PrismiqShownGroup *left = (const PrismiqShownGroup *) a;
	const PrismiqShownGroup *right = (const PrismiqShownGroup *) b;

	if (left->name == NULL || right->name == NULL)
		return (left->name == NULL) - (right->name == NULL);
	if (left->total != NULL && right->total != NULL)
		return DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(left->total),
												 NumericGetDatum(right->total)));
	return strcmp(left->name, right->name);
}

/* Is each of them before the next, or each behind it? */
static bool
values_have_order(const PrismiqGroups *groups)
{
	int			up = 0;
	int			down = 0;
	int			i;

	for (i = 1; i < groups->count; i++)
	{
		if (compare_values(&groups->groups[i - 1], &groups->groups[i]) < 0)
			up++;
		else
			down++;
	}
	return up == 0 || down == 0;
}

/*
 * Order groups that are numbers or times by what they are, as an axis has them,
 * unless the rows have them in such an order already, whichever way it goes.
 */
void
prismiq_groups_by_value(PrismiqGroups *groups, const PrismiqShown *shown)
{
	const PrismiqShownColumn *column;
	int			i;

	if (groups->column < 0)
		return;
	column = &shown->columns[groups->column];
	if (!column->is_number && !column->is_time)
		return;
	for (i = 0; column->is_number && i < groups->count; i++)
		prismiq_show_number(shown, groups->groups[i].row, groups->column,
							&groups->groups[i].total);
	if (values_have_order(groups))
		return;
	qsort(groups->groups, groups->count, sizeof(PrismiqShownGroup), compare_values);
	place_rows(groups, shown);
}

/* Can what empty buckets were filled with be taken for values?  A zero adds nothing. */
static bool
fill_is_harmless(const PrismiqTimeSeries *series, PrismiqFold fold)
{
	return series == NULL || !series->filled || series->fill == PRISMIQ_FILL_NULL ||
		(fold == PRISMIQ_FOLD_SUM && series->fill == PRISMIQ_FILL_VALUE &&
		 series->fill_value == NULL);
}

/* How a measure of several groups would be made of theirs, but for what is filled. */
static PrismiqFold
fold_of_rows(const PrismiqShown *shown, int measure)
{
	const PrismiqOutput *output = measure < 0 ? NULL : shown->columns[measure].output;

	if (output == NULL || output->role != PRISMIQ_ROLE_MEASURE || output->column == NULL ||
		output->column->distinct || !shown->columns[measure].is_number ||
		output->column->repeated)	/* a row may be in several groups */
		return PRISMIQ_FOLD_NONE;
	switch (output->column->aggregation)
	{
		case PRISMIQ_AGG_SUM:
		case PRISMIQ_AGG_COUNT:
			return PRISMIQ_FOLD_SUM;
		case PRISMIQ_AGG_MIN:
			return PRISMIQ_FOLD_LEAST;
		case PRISMIQ_AGG_MAX:
			return PRISMIQ_FOLD_GREATEST;
		default:
			return PRISMIQ_FOLD_NONE;
	}
}

/* How a measure of several groups is made of theirs. */
PrismiqFold
prismiq_fold_of(const PrismiqShown *shown, int measure)
{
	PrismiqFold fold = fold_of_rows(shown, measure);

	return fill_is_harmless(shown->query->time_series, fold) ? fold : PRISMIQ_FOLD_NONE;
}

/* Take one more value into what is made of several; null stays what it is. */
void
prismiq_fold(PrismiqFold fold, Numeric *result, Numeric number)
{
	if (fold == PRISMIQ_FOLD_SUM || *result == NULL)
		add_number(result, number);
	else if (DatumGetBool(DirectFunctionCall2(fold == PRISMIQ_FOLD_LEAST ? numeric_lt : numeric_gt,
											  NumericGetDatum(number),
											  NumericGetDatum(*result))))
		*result = number;
}

/*
 * The same answer with the "most" largest groups by a measure and the rest in one
 * row, "Other", as the database makes it; null where it cannot.
 */
const PrismiqShown *
prismiq_groups_ask(PrismiqShow *show, const PrismiqGroups *groups, int measure, int64 most)
{
	const PrismiqShown *shown = show->shown;
	StringInfoData members;
	int			i;

	/* "Other" is to be no value of the column's, nor may more than it be grouped by. */
	if (show->ask == NULL || measure < 0 || shown->query->top != NULL)
		return NULL;
	for (i = 0; i < groups->count; i++)
		if (groups->groups[i].name != NULL && strcmp(groups->groups[i].name, "Other") == 0)
			return NULL;
	for (i = 0; i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != groups->column)
			return NULL;
	initStringInfo(&members);
	prismiq_write_open(&members, '{');
	prismiq_write_key(&members, "top");
	prismiq_write_open(&members, '{');
	prismiq_write_key(&members, "n");
	prismiq_write_integer(&members, most);
	prismiq_write_key(&members, "by");
	prismiq_write_text(&members, shown->columns[measure].output->name);
	prismiq_write_close(&members, '}');
	prismiq_write_close(&members, '}');
	return show->ask(show->arg, prismiq_jsonb_from_text(members.data));
}

/* Put the group that is called so behind all others. */
void
prismiq_groups_put_last(PrismiqGroups *groups, const PrismiqShown *shown, const char *name)
{
	PrismiqShownGroup last;
	int			place;
	int			i;
	int64		row;

	for (place = 0; place < groups->count; place++)
		if (groups->groups[place].name != NULL && strcmp(groups->groups[place].name, name) == 0)
			break;
	if (place >= groups->count)
		return;
	last = groups->groups[place];
	for (i = place; i < groups->count - 1; i++)
		groups->groups[i] = groups->groups[i + 1];
	groups->groups[groups->count - 1] = last;
	for (row = 0; row < shown->rows->count; row++)
		if (groups->of[row] == place)
			groups->of[row] = groups->count - 1;
		else if (groups->of[row] > place)
			groups->of[row]--;
}
