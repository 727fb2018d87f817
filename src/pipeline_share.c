/*-------------------------------------------------------------------------
 *
 * pipeline_share.c
 *	  Rows that several widgets of a dashboard ask for with the same statement
 *	  and parameters: they are fetched once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "pipeline_widget.h"
#include "print/statement.h"
#include "run/run.h"
#include "run/sinks.h"

/* Are the parameters of two statements of the same text the same? */
static bool
same_params(const PrismiqStatement *a, const PrismiqStatement *b)
{
	int			i;

	for (i = 0; i < a->nparams; i++)
	{
		const PrismiqParam *left = &a->params[i];
		const PrismiqParam *right = &b->params[i];
		int16		len;
		bool		byval;

		if (left->type != right->type || left->isnull != right->isnull)
			return false;
		get_typlenbyval(left->type, &len, &byval);
		if (!left->isnull && !datumIsEqual(left->value, right->value, byval, len))
			return false;
	}
	return true;
}

/* Rows that another widget of the call asked for with the same statement; or null. */
const PrismiqKeptRows *
prismiq_shared_find(const PrismiqDashboardCall *call, const PrismiqStatement *statement)
{
	ListCell   *lc;

	foreach(lc, call->answers)
	{
		const PrismiqSharedRows *answer = (const PrismiqSharedRows *) lfirst(lc);

		if (strcmp(answer->statement->sql, statement->sql) == 0 &&
			answer->statement->nparams == statement->nparams &&
			same_params(answer->statement, statement))
			return &answer->rows;
	}
	return NULL;
}

/* Keep rows that another widget will ask for too, and what they were asked with. */
const PrismiqKeptRows *
prismiq_shared_run(PrismiqDashboardCall *call, const PrismiqStatement *statement,
				   const PrismiqRunLimits *limits)
{
	MemoryContext old = MemoryContextSwitchTo(call->memory);
	PrismiqSharedRows *answer = palloc0(sizeof(PrismiqSharedRows));
	PrismiqStatement *kept = palloc0(sizeof(PrismiqStatement));
	int			i;

	kept->sql = pstrdup(statement->sql);
	kept->nparams = statement->nparams;
	kept->params = palloc(sizeof(PrismiqParam) * Max(1, statement->nparams));
	for (i = 0; i < statement->nparams; i++)
	{
		int16		len;
		bool		byval;

		kept->params[i] = statement->params[i];
		get_typlenbyval(kept->params[i].type, &len, &byval);
		if (!kept->params[i].isnull)
			kept->params[i].value = datumCopy(kept->params[i].value, byval, len);
	}
	answer->statement = kept;
	prismiq_run(statement, limits, prismiq_rows_kept_create(&answer->rows, limits));
	call->answers = lappend(call->answers, answer);
	MemoryContextSwitchTo(old);
	return &answer->rows;
}
