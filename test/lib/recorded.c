/*
 * Stands in front of the extension's functions in C that take documents, and notes what they are
 * given: a line {"function": ..., "arguments": [...]} for each call, into the file that
 * PRISMIQ_RECORDED names to the server. For test/lib/recorded.sh, which makes FUNCTIONS out of the
 * catalogs: RECORDED(name) for each of them.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

PG_MODULE_MAGIC;

/* Append a line; one write, so that those of several backends do not mix. */
static void
note(const char *line, int length)
{
	static int	file = -1;

	if (file < 0)
		file = open(getenv("PRISMIQ_RECORDED"), O_WRONLY | O_APPEND | O_CREAT, 0644);
	if (file < 0 || write(file, line, length) != length)
		elog(PANIC, "cannot write what is recorded: %m");
}

/* Note the documents of a call, and let the function that was meant do it. */
static Datum
record(FunctionCallInfo fcinfo, const char *name, PGFunction *meant)
{
	StringInfoData line;
	Oid		   *types;
	int			count;
	int			i;

	/* A set is asked for again for each of its rows. */
	if (fcinfo->flinfo->fn_retset && fcinfo->flinfo->fn_extra != NULL)
		return (*meant) (fcinfo);
	if (*meant == NULL)
		*meant = load_external_function("$libdir/prismiq", name, true, NULL);
	get_func_signature(fcinfo->flinfo->fn_oid, &types, &count);
	initStringInfo(&line);
	appendStringInfoString(&line, "{\"function\":");
	escape_json(&line, name);
	appendStringInfoString(&line, ",\"arguments\":[");
	for (i = 0; i < count; i++)
	{
		Jsonb	   *document = types[i] != JSONBOID || PG_ARGISNULL(i) ? NULL :
			DatumGetJsonbP(fcinfo->args[i].value);

		if (i > 0)
			appendStringInfoChar(&line, ',');
		if (document == NULL)
			appendStringInfoString(&line, "null");
		else
			(void) JsonbToCString(&line, &document->root, VARSIZE(document));
	}
	appendStringInfoString(&line, "]}\n");
	note(line.data, line.len);
	pfree(line.data);
	return (*meant) (fcinfo);
}

#define RECORDED(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		static PGFunction meant = NULL; \
		return record(fcinfo, #name, &meant); \
	}

FUNCTIONS
