/*-------------------------------------------------------------------------
 *
 * join_order.c
 *	  The order in which joins are written: each joins one more table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/context.h"
#include "base/fault.h"
#include "join/join.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* Swap the sides of a join, so that it joins what was its "from". */
static void
flip_join(PrismiqJoin *join)
{
	PrismiqTable *table = join->from;

	join->from = join->to;
	join->to = table;
	if (join->printed_type == PRISMIQ_JOIN_LEFT)
		join->printed_type = PRISMIQ_JOIN_RIGHT;
	else if (join->printed_type == PRISMIQ_JOIN_RIGHT)
		join->printed_type = PRISMIQ_JOIN_LEFT;
}

/* Take a join into the order of printing. */
static void
place_join(PrismiqQuery *query, PrismiqJoin *join)
{
	ListCell   *lc;

	join->to->joined = true;
	query->join_order = lappend(query->join_order, join);

	/* An outer join makes everything on its weak side nullable. */
	if (join->printed_type == PRISMIQ_JOIN_LEFT || join->printed_type == PRISMIQ_JOIN_FULL)
		join->to->nullable = true;
	if (join->printed_type == PRISMIQ_JOIN_RIGHT || join->printed_type == PRISMIQ_JOIN_FULL)
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);

			if (table->joined && table != join->to)
				table->nullable = true;
		}
}

/* How to get out of a circle: two joins of the same two tables are one join. */
static const char *
circle_suggestion(const PrismiqQuery *query, const PrismiqJoin *join)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		const PrismiqJoin *other = (const PrismiqJoin *) lfirst(lc);

		if ((other->from == join->from && other->to == join->to) ||
			(other->from == join->to && other->to == join->from))
			return "Put all pairs of columns into the \"on\" of one join.";
	}
	return "Remove one of the joins, or list a table twice.";
}

/*
 * Place every join that one side of which has been reached, as often as there
 * are any.  Both sides reached: the tables would be joined in a circle.
 */
void
prismiq_joins_place(PrismiqCheck *check, List *joins)
{
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, joins)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);

			CHECK_FOR_INTERRUPTS();
			if (join->from == NULL || join->from->aside || join->to->aside ||
				list_member_ptr(check->query->join_order, join))
				continue;
			if (!join->from->joined && !join->to->joined)
				continue;
			if (join->from->joined && join->to->joined)
			{
				prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_JOIN, join->path,
								  circle_suggestion(check->query, join),
								  "tables \"%s\" and \"%s\" are already joined",
								  join->from->id, join->to->id);
				join->from = NULL;
				continue;
			}
			join->printed_type = join->type;
			if (!join->from->joined)
				flip_join(join);
			place_join(check->query, join);
			progress = true;
		}
	}
}

/* Take a join that was found into the order of printing, and what it lets reach. */
void
prismiq_join_place(PrismiqCheck *check, PrismiqJoin *join)
{
	place_join(check->query, join);
	prismiq_joins_place(check, check->query->joins);
}

/* Is every table joined that has to be? */
bool
prismiq_tables_are_joined(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (table->listed && !table->aside && !table->joined)
			return false;
	}
	return true;
}
