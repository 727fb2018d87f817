/*-------------------------------------------------------------------------
 *
 * ties.c
 *	  An order in which no two rows are equal.
 *
 * Where a part of the answer is asked for (a limit, an offset, a page, an order
 * of the caller's), each row has to stand on exactly one page, however often
 * the pages are asked for.  So what was asked to be ordered by is followed by
 * what tells the rows apart: the group columns, or of plain rows a key of every
 * table that does not have one row only for each row of the others.  A time
 * series is ordered by its group columns anyway; and windows over plain rows
 * need the keys, or two of them could put equal rows into different orders.
 *
 * The rows of a pivot are ordered by all their columns, and those of totals by
 * level and group, wherever they are printed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "join/join.h"
#include "model/answer.h"
#include "model/options.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/unnest.h"
#include "model/words.h"
#include "stage/stage.h"

/* Is only a part of the answer asked for, or an order of the caller's? */
static bool
is_paged(const PrismiqCheck *check)
{
	const PrismiqQuery *query = check->query;
	const PrismiqQueryOptions *options = check->options;

	return query->limit >= 0 || query->offset > 0 || options->limit >= 0 ||
		options->offset > 0 || options->sort != NIL;
}

/* Order by a column of the answer, or by one that is grouped by and not shown, too. */
static void
add_tie(PrismiqQuery *query, PrismiqColumnRef *ref, int output, int extra)
{
	PrismiqOrder *tie;
	ListCell   *lc;

	foreach(lc, query->order_by)
	{
		const PrismiqOrder *order = (const PrismiqOrder *) lfirst(lc);

		if (order->output == output && order->extra == extra &&
			(output > 0 || extra > 0 || prismiq_same_column(order->ref, ref)))
			return;
	}
	tie = palloc0(sizeof(PrismiqOrder));
	tie->ref = ref;
	tie->output = output;
	tie->extra = extra;
	query->ties = lappend(query->ties, tie);
}

/* What the rows are grouped by: the answer's own columns, and what is not shown. */
static void
add_group(PrismiqQuery *query)
{
	int			extra = 0;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		if (prismiq_output_is_key(output))
			add_tie(query, NULL, output->place, 0);
	}
	foreach(lc, query->group_extra)
		add_tie(query, (PrismiqColumnRef *) lfirst(lc), 0, ++extra);
}

/* The place in the answer of a column as it stands; 0 when it is not shown. */
static int
shown_place(const PrismiqQuery *query, const PrismiqColumnRef *ref)
{
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);

		if (output->column != NULL && output->column->bucketing == NULL &&
			prismiq_same_column(ref, output->column->ref))
			return output->place;
	}
	return 0;
}

/* The number of a column among those that the stages know and do not show. */
static int
extra_number(PrismiqQuery *query, PrismiqColumnRef *ref)
{
	ListCell   *lc;

	foreach(lc, query->group_extra)
		if (prismiq_same_column(ref, (const PrismiqColumnRef *) lfirst(lc)))
			return foreach_current_index(lc) + 1;
	query->group_extra = lappend(query->group_extra, ref);
	return list_length(query->group_extra);
}

/* The columns of a table's key, which can be ordered by; false when there is none. */
static bool
key_columns(PrismiqTable *table, List **columns)
{
	Bitmapset  *key;
	int			attnum = -1;

	if (!prismiq_table_find_key(table, true, &key))
		return false;
	while ((attnum = bms_next_member(key, attnum)) >= 0)
	{
		PrismiqColumnRef *ref = prismiq_column_numbered(table, attnum);

		if (ref == NULL || !prismiq_type_is_groupable(ref->basetype))
			return false;
		*columns = lappend(*columns, ref);
	}
	return true;
}

/*
 * The columns that tell plain rows apart: keys of their tables.  False, and the
 * table, when one has none.
 */
static bool
row_columns(PrismiqQuery *query, List **columns, PrismiqTable **keyless)
{
	Bitmapset  *tables = prismiq_keyed_tables(query);
	int			index = -1;

	while ((index = bms_next_member(tables, index)) >= 0)
	{
		*keyless = (PrismiqTable *) list_nth(query->tables, index);
		if (!key_columns(*keyless, columns))
			return false;
	}
	if (query->unnest != NULL)
		*columns = lappend(*columns, query->unnest->number);
	return true;
}

/*
 * The columns of the answer that tell its plain rows apart, by place; false when
 * one that would have to be among them is not shown.
 */
bool
prismiq_shown_key(PrismiqQuery *query, Bitmapset **places)
{
	PrismiqTable *keyless;
	List	   *columns = NIL;
	ListCell   *lc;

	*places = NULL;
	if (!row_columns(query, &columns, &keyless))
		return false;
	foreach(lc, columns)
	{
		int			place = shown_place(query, (const PrismiqColumnRef *) lfirst(lc));

		if (place == 0)
			return false;
		*places = bms_add_member(*places, place);
	}
	return true;
}

/* What tells plain rows apart; nothing where that is not known, of which pages are warned. */
static void
add_keys(PrismiqCheck *check, bool paged)
{
	PrismiqQuery *query = check->query;
	PrismiqTable *keyless;
	List	   *columns = NIL;
	ListCell   *lc;

	if (!row_columns(query, &columns, &keyless))
	{
		if (paged)
			prismiq_fault_warn(check->faults, PRISMIQ_INVALID_VALUE, keyless->path,
							   "Order by columns that tell its rows apart.",
							   "table \"%s\" has no key: of rows that are equal in what they "
							   "are ordered by, a page may repeat or lose some",
							   keyless->relname);
		return;
	}
	foreach(lc, columns)
	{
		PrismiqColumnRef *ref = (PrismiqColumnRef *) lfirst(lc);
		int			place = shown_place(query, ref);

		if (place > 0)
			add_tie(query, NULL, place, 0);
		else
			add_tie(query, ref, 0, query->staged ? extra_number(query, ref) : 0);
		if (ref->expr == NULL)
			ref->table->used = bms_add_member(ref->table->used, ref->attnum);
	}
}

/* What follows order_by, which is checked. */
void
prismiq_check_ties(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	bool		paged = is_paged(check);
	bool		series = PrismiqHasBuckets(query) && query->order_by == NIL;

	if (check->faults->errors != NIL || query->totals != NULL || query->pivot != NULL)
		return;
	if (query->grouped && (paged || series))
		add_group(query);
	if (!query->grouped && series)
		add_tie(query, NULL, 1, 0);
	if (!query->grouped && (paged || query->windows != NIL))
		add_keys(check, paged);
}
