/*-------------------------------------------------------------------------
 *
 * check_answer.c
 *	  The columns of the answer: their names, and the order of its rows.
 *
 * The twin of compile/compile_stages.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"

#include "check/check.h"

/* Is the name among those already given? */
static bool
name_is_taken(List *names, const char *name)
{
	ListCell   *lc;

	foreach(lc, names)
		if (strcmp((const char *) lfirst(lc), name) == 0)
			return true;
	return false;
}

/* A name for an output column: the wanted one, or with _2, _3 and so on. */
static const char *
give_name(List **names, const char *wanted)
{
	int			len = pg_mbcliplen(wanted, strlen(wanted), NAMEDATALEN - 1);
	char	   *name = pnstrdup(wanted, len);
	int			n;

	for (n = 2; name_is_taken(*names, name); n++)
	{
		char		suffix[16];
		int			room;

		snprintf(suffix, sizeof(suffix), "_%d", n);
		room = pg_mbcliplen(wanted, strlen(wanted), NAMEDATALEN - 1 - strlen(suffix));
		name = psprintf("%.*s%s", room, wanted, suffix);
	}
	*names = lappend(*names, name);
	return name;
}

/* Append a column to the answer, under the wanted name or one made from it. */
PrismiqAnswer *
prismiq_answer_add(PrismiqQuery *query, PrismiqAnswerKind kind, const char *wanted,
				   const char *prefix, int number)
{
	PrismiqAnswer *answer = palloc0(sizeof(PrismiqAnswer));
	List	   *names = NIL;
	ListCell   *lc;

	foreach(lc, query->answer)
		if (((PrismiqAnswer *) lfirst(lc))->name != NULL)
			names = lappend(names, unconstify(char *, ((PrismiqAnswer *) lfirst(lc))->name));
	answer->kind = kind;
	answer->name = wanted != NULL ? give_name(&names, wanted) : NULL;
	answer->prefix = prefix;
	answer->number = number;
	answer->typmod = -1;
	query->answer = lappend(query->answer, answer);
	return answer;
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
		series->name = prismiq_answer_add(query, PRISMIQ_ANSWER_BUCKET, wanted, "b", 0)->name;
	}
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		bool		dimension = column->aggregation == PRISMIQ_AGG_NONE;
		const char *wanted = column->alias;
		PrismiqAnswer *answer;

		if (wanted == NULL && column->ref->column == NULL)
			wanted = NULL;
		else if (wanted == NULL && column->ref->star)
			wanted = "count";
		else if (wanted == NULL && !dimension)
			wanted = psprintf("%s_%s", column->ref->column,
							  prismiq_aggregation_names[column->aggregation]);
		else if (wanted == NULL)
			wanted = column->ref->column;
		answer = prismiq_answer_add(query, PRISMIQ_ANSWER_COLUMN, wanted,
									dimension ? "d" : "m",
									dimension ? ++dimensions : ++measures);
		answer->column = column;
		answer->type = column->type;
		answer->typmod = column->typmod;
		answer->collation = column->collation;
		column->name = answer->name;
	}
}

/* Do two references name the same column? */
bool
prismiq_same_column(const PrismiqColumnRef *a, const PrismiqColumnRef *b)
{
	return a->table != NULL && a->table == b->table && a->attnum == b->attnum && !b->star;
}

/* The number of an output column, from 1, by its name; 0 when there is none. */
static int
output_by_name(const PrismiqQuery *query, const char *name)
{
	int			n = 0;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);

		n++;
		if (answer->name != NULL && strcmp(answer->name, name) == 0)
			return n;
	}
	return 0;
}

/* The output column that shows a column: itself, else an aggregate of it. */
static int
output_by_ref(const PrismiqQuery *query, const PrismiqColumnRef *ref)
{
	int			n = 0;
	int			aggregate = 0;
	ListCell   *lc;

	if (query->time_series != NULL)
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
		if (column->aggregation == PRISMIQ_AGG_NONE)
			return n;
		if (aggregate == 0)
			aggregate = n;
	}
	return aggregate;
}

/* Note an alias in order_by that no output column has. */
static void
add_unknown_alias(PrismiqCheck *check, const PrismiqOrder *order)
{
	PrismiqNearest nearest;
	ListCell   *lc;

	prismiq_nearest_init(&nearest, order->alias);
	foreach(lc, check->query->answer)
		if (((PrismiqAnswer *) lfirst(lc))->name != NULL)
			prismiq_nearest_offer(&nearest, ((PrismiqAnswer *) lfirst(lc))->name);
	prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, order->alias_path,
					  prismiq_nearest_result(&nearest),
					  "no column of the answer is called \"%s\"", order->alias);
}

/* The type that an order entry sorts by, or invalid when unknown. */
static Oid
order_type(const PrismiqQuery *query, const PrismiqOrder *order)
{
	const PrismiqAnswer *answer;

	if (order->output == 0)
		return order->ref->basetype;
	answer = (const PrismiqAnswer *) list_nth(query->answer, order->output - 1);
	if (answer->kind == PRISMIQ_ANSWER_BUCKET)
		return query->time_series->type;
	return OidIsValid(answer->type) ? getBaseType(answer->type) : InvalidOid;
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
		Oid			type;

		if (order->alias != NULL)
		{
			order->output = output_by_name(query, order->alias);
			if (order->output == 0)
			{
				add_unknown_alias(check, order);
				continue;
			}
		}
		else
		{
			ListCell   *lc2;
			int			n = 0;

			if (!prismiq_check_column_ref(check, order->ref, false))
				continue;
			order->output = output_by_ref(query, order->ref);
			foreach(lc2, query->group_extra)
			{
				n++;
				if (order->output == 0 &&
					prismiq_same_column(order->ref, (PrismiqColumnRef *) lfirst(lc2)))
					order->extra = n;
			}
			if (query->grouped && order->output == 0 && order->extra == 0)
			{
				prismiq_fault_add(check->faults, PRISMIQ_INVALID_AGGREGATION, order->path,
								  "Order by a column of the answer.",
								  "column \"%s\" is neither grouped by nor aggregated",
								  order->ref->name);
				continue;
			}
		}
		type = order_type(query, order);
		if (OidIsValid(type) && !prismiq_type_is_groupable(type))
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, order->path, NULL,
							  "rows cannot be ordered by values of type %s",
							  prismiq_type_name(type));
	}
}
