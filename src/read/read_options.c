/*-------------------------------------------------------------------------
 *
 * read_options.c
 *	  What comes beside a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "read/read.h"

static const char *const option_keys[] = {
	"format", "params", "timezone", "limit", "offset", "page", "page_size", "count", "sort",
	"disable_aggregation", "cache", "timeout_ms", "max_rows", "bigint", "metadata", "raw", NULL
};
static const char *const option_unsupported[] = {
	"params", "limit", "offset", "page", "page_size", "count", "sort", "cache", "metadata",
	NULL
};

/* Options of prismiq_query and its kin; faults point into the options. */
PrismiqQueryOptions *
prismiq_read_options(const json_t *root, PrismiqFaults *faults)
{
	static const char *const formats[] = {"arrays", "objects", "columnar", NULL};
	static const char *const bigints[] = {"number", "string", NULL};
	PrismiqQueryOptions *options = palloc0(sizeof(PrismiqQueryOptions));
	PrismiqObject object;

	options->max_rows = -1;
	options->timeout_ms = -1;
	if (!prismiq_object_open(&object, root, NULL, faults, option_keys))
		return options;
	options->format = prismiq_object_choice(&object, "format", formats, false, 0);
	options->timezone = prismiq_object_name(&object, "timezone", false);
	options->timezone_path = prismiq_object_path(&object, "timezone");
	options->disable_aggregation = prismiq_object_boolean(&object, "disable_aggregation", false);
	options->timeout_ms = prismiq_object_integer(&object, "timeout_ms", 1, PG_INT32_MAX, -1);
	options->max_rows = prismiq_object_integer(&object, "max_rows", 0, PG_INT32_MAX, -1);
	options->bigint_as_string =
		prismiq_object_choice(&object, "bigint", bigints, false, 0) == 1;
	options->csv_raw = prismiq_object_boolean(&object, "raw", false);
	prismiq_read_unsupported(&object, option_unsupported);
	return options;
}
