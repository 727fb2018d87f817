/*-------------------------------------------------------------------------
 *
 * notation.c
 *	  How values are read and written in a call, whatever the session has set.
 *
 * The server's input and output functions, and casts to and from text, go by
 * settings that anyone may change.  A stored definition has to mean the same
 * to everyone who asks it, and to a dump that is restored; so a call of ours
 * runs under one notation, as a function with a SET clause does.  The setting
 * machinery is what carries it to parallel workers and takes it back after an
 * error.  The session's time zone is not among them: it is a default that the
 * caller chooses.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/guc.h"

#include "base/notation.h"

/*
 * Settings and their values: the server's own defaults.  Null is what the
 * session began with, since the database's currency is the administrator's.
 */
static const struct
{
	const char *name;
	const char *value;
}			notation[] =
{
	{.name = "DateStyle", .value = "ISO, MDY"},
	{.name = "IntervalStyle", .value = "postgres"},
	{.name = "timezone_abbreviations", .value = "Default"},
	{.name = "extra_float_digits", .value = "1"},
	{.name = "bytea_output", .value = "hex"},
	{.name = "array_nulls", .value = "on"},
	{.name = "xmloption", .value = "content"},
	{.name = "lc_monetary", .value = NULL},
};

/* See the header. */
int
prismiq_notation_begin(void)
{
	int			level = 0;
	int			i;

	for (i = 0; i < lengthof(notation); i++)
	{
		const char *name = notation[i].name;
		const char *value = notation[i].value;

		if (value == NULL)
			value = GetConfigOptionResetString(name);
		if (strcmp(GetConfigOption(name, false, false), value) == 0)
			continue;
		if (level == 0)
			level = NewGUCNestLevel();
		(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	}
	return level;
}

/* See the header. */
void
prismiq_notation_end(int level)
{
	if (level != 0)
		AtEOXact_GUC(true, level);
}
