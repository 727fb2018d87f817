/*-------------------------------------------------------------------------
 *
 * show_labels.c
 *	  What the columns of a widget's answer are called for people.
 *
 * The config's own label comes first; else a column is called as the
 * configuration or the model calls it, with its aggregation in words ("Average
 * delay", "Number of flights"), and what stands beside a measure by that measure
 * ("Average delay, previous year").  No two columns are called the same: their
 * aliases tell them apart where they have any, else numbers do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/describe.h"
#include "base/fault.h"
#include "base/names.h"
#include "model/config.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "show/show.h"
#include "stage/stage.h"

/* What an aggregate makes of a thing, in words. */
static const char *const aggregation_labels[] = {
	[PRISMIQ_AGG_SUM] = "Sum of",
	[PRISMIQ_AGG_AVG] = "Average",
	[PRISMIQ_AGG_COUNT] = "Number of",
	[PRISMIQ_AGG_COUNT_DISTINCT] = "Number of different",
	[PRISMIQ_AGG_MIN] = "Minimum",
	[PRISMIQ_AGG_MAX] = "Maximum",
	[PRISMIQ_AGG_MEDIAN] = "Median",
	[PRISMIQ_AGG_PERCENTILE] = "Percentile of",
	[PRISMIQ_AGG_STDDEV] = "Standard deviation of",
	[PRISMIQ_AGG_VARIANCE] = "Variance of",
	[PRISMIQ_AGG_CORR] = "Correlation of",
	[PRISMIQ_AGG_MODE] = "Most frequent",
	[PRISMIQ_AGG_FIRST] = "First",
	[PRISMIQ_AGG_LAST] = "Last",
	[PRISMIQ_AGG_BOOL_AND] = "All",
	[PRISMIQ_AGG_BOOL_OR] = "Any",
	[PRISMIQ_AGG_STRING_AGG] = "List of",
	[PRISMIQ_AGG_ARRAY_AGG] = "List of",
	[PRISMIQ_AGG_APPROX_COUNT_DISTINCT] = "Number of different",
};

/* A label inside another one: "Delay" is "delay" there, "GDP" stays. */
static char *
inside(const char *label)
{
	char	   *result = pstrdup(label);

	if (result[0] >= 'A' && result[0] <= 'Z' && !(result[1] >= 'A' && result[1] <= 'Z'))
		result[0] = pg_ascii_tolower((unsigned char) result[0]);
	return result;
}

/* What a table is called. */
static const char *
table_label(const PrismiqTable *table)
{
	if (table == NULL)
		return "rows";
	if (table->config != NULL && table->config->display_name != NULL)
		return table->config->display_name;
	return prismiq_describe_name(table->relname != NULL ? table->relname : table->id);
}

/* What a column of a table, or a calculated field, is called. */
static const char *
thing_label(const PrismiqColumnRef *ref)
{
	const PrismiqColumnConfig *config;

	if (ref->star)
		return table_label(ref->table);
	if (ref->table != NULL && prismiq_ref_column(ref) != NULL)
	{
		config = prismiq_config_column(ref->table->config, ref->name);
		if (config != NULL && config->display_name != NULL)
			return config->display_name;
	}
	return prismiq_describe_name(ref->name != NULL ? ref->name : ref->column);
}

/* What a column of the definition is called. */
static const char *
column_label(const PrismiqColumn *column)
{
	const char *thing;
	const char *words = NULL;

	if (column->hints.display_name != NULL)
		return column->hints.display_name;
	if (column->filters != NULL && column->alias != NULL)
		return prismiq_describe_name(column->alias);	/* what is counted is in the filters */
	thing = thing_label(column->ref);
	if ((int) column->aggregation < (int) lengthof(aggregation_labels))
		words = aggregation_labels[column->aggregation];
	if (words == NULL)
		return thing;
	return column->aggfn_with == NULL ? psprintf("%s %s", words, inside(thing)) :
		psprintf("%s %s with %s", words, inside(thing), inside(thing_label(column->aggfn_with)));
}

/* The measure that a column stands beside, and what it says of it. */
static const PrismiqOutput *
measure_beside(const PrismiqCompare *compare, const PrismiqOutput *output, const char **words)
{
	ListCell   *lc;

	foreach(lc, compare != NULL ? compare->comparisons : NIL)
	{
		const PrismiqComparison *comparison = (const PrismiqComparison *) lfirst(lc);

		*words = output == comparison->previous ? prismiq_compare_words(compare) :
			output == comparison->change ? "change" :
			output == comparison->percent ? "change in percent" : NULL;
		if (*words != NULL)
			return comparison->measure;
	}
	return NULL;
}

/* A label that the widget's config gives a column, or null. */
static const char *
given_label(const json_t *config, const char *name)
{
	const json_t *columns = json_object_get(config, "columns");
	const char *label = prismiq_json_text(json_object_get(config, "labels"), name);
	size_t		i;

	for (i = 0; label == NULL && i < json_array_size(columns); i++)
	{
		const json_t *column = json_array_get(columns, i);
		const char *of = prismiq_json_text(column, "name");

		if (of != NULL && strcmp(of, name) == 0)
			label = prismiq_json_text(column, "label");
	}
	return label != NULL && label[0] != '\0' ? label : NULL;
}

/* What one column of the answer is called. */
static const char *
output_label(const PrismiqQuery *query, const PrismiqOutput *output, const json_t *config)
{
	const char *label = given_label(config, output->name);
	const PrismiqOutput *measure;
	const char *words;

	if (label != NULL)
		return label;
	measure = measure_beside(query->compare, output, &words);
	if (measure != NULL)
		return psprintf("%s, %s", output_label(query, measure, config), words);
	if (output->role == PRISMIQ_ROLE_CELL)
		return output->cell->rest ? "Other" : output->cell->value != NULL ? output->name :
			"(none)";
	if (output->role == PRISMIQ_ROLE_LEVEL)
		return "Level";
	if (output->column != NULL)
		return column_label(output->column);
	if (output->role == PRISMIQ_ROLE_TIME && query->time_series->ref != NULL)
		return thing_label(query->time_series->ref);
	return prismiq_describe_name(output->name);
}

/* The names of which a label is one, counted. */
static int
count_label(PrismiqNames *names, const char *label)
{
	bool		found;
	PrismiqName *name = prismiq_names_add(names, label, &found);

	name->number = found ? name->number + 1 : 1;
	return name->number;
}

/* Where several columns are called the same, their aliases tell what each is. */
static void
say_aliases(const List *outputs, const json_t *config, char **labels)
{
	PrismiqNames names = {0};
	ListCell   *lc;

	foreach(lc, outputs)
		(void) count_label(&names, labels[foreach_current_index(lc)]);
	foreach(lc, outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		int			i = foreach_current_index(lc);

		if (prismiq_names_find(&names, labels[i])->number > 1 && output->column != NULL &&
			output->column->alias != NULL && given_label(config, output->name) == NULL)
			labels[i] = prismiq_describe_name(output->column->alias);
	}
}

/* What is called like one before it gets a number that makes it another's. */
static void
number_label(PrismiqNames *all, PrismiqNames *taken, char **label)
{
	int			number = count_label(taken, *label);
	char	   *numbered;

	if (number-- == 1)
		return;
	numbered = prismiq_names_number(all, *label, &number);
	prismiq_names_find(taken, *label)->number = number;
	*label = numbered;
}

/* No two labels are the same; those that the config gives come first. */
static void
number_labels(const List *outputs, const json_t *config, char **labels)
{
	PrismiqNames all = {0};
	PrismiqNames taken = {0};
	ListCell   *lc;
	bool		found;
	int			given;

	foreach(lc, outputs)
		(void) prismiq_names_add(&all, labels[foreach_current_index(lc)], &found);
	for (given = 1; given >= 0; given--)
		foreach(lc, outputs)
		{
			const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

			CHECK_FOR_INTERRUPTS();
			if ((given_label(config, output->name) != NULL) == (given == 1))
				number_label(&all, &taken, &labels[foreach_current_index(lc)]);
		}
}

/* The labels of the answer's columns, in their order. */
char **
prismiq_show_labels(const PrismiqQuery *query, const PrismiqStatement *statement,
					const json_t *config)
{
	int			count = list_length(statement->outputs);
	char	  **labels = palloc(sizeof(char *) * Max(count, 1));
	ListCell   *lc;

	foreach(lc, statement->outputs)
		labels[foreach_current_index(lc)] =
			pstrdup(output_label(query, (const PrismiqOutput *) lfirst(lc), config));
	say_aliases(statement->outputs, config, labels);
	number_labels(statement->outputs, config, labels);
	return labels;
}
