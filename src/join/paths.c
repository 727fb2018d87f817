/*-------------------------------------------------------------------------
 *
 * paths.c
 *	  Joins along foreign keys, for tables that no join reaches.
 *
 * Tables that the definition joins hang together as one part of the graph of
 * foreign keys (graph.c), whose inner ways cost nothing; between parts it is
 * searched breadth first, from the tables already joined: exactly one shortest
 * path to the wanted part is taken, more than one is ambiguous, none is an
 * error.  Never a cross join.
 *
 * The same search leads from the joined tables to one that only conditions of
 * scope any or none are on; what it finds is then no join but the inside of an
 * EXISTS (related.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "join/graph.h"
#include "join/join.h"
#include "model/condition.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* A reference to a column by its number. */
static PrismiqColumnRef *
ref_by_attnum(PrismiqTable *table, AttrNumber attnum, const PrismiqPath *path)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	char	   *name = get_attname(table->relid, attnum, false);

	ref->path = ref->table_path = ref->column_path = path;
	ref->table_id = table->id;
	ref->column = name;
	(void) prismiq_column_find(table, name, ref);
	ref->table = table;
	ref->attnum = attnum;
	ref->name = name;
	ref->type = get_atttype(table->relid, attnum);
	ref->basetype = prismiq_base_type(ref->type);
	table->used = bms_add_member(table->used, attnum);
	return ref;
}

/* Turn an edge into an inner join that reaches "to"; null after a fault. */
static PrismiqJoin *
make_join(PrismiqCheck *check, const PrismiqKeyEdge *edge, bool forward, PrismiqTable *from,
		  PrismiqTable *to, const PrismiqPath *path)
{
	PrismiqJoin *join = palloc0(sizeof(PrismiqJoin));
	int			i;

	join->path = path;
	join->automatic = true;
	join->type = join->printed_type = PRISMIQ_JOIN_INNER;
	join->from = from;
	join->to = to;
	for (i = 0; i < edge->key->nkeys; i++)
	{
		PrismiqJoinKey *key = palloc0(sizeof(PrismiqJoinKey));

		key->path = path;
		key->op = PRISMIQ_OP_EQ;
		key->from = ref_by_attnum(from, forward ? edge->key->from_attnums[i] :
								  edge->key->to_attnums[i], path);
		key->to = ref_by_attnum(to, forward ? edge->key->to_attnums[i] :
								edge->key->from_attnums[i], path);
		if (!prismiq_join_key_check(check, join, key))
			return NULL;
		join->keys = lappend(join->keys, key);
	}
	return join;
}

/* May the query have one more table, for what is named?  False after a fault. */
bool
prismiq_join_has_room(PrismiqCheck *check, const PrismiqPath *path, const char *what)
{
	if (list_length(check->query->tables) < prismiq_limit(PRISMIQ_MAX_TABLES))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, path,
					  prismiq_limit_hint(PRISMIQ_MAX_TABLES, "Use fewer tables"),
					  "%s need more tables than allowed", what);
	return false;
}

/*
 * Take a table that is not listed into the query: lock it and look at it once
 * more.  False after a fault.
 */
static bool
add_table(PrismiqCheck *check, PrismiqTable *table, const PrismiqPath *path)
{
	PrismiqQuery *query = check->query;
	PrismiqTable opened = {NULL};

	if (list_member_ptr(query->tables, table))
		return true;
	if (!prismiq_join_has_room(check, path, "the automatic joins") ||
		!prismiq_table_open(&opened, table->relid, check->who, check->config))
		return false;
	*table = opened;
	table->index = list_length(query->tables);
	query->tables = lappend(query->tables, table);
	return true;
}

/* The join along the edge that led to a part; null after a fault. */
static PrismiqJoin *
edge_join(PrismiqCheck *check, PrismiqGraph *graph, const PrismiqKeyEdge *edge, int part,
		  const PrismiqPath *path)
{
	bool		forward = graph->stations[edge->to].part == part;
	PrismiqTable *source = graph->stations[edge->from].table;
	PrismiqTable *target = graph->stations[edge->to].table;
	int			nfaults = list_length(check->faults->errors);

	if (add_table(check, forward ? target : source, path) &&
		prismiq_graph_key_is_true(graph, source, target, edge->key))
		return make_join(check, edge, forward, forward ? source : target,
						 forward ? target : source, path);
	if (list_length(check->faults->errors) == nfaults)
		prismiq_fault_add(check->faults, PRISMIQ_MISSING_JOIN, path, "Ask again.",
						  "foreign keys changed while a way was looked for");
	return NULL;
}

/* Walk back from a part to the joined tables, and join forward again; false after a fault. */
static bool
take_path(PrismiqCheck *check, PrismiqGraph *graph, int part, const PrismiqPath *path)
{
	PrismiqKeyEdge	   *edge = graph->stations[part].by;
	int			near = graph->stations[edge->from].part == part ? edge->to : edge->from;
	PrismiqJoin *join;

	check_stack_depth();
	near = graph->stations[near].part;
	if (graph->stations[near].distance > 0 && !take_path(check, graph, near, path))
		return false;
	join = edge_join(check, graph, edge, part, path);
	if (join == NULL)
		return false;
	prismiq_join_place(check, join);
	join->to->beyond_tenant = graph->stations[part].beyond_tenant;
	return true;
}

/* How the caller may write the join by hand. */
static char *
join_suggestion(const PrismiqTable *target)
{
	return psprintf("Say how \"%s\" is joined, in \"joins\".", target->id);
}

/* Note that a table is not reached, or in more ways than one; false when it is in one. */
static bool
add_unreached(PrismiqCheck *check, const PrismiqStation *part, const PrismiqTable *target,
			  const PrismiqPath *path)
{
	if (part->distance < 0)
		prismiq_fault_add(check->faults, PRISMIQ_MISSING_JOIN, path, join_suggestion(target),
						  "table \"%s\" is not joined, and no foreign keys lead to it",
						  target->id);
	else if (part->paths > 1)
		prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_JOIN, path, join_suggestion(target),
						  "table \"%s\" can be joined in more than one way", target->id);
	else
		return false;
	return true;
}

/*
 * Join the tables of the query that nothing reaches yet along the one shortest
 * path of foreign keys, the nearest first; false after a fault.
 */
bool
prismiq_paths_connect(PrismiqCheck *check)
{
	PrismiqGraph	   *graph = NULL;

	for (;;)
	{
		PrismiqStation    *best = NULL;
		PrismiqTable *target = NULL;
		int			i;

		for (i = 0; graph != NULL && i < graph->nstations; i++)
		{
			PrismiqStation    *station = &graph->stations[i];
			PrismiqStation    *part = &graph->stations[station->part];

			if (station->table->joined || !station->table->listed)
				continue;
			if (best != NULL && (part->distance < 0 ||
								 (best->distance >= 0 && part->distance >= best->distance)))
				continue;
			best = part;
			target = station->table;
		}
		if (graph == NULL)
		{
			if (prismiq_tables_are_joined(check->query))
				return true;
			graph = prismiq_graph_build(check, false);
			prismiq_graph_search(graph, NULL);
			continue;
		}
		if (best == NULL)
			return true;
		if (add_unreached(check, best, target, target->path) ||
			!take_path(check, graph, (int) (best - graph->stations), target->path))
			return false;
		prismiq_graph_search(graph, NULL);
	}
}

/* A copy of a join that leads from one of its tables to the other. */
static PrismiqJoin *
step_of(const PrismiqJoin *join, PrismiqTable *from, PrismiqTable *to)
{
	PrismiqJoin *step = palloc(sizeof(PrismiqJoin));

	*step = *join;
	step->from = from;
	step->to = to;
	step->type = step->printed_type = PRISMIQ_JOIN_INNER;
	return step;
}

/*
 * Steps along the definition's own joins from "goal" (null: any joined table)
 * to a table, in that order; false when they do not lead there.
 */
static bool
own_way(List *joins, const PrismiqTable *goal, PrismiqTable *table, const PrismiqJoin *arrived,
		List **steps)
{
	ListCell   *lc;

	check_stack_depth();
	if (table == goal)
		return true;
	foreach(lc, joins)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);
		PrismiqTable *other;

		if (join == arrived || join->from == NULL ||
			(join->from != table && join->to != table))
			continue;
		other = join->from == table ? join->to : join->from;
		if (goal == NULL ? other->joined : other == goal)
		{
			*steps = lappend(*steps, step_of(join, other, table));
			return true;
		}
		if (!other->joined && own_way(joins, goal, other, join, steps))
		{
			*steps = lappend(*steps, step_of(join, other, table));
			return true;
		}
	}
	return false;
}

/* Steps from the joined tables to a table, by foreign keys and the joins between them. */
static bool
key_way(PrismiqCheck *check, PrismiqGraph *graph, int station, const PrismiqPath *path,
		List **steps)
{
	int			part = graph->stations[station].part;
	PrismiqKeyEdge	   *edge = graph->stations[part].by;
	bool		forward;
	PrismiqJoin *join;

	check_stack_depth();
	if (graph->stations[station].table->joined)
		return true;
	if (edge == NULL)
		return own_way(check->query->joins, NULL, graph->stations[station].table, NULL, steps);
	forward = graph->stations[edge->to].part == part;
	if (!key_way(check, graph, forward ? edge->from : edge->to, path, steps))
		return false;
	join = edge_join(check, graph, edge, part, path);
	if (join == NULL)
		return false;
	*steps = lappend(*steps, join);
	return own_way(check->query->joins, join->to, graph->stations[station].table, NULL, steps);
}

/*
 * Steps from a joined table to one that is not joined, along the definition's
 * joins or else the one shortest path of foreign keys; NIL after a fault.
 */
List *
prismiq_path_steps(PrismiqCheck *check, PrismiqTable *target, const PrismiqPath *path)
{
	PrismiqGraph	   *graph;
	List	   *steps = NIL;
	int			station;

	if (own_way(check->query->joins, NULL, target, NULL, &steps))
		return steps;
	graph = prismiq_graph_build(check, true);
	prismiq_graph_search(graph, target);
	station = prismiq_graph_station(graph, target);
	if (station < 0 ||
		add_unreached(check, &graph->stations[graph->stations[station].part], target, path) ||
		!key_way(check, graph, station, path, &steps))
		return NIL;
	return steps;
}

/*
 * Lengthen steps that lead away from the joined tables by the shortest way of
 * the definition's own joins from one of them to a table; false when there is
 * none.
 */
bool
prismiq_path_extend(PrismiqCheck *check, List **steps, PrismiqTable *table)
{
	List	   *best = NIL;
	ListCell   *lc;

	foreach(lc, *steps)
	{
		const PrismiqTable *passed = ((const PrismiqJoin *) lfirst(lc))->to;
		List	   *way = NIL;

		if (passed == table)
			return true;
		if (own_way(check->query->joins, passed, table, NULL, &way) &&
			(best == NIL || list_length(way) < list_length(best)))
			best = way;
	}
	*steps = list_concat(*steps, best);
	return best != NIL;
}

/* Note that foreign keys lead from one listed table to another; once. */
static void
add_link(List **links, PrismiqTable *near, PrismiqTable *far)
{
	PrismiqLink *link;
	ListCell   *lc;

	foreach(lc, *links)
	{
		link = (PrismiqLink *) lfirst(lc);
		if ((link->near == near && link->far == far) || (link->near == far && link->far == near))
			return;
	}
	link = palloc(sizeof(PrismiqLink));
	link->near = near;
	link->far = far;
	*links = lappend(*links, link);
}

/*
 * Add the links on the one shortest way from the tables that are joined to
 * another: where it leaves one listed table and comes to the next.
 */
static void
add_links(PrismiqGraph *graph, const PrismiqTable *target, List **links)
{
	int			station = prismiq_graph_station(graph, target);
	PrismiqTable *far = NULL;
	int			part;

	if (station < 0)
		return;
	CHECK_FOR_INTERRUPTS();
	prismiq_graph_search(graph, target);
	part = graph->stations[station].part;
	if (graph->stations[part].paths != 1)
		return;					/* none, or several: a fault later on */
	while (graph->stations[part].distance > 0)
	{
		const PrismiqKeyEdge *edge = graph->stations[part].by;
		bool		forward = graph->stations[edge->to].part == part;
		const PrismiqStation *inner = &graph->stations[forward ? edge->to : edge->from];
		const PrismiqStation *outer = &graph->stations[forward ? edge->from : edge->to];

		if (inner->table->listed)
			far = inner->table;
		if (outer->table->listed)
			add_link(links, outer->table, far);
		part = outer->part;
	}
}

/*
 * The links that foreign keys make, beside the definition's own joins, on the
 * ways between "rows" (indexes of tables) and from these to "targets".  Nothing
 * is joined yet.
 */
List *
prismiq_path_links(PrismiqCheck *check, const Bitmapset *rows, const Bitmapset *targets)
{
	List	   *tables = check->query->tables;
	PrismiqGraph *graph = prismiq_graph_build(check, true);
	List	   *links = NIL;
	int			index = -1;

	/* a search begins at the tables that are joined */
	while ((index = bms_next_member(rows, index)) >= 0)
	{
		PrismiqTable *table = (PrismiqTable *) list_nth(tables, index);

		add_links(graph, table, &links);
		table->joined = true;
	}
	index = -1;
	while ((index = bms_next_member(targets, index)) >= 0)
		add_links(graph, (const PrismiqTable *) list_nth(tables, index), &links);
	index = -1;
	while ((index = bms_next_member(rows, index)) >= 0)
		((PrismiqTable *) list_nth(tables, index))->joined = false;
	return links;
}
