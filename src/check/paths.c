/*-------------------------------------------------------------------------
 *
 * paths.c
 *	  Joins along foreign keys, for tables that no join reaches.
 *
 * The graph's stations are the exposed relations that the caller may read, its
 * edges their foreign keys, each keyed by its constraint's OID (names repeat
 * between schemas) with all its columns.  Breadth first from the tables
 * already joined: exactly one shortest path to the wanted table is taken, more
 * than one is ambiguous, none is an error.  Never a cross join.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "base/settings.h"
#include "check/check.h"

/* One foreign key: columns of "from" refer to columns of "to". */
typedef struct Edge
{
	int			from;			/* node */
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
	int			distance;		/* from the joined tables; -1: not reached */
	int			paths;			/* shortest ones, counted up to 2 */
	Edge	   *by;				/* edge by which it was reached */
} Station;

typedef struct Graph
{
	Station	   *nodes;
	int			nnodes;
	List	   *edges;			/* Edge */
} Graph;

/* Add the foreign keys that a relation has, to every node of their target. */
static void
add_edges(Graph *graph, Oid relid)
{
	Relation	rel = table_open(relid, AccessShareLock);
	ListCell   *lc;

	foreach(lc, RelationGetFKeyList(rel))
	{
		ForeignKeyCacheInfo *info = lfirst_node(ForeignKeyCacheInfo, lc);
		int			i;
		int			j;

		for (i = 0; i < graph->nnodes; i++)
			for (j = 0; j < graph->nnodes; j++)
			{
				Edge	   *edge;

				if (graph->nodes[i].relid != info->conrelid ||
					graph->nodes[j].relid != info->confrelid || i == j)
					continue;
				edge = palloc0(sizeof(Edge));
				edge->from = i;
				edge->to = j;
				edge->nkeys = info->nkeys;
				memcpy(edge->from_attnums, info->conkey, sizeof(AttrNumber) * info->nkeys);
				memcpy(edge->to_attnums, info->confkey, sizeof(AttrNumber) * info->nkeys);
				graph->edges = lappend(graph->edges, edge);
			}
	}
	table_close(rel, NoLock);
}

/* Nodes: the query's tables, then every other relation the caller may read. */
static Graph *
build_graph(PrismiqCheck *check)
{
	Graph	   *graph = palloc0(sizeof(Graph));
	List	   *exposed = prismiq_exposure_all();
	List	   *tables = check->query->tables;
	List	   *seen = NIL;
	ListCell   *lc;

	graph->nodes = palloc0(sizeof(Station) * (list_length(exposed) + list_length(tables)));
	foreach(lc, tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		graph->nodes[graph->nnodes].relid = table->relid;
		graph->nodes[graph->nnodes++].table = table;
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
		graph->nodes[graph->nnodes].relid = relid;
		graph->nodes[graph->nnodes++].table = table;
		seen = lappend_oid(seen, relid);
	}
	foreach(lc, seen)
	{
		char		relkind = get_rel_relkind(lfirst_oid(lc));

		if (relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE)
			add_edges(graph, lfirst_oid(lc));
	}
	return graph;
}

/*
 * Breadth first, counting shortest paths.  A path may pass through relations
 * that are not listed, and through listed ones.
 */
static void
search_graph(Graph *graph)
{
	int			i;
	int			distance = 0;
	bool		progress = true;

	for (i = 0; i < graph->nnodes; i++)
	{
		graph->nodes[i].distance = graph->nodes[i].table->joined ? 0 : -1;
		graph->nodes[i].paths = graph->nodes[i].table->joined ? 1 : 0;
	}
	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, graph->edges)
		{
			Edge	   *edge = (Edge *) lfirst(lc);
			int			direction;

			CHECK_FOR_INTERRUPTS();
			for (direction = 0; direction < 2; direction++)
			{
				Station	   *near = &graph->nodes[direction ? edge->to : edge->from];
				Station	   *far = &graph->nodes[direction ? edge->from : edge->to];

				if (near->distance != distance ||
					(far->distance >= 0 && far->distance <= distance))
					continue;
				far->distance = distance + 1;
				far->paths = Min(2, far->paths + near->paths);
				far->by = edge;
				progress = true;
			}
		}
		distance++;
	}
}

/* A reference to a column by its number; null when it must not be seen. */
static PrismiqColumnRef *
ref_by_attnum(PrismiqTable *table, AttrNumber attnum, const PrismiqPath *path)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	char	   *name = get_attname(table->relid, attnum, true);

	ref->path = ref->table_path = ref->column_path = path;
	ref->table_id = table->id;
	ref->column = name;

	/* The tenant column may be joined on even when it is hidden: it shows nothing. */
	if (name == NULL || (!prismiq_column_find(table, name, ref) &&
						 attnum != table->tenant_attnum))
		return NULL;
	ref->table = table;
	ref->attnum = attnum;
	ref->name = name;
	ref->type = get_atttype(table->relid, attnum);
	ref->basetype = getBaseType(ref->type);
	table->used = bms_add_member(table->used, attnum);
	return ref;
}

/* Turn an edge into an inner join that reaches "to"; null after a fault. */
static PrismiqJoin *
make_join(PrismiqCheck *check, Graph *graph, Edge *edge, PrismiqTable *from,
		  PrismiqTable *to)
{
	PrismiqJoin *join = palloc0(sizeof(PrismiqJoin));
	bool		forward = graph->nodes[edge->from].table == from;
	int			i;

	join->path = to->path;
	join->automatic = true;
	join->type = join->printed_type = PRISMIQ_JOIN_INNER;
	join->from = from;
	join->to = to;
	for (i = 0; i < edge->nkeys; i++)
	{
		PrismiqJoinKey *key = palloc0(sizeof(PrismiqJoinKey));

		key->path = join->path;
		key->op = PRISMIQ_OP_EQ;
		key->from = ref_by_attnum(from, forward ? edge->from_attnums[i] : edge->to_attnums[i],
								  join->path);
		key->to = ref_by_attnum(to, forward ? edge->to_attnums[i] : edge->from_attnums[i],
								join->path);
		if (key->from == NULL || key->to == NULL)
			return NULL;
		if (!prismiq_join_key_check(check, join, key))
			return NULL;
		join->keys = lappend(join->keys, key);
	}
	return join;
}

/* Walk back from the node to the joined tables, and join forward again. */
static bool
take_path(PrismiqCheck *check, Graph *graph, Station *node)
{
	PrismiqQuery *query = check->query;
	Station	   *previous = &graph->nodes[node->by->from] == node ?
		&graph->nodes[node->by->to] : &graph->nodes[node->by->from];
	PrismiqTable *table = node->table;
	PrismiqJoin *join;

	check_stack_depth();
	if (previous->distance > 0 && !take_path(check, graph, previous))
		return false;
	join = make_join(check, graph, node->by, previous->table, table);
	if (join == NULL)
		return false;
	if (!table->listed)
	{
		if (list_length(query->tables) >= prismiq_limit(PRISMIQ_MAX_TABLES))
		{
			prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, join->path, NULL,
							  "the automatic joins need more tables than allowed");
			return false;
		}
		table->index = list_length(query->tables);
		query->tables = lappend(query->tables, table);
	}
	table->joined = true;
	query->join_order = lappend(query->join_order, join);
	return true;
}

/* How the caller may write the join by hand. */
static char *
join_suggestion(const PrismiqTable *target)
{
	return psprintf("Say how \"%s\" is joined, in \"joins\".", target->id);
}

/*
 * Join a table of the query that nothing reaches along the one shortest path
 * of foreign keys; false after a fault.
 */
bool
prismiq_path_connect(PrismiqCheck *check, PrismiqTable *target)
{
	Graph	   *graph = build_graph(check);
	Station	   *node = &graph->nodes[target->index];
	int			i;

	search_graph(graph);
	for (i = 0; i < graph->nnodes; i++)
		if (graph->nodes[i].table == target)
			node = &graph->nodes[i];
	if (node->distance < 0)
	{
		prismiq_fault_add(check->faults, PRISMIQ_MISSING_JOIN, target->path,
						  join_suggestion(target),
						  "table \"%s\" is not joined, and no foreign keys lead to it",
						  target->id);
		return false;
	}
	if (node->paths > 1)
	{
		prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_JOIN, target->path,
						  join_suggestion(target),
						  "table \"%s\" can be joined in more than one way", target->id);
		return false;
	}
	if (!take_path(check, graph, node))
	{
		if (check->faults->errors == NIL)
			prismiq_fault_add(check->faults, PRISMIQ_MISSING_JOIN, target->path,
							  join_suggestion(target),
							  "table \"%s\" is not joined, and no foreign keys lead to it",
							  target->id);
		return false;
	}
	return true;
}
