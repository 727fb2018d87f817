/*-------------------------------------------------------------------------
 *
 * fault.c
 *	  The one way to reject a definition or a call.
 *
 * Faults are palloc'ed in the caller's context and end with it.  Nothing here
 * may be given a name that the caller is not allowed to see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/json.h"

#include "base/fault.h"

/*
 * A document may be as large as prismiq.max_definition_bytes, and what is said
 * of it must not be a thousand times as large: names are cut off, in messages
 * and in paths, and the list ends.
 */
#define MAX_MESSAGE_BYTES 1000
#define MAX_FAULTS 1000

static const char *const code_names[] = {
	[PRISMIQ_INVALID_JSON] = "INVALID_JSON",
	[PRISMIQ_UNKNOWN_FIELD] = "UNKNOWN_FIELD",
	[PRISMIQ_MISSING_FIELD] = "MISSING_FIELD",
	[PRISMIQ_INVALID_VALUE] = "INVALID_VALUE",
	[PRISMIQ_EMPTY_QUERY] = "EMPTY_QUERY",
	[PRISMIQ_TABLE_NOT_FOUND] = "TABLE_NOT_FOUND",
	[PRISMIQ_AMBIGUOUS_TABLE] = "AMBIGUOUS_TABLE",
	[PRISMIQ_COLUMN_NOT_FOUND] = "COLUMN_NOT_FOUND",
	[PRISMIQ_AMBIGUOUS_COLUMN] = "AMBIGUOUS_COLUMN",
	[PRISMIQ_INVALID_JOIN] = "INVALID_JOIN",
	[PRISMIQ_MISSING_JOIN] = "MISSING_JOIN",
	[PRISMIQ_AMBIGUOUS_JOIN] = "AMBIGUOUS_JOIN",
	[PRISMIQ_CIRCULAR_JOIN] = "CIRCULAR_JOIN",
	[PRISMIQ_FAN_OUT] = "FAN_OUT",
	[PRISMIQ_TYPE_MISMATCH] = "TYPE_MISMATCH",
	[PRISMIQ_INVALID_OPERATOR] = "INVALID_OPERATOR",
	[PRISMIQ_INVALID_AGGREGATION] = "INVALID_AGGREGATION",
	[PRISMIQ_INVALID_TIME_SERIES] = "INVALID_TIME_SERIES",
	[PRISMIQ_INVALID_EXPRESSION] = "INVALID_EXPRESSION",
	[PRISMIQ_CIRCULAR_REFERENCE] = "CIRCULAR_REFERENCE",
	[PRISMIQ_INVALID_WINDOW] = "INVALID_WINDOW",
	[PRISMIQ_INVALID_PIVOT] = "INVALID_PIVOT",
	[PRISMIQ_PIVOT_TOO_WIDE] = "PIVOT_TOO_WIDE",
	[PRISMIQ_MISSING_PARAM] = "MISSING_PARAM",
	[PRISMIQ_UNSAFE_SQL] = "UNSAFE_SQL",
	[PRISMIQ_TOO_COMPLEX] = "TOO_COMPLEX",
	[PRISMIQ_TOO_EXPENSIVE] = "TOO_EXPENSIVE",
};

static const int rejection_sqlstates[] = {
	[PRISMIQ_NOT_FOUND] = MAKE_SQLSTATE('P', 'T', '4', '0', '4'),
	[PRISMIQ_DENIED] = ERRCODE_INSUFFICIENT_PRIVILEGE,
	[PRISMIQ_CONFLICT] = MAKE_SQLSTATE('P', 'T', '4', '0', '9'),
	[PRISMIQ_LIMIT] = MAKE_SQLSTATE('P', 'T', '4', '1', '3'),
};

/* The spelling of a code, as the contract fixes it. */
const char *
prismiq_fault_code_name(PrismiqCode code)
{
	return code_names[code];
}

/* How many codes there are; docs/errors.md is checked against all of them. */
int
prismiq_fault_code_count(void)
{
	return lengthof(code_names);
}

/* Codes that mean "a limit was reached" rather than "the input is wrong". */
bool
prismiq_fault_sqlstate_is_limit(PrismiqCode code)
{
	return code == PRISMIQ_TOO_COMPLEX || code == PRISMIQ_TOO_EXPENSIVE;
}

/* list_sort comparator; list_sort is not stable, so ties keep found order. */
typedef struct SortItem
{
	PrismiqFault *fault;
	int			found;
} SortItem;

/* For qsort: in the order of the places, then as they were found. */
static int
sort_item_compare(const void *a, const void *b)
{
	const SortItem *ia = (const SortItem *) a;
	const SortItem *ib = (const SortItem *) b;
	int			result = prismiq_path_compare(ia->fault->path, ib->fault->path);

	return result != 0 ? result : ia->found - ib->found;
}

/* Put one list into document order. */
static void
sort_list(List *faults)
{
	int			count = list_length(faults);
	SortItem   *items;
	ListCell   *lc;
	int			i = 0;

	if (count < 2)
		return;
	items = palloc(sizeof(SortItem) * count);
	foreach(lc, faults)
	{
		items[i].fault = (PrismiqFault *) lfirst(lc);
		items[i].found = i;
		i++;
	}
	qsort(items, count, sizeof(SortItem), sort_item_compare);
	i = 0;
	foreach(lc, faults)
		lfirst(lc) = items[i++].fault;
	pfree(items);
}

/* Put errors and warnings into document order. */
void
prismiq_fault_sort(PrismiqFaults *faults)
{
	sort_list(faults->errors);
	sort_list(faults->warnings);
}

static PrismiqFault *make_fault(PrismiqCode code, const PrismiqPath *path,
								const char *suggestion, const char *fmt, va_list args)
			pg_attribute_printf(4, 0);

/* Build a fault from a format and its arguments. */
static PrismiqFault *
make_fault(PrismiqCode code, const PrismiqPath *path, const char *suggestion,
		   const char *fmt, va_list args)
{
	PrismiqFault *fault = palloc(sizeof(PrismiqFault));
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		copy;
		int			needed;

		va_copy(copy, args);
		needed = appendStringInfoVA(&buf, fmt, copy);
		va_end(copy);
		if (needed == 0)
			break;
		enlargeStringInfo(&buf, needed);
	}
	fault->code = code;
	fault->path = path;
	fault->message = buf.data;
	fault->suggestion = suggestion ? pstrdup(suggestion) : NULL;
	fault->line = NULL;
	fault->kind = PRISMIQ_LIMIT;
	return fault;
}

/* A message holds what the caller wrote, and may be as long as that. */
static PrismiqFault *
clip_message(PrismiqFault *fault)
{
	int			len = strlen(fault->message);

	if (len > MAX_MESSAGE_BYTES)
		fault->message = psprintf("%.*s...", pg_mbcliplen(fault->message, len, MAX_MESSAGE_BYTES),
								  fault->message);
	return fault;
}

/*
 * Is a list full?  A document that has very many faults is told the first of
 * them, and, once, that there are more.
 */
static bool
is_full(PrismiqFaults *faults, const List *list)
{
	PrismiqFault *notice;

	if (list_length(list) < MAX_FAULTS)
		return false;
	if (faults->cut)
		return true;
	faults->cut = true;
	notice = palloc0(sizeof(PrismiqFault));
	notice->code = PRISMIQ_TOO_COMPLEX;
	notice->message = psprintf("there are more faults than the first %d, which are listed",
							   MAX_FAULTS);
	faults->warnings = lappend(faults->warnings, notice);
	return true;
}

/* Note an error; reading and checking go on, to find the others. */
void
prismiq_fault_add(PrismiqFaults *faults, PrismiqCode code, const PrismiqPath *path,
				  const char *suggestion, const char *fmt,...)
{
	va_list		args;

	CHECK_FOR_INTERRUPTS();
	if (is_full(faults, faults->errors))
		return;
	va_start(args, fmt);
	faults->errors = lappend(faults->errors,
							 clip_message(make_fault(code, path, suggestion, fmt, args)));
	va_end(args);
}

/*
 * The same for what is not a bad document in itself: something in it was not
 * found, or is one too many.  Where it is the first of the faults the ERROR is
 * of this kind, and "line", a fixed one in ASCII, is its message.
 */
void
prismiq_fault_refuse(PrismiqFaults *faults, PrismiqRejection kind, const char *line,
					 PrismiqCode code, const PrismiqPath *path, const char *suggestion,
					 const char *fmt,...)
{
	va_list		args;
	PrismiqFault *fault;

	CHECK_FOR_INTERRUPTS();
	if (is_full(faults, faults->errors))
		return;
	va_start(args, fmt);
	fault = clip_message(make_fault(code, path, suggestion, fmt, args));
	va_end(args);
	fault->line = line;
	fault->kind = kind;
	faults->errors = lappend(faults->errors, fault);
}

/* Note something that does not stop the query. */
void
prismiq_fault_warn(PrismiqFaults *faults, PrismiqCode code, const PrismiqPath *path,
				   const char *suggestion, const char *fmt,...)
{
	va_list		args;

	CHECK_FOR_INTERRUPTS();
	if (is_full(faults, faults->warnings))
		return;
	va_start(args, fmt);
	faults->warnings = lappend(faults->warnings,
							   clip_message(make_fault(code, path, suggestion, fmt, args)));
	va_end(args);
}

/* Append faults as a JSON array of {code, message, path, suggestion}. */
void
prismiq_fault_append_json(StringInfo buf, const List *faults)
{
	ListCell   *lc;
	bool		first = true;

	appendStringInfoChar(buf, '[');
	foreach(lc, faults)
	{
		const PrismiqFault *fault = (const PrismiqFault *) lfirst(lc);
		StringInfoData pointer;

		initStringInfo(&pointer);
		prismiq_path_append(&pointer, fault->path);
		appendStringInfoString(buf, first ? "{\"code\": " : ", {\"code\": ");
		escape_json(buf, code_names[fault->code]);
		appendStringInfoString(buf, ", \"message\": ");
		escape_json(buf, fault->message);
		appendStringInfoString(buf, ", \"path\": ");
		escape_json(buf, pointer.data);
		appendStringInfoString(buf, ", \"suggestion\": ");
		if (fault->suggestion)
			escape_json(buf, fault->suggestion);
		else
			appendStringInfoString(buf, "null");
		appendStringInfoChar(buf, '}');
		pfree(pointer.data);
		first = false;
	}
	appendStringInfoChar(buf, ']');
}

/* Who is to be told of faults that are raised, the innermost first; or null. */
static PrismiqFaultCatch *catching = NULL;

/*
 * Be told of the faults that are raised from here on.  What is told is kept in
 * the current memory context.
 */
void
prismiq_fault_catch_begin(PrismiqFaultCatch *catcher)
{
	catcher->outer = catching;
	catcher->context = CurrentMemoryContext;
	catcher->list = NULL;
	catching = catcher;
}

/* No longer; to be called on every way out, an error's above all. */
void
prismiq_fault_catch_end(PrismiqFaultCatch *catcher)
{
	catching = catcher->outer;
}

/* Tell the innermost catcher what is about to be raised. */
static void
tell_catcher(const PrismiqFault *first, const char *list)
{
	if (catching == NULL)
		return;
	if (catching->list != NULL)
		pfree(catching->list);
	catching->list = MemoryContextStrdup(catching->context, list);
	catching->code = first->code;
}

/* Was the error raised by code of ours? */
bool
prismiq_error_is_ours(const ErrorData *edata)
{
	return edata->domain != NULL && strcmp(edata->domain, PRISMIQ_TEXTDOMAIN) == 0;
}

/*
 * Does the error consist of the faults that the catcher was told of?  Others may
 * have been raised since, and swallowed; so this is only said of an error of ours
 * that has these very faults and no others.
 */
bool
prismiq_fault_is_caught(const PrismiqFaultCatch *catcher, const ErrorData *edata)
{
	return catcher->list != NULL && prismiq_error_is_ours(edata) && edata->detail != NULL &&
		strcmp(edata->detail, catcher->list) == 0;
}

/*
 * Raise what was collected, if anything.  The message of a PTnnn error becomes
 * an HTTP reason phrase, so for those it is a fixed line and the particulars
 * stay in DETAIL.
 */
void
prismiq_fault_raise_any(PrismiqFaults *faults)
{
	const PrismiqFault *first;
	const char *line;
	StringInfoData detail;

	if (faults->errors == NIL)
		return;

	prismiq_fault_sort(faults);
	first = (const PrismiqFault *) linitial(faults->errors);
	line = first->line;
	if (line == NULL && prismiq_fault_sqlstate_is_limit(first->code))
		line = first->code == PRISMIQ_TOO_COMPLEX ? "query is too complex" :
			"query is too expensive";
	initStringInfo(&detail);
	prismiq_fault_append_json(&detail, faults->errors);
	tell_catcher(first, detail.data);
	ereport(ERROR,
			(errcode(line ? rejection_sqlstates[first->kind] : ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", line ? line : first->message),
			 errdetail_internal("%s", detail.data),
			 first->suggestion ? errhint("%s", first->suggestion) : 0));
}

/*
 * Raise at once what is wrong with an argument, as the one fault that it is:
 * 22023.  "argument" is its name, or null when it is about none alone.
 */
void
prismiq_reject_argument(const char *argument, const char *suggestion, const char *fmt,...)
{
	PrismiqFaults faults = {NIL, NIL};
	const PrismiqPath *path = argument ? prismiq_path_key(NULL, argument, NULL) : NULL;
	va_list		args;

	va_start(args, fmt);
	faults.errors = list_make1(make_fault(PRISMIQ_INVALID_VALUE, path, suggestion, fmt, args));
	va_end(args);
	prismiq_fault_raise_any(&faults);
	pg_unreachable();
}

/*
 * Raise at once what is no fault of a document.  "fmt" makes the primary
 * message; for NOT_FOUND, CONFLICT and LIMIT give a fixed ASCII line without
 * arguments (see above).  Detail and hint are sentences or null; a limit has a
 * list of faults, like those that documents reach.
 */
void
prismiq_reject(PrismiqRejection kind, const char *detail, const char *hint,
			   const char *fmt,...)
{
	va_list		args;
	PrismiqFault *fault;

	va_start(args, fmt);
	fault = make_fault(PRISMIQ_TOO_COMPLEX, NULL, hint, fmt, args);
	va_end(args);
	if (kind == PRISMIQ_LIMIT)
	{
		PrismiqFaults faults = {NIL, NIL};

		fault->line = fault->message;
		if (detail != NULL)
			fault->message = pstrdup(detail);
		faults.errors = list_make1(fault);
		prismiq_fault_raise_any(&faults);
	}
	ereport(ERROR,
			(errcode(rejection_sqlstates[kind]),
			 errmsg("%s", fault->message),
			 detail ? errdetail("%s", detail) : 0,
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}
