/*-------------------------------------------------------------------------
 *
 * labels.c
 *	  What the columns of the answer are called for people: never twice the
 *	  same.
 *
 * A label is of a table's column, and the answer may have that column several
 * times: under several aggregates, beside the period before, in a column for
 * each value of a pivot.  What stands for a column without a label is its name,
 * so labels differ from those names too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/names.h"
#include "model/answer.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/words.h"
#include "stage/stage.h"

/* What an aggregate makes of the column, in words. */
static const char *const aggregation_words[] = {
	[PRISMIQ_AGG_SUM] = "sum",
	[PRISMIQ_AGG_AVG] = "average",
	[PRISMIQ_AGG_COUNT] = "number",
	[PRISMIQ_AGG_COUNT_DISTINCT] = "number of different values",
	[PRISMIQ_AGG_MIN] = "minimum",
	[PRISMIQ_AGG_MAX] = "maximum",
	[PRISMIQ_AGG_MEDIAN] = "median",
	[PRISMIQ_AGG_PERCENTILE] = "percentile",
	[PRISMIQ_AGG_STDDEV] = "standard deviation",
	[PRISMIQ_AGG_VARIANCE] = "variance",
	[PRISMIQ_AGG_CORR] = "correlation",
	[PRISMIQ_AGG_MODE] = "most frequent",
	[PRISMIQ_AGG_FIRST] = "first",
	[PRISMIQ_AGG_LAST] = "last",
	[PRISMIQ_AGG_BOOL_AND] = "all",
	[PRISMIQ_AGG_BOOL_OR] = "any",
	[PRISMIQ_AGG_STRING_AGG] = "list",
	[PRISMIQ_AGG_ARRAY_AGG] = "list",
	[PRISMIQ_AGG_APPROX_COUNT_DISTINCT] = "number of different values",
};

/* The words of an aggregate, or null. */
static const char *
words_of(PrismiqAggregation aggregation)
{
	return (int) aggregation < (int) lengthof(aggregation_words) ?
		aggregation_words[aggregation] : NULL;
}

/* What a column of the answer is called: by its label, else by its name. */
static const char *
called(const PrismiqOutput *output)
{
	return output->hints.display_name != NULL ? output->hints.display_name : output->name;
}

/* How often each is called so: the table's entries count. */
static PrismiqNames
count_labels(const PrismiqQuery *query)
{
	PrismiqNames labels = {0};
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		PrismiqName *label;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		if (output->name == NULL)
			continue;
		label = prismiq_names_add(&labels, called(output), &found);
		label->number = found ? label->number + 1 : 1;
	}
	return labels;
}

/* Aggregates of a column say which they are, where its label alone is not enough. */
static void
say_aggregates(PrismiqQuery *query)
{
	PrismiqNames labels = count_labels(query);
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		const PrismiqColumn *column = output->column;
		const char *words;

		if (output->name == NULL || output->hints.display_name == NULL || column == NULL ||
			column->hints.display_name != NULL ||
			prismiq_names_find(&labels, output->hints.display_name)->number < 2)
			continue;
		words = words_of(column->aggregation);
		if (words != NULL)
			output->hints.display_name = psprintf("%s (%s)", output->hints.display_name, words);
	}
}

/* The label of what stands beside a measure, where that has one. */
static void
say_beside(PrismiqOutput *output, const PrismiqOutput *measure, const char *words)
{
	if (output != NULL && measure->hints.display_name != NULL)
		output->hints.display_name = psprintf("%s, %s", measure->hints.display_name, words);
}

/* The period that measures are compared with, in words. */
const char *
prismiq_compare_words(const PrismiqCompare *compare)
{
	static const char *const periods[] = {
		[PRISMIQ_COMPARE_PERIOD] = "previous period",
		[PRISMIQ_COMPARE_WEEK] = "previous week",
		[PRISMIQ_COMPARE_MONTH] = "previous month",
		[PRISMIQ_COMPARE_YEAR] = "previous year",
	};

	if (compare->period != PRISMIQ_COMPARE_OFFSET)
		return periods[compare->period];
	return compare->offset != NULL && compare->offset->text != NULL ?
		psprintf("%s before", compare->offset->text) : "before";
}

/* What measures are compared with, and by how much they changed. */
static void
say_comparisons(const PrismiqCompare *compare)
{
	const char *before = prismiq_compare_words(compare);
	ListCell   *lc;

	foreach(lc, compare->comparisons)
	{
		const PrismiqComparison *comparison = (const PrismiqComparison *) lfirst(lc);

		say_beside(comparison->previous, comparison->measure, before);
		say_beside(comparison->change, comparison->measure, "change");
		say_beside(comparison->percent, comparison->measure, "change in percent");
	}
}

/* What is still called like another one gets a number. */
static void
number_labels(PrismiqQuery *query)
{
	PrismiqNames labels = count_labels(query);
	PrismiqNames taken = {0};
	ListCell   *lc;
	bool		found;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		if (output->name != NULL && output->hints.display_name == NULL)
			(void) prismiq_names_add(&taken, output->name, &found);
	}
	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		const char *label = output->hints.display_name;
		PrismiqName *name;
		int			number;

		CHECK_FOR_INTERRUPTS();
		if (output->name == NULL || label == NULL)
			continue;
		(void) prismiq_names_add(&taken, label, &found);
		if (!found)
			continue;

		/* The next number of this label; another column may be called so. */
		name = prismiq_names_find(&labels, label);
		number = Max((int) (intptr_t) name->value, 1);
		label = prismiq_names_number(&taken, label, &number);
		name->value = (void *) (intptr_t) number;
		output->hints.display_name = label;
	}
}

/* Labels of the answer, once it has all its columns. */
void
prismiq_check_labels(PrismiqQuery *query)
{
	bool		labelled = false;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		labelled |= output->hints.display_name != NULL;

		/* Its measure is what all of them show: the value tells them apart. */
		if (output->role == PRISMIQ_ROLE_CELL && output->hints.display_name != NULL)
			output->hints.display_name = output->name;
	}
	if (!labelled)
		return;
	say_aggregates(query);
	if (query->compare != NULL)
		say_comparisons(query->compare);
	number_labels(query);
}
