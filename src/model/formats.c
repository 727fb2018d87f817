/*-------------------------------------------------------------------------
 *
 * formats.c
 *	  The names of formats.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/formats.h"

const char *const prismiq_format_names[] = {
	"plain", "number", "currency", "percent", "ratio", "compact", "duration", "duration_ms",
	"bytes", "date", "datetime", "time", "month", "weekday", NULL
};

StaticAssertDecl(lengthof(prismiq_format_names) == PRISMIQ_FORMAT_WEEKDAY + 1,
				 "each kind of format has its name");

/* See the header. */
bool
prismiq_format_named(const char *name, const char *date_format, PrismiqFormatSpec *spec)
{
	int			i;

	memset(spec, 0, sizeof(*spec));
	spec->decimals = -1;
	spec->date_format = date_format;
	for (i = 0; name != NULL && prismiq_format_names[i] != NULL; i++)
		if (strcmp(name, prismiq_format_names[i]) == 0)
			spec->kind = (PrismiqFormatKind) (PRISMIQ_FORMAT_PLAIN + i);
	return name == NULL || spec->kind != PRISMIQ_FORMAT_NONE;
}
