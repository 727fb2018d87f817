/*-------------------------------------------------------------------------
 *
 * shapes.c
 *	  All objects of a definition, and what may stand under their keys.
 *
 * It says of each key what the reader of that key takes, which is the file that
 * the list of keys is from.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/inside.h"
#include "model/known_keys.h"
#include "model/stages.h"
#include "model/window.h"
#include "model/words.h"
#include "read/shapes.h"

/* Keys that are not there beside others. */
static const char *const no_query[] = {"query", "saved_query", NULL};
static const char *const no_name[] = {"name", "schema", "saved_query", NULL};
static const char *const no_name_query[] = {"name", "schema", "query", NULL};
static const char *const no_on[] = {"on", NULL};
static const char *const no_columns[] = {"from_column", "to_column", NULL};
static const char *const no_measure[] = {"measure", NULL};
static const char *const no_inside[] = {"path", "type", NULL};
static const char *const no_inside_measure[] = {"path", "type", "measure", NULL};
static const char *const no_inside_alias[] = {"path", "type", "alias", NULL};
static const char *const nothing[] = {NULL};
static const char *const no_aggregate[] = {
	"table_id", "path", "type", "aggregation", "args", "measure", NULL
};
static const char *const no_column[] = {"column", "path", "type", NULL};
static const char *const no_alias[] = {"alias", NULL};

/* Words beside numbers and widths. */
static const char *const all_word[] = {"all", NULL};
static const char *const auto_word[] = {"auto", NULL};

/* What more than one object has. */
#define TABLE_ID \
	{.key = "table_id", .kind = PRISMIQ_SHAPE_NAME, \
	.says = "The id of the table that has the column; a calculated field needs none."}
#define COLUMN_OF(text) \
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME, .says = text}
#define UNNEST \
	{.key = "unnest", .kind = PRISMIQ_SHAPE_BOOLEAN, \
	.says = "Whether there is a group for each element of an array."}
#define INSIDE \
	{.key = "path", .kind = PRISMIQ_SHAPE_STEP, .list = PRISMIQ_SHAPE_NOT_EMPTY, \
	.says = "Where in a jsonb column the value stands: keys of objects, places in arrays."}, \
	{.key = "type", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_inside_names, \
	.says = "What that value is taken as; one that does not fit is null."}
#define REFUSED(name, text) \
	{.key = name, .kind = PRISMIQ_SHAPE_NOTHING, .says = text}
#define DIRECTION \
	{.key = "direction", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_direction_names, \
	.any_case = true, .says = "Ascending, which is the default, or descending."}
#define NULLS_PLACE \
	{.key = "nulls", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_nulls_place_names, \
	.any_case = true, .says = "Where nulls stand; as PostgreSQL has it by default."}
#define AGGREGATION(text) \
	{.key = "aggregation", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_aggregation_names, \
	.any_case = true, .says = text}
#define SOURCE_TIMEZONE \
	{.key = "source_timezone", .kind = PRISMIQ_SHAPE_NAME, .param = true, \
	.says = "The zone of a timestamp that has none."}
#define ARGUMENTS \
	{.key = "args", .kind = PRISMIQ_SHAPE_OBJECT, .object = "arguments", \
	.says = "What the aggregation is told besides its column."}
#define OPERATOR \
	{.key = "operator", .kind = PRISMIQ_SHAPE_ANY, .required = true, \
	.says = "How the column is compared with the value."}
#define VALUE \
	{.key = "value", .kind = PRISMIQ_SHAPE_ANY, .says = "What the operator takes."}
#define NULLS \
	{.key = "nulls", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_nulls_names, \
	.says = "Whether a negation lets rows without a value through, as it does by default."}

static const PrismiqShape query_members[] = {
	{.key = "tables", .kind = PRISMIQ_SHAPE_OBJECT, .object = "table",
		.list = PRISMIQ_SHAPE_NOT_EMPTY, .required = true,
	.says = "The tables that the rows come from."},
	{.key = "joins", .kind = PRISMIQ_SHAPE_OBJECT, .object = "join", .list = PRISMIQ_SHAPE_LIST,
	.says = "How they are joined; tables without a join are joined along foreign keys."},
	{.key = "columns", .kind = PRISMIQ_SHAPE_OBJECT, .object = "column",
		.list = PRISMIQ_SHAPE_NOT_EMPTY, .required = true,
	.says = "The columns of the answer, in order."},
	{.key = "filters", .kind = PRISMIQ_SHAPE_OBJECT, .object = "filter",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Conditions on the rows, all of which must hold."},
	{.key = "having", .kind = PRISMIQ_SHAPE_OBJECT, .object = "having",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Conditions on aggregates, all of which must hold."},
	{.key = "group_by", .kind = PRISMIQ_SHAPE_OBJECT, .object = "reference",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "What the rows are grouped by; by default the columns without an aggregation."},
	{.key = "order_by", .kind = PRISMIQ_SHAPE_OBJECT, .object = "order",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "What the answer is ordered by."},
	{.key = "limit", .kind = PRISMIQ_SHAPE_INTEGER, .max = PG_INT64_MAX, .param = true,
	.says = "The most rows of the answer."},
	{.key = "offset", .kind = PRISMIQ_SHAPE_INTEGER, .max = PG_INT64_MAX, .param = true,
	.says = "The rows that are left out before the first."},
	{.key = "time_series", .kind = PRISMIQ_SHAPE_OBJECT, .object = "time_series",
	.says = "Groups by spans of time."},
	{.key = "calculated_fields", .kind = PRISMIQ_SHAPE_OBJECT, .object = "calculated_field",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Columns that are worked out of others."},
	{.key = "windows", .kind = PRISMIQ_SHAPE_OBJECT, .object = "window",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Columns that are worked out of neighbouring rows of the answer."},
	{.key = "qualify", .kind = PRISMIQ_SHAPE_OBJECT, .object = "qualify",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Conditions on windows, all of which must hold."},
	{.key = "pivot", .kind = PRISMIQ_SHAPE_OBJECT, .object = "pivot",
	.says = "Makes columns of the values of a column."},
	{.key = "compare", .kind = PRISMIQ_SHAPE_OBJECT, .object = "compare",
	.says = "Puts the values of a period before beside each measure."},
	{.key = "top", .kind = PRISMIQ_SHAPE_OBJECT, .object = "top",
	.says = "Only the largest groups, the rest in one row."},
	{.key = "totals", .kind = PRISMIQ_SHAPE_TEXT, .list = PRISMIQ_SHAPE_LIST,
		.boolean = true,
	.says = "Subtotals: of all group columns, or of those with these aliases."},
	{.key = "params", .kind = PRISMIQ_SHAPE_MAP, .object = "param",
	.says = "Parameters by their names, whose values are given at run time."},
	{.key = "fan_out", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_fan_out_names,
	.says = "What becomes of measures whose rows a join repeats."},
	{0}
};

static const PrismiqShape table_members[] = {
	{.key = "id", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "How the rest of the definition names the table."},
	{.key = "name", .kind = PRISMIQ_SHAPE_NAME,
	.says = "The name of an exposed table or view."},
	{.key = "schema", .kind = PRISMIQ_SHAPE_NAME,
	.says = "Its schema, where the name alone is not enough."},
	{.key = "alias", .kind = PRISMIQ_SHAPE_TEXT, .is_label = true,
	.says = "A label, and no more."},
	{.key = "query", .kind = PRISMIQ_SHAPE_OBJECT, .object = "query",
	.says = "A nested definition instead of a name."},
	{.key = "saved_query", .kind = PRISMIQ_SHAPE_UUID,
	.says = "The id of a saved query instead of a name."},
	{0}
};
static const PrismiqShapeVariant table_variants[] = {
	{.needs = {"name"}, .bars = no_query},
	{.needs = {"query"}, .bars = no_name},
	{.needs = {"saved_query"}, .bars = no_name_query},
	{{0}}
};

static const PrismiqShape join_members[] = {
	{.key = "from_table_id", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The id of the table on the left."},
	{.key = "from_column", .kind = PRISMIQ_SHAPE_NAME, .says = "Its column."},
	{.key = "to_table_id", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The id of the table on the right."},
	{.key = "to_column", .kind = PRISMIQ_SHAPE_NAME, .says = "Its column."},
	{.key = "join_type", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_join_type_names,
	.any_case = true, .says = "Which rows without a partner stay; none by default."},
	{.key = "on", .kind = PRISMIQ_SHAPE_OBJECT, .object = "join_key",
		.list = PRISMIQ_SHAPE_NOT_EMPTY,
	.says = "Pairs of columns instead of one pair, all of which must fit."},
	{0}
};
static const PrismiqShapeVariant join_variants[] = {
	{.needs = {"from_column", "to_column"}, .bars = no_on},
	{.needs = {"on"}, .bars = no_columns},
	{{0}}
};

static const PrismiqShape join_key_members[] = {
	{.key = "from_column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "A column of the table on the left."},
	{.key = "to_column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "A column of the table on the right."},
	{.key = "operator", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_join_operators,
	.says = "How the two are compared; they are equal by default."},
	{0}
};

static const PrismiqShape column_members[] = {
	TABLE_ID,
	COLUMN_OF("A column or calculated field; \"*\" for count."),
	INSIDE,
	AGGREGATION("How the values of a group become one."),
	{.key = "alias", .kind = PRISMIQ_SHAPE_ALIAS, .says = "Its name in the answer."},
	{.key = "date_trunc", .kind = PRISMIQ_SHAPE_INTERVAL,
	.says = "The span of time that its values are cut to."},
	SOURCE_TIMEZONE,
	{.key = "date_format", .kind = PRISMIQ_SHAPE_TEXT, .is_label = true,
	.says = "A pattern of strftime, for who shows it."},
	{.key = "format", .kind = PRISMIQ_SHAPE_TEXT, .is_label = true,
	.says = "A format, for who shows it."},
	{.key = "display_name", .kind = PRISMIQ_SHAPE_TEXT, .is_label = true,
	.says = "A label, for who shows it."},
	{.key = "distinct", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether the aggregation takes each value once."},
	UNNEST,
	{.key = "filters", .kind = PRISMIQ_SHAPE_OBJECT, .object = "filter",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "Conditions on the rows that the aggregation takes."},
	ARGUMENTS,
	{.key = "measure", .kind = PRISMIQ_SHAPE_NAME,
	.says = "A measure of the application's model instead of a column."},
	{0}
};
static const PrismiqShapeVariant column_variants[] = {
	{.needs = {"column"}, .bars = no_inside_measure},
	{.needs = {"column", "path", "type"}, .bars = no_measure},
	{.needs = {"measure"}, .bars = prismiq_measure_own_keys},
	{{0}}
};

static const PrismiqShape argument_members[] = {
	{.key = "fraction", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "Of percentile: from 0 to 1."},
	{.key = "separator", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "Of string_agg: what stands between the values."},
	{.key = "order_by", .kind = PRISMIQ_SHAPE_NAME,
	.says = "Of first, last and lists: the column that says the order."},
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME,
	.says = "Of corr: the column or calculated field to correlate with."},
	INSIDE,
	{0}
};
static const PrismiqShapeVariant argument_variants[] = {
	{.bars = no_inside},
	{.needs = {"order_by", "path", "type"}, .bars = nothing},
	{.needs = {"column", "path", "type"}, .bars = nothing},
	{{0}}
};

static const PrismiqShape reference_members[] = {
	TABLE_ID,
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "A column or calculated field."},
	INSIDE,
	UNNEST,
	{0}
};
static const PrismiqShapeVariant reference_variants[] = {
	{.needs = {"column"}, .bars = no_inside},
	{.needs = {"column", "path", "type"}, .bars = nothing},
	{{0}}
};

static const PrismiqShape order_members[] = {
	TABLE_ID,
	COLUMN_OF("A column or calculated field."),
	INSIDE,
	{.key = "alias", .kind = PRISMIQ_SHAPE_NAME, .says = "A column of the answer instead."},
	DIRECTION,
	NULLS_PLACE,
	{0}
};
static const PrismiqShapeVariant order_variants[] = {
	{.needs = {"alias"}, .bars = no_column},
	{.needs = {"column"}, .bars = no_inside_alias},
	{.needs = {"column", "path", "type"}, .bars = no_alias},
	{{0}}
};

static const PrismiqShape sort_members[] = {
	{.key = "alias", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "A column of the answer."},
	DIRECTION,
	NULLS_PLACE,
	{0}
};

static const PrismiqShape filter_members[] = {
	TABLE_ID,
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "A column or calculated field."},
	INSIDE,
	REFUSED("aggregation", "Conditions on aggregates stand in \"having\"."),
	REFUSED("args", "Of an aggregation."),
	OPERATOR,
	VALUE,
	SOURCE_TIMEZONE,
	{.key = "scope", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_scope_names,
	.says = "Of which rows it speaks: those that are joined, or related rows."},
	NULLS,
	REFUSED("measure", "Conditions on measures stand in \"having\"."),
	{0}
};

static const PrismiqShape having_members[] = {
	TABLE_ID,
	COLUMN_OF("An alias of the answer; with an aggregation a column."),
	INSIDE,
	AGGREGATION("The aggregate that is compared."),
	ARGUMENTS,
	OPERATOR,
	VALUE,
	REFUSED("source_timezone", "Of filters."),
	REFUSED("scope", "Of filters."),
	NULLS,
	{.key = "measure", .kind = PRISMIQ_SHAPE_NAME,
	.says = "A measure of the application's model instead of a column."},
	{0}
};
static const PrismiqShapeVariant having_variants[] = {
	{.needs = {"column"}, .bars = no_aggregate},
	{.needs = {"column", "aggregation"}, .bars = no_inside_measure},
	{.needs = {"column", "path", "type", "aggregation"}, .bars = no_measure},
	{.needs = {"measure"}, .bars = prismiq_measure_own_keys},
	{{0}}
};

static const PrismiqShape qualify_members[] = {
	REFUSED("table_id", "Of columns of tables."),
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "An alias of the answer."},
	REFUSED("path", "Of columns of tables."),
	REFUSED("type", "Of columns of tables."),
	REFUSED("aggregation", "Conditions on aggregates stand in \"having\"."),
	REFUSED("args", "Of an aggregation."),
	OPERATOR,
	VALUE,
	REFUSED("source_timezone", "Of filters."),
	REFUSED("scope", "Of filters."),
	NULLS,
	REFUSED("measure", "Conditions on measures stand in \"having\"."),
	{0}
};

static const PrismiqShape date_window_members[] = {
	{.key = "period", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_period_names,
	.required = true, .says = "The length of the window."},
	{.key = "value", .kind = PRISMIQ_SHAPE_INTEGER, .min = -100000, .max = 100000,
		.required = true, .param = true,
	.says = "Which one: 0 is the current one, -1 the last."},
	{0}
};

static const PrismiqShape query_value_members[] = {
	{.key = "query", .kind = PRISMIQ_SHAPE_OBJECT, .object = "query", .required = true,
	.says = "A definition of one column, whose values are compared with."},
	{0}
};

static const PrismiqShape param_use_members[] = {
	{.key = "param", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The name of a parameter, whose value stands here."},
	{.key = "optional", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether a condition is left out where the value was not given."},
	{0}
};

static const PrismiqShape param_members[] = {
	{.key = "type", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_param_types,
	.required = true, .says = "The type of its value; with [] a list of such."},
	{.key = "default", .kind = PRISMIQ_SHAPE_SCALAR, .list = PRISMIQ_SHAPE_EITHER,
	.says = "The value where none is given."},
	{.key = "required", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether a value must be given."},
	{0}
};

static const PrismiqShape series_members[] = {
	TABLE_ID,
	{.key = "date_column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The column whose times are grouped."},
	INSIDE,
	{.key = "interval", .kind = PRISMIQ_SHAPE_INTERVAL, .words = auto_word,
		.any_case = true, .required = true, .param = true,
	.says = "The width of the buckets, or what suits the range."},
	{.key = "alias", .kind = PRISMIQ_SHAPE_ALIAS, .says = "Its name in the answer."},
	{.key = "fill_missing", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether buckets without rows are shown, as they are by default."},
	{.key = "fill", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_fill_names,
	.says = "What an empty bucket shows."},
	{.key = "fill_value", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "The value of empty buckets; 0 by default."},
	{.key = "fill_before", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether the last value before the range is carried into it, with \"previous\"."},
	{.key = "timezone", .kind = PRISMIQ_SHAPE_NAME, .param = true,
	.says = "The zone whose days these are."},
	SOURCE_TIMEZONE,
	{.key = "week_start", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_weekday_names,
	.any_case = true, .says = "The first day of the week."},
	{.key = "fiscal", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether quarters and years follow the fiscal year."},
	{.key = "origin", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "Where buckets are counted from."},
	{.key = "range", .kind = PRISMIQ_SHAPE_OBJECT, .object = "range",
	.says = "The span that is shown."},
	{.key = "max_points", .kind = PRISMIQ_SHAPE_INTEGER, .min = 1, .max = 100000,
	.says = "The most buckets that \"auto\" makes."},
	{.key = "complete_only", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether a bucket that has not ended is left out."},
	{0}
};
static const PrismiqShapeVariant series_variants[] = {
	{.needs = {"date_column"}, .bars = no_inside},
	{.needs = {"date_column", "path", "type"}, .bars = nothing},
	{{0}}
};

static const PrismiqShape range_members[] = {
	{.key = "start", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "The first moment."},
	{.key = "end", .kind = PRISMIQ_SHAPE_SCALAR, .param = true,
	.says = "The last day, or the first moment after."},
	{0}
};

static const PrismiqShape field_members[] = {
	{.key = "name", .kind = PRISMIQ_SHAPE_ALIAS, .required = true,
	.says = "How the rest of the definition names it."},
	{.key = "expression", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "An expression, with names in square brackets."},
	{.key = "data_type", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_data_type_names,
	.any_case = true, .says = "The type that it is cast to."},
	{0}
};

static const PrismiqShape window_members[] = {
	{.key = "alias", .kind = PRISMIQ_SHAPE_ALIAS, .required = true,
	.says = "Its name in the answer."},
	{.key = "function", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_window_names,
	.any_case = true, .required = true, .says = "What is worked out."},
	{.key = "of", .kind = PRISMIQ_SHAPE_NAME, .says = "The column of the answer that it is of."},
	{.key = "partition_by", .kind = PRISMIQ_SHAPE_TEXT, .list = PRISMIQ_SHAPE_LIST,
	.says = "Aliases; rows in which they differ are no neighbours."},
	{.key = "order_by", .kind = PRISMIQ_SHAPE_OBJECT, .object = "sort",
		.list = PRISMIQ_SHAPE_LIST,
	.says = "The order of the neighbours."},
	{.key = "n", .kind = PRISMIQ_SHAPE_INTEGER, .max = PG_INT32_MAX, .param = true,
	.says = "How many rows, or parts."},
	{.key = "frame", .kind = PRISMIQ_SHAPE_OBJECT, .object = "frame",
	.says = "Which of the neighbours count."},
	{0}
};

static const PrismiqShape frame_members[] = {
	{.key = "preceding", .kind = PRISMIQ_SHAPE_INTEGER, .max = PG_INT32_MAX,
	.words = all_word, .any_case = true, .says = "Rows before; all by default."},
	{.key = "following", .kind = PRISMIQ_SHAPE_INTEGER, .max = PG_INT32_MAX,
	.words = all_word, .any_case = true, .says = "Rows after; none by default."},
	{0}
};

static const PrismiqShape pivot_members[] = {
	{.key = "column", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The column of the answer whose values become columns."},
	{.key = "value", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The measure that they hold."},
	{.key = "rows", .kind = PRISMIQ_SHAPE_TEXT, .list = PRISMIQ_SHAPE_LIST,
	.says = "Columns of the answer that stay; all others by default."},
	{.key = "values", .kind = PRISMIQ_SHAPE_SCALAR, .list = PRISMIQ_SHAPE_LIST,
	.says = "The values that become columns, in order; all by default."},
	{.key = "max_columns", .kind = PRISMIQ_SHAPE_INTEGER, .min = 1, .param = true,
	.says = "The most columns that are made; 50 by default."},
	{0}
};

static const PrismiqShape compare_members[] = {
	{.key = "period", .kind = PRISMIQ_SHAPE_CHOICE, .words = prismiq_compare_names,
		.any_case = true, .object = "offset", .required = true,
	.says = "The period before, by its name or by how far back it is."},
	{0}
};

static const PrismiqShape offset_members[] = {
	{.key = "offset", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "An interval, such as \"7 days\"."},
	{0}
};

static const PrismiqShape top_members[] = {
	{.key = "n", .kind = PRISMIQ_SHAPE_INTEGER, .min = 1, .max = PG_INT32_MAX,
		.required = true, .param = true,
	.says = "How many groups."},
	{.key = "by", .kind = PRISMIQ_SHAPE_NAME, .required = true,
	.says = "The alias of the measure that they are the largest by."},
	{.key = "other", .kind = PRISMIQ_SHAPE_BOOLEAN,
	.says = "Whether the rest is shown in one row, as it is by default."},
	{0}
};

const PrismiqObjectShape prismiq_definition_shapes[] = {
	{.name = "query", .keys = prismiq_query_keys, .members = query_members,
	.says = "A query definition."},
	{.name = "table", .keys = prismiq_table_keys, .members = table_members,
	.variants = table_variants, .says = "A table, a nested definition or a saved query."},
	{.name = "join", .keys = prismiq_join_keys, .members = join_members,
	.variants = join_variants, .says = "How two tables are joined."},
	{.name = "join_key", .keys = prismiq_on_keys, .members = join_key_members,
	.says = "A pair of columns of a join."},
	{.name = "column", .keys = prismiq_column_keys, .members = column_members,
	.variants = column_variants, .says = "A column of the answer."},
	{.name = "arguments", .keys = prismiq_argument_keys, .members = argument_members,
	.variants = argument_variants, .says = "Arguments of an aggregation."},
	{.name = "reference", .keys = prismiq_grouped_keys, .members = reference_members,
	.variants = reference_variants,
	.says = "A column or calculated field that rows are grouped by."},
	{.name = "order", .keys = prismiq_order_keys, .members = order_members,
	.variants = order_variants, .says = "What rows are ordered by."},
	{.name = "sort", .keys = prismiq_sort_keys, .members = sort_members,
	.says = "A column of the answer that rows are ordered by."},
	{.name = "filter_test", .keys = prismiq_test_keys, .members = filter_members,
	.variants = reference_variants, .group = "filter", .says = "A condition on rows."},
	{.name = "having_test", .keys = prismiq_test_keys, .members = having_members,
		.variants = having_variants, .group = "having",
	.says = "A condition on an aggregate."},
	{.name = "qualify_test", .keys = prismiq_test_keys, .members = qualify_members,
	.group = "qualify", .says = "A condition on a column of the answer."},
	{.name = "date_window", .keys = prismiq_date_window_keys, .members = date_window_members,
	.says = "A whole period."},
	{.name = "query_value", .keys = prismiq_query_value_keys, .members = query_value_members,
	.says = "The values of another query."},
	{.name = "param_use", .keys = prismiq_param_use_keys, .members = param_use_members,
	.says = "The value of a parameter."},
	{.name = "param", .keys = prismiq_param_keys, .members = param_members,
	.says = "A parameter."},
	{.name = "time_series", .keys = prismiq_series_keys, .members = series_members,
	.variants = series_variants, .says = "Groups by spans of time."},
	{.name = "range", .keys = prismiq_range_keys, .members = range_members,
	.says = "A span of time."},
	{.name = "calculated_field", .keys = prismiq_field_keys, .members = field_members,
	.says = "A column that is worked out of others."},
	{.name = "window", .keys = prismiq_window_keys, .members = window_members,
	.says = "A column that is worked out of neighbouring rows of the answer."},
	{.name = "frame", .keys = prismiq_frame_keys, .members = frame_members,
	.says = "Rows around the current one."},
	{.name = "pivot", .keys = prismiq_pivot_keys, .members = pivot_members,
	.says = "Columns that are made of values."},
	{.name = "compare", .keys = prismiq_compare_keys, .members = compare_members,
	.says = "A comparison with a period before."},
	{.name = "offset", .keys = prismiq_offset_keys, .members = offset_members,
	.says = "How far back a period is."},
	{.name = "top", .keys = prismiq_top_keys, .members = top_members,
	.says = "The largest groups."},
	{0}
};
