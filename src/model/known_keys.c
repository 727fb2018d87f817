/*-------------------------------------------------------------------------
 *
 * known_keys.c
 *	  The keys of a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/known_keys.h"

const char *const prismiq_query_keys[] = {
	"tables", "joins", "columns", "filters", "having", "group_by", "order_by", "limit",
	"offset", "time_series", "calculated_fields", "windows", "qualify", "pivot", "compare",
	"top", "totals", "params", "fan_out", NULL
};

const char *const prismiq_table_keys[] = {
	"id", "name", "schema", "alias", "query", "saved_query", NULL
};

const char *const prismiq_column_keys[] = {
	"table_id", "column", "path", "type", "aggregation", "alias", "date_trunc",
	"source_timezone", "date_format", "format", "display_name", "distinct", "unnest", "filters",
	"args", "measure", NULL
};

const char *const prismiq_argument_keys[] = {
	"fraction", "separator", "order_by", "column", "path", "type", NULL
};

const char *const prismiq_test_keys[] = {
	"table_id", "column", "path", "type", "aggregation", "args", "operator", "value",
	"source_timezone", "scope", "nulls", "measure", NULL
};

const char *const prismiq_model_keys[] = {
	"timezone", "week_start", "fiscal_year_start_month", "currency", "number", "theme",
	"tables", "relationships", "measures", NULL
};

const char *const prismiq_relationship_keys[] = {
	"from_table", "from_column", "from_columns", "to_table", "to_column", "to_columns", NULL
};

const char *const prismiq_measure_keys[] = {
	"table", "column", "aggregation", "expression", "filters", "label", "description",
	"format", NULL
};

const char *const prismiq_window_keys[] = {
	"alias", "function", "of", "partition_by", "order_by", "n", "frame", NULL
};
