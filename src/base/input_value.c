/*-------------------------------------------------------------------------
 *
 * input_value.c
 *	  A value out of text that may be bad.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"

#include "base/attempt.h"
#include "base/compat_input.h"
#include "base/fault.h"
#include "base/input_value.h"

/*
 * Is an error of an input function about the server or the transaction?  Every
 * other one is about the value, whatever its code: hstore's input raises
 * XX000, regclass's 3F000, and a domain's check inside a row type what its
 * author liked.
 */
static bool
error_passes(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION ||
		category == ERRCODE_INSUFFICIENT_RESOURCES ||
		category == ERRCODE_TRANSACTION_ROLLBACK ||
		category == ERRCODE_SYSTEM_ERROR ||
		sqlerrcode == ERRCODE_DATA_CORRUPTED || sqlerrcode == ERRCODE_INDEX_CORRUPTED;
}

/*
 * prismiq_input_value() without a subtransaction: what the input function throws
 * ends the statement, in words of ours.
 */
static bool
input_value_bare(Oid typinput, const char *text, Oid typioparam, int32 typmod,
				 Datum *result)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	volatile bool ok = true;

	PG_TRY();
	{
		ok = prismiq_input_call(typinput, text, typioparam, typmod, result);
	}
	PG_CATCH();
	{
		ErrorData  *edata;

		MemoryContextSwitchTo(oldcontext);
		edata = CopyErrorData();
		FlushErrorState();
		if (error_passes(edata->sqlerrcode))
			ReThrowError(edata);
		prismiq_reject_argument(NULL, NULL, "a value is out of range or cannot be converted");
	}
	PG_END_TRY();
	return ok;
}

/* One value to be read, for prismiq_attempt(). */
typedef struct Input
{
	Oid			function;
	const char *text;
	Oid			typioparam;
	int32		typmod;
	Datum		value;
} Input;

/* Call the input function. */
static void
call_input(void *arg)
{
	Input	   *input = (Input *) arg;

	input->value = OidInputFunctionCall(input->function, unconstify(char *, input->text),
										input->typioparam, input->typmod);
}

/*
 * Call a type's input function on text that may be bad; false when it is.
 *
 * An input function that throws needs a subtransaction to catch the error and
 * stay whole.  In parallel mode there can be none: there a bad value is an
 * error.
 */
bool
prismiq_input_value(Oid typinput, const char *text, Oid typioparam, int32 typmod,
					Datum *result)
{
	Input		input = {typinput, text, typioparam, typmod, (Datum) 0};
	ErrorData  *error;

	if (IsInParallelMode() || prismiq_input_is_soft(typinput))
		return input_value_bare(typinput, text, typioparam, typmod, result);

	error = prismiq_attempt(PRISMIQ_ATTEMPT_KEEP, call_input, &input);
	if (error == NULL)
		*result = input.value;
	else if (error_passes(error->sqlerrcode))
		ReThrowError(error);
	else
		FreeErrorData(error);
	return error == NULL;
}
