/*-------------------------------------------------------------------------
 *
 * entry_estimates.c
 *	  SQL-callable: how many rows the planner is to expect of functions that list
 *	  the buckets of a range.
 *
 * What is known while planning is enough to count them; nothing raises here, for
 * the call may never be made.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "base/settings.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/zones.h"
#include "run/dense.h"

PGDLLEXPORT Datum prismiq_time_buckets_support(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_rows_support(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_time_buckets_support);
PG_FUNCTION_INFO_V1(prismiq_dense_rows_support);

/* The call that rows are asked of; null for another request. */
static FuncExpr *
requested_call(Node *request)
{
	Node	   *node = IsA(request, SupportRequestRows) ?
		((SupportRequestRows *) request)->node : NULL;

	return node != NULL && IsA(node, FuncExpr) ? (FuncExpr *) node : NULL;
}

/* The value of an argument, when it is known while planning; null for others, and for nulls. */
static Const *
known_argument(SupportRequestRows *request, const FuncExpr *call, int number)
{
	Node	   *arg = estimate_expression_value(request->root,
												(Node *) list_nth(call->args, number));

	return IsA(arg, Const) && !((Const *) arg)->constisnull ? (Const *) arg : NULL;
}

/* A time as a grid counts; false when it has none. */
static bool
grid_time(const Const *time, int64 *value)
{
	if (time->consttype == DATEOID)
		return prismiq_day_to_local(DatumGetDateADT(time->constvalue), value);
	*value = DatumGetTimestamp(time->constvalue);
	return !TIMESTAMP_NOT_FINITE(*value);
}

/*
 * prismiq_time_buckets(width, start, stop [, timezone], origin).  The origin moves
 * the edges, of which there is one more at most.
 */
Datum
prismiq_time_buckets_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	FuncExpr   *call = requested_call((Node *) request);
	Const	   *known[4] = {NULL, NULL, NULL, NULL};
	pg_tz	   *zone = NULL;
	PrismiqGrid *grid;
	const char *reason;
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);
	int64		start;
	int64		stop;
	int			i;

	if (call == NULL)
		PG_RETURN_POINTER(NULL);
	for (i = 0; i < list_length(call->args) - 1; i++)
		if ((known[i] = known_argument(request, call, i)) == NULL)
			PG_RETURN_POINTER(NULL);
	if (known[3] != NULL)
		zone = prismiq_zone_find(TextDatumGetCString(known[3]->constvalue));
	grid = prismiq_grid_from_interval(DatumGetIntervalP(known[0]->constvalue), zone, NULL,
									  PRISMIQ_MONDAY, 1, &reason);
	if (grid == NULL || !grid_time(known[1], &start) || !grid_time(known[2], &stop))
		PG_RETURN_POINTER(NULL);
	request->rows = Min(limit, prismiq_grid_count(grid, start, stop, limit));
	PG_RETURN_POINTER(request);
}

/* prismiq_dense_rows(cells, grid) */
Datum
prismiq_dense_rows_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	FuncExpr   *call = requested_call((Node *) request);
	Const	   *grid = call != NULL ? known_argument(request, call, 1) : NULL;
	int			buckets = grid != NULL ? prismiq_dense_buckets(DatumGetJsonbP(grid->constvalue)) :
		-1;

	if (buckets < 0)
		PG_RETURN_POINTER(NULL);
	request->rows = buckets;
	PG_RETURN_POINTER(request);
}
