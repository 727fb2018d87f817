/*-------------------------------------------------------------------------
 *
 * paths.c
 *	  Joins along foreign keys, for tables that no join reaches.
 *
 * The graph's stations are the exposed relations that the caller may read, its
 * edges their foreign keys, with all their columns.  Tables that the
 * definition joins hang together as one part of the graph, whose inner ways
 * cost nothing; between parts it is searched breadth first, from the tables
 * already joined: exactly one shortest path to the wanted part is taken, more
 * than one is ambiguous, none is an error.  Never a cross join.
 *
 * The same search leads from the joined tables to one that only conditions of
 * scope any or none are on; what it finds is then no join but the inside of an
 * EXISTS (related.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "base/compat.h"
#include "base/settings.h"
#include "check/check.h"

/* One foreign key: columns of "from" refer to columns of "to". */
typedef struct Edge
{
	int			from;			/* station */
	int			to;
	int			nkeys;
	AttrNumber	from_attnums[INDEX_MAX_KEYS];
	AttrNumber	to_attnums[INDEX_MAX_KEYS];
} Edge;

/* A relation that can be joined: one of the query's tables, or another. */
typedef struct Station
{
	Oid			relid;
	PrismiqTable *table;
	int			part;			/* the station that stands for its part */

	/* of the part, in the station that stands for it */
	int			distance;		/* from the joined tables; -1: not reached */
	int			paths;			/* shortest ones, counted up to 2 */
	Edge	   *by;				/* edge by which it was reached */
} Station;

typedef struct Graph
{
	Station    *stations;
	int			nstations;
	List	   *edges;			/* Edge */
} Graph;

/* May the statement name the column? */
static bool
column_is_usable(PrismiqTable *table, AttrNumber attnum)
{
	PrismiqColumnRef ref;
	char	   *name = get_attname(table->relid, attnum, true);

	/* The tenant column may be joined on even when it is hidden: it shows nothing. */
	return name != NULL &&
		(attnum == table->tenant_attnum || prismiq_column_find(table, name, &ref));
}

/* Is the edge of use, and no other's double (two constraints on the same columns)? */
static bool
edge_is_new(const Graph *graph, const Edge *edge)
{
	ListCell   *lc;
	int			i;

	for (i = 0; i < edge->nkeys; i++)
		if (!column_is_usable(graph->stations[edge->from].table, edge->from_attnums[i]) ||
			!column_is_usable(graph->stations[edge->to].table, edge->to_attnums[i]))
			return false;
	foreach(lc, graph->edges)
	{
		const Edge *other = (const Edge *) lfirst(lc);

		if (other->from == edge->from && other->to == edge->to &&
			other->nkeys == edge->nkeys &&
			memcmp(other->from_attnums, edge->from_attnums,
				   sizeof(AttrNumber) * edge->nkeys) == 0 &&
			memcmp(other->to_attnums, edge->to_attnums,
				   sizeof(AttrNumber) * edge->nkeys) == 0)
			return false;
	}
	return true;
}

/* Add a foreign key, from every station of its table to every one of its target. */
static void
add_key(Graph *graph, const ForeignKeyCacheInfo *info)
{
	int			i;
	int			j;

	for (i = 0; i < graph->nstations; i++)
		for (j = 0; graph->stations[i].relid == info->conrelid && j < graph->nstations; j++)
		{
			Edge	   *edge;

			if (graph->stations[j].relid != info->confrelid || i == j)
				continue;
			edge = palloc0(sizeof(Edge));
			edge->from = i;
			edge->to = j;
			edge->nkeys = info->nkeys;
			memcpy(edge->from_attnums, info->conkey, sizeof(AttrNumber) * info->nkeys);
			memcpy(edge->to_attnums, info->confkey, sizeof(AttrNumber) * info->nkeys);
			if (edge_is_new(graph, edge))
				graph->edges = lappend(graph->edges, edge);
		}
}

/* Add the foreign keys of a relation. */
static void
add_edges(Graph *graph, Oid relid)
{
	char		relkind = get_rel_relkind(relid);
	Relation	rel;
	ListCell   *lc;

	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE)
		return;
	rel = table_open(relid, AccessShareLock);
	/* A copy: the cache's own list goes when an invalidation comes in meanwhile. */
	foreach(lc, copyObject(RelationGetFKeyList(rel)))
	{
		const ForeignKeyCacheInfo *info = lfirst_node(ForeignKeyCacheInfo, lc);

		if (!prismiq_key_has_period(info->conoid))
			add_key(graph, info);
	}
	table_close(rel, NoLock);
}

/*
 * Stations: the query's tables, those that stand aside only when asked for;
 * then every other relation the caller may read.
 */
static Graph *
build_graph(PrismiqCheck *check, bool aside)
{
	Graph	   *graph = palloc0(sizeof(Graph));
	List	   *exposed = prismiq_exposure_all();
	List	   *tables = check->query->tables;
	List	   *seen = NIL;
	ListCell   *lc;

	graph->stations = palloc0(sizeof(Station) * (list_length(exposed) + list_length(tables)));
	foreach(lc, tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (!PrismiqTableIsKnown(table) ||
			(aside ? !table->joined && !table->listed : table->aside))
			continue;
		graph->stations[graph->nstations].relid = table->relid;
		graph->stations[graph->nstations++].table = table;
		seen = list_append_unique_oid(seen, table->relid);
	}
	foreach(lc, exposed)
	{
		PrismiqTable *table;
		Oid			relid = lfirst_oid(lc);

		CHECK_FOR_INTERRUPTS();
		if (list_member_oid(seen, relid))
			continue;
		table = palloc0(sizeof(PrismiqTable));
		if (!prismiq_table_open(table, relid, check->who, check->config))
			continue;
		graph->stations[graph->nstations].relid = relid;
		graph->stations[graph->nstations++].table = table;
		seen = lappend_oid(seen, relid);
	}
	foreach(lc, seen)
		add_edges(graph, lfirst_oid(lc));
	return graph;
}

/* The station of a table, or -1. */
static int
station_of(const Graph *graph, const PrismiqTable *table)
{
	int			i;

	for (i = 0; i < graph->nstations; i++)
		if (graph->stations[i].table == table)
			return i;
	return -1;
}

/* Make two parts one. */
static void
unite(Graph *graph, int a, int b)
{
	int			from = graph->stations[b].part;
	int			to = graph->stations[a].part;
	int			i;

	for (i = 0; i < graph->nstations; i++)
		if (graph->stations[i].part == from)
			graph->stations[i].part = to;
}

/* Parts: what is joined already, and what the definition's other joins hold together. */
static void
find_parts(Graph *graph, List *joins)
{
	int			joined = -1;
	int			i;
	ListCell   *lc;

	for (i = 0; i < graph->nstations; i++)
		graph->stations[i].part = i;
	for (i = 0; i < graph->nstations; i++)
	{
		if (!graph->stations[i].table->joined)
			continue;
		if (joined >= 0)
			unite(graph, joined, i);
		joined = i;
	}
	foreach(lc, joins)
	{
		const PrismiqJoin *join = (const PrismiqJoin *) lfirst(lc);
		int			from = join->from == NULL ? -1 : station_of(graph, join->from);
		int			to = join->to == NULL ? -1 : station_of(graph, join->to);

		if (from >= 0 && to >= 0)
			unite(graph, from, to);
	}
}

/* Reach the parts one step further away than "distance"; false when there are none. */
static bool
search_step(Graph *graph, int distance)
{
	bool		progress = false;
	ListCell   *lc;

	foreach(lc, graph->edges)
	{
		Edge	   *edge = (Edge *) lfirst(lc);
		int			direction;

		CHECK_FOR_INTERRUPTS();
		for (direction = 0; direction < 2; direction++)
		{
			int			from = direction ? edge->to : edge->from;
			int			to = direction ? edge->from : edge->to;
			Station    *near = &graph->stations[graph->stations[from].part];
			Station    *far = &graph->stations[graph->stations[to].part];

			if (near->distance != distance ||
				(far->distance >= 0 && far->distance <= distance))
				continue;
			far->distance = distance + 1;
			far->paths = Min(2, far->paths + near->paths);
			far->by = edge;
			progress = true;
		}
	}
	return progress;
}

/*
 * Breadth first, counting shortest paths.  A path may pass through relations
 * that are not listed, and through listed ones.
 */
static void
search_graph(Graph *graph, List *joins)
{
	int			i;
	int			distance = 0;

	find_parts(graph, joins);
	for (i = 0; i < graph->nstations; i++)
	{
		Station    *station = &graph->stations[i];

		station->distance = -1;
		station->paths = 0;
		station->by = NULL;
	}
	for (i = 0; i < graph->nstations; i++)
		if (graph->stations[i].table->joined)
		{
			graph->stations[graph->stations[i].part].distance = 0;
			graph->stations[graph->stations[i].part].paths = 1;
		}
	while (search_step(graph, distance))
		distance++;
}

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
make_join(PrismiqCheck *check, const Edge *edge, bool forward, PrismiqTable *from,
		  PrismiqTable *to, const PrismiqPath *path)
{
	PrismiqJoin *join = palloc0(sizeof(PrismiqJoin));
	int			i;

	join->path = path;
	join->automatic = true;
	join->type = join->printed_type = PRISMIQ_JOIN_INNER;
	join->from = from;
	join->to = to;
	for (i = 0; i < edge->nkeys; i++)
	{
		PrismiqJoinKey *key = palloc0(sizeof(PrismiqJoinKey));

		key->path = path;
		key->op = PRISMIQ_OP_EQ;
		key->from = ref_by_attnum(from, forward ? edge->from_attnums[i] : edge->to_attnums[i],
								  path);
		key->to = ref_by_attnum(to, forward ? edge->to_attnums[i] : edge->from_attnums[i], path);
		if (!prismiq_join_key_check(check, join, key))
			return NULL;
		join->keys = lappend(join->keys, key);
	}
	return join;
}

/* Take a table that is not listed into the query; false after a fault. */
static bool
add_table(PrismiqCheck *check, PrismiqTable *table, const PrismiqPath *path)
{
	PrismiqQuery *query = check->query;

	if (list_member_ptr(query->tables, table))
		return true;
	if (list_length(query->tables) >= prismiq_limit(PRISMIQ_MAX_TABLES))
	{
		prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, path, NULL,
						  "the automatic joins need more tables than allowed");
		return false;
	}
	table->index = list_length(query->tables);
	query->tables = lappend(query->tables, table);
	return true;
}

/* The join along the edge that led to a part; null after a fault. */
static PrismiqJoin *
edge_join(PrismiqCheck *check, Graph *graph, const Edge *edge, int part,
		  const PrismiqPath *path)
{
	bool		forward = graph->stations[edge->to].part == part;
	PrismiqTable *from = graph->stations[forward ? edge->from : edge->to].table;
	PrismiqTable *to = graph->stations[forward ? edge->to : edge->from].table;

	return add_table(check, to, path) ? make_join(check, edge, forward, from, to, path) : NULL;
}

/* Walk back from a part to the joined tables, and join forward again; false after a fault. */
static bool
take_path(PrismiqCheck *check, Graph *graph, int part, const PrismiqPath *path)
{
	Edge	   *edge = graph->stations[part].by;
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
add_unreached(PrismiqCheck *check, const Station *part, const PrismiqTable *target,
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
	Graph	   *graph = NULL;

	for (;;)
	{
		Station    *best = NULL;
		PrismiqTable *target = NULL;
		int			i;

		for (i = 0; graph != NULL && i < graph->nstations; i++)
		{
			Station    *station = &graph->stations[i];
			Station    *part = &graph->stations[station->part];

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
			graph = build_graph(check, false);
			search_graph(graph, check->query->joins);
			continue;
		}
		if (best == NULL)
			return true;
		if (add_unreached(check, best, target, target->path) ||
			!take_path(check, graph, (int) (best - graph->stations), target->path))
			return false;
		search_graph(graph, check->query->joins);
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
key_way(PrismiqCheck *check, Graph *graph, int station, const PrismiqPath *path, List **steps)
{
	int			part = graph->stations[station].part;
	Edge	   *edge = graph->stations[part].by;
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
	Graph	   *graph;
	List	   *steps = NIL;
	int			station;

	if (own_way(check->query->joins, NULL, target, NULL, &steps))
		return steps;
	graph = build_graph(check, true);
	search_graph(graph, check->query->joins);
	station = station_of(graph, target);
	if (station < 0 ||
		add_unreached(check, &graph->stations[graph->stations[station].part], target, path) ||
		!key_way(check, graph, station, path, &steps))
		return NIL;
	return steps;
}
