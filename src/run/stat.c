/*-------------------------------------------------------------------------
 *
 * stat.c
 *	  What runs: a call on its way, until it is counted.
 *
 * Every function that answers a definition comes in by prismiq_stat_call(), and
 * each widget of a dashboard is a call of its own.  Calls form a chain on the C
 * stack; the pipeline says of the innermost one which query it is.  A call is
 * counted when it is left, by an error too: the numbers are in no table, so they
 * stay when the transaction is rolled back, and are written in one that only
 * reads.  A backend that is terminated amid a call does not count that.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/settings.h"
#include "print/statement.h"
#include "run/door.h"
#include "run/stat.h"

const int	prismiq_stat_bounds[PRISMIQ_STAT_BOUNDS] = {
	5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000
};

static PrismiqStatCall *innermost = NULL;

/* A call begins. */
void
prismiq_stat_begin(PrismiqStatCall *call)
{
	memset(call, 0, sizeof(PrismiqStatCall));
	call->is_counted = prismiq_setting_track_queries;
	prismiq_stat_enter(call);
}

/* Time that is spent on a call begins. */
void
prismiq_stat_enter(PrismiqStatCall *call)
{
	call->outer = innermost;
	innermost = call;
	if (call->is_counted)
		INSTR_TIME_SET_CURRENT(call->start);
}

/* And ends. */
void
prismiq_stat_leave(PrismiqStatCall *call)
{
	innermost = call->outer;
	if (call->is_counted)
	{
		instr_time	now;

		INSTR_TIME_SET_CURRENT(now);
		INSTR_TIME_ACCUM_DIFF(call->spent, now, call->start);
	}
}

/* Is an error one about what was asked, or by whom? */
static bool
is_refusal(int sqlstate)
{
	return sqlstate == ERRCODE_INVALID_PARAMETER_VALUE ||
		sqlstate == ERRCODE_INSUFFICIENT_PRIVILEGE ||
		sqlstate == MAKE_SQLSTATE('P', 'T', '4', '0', '4') ||
		sqlstate == MAKE_SQLSTATE('P', 'T', '4', '1', '3');
}

/* Count a call, which was left. */
void
prismiq_stat_count(PrismiqStatCall *call, int sqlstate)
{
	PrismiqStatQuery counted;
	double		ms;
	int			i = 0;

	/* What asked nothing, such as a widget that is a text, is no query. */
	if (!call->is_counted || (!call->is_known && sqlstate == 0))
		return;
	call->is_counted = false;
	memset(&counted, 0, sizeof(counted));
	counted.key = call->key;
	counted.key.database = MyDatabaseId;
	counted.tables = call->tables;
	ms = INSTR_TIME_GET_MILLISEC(call->spent);
	counted.counts.calls = 1;
	counted.counts.errors = sqlstate != 0;
	counted.counts.refused = sqlstate != 0 && is_refusal(sqlstate);
	counted.counts.rows = sqlstate != 0 ? 0 : call->rows;
	counted.counts.total_ms = ms;
	counted.counts.worst_ms = ms;
	while (i < PRISMIQ_STAT_BOUNDS && ms > prismiq_stat_bounds[i])
		i++;
	counted.counts.durations[i] = 1;
	prismiq_stat_add(&counted);
}

/* A call ends. */
void
prismiq_stat_end(PrismiqStatCall *call, int sqlstate)
{
	prismiq_stat_leave(call);
	prismiq_stat_count(call, sqlstate);
}

/* Go on counting the call at hand, which has returned by then, in "call". */
void
prismiq_stat_take_over(PrismiqStatCall *call)
{
	memset(call, 0, sizeof(PrismiqStatCall));
	if (innermost == NULL || !innermost->is_counted)
		return;
	*call = *innermost;
	innermost->is_counted = false;
	prismiq_stat_enter(call);
	prismiq_stat_leave(call);
}

/* The door, for a function whose calls are counted. */
Datum
prismiq_stat_call(PGFunction function, FunctionCallInfo fcinfo)
{
	PrismiqStatCall call;
	Datum		result;

	prismiq_stat_begin(&call);
	PG_TRY();
	{
		result = prismiq_deadline_call(function, fcinfo);
	}
	PG_CATCH();
	{
		prismiq_stat_end(&call, geterrcode());
		PG_RE_THROW();
	}
	PG_END_TRY();
	prismiq_stat_end(&call, 0);
	return result;
}

/* Is there a call that wants to know which query it is? */
bool
prismiq_stat_is_on(void)
{
	return innermost != NULL && innermost->is_counted;
}

/* The call at hand is this query. */
void
prismiq_stat_query(uint64 fingerprint, const pg_uuid_t *saved_query)
{
	innermost->is_known = true;
	innermost->key.fingerprint = fingerprint;
	innermost->key.saved_query = *saved_query;
	innermost->tables.count = 0;
	innermost->rows = 0;
}

/* Its statement reads these (PrismiqSource); the first statement of a query says it all. */
void
prismiq_stat_sources(const List *sources)
{
	PrismiqStatTables *tables;
	ListCell   *lc;
	int			i;

	if (!prismiq_stat_is_on() || !innermost->is_known || innermost->tables.count > 0)
		return;
	tables = &innermost->tables;
	foreach(lc, sources)
	{
		Oid			relid = ((const PrismiqSource *) lfirst(lc))->relid;

		for (i = 0; i < tables->count && tables->relids[i] != relid; i++)
			 /* look for it */ ;
		if (i == tables->count && i < PRISMIQ_STAT_TABLES)
			tables->relids[tables->count++] = relid;
	}
}

/* It answers so many rows. */
void
prismiq_stat_rows(int64 rows)
{
	if (innermost != NULL)
		innermost->rows = rows;
}
