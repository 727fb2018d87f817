/*-------------------------------------------------------------------------
 *
 * fault.h
 *	  The one way to reject a definition or a call.
 *
 * Faults of a definition are collected, so that the caller sees all of them
 * at once, and raised as one ERROR: the first fault's message, the whole list
 * as JSON in DETAIL, the first suggestion as HINT.  A bad argument is a list of
 * one.  Everything else (not found, permission denied, conflict, limit) is
 * raised at once through prismiq_reject().
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_FAULT_H
#define PRISMIQ_FAULT_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "base/path.h"

/*
 * What we raise has a text domain of its own, by which run/guard.c tells it from
 * what the server raises: only ours was written for the caller's eyes.  So a file
 * that raises anything includes this one (make check-style).
 */
#define PRISMIQ_TEXTDOMAIN PG_TEXTDOMAIN("prismiq")
#undef TEXTDOMAIN
#define TEXTDOMAIN PRISMIQ_TEXTDOMAIN

/*
 * Codes of the contract.  The table in fault.c gives each its spelling, and
 * docs/errors.md is checked against it.
 */
typedef enum PrismiqCode
{
	PRISMIQ_INVALID_JSON,
	PRISMIQ_UNKNOWN_FIELD,
	PRISMIQ_MISSING_FIELD,
	PRISMIQ_INVALID_VALUE,
	PRISMIQ_EMPTY_QUERY,
	PRISMIQ_TABLE_NOT_FOUND,
	PRISMIQ_AMBIGUOUS_TABLE,
	PRISMIQ_COLUMN_NOT_FOUND,
	PRISMIQ_AMBIGUOUS_COLUMN,
	PRISMIQ_INVALID_JOIN,
	PRISMIQ_MISSING_JOIN,
	PRISMIQ_AMBIGUOUS_JOIN,
	PRISMIQ_CIRCULAR_JOIN,
	PRISMIQ_FAN_OUT,
	PRISMIQ_TYPE_MISMATCH,
	PRISMIQ_INVALID_OPERATOR,
	PRISMIQ_INVALID_AGGREGATION,
	PRISMIQ_INVALID_TIME_SERIES,
	PRISMIQ_INVALID_EXPRESSION,
	PRISMIQ_CIRCULAR_REFERENCE,
	PRISMIQ_INVALID_WINDOW,
	PRISMIQ_INVALID_PIVOT,
	PRISMIQ_PIVOT_TOO_WIDE,
	PRISMIQ_MISSING_PARAM,
	PRISMIQ_UNSAFE_SQL,
	PRISMIQ_TOO_COMPLEX,
	PRISMIQ_TOO_EXPENSIVE
} PrismiqCode;

/* What is not a bad document or argument (22023): one SQLSTATE for one kind of failure. */
typedef enum PrismiqRejection
{
	PRISMIQ_NOT_FOUND,			/* PT404 */
	PRISMIQ_DENIED,				/* 42501 */
	PRISMIQ_CONFLICT,			/* PT409 */
	PRISMIQ_LIMIT				/* PT413 */
} PrismiqRejection;

typedef struct PrismiqFault
{
	PrismiqCode code;
	const PrismiqPath *path;
	char	   *message;
	char	   *suggestion;		/* null when there is none */

	/*
	 * Where the error is a PTnnn one when this is the first fault: its one line,
	 * and its kind.  Null: as the code has it.
	 */
	const char *line;
	PrismiqRejection kind;
} PrismiqFault;

/* Both lists hold PrismiqFault, in the order in which they were found. */
typedef struct PrismiqFaults
{
	List	   *errors;
	List	   *warnings;
	int			suggestions;	/* names for which a nearest one was looked for */
	bool		cut;			/* there are more than are kept, and it says so */
	bool		unlimited;		/* no setting limits the document: it is a stored one */
} PrismiqFaults;

/*
 * For whoever catches errors and has to know of which faults one consists.  It is
 * told when they are raised, while they are a list; the error has only their text.
 */
typedef struct PrismiqFaultCatch
{
	struct PrismiqFaultCatch *outer;
	MemoryContext context;		/* outlives the error */
	PrismiqCode code;			/* of the first of the faults that were raised last */
	char	   *list;			/* all of them, as JSON; null: none were */
} PrismiqFaultCatch;

/* fault.c */
extern void prismiq_fault_add(PrismiqFaults *faults, PrismiqCode code,
							  const PrismiqPath *path, const char *suggestion,
							  const char *fmt,...) pg_attribute_printf(5, 6);
extern void prismiq_fault_refuse(PrismiqFaults *faults, PrismiqRejection kind,
								 const char *line, PrismiqCode code,
								 const PrismiqPath *path, const char *suggestion,
								 const char *fmt,...) pg_attribute_printf(7, 8);
extern void prismiq_fault_warn(PrismiqFaults *faults, PrismiqCode code,
							   const PrismiqPath *path, const char *suggestion,
							   const char *fmt,...) pg_attribute_printf(5, 6);
extern void prismiq_fault_sort(PrismiqFaults *faults);
extern void prismiq_fault_raise_any(PrismiqFaults *faults);
extern void prismiq_fault_append_json(StringInfo buf, const List *faults);
extern void prismiq_fault_catch_begin(PrismiqFaultCatch *catcher);
extern void prismiq_fault_catch_end(PrismiqFaultCatch *catcher);
extern bool prismiq_fault_is_caught(const PrismiqFaultCatch *catcher, const ErrorData *edata);
extern bool prismiq_error_is_ours(const ErrorData *edata);
extern const char *prismiq_fault_code_name(PrismiqCode code);
extern int	prismiq_fault_code_count(void);
extern bool prismiq_fault_sqlstate_is_limit(PrismiqCode code);

extern void prismiq_reject_argument(const char *argument, const char *suggestion,
									const char *fmt,...)
			pg_attribute_printf(3, 4) __attribute__((noreturn));
extern void prismiq_reject(PrismiqRejection kind, const char *detail,
						   const char *hint, const char *fmt,...)
			pg_attribute_printf(4, 5) __attribute__((noreturn));

#endif							/* PRISMIQ_FAULT_H */
