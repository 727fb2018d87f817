/*-------------------------------------------------------------------------
 *
 * loud.c
 *	  On whose rows may something loud run as a condition?
 *
 * Conditions are WHERE, ON and HAVING of every level of a statement.  A
 * condition is moved downwards wherever that changes no answer: through
 * joins, grouping, windows and set operations, with the expressions behind the
 * columns that it names put in their place, those of a view included.  So each
 * condition is traced to the tables whose rows it is worked out of, and if
 * anything on the way is loud (silent.c says what is), so are these tables.
 *
 * What stands over an aggregate or a window function is no condition on rows
 * any more.  Inside a view it is: the tenant predicate comes after the view
 * and is itself a condition on the view's groups.  And what a view computes in
 * a subquery of its own for each row, as a value or beside a table in FROM, is
 * loud, whatever is in there: none of it is looked at, and PostgreSQL may put it
 * in the place of the column.
 *
 * What is only selected, grouped or sorted by, or aggregated, is worked out on
 * rows that have passed all conditions, and is not looked at, with two
 * exceptions.  Below an outer join, a set operation or grouping sets PostgreSQL
 * works out what a subquery selects as early as it can, which is where its
 * columns are from (a PlaceHolderVar).  And the rows may be sorted for the
 * answer, its groups, windows or aggregates in the parallel scan of one table,
 * below the joins (relation_can_be_sorted_early()), or by a foreign server.  For
 * a table, and a simple view of one, that is after its own predicate; of another
 * view, which may have the tenant from another table than the column, it is
 * before, and so it is where the server is not told the predicate.
 *
 * A view, or a policy of a table, may be loud by itself on rows of any tenant;
 * then a silent condition is enough to choose the rows (trace_view).
 *
 * The walkers know the nodes of an analysed and rewritten tree.  A node that
 * they do not know is loud.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

#include "base/compat.h"
#include "run/barrier.h"

/* One level of queries, to resolve names that lead outwards. */
typedef struct Level
{
	Query	   *query;
	struct Level *outer;
} Level;

/* A column that was looked behind: which wrappers' rows it is made of. */
typedef struct Behind
{
	struct BehindKey
	{
		const RangeTblEntry *rte;
		int64		column;
	}			key;
	Bitmapset  *rows;
} Behind;

/* One search through one statement. */
typedef struct Tracing
{
	ParamListInfo params;
	List	   *wrappers;		/* PrismiqWrapper *; a set of rows is of positions here */
	Bitmapset  *loud;			/* on whose rows something loud may run too early */
	HTAB	   *behind;			/* Behind */
	int			inside;			/* position of the wrapper that is looked into, or -1 */
	Bitmapset  *sublink;		/* rows behind the columns of the sublink at hand */
	bool		early;			/* what subqueries select may be worked out early */
	bool		selected;		/* what is selected and sorted by is looked at */
	bool		whole;			/* aggregates are looked into */
} Tracing;

static Bitmapset *trace(Tracing *tracing, Node *node, Level *level);
static void trace_view(Tracing *tracing, Query *query, AttrNumber tenant,
					   bool security_barrier, Level *outer);

/* Something loud is worked out of these rows. */
static Bitmapset *
make_loud(Tracing *tracing, Bitmapset *rows)
{
	tracing->loud = bms_add_members(tracing->loud, rows);
	return rows;
}

/* The rows of the view or table that is looked into. */
static Bitmapset *
inner_rows(const Tracing *tracing)
{
	return tracing->inside >= 0 ? bms_make_singleton(tracing->inside) : NULL;
}

/* The same, where a view works out something in a way that is not looked into. */
static Bitmapset *
unseen_rows(Tracing *tracing)
{
	return make_loud(tracing, inner_rows(tracing));
}

/* The position of a wrapper, or -1. */
static int
wrapper_position(const Tracing *tracing, const RangeTblEntry *rte)
{
	ListCell   *lc;

	foreach(lc, tracing->wrappers)
		if (((const PrismiqWrapper *) lfirst(lc))->rte == rte)
			return foreach_current_index(lc);
	return -1;
}

/* The rows behind a column of a query; of all its columns if "column" is 0. */
static Bitmapset *
trace_target(Tracing *tracing, Query *query, AttrNumber column, Level *outer)
{
	Level		level = {query, outer};
	Bitmapset  *rows = NULL;
	ListCell   *lc;

	check_stack_depth();
	if (query->setOperations != NULL)
	{
		/* The members' columns are the query's, in the same order. */
		foreach(lc, query->rtable)
		{
			RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

			if (rte->rtekind == RTE_SUBQUERY)
				rows = bms_add_members(rows, trace_target(tracing, rte->subquery, column,
														  &level));
		}
		return rows;
	}
	foreach(lc, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, lc);

		if (column == 0 || entry->resno == column)
			rows = bms_add_members(rows, trace(tracing, (Node *) entry->expr, &level));
	}
	return rows;
}

/* The rows behind a column of a common table expression. */
static Bitmapset *
trace_cte(Tracing *tracing, const RangeTblEntry *rte, AttrNumber column, Level *level)
{
	ListCell   *lc;
	Index		up;

	for (up = 0; up < rte->ctelevelsup && level != NULL; up++)
		level = level->outer;
	foreach(lc, level != NULL ? level->query->cteList : NIL)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

		if (strcmp(cte->ctename, rte->ctename) != 0)
			continue;
		if (cte->cterecursive)
			break;				/* only a view has one */
		return trace_target(tracing, castNode(Query, cte->ctequery), column, level);
	}
	return make_loud(tracing, inner_rows(tracing));
}

/*
 * The rows behind what functions in FROM return.  They run after their arguments' tables
 * were read, and become no condition themselves; what is asked of their columns may.
 */
static Bitmapset *
trace_arguments(Tracing *tracing, const RangeTblEntry *rte, Level *level)
{
	Bitmapset  *rows = NULL;
	ListCell   *lc;

	foreach(lc, rte->functions)
	{
		Node	   *function = lfirst_node(RangeTblFunction, lc)->funcexpr;

		rows = bms_add_members(rows, IsA(function, FuncExpr) ?
							   trace(tracing, (Node *) ((FuncExpr *) function)->args, level) :
							   trace(tracing, function, level));
	}
	return rows;
}

/* The rows behind a column of what stands in FROM. */
static Bitmapset *
trace_column(Tracing *tracing, RangeTblEntry *rte, AttrNumber column, Level *level)
{
	int			before = tracing->inside;
	int			position;
	Bitmapset  *rows;

	switch (rte->rtekind)
	{
		case RTE_RELATION:
			if (prismiq_column_is_virtual(rte->relid, column))
				return unseen_rows(tracing);
			return inner_rows(tracing);
		case RTE_SUBQUERY:
			position = wrapper_position(tracing, rte);
			if (position >= 0)
				tracing->inside = position;
			rows = trace_target(tracing, rte->subquery, column, level);
			if (rte->lateral)
				rows = bms_add_members(rows, unseen_rows(tracing));
			tracing->inside = before;
			return rows;
		case RTE_JOIN:
			if (column == 0)
				return trace(tracing, (Node *) rte->joinaliasvars, level);
			return trace(tracing, list_nth(rte->joinaliasvars, column - 1), level);
		case RTE_CTE:
			return trace_cte(tracing, rte, column, level);
		case RTE_FUNCTION:
			/* Ours: what it returns is made of its arguments, such as an array's elements. */
			if (tracing->inside < 0)
				return trace_arguments(tracing, rte, level);
			return unseen_rows(tracing);
		case RTE_VALUES:
		case RTE_TABLEFUNC:
		case RTE_RESULT:
			/* A view's may be made of its rows. */
			return unseen_rows(tracing);
		default:
			if (prismiq_rte_is_group(rte))
				return trace(tracing, prismiq_group_expression(rte, column), level);
			return unseen_rows(tracing);
	}
}

/* The same, remembered: a column may be named many times over many levels. */
static Bitmapset *
trace_var(Tracing *tracing, const Var *var, Level *level)
{
	struct BehindKey key;
	Behind	   *behind;
	Bitmapset  *rows;
	bool		found;
	Index		up;

	for (up = 0; up < var->varlevelsup && level != NULL; up++)
		level = level->outer;
	if (level == NULL)
		prismiq_barrier_refuse("column");
	memset(&key, 0, sizeof(key));
	key.rte = rt_fetch(var->varno, level->query->rtable);
	key.column = var->varattno;
	behind = hash_search(tracing->behind, &key, HASH_FIND, NULL);
	if (behind != NULL)
		return behind->rows;
	rows = trace_column(tracing, unconstify(RangeTblEntry *, key.rte), var->varattno, level);
	behind = hash_search(tracing->behind, &key, HASH_ENTER, &found);
	behind->rows = rows;
	return rows;
}

/* The rows behind a subquery in an expression. */
static Bitmapset *
trace_sublink(Tracing *tracing, SubLink *sublink, Level *level)
{
	Query	   *query = castNode(Query, sublink->subselect);
	Bitmapset  *before = tracing->sublink;
	Bitmapset  *rows = trace_target(tracing, query, 0, level);

	tracing->sublink = rows;
	rows = bms_union(rows, trace(tracing, sublink->testexpr, level));
	tracing->sublink = before;
	if (tracing->inside < 0)
		return rows;			/* its own conditions are looked at in their turn */
	if (sublink->subLinkType == EXISTS_SUBLINK || sublink->subLinkType == ANY_SUBLINK ||
		sublink->subLinkType == ALL_SUBLINK)
		trace_view(tracing, query, 0, false, level);
	else
		(void) unseen_rows(tracing);
	return bms_add_members(rows, inner_rows(tracing));
}

/* Gathers the rows behind the nodes below one. */
typedef struct Below
{
	Tracing    *tracing;
	Level	   *level;
	Bitmapset  *rows;
} Below;

/* Gather the tables of all arguments, as a callback of the tree walker. */
static bool
trace_below(Node *node, void *context)
{
	Below	   *below = (Below *) context;

	below->rows = bms_add_members(below->rows, trace(below->tracing, node, below->level));
	return false;
}

/*
 * The rows of which wrappers an expression is worked out of.  Where it stands
 * it may become a condition: what is loud in it is noted.
 */
static Bitmapset *
trace(Tracing *tracing, Node *node, Level *level)
{
	Below		below = {tracing, level, NULL};

	if (node == NULL)
		return NULL;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_Var:
			return trace_var(tracing, (Var *) node, level);
		case T_Aggref:
		case T_WindowFunc:
		case T_GroupingFunc:
			return tracing->whole ? unseen_rows(tracing) : inner_rows(tracing);
		case T_SubLink:
			return trace_sublink(tracing, (SubLink *) node, level);
		case T_Param:
			return ((Param *) node)->paramkind == PARAM_SUBLINK ? tracing->sublink : NULL;
		default:
			break;
	}
	(void) expression_tree_walker(node, trace_below, &below);
	return prismiq_node_is_silent(node, tracing->params) ? below.rows :
		make_loud(tracing, below.rows);
}

/* The conditions of joins; and take note of outer ones. */
static void
trace_joins(Tracing *tracing, Node *node, Level *level)
{
	ListCell   *lc;

	if (node == NULL || IsA(node, RangeTblRef))
		return;
	check_stack_depth();
	if (IsA(node, FromExpr))
	{
		foreach(lc, ((FromExpr *) node)->fromlist)
			trace_joins(tracing, (Node *) lfirst(lc), level);
		(void) trace(tracing, ((FromExpr *) node)->quals, level);
	}
	else
	{
		JoinExpr   *join = castNode(JoinExpr, node);

		if (join->jointype != JOIN_INNER)
			tracing->early = true;
		trace_joins(tracing, join->larg, level);
		trace_joins(tracing, join->rarg, level);
		(void) trace(tracing, join->quals, level);
	}
}

/* What aggregates sort their rows by; from 16 on the rows may come sorted. */
static bool
trace_sorted(Node *node, void *context)
{
	Below	   *below = (Below *) context;
	ListCell   *lc;

	if (node == NULL)
		return false;
	check_stack_depth();
	if (IsA(node, Aggref) &&
		(((Aggref *) node)->aggorder != NIL || ((Aggref *) node)->aggdistinct != NIL))
		foreach(lc, ((Aggref *) node)->args)
			(void) trace(below->tracing, (Node *) lfirst_node(TargetEntry, lc)->expr,
						 below->level);
	return expression_tree_walker(node, trace_sorted, below);
}

/* What a level sorts by, and what its subqueries select. */
static void
trace_selected(Tracing *tracing, Level *level)
{
	Below		below = {tracing, level, NULL};
	ListCell   *lc;

	foreach(lc, level->query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, lc);

		if (entry->ressortgroupref > 0)
			(void) trace(tracing, (Node *) entry->expr, level);
	}
	(void) trace_sorted((Node *) level->query->targetList, &below);
	(void) trace_sorted(level->query->havingQual, &below);
	if (!tracing->early)
		return;
	foreach(lc, level->query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_SUBQUERY)
			(void) trace_column(tracing, rte, 0, level);
	}
	foreach(lc, level->query->cteList)
		(void) trace_target(tracing, castNode(Query, lfirst_node(CommonTableExpr, lc)->ctequery),
							0, level);
}

/*
 * Find what a view runs on rows of any tenant: its own conditions, policies of
 * its tables, functions beside them, and what it selects where the predicate on
 * its column "tenant" comes later.  Even if all that a definition asks is
 * silent, it chooses the rows on which those run, and whether one of them raises
 * an error tells of these rows.
 */
static void
trace_view(Tracing *tracing, Query *query, AttrNumber tenant, bool security_barrier,
		   Level *outer)
{
	Level		level = {query, outer};
	bool		before = tracing->early;
	bool		first = prismiq_predicate_is_first(query, tenant, security_barrier);
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	tracing->early = query->setOperations != NULL || query->groupingSets != NIL;
	trace_joins(tracing, (Node *) query->jointree, &level);
	if (!first)
	{
		tracing->whole = true;
		(void) trace_target(tracing, query, 0, outer);
		(void) trace(tracing, query->havingQual, &level);
		tracing->whole = false;
	}
	if (!first || !prismiq_is_of_one_table(query))
		trace_selected(tracing, &level);
	foreach(lc, query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		(void) trace(tracing, (Node *) rte->securityQuals, &level);
		(void) trace(tracing, (Node *) rte->functions, &level);
		(void) trace(tracing, (Node *) rte->values_lists, &level);
		(void) trace(tracing, (Node *) rte->tablefunc, &level);
		(void) trace(tracing, (Node *) rte->tablesample, &level);
		if (rte->rtekind != RTE_SUBQUERY)
			continue;
		trace_view(tracing, rte->subquery,
				   first ? prismiq_column_in_from(query, tenant, foreach_current_index(lc) + 1) :
				   0, rte->security_barrier, &level);
		if (rte->lateral)
			(void) unseen_rows(tracing);
	}
	foreach(lc, query->cteList)
		trace_view(tracing, castNode(Query, lfirst_node(CommonTableExpr, lc)->ctequery), 0,
				   false, &level);
	tracing->early = before;
}

/*
 * Find the views, and the tables with policies, that are loud by themselves,
 * and seal them.
 */
static void
seal_wrappers(Tracing *tracing)
{
	ListCell   *lc;

	foreach(lc, tracing->wrappers)
	{
		PrismiqWrapper *wrapper = (PrismiqWrapper *) lfirst(lc);
		Level		level = {wrapper->rte->subquery, NULL};

		tracing->inside = foreach_current_index(lc);
		if (wrapper->base->rtekind == RTE_SUBQUERY)
			trace_view(tracing, wrapper->base->subquery, wrapper->tenant,
					   wrapper->base->security_barrier, &level);
		else
			(void) trace(tracing, (Node *) wrapper->base->securityQuals, &level);
		wrapper->sealed = bms_is_member(tracing->inside, tracing->loud);
	}
	tracing->inside = -1;
}

/* Where a level's subqueries and sublinks are. */
typedef struct Descent
{
	Tracing    *tracing;
	Level	   *level;
} Descent;

/*
 * Trace the conditions of each level, but those of wrappers: there is only
 * ours; or what is selected and sorted by.
 */
static bool
find_conditions(Node *node, void *context)
{
	Descent    *descent = (Descent *) context;
	Level		level;
	Descent		below = {descent->tracing, &level};
	ListCell   *lc;

	if (node == NULL)
		return false;
	check_stack_depth();
	if (!IsA(node, Query))
		return expression_tree_walker(node, find_conditions, descent);
	level.query = (Query *) node;
	level.outer = descent->level;
	if (descent->tracing->selected)
		trace_selected(descent->tracing, &level);
	else
	{
		trace_joins(descent->tracing, (Node *) level.query->jointree, &level);
		(void) trace(descent->tracing, level.query->havingQual, &level);
		if (level.query->setOperations != NULL || level.query->groupingSets != NIL)
			descent->tracing->early = true;
	}
	foreach(lc, level.query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_SUBQUERY && !prismiq_is_source(rte))
			(void) find_conditions((Node *) rte->subquery, &below);
		else if (rte->rtekind == RTE_FUNCTION)
			(void) find_conditions((Node *) rte->functions, &below);
	}
	return query_tree_walker(level.query, find_conditions, &below, QTW_IGNORE_RANGE_TABLE);
}

/*
 * The positions of those wrappers on whose rows something loud may run before
 * their own predicate.  "params" are the parameters' values, or null in a plan
 * for any.
 */
Bitmapset *
prismiq_loud_wrappers(Query *query, List *wrappers, ParamListInfo params)
{
	Tracing		tracing = {params, wrappers, NULL, NULL, -1, NULL, false, false, false};
	Descent		descent = {&tracing, NULL};
	HASHCTL		ctl = {0};
	Bitmapset  *loud;
	Bitmapset  *views = NULL;
	ListCell   *lc;

	ctl.keysize = sizeof(struct BehindKey);
	ctl.entrysize = sizeof(Behind);
	ctl.hcxt = CurrentMemoryContext;
	tracing.behind = hash_create("prismiq barrier", 64, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	seal_wrappers(&tracing);
	(void) find_conditions((Node *) query, &descent);
	loud = tracing.loud;
	foreach(lc, wrappers)
		if (!prismiq_takes_quals((const PrismiqWrapper *) lfirst(lc)))
			views = bms_add_member(views, foreach_current_index(lc));
	if (views != NULL)
	{
		tracing.selected = true;
		tracing.loud = NULL;
		(void) find_conditions((Node *) query, &descent);
		loud = bms_union(loud, bms_intersect(views, tracing.loud));
	}
	hash_destroy(tracing.behind);
	return loud;
}
