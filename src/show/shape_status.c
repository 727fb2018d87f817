/*-------------------------------------------------------------------------
 *
 * shape_status.c
 *	  The state of each service: its latest value, by a mapping from best to
 *	  worst.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "base/names.h"
#include "show/shape.h"
#include "show/show.h"

/* What a value without a mapping is called. */
#define UNKNOWN "unknown"

/* One step of the mapping. */
typedef struct Level
{
	const char *text;			/* the value as text */
	bool		is_null;
	bool		is_number;
	Numeric		number;
	const char *label;
	const char *color;
	int64		count;			/* of services that are there */
} Level;

/* One service. */
typedef struct Service
{
	int64		row;
	int			level;
} Service;

typedef struct Status
{
	int			name;			/* columns; -1: there is none */
	int			value;
	int			since;
	int			message;
	int			time;
	int			nlevels;		/* that the mapping has; one more is the unknown */
	Level	   *levels;
} Status;

/* One step: {value, color, label}, or of an object the key and {color, label} or a label. */
static void
read_level(Level *level, const json_t *node, const char *key)
{
	const json_t *value = key == NULL ? json_object_get(node, "value") : NULL;

	level->is_null = prismiq_json_kind(value) == PRISMIQ_JSON_NULL;
	level->is_number = prismiq_widget_number(value, &level->number);
	if (key != NULL)
		level->text = key;
	else if (prismiq_json_kind(value) == PRISMIQ_JSON_STRING)
		level->text = prismiq_json_string(value);
	else if (prismiq_json_kind(value) == PRISMIQ_JSON_BOOLEAN)
		level->text = json_is_true(value) ? "true" : "false";
	else if (prismiq_json_kind(value) == PRISMIQ_JSON_NUMBER)
		level->text = prismiq_json_number(value);
	if (key != NULL)
	{
		level->is_number = true;
		level->number = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(key),
															ObjectIdGetDatum(InvalidOid),
															Int32GetDatum(-1)));
	}
	level->label = prismiq_json_kind(node) == PRISMIQ_JSON_STRING ? prismiq_json_string(node) :
		prismiq_json_text(node, "label");
	if (level->label == NULL)
		level->label = level->text;
	level->color = prismiq_json_text(node, "color");
}

/* Steps of an object are in the order of their keys, which are numbers. */
static int
compare_levels(const void *a, const void *b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											 NumericGetDatum(((const Level *) a)->number),
											 NumericGetDatum(((const Level *) b)->number)));
}

/* Is a key of the mapping a number? */
static bool
key_is_number(const char *key)
{
	const char *rest = key + (*key == '-');

	return strlen(rest) > 0 && strlen(rest) < 30 && rest[strspn(rest, "0123456789")] == '\0';
}

/* The mapping, best first; one that is none has no steps. */
static void
read_mapping(Status *status, const json_t *mapping)
{
	void	   *iter;
	size_t		i;

	status->levels = palloc0(sizeof(Level) * (json_array_size(mapping) +
											  json_object_size(mapping) + 1));
	for (i = 0; i < json_array_size(mapping); i++)
		read_level(&status->levels[status->nlevels++], json_array_get(mapping, i), NULL);
	if (prismiq_json_kind(mapping) == PRISMIQ_JSON_OBJECT)
	{
		for (iter = json_object_iter(unconstify(json_t *, mapping)); iter != NULL;
			 iter = json_object_iter_next(unconstify(json_t *, mapping), iter))
			if (key_is_number(json_object_iter_key(iter)))
				read_level(&status->levels[status->nlevels++], json_object_iter_value(iter),
						   json_object_iter_key(iter));
		qsort(status->levels, status->nlevels, sizeof(Level), compare_levels);
	}
	status->levels[status->nlevels].label = UNKNOWN;
}

/* Which column is what: as the config says, else by the roles. */
static void
find_columns(PrismiqShow *show, Status *status)
{
	const PrismiqShown *shown = show->shown;
	int			i;

	status->name = prismiq_show_named(show, "name");
	status->value = prismiq_show_named(show, "value");
	status->since = prismiq_show_named(show, "since");
	status->message = prismiq_show_named(show, "message");
	status->time = status->since >= 0 && shown->columns[status->since].is_time ? status->since :
		prismiq_show_nth(shown, "time", 0);
	for (i = 0; status->time < 0 && i < shown->ncolumns; i++)
		if (shown->columns[i].is_time)
			status->time = i;
	if (status->since < 0)
		status->since = status->time;
	for (i = 0; status->name < 0 && i < shown->ncolumns; i++)
		if (strcmp(shown->columns[i].role, "dimension") == 0 && i != status->value &&
			i != status->message && i != status->time)
			status->name = i;
	if (status->value < 0)
		status->value = prismiq_show_nth(shown, "measure", 0);
	for (i = 0; status->value < 0 && i < shown->ncolumns; i++)
		if (i != status->name && i != status->time && i != status->message)
			status->value = i;
}

/* Where the mapping has a row's value; the number of its steps where it has not. */
static int
level_of(const Status *status, const PrismiqShown *shown, int64 row)
{
	char	   *text = prismiq_show_plain(shown, row, status->value);
	Numeric		number;
	bool		is_number = prismiq_show_number(shown, row, status->value, &number);
	int			i;

	for (i = 0; i < status->nlevels; i++)
	{
		const Level *level = &status->levels[i];

		CHECK_FOR_INTERRUPTS();
		if (text == NULL ? level->is_null : is_number && level->is_number ?
			DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(number),
											 NumericGetDatum(level->number))) :
			level->text != NULL && strcmp(level->text, text) == 0)
			return i;
	}
	return status->nlevels;
}

/* Is one row of a service later than another?  A row without a time is before all others. */
static bool
is_later(const Status *status, const PrismiqShown *shown, int64 row, int64 other)
{
	const PrismiqKeptRow *a = &shown->rows->rows[row];
	const PrismiqKeptRow *b = &shown->rows->rows[other];

	if (status->time < 0)
		return false;			/* the first in order counts */
	if (a->isnull[status->time] || b->isnull[status->time])
		return b->isnull[status->time] && !a->isnull[status->time];
	if (shown->columns[status->time].encoder.encoding == PRISMIQ_ENCODE_DATE)
		return DatumGetDateADT(a->values[status->time]) > DatumGetDateADT(b->values[status->time]);
	return DatumGetTimestamp(a->values[status->time]) > DatumGetTimestamp(b->values[status->time]);
}

/* The services, in the order in which the rows have them, each with its latest row. */
static Service *
find_services(const Status *status, const PrismiqShown *shown, int *count)
{
	Service    *services = palloc(sizeof(Service) * Max(shown->rows->count, 1));
	PrismiqNames names = {0};
	int64		row;

	*count = 0;
	for (row = 0; row < shown->rows->count; row++)
	{
		char	   *plain;
		PrismiqName *name;
		bool		found;

		if (!prismiq_show_is_detail(shown, row))
			continue;
		plain = prismiq_show_plain(shown, row, status->name);
		name = prismiq_names_add(&names, plain == NULL ? "" : psprintf("=%s", plain), &found);
		if (!found)
		{
			name->number = (*count)++;
			services[name->number].row = row;
		}
		else if (is_later(status, shown, row, services[name->number].row))
			services[name->number].row = row;
	}
	return services;
}

/* One service. */
static void
write_service(PrismiqShow *show, const Status *status, const Service *service)
{
	const Level *level = &status->levels[service->level];
	StringInfo	buf = show->buf;

	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "name");
	prismiq_write_text(buf, status->name < 0 ? show->widget->title :
					   prismiq_show_named_value(show->shown, service->row, status->name));
	prismiq_write_key(buf, "value");
	prismiq_write_cell(buf, show->shown, service->row, status->value);
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, level->label);
	prismiq_write_key(buf, "color");
	prismiq_write_text(buf, level->color);
	prismiq_write_key(buf, "level");
	prismiq_write_integer(buf, service->level);
	prismiq_write_key(buf, "since");
	prismiq_write_cell(buf, show->shown, service->row, status->since);
	prismiq_write_key(buf, "message");
	prismiq_write_cell(buf, show->shown, service->row, status->message);
	prismiq_write_close(buf, '}');
}

/* How many services there are of each label; a label may be that of several steps. */
static void
write_counts(StringInfo buf, const Status *status)
{
	PrismiqNames labels = {0};
	int			i;

	for (i = 0; i <= status->nlevels; i++)
	{
		const char *label = status->levels[i].label;
		PrismiqName *name = label == NULL ? NULL : prismiq_names_find(&labels, label);
		bool		found;

		if (name != NULL)
			status->levels[name->number].count += status->levels[i].count;
		else if (label != NULL)
			prismiq_names_add(&labels, label, &found)->number = i;
		if (name != NULL || label == NULL)
			status->levels[i].count = 0;	/* it is counted where the label came first */
	}
	prismiq_write_key(buf, "counts");
	prismiq_write_open(buf, '{');
	for (i = 0; i <= status->nlevels; i++)
		if (status->levels[i].count > 0)
		{
			prismiq_write_key(buf, status->levels[i].label);
			prismiq_write_integer(buf, status->levels[i].count);
		}
	prismiq_write_close(buf, '}');
}

/* {services, worst, counts} */
void
prismiq_shape_status(PrismiqShow *show)
{
	StringInfo	buf = show->buf;
	Status		status = {0};
	Service    *services;
	int			count;
	int			worst = -1;
	int			i;

	find_columns(show, &status);
	read_mapping(&status, json_object_get(show->widget->config, "status_mapping"));
	services = find_services(&status, show->shown, &count);
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "services");
	prismiq_write_open(buf, '[');
	for (i = 0; i < count; i++)
	{
		services[i].level = level_of(&status, show->shown, services[i].row);
		status.levels[services[i].level].count++;
		worst = Max(worst, services[i].level);
		write_service(show, &status, &services[i]);
	}
	prismiq_write_close(buf, ']');
	prismiq_write_key(buf, "worst");
	prismiq_write_text(buf, worst < 0 ? NULL : status.levels[worst].label);
	write_counts(buf, &status);
	prismiq_write_close(buf, '}');
}
