/*-------------------------------------------------------------------------
 *
 * input_value.h
 *	  A value out of text that may be bad.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_INPUT_VALUE_H
#define PRISMIQ_INPUT_VALUE_H

#include "postgres.h"

/* Call a type's input function; false: the text is bad. */
extern bool prismiq_input_value(Oid typinput, const char *text, Oid typioparam, int32 typmod,
								Datum *result);

#endif							/* PRISMIQ_INPUT_VALUE_H */
