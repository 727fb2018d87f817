/*-------------------------------------------------------------------------
 *
 * call.c
 *	  Call a function of the application's, with the caller's rights, under the
 *	  guard.
 *
 * Its schema is the search_path unless it sets one of its own: what it names means
 * the same whoever calls, whatever path the caller has and whichever of our
 * functions was asked.  The snapshot is that of the calling query.  What it sets is
 * undone: above all the context, which the rest of the answer goes by.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "base/compat_rights.h"
#include "base/fault.h"
#include "print/print.h"
#include "run/door.h"
#include "run/run.h"

/* One call, for the function under the guard. */
typedef struct Call
{
	Oid			function;
	const char *path;
	Datum		argument;
	Datum		result;
	bool		isnull;
} Call;

/* Call it.  Under the guard. */
static void
call_body(void *arg)
{
	Call	   *call = (Call *) arg;
	LOCAL_FCINFO(fcinfo, 1);
	FmgrInfo	function;
	int			nesting = NewGUCNestLevel();

	(void) set_config_option("search_path", call->path, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	fmgr_info(call->function, &function);
	InitFunctionCallInfoData(*fcinfo, &function, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = call->argument;
	fcinfo->args[0].isnull = false;
	call->result = FunctionCallInvoke(fcinfo);
	call->isnull = fcinfo->isnull;
	AtEOXact_GUC(false, nesting);
}

/* See the header. */
bool
prismiq_run_function(const PrismiqFunction *function, Datum argument, Datum *result)
{
	Call		call = {.function = function->oid, .argument = argument};

	if (!prismiq_may_use_schema(function->schema) || !prismiq_may_execute(function->oid))
		return false;
	call.path = psprintf("%s, pg_temp", prismiq_sql_schema_name(function->schema));
	prismiq_guard(call_body, NULL, &call);
	*result = call.isnull ? (Datum) 0 : call.result;
	return true;
}
