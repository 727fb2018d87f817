/*-------------------------------------------------------------------------
 *
 * config_read.c
 *	  A tenant's settings, and the application's model, out of their documents.
 *
 * A document was checked when it was written, so reading is lenient: what has
 * the wrong kind counts as absent.  What only others need is kept as JSON text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/config_read.h"
#include "base/json.h"
#include "model/config.h"
#include "model/words.h"

/* A string, copied; null when it is none. */
static const char *
text_of(const json_t *node)
{
	return prismiq_json_kind(node) == PRISMIQ_JSON_STRING ?
		pstrdup(prismiq_json_string(node)) : NULL;
}

/* A string member, copied; null when it is none. */
static const char *
text_member(const json_t *node, const char *key)
{
	return text_of(json_object_get(node, key));
}

/* A node as JSON text. */
static const char *
written(const json_t *node)
{
	StringInfoData buf;
	char	   *result;

	initStringInfo(&buf);
	prismiq_json_append(&buf, node);
	result = pstrdup(buf.data); /* it is kept: no larger than it has to be */
	pfree(buf.data);
	return result;
}

/* An object member as JSON text; null when it is none. */
static const char *
object_member(const json_t *node, const char *key)
{
	const json_t *member = json_object_get(node, key);

	return prismiq_json_kind(member) == PRISMIQ_JSON_OBJECT ? written(member) : NULL;
}

/* Reads one member of an object of any names. */
typedef void *(*MemberReader) (const char *name, const json_t *node);

/* What a reader makes of the members of an object. */
static List *
read_members(const json_t *object, MemberReader reader)
{
	List	   *result = NIL;
	void	   *iter;

	if (prismiq_json_kind(object) != PRISMIQ_JSON_OBJECT)
		return NIL;
	for (iter = json_object_iter(unconstify(json_t *, object)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, object), iter))
	{
		CHECK_FOR_INTERRUPTS();
		result = lappend(result, reader(pstrdup(json_object_iter_key(iter)),
										json_object_iter_value(iter)));
	}
	return result;
}

/* What is said of one column. */
static void *
read_column(const char *name, const json_t *node)
{
	PrismiqColumnConfig *column = palloc0(sizeof(PrismiqColumnConfig));

	column->name = name;
	column->display_name = text_member(node, "display_name");
	column->description = text_member(node, "description");
	column->format = text_member(node, "format");
	column->format_object = object_member(node, "format");
	column->date_format = text_member(node, "date_format");
	column->unit = text_member(node, "unit");
	column->hidden = json_is_true(json_object_get(node, "hidden"));
	return column;
}

/* What is said of one table. */
static void *
read_table(const char *name, const json_t *node)
{
	PrismiqTableConfig *table = palloc0(sizeof(PrismiqTableConfig));

	table->name = name;
	table->display_name = text_member(node, "display_name");
	table->description = text_member(node, "description");
	table->hidden = json_is_true(json_object_get(node, "hidden"));
	table->columns = read_members(json_object_get(node, "columns"), read_column);
	return table;
}

/* One setting of a theme. */
static void *
read_theme(const char *name, const json_t *node)
{
	PrismiqThemeConfig *setting = palloc(sizeof(PrismiqThemeConfig));

	setting->name = name;
	setting->value = written(node);
	return setting;
}

/* One measure. */
static void *
read_measure(const char *name, const json_t *node)
{
	PrismiqMeasureConfig *measure = palloc0(sizeof(PrismiqMeasureConfig));

	measure->name = name;
	measure->table = text_member(node, "table");
	measure->label = text_member(node, "label");
	measure->description = text_member(node, "description");
	measure->format = text_member(node, "format");
	measure->format_object = object_member(node, "format");
	measure->written = written(node);
	return measure;
}

/* The columns at one end of a relationship: one, or a list of them. */
static List *
read_end(const json_t *node, const char *one, const char *several)
{
	const json_t *list = json_object_get(node, several);
	const char *column = text_member(node, one);
	List	   *result = NIL;
	size_t		i;

	if (column != NULL)
		return list_make1(unconstify(char *, column));
	for (i = 0; i < json_array_size(list); i++)
	{
		column = text_of(json_array_get(list, i));
		if (column != NULL)
			result = lappend(result, unconstify(char *, column));
	}
	return result;
}

/* One relationship; null when it is not whole. */
PrismiqRelationshipConfig *
prismiq_config_relationship(const json_t *node)
{
	PrismiqRelationshipConfig *relationship = palloc0(sizeof(PrismiqRelationshipConfig));

	relationship->from_table = text_member(node, "from_table");
	relationship->to_table = text_member(node, "to_table");
	relationship->from_columns = read_end(node, "from_column", "from_columns");
	relationship->to_columns = read_end(node, "to_column", "to_columns");
	return relationship->from_table != NULL && relationship->to_table != NULL &&
		relationship->from_columns != NIL &&
		list_length(relationship->from_columns) == list_length(relationship->to_columns) ?
		relationship : NULL;
}

/* The relationships that are whole. */
static List *
read_relationships(const json_t *list)
{
	List	   *result = NIL;
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		PrismiqRelationshipConfig *relationship =
			prismiq_config_relationship(json_array_get(list, i));

		CHECK_FOR_INTERRUPTS();
		if (relationship != NULL)
			result = lappend(result, relationship);
	}
	return result;
}

/* Read a document into the current memory context. */
void
prismiq_config_read(PrismiqTenantConfig *config, const json_t *root)
{
	const char *text = text_member(root, "week_start");
	const json_t *month = json_object_get(root, "fiscal_year_start_month");
	const json_t *number = json_object_get(root, "number");
	int64		value;
	int			i;
	bool		found;
	ListCell   *lc;

	memset(config, 0, sizeof(PrismiqTenantConfig));
	config->week_start = -1;
	config->timezone = text_member(root, "timezone");
	for (i = 0; text != NULL && prismiq_weekday_names[i] != NULL; i++)
		if (pg_strcasecmp(text, prismiq_weekday_names[i]) == 0)
			config->week_start = i;
	if (prismiq_json_kind(month) == PRISMIQ_JSON_NUMBER &&
		prismiq_json_number_to_int(month, &value) && value >= 1 && value <= 12)
		config->fiscal_year_start_month = (int) value;
	config->currency = text_member(root, "currency");
	config->decimal = text_member(number, "decimal");
	config->group = text_member(number, "group");
	config->theme = read_members(json_object_get(root, "theme"), read_theme);
	foreach(lc, read_members(json_object_get(root, "tables"), read_table))
		prismiq_names_add(&config->tables, ((const PrismiqTableConfig *) lfirst(lc))->name,
						  &found)->value = lfirst(lc);
	config->relationships = read_relationships(json_object_get(root, "relationships"));
	config->measures = read_members(json_object_get(root, "measures"), read_measure);
	foreach(lc, config->measures)
		prismiq_names_add(&config->measure_names,
						  ((const PrismiqMeasureConfig *) lfirst(lc))->name,
						  &found)->value = lfirst(lc);
}

/* Has a theme a setting of that name? */
static bool
theme_has(const List *theme, const char *name)
{
	ListCell   *lc;

	foreach(lc, theme)
		if (strcmp(((const PrismiqThemeConfig *) lfirst(lc))->name, name) == 0)
			return true;
	return false;
}

/*
 * Let the application's model speak where a tenant's settings do not.  The
 * separators of numbers go together: one of each could be the same.
 */
void
prismiq_config_complete(PrismiqTenantConfig *config, const PrismiqTenantConfig *model)
{
	ListCell   *lc;

	if (config->timezone == NULL)
		config->timezone = model->timezone;
	if (config->week_start < 0)
		config->week_start = model->week_start;
	if (config->fiscal_year_start_month == 0)
		config->fiscal_year_start_month = model->fiscal_year_start_month;
	if (config->currency == NULL)
		config->currency = model->currency;
	if (config->decimal == NULL && config->group == NULL)
	{
		config->decimal = model->decimal;
		config->group = model->group;
	}
	foreach(lc, model->theme)
		if (!theme_has(config->theme, ((const PrismiqThemeConfig *) lfirst(lc))->name))
			config->theme = lappend(config->theme, lfirst(lc));
	config->relationships = model->relationships;
	config->measures = model->measures;
	config->measure_names = model->measure_names;
	config->model = model;
}
