/*-------------------------------------------------------------------------
 *
 * input_widgets.c
 *	  What the functions take that write widgets and move them.
 *
 * A widget is held to what other rows say as well: to the registry of types,
 * to the layout that it stands in, to how many there may be.  Triggers hold all
 * of that whatever road a row comes by, and see what is committed meanwhile;
 * here it is looked at before anything is written, so that the faults of a
 * document come together, each with its place in what the caller sent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/formatting.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/names.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "doc/config.h"

const char *const prismiq_widget_keys[] = {
	"id", "type", "title", "query", "saved_query_id", "position", "config", NULL
};
static const char *const widget_change_keys[] = {
	"type", "title", "query", "saved_query_id", "position", "config", "version", NULL
};
static const char *const move_keys[] = {
	"id", "widget_id", "position", "x", "y", "w", "h", NULL
};

/* The digits of a uuid that tell its version, and that it has one. */
#define UUID_VERSION_AT 14
#define UUID_VARIANT_AT 19

/* Widgets of one call; prismiq.max_widgets_per_dashboard allows no more. */
#define MAX_WIDGETS 10000

/* The longest title, as the table has it, in characters. */
#define MAX_TITLE 1000

/* A list of things about widgets, or null (a fault when it is another kind or longer). */
static const json_t *
widget_array(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_ARRAY)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected an array, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
	else if (json_array_size(node) > MAX_WIDGETS)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected at most %d elements", MAX_WIDGETS);
	else
		return node;
	return NULL;
}

/* A member that is an integer such as a layout may hold, or -1. */
static int64
integer_of(const json_t *object, const char *key)
{
	const json_t *node = json_object_get(object, key);
	int64		value;

	return prismiq_json_kind(node) == PRISMIQ_JSON_NUMBER &&
		prismiq_json_number_to_int(node, &value) && value >= 0 && value <= PRISMIQ_LAYOUT_ROWS ?
		value : -1;
}

/* What the facts say under an id, or null; ids may be written in upper case. */
static const json_t *
fact_of(const json_t *facts, const char *id)
{
	return id == NULL ? NULL : json_object_get(facts, asc_tolower(id, strlen(id)));
}

/* A member of the facts that is an object, or null. */
static const json_t *
object_of(const json_t *node, const char *key)
{
	const json_t *member = json_object_get(node, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_OBJECT ? member : NULL;
}

/* See the header. */
void
prismiq_read_facts(const json_t *node, PrismiqFacts *facts)
{
	int64		number;

	facts->types = object_of(node, "types");
	facts->saved_queries = object_of(node, "saved_queries");
	facts->widgets = object_of(node, "widgets");
	facts->widget = object_of(node, "widget");
	facts->document = object_of(node, "document");
	number = integer_of(node, "columns");
	facts->columns = number > 0 ? number : PRISMIQ_LAYOUT_DEFAULT;
	number = integer_of(node, "most_widgets");
	facts->most_widgets = number >= 0 ? number : MAX_WIDGETS;
}

/* Note a type that the registry does not have, with the nearest that it has. */
static void
check_type(const PrismiqObject *widget, const PrismiqFacts *facts, const char *type)
{
	json_t	   *types = unconstify(json_t *, facts->types);
	PrismiqNearest nearest;
	void	   *iter;

	if (types == NULL || json_object_get(types, type) != NULL)
		return;
	if (prismiq_nearest_init(&nearest, widget->faults, type))
		for (iter = json_object_iter(types); iter != NULL;
			 iter = json_object_iter_next(types, iter))
			prismiq_nearest_offer(&nearest, json_object_iter_key(iter));
	prismiq_fault_add(widget->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(widget, "type"),
					  nearest.name ? prismiq_nearest_result(&nearest) :
					  "The table prismiq_widget_types has all types.",
					  "\"%s\" is no type of widget", type);
}

/* Note a saved query that the caller does not see; by itself that is "not found". */
static void
check_saved_query(const PrismiqObject *widget, const PrismiqFacts *facts, const char *id)
{
	if (facts->saved_queries != NULL && fact_of(facts->saved_queries, id) == NULL)
		prismiq_fault_refuse(widget->faults, PRISMIQ_NOT_FOUND, "saved query not found",
							 PRISMIQ_TABLE_NOT_FOUND,
							 prismiq_object_path(widget, "saved_query_id"), NULL,
							 "saved query not found");
}

/* Note a side that the type does not allow, unless it is as long as it was already. */
static void
check_side(const json_t *sizes, const char *side, int64 length, int64 stored,
		   const PrismiqPath *path, PrismiqFaults *faults)
{
	int64		least = integer_of(sizes, psprintf("min_%s", side));
	int64		most = integer_of(sizes, psprintf("max_%s", side));

	/* No table holds the largest size: what a restore has brought may stay as it is. */
	if (length < 1 || (length >= least && (most < 0 || length <= most || length == stored)))
		return;
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path,
					  most < 0 ? psprintf("Its type allows \"%s\" from " INT64_FORMAT ".", side,
										  least) :
					  psprintf("Its type allows \"%s\" from " INT64_FORMAT " to " INT64_FORMAT ".",
							   side, least, most),
					  "widget is too small or too large for its type");
}

/* Where a widget is to stand, and what it is held to. */
typedef struct Fit
{
	const char *type;
	const json_t *position;
	const json_t *stored;		/* where it stands now; null for a new one */
	const PrismiqPath *place;	/* of "position": its sides are named; null when it was not given */
	const PrismiqPath *type_path;	/* where the fault is then */
} Fit;

/*
 * Note where a widget reaches over the layout, or is of a size that its type
 * does not allow.  What is no side at all was noted when they were read.
 */
static void
check_fit(const PrismiqFacts *facts, const Fit *fit, PrismiqFaults *faults)
{
	const json_t *sizes = fit->type ? json_object_get(facts->types, fit->type) : NULL;
	int64		x = integer_of(fit->position, "x");
	int64		w = integer_of(fit->position, "w");
	const PrismiqPath *w_path = fit->place == NULL ? fit->type_path :
		prismiq_path_key(fit->place, "w", prismiq_position_keys);
	const PrismiqPath *h_path = fit->place == NULL ? fit->type_path :
		prismiq_path_key(fit->place, "h", prismiq_position_keys);

	if (facts->types == NULL)
		return;
	if (x >= 0 && w >= 1 && x + w > facts->columns)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, w_path,
						  psprintf("x + w is " INT64_FORMAT " and the layout has " INT64_FORMAT
								   " columns.", x + w, facts->columns),
						  "widget does not fit into the layout");
	if (sizes == NULL)
		return;
	check_side(sizes, "w", w, integer_of(fit->stored, "w"), w_path, faults);
	check_side(sizes, "h", integer_of(fit->position, "h"), integer_of(fit->stored, "h"), h_path,
			   faults);
}

/* A new widget without a position gets its type's size, but no more than the layout has. */
static void
check_default_fit(const PrismiqFacts *facts, const char *type, const PrismiqPath *type_path,
				  PrismiqFaults *faults)
{
	const json_t *sizes = json_object_get(facts->types, type);

	if (sizes != NULL)
		check_side(sizes, "w", Min(integer_of(sizes, "default_w"), facts->columns), -1, type_path,
				   faults);
}

/* Hold the config that is given to what the type asks of it. */
static void
check_config(const PrismiqFacts *facts, const char *type, const PrismiqObject *widget)
{
	const json_t *known = type ? json_object_get(facts->types, type) : NULL;
	PrismiqConfigRules rules = {
		.schema = json_object_get(known, "config_schema"),
		.defaults = object_of(known, "default_config"),
		.params = object_of(known, "params")
	};

	if (known != NULL)
		prismiq_check_config_fits(prismiq_object_get(widget, "config"), &rules,
								  prismiq_object_path(widget, "config"), widget->faults);
}

/*
 * The keys of a widget, its id and its version aside.  "stored" is what it is
 * now, or null for a new one.
 */
static void
read_widget_parts(const PrismiqObject *widget, const PrismiqFacts *facts, const json_t *stored,
				  bool is_new)
{
	const json_t *position = prismiq_object_get(widget, "position");
	const PrismiqPath *type_path = prismiq_object_path(widget, "type");
	const json_t *stands = json_object_get(stored, "position");
	Fit			fit = {.stored = stands, .type_path = type_path};
	const char *type;
	const char *saved_query;

	if (!is_new)
		prismiq_object_refuse_null(widget, "type");
	type = prismiq_object_name(widget, "type", is_new);
	if (type != NULL)
		check_type(widget, facts, type);
	prismiq_object_bounded(widget, "title", MAX_TITLE);
	prismiq_object_definition(widget, "query");
	saved_query = prismiq_object_uuid(widget, "saved_query_id", false);
	if (saved_query != NULL)
		check_saved_query(widget, facts, saved_query);
	prismiq_object_refuse_both(widget, "query", "saved_query_id");
	prismiq_object_part(widget, "position", prismiq_read_position);
	if (position != NULL || (type != NULL && stored != NULL))
	{
		fit.type = type ? type : prismiq_json_text(stored, "type");
		fit.position = position ? position : stands;
		fit.place = position ? prismiq_object_path(widget, "position") : NULL;
		check_fit(facts, &fit, widget->faults);
	}
	else if (type != NULL)
		check_default_fit(facts, type, type_path, widget->faults);
	prismiq_object_part(widget, "config", prismiq_read_widget_config);
	check_config(facts, type ? type : prismiq_json_text(stored, "type"), widget);
}

/* Note a list of widgets that has become too long. */
static void
check_number(const PrismiqFacts *facts, size_t number, const PrismiqPath *path,
			 PrismiqFaults *faults)
{
	if (number > (size_t) facts->most_widgets)
		prismiq_fault_refuse(faults, PRISMIQ_LIMIT, "too many widgets", PRISMIQ_TOO_COMPLEX, path,
							 prismiq_limit_hint(PRISMIQ_MAX_WIDGETS_PER_DASHBOARD, "Delete one"),
							 "a dashboard may have " INT64_FORMAT " widgets",
							 facts->most_widgets);
}

/* A widget to be made; it may bring its id, for filters to refer to. */
static void
read_widget_new(const json_t *node, const PrismiqFacts *facts, const PrismiqPath *path,
				PrismiqFaults *faults)
{
	PrismiqObject widget;
	const char *id;
	const json_t *stored;

	if (!prismiq_object_open(&widget, node, path, faults, prismiq_widget_keys))
		return;
	id = prismiq_object_uuid(&widget, "id", false);
	stored = fact_of(facts->widgets, id);

	/* The ids in an imported document are made for it; so are those of what is provided. */
	if (id != NULL && id[UUID_VERSION_AT] == '5' && strchr("89abAB", id[UUID_VARIANT_AT]) &&
		stored == NULL && facts->document == NULL)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(&widget, "id"),
						  "Leave it out, or take a random one.",
						  "uuids of version 5 are for what is provided to tenants");
	read_widget_parts(&widget, facts, stored, true);
}

/* A widget that is added to those of a dashboard. */
void
prismiq_read_widget_new(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	check_number(facts, json_object_size(facts->widgets) + 1, NULL, faults);
	read_widget_new(node, facts, NULL, faults);
}

/* What may be changed of a widget: any part may be missing. */
void
prismiq_read_widget_change(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	PrismiqObject widget;

	if (!prismiq_object_open(&widget, node, NULL, faults, widget_change_keys))
		return;
	read_widget_parts(&widget, facts, facts->widget, false);
	prismiq_object_integer(&widget, "version", 1, INT_MAX, 1);
}

/* Note an id that an earlier element of the array has too; upper case is the same. */
static void
refuse_repeated_id(PrismiqNames *ids, const json_t *item, const char *key,
				   const PrismiqPath *path, PrismiqFaults *faults)
{
	const char *text = prismiq_json_text(item, key);
	bool		taken;

	if (text == NULL || !prismiq_is_uuid(text))
		return;					/* that has been noted */
	(void) prismiq_names_add(ids, asc_tolower(text, strlen(text)), &taken);
	if (taken)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "two widgets have the id \"%s\"", text);
}

/* All widgets of a dashboard; those of it that the list does not name are deleted. */
void
prismiq_read_widgets(const json_t *node, const PrismiqFacts *facts, const PrismiqPath *path,
					 PrismiqFaults *faults)
{
	const json_t *widgets = widget_array(node, path, faults);
	PrismiqNames ids = {0};
	bool		has_new = false;
	size_t		i;

	for (i = 0; widgets != NULL && i < json_array_size(widgets); i++)
	{
		const json_t *widget = json_array_get(widgets, i);
		const PrismiqPath *place = prismiq_path_index(path, (int) i);

		CHECK_FOR_INTERRUPTS();
		read_widget_new(widget, facts, place, faults);
		refuse_repeated_id(&ids, widget, "id", place, faults);
		has_new |= fact_of(facts->widgets, prismiq_json_text(widget, "id")) == NULL;
	}

	/* Those that are there may stay, however few are allowed by now. */
	if (has_new)
		check_number(facts, i, path, faults);
}

/* Note stored widgets that a narrower layout has no room for. */
void
prismiq_check_layout_holds(const PrismiqFacts *facts, const PrismiqPath *layout,
						   PrismiqFaults *faults)
{
	json_t	   *widgets = unconstify(json_t *, facts->widgets);
	void	   *iter;

	for (iter = json_object_iter(widgets); iter != NULL;
		 iter = json_object_iter_next(widgets, iter))
	{
		const json_t *position = json_object_get(json_object_iter_value(iter), "position");

		if (integer_of(position, "x") + integer_of(position, "w") <= facts->columns)
			continue;
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_path_key(layout, "columns", NULL),
						  "Move the widgets first, or give them with the layout.",
						  "the layout is too narrow for the widgets");
		return;
	}
}

/* One of the new positions: {id, x, y, w, h} or {id, position: {...}}. */
static void
read_move(const json_t *node, const PrismiqFacts *facts, const PrismiqPath *path,
		  PrismiqFaults *faults)
{
	PrismiqObject item;
	const char *id_key;
	const char *id;
	const json_t *widget;
	Fit			fit = {NULL};
	bool		nested;
	int			i;

	if (!prismiq_object_open(&item, node, path, faults, move_keys))
		return;
	id_key = prismiq_object_has(&item, "widget_id") ? "widget_id" : "id";
	if (strcmp(id_key, "widget_id") == 0)
		prismiq_object_refuse_both(&item, "id", "widget_id");
	id = prismiq_object_uuid(&item, id_key, true);
	widget = fact_of(facts->widgets, id);
	if (id != NULL && widget == NULL && facts->widgets != NULL)
		prismiq_fault_refuse(faults, PRISMIQ_NOT_FOUND, "widget not found", PRISMIQ_INVALID_VALUE,
							 prismiq_object_path(&item, id_key), NULL,
							 "the dashboard has no widget \"%s\"", id);
	nested = prismiq_object_has(&item, "position");
	if (nested)
		prismiq_object_part(&item, "position", prismiq_read_position);
	for (i = 0; nested && prismiq_position_keys[i] != NULL; i++)
		prismiq_object_refuse_both(&item, "position", prismiq_position_keys[i]);
	if (!nested)
		prismiq_read_sides(&item);
	fit.type = prismiq_json_text(widget, "type");
	fit.position = nested ? prismiq_object_get(&item, "position") : node;
	fit.stored = json_object_get(widget, "position");
	fit.place = nested ? prismiq_object_path(&item, "position") : path;
	check_fit(facts, &fit, faults);
}

/* The list of new positions. */
void
prismiq_read_positions(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	const json_t *items = widget_array(node, NULL, faults);
	PrismiqNames ids = {0};
	PrismiqNames widget_ids = {0};
	size_t		i;

	for (i = 0; items != NULL && i < json_array_size(items); i++)
	{
		const PrismiqPath *place = prismiq_path_index(NULL, (int) i);

		CHECK_FOR_INTERRUPTS();
		read_move(json_array_get(items, i), facts, place, faults);
		refuse_repeated_id(&ids, json_array_get(items, i), "id", place, faults);
		refuse_repeated_id(&widget_ids, json_array_get(items, i), "widget_id", place, faults);
	}
}
