/*-------------------------------------------------------------------------
 *
 * guard.c
 *	  What stands around every call of the planner and the executor: errors
 *	  that tell nothing.
 *
 * Messages of the server hold values of rows, names, and parts of the
 * statement, and CONTEXT holds the statement.  None of it passes: the error is
 * thrown away and another one raised from here, with a message made here.
 *
 *	  class 22, 23, 21	 22023: a value does not fit.  (23 is a domain's
 *						 check, 21 a subquery of ours that cannot happen.)
 *	  0A				 22023: what the server does not do with a value, such as
 *						 an infinite number as an integer.
 *	  42P01 42703 42883	 PT404: the catalogs changed after they were asked.
 *	  42704 3F000		 the same.
 *	  55000				 the same: a materialized view lost its data.
 *	  42501				 same code.  Which object is not said.
 *	  54xxx				 PT413: too complex, too large.
 *	  57014				 same code; the message when the server itself made it
 *						 (a statement timeout, a cancel).  What our own time limit
 *						 cancels is told by deadline.c.
 *	  40, 53, 55P03, 57	 same code.
 *	  PT413				 same code, when a kernel of ours raised it: too many buckets.
 *	  anything else		 XX000.  So are those of 40, 42, 53 and 57 that a function
 *						 in PL/pgSQL raised of its own will, and its PTnnn:
 *						 PostgREST would take PTnnn for an HTTP status, and
 *						 40001 for a reason to try again for ever.
 *
 * What is raised while a definition is read and checked goes the same way, on
 * its way out of the door, or of a widget; there, what we raised ourselves passes as it is.
 *
 * What is not expected goes to the server's log, for the administrator, with
 * the original message but without detail, context and parameters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "base/fault.h"
#include "base/settings.h"
#include "run/door.h"

/* Tell the administrator what the caller is not told. */
static void
log_original(const ErrorData *edata)
{
	ereport(LOG_SERVER_ONLY,
			(errcode(edata->sqlerrcode),
			 errmsg("prismiq: a query failed: %s",
					edata->message ? edata->message : "no message"),
			 errhidecontext(true)));
}

/*
 * A cancel.  Only the server's own words are passed on: a function of the
 * user's may raise the same code with any text.
 */
static void
raise_cancel(const ErrorData *edata)
{
	if (edata->funcname && strcmp(edata->funcname, "ProcessInterrupts") == 0)
		ereport(ERROR,
				(errcode(edata->sqlerrcode), errmsg_internal("%s", edata->message)));
	ereport(ERROR, (errcode(edata->sqlerrcode), errmsg("canceling query")));
}

/* What nobody thought of, or nobody should be told. */
static void
raise_unexpected(const ErrorData *edata)
{
	log_original(edata);
	ereport(ERROR,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("the query failed"),
			 errdetail("The server's log says why.")));
}

/* Was the error raised by a RAISE of PL/pgSQL's, with a code of its author's choice? */
static bool
raised_by_function(const ErrorData *edata)
{
	return edata->filename && strcmp(edata->filename, "pl_exec.c") == 0;
}

/* A limit of ours that showed only in the run: more buckets than are allowed. */
static void
raise_limit(void)
{
	PrismiqFaults faults = {NIL, NIL};

	prismiq_fault_add(&faults, PRISMIQ_TOO_COMPLEX, NULL,
					  prismiq_limit_hint(PRISMIQ_MAX_BUCKETS,
										 "Choose a wider interval or a shorter range"),
					  "the rows span more buckets than prismiq.max_buckets allows");
	prismiq_fault_raise_any(&faults);
}

/* What is known by its code alone; returns when it is something else. */
static void
raise_by_code(const ErrorData *edata)
{
	int			code = edata->sqlerrcode;

	switch (code)
	{
		case ERRCODE_QUERY_CANCELED:
			if (!raised_by_function(edata))
				raise_cancel(edata);
			break;
		case ERRCODE_INSUFFICIENT_PRIVILEGE:
			prismiq_reject(PRISMIQ_DENIED, NULL, NULL, "permission denied");
			break;
		case ERRCODE_UNDEFINED_TABLE:
		case ERRCODE_UNDEFINED_COLUMN:
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_OBJECT:
		case ERRCODE_UNDEFINED_SCHEMA:
		case ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE:
			if (raised_by_function(edata))
				break;
			prismiq_reject(PRISMIQ_NOT_FOUND,
						   "Something that the query needs was changed or removed meanwhile.",
						   NULL, "not found");
			break;
		case ERRCODE_LOCK_NOT_AVAILABLE:
			ereport(ERROR, (errcode(code), errmsg("could not obtain a lock in time")));
			break;
		default:
			break;
	}
}

/* Raise an error of ours in place of the one that was caught. */
static void
raise_instead(const ErrorData *edata)
{
	int			code = edata->sqlerrcode;
	int			category = ERRCODE_TO_CATEGORY(code);

	raise_by_code(edata);
	if (code == MAKE_SQLSTATE('P', 'T', '4', '1', '3') && prismiq_error_is_ours(edata))
		raise_limit();
	if (category == ERRCODE_DATA_EXCEPTION ||
		category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION ||
		category == ERRCODE_CARDINALITY_VIOLATION)
		prismiq_reject_argument(NULL, NULL, "a value is out of range or cannot be converted");
	if (raised_by_function(edata))
		raise_unexpected(edata);
	if (code == ERRCODE_FEATURE_NOT_SUPPORTED)
	{
		log_original(edata);
		prismiq_reject_argument(NULL, NULL, "the database cannot do this with a value");
	}

	switch (category)
	{
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
			log_original(edata);
			prismiq_reject(PRISMIQ_LIMIT,
						   "The query or its answer is more than the database can handle.",
						   NULL, "query is too complex");
			break;
		case ERRCODE_TRANSACTION_ROLLBACK:
			ereport(ERROR,
					(errcode(code),
					 errmsg("the query conflicts with a concurrent transaction")));
			break;
		case ERRCODE_INSUFFICIENT_RESOURCES:
			log_original(edata);
			ereport(ERROR,
					(errcode(code), errmsg("not enough resources to run the query")));
			break;
		case ERRCODE_OPERATOR_INTERVENTION:
			ereport(ERROR, (errcode(code), errmsg("canceling query")));
			break;
		default:
			raise_unexpected(edata);
	}
}

/*
 * Is it an error about the whole call, which is never taken for a part of it
 * that failed: a cancel, a lack of memory, a serialisation failure?
 */
bool
prismiq_error_must_pass(const ErrorData *edata)
{
	switch (ERRCODE_TO_CATEGORY(edata->sqlerrcode))
	{
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
			return true;
		default:
			return false;
	}
}

/*
 * The error that is being caught, at the door or around a widget: raise one of ours in its place,
 * unless it is ours.  Internal errors are not, wherever they were noticed.
 * Returns when the error may pass.
 */
void
prismiq_guard_door(MemoryContext caller)
{
	ErrorData  *edata;

	MemoryContextSwitchTo(caller);
	edata = CopyErrorData();
	if (prismiq_error_is_ours(edata) &&
		(edata->sqlerrcode != ERRCODE_INTERNAL_ERROR ||
		 strcmp(edata->filename, "guard.c") == 0))
		return;
	FlushErrorState();
	raise_instead(edata);
}

/* Call body(arg) with errors of ours; see above. */
void
prismiq_guard(void (*body) (void *arg), void (*cleanup) (void *arg), void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	check_stack_depth();
	PG_TRY();
	{
		body(arg);
	}
	PG_CATCH();
	{
		ErrorData  *edata;

		CurrentResourceOwner = owner;
		MemoryContextSwitchTo(caller);
		if (cleanup)
			cleanup(arg);
		edata = CopyErrorData();
		FlushErrorState();
		raise_instead(edata);
	}
	PG_END_TRY();

	if (cleanup)
		cleanup(arg);
	prismiq_deadline_check();	/* something in the body may have swallowed the cancel */
}
