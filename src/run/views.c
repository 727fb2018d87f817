/*-------------------------------------------------------------------------
 *
 * views.c
 *	  What the shape of a view says of where conditions on it go.
 *
 * Nothing here looks at what a view computes; loud.c does.  In case of doubt a
 * condition on the tenant is thought to come last, and any other one first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_clause.h"
#include "parser/parsetree.h"

#include "run/barrier.h"

/* Does a query only choose and compute columns and choose rows, so that it may be flattened? */
static bool
is_flat(const Query *query)
{
	return query->commandType == CMD_SELECT && query->setOperations == NULL &&
		!query->hasAggs && !query->hasWindowFuncs && !query->hasTargetSRFs &&
		query->groupClause == NIL && query->groupingSets == NIL && query->havingQual == NULL &&
		query->distinctClause == NIL && query->sortClause == NIL &&
		query->limitOffset == NULL && query->limitCount == NULL && query->rowMarks == NIL &&
		query->cteList == NIL && !contain_volatile_functions((Node *) query->targetList);
}

/* Is a view flat, and of one thing in FROM? */
bool
prismiq_view_is_simple(const RangeTblEntry *rte)
{
	const Query *view = rte->subquery;

	return rte->rtekind == RTE_SUBQUERY && !rte->security_barrier &&
		rte->securityQuals == NIL && is_flat(view) && !view->hasSubLinks &&
		list_length(view->jointree->fromlist) == 1 &&
		IsA(linitial(view->jointree->fromlist), RangeTblRef);
}

/*
 * Does the tenant predicate on a column of a view's query (0: none of its own)
 * come before all that the query selects and aggregates?  It does if the query
 * is flattened, or the predicate may be pushed down to its rows.
 */
bool
prismiq_predicate_is_first(const Query *query, AttrNumber tenant, bool security_barrier)
{
	TargetEntry *entry;
	ListCell   *lc;

	if (security_barrier || query->setOperations != NULL || query->groupingSets != NIL ||
		query->limitOffset != NULL || query->limitCount != NULL)
		return false;
	if (is_flat(query))
		return true;
	entry = tenant > 0 ? get_tle_by_resno(query->targetList, tenant) : NULL;
	if (entry == NULL || expression_returns_set((Node *) entry->expr) ||
		contain_volatile_functions((Node *) entry->expr))
		return false;
	if ((query->hasAggs || query->groupClause != NIL || query->havingQual != NULL) &&
		!targetIsInSortList(entry, InvalidOid, query->groupClause))
		return false;
	if (query->hasDistinctOn && !targetIsInSortList(entry, InvalidOid, query->distinctClause))
		return false;
	foreach(lc, query->windowClause)
		if (!targetIsInSortList(entry, InvalidOid,
								lfirst_node(WindowClause, lc)->partitionClause))
			return false;
	return true;
}

/* Is a query of one table, so that the predicate on it comes before any sort? */
bool
prismiq_is_of_one_table(const Query *query)
{
	const List *from = query->jointree->fromlist;

	return list_length(from) == 1 && IsA(linitial(from), RangeTblRef) &&
		rt_fetch(linitial_node(RangeTblRef, from)->rtindex, query->rtable)->rtekind ==
		RTE_RELATION;
}

/* The column of something in FROM that a column of the query is; 0 when it is none. */
AttrNumber
prismiq_column_in_from(const Query *query, AttrNumber column, int rtindex)
{
	TargetEntry *entry = column > 0 ? get_tle_by_resno(query->targetList, column) : NULL;
	Var		   *var = entry != NULL ? (Var *) entry->expr : NULL;

	return var != NULL && IsA(var, Var) && var->varlevelsup == 0 && var->varno == rtindex ?
		var->varattno : 0;
}
