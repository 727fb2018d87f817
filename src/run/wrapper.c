/*-------------------------------------------------------------------------
 *
 * wrapper.c
 *	  The subselects that the compiler prints around tables, in an analysed tree.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "base/fault.h"
#include "run/barrier.h"

/* Not what we compiled: some other module changed it, or a name led elsewhere. */
void
prismiq_barrier_refuse(const char *what)
{
	elog(ERROR, "unexpected %s in a compiled statement", what);
}

/* Is it what a relation of the text became: a table, or a view's query? */
bool
prismiq_is_relation(const RangeTblEntry *rte)
{
	return rte->rtekind == RTE_RELATION ||
		(rte->rtekind == RTE_SUBQUERY && OidIsValid(rte->relid));
}

/* (SELECT columns FROM relation AS b WHERE ...), and nothing else in it */
bool
prismiq_is_source(const RangeTblEntry *rte)
{
	const Query *query = rte->subquery;

	return rte->rtekind == RTE_SUBQUERY && !OidIsValid(rte->relid) &&
		list_length(query->rtable) == 1 &&
		prismiq_is_relation(linitial_node(RangeTblEntry, query->rtable)) &&
		query->setOperations == NULL && list_length(query->jointree->fromlist) == 1;
}

/*
 * Do security quals on the table of a wrapper come first?  Not of a view of
 * several tables, nor where another server has a part of it.
 */
bool
prismiq_takes_quals(const PrismiqWrapper *wrapper)
{
	const RangeTblEntry *rte = wrapper->table;
	ListCell   *lc;

	if (rte == NULL || rte->rtekind != RTE_RELATION || rte->tablesample != NULL ||
		(rte->relkind != RELKIND_RELATION && rte->relkind != RELKIND_PARTITIONED_TABLE &&
		 rte->relkind != RELKIND_MATVIEW))
		return false;
	if (!has_subclass(rte->relid))
		return true;
	foreach(lc, find_all_inheritors(rte->relid, AccessShareLock, NULL))
		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_FOREIGN_TABLE)
			return false;
	return true;
}
