/*-------------------------------------------------------------------------
 *
 * page.c
 *	  What the caller wants of the answer beside the definition: an order by
 *	  output columns, a page, and how the columns are to be shown.
 *
 * A page and an order are of the definition's whole answer: what the
 * definition itself limits stays limited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "commands/comment.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/config.h"
#include "model/expr.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* One entry of sort: only output columns may be named. */
static void
check_sort(PrismiqCheck *check, PrismiqOrder *order)
{
	PrismiqOutput *output = order->alias == NULL ? NULL :
		prismiq_output_find(check, order->alias, order->alias_path);

	if (output == NULL)
		return;
	order->output = output->place;
	(void) prismiq_check_sortable(check, prismiq_base_type(output->type),
								  PRISMIQ_INVALID_VALUE, order->path);
}

/* sort, limit and offset of the options. */
void
prismiq_check_page(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	query->page_limit = check->options->limit;
	query->page_offset = check->options->offset;
	foreach(lc, check->options->sort)
	{
		/* A copy: the options may serve several definitions. */
		PrismiqOrder *order = palloc(sizeof(PrismiqOrder));

		*order = *(const PrismiqOrder *) lfirst(lc);
		check_sort(check, order);
		query->sort = lappend(query->sort, order);
	}
}

/* Does a value of the aggregate read like one of its column? */
static bool
keeps_format(PrismiqAggregation aggregation)
{
	switch (aggregation)
	{
		case PRISMIQ_AGG_COUNT:
		case PRISMIQ_AGG_COUNT_DISTINCT:
		case PRISMIQ_AGG_APPROX_COUNT_DISTINCT:
		case PRISMIQ_AGG_VARIANCE:
		case PRISMIQ_AGG_CORR:
		case PRISMIQ_AGG_BOOL_AND:
		case PRISMIQ_AGG_BOOL_OR:
		case PRISMIQ_AGG_STRING_AGG:
		case PRISMIQ_AGG_ARRAY_AGG:
			return false;
		default:
			return true;
	}
}

/* What a key of the definition leaves open, the tenant's settings say. */
static const char *
first_of(const char *said, const char *otherwise)
{
	return said != NULL ? said : otherwise;
}

/* How values of a column read, where nothing else is said of what is made of them. */
static void
take_format(PrismiqHints *hints, const PrismiqColumnConfig *config)
{
	if (hints->format == NULL && hints->format_object == NULL)
	{
		hints->format = config->format;
		hints->format_object = config->format_object;
	}
	hints->unit = first_of(hints->unit, config->unit);
}

/*
 * How each column of the answer is to be shown: as the definition says, else
 * as the tenant's settings say of the column that it is from; the column's
 * comment is its description where nothing else is.
 */
void
prismiq_check_hints(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		const PrismiqColumn *column = output->column;
		const PrismiqColumnRef *ref = column != NULL ? column->ref : NULL;
		const PrismiqColumnConfig *config;
		PrismiqHints *hints = &output->hints;

		if (column != NULL)
			*hints = column->hints;
		else if (output->role == PRISMIQ_ROLE_TIME)
			ref = query->time_series->ref;
		ref = ref != NULL ? prismiq_ref_column(ref) : NULL;
		if (ref == NULL || ref->table == NULL || !OidIsValid(ref->table->relid) ||
			ref->attnum <= 0)
			continue;
		config = prismiq_config_column(ref->table->config, ref->name);
		if (column != NULL && column->named != NULL)
		{
			/* It has words of its own; it may read like its column. */
			if (config != NULL && keeps_format(column->aggregation))
				take_format(hints, config);
			continue;
		}
		if (config != NULL)
		{
			hints->display_name = first_of(hints->display_name, config->display_name);
			hints->description = first_of(hints->description, config->description);
			if (column == NULL || keeps_format(column->aggregation))
				take_format(hints, config);
			if (prismiq_type_is_time(prismiq_base_type(output->type)))
				hints->date_format = first_of(hints->date_format, config->date_format);
		}
		if (check->options->metadata && hints->description == NULL)
			hints->description = GetComment(ref->table->relid, RelationRelationId, ref->attnum);
	}
}
