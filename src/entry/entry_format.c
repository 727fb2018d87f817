/*-------------------------------------------------------------------------
 *
 * entry_format.c
 *	  SQL-callable: a value as people read it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "base/fault.h"
#include "base/notation.h"
#include "base/settings.h"
#include "entry/entry.h"
#include "model/dates.h"
#include "model/zones.h"
#include "show/format.h"

PGDLLEXPORT Datum prismiq_format_value(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_format_value);

/* An argument that is a document, as a tree; or null. */
static const json_t *
tree_argument(FunctionCallInfo fcinfo, int number)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *node;

	if (PG_NARGS() <= number || PG_ARGISNULL(number))
		return NULL;
	node = prismiq_json_from_jsonb(PG_GETARG_JSONB_P(number),
								   prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   prismiq_limit(PRISMIQ_MAX_NESTING), &faults);
	prismiq_fault_raise_any(&faults);
	return node;
}

/*
 * prismiq_format_value(value "any", format jsonb, config jsonb, zone text): the
 * text, with the separators and the currency of a configuration.
 */
Datum
prismiq_format_value(PG_FUNCTION_ARGS)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);
	Datum		value = PG_GETARG_DATUM(0);
	const json_t *format = tree_argument(fcinfo, 1);
	const json_t *config = tree_argument(fcinfo, 2);
	const json_t *number = json_object_get(config, "number");
	const char *zone = PG_NARGS() <= 3 || PG_ARGISNULL(3) ? "UTC" :
		text_to_cstring(PG_GETARG_TEXT_PP(3));
	PrismiqFormatLocale locale = {.currency = prismiq_json_text(config, "currency"),
		.decimal = prismiq_json_text(number, "decimal"),
		.group = prismiq_json_text(number, "group"),
	.zone = prismiq_zone_find(zone)};
	PrismiqFormatSpec spec;
	char	   *text;
	int			level;

	if (locale.zone == NULL)
		prismiq_reject_argument("zone", "Use a full name such as Europe/Paris.",
								"time zone \"%s\" not recognized", zone);
	if (!prismiq_format_read(format, &spec) && format != NULL && !json_is_null(format))
		prismiq_reject_argument("format", "docs/formats.md has all formats.",
								"the format is none");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (!OidIsValid(type))
		elog(ERROR, "the type of the value is not known");
	if (type == UNKNOWNOID)
	{
		type = TEXTOID;
		value = CStringGetTextDatum(DatumGetCString(value));
	}
	level = prismiq_notation_begin();
	text = prismiq_format_text(&spec, type, value, false, &locale);
	prismiq_notation_end(level);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}
