/*-------------------------------------------------------------------------
 *
 * read_aggregates.c
 *	  Aggregations by name, and what they are told besides their column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/fault.h"
#include "base/json.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/words.h"
#include "read/read.h"


/* The aggregation of a column or of a having test; none after a fault. */
PrismiqAggregation
prismiq_read_aggregation(const PrismiqObject *object, bool required)
{
	const char *text = prismiq_object_text(object, "aggregation", required);
	int			i;

	if (text == NULL)
		return PRISMIQ_AGG_NONE;
	for (i = 0; prismiq_aggregation_names[i] != NULL; i++)
		if (pg_strcasecmp(prismiq_aggregation_names[i], text) == 0)
			return (PrismiqAggregation) i;
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_AGGREGATION,
					  prismiq_object_path(object, "aggregation"),
					  prismiq_object_suggest(object, text, "aggregations",
											 prismiq_aggregation_names),
					  "unknown aggregation \"%s\"", text);
	return PRISMIQ_AGG_NONE;
}

/* An argument that the aggregation has no use for is a fault. */
static void
refuse_argument(const PrismiqObject *args, const char *key, PrismiqAggregation aggregation)
{
	if (prismiq_object_has(args, key))
		prismiq_fault_add(args->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(args, key),
						  NULL, "aggregation \"%s\" takes no \"%s\"",
						  prismiq_aggregation_names[aggregation], key);
}

/* The column that another one is correlated with, or a value inside of one. */
static PrismiqColumnRef *
read_other_column(const PrismiqObject *args)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	ref->path = args->path;
	ref->column = prismiq_object_name(args, "column", true);
	ref->column_path = prismiq_object_path(args, "column");
	ref->inside = prismiq_read_inside(args);
	ref->plain = ref->inside != NULL;
	return ref;
}

/* What the values are ordered by: a column, or a value inside of one. */
static void
read_order(const PrismiqObject *item, PrismiqAggregateArgs *args)
{
	args->order_by = prismiq_object_name(item, "order_by", false);
	if (args->order_by != NULL)
		args->order_inside = prismiq_read_inside(item);
	else
		prismiq_read_no_inside(item, "what has no \"order_by\"");
}

/* args: null when there are none. */
PrismiqAggregateArgs *
prismiq_read_aggregate_args(PrismiqReader *reader, const PrismiqObject *object,
							PrismiqAggregation aggregation)
{
	bool		lists = aggregation == PRISMIQ_AGG_STRING_AGG ||
		aggregation == PRISMIQ_AGG_ARRAY_AGG;
	PrismiqAggregateArgs *args;
	PrismiqObject item;

	if (prismiq_json_kind(prismiq_object_get(object, "args")) <= PRISMIQ_JSON_NULL)
		return NULL;
	args = palloc0(sizeof(PrismiqAggregateArgs));
	args->path = prismiq_object_path(object, "args");
	if (!prismiq_object_open(&item, prismiq_object_get(object, "args"), args->path,
							 object->faults, prismiq_argument_keys))
		return args;
	if (aggregation == PRISMIQ_AGG_PERCENTILE)
		args->fraction = prismiq_read_literal(reader, &item, "fraction");
	else
		refuse_argument(&item, "fraction", aggregation);
	if (aggregation == PRISMIQ_AGG_STRING_AGG)
		args->separator = prismiq_read_literal(reader, &item, "separator");
	else
		refuse_argument(&item, "separator", aggregation);
	args->order_path = prismiq_object_path(&item, "order_by");
	if (lists || prismiq_aggregation_is_of_place(aggregation))
		read_order(&item, args);
	else
	{
		refuse_argument(&item, "order_by", aggregation);
		if (aggregation != PRISMIQ_AGG_CORR)
		{
			refuse_argument(&item, "path", aggregation);
			refuse_argument(&item, "type", aggregation);
		}
	}
	if (aggregation == PRISMIQ_AGG_CORR)
		args->with = read_other_column(&item);
	else
		refuse_argument(&item, "column", aggregation);
	return args;
}
