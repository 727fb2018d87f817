/*-------------------------------------------------------------------------
 *
 * document.c
 *	  The documents that the tables hold: layouts, positions, dashboard
 *	  filters, a tenant's configuration.
 *
 * CHECK constraints stand on these, so what a document may say depends on the
 * document alone.  A constraint that begins to refuse what it once let through
 * would stop a dump of an older version from being restored: widen, never
 * narrow.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "doc/config.h"
#include "doc/doc.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/formats.h"
#include "model/merge.h"
#include "model/words.h"
#include "model/zones.h"

static const char *const layout_keys[] = {"columns", "row_height", "margin", "compact_type", NULL};
static const char *const layout_input_keys[] = {
	"columns", "row_height", "margin", "compact_type", "rowHeight", "compactType", NULL
};
static const char *const compact_types[] = {"vertical", "horizontal", "none", NULL};

const char *const prismiq_position_keys[] = {"x", "y", "w", "h", NULL};

static const char *const option_keys[] = {"value", "label", NULL};

static const char *const config_keys[] = {
	"timezone", "week_start", "fiscal_year_start_month", "currency", "number", "theme", "tables",
	NULL
};
static const char *const number_keys[] = {"decimal", "group", NULL};
static const char *const table_config_keys[] = {
	"display_name", "description", "hidden", "columns", NULL
};
static const char *const column_config_keys[] = {
	"display_name", "description", "hidden", "format", "date_format", "unit", NULL
};

/* Each is looked for in all before it. */
#define MAX_FILTERS 200

/* An integer that must be there. */
static void
require_integer(const PrismiqObject *object, const char *key, int64 min, int64 max)
{
	if (prismiq_object_has(object, key))
		prismiq_object_integer(object, key, min, max, min);
	else
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" is required", key);
}

/* What a layout says, by the names that the tables have. */
static void
read_layout(const PrismiqObject *layout)
{
	const json_t *margin = prismiq_object_array(layout, "margin");
	bool		good;
	size_t		i;

	prismiq_object_integer(layout, "columns", 1, PRISMIQ_LAYOUT_COLUMNS, 12);
	prismiq_object_integer(layout, "row_height", 1, 10000, 50);
	if (margin != NULL)
	{
		good = json_array_size(margin) == 2;
		for (i = 0; good && i < 2; i++)
		{
			const json_t *side = json_array_get(margin, i);
			int64		pixels;

			good = prismiq_json_kind(side) == PRISMIQ_JSON_NUMBER &&
				prismiq_json_number_to_int(side, &pixels) && pixels >= 0 && pixels <= 10000;
		}
		if (!good)
			prismiq_fault_add(layout->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(layout, "margin"),
							  "Write it as [10, 10].",
							  "\"margin\" must be two integers from 0 to 10000");
	}
	prismiq_object_choice(layout, "compact_type", compact_types, false, 0);
}

/* {"columns": 12, "row_height": 50, "margin": [10, 10], "compact_type": "vertical"} */
void
prismiq_read_layout(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject layout;

	if (prismiq_object_open(&layout, node, path, faults, layout_keys))
		read_layout(&layout);
}

/* The same as functions take it: two keys have the names that grids in browsers have for them. */
void
prismiq_read_layout_input(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject layout;

	if (!prismiq_object_open(&layout, node, path, faults, layout_input_keys))
		return;
	read_layout(&layout);
	prismiq_object_integer(&layout, "rowHeight", 1, 10000, 50);
	prismiq_object_choice(&layout, "compactType", compact_types, false, 0);
	prismiq_object_refuse_both(&layout, "row_height", "rowHeight");
	prismiq_object_refuse_both(&layout, "compact_type", "compactType");
}

/* Where something stands, and how large it is: all four of them. */
void
prismiq_read_sides(const PrismiqObject *object)
{
	require_integer(object, "x", 0, PRISMIQ_LAYOUT_COLUMNS);
	require_integer(object, "y", 0, PRISMIQ_LAYOUT_ROWS);
	require_integer(object, "w", 1, PRISMIQ_LAYOUT_COLUMNS);
	require_integer(object, "h", 1, PRISMIQ_LAYOUT_ROWS);
}

/* {"x": 0, "y": 0, "w": 4, "h": 3} */
void
prismiq_read_position(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject position;

	if (prismiq_object_open(&position, node, path, faults, prismiq_position_keys))
		prismiq_read_sides(&position);
}

/* The choices of a select filter: scalars, or {value, label}. */
static void
read_filter_options(const PrismiqObject *filter)
{
	const json_t *options = prismiq_object_array(filter, "options");
	const PrismiqPath *path;
	int			count;
	int			i;

	if (options == NULL)
		return;
	path = prismiq_object_path(filter, "options");
	count = prismiq_read_items(filter, "options");
	for (i = 0; i < count; i++)
	{
		const json_t *option = json_array_get(options, i);
		const PrismiqPath *place = prismiq_path_index(path, i);
		PrismiqObject object;

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(option) == PRISMIQ_JSON_ARRAY)
			prismiq_fault_add(filter->faults, PRISMIQ_INVALID_VALUE, place, NULL,
							  "an option is a value or {\"value\", \"label\"}, not an array");
		else if (prismiq_json_kind(option) == PRISMIQ_JSON_OBJECT &&
				 prismiq_object_open(&object, option, place, filter->faults, option_keys))
		{
			if (prismiq_object_get(&object, "value") == NULL)
				prismiq_fault_add(filter->faults, PRISMIQ_MISSING_FIELD,
								  prismiq_object_path(&object, "value"), NULL,
								  "\"value\" is required");
			prismiq_object_text(&object, "label", false);
		}
	}
}

/* The widgets that a filter is for. */
static void
read_applies_to(const PrismiqObject *filter)
{
	const json_t *widgets = prismiq_object_array(filter, "applies_to");
	const PrismiqPath *path;
	int			count;
	int			i;

	if (widgets == NULL)
		return;
	path = prismiq_object_path(filter, "applies_to");
	count = prismiq_read_items(filter, "applies_to");
	for (i = 0; i < count; i++)
	{
		const json_t *widget = json_array_get(widgets, i);

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(widget) != PRISMIQ_JSON_STRING ||
			!prismiq_is_uuid(prismiq_json_string(widget)))
			prismiq_fault_add(filter->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_path_index(path, i), NULL,
							  "\"applies_to\" must hold ids of widgets");
	}
}

/* One of some words that must be there. */
static void
require_choice(const PrismiqObject *object, const char *key, const char *const *choices)
{
	if (prismiq_object_has(object, key))
		prismiq_object_choice(object, key, choices, false, 0);
	else
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD,
						  prismiq_object_path(object, key), NULL,
						  "\"%s\" is required", key);
}

/* Has an earlier filter of the list the same id? */
static bool
is_repeated_id(const json_t *filters, size_t index, const char *id)
{
	size_t		i;

	for (i = 0; i < index; i++)
	{
		const json_t *other = json_array_get(filters, i);
		const json_t *other_id;

		if (prismiq_json_kind(other) != PRISMIQ_JSON_OBJECT)
			continue;
		other_id = json_object_get(other, "id");
		if (prismiq_json_kind(other_id) == PRISMIQ_JSON_STRING &&
			strcmp(prismiq_json_string(other_id), id) == 0)
			return true;
	}
	return false;
}

/*
 * One filter of the list.  Whether a preset exists and a default value fits is
 * known where the filter is applied.
 */
static void
read_dashboard_filter(const json_t *filters, size_t index, const PrismiqPath *path,
					  PrismiqFaults *faults)
{
	PrismiqObject filter;
	const char *id;

	if (!prismiq_object_open(&filter, json_array_get(filters, index), path, faults,
							 prismiq_filter_keys))
		return;
	id = prismiq_object_name(&filter, "id", true);
	if (id != NULL && is_repeated_id(filters, index, id))
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(&filter, "id"), NULL,
						  "two filters have the id \"%s\"", id);
	require_choice(&filter, "type", prismiq_filter_types);
	prismiq_object_text(&filter, "label", false);
	prismiq_object_name(&filter, "field", true);
	prismiq_object_name(&filter, "table", false);
	read_filter_options(&filter);
	prismiq_object_name(&filter, "date_preset", false);
	prismiq_object_boolean(&filter, "dynamic", false);
	read_applies_to(&filter);
}

/* A list of filters, each with an id of its own */
void
prismiq_read_dashboard_filters(const json_t *node, const PrismiqPath *path,
							   PrismiqFaults *faults)
{
	size_t		i;

	if (prismiq_json_kind(node) != PRISMIQ_JSON_ARRAY)
	{
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected an array, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
		return;
	}
	if (json_array_size(node) > MAX_FILTERS)
	{
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "a dashboard has at most %d filters", MAX_FILTERS);
		return;
	}
	for (i = 0; i < json_array_size(node); i++)
		read_dashboard_filter(node, i, prismiq_path_index(path, (int) i), faults);
}

/* See the header. */
void
prismiq_object_zone(const PrismiqObject *object)
{
	const char *zone = prismiq_object_name(object, "timezone", false);

	if (zone != NULL && prismiq_zone_find(zone) == NULL)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "timezone"),
						  "Use a full name such as Europe/Paris; pg_timezone_names lists them.",
						  "time zone \"%s\" not recognized", zone);
}

/* What a tenant says about one column */
static void
read_column_config(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject column;

	if (!prismiq_object_open(&column, node, path, faults, column_config_keys))
		return;
	prismiq_object_text(&column, "display_name", false);
	prismiq_object_text(&column, "description", false);
	prismiq_object_boolean(&column, "hidden", false);
	if (prismiq_json_kind(prismiq_object_get(&column, "format")) == PRISMIQ_JSON_OBJECT)
		prismiq_object_value(&column, "format", prismiq_read_format);
	else
		prismiq_object_text(&column, "format", false);	/* may be the application's own */
	prismiq_object_text(&column, "date_format", false);
	prismiq_object_bounded(&column, "unit", PRISMIQ_FORMAT_TEXT);
}

/* A separator: one character that no number has, or none; the fallback where none is said. */
static const char *
read_separator(const PrismiqObject *number, const char *key, bool may_be_empty,
			   const char *fallback)
{
	const char *text = prismiq_object_text(number, key, false);

	if (text != NULL && (text[0] != '\0' || !may_be_empty) &&
		(pg_mbstrlen(text) != 1 || strchr("0123456789+-", text[0]) != NULL))
		prismiq_fault_add(number->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(number, key),
						  NULL, "\"%s\" must be one character that is no digit and no sign", key);
	return text != NULL ? text : fallback;
}

/* number: what stands before decimals, and between groups of digits */
static void
read_number(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject number;
	const char *decimal;
	const char *group;

	if (!prismiq_object_open(&number, node, path, faults, number_keys))
		return;
	decimal = read_separator(&number, "decimal", false, ".");
	group = read_separator(&number, "group", true, ",");
	if (strcmp(decimal, group) == 0)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(&number, "group"),
						  "Say both: \"decimal\" is . and \"group\" is , unless they are said.",
						  "\"decimal\" and \"group\" must differ");
}

/* One of the theme's values: what they are is between the tenant and the pages. */
static void
read_theme_value(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqJsonKind kind = prismiq_json_kind(node);

	if (kind != PRISMIQ_JSON_STRING && kind != PRISMIQ_JSON_NUMBER)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected a string or a number, found %s", prismiq_json_kind_name(kind));
}

/* What a tenant says about one table */
static void
read_table_config(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject table;

	if (!prismiq_object_open(&table, node, path, faults, table_config_keys))
		return;
	prismiq_object_text(&table, "display_name", false);
	prismiq_object_text(&table, "description", false);
	prismiq_object_boolean(&table, "hidden", false);
	prismiq_object_each(&table, "columns", read_column_config);
}

/*
 * The time zone, the calendar, and what tables and columns are called and which
 * are hidden.  The zones that a server knows change with its updates: of what is
 * stored they decide nothing.
 */
void
prismiq_read_config_keys(const PrismiqObject *config)
{
	if (config->faults->unlimited)
		prismiq_object_name(config, "timezone", false);
	else
		prismiq_object_zone(config);
	prismiq_object_choice(config, "week_start", prismiq_weekday_names, false, PRISMIQ_MONDAY);
	prismiq_object_integer(config, "fiscal_year_start_month", 1, 12, 1);
	prismiq_object_currency(config);
	prismiq_object_value(config, "number", read_number);
	prismiq_object_each(config, "theme", read_theme_value);
	prismiq_object_each(config, "tables", read_table_config);
}

/* A tenant's configuration. */
void
prismiq_read_schema_config(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject config;

	if (prismiq_object_open(&config, node, path, faults, config_keys))
		prismiq_read_config_keys(&config);
}
