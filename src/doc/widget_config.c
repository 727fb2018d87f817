/*-------------------------------------------------------------------------
 *
 * widget_config.c
 *	  How a widget shows its answer: the keys of its config.
 *
 * A key means the same in widgets of all types, so that a widget may become one
 * of another type and keep what it says; which shape goes by which key is for
 * whoever shows it.  Keys that are not known here may be a type's own, which a
 * constraint does not see: of what is stored only the known ones are looked at.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "doc/config.h"
#include "model/buckets.h"
#include "model/stages.h"
#include "read/read.h"

const char *const prismiq_widget_config_keys[] = {
	"description", "format", "formats", "labels", "colors", "empty_text", "refresh_interval",
	"click", "value", "thresholds", "invert", "trend", "sparkline", "target", "min", "max",
	"status_mapping", "name", "since", "message", "x", "y", "series", "stacked", "orientation",
	"fill", "y_range", "y_label", "max_series", "max_slices", "annotations", "page_size",
	"sortable", "columns", "default_sort", "drill_down", "content", "endpoint", "parameters",
	"template", NULL
};
static const char *const click_keys[] = {"dashboard_id", "filters", NULL};
static const char *const threshold_keys[] = {"value", "color", "label", NULL};
static const char *const mapping_keys[] = {"color", "label", NULL};
static const char *const trend_keys[] = {"period", NULL};
static const char *const period_keys[] = {"offset", NULL};
static const char *const sparkline_keys[] = {"interval", "table", "column", NULL};
static const char *const annotation_keys[] = {"value", "from", "to", "label", "color", NULL};
static const char *const column_keys[] = {"name", "label", "format", "align", "width", NULL};
static const char *const drill_down_keys[] = {"enabled", "columns", NULL};
static const char *const orientations[] = {"vertical", "horizontal", NULL};
static const char *const alignments[] = {"left", "center", "right", NULL};

/* The longest texts, in characters. */
#define MAX_DESCRIPTION 10000
#define MAX_LABEL 1000

/* The most series, slices, rows of a page, and pixels of a column. */
#define MOST_SERIES 1000
#define MOST_ROWS 10000
#define MOST_PIXELS 10000

/* Note a value that is none of what it may be. */
static void
refuse(const PrismiqObject *object, const char *key, const char *what, const char *suggestion)
{
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(object, key),
					  suggestion, "\"%s\" must be %s, not %s", key, what,
					  prismiq_json_kind_name(prismiq_json_kind(prismiq_object_get(object, key))));
}

/* Note a key that has to be there. */
static void
require(const PrismiqObject *object, const char *key)
{
	if (!prismiq_object_has(object, key))
		prismiq_fault_add(object->faults, PRISMIQ_MISSING_FIELD, prismiq_object_path(object, key),
						  NULL, "\"%s\" is required", key);
}

/* A label and a color. */
static void
read_label_and_color(const PrismiqObject *object)
{
	prismiq_object_bounded(object, "label", MAX_LABEL);
	prismiq_object_value(object, "color", prismiq_read_color);
}

/* click: a point leads to another dashboard */
static void
read_click(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject click;

	if (!prismiq_object_open(&click, node, path, faults, click_keys))
		return;
	(void) prismiq_object_uuid(&click, "dashboard_id", true);
	prismiq_object_each(&click, "filters", prismiq_read_name);
}

/* colors: a list of them, or {series: color} */
static void
read_colors(const PrismiqObject *config)
{
	switch (prismiq_json_kind(prismiq_object_get(config, "colors")))
	{
		case PRISMIQ_JSON_ABSENT:
		case PRISMIQ_JSON_NULL:
			break;
		case PRISMIQ_JSON_ARRAY:
			prismiq_object_list(config, "colors", prismiq_read_color);
			break;
		case PRISMIQ_JSON_OBJECT:
			prismiq_object_each(config, "colors", prismiq_read_color);
			break;
		default:
			refuse(config, "colors", "a list of colors, or an object of them", NULL);
	}
}

/* thresholds: from the lowest to the highest */
static void
read_thresholds(const PrismiqObject *config)
{
	PrismiqElements elements = prismiq_elements_of(config, "thresholds", PRISMIQ_MAX_ITEMS);
	const char *before = NULL;

	while (prismiq_elements_next(&elements))
	{
		PrismiqObject threshold;
		const char *value;

		if (!prismiq_object_open(&threshold, elements.node, elements.path, config->faults,
								 threshold_keys))
			continue;
		require(&threshold, "value");
		value = prismiq_object_number(&threshold, "value");
		if (value != NULL && before != NULL && prismiq_digits_compare(value, before) <= 0)
			prismiq_fault_add(config->faults, PRISMIQ_INVALID_VALUE,
							  prismiq_object_path(&threshold, "value"),
							  "Begin with the lowest: the last one that is reached counts.",
							  "a threshold must be higher than the one before");
		if (value != NULL)
			before = value;
		read_label_and_color(&threshold);
	}
}

/* trend: beside which period the value is shown */
static void
read_trend(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject trend;
	PrismiqObject period;

	if (!prismiq_object_open(&trend, node, path, faults, trend_keys))
		return;
	require(&trend, "period");
	if (prismiq_json_kind(prismiq_object_get(&trend, "period")) != PRISMIQ_JSON_OBJECT)
		(void) prismiq_object_choice(&trend, "period", prismiq_compare_names, false, 0);
	else if (prismiq_object_open(&period, prismiq_object_get(&trend, "period"),
								 prismiq_object_path(&trend, "period"), trend.faults, period_keys))
		(void) prismiq_object_text(&period, "offset", true);
}

/* sparkline: the same value by time */
static void
read_sparkline(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject sparkline;
	const char *interval;
	const char *reason;

	if (!prismiq_object_open(&sparkline, node, path, faults, sparkline_keys))
		return;
	interval = prismiq_object_name(&sparkline, "interval", true);
	if (interval != NULL && strcmp(interval, "auto") != 0 &&
		prismiq_grid_make(interval, NULL, NULL, PRISMIQ_MONDAY, 1, &reason) == NULL)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(&sparkline, "interval"),
						  "Write it as \"day\", \"15 minutes\" or \"auto\".",
						  "\"%s\" cannot be used: %s", interval, reason);
	(void) prismiq_object_name(&sparkline, "table", false);
	(void) prismiq_object_name(&sparkline, "column", false);
}

/* Of two numbers the one must be less than the other. */
static void
check_order(const PrismiqObject *object, const char *key, const char *low, const char *high)
{
	if (low != NULL && high != NULL && prismiq_digits_compare(low, high) >= 0)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(object, key),
						  NULL, "the lower end must be less than the upper one");
}

/* What a metric says. */
static void
read_metric(const PrismiqObject *config)
{
	const char *least;

	(void) prismiq_object_name(config, "value", false);
	read_thresholds(config);
	(void) prismiq_object_boolean(config, "invert", false);
	prismiq_object_value(config, "trend", read_trend);
	prismiq_object_value(config, "sparkline", read_sparkline);
	(void) prismiq_object_number(config, "target");
	least = prismiq_object_number(config, "min");
	check_order(config, "max", least, prismiq_object_number(config, "max"));
}

/* What a value of a status is called; in a list it is told itself. */
static void
read_mapping(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject mapping;

	if (prismiq_object_open(&mapping, node, path, faults, mapping_keys))
		read_label_and_color(&mapping);
}

/* The same with its value, a scalar or null. */
static void
read_mapping_of_value(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject mapping;
	PrismiqJsonKind kind;

	if (!prismiq_object_open(&mapping, node, path, faults, threshold_keys))
		return;
	if (prismiq_object_get(&mapping, "value") == NULL)
		require(&mapping, "value");	/* null is a value as well */
	kind = prismiq_json_kind(prismiq_object_get(&mapping, "value"));
	if (kind == PRISMIQ_JSON_ARRAY || kind == PRISMIQ_JSON_OBJECT)
		refuse(&mapping, "value", "a string, a number, true or false", NULL);
	read_label_and_color(&mapping);
}

/* Is a key a number? */
static bool
is_number(const char *key)
{
	size_t		digits;

	key += key[0] == '-' ? 1 : 0;
	digits = strspn(key, "0123456789");
	if (digits == 0 || key[digits] == '\0')
		return digits > 0;
	key += digits + 1;
	return key[-1] == '.' && key[0] != '\0' && strspn(key, "0123456789") == strlen(key);
}

/* status_mapping: a list, best first, or an object whose keys are numbers, best first */
static void
read_status_mapping(const PrismiqObject *config)
{
	json_t	   *node = unconstify(json_t *, prismiq_object_get(config, "status_mapping"));
	void	   *iter;

	switch (prismiq_json_kind(node))
	{
		case PRISMIQ_JSON_ABSENT:
		case PRISMIQ_JSON_NULL:
			return;
		case PRISMIQ_JSON_ARRAY:
			prismiq_object_list(config, "status_mapping", read_mapping_of_value);
			return;
		case PRISMIQ_JSON_OBJECT:
			break;
		default:
			refuse(config, "status_mapping", "a list, or an object whose keys are numbers", NULL);
			return;
	}
	for (iter = json_object_iter(node); iter != NULL; iter = json_object_iter_next(node, iter))
	{
		CHECK_FOR_INTERRUPTS();
		if (is_number(json_object_iter_key(iter)))
			continue;
		prismiq_fault_add(config->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(config, "status_mapping"),
						  "Write it as [{\"value\", \"color\", \"label\"}], best first.",
						  "an object has no order, so its keys must be numbers, not \"%s\"",
						  json_object_iter_key(iter));
		return;
	}
	prismiq_object_each(config, "status_mapping", read_mapping);
}

/* What a status says, besides "value". */
static void
read_status(const PrismiqObject *config)
{
	read_status_mapping(config);
	(void) prismiq_object_name(config, "name", false);
	(void) prismiq_object_name(config, "since", false);
	(void) prismiq_object_name(config, "message", false);
}

/* y: a measure, or several */
static void
read_measures(const PrismiqObject *config)
{
	if (prismiq_json_kind(prismiq_object_get(config, "y")) == PRISMIQ_JSON_ARRAY)
		prismiq_object_list(config, "y", prismiq_read_name);
	else
		prismiq_object_value(config, "y", prismiq_read_name);
}

/* y_range: [low, high], of which either may be null */
static void
read_range(const PrismiqObject *config)
{
	const json_t *range = prismiq_object_array(config, "y_range");
	const char *ends[2] = {NULL, NULL};
	bool		good = json_array_size(range) == 2;
	int			i;

	if (range == NULL)
		return;
	for (i = 0; good && i < 2; i++)
	{
		const json_t *end = json_array_get(range, i);

		if (prismiq_json_kind(end) == PRISMIQ_JSON_NUMBER)
			ends[i] = prismiq_json_number(end);
		else
			good = prismiq_json_kind(end) == PRISMIQ_JSON_NULL;
	}
	if (good)
		check_order(config, "y_range", ends[0], ends[1]);
	else
		prismiq_fault_add(config->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(config, "y_range"), "Write it as [0, 100].",
						  "\"y_range\" must be two numbers");
}

/* A place on an axis: a number, or a text (a category, a date). */
static void
read_place(const PrismiqObject *annotation, const char *key)
{
	PrismiqJsonKind kind = prismiq_json_kind(prismiq_object_get(annotation, key));

	if (kind == PRISMIQ_JSON_BOOLEAN || kind == PRISMIQ_JSON_ARRAY || kind == PRISMIQ_JSON_OBJECT)
		refuse(annotation, key, "a number or a string", NULL);
}

/* One of the annotations: a line at a value, or what is between two. */
static void
read_annotation(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject annotation;

	if (!prismiq_object_open(&annotation, node, path, faults, annotation_keys))
		return;
	read_place(&annotation, "value");
	read_place(&annotation, "from");
	read_place(&annotation, "to");
	prismiq_object_refuse_both(&annotation, "value", "from");
	prismiq_object_refuse_both(&annotation, "value", "to");
	if (!prismiq_object_has(&annotation, "value"))
	{
		if (prismiq_object_has(&annotation, "from") || prismiq_object_has(&annotation, "to"))
		{
			require(&annotation, "from");
			require(&annotation, "to");
		}
		else
			require(&annotation, "value");
	}
	read_label_and_color(&annotation);
}

/* What a series says. */
static void
read_series(const PrismiqObject *config)
{
	(void) prismiq_object_name(config, "x", false);
	read_measures(config);
	(void) prismiq_object_name(config, "series", false);
	(void) prismiq_object_boolean(config, "stacked", false);
	(void) prismiq_object_choice(config, "orientation", orientations, false, 0);
	(void) prismiq_object_boolean(config, "fill", false);
	read_range(config);
	prismiq_object_bounded(config, "y_label", MAX_LABEL);
	(void) prismiq_object_integer(config, "max_series", 1, MOST_SERIES, 1);
	(void) prismiq_object_integer(config, "max_slices", 1, MOST_SERIES, 1);
	prismiq_object_list(config, "annotations", read_annotation);
}

/* One of the columns that a table shows. */
static void
read_column(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject column;

	if (!prismiq_object_open(&column, node, path, faults, column_keys))
		return;
	(void) prismiq_object_name(&column, "name", true);
	prismiq_object_bounded(&column, "label", MAX_LABEL);
	prismiq_object_value(&column, "format", prismiq_read_format);
	(void) prismiq_object_choice(&column, "align", alignments, false, 0);
	(void) prismiq_object_integer(&column, "width", 1, MOST_PIXELS, 1);
}

/* What a table says. */
static void
read_table(const PrismiqObject *config)
{
	switch (prismiq_json_kind(prismiq_object_get(config, "sortable")))
	{
		case PRISMIQ_JSON_ABSENT:
		case PRISMIQ_JSON_NULL:
		case PRISMIQ_JSON_BOOLEAN:
			break;
		case PRISMIQ_JSON_ARRAY:
			prismiq_object_list(config, "sortable", prismiq_read_name);
			break;
		default:
			refuse(config, "sortable", "true, false or a list of columns", NULL);
	}
	(void) prismiq_object_integer(config, "page_size", 1, MOST_ROWS, 1);
	prismiq_object_list(config, "columns", read_column);
	(void) prismiq_read_sort(config, "default_sort", PRISMIQ_MAX_ITEMS);
}

/* drill_down: whether a point leads to its rows, and which columns of them are shown */
static void
read_drill_down(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject drill_down;

	if (!prismiq_object_open(&drill_down, node, path, faults, drill_down_keys))
		return;
	(void) prismiq_object_boolean(&drill_down, "enabled", true);
	prismiq_object_list(&drill_down, "columns", prismiq_read_name);
}

/* See the header. */
void
prismiq_read_widget_config(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject config;

	if (!prismiq_object_open_some(&config, node, path, faults, prismiq_widget_config_keys))
		return;
	prismiq_object_bounded(&config, "description", MAX_DESCRIPTION);
	prismiq_object_value(&config, "format", prismiq_read_format);
	prismiq_object_each(&config, "formats", prismiq_read_format);
	prismiq_object_each(&config, "labels", prismiq_read_text);
	read_colors(&config);
	prismiq_object_bounded(&config, "empty_text", MAX_LABEL);
	(void) prismiq_object_integer(&config, "refresh_interval", 1, INT_MAX, 1);
	prismiq_object_value(&config, "click", read_click);
	read_metric(&config);
	read_status(&config);
	read_series(&config);
	read_table(&config);
	prismiq_object_value(&config, "drill_down", read_drill_down);
	(void) prismiq_object_text(&config, "content", false);
	(void) prismiq_object_name(&config, "endpoint", false);
	if (prismiq_object_has(&config, "parameters") &&
		prismiq_json_kind(prismiq_object_get(&config, "parameters")) != PRISMIQ_JSON_OBJECT)
		refuse(&config, "parameters", "an object", NULL);
	(void) prismiq_object_text(&config, "template", false);
}
