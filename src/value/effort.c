/*-------------------------------------------------------------------------
 *
 * effort.c
 *	  What a definition may take together, with all that stand inside it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>


#include "access/context.h"
#include "base/fault.h"
#include "value/value.h"

/* There is too much of something: note a fault, once. */
bool
prismiq_effort_refuse(PrismiqCheck *check, const PrismiqPath *path, const char *what)
{
	if (!check->effort->refused)
		prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, path, NULL, "%s", what);
	check->effort->refused = true;
	return false;
}

/*
 * So many nodes of the statement are made at one place of the definition; false
 * (and, once, a fault) when all of them are too many.
 */
bool
prismiq_effort_nodes(PrismiqCheck *check, double nodes, const PrismiqPath *path)
{
	check->effort->nodes += nodes;
	return check->effort->nodes <= PRISMIQ_MAX_EFFORT_NODES ||
		prismiq_effort_refuse(check, path,
							  "the expressions and lists of the definition are too large together");
}
