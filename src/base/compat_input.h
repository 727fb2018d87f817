/*-------------------------------------------------------------------------
 *
 * compat_input.h
 *	  What differs between versions in calling input functions (see compat.h).
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPAT_INPUT_H
#define PRISMIQ_COMPAT_INPUT_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/fmgroids.h"
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#endif

/*
 * Does an input function say softly that a text is bad, and throw nothing?
 * From version 16 on those of the plain types do.  Those of rows, arrays,
 * ranges and domains run other people's functions, and those of documents
 * (jsonb, tsquery) throw when the text is nested too deep.
 */
static inline bool
prismiq_input_is_soft(Oid typinput)
{
#if PG_VERSION_NUM >= 160000
	switch (typinput)
	{
		case F_NUMERIC_IN:
		case F_FLOAT4IN:
		case F_FLOAT8IN:
		case F_UUID_IN:
		case F_INTERVAL_IN:
		case F_DATE_IN:
		case F_TIME_IN:
		case F_TIMETZ_IN:
		case F_TIMESTAMP_IN:
		case F_TIMESTAMPTZ_IN:
		case F_INET_IN:
		case F_OIDIN:
		case F_NAMEIN:
			return true;
		default:
			return false;
	}
#else
	return false;
#endif
}

/*
 * Call an input function without a subtransaction: false when it says softly that
 * the text is bad, and what it throws is thrown.
 */
static inline bool
prismiq_input_call(Oid typinput, const char *text, Oid typioparam, int32 typmod, Datum *result)
{
#if PG_VERSION_NUM >= 160000
	ErrorSaveContext escontext = {T_ErrorSaveContext};
	FmgrInfo	flinfo;

	fmgr_info(typinput, &flinfo);
	return InputFunctionCallSafe(&flinfo, unconstify(char *, text), typioparam, typmod,
								 (Node *) &escontext, result);
#else
	*result = OidInputFunctionCall(typinput, unconstify(char *, text), typioparam, typmod);
	return true;
#endif
}

#endif							/* PRISMIQ_COMPAT_INPUT_H */
