/*-------------------------------------------------------------------------
 *
 * html_table.c
 *	  What an answer holds, as the tables of a page: people read them, and so does
 *	  the module, so that the page has everything once.
 *
 * A row's "data-v" is the row as the answer has it: a list where its cells are those
 * of a row of the answer; else an object, without the members that are cells, under a
 * head with "data-key".  A cell is what people read.  What is left of the answer is in
 * the attribute "data-answer" of the widget.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/json.h"

#include "show/html.h"

/* What a column of a table of objects is, and what its head says. */
typedef struct Column
{
	const char *key;			/* of the member, a text */
	const char *label;
	const json_t *values;		/* the member is the key of one of them, whose label is the cell */
} Column;

/* Members of an answer that are in the tables, by the names above them. */
static const char *const in_tables[][4] = {
	{"rows"},
	{"formatted"},
	{"status", "services"},
	{"text", "content"},
};

/* The same where the table has what is drawn. */
static const char *const in_drawn_tables[][4] = {
	{"series", "cells"},
	{"series", "slices", "value"},
	{"series", "slices", "formatted"},
	{"series", "slices", "percent"},
	{"series", "series", "points"},
	{"spec", "data", "values"},
};

/* The same of rows that are the data of a widget of an application's own. */
static const char *const in_custom_tables[][4] = {
	{"custom", "data"},
};

/* What there is in the tables beside what is in those of every answer. */
typedef struct Tabled
{
	const char *const (*names)[4];
	int			count;
} Tabled;

/* Where a member stands: its name, and those above; lists have none. */
typedef struct Place
{
	const struct Place *up;
	const char *key;
	int			depth;
} Place;

/* Is it the place of one of the members? */
static bool
is_at(const Place *place, const char *const names[4])
{
	int			depth = 0;

	while (depth < 4 && names[depth] != NULL)
		depth++;
	if (place->depth != depth)
		return false;
	for (; place != NULL && place->depth > 0; place = place->up)
		if (strcmp(place->key, names[place->depth - 1]) != 0)
			return false;
	return true;
}

/* Is the member in the tables? */
static bool
is_in_tables(const Place *place, const Tabled *tabled)
{
	int			i;

	for (i = 0; i < lengthof(in_tables); i++)
		if (is_at(place, in_tables[i]))
			return true;
	for (i = 0; i < tabled->count; i++)
		if (is_at(place, tabled->names[i]))
			return true;
	return false;
}

/* A part of an answer without what is in the tables. */
static void
append_rest(StringInfo buf, const json_t *node, const Place *place, const Tabled *tabled)
{
	json_t	   *object = unconstify(json_t *, node);
	bool		any = false;
	size_t		i;
	void	   *iter;

	check_stack_depth();
	if (prismiq_json_kind(node) == PRISMIQ_JSON_ARRAY)
	{
		appendStringInfoChar(buf, '[');
		for (i = 0; i < json_array_size(node); i++)
		{
			if (i > 0)
				appendStringInfoChar(buf, ',');
			append_rest(buf, json_array_get(node, i), place, tabled);
		}
		appendStringInfoChar(buf, ']');
		return;
	}
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_json_append(buf, node);
		return;
	}
	appendStringInfoChar(buf, '{');
	for (iter = json_object_iter(object); iter != NULL;
		 iter = json_object_iter_next(object, iter))
	{
		Place		at = {place, json_object_iter_key(iter), place->depth + 1};

		if (is_in_tables(&at, tabled))
			continue;
		if (any)
			appendStringInfoChar(buf, ',');
		any = true;
		escape_json(buf, at.key);
		appendStringInfoChar(buf, ':');
		append_rest(buf, json_object_iter_value(iter), &at, tabled);
	}
	appendStringInfoChar(buf, '}');
}

/* See the header. */
void
prismiq_page_rest(StringInfo buf, const json_t *answer)
{
	static const Place root = {NULL, NULL, 0};
	const json_t *custom = json_object_get(answer, "custom");
	Tabled		tabled = {NULL, 0};

	if (prismiq_page_drawn(answer) != NULL)
		tabled = (Tabled) {in_drawn_tables, lengthof(in_drawn_tables)};
	else if (prismiq_json_text(custom, "endpoint") == NULL &&
			 json_array_size(json_object_get(answer, "columns")) > 0)
		tabled = (Tabled) {in_custom_tables, lengthof(in_custom_tables)};
	append_rest(buf, answer, &root, &tabled);
}

/* See the header. */
const json_t *
prismiq_page_drawn(const json_t *answer)
{
	const json_t *values = json_object_get(json_object_get(json_object_get(answer, "spec"),
														   "data"), "values");

	return prismiq_json_kind(values) == PRISMIQ_JSON_ARRAY ? values : NULL;
}

/* A cell of the head or the body, which is there for the module alone where it is hidden. */
static void
append_cell(StringInfo buf, const char *tag, const char *text, bool number, bool hidden)
{
	appendStringInfo(buf, "<%s%s%s>", tag, number ? " class=\"number\"" : "",
					 hidden ? " hidden=\"\"" : "");
	if (text != NULL)
		prismiq_html_text(buf, text);
	appendStringInfo(buf, "</%.2s>", tag);
}

/* The beginning of a row with what it is as JSON. */
static void
append_row(StringInfo buf, const char *json)
{
	appendStringInfoString(buf, "<tr");
	prismiq_html_attribute(buf, "data-v", json);
	appendStringInfoChar(buf, '>');
}

/* The beginning of a table: what it is of, and its head is open. */
static void
begin_table(StringInfo buf, const char *kind)
{
	appendStringInfoString(buf, "<table");
	prismiq_html_attribute(buf, "data-of", kind);
	appendStringInfoString(buf, "><thead><tr>");
}

/* Is a column of the answer on the screen?  A table's config may leave some out. */
static const json_t *
column_shown(const json_t *answer, const json_t *column)
{
	const json_t *listed = json_object_get(json_object_get(answer, "table"), "columns");
	const char *name = prismiq_json_text(column, "name");
	size_t		i;

	if (prismiq_json_kind(listed) != PRISMIQ_JSON_ARRAY || name == NULL)
		return column;
	for (i = 0; i < json_array_size(listed); i++)
	{
		const char *other = prismiq_json_text(json_array_get(listed, i), "name");

		if (other != NULL && strcmp(other, name) == 0)
			return json_array_get(listed, i);
	}
	return NULL;
}

/* A cell of a row of the answer, as people read it; null where there is none. */
static const char *
read_text(const json_t *row, size_t i)
{
	const json_t *cell = json_array_get(row, i);

	return prismiq_json_kind(cell) == PRISMIQ_JSON_STRING ? prismiq_json_string(cell) : NULL;
}

/* The rows of the answer. */
static void
append_rows(StringInfo buf, const json_t *answer)
{
	const json_t *columns = json_object_get(answer, "columns");
	const json_t *rows = json_object_get(answer, "rows");
	const json_t *formatted = json_object_get(answer, "formatted");
	size_t		ncolumns = json_array_size(columns);
	bool	   *hidden = palloc(sizeof(bool) * (ncolumns + 1));
	bool	   *number = palloc(sizeof(bool) * (ncolumns + 1));
	StringInfoData json;
	size_t		row;
	size_t		i;

	begin_table(buf, "rows");
	for (i = 0; i < ncolumns; i++)
	{
		const json_t *column = json_array_get(columns, i);
		const json_t *shown = column_shown(answer, column);
		const char *role = prismiq_json_text(column, "role");

		hidden[i] = shown == NULL;
		number[i] = role != NULL && strcmp(role, "measure") == 0;
		append_cell(buf, "th scope=\"col\"", prismiq_json_text(shown, "label"), number[i],
					hidden[i]);
	}
	appendStringInfoString(buf, "</tr></thead><tbody>");
	initStringInfo(&json);
	for (row = 0; row < json_array_size(rows); row++)
	{
		CHECK_FOR_INTERRUPTS();
		resetStringInfo(&json);
		prismiq_json_append(&json, json_array_get(rows, row));
		append_row(buf, json.data);
		for (i = 0; i < ncolumns; i++)
			append_cell(buf, "td", read_text(json_array_get(formatted, row), i), number[i],
						hidden[i]);
		appendStringInfoString(buf, "</tr>");
	}
	appendStringInfoString(buf, "</tbody></table>");
}

/* Is a member of an object a cell of its row? */
static bool
is_cell(const Column *columns, int ncolumns, const char *key)
{
	int			i;

	for (i = 0; i < ncolumns; i++)
		if (columns[i].values == NULL && strcmp(columns[i].key, key) == 0)
			return true;
	return false;
}

/* What a cell says of an object; null: nothing. */
static const char *
cell_of(const json_t *object, const Column *column)
{
	const char *text = prismiq_json_text(object, column->key);
	size_t		i;

	for (i = 0; text != NULL && i < json_array_size(column->values); i++)
	{
		const json_t *value = json_array_get(column->values, i);
		const char *key = prismiq_json_text(value, "key");

		if (key != NULL && strcmp(key, text) == 0)
			return prismiq_json_text(value, "label");
	}
	return text;
}

/* The members of an object that are no cells, as JSON. */
static void
append_others(StringInfo json, const json_t *node, const Column *columns, int ncolumns)
{
	json_t	   *object = unconstify(json_t *, node);
	bool		any = false;
	void	   *iter;

	appendStringInfoChar(json, '{');
	for (iter = json_object_iter(object); iter != NULL;
		 iter = json_object_iter_next(object, iter))
	{
		if (is_cell(columns, ncolumns, json_object_iter_key(iter)) &&
			prismiq_json_kind(json_object_iter_value(iter)) == PRISMIQ_JSON_STRING)
			continue;
		if (any)
			appendStringInfoChar(json, ',');
		any = true;
		escape_json(json, json_object_iter_key(iter));
		appendStringInfoChar(json, ':');
		prismiq_json_append(json, json_object_iter_value(iter));
	}
	appendStringInfoChar(json, '}');
}

/* A table of objects. */
static void
append_objects(StringInfo buf, const char *kind, const json_t *objects, const Column *columns,
			   int ncolumns)
{
	StringInfoData json;
	size_t		row;
	int			i;

	begin_table(buf, kind);
	for (i = 0; i < ncolumns; i++)
	{
		appendStringInfoString(buf, "<th scope=\"col\"");
		if (columns[i].values == NULL)
			prismiq_html_attribute(buf, "data-key", columns[i].key);
		appendStringInfoChar(buf, '>');
		prismiq_html_text(buf, columns[i].label);
		appendStringInfoString(buf, "</th>");
	}
	appendStringInfoString(buf, "</tr></thead><tbody>");
	initStringInfo(&json);
	for (row = 0; row < json_array_size(objects); row++)
	{
		const json_t *object = json_array_get(objects, row);

		CHECK_FOR_INTERRUPTS();
		if (prismiq_json_kind(object) != PRISMIQ_JSON_OBJECT)
			continue;
		resetStringInfo(&json);
		append_others(&json, object, columns, ncolumns);
		append_row(buf, json.data);
		for (i = 0; i < ncolumns; i++)
			append_cell(buf, "td", cell_of(object, &columns[i]), false, false);
		appendStringInfoString(buf, "</tr>");
	}
	appendStringInfoString(buf, "</tbody></table>");
}

/* The label of one of the fields of a picture; empty where it has none. */
static const char *
label_of(const json_t *fields, const char *name)
{
	const char *label = prismiq_json_text(json_object_get(fields, name), "label");

	return label != NULL ? label : "";
}

/* What a chart shows: a row for each of its points. */
static void
append_drawn(StringInfo buf, const json_t *answer, const json_t *values)
{
	const json_t *fields = json_object_get(
		json_object_get(json_object_get(json_object_get(answer, "spec"), "usermeta"), "prismiq"),
		"fields");
	const json_t *color = json_object_get(fields, "color");
	const json_t *series = json_object_get(fields, "series");
	const char *of_points = prismiq_json_text(fields, "label");
	const json_t *known = json_object_get(series, "values");
	const Column columns[] = {
		{.key = "label", .label = of_points != NULL ? of_points : label_of(fields, "x")},
		{.key = "series", .label = label_of(fields, "series"), .values = known},
		{.key = "name", .label = label_of(fields, "y")},
		{.key = "place", .label = label_of(fields, "x")},
		{.key = "text", .label = label_of(fields, color != NULL ? "color" : "y")},
		{.key = "amount", .label = label_of(fields, "size")},
		{.key = "percent", .label = "Share"},
	};
	Column		present[lengthof(columns)];
	int			npresent = 0;
	int			i;

	/* Kinds of pictures differ in what their values have; all values of one have the same. */
	for (i = 0; i < lengthof(columns); i++)
		if (prismiq_json_text(json_array_get(values, 0), columns[i].key) != NULL &&
			(columns[i].values == NULL || json_array_size(known) > 1))
			present[npresent++] = columns[i];
	append_objects(buf, "values", values, present, npresent);
}

/* Services and how they are. */
static void
append_services(StringInfo buf, const json_t *answer)
{
	static const Column columns[] = {
		{"name", "Service"}, {"label", "Status"}, {"since", "Since"}, {"message", "Message"}
	};

	append_objects(buf, "services", json_object_get(json_object_get(answer, "status"), "services"),
				   columns, lengthof(columns));
}

/* A metric: what it is, and how it stands to the period before. */
static void
append_metric(StringInfo buf, const json_t *answer)
{
	const json_t *metric = json_object_get(answer, "metric");
	const json_t *trend = json_object_get(metric, "trend");
	const char *status = prismiq_json_text(json_object_get(metric, "status"), "label");

	appendStringInfoString(buf, "<dl>");
	prismiq_html_element(buf, "dt", prismiq_json_text(metric, "label"));
	prismiq_html_element(buf, "dd", prismiq_json_text(metric, "formatted"));
	prismiq_html_element(buf, "dd", status);
	if (prismiq_json_kind(json_object_get(trend, "change_percent")) == PRISMIQ_JSON_NUMBER)
		prismiq_html_element(buf, "dd",
							 psprintf("%s %% compared with the period before",
									  prismiq_json_number(json_object_get(trend,
																		  "change_percent"))));
	appendStringInfoString(buf, "</dl>");
}

/* A text as its makers wrote it; readers drop the first line's end. */
static void
append_prose(StringInfo buf, const char *text)
{
	appendStringInfoString(buf, "<pre>\n");
	if (text != NULL)
		prismiq_html_text(buf, text);
	appendStringInfoString(buf, "</pre>");
}

/* What went wrong, and what can be done. */
static void
append_error(StringInfo buf, const json_t *error)
{
	prismiq_html_element(buf, "p", prismiq_json_text(error, "message"));
	prismiq_html_element(buf, "p", prismiq_json_text(error, "hint"));
}

/* See the header. */
void
prismiq_page_content(StringInfo buf, const json_t *answer)
{
	const json_t *error = json_object_get(answer, "error");
	const json_t *values = prismiq_page_drawn(answer);
	const char *shape = prismiq_json_text(answer, "shape");
	const char *text = prismiq_json_text(json_object_get(answer, "text"), "content");

	if (shape == NULL)
		shape = "";
	if (error != NULL)
		append_error(buf, error);
	else if (strcmp(shape, "metric") == 0)
		append_metric(buf, answer);
	else if (strcmp(shape, "text") == 0)
		append_prose(buf, text);
	else if (strcmp(shape, "status") == 0)
		append_services(buf, answer);
	else if (values != NULL)
		append_drawn(buf, answer, values);
	if (strcmp(shape, "table") == 0 ||
		(strcmp(shape, "custom") == 0 && json_array_size(json_object_get(answer, "columns")) > 0))
		append_rows(buf, answer);
	else if (strcmp(shape, "series") == 0 && values == NULL)
		appendStringInfoString(buf, "<p>No data</p>");
}
