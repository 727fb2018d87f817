/*-------------------------------------------------------------------------
 *
 * wrapper.c
 *	  The subselects that the compiler prints around tables, in an analysed tree.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
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

	return rte != NULL && rte->rtekind == RTE_RELATION && rte->tablesample == NULL &&
		prismiq_relation_is_stored(rte->relid, rte->relkind);
}
