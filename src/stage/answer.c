/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  The columns of the answer: their names, and the order of its rows.
 *
 * The twin of compile/compile_stages.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/answer.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/*
 * Give a column of the answer a name: the wanted one, or with _2, _3 and so on.
 * What was tried once is taken, so the next column of that name, or of one that
 * is cut to the same beginning, goes on there.
 */
static void
give_name(PrismiqQuery *query, PrismiqOutput *output, const char *wanted)
{
	int			len = pg_mbcliplen(wanted, strlen(wanted), NAMEDATALEN - 1);
	char	   *name = pnstrdup(wanted, len);
	PrismiqName *entry;
	bool		taken;
	int			n = 1;

	entry = prismiq_names_add(&query->answer_names, name, &taken);
	while (taken)
	{
		char		suffix[16];
		int			room;
		PrismiqName *stem;

		CHECK_FOR_INTERRUPTS();
		snprintf(suffix, sizeof(suffix), "_%d", ++n);
		room = pg_mbcliplen(wanted, strlen(wanted), NAMEDATALEN - 1 - strlen(suffix));

		/* Suffixes of one length, from the first of them on. */
		stem = prismiq_names_add(&query->answer_stems, psprintf("%zu %.*s", strlen(suffix), room,
																wanted), &taken);
		if (taken && n <= stem->number)
		{
			n = stem->number;
			continue;
		}
		stem->number = n;
		name = psprintf("%.*s%s", room, wanted, suffix);
		entry = prismiq_names_add(&query->answer_names, name, &taken);
	}
	entry->value = output;
	output->name = name;
}

/* Append a column to the answer. */
static void
append_answer(PrismiqQuery *query, PrismiqOutput *output)
{
	query->answer = lappend(query->answer, output);
	output->place = list_length(query->answer);
}

/* Append a column to the answer, under the wanted name or one made from it. */
static void
add_output(PrismiqQuery *query, PrismiqOutput *output, PrismiqRole role, const char *wanted,
		   int number)
{
	output->role = role;
	output->number = number;
	output->name = NULL;
	if (wanted != NULL)
		give_name(query, output, wanted);
	append_answer(query, output);
}

/* The same of a new one, without a type yet; "number" is that among its role, or 0. */
PrismiqOutput *
prismiq_output_add(PrismiqQuery *query, PrismiqRole role, const char *wanted, int number)
{
	PrismiqOutput *output = palloc0(sizeof(PrismiqOutput));

	output->typmod = -1;
	add_output(query, output, role, wanted, number);
	return output;
}

/* Begin the answer anew, with these of its columns, which keep their names. */
void
prismiq_answer_restart(PrismiqQuery *query, const List *kept)
{
	ListCell   *lc;

	query->answer = NIL;
	memset(&query->answer_names, 0, sizeof(query->answer_names));
	memset(&query->answer_stems, 0, sizeof(query->answer_stems));
	foreach(lc, kept)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);
		bool		found;

		if (output->name != NULL)
			prismiq_names_add(&query->answer_names, output->name, &found)->value = output;
		append_answer(query, output);
	}
}

/* What a column is called that is not said to be called otherwise; or null. */
static const char *
default_name(const PrismiqColumn *column)
{
	if (column->ref->column == NULL)
		return NULL;
	if (column->ref->star)
		return "count";
	if (PrismiqColumnIsDimension(column) || column->aggregation == PRISMIQ_AGG_EXPRESSION)
		return column->ref->column;
	return psprintf("%s_%s", column->ref->column,
					prismiq_aggregation_names[column->aggregation]);
}

/* The fields over windows that stand after so many of the columns. */
static void
add_over(PrismiqQuery *query, int before)
{
	ListCell   *lc;

	foreach(lc, query->over)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);

		if (column->place != before)
			continue;
		column->output.column = column;
		add_output(query, &column->output, PRISMIQ_ROLE_OVER,
				   column->alias != NULL ? column->alias : default_name(column),
				   foreach_current_index(lc) + 1);
	}
}

/* The columns of the answer: the bucket first, then the columns in order. */
void
prismiq_check_answer(PrismiqQuery *query)
{
	PrismiqTimeSeries *series = query->time_series;
	int			dimensions = 0;
	int			measures = 0;
	ListCell   *lc;

	if (series != NULL)
	{
		const char *wanted = series->alias;

		if (wanted == NULL && series->ref->column != NULL)
			wanted = psprintf("%s_bucket", series->ref->column);
		series->output = prismiq_output_add(query, PRISMIQ_ROLE_TIME, wanted, 0);
		series->output->type = series->type;
	}
	add_over(query, 0);
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		bool		dimension = PrismiqColumnIsDimension(column);

		column->output.column = column;
		column->basetype = prismiq_base_type(column->output.type);
		add_output(query, &column->output,
				   dimension ? PRISMIQ_ROLE_DIMENSION : PRISMIQ_ROLE_MEASURE,
				   column->alias != NULL ? column->alias : default_name(column),
				   dimension ? ++dimensions : ++measures);
		add_over(query, foreach_current_index(lc) + 1);
	}
}

/* Do two references name the same column? */
bool
prismiq_same_column(const PrismiqColumnRef *a, const PrismiqColumnRef *b)
{
	return a->table != NULL && a->table == b->table && a->attnum == b->attnum && !b->star;
}

/* The output column that shows a column: itself, else an aggregate of it. */
static int
output_by_ref(const PrismiqQuery *query, const PrismiqColumnRef *ref)
{
	int			n = 0;
	int			aggregate = 0;
	ListCell   *lc;

	if (PrismiqHasBuckets(query))
	{
		n++;
		if (prismiq_same_column(ref, query->time_series->ref))
			return n;
	}
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		n++;
		if (!prismiq_same_column(ref, column->ref))
			continue;
		if (PrismiqColumnIsDimension(column))
			return n;
		if (aggregate == 0)
			aggregate = n;
	}
	return aggregate;
}

/*
 * Note that no column of the answer has the name, with the nearest that one has;
 * "columns_only": where no other than a column of the definition can be meant.
 */
void
prismiq_output_missing(PrismiqCheck *check, const char *name, const PrismiqPath *path,
					   bool columns_only)
{
	const PrismiqField *field = prismiq_field_by_name(check, name);
	PrismiqNearest nearest;
	ListCell   *lc;

	if (check->query->columns == NIL && check->faults->errors != NIL)
		return;					/* the list's own fault says it */
	if (prismiq_nearest_init(&nearest, check->faults, name))
		foreach(lc, check->query->answer)
		{
			const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

			if (output->name != NULL && (!columns_only ||
				(output->column != NULL && output->column->over == NULL)))
				prismiq_nearest_offer(&nearest, output->name);
		}
	prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, path,
					  field != NULL && field->over ? "Take it in \"columns\"." :
					  prismiq_nearest_result(&nearest),
					  "no column of the answer is called \"%s\"", name);
}

/* The column of the answer of a name; null and a fault when there is none. */
PrismiqOutput *
prismiq_output_find(PrismiqCheck *check, const char *name, const PrismiqPath *path)
{
	PrismiqName *known = prismiq_names_find(&check->query->answer_names, name);

	if (known != NULL)
		return (PrismiqOutput *) known->value;
	prismiq_output_missing(check, name, path, false);
	return NULL;
}

/*
 * What the rows are grouped by, as the stages call it: the bucket, the columns
 * without an aggregation, and what is not in the answer.
 */
void
prismiq_check_keys(PrismiqQuery *query)
{
	int			extras = 0;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		if (prismiq_output_is_key(output))
			query->keys = lappend(query->keys, lfirst(lc));
	}
	foreach(lc, query->group_extra)
	{
		const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc);
		PrismiqOutput *output = palloc0(sizeof(PrismiqOutput));

		output->role = PRISMIQ_ROLE_EXTRA;
		output->number = ++extras;
		output->type = ref->type;
		output->typmod = ref->typmod;
		output->collation = ref->collation;
		query->keys = lappend(query->keys, output);
	}
}

/* What rows are ordered by must have an order; false after a fault. */
bool
prismiq_check_sortable(PrismiqCheck *check, Oid type, PrismiqCode code,
					   const PrismiqPath *path)
{
	if (prismiq_type_is_groupable(prismiq_base_type(type)))
		return true;
	prismiq_fault_add(check->faults, code, path, NULL,
					  "rows cannot be ordered by values of type %s", prismiq_type_name(type));
	return false;
}

/* The type that an order entry sorts by, or invalid when unknown. */
static Oid
order_type(const PrismiqQuery *query, const PrismiqOrder *order)
{
	const PrismiqOutput *output;

	if (order->output == 0)
		return order->ref != NULL && order->ref->table != NULL ? order->ref->basetype :
			InvalidOid;
	output = (const PrismiqOutput *) list_nth(query->answer, order->output - 1);
	return prismiq_base_type(output->type);
}

/*
 * A column that rows are ordered by, and that is not in the answer: one of the
 * group columns, or of plain rows any.
 */
static void
check_hidden_order(PrismiqCheck *check, PrismiqOrder *order)
{
	PrismiqQuery *query = check->query;
	int			n = 0;
	ListCell   *lc;

	foreach(lc, query->group_extra)
	{
		n++;
		if (prismiq_same_column(order->ref, (PrismiqColumnRef *) lfirst(lc)))
			order->extra = n;
	}
	if (order->extra > 0)
		return;
	if (query->grouped)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, order->path,
						  "Order by a column of the answer.",
						  "column \"%s\" is neither grouped by nor aggregated",
						  order->ref->name);
	else if (query->staged)
	{
		/* The stages above have to know it. */
		query->group_extra = lappend(query->group_extra, order->ref);
		order->extra = n + 1;
	}
}

/* Is it an order by a field over windows that is in the answer? */
static bool
order_by_over(PrismiqCheck *check, PrismiqOrder *order)
{
	PrismiqField *field = check->query->over == NIL || order->ref == NULL ? NULL :
		prismiq_field_find(check, order->ref);

	if (field != NULL && field->over)
		order->output = prismiq_over_place(check->query, field);
	return order->output > 0;
}

/* order_by: output columns by name or reference, else grouped or raw columns. */
void
prismiq_check_order_by(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->order_by)
	{
		PrismiqOrder *order = (PrismiqOrder *) lfirst(lc);
		const PrismiqOutput *output;

		CHECK_FOR_INTERRUPTS();
		if (order->alias != NULL)
		{
			output = prismiq_output_find(check, order->alias, order->alias_path);
			order->output = output != NULL ? output->place : 0;
			continue;
		}
		if (order->extra > 0 || order_by_over(check, order) ||
			!prismiq_check_column_ref(check, order->ref, false))
			continue;
		order->output = output_by_ref(query, order->ref);
		if (order->output == 0 &&
			prismiq_check_no_measure(check, order->ref, "Order by a column of the answer."))
			check_hidden_order(check, order);
	}
}

/* What rows are ordered by must have an order. */
void
prismiq_check_order_types(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		(void) prismiq_check_sortable(check, order_type(check->query, order),
									  PRISMIQ_INVALID_VALUE, order->path);
	}
}
