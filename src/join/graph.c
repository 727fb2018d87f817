/*-------------------------------------------------------------------------
 *
 * graph.c
 *	  Ways along foreign keys, from the tables that are joined already.
 *
 * The stations are the query's tables and whatever other exposed relations the
 * caller may read, the edges their foreign keys, with all their columns, and the
 * relationships that the application's model says, where no key says the same.  There
 * may be thousands, of which a query passes a few: so the graph grows only
 * where the search has come to, and no relation in it is locked for being
 * there.  What is chosen is locked and looked at again by the caller.
 *
 * Where a table has a row for each tenant, and others refer to it by nothing but
 * their tenant column, all rows that are seen lead to one.  From there on to other
 * tables' rows would be no way but a cross join: only what that row refers to is
 * looked for behind it, unless the definition lists the table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "access/relationships.h"
#include "catalog/catalogs.h"
#include "join/graph.h"
#include "model/table.h"

/* The stations of a relation; none when the caller must not know of it. */
typedef struct StationsOf
{
	Oid			relid;			/* hash key */
	int			first;			/* station, or -1 */
} StationsOf;

/*
 * May the statement name the column?  Asked by its number of the system cache:
 * the table need not be locked.
 */
static bool
column_is_usable(const PrismiqTable *table, AttrNumber attnum)
{
	char	   *name = get_attname(table->relid, attnum, true);

	/* The tenant column may be joined on even when it is hidden: it shows nothing. */
	return name != NULL &&
		(attnum == table->tenant_attnum || prismiq_column_allowed(table, attnum, name));
}

/* May the statement name the columns of a key? */
static bool
key_is_usable(const PrismiqTable *from, const PrismiqTable *to, const PrismiqForeignKey *key)
{
	int			i;

	for (i = 0; i < key->nkeys; i++)
		if (!column_is_usable(from, key->from_attnums[i]) ||
			!column_is_usable(to, key->to_attnums[i]))
			return false;
	return true;
}

/* Are two keys the same columns? */
static bool
keys_are_alike(const PrismiqForeignKey *a, const PrismiqForeignKey *b)
{
	Size		size = sizeof(AttrNumber) * a->nkeys;

	return a->from == b->from && a->to == b->to && a->nkeys == b->nkeys &&
		memcmp(a->from_attnums, b->from_attnums, size) == 0 &&
		memcmp(a->to_attnums, b->to_attnums, size) == 0;
}

/* Does an edge between two stations, either way, join what the model's key joins? */
static bool
is_said_before(const PrismiqGraph *graph, int from, int to, const PrismiqForeignKey *key)
{
	int			turned;
	ListCell   *lc;

	for (turned = 0; turned < 2; turned++)
		foreach(lc, graph->stations[turned ? to : from].edges)
		{
			const PrismiqKeyEdge *other = (const PrismiqKeyEdge *) lfirst(lc);

			if (other->from == (turned ? to : from) && other->to == (turned ? from : to) &&
				prismiq_keys_repeat(key, other->key, graph->stations[from].table,
									graph->stations[to].table))
				return true;
		}
	return false;
}

/* Is the key nothing but the column that all rows of the tenant have in common? */
static bool
is_of_tenant(const PrismiqTable *from, const PrismiqForeignKey *key)
{
	return key->nkeys == 1 && from->tenant_attnum > 0 &&
		key->from_attnums[0] == from->tenant_attnum;
}

/* Add an edge, unless it is of no use, there already, or another's double. */
static void
add_edge(PrismiqGraph *graph, int from, int to, const PrismiqForeignKey *key)
{
	PrismiqKeyEdge	   *edge;
	ListCell   *lc;

	if (from == to || key->period || (key->said && is_said_before(graph, from, to, key)))
		return;
	foreach(lc, graph->stations[from].edges)
	{
		const PrismiqKeyEdge *other = (const PrismiqKeyEdge *) lfirst(lc);

		if (other->from == from && other->to == to && keys_are_alike(other->key, key))
			return;
	}
	if (!key_is_usable(graph->stations[from].table, graph->stations[to].table, key))
		return;
	edge = palloc(sizeof(PrismiqKeyEdge));
	edge->from = from;
	edge->to = to;
	edge->key = key;
	edge->of_tenant = is_of_tenant(graph->stations[from].table, key);
	graph->edges = lappend(graph->edges, edge);
	graph->stations[from].edges = lappend(graph->stations[from].edges, edge);
}

/* A relation, or one more appearance of it, is a station; its place in the list. */
static int
add_station(PrismiqGraph *graph, PrismiqTable *table)
{
	PrismiqStation *station;
	StationsOf *stations;
	bool		found;

	if (graph->nstations == graph->room)
	{
		graph->room *= 2;
		graph->stations = repalloc_huge(graph->stations, sizeof(PrismiqStation) * graph->room);
	}
	station = &graph->stations[graph->nstations];
	memset(station, 0, sizeof(PrismiqStation));
	station->relid = table->relid;
	station->table = table;
	station->part = graph->nstations;
	station->distance = -1;
	stations = hash_search(graph->by_relid, &table->relid, HASH_ENTER, &found);
	station->next = found ? stations->first : -1;
	stations->first = graph->nstations;
	return graph->nstations++;
}

/* The first station of a relation, which is made if the caller may know of it; or -1. */
static int
stations_of(PrismiqGraph *graph, Oid relid)
{
	StationsOf *stations = hash_search(graph->by_relid, &relid, HASH_FIND, NULL);
	PrismiqTable *table;
	bool		found;

	if (stations != NULL)
		return stations->first;
	table = palloc0(sizeof(PrismiqTable));
	if (prismiq_table_see(table, relid, graph->check->who, graph->check->config))
		return add_station(graph, table);
	stations = hash_search(graph->by_relid, &relid, HASH_ENTER, &found);
	stations->first = -1;
	return -1;
}

/* Add what leads from a station to others. */
static void
add_edges_from(PrismiqGraph *graph, int station, const List *keys)
{
	ListCell   *lc;
	int			other;

	foreach(lc, keys)
	{
		const PrismiqForeignKey *key = (const PrismiqForeignKey *) lfirst(lc);

		for (other = stations_of(graph, key->to); other >= 0;
			 other = graph->stations[other].next)
			add_edge(graph, station, other, key);
	}
}

/* Add what leads from others to a station. */
static void
add_edges_to(PrismiqGraph *graph, int station, const List *keys)
{
	ListCell   *lc;
	int			other;

	foreach(lc, keys)
	{
		const PrismiqForeignKey *key = (const PrismiqForeignKey *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		for (other = stations_of(graph, key->from); other >= 0;
			 other = graph->stations[other].next)
			add_edge(graph, other, station, key);
	}
}

/*
 * Let the edges of a station, and the stations that they lead to, be known: foreign
 * keys, and what the application's model says besides.
 */
static void
grow(PrismiqGraph *graph, int station)
{
	const PrismiqContext *who = graph->check->who;
	const PrismiqTenantConfig *config = graph->check->config;
	PrismiqTable *table = graph->stations[station].table;

	if (graph->stations[station].grown)
		return;
	graph->stations[station].grown = true;
	if (prismiq_relkind_is_table(table->relkind))
	{
		add_edges_from(graph, station, prismiq_foreign_keys_from(table->relid));
		add_edges_to(graph, station, prismiq_foreign_keys_to(table->relid));
	}
	if (config->relationships == NIL || !OidIsValid(table->relid))
		return;
	add_edges_from(graph, station, prismiq_relationships_from(table, who, config));
	add_edges_to(graph, station, prismiq_relationships_to(table, who, config));
}

/*
 * A graph of the query's tables, those that stand aside only when asked for;
 * the search adds what else the caller may read.
 */
PrismiqGraph *
prismiq_graph_build(PrismiqCheck *check, bool aside)
{
	PrismiqGraph	   *graph = palloc0(sizeof(PrismiqGraph));
	List	   *tables = check->query->tables;
	HASHCTL		ctl;
	ListCell   *lc;

	graph->check = check;
	graph->room = list_length(tables) + 16;
	graph->stations = palloc(sizeof(PrismiqStation) * graph->room);
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(StationsOf);
	ctl.hcxt = CurrentMemoryContext;
	graph->by_relid = hash_create("prismiq stations", 64, &ctl,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	foreach(lc, tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (PrismiqTableIsKnown(table) &&
			(aside ? table->joined || table->listed : !table->aside))
			(void) add_station(graph, table);
	}
	return graph;
}

/* Tables that are listed have stations; -1 for one that stands aside. */
int
prismiq_graph_station(const PrismiqGraph *graph, const PrismiqTable *table)
{
	int			i;

	for (i = 0; i < graph->nstations; i++)
		if (graph->stations[i].table == table)
			return i;
	return -1;
}

/* Make two parts one. */
static void
unite(PrismiqGraph *graph, int a, int b)
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
find_parts(PrismiqGraph *graph, List *joins)
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
		int			from = join->from == NULL ? -1 : prismiq_graph_station(graph, join->from);
		int			to = join->to == NULL ? -1 : prismiq_graph_station(graph, join->to);

		if (from >= 0 && to >= 0)
			unite(graph, from, to);
	}
}

/* Is the station reached by way of the tenant's row, now or when it was joined? */
static bool
is_beyond_tenant(const PrismiqGraph *graph, int station)
{
	return graph->stations[station].table->beyond_tenant ||
		graph->stations[graph->stations[station].part].beyond_tenant;
}

/* Is a step by an edge, "down" to what refers to the near station, more than a cross join? */
static bool
edge_joins(const PrismiqGraph *graph, const PrismiqKeyEdge *edge, bool down)
{
	return !down || !(is_beyond_tenant(graph, edge->to) ||
					  (edge->of_tenant && !graph->stations[edge->to].table->listed));
}

/*
 * Does one edge from what is joined say nothing beside another one, to the same part?
 * That rows are the same tenant's is true of all: of two that lead to the tenant's row
 * one is enough, and down from there any other way is a better one, unless that is
 * between the same two tables and means something else.
 */
static bool
edge_is_implied(const PrismiqKeyEdge *edge, bool down, const PrismiqKeyEdge *other)
{
	if (!edge->of_tenant)
		return false;
	if (!down)
		return other->of_tenant && other->to == edge->to;
	return Min(edge->from, edge->to) != Min(other->from, other->to) ||
		Max(edge->from, edge->to) != Max(other->from, other->to);
}

/* Come to a part by an edge that leads one step further than "distance". */
static void
reach_part(const PrismiqGraph *graph, PrismiqKeyEdge *edge, bool down, int distance)
{
	const PrismiqStation *near = &graph->stations[
		graph->stations[down ? edge->to : edge->from].part];
	int			part = graph->stations[down ? edge->from : edge->to].part;
	PrismiqStation *far = &graph->stations[part];

	if (far->by != NULL && distance == 0)
	{
		if (edge_is_implied(edge, down, far->by))
			return;
		if (edge_is_implied(far->by, graph->stations[far->by->from].part == part, edge))
			far->paths = 0;
	}
	if (far->by == NULL)
		far->beyond_tenant = !down && (is_beyond_tenant(graph, edge->from) ||
			(edge->of_tenant && !graph->stations[edge->to].table->listed));
	far->distance = distance + 1;
	far->paths = Min(2, far->paths + near->paths);
	far->by = edge;
}

/* Reach the parts one step further away than "distance"; false when there are none. */
static bool
search_step(PrismiqGraph *graph, int distance)
{
	bool		progress = false;
	int			known = graph->nstations;
	ListCell   *lc;
	int			i;

	for (i = 0; i < known; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (graph->stations[graph->stations[i].part].distance == distance)
			grow(graph, i);
	}
	foreach(lc, graph->edges)
	{
		PrismiqKeyEdge	   *edge = (PrismiqKeyEdge *) lfirst(lc);
		int			direction;

		CHECK_FOR_INTERRUPTS();
		for (direction = 0; direction < 2; direction++)
		{
			int			from = direction ? edge->to : edge->from;
			int			to = direction ? edge->from : edge->to;
			const PrismiqStation *near = &graph->stations[graph->stations[from].part];
			const PrismiqStation *far = &graph->stations[graph->stations[to].part];

			if (near->distance != distance ||
				(far->distance >= 0 && far->distance <= distance) ||
				!edge_joins(graph, edge, direction == 1))
				continue;
			reach_part(graph, edge, direction == 1, distance);
			progress = true;
		}
	}
	return progress;
}

/* Is the station one to which a path is looked for: "goal", or (null) a listed table? */
static bool
is_goal(const PrismiqStation *station, const PrismiqTable *goal)
{
	return goal != NULL ? station->table == goal :
		!station->table->joined && station->table->listed;
}

/* Has the search come to a goal? */
static bool
goal_is_reached(const PrismiqGraph *graph, const PrismiqTable *goal)
{
	int			i;

	for (i = 0; i < graph->nstations; i++)
		if (is_goal(&graph->stations[i], goal) &&
			graph->stations[graph->stations[i].part].distance >= 0)
			return true;
	return false;
}

/*
 * Breadth first, counting shortest paths, until the nearest goal is reached:
 * that table, or (null) any that is listed and not joined.  A path may pass
 * through relations that are not listed, and through listed ones.
 */
void
prismiq_graph_search(PrismiqGraph *graph, const PrismiqTable *goal)
{
	int			i;
	int			distance = 0;

	find_parts(graph, graph->check->query->joins);
	for (i = 0; i < graph->nstations; i++)
	{
		PrismiqStation *station = &graph->stations[i];

		station->distance = -1;
		station->paths = 0;
		station->by = NULL;
		station->beyond_tenant = false;
	}
	for (i = 0; i < graph->nstations; i++)
		if (graph->stations[i].table->joined)
		{
			graph->stations[graph->stations[i].part].distance = 0;
			graph->stations[graph->stations[i].part].paths = 1;
		}
	while (!goal_is_reached(graph, goal) && search_step(graph, distance))
		distance++;
}

/* Is the key still there?  Both its tables are locked by now. */
bool
prismiq_graph_key_is_true(const PrismiqGraph *graph, const PrismiqTable *from,
						  const PrismiqTable *to, const PrismiqForeignKey *key)
{
	List	   *keys = key->said ?
		prismiq_relationships_from(from, graph->check->who, graph->check->config) :
		prismiq_foreign_keys_from(key->from);
	ListCell   *lc;

	foreach(lc, keys)
		if (keys_are_alike((const PrismiqForeignKey *) lfirst(lc), key))
			return key_is_usable(from, to, key);
	return false;
}
