/*-------------------------------------------------------------------------
 *
 * show_columns.c
 *	  The columns of an answer: what each is, how its values are shown, and the
 *	  values themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "base/edit.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/stages.h"
#include "model/words.h"
#include "show/show.h"

static const char *const role_names[] = {
	[PRISMIQ_ROLE_TIME] = "time",
	[PRISMIQ_ROLE_DIMENSION] = "dimension",
	[PRISMIQ_ROLE_MEASURE] = "measure",
	[PRISMIQ_ROLE_PREVIOUS] = "measure",
	[PRISMIQ_ROLE_CHANGE] = "measure",
	[PRISMIQ_ROLE_PERCENT] = "measure",
	[PRISMIQ_ROLE_WINDOW] = "measure",
	[PRISMIQ_ROLE_OVER] = "measure",
	[PRISMIQ_ROLE_CELL] = "measure",
	[PRISMIQ_ROLE_LEVEL] = "level",
	[PRISMIQ_ROLE_EXTRA] = "dimension",
};

/* The format that the config gives a column, by its name, or null. */
static const json_t *
given_format(const json_t *config, const PrismiqOutput *output)
{
	const json_t *columns = json_object_get(config, "columns");
	const json_t *format = json_object_get(json_object_get(config, "formats"), output->name);
	size_t		i;

	for (i = 0; format == NULL && i < json_array_size(columns); i++)
	{
		const json_t *column = json_array_get(columns, i);
		const char *of = prismiq_json_text(column, "name");

		if (of != NULL && strcmp(of, output->name) == 0)
			format = json_object_get(column, "format");
	}
	if (format == NULL && output->role != PRISMIQ_ROLE_TIME &&
		output->role != PRISMIQ_ROLE_DIMENSION && output->role != PRISMIQ_ROLE_LEVEL &&
		output->role != PRISMIQ_ROLE_PERCENT)
		format = json_object_get(config, "format");
	return format;
}

/* The measure that a column is compared with, whose format is its own too; or the column. */
static const PrismiqOutput *
formatted_as(const PrismiqQuery *query, const PrismiqOutput *output)
{
	ListCell   *lc;

	foreach(lc, query->compare != NULL ? query->compare->comparisons : NIL)
	{
		const PrismiqComparison *comparison = (const PrismiqComparison *) lfirst(lc);

		if (output == comparison->previous || output == comparison->change)
			return comparison->measure;
	}
	return output;
}

/* The format that the configuration or the model says as an object; null: it does not. */
static const json_t *
configured_format(const PrismiqHints *hints)
{
	PrismiqFaults ignored = {NIL, NIL};

	if (hints->format_object == NULL)
		return NULL;
	return prismiq_json_from_jsonb(prismiq_jsonb_from_text(hints->format_object),
								   MaxAllocSize, PG_INT16_MAX, &ignored);
}

/* How a column's values are shown. */
static void
find_format(PrismiqShownColumn *column, const PrismiqQuery *query, const json_t *config)
{
	const PrismiqOutput *output = formatted_as(query, column->output);
	const json_t *format = given_format(config, column->output);
	const char *name = output->hints.format;
	const char *date_format = output->hints.date_format;

	column->spec.decimals = -1;

	if (format == NULL)
		format = given_format(config, output);
	if (format == NULL)
		format = configured_format(&output->hints);
	if (format != NULL && prismiq_format_read(format, &column->spec))
		column->format = format;
	else
	{
		if (name == NULL && output->role == PRISMIQ_ROLE_PERCENT)
			name = "percent";
		if ((name != NULL || date_format != NULL) &&
			prismiq_format_named(name, date_format, &column->spec))
			column->format_name = name;
	}
	if (column->spec.unit == NULL)
		column->spec.unit = output->hints.unit;
	column->unit = column->spec.unit;
}

/* The columns of an answer, and how they are shown by a widget's config. */
PrismiqShown *
prismiq_show_columns(const PrismiqQuery *query, const PrismiqStatement *statement,
					 const PrismiqKeptRows *rows, const json_t *config,
					 bool bigint_as_string, const PrismiqFormatLocale *locale)
{
	PrismiqShown *shown = palloc0(sizeof(PrismiqShown));
	char	  **labels = prismiq_show_labels(query, statement, config);
	ListCell   *lc;

	shown->query = query;
	shown->statement = statement;
	shown->rows = rows;
	shown->locale = *locale;
	shown->level = -1;
	shown->ncolumns = list_length(statement->outputs);
	shown->columns = palloc0(sizeof(PrismiqShownColumn) * Max(shown->ncolumns, 1));
	foreach(lc, statement->outputs)
	{
		int			i = foreach_current_index(lc);
		PrismiqShownColumn *column = &shown->columns[i];
		Oid			type;

		column->output = (const PrismiqOutput *) lfirst(lc);
		type = prismiq_base_type(column->output->type);
		column->label = labels[i];
		column->role = role_names[column->output->role];
		column->is_number = prismiq_number_rank(type) > 0;
		column->is_time = prismiq_type_is_time(type);
		find_format(column, query, config);
		prismiq_encoder_init(&column->encoder, type, locale->zone,
							 bigint_as_string && column->output->large);
		if (column->output->role == PRISMIQ_ROLE_LEVEL)
			shown->level = i;
	}
	return shown;
}

/* A column by its name; -1 when there is none. */
int
prismiq_show_find(const PrismiqShown *shown, const char *name)
{
	int			i;

	for (i = 0; name != NULL && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].output->name, name) == 0)
			return i;
	return -1;
}

/*
 * The column that a key of the config names; -1 when it names none.  One that is
 * not in the answer is warned of: the config may be older than the query.
 */
int
prismiq_show_named(const PrismiqShow *show, const char *key)
{
	const char *name = prismiq_json_text(show->widget->config, key);
	int			column = prismiq_show_find(show->shown, name);

	if (name != NULL && column < 0)
		prismiq_fault_warn(show->faults, PRISMIQ_COLUMN_NOT_FOUND,
						   prismiq_path_key(prismiq_path_key(NULL, "config", NULL), key, NULL),
						   NULL, "the answer has no column \"%s\"", name);
	return column;
}

/* Warn where nothing can be drawn, for want of a column. */
void
prismiq_show_need(const PrismiqShow *show, bool there, const char *what)
{
	if (!there)
		prismiq_fault_warn(show->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Add it to the query, or say in the config which column it is.",
						   "the answer has no column for %s", what);
}

/* The n-th column of a role, from 0; -1 when there are not so many. */
int
prismiq_show_nth(const PrismiqShown *shown, const char *role, int n)
{
	int			i;

	for (i = 0; i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, role) == 0 && n-- == 0)
			return i;
	return -1;
}

/* Is a row one of the groups, and no subtotal of several? */
bool
prismiq_show_is_detail(const PrismiqShown *shown, int64 row)
{
	Numeric		level;

	if (shown->level < 0)
		return true;
	return prismiq_show_number(shown, row, shown->level, &level) &&
		DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(level))) == 0;
}

/* A value as a number; false when it is null, or no number. */
bool
prismiq_show_number(const PrismiqShown *shown, int64 row, int column, Numeric *number)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];
	PGFunction	convert;

	if (column < 0 || kept->isnull[column])
		return false;
	switch (prismiq_base_type(shown->columns[column].output->type))
	{
		case INT2OID:
			convert = int2_numeric;
			break;
		case INT4OID:
			convert = int4_numeric;
			break;
		case INT8OID:
			convert = int8_numeric;
			break;
		case FLOAT4OID:
			convert = float4_numeric;
			break;
		case FLOAT8OID:
			convert = float8_numeric;
			break;
		case NUMERICOID:
			*number = DatumGetNumeric(kept->values[column]);
			return true;
		default:
			return false;
	}
	*number = DatumGetNumeric(DirectFunctionCall1(convert, kept->values[column]));
	return true;
}

/* A value as bare text, or null. */
char *
prismiq_show_plain(const PrismiqShown *shown, int64 row, int column)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];
	StringInfoData buf;

	if (column < 0 || kept->isnull[column])
		return NULL;
	initStringInfo(&buf);
	prismiq_encode_text(&shown->columns[column].encoder, &buf, kept->values[column]);
	appendStringInfoChar(&buf, '\0');
	return buf.data;
}

/* A value as people read it, or null. */
char *
prismiq_show_formatted(const PrismiqShown *shown, int64 row, int column)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];

	if (column < 0 || kept->isnull[column])
		return NULL;
	return prismiq_format_text(&shown->columns[column].spec,
							   prismiq_base_type(shown->columns[column].output->type),
							   kept->values[column], false, &shown->locale);
}

/* A value as what something is called: there is always something to be read. */
const char *
prismiq_show_named_value(const PrismiqShown *shown, int64 row, int column)
{
	const char *text = prismiq_show_formatted(shown, row, column);

	return text == NULL ? "(none)" : text[0] == '\0' ? "(empty)" : text;
}

/* A number as people read the values of a column, or null. */
char *
prismiq_show_number_formatted(const PrismiqShown *shown, int column, Numeric number)
{
	if (number == NULL)
		return NULL;
	return prismiq_format_text(&shown->columns[column].spec, NUMERICOID, NumericGetDatum(number),
							   false, &shown->locale);
}

/* What the type of a column is called. */
const char *
prismiq_show_type(const PrismiqShown *shown, int column)
{
	return format_type_be(shown->columns[column].output->type);
}

/* The members of one column. */
void
prismiq_show_column(StringInfo buf, const PrismiqShown *shown, int i)
{
	const PrismiqShownColumn *column = &shown->columns[i];

	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, column->output->name);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, column->label);
	prismiq_write_key(buf, "role");
	prismiq_write_text(buf, column->role);
	prismiq_write_key(buf, "type");
	prismiq_write_text(buf, prismiq_show_type(shown, i));
	prismiq_write_key(buf, "format");
	if (column->format != NULL)
		prismiq_write_json(buf, column->format);
	else
		prismiq_write_text(buf, column->format_name);
	prismiq_write_key(buf, "unit");
	prismiq_write_text(buf, column->unit);
}
