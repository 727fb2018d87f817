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
give_name(PrismiqQuery *query, PrismiqAnswer *answer, const char *wanted)
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
	entry->value = answer;
	answer->name = name;
}

/* Append a column to the answer. */
static void
append_answer(PrismiqQuery *query, PrismiqAnswer *answer)
{
	query->answer = lappend(query->answer, answer);
	answer->place = list_length(query->answer);
}

/* Append a column to the answer, under the wanted name or one made from it. */
PrismiqAnswer *
prismiq_answer_add(PrismiqQuery *query, PrismiqAnswerKind kind, const char *wanted,
				   const char *prefix, int number)
{
	PrismiqAnswer *answer = palloc0(sizeof(PrismiqAnswer));

	answer->kind = kind;
	if (wanted != NULL)
		give_name(query, answer, wanted);
	answer->prefix = prefix;
	answer->number = number;
	answer->typmod = -1;
	append_answer(query, answer);
	return answer;
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
		PrismiqAnswer *answer = (PrismiqAnswer *) lfirst(lc);
		bool		found;

		if (answer->name != NULL)
			prismiq_names_add(&query->answer_names, answer->name, &found)->value = answer;
		append_answer(query, answer);
	}
}

/* The columns of the answer: the bucket first, then the columns in order. */
void
prismiq_check_answer(PrismiqQuery *query)
{
	PrismiqTimeSeries *series = query->time_series;
	int			dimensions = 0;
	int			measures = 0;
	PrismiqAnswer *answer;
	ListCell   *lc;

	if (series != NULL)
	{
		const char *wanted = series->alias;

		if (wanted == NULL && series->ref->column != NULL)
			wanted = psprintf("%s_bucket", series->ref->column);
		answer = prismiq_answer_add(query, PRISMIQ_ANSWER_BUCKET, wanted, "b", 0);
		answer->type = series->type;
		series->name = answer->name;
	}
	foreach(lc, query->columns)
	{
		PrismiqColumn *column = (PrismiqColumn *) lfirst(lc);
		bool		dimension = PrismiqColumnIsDimension(column);
		const char *wanted = column->alias;

		if (wanted == NULL && column->ref->column == NULL)
			wanted = NULL;
		else if (wanted == NULL && column->ref->star)
			wanted = "count";
		else if (wanted == NULL && !dimension && column->aggregation != PRISMIQ_AGG_EXPRESSION)
			wanted = psprintf("%s_%s", column->ref->column,
							  prismiq_aggregation_names[column->aggregation]);
		else if (wanted == NULL)
			wanted = column->ref->column;
		answer = prismiq_answer_add(query, PRISMIQ_ANSWER_COLUMN, wanted,
									dimension ? "d" : "m",
									dimension ? ++dimensions : ++measures);
		answer->column = column;
		column->basetype = prismiq_base_type(column->type);
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
prismiq_answer_missing(PrismiqCheck *check, const char *name, const PrismiqPath *path,
					   bool columns_only)
{
	PrismiqNearest nearest;
	ListCell   *lc;

	if (check->query->columns == NIL && check->faults->errors != NIL)
		return;					/* the list's own fault says it */
	if (prismiq_nearest_init(&nearest, check->faults, name))
		foreach(lc, check->query->answer)
		{
			const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);

			if (answer->name != NULL &&
				(!columns_only || answer->kind == PRISMIQ_ANSWER_COLUMN))
				prismiq_nearest_offer(&nearest, answer->name);
		}
	prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, path,
					  prismiq_nearest_result(&nearest),
					  "no column of the answer is called \"%s\"", name);
}

/* The column of the answer of a name; null and a fault when there is none. */
PrismiqAnswer *
prismiq_answer_find(PrismiqCheck *check, const char *name, const PrismiqPath *path)
{
	PrismiqName *known = prismiq_names_find(&check->query->answer_names, name);

	if (known != NULL)
		return (PrismiqAnswer *) known->value;
	prismiq_answer_missing(check, name, path, false);
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
		const PrismiqAnswer *answer = (const PrismiqAnswer *) lfirst(lc);

		if (prismiq_answer_is_key(answer))
			query->keys = lappend(query->keys, lfirst(lc));
	}
	foreach(lc, query->group_extra)
	{
		const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc);
		PrismiqAnswer *answer = palloc0(sizeof(PrismiqAnswer));

		answer->kind = PRISMIQ_ANSWER_EXTRA;
		answer->prefix = "x";
		answer->number = ++extras;
		answer->type = ref->type;
		answer->typmod = ref->typmod;
		answer->collation = ref->collation;
		query->keys = lappend(query->keys, answer);
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
	const PrismiqAnswer *answer;

	if (order->output == 0)
		return order->ref != NULL && order->ref->table != NULL ? order->ref->basetype :
			InvalidOid;
	answer = (const PrismiqAnswer *) list_nth(query->answer, order->output - 1);
	return prismiq_base_type(answer->type);
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

/* order_by: output columns by name or reference, else grouped or raw columns. */
void
prismiq_check_order_by(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->order_by)
	{
		PrismiqOrder *order = (PrismiqOrder *) lfirst(lc);
		const PrismiqAnswer *answer;

		CHECK_FOR_INTERRUPTS();
		if (order->alias != NULL)
		{
			answer = prismiq_answer_find(check, order->alias, order->alias_path);
			order->output = answer != NULL ? answer->place : 0;
			continue;
		}
		if (order->extra > 0 || !prismiq_check_column_ref(check, order->ref, false))
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
