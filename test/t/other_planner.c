/*
 * A module whose planner_hook does not pass a statement on to the hook that was
 * there before, which is what a careless extension does. For t/barrier.sh.
 */
#include "postgres.h"

#include "fmgr.h"
#include "optimizer/planner.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

static planner_hook_type before = NULL;
static bool alone = true;

/* Plan, alone or as it should be. */
static PlannedStmt *
plan_alone(Query *parse, const char *query_string, int cursor_options, ParamListInfo params)
{
	if (!alone && before != NULL)
		return before(parse, query_string, cursor_options, params);
	return standard_planner(parse, query_string, cursor_options, params);
}

/* Stand in front of every other hook. */
void
_PG_init(void)
{
	DefineCustomBoolVariable("other_planner.alone", "Do not pass statements on.", NULL, &alone,
							 true, PGC_USERSET, 0, NULL, NULL, NULL);
	before = planner_hook;
	planner_hook = plan_alone;
}
