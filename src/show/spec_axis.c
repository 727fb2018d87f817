/*-------------------------------------------------------------------------
 *
 * spec_axis.c
 *	  The axis of a picture along which a column's values stand: categories,
 *	  times or numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/fault.h"
#include "base/names.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* So few times are each labelled; of more the browser chooses. */
#define FEW_TIMES 12

/* What does not fit below an axis, in characters: of one label, of all of them. */
#define LONG_LABEL 12
#define LONG_LABELS 90

/* Labels of times: V is the time, and a year, or a day, is told once. */
#define TIME_LABELS(V) \
	[PRISMIQ_CLOCK_YEAR] = "utcFormat(" V ", '%Y')", \
	[PRISMIQ_CLOCK_MONTH] = "[utcFormat(" V ", '%b'), " \
		"datum.index == 0 || utcmonth(" V ") == 0 ? utcFormat(" V ", '%Y') : '']", \
	[PRISMIQ_CLOCK_WEEK] = "[utcFormat(" V ", '%b %-d'), datum.index == 0 || " \
		"(utcmonth(" V ") == 0 && utcdate(" V ") < 8) ? utcFormat(" V ", '%Y') : '']", \
	[PRISMIQ_CLOCK_DAY] = "[utcFormat(" V ", '%b %-d'), datum.index == 0 || " \
		"(utcmonth(" V ") == 0 && utcdate(" V ") == 1) ? utcFormat(" V ", '%Y') : '']", \
	[PRISMIQ_CLOCK_TIME] = "[utcFormat(" V ", utcseconds(" V ") == 0 ? '%H:%M' : '%H:%M:%S'), " \
		"datum.index == 0 ? utcFormat(" V ", '%b %-d, %Y') : utchours(" V ") == 0 && " \
		"utcminutes(" V ") == 0 ? utcFormat(" V ", '%b %-d') : '']"

static const char *const time_labels[] = {TIME_LABELS("datum.value")};
static const char *const band_labels[] = {TIME_LABELS("toDate(datum.value)")};

/* A label with a number, where what is called so has come before; each number is tried once. */
static const char *
name_apart(PrismiqNames *names, const char *label)
{
	const char *name = label;
	bool		found;
	int			number;

	prismiq_names_add(names, label, &found);
	if (!found)
	{
		prismiq_names_find(names, label)->number = 1;
		return label;
	}
	number = prismiq_names_find(names, label)->number;
	do
	{
		CHECK_FOR_INTERRUPTS();
		name = psprintf("%s (%d)", label, ++number);
		prismiq_names_add(names, name, &found)->number = 1;
	} while (found);
	prismiq_names_find(names, label)->number = number;
	return name;
}

/* Categories are told apart by what they are called, so no two are called the same. */
static void
name_categories(PrismiqSpecAxis *axis, const PrismiqShow *show)
{
	PrismiqNames names = {0};
	int			total = 0;
	int			i;

	for (i = 0; i < axis->groups.count; i++)
	{
		const char *label = axis->column < 0 ? "" :
			prismiq_groups_label(show, axis->shown, &axis->groups, &axis->groups.groups[i]);
		const char *name = name_apart(&names, label);
		int			len;

		CHECK_FOR_INTERRUPTS();
		axis->keys[i] = prismiq_spec_value(name);
		axis->labels[i] = name;
		len = pg_mbstrlen(name);
		total = Min(total + len + 2, LONG_LABELS + 1);
		axis->long_labels = axis->long_labels || len > LONG_LABEL;
	}
	axis->long_labels = axis->long_labels || total > LONG_LABELS;
}

/* Times stand where the clock has them; those that it cannot show stand nowhere. */
static void
place_times(PrismiqSpecAxis *axis)
{
	Timestamp	first = 0;
	Timestamp	last = 0;
	bool		any = false;
	int			i;

	axis->clocks = palloc0(sizeof(Timestamp) * Max(axis->groups.count, 1));
	for (i = 0; i < axis->groups.count; i++)
	{
		int64		row = axis->groups.groups[i].row;
		Timestamp	clock;

		if (!prismiq_clock_of(axis->shown, row, axis->column, &clock))
			continue;
		axis->clocks[i] = clock;
		axis->keys[i] = prismiq_clock_text(clock);
		axis->labels[i] = prismiq_clock_words(axis->shown, row, axis->column, clock);
		first = any ? Min(first, clock) : clock;
		last = any ? Max(last, clock) : clock;
		any = true;
	}
	axis->level = prismiq_clock_level(axis->shown, axis->column,
									  (last - first) / USECS_PER_SEC);
}

/* Numbers stand at their value. */
static void
place_numbers(PrismiqSpecAxis *axis)
{
	int			i;

	for (i = 0; i < axis->groups.count; i++)
	{
		int64		row = axis->groups.groups[i].row;
		StringInfoData key;
		Numeric		number;
		double		value;

		if (!prismiq_show_number(axis->shown, row, axis->column, &number) ||
			!prismiq_spec_double(number, &value))
			continue;
		initStringInfo(&key);
		prismiq_spec_number(&key, value);
		axis->greatest = Max(axis->greatest, fabs(value));
		axis->keys[i] = key.data;
		axis->labels[i] = prismiq_spec_text(axis->shown, row, axis->column);
	}
}

/* The values of a column along an axis; "discrete" puts also times and numbers each for itself. */
void
prismiq_spec_axis(PrismiqSpecAxis *axis, const PrismiqShow *show, const PrismiqShown *shown,
				  int column, bool discrete)
{
	memset(axis, 0, sizeof(PrismiqSpecAxis));
	axis->shown = shown;
	axis->column = column;
	prismiq_groups_find(&axis->groups, shown, column);
	axis->keys = palloc0(sizeof(char *) * Max(axis->groups.count, 1));
	axis->labels = palloc0(sizeof(char *) * Max(axis->groups.count, 1));
	if (column >= 0 && shown->columns[column].is_time)
	{
		axis->scale = discrete ? PRISMIQ_SCALE_TIME_BAND : PRISMIQ_SCALE_TIME;
		place_times(axis);
	}
	else if (column >= 0 && shown->columns[column].is_number && !discrete)
	{
		axis->scale = PRISMIQ_SCALE_NUMBER;
		place_numbers(axis);
	}
	else
	{
		axis->scale = PRISMIQ_SCALE_BAND;
		name_categories(axis, show);
	}
}

/* Where the values of a group stand, as a value. */
void
prismiq_spec_key(StringInfo buf, const PrismiqSpecAxis *axis, int group)
{
	if (axis->scale == PRISMIQ_SCALE_NUMBER && axis->keys[group] != NULL)
		prismiq_write_literal(buf, axis->keys[group]);
	else
		prismiq_write_text(buf, axis->keys[group]);
}

/* Groups by their times. */
static int
compare_clocks(const void *a, const void *b, void *arg)
{
	const Timestamp *clocks = ((const PrismiqSpecAxis *) arg)->clocks;
	Timestamp	left = clocks[*(const int *) a];
	Timestamp	right = clocks[*(const int *) b];

	return left < right ? -1 : left > right ? 1 : 0;
}

/* The places of a discrete axis, in order, each once. */
static void
write_domain(StringInfo buf, const PrismiqSpecAxis *axis)
{
	int		   *order = palloc(sizeof(int) * Max(axis->groups.count, 1));
	int			count = 0;
	int			i;

	for (i = 0; i < axis->groups.count; i++)
		if (axis->keys[i] != NULL)
			order[count++] = i;
	if (axis->scale == PRISMIQ_SCALE_TIME_BAND)
		qsort_arg(order, count, sizeof(int), compare_clocks, unconstify(PrismiqSpecAxis *, axis));
	prismiq_write_key(buf, "domain");
	prismiq_write_open(buf, '[');
	for (i = 0; i < count; i++)
		if (i == 0 || strcmp(axis->keys[order[i - 1]], axis->keys[order[i]]) != 0)
			prismiq_write_text(buf, axis->keys[order[i]]);
	prismiq_write_close(buf, ']');
}

/* Where an axis of time is labelled: at each of a few, else as often as there is room. */
static void
write_time_ticks(StringInfo buf, const PrismiqSpecAxis *axis)
{
	int			i;

	if (axis->groups.count > FEW_TIMES)
	{
		prismiq_spec_put(buf, "'tickCount':{'expr':'ceil(width / 90)'}");
		return;
	}
	prismiq_write_key(buf, "values");
	prismiq_write_open(buf, '[');
	for (i = 0; i < axis->groups.count; i++)
		if (axis->keys[i] != NULL)
			prismiq_write_text(buf, axis->keys[i]);
	prismiq_write_close(buf, ']');
}

/* How a channel shows the places of an axis. */
void
prismiq_spec_encode(StringInfo buf, const char *channel, const char *field,
					const PrismiqSpecAxis *axis)
{
	bool		is_band = axis->scale <= PRISMIQ_SCALE_TIME_BAND;

	prismiq_write_key(buf, channel);
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "field");
	prismiq_write_text(buf, field);
	prismiq_spec_put(buf, is_band ? "'type':'ordinal','sort':null" :
					 axis->scale == PRISMIQ_SCALE_TIME ? "'type':'temporal'" :
					 "'type':'quantitative'");
	prismiq_spec_put(buf, "'title':null,'scale':{");
	if (is_band)
		write_domain(buf, axis);
	else
		prismiq_spec_put(buf, axis->scale == PRISMIQ_SCALE_TIME ? "'type':'utc'" :
						 axis->graded ? "'zero':false,'nice':true" : "'zero':false,'nice':false");
	prismiq_spec_put(buf, axis->graded && axis->scale == PRISMIQ_SCALE_NUMBER && channel[0] == 'y' ?
					 "},'axis':{'grid':true,'domain':false" :
					 "},'axis':{'grid':false,'labelAngle':0");
	/* of what is not told apart by its label every other one is left out where there is no room */
	prismiq_spec_put(buf, is_band ? "'labelOverlap':'greedy'" : "'labelOverlap':true");
	if (axis->scale == PRISMIQ_SCALE_NUMBER)
		prismiq_spec_measure_axis(buf, &axis->shown->columns[axis->column], axis->greatest);
	if (axis->column < 0)
		prismiq_spec_put(buf, "'labels':false");
	if (axis->scale == PRISMIQ_SCALE_TIME)
		write_time_ticks(buf, axis);
	if (axis->scale == PRISMIQ_SCALE_TIME || axis->scale == PRISMIQ_SCALE_TIME_BAND)
	{
		prismiq_write_key(buf, "labelExpr");
		prismiq_write_text(buf, axis->scale == PRISMIQ_SCALE_TIME ? time_labels[axis->level] :
						   band_labels[axis->level]);
	}
	prismiq_spec_put(buf, "}}");
}

/* What an axis shows, for "usermeta"; null where it shows nothing. */
void
prismiq_spec_axis_field(StringInfo buf, const PrismiqSpecAxis *axis)
{
	if (axis->column < 0)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	if (axis->scale == PRISMIQ_SCALE_NUMBER)
	{
		prismiq_spec_measure_field(buf, axis->shown, axis->column);
		return;
	}
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "kind");
	prismiq_write_text(buf, axis->scale == PRISMIQ_SCALE_BAND ? "category" : "time");
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, axis->shown->columns[axis->column].label);
	prismiq_write_close(buf, '}');
}
