/*-------------------------------------------------------------------------
 *
 * spec_clock.c
 *	  Times in pictures: what a clock in the zone of the answer shows.
 *
 * A picture is drawn by a browser, which knows two zones: its own and UTC.  So
 * every time is written as if its clock showed UTC, and drawn by that: the zone of
 * the answer is that of the picture, wherever it is looked at.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/series.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* 0001-01-01 and the end of 9999-12-31: years of four digits. */
#define FIRST_CLOCK (-INT64CONST(730119) * USECS_PER_DAY)
#define END_CLOCK (INT64CONST(2921940) * USECS_PER_DAY)

static const char *const month_names[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

/* What the clock shows; false where it is nothing that a browser could read. */
bool
prismiq_clock_of(const PrismiqShown *shown, int64 row, int column, Timestamp *clock)
{
	const PrismiqKeptRow *kept = &shown->rows->rows[row];
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;

	if (column < 0 || kept->isnull[column])
		return false;
	switch (prismiq_base_type(shown->columns[column].output->type))
	{
		case DATEOID:
			if (DATE_NOT_FINITE(DatumGetDateADT(kept->values[column])) ||
				!prismiq_day_to_local(DatumGetDateADT(kept->values[column]), clock))
				return false;
			break;
		case TIMESTAMPOID:
			*clock = DatumGetTimestamp(kept->values[column]);
			break;
		case TIMESTAMPTZOID:
			*clock = DatumGetTimestampTz(kept->values[column]);
			if (TIMESTAMP_NOT_FINITE(*clock) ||
				timestamp2tm(*clock, &offset, &tm, &fsec, NULL, shown->locale.zone) != 0 ||
				tm2timestamp(&tm, fsec, NULL, clock) != 0)
				return false;
			break;
		default:
			return false;
	}
	return *clock >= FIRST_CLOCK && *clock < END_CLOCK;
}

/* Two, or four, digits; -1 where they are none. */
static int
digits(const char *text, int count)
{
	int			value = 0;
	int			i;

	for (i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/*
 * A date, or a date and a time, that a config says, as it stands:
 * "2024-01-31T10:30:00"; false where it is none.  An offset would say less than the
 * zone of the answer, and is not read.
 */
bool
prismiq_clock_read(const char *text, Timestamp *clock)
{
	static const int lengths[] = {4, 7, 10, 16, 19};
	int			len = (int) strlen(text);
	struct pg_tm tm = {.tm_mon = 1, .tm_mday = 1};
	bool		known = false;
	int			i;

	for (i = 0; i < lengthof(lengths); i++)
		known = known || lengths[i] == len;
	if (!known)
		return false;
	tm.tm_year = digits(text, 4);
	if (len > 4)
		tm.tm_mon = text[4] == '-' ? digits(text + 5, 2) : -1;
	if (len > 7)
		tm.tm_mday = text[7] == '-' ? digits(text + 8, 2) : -1;
	if (len > 10)
	{
		tm.tm_hour = text[10] == 'T' || text[10] == ' ' ? digits(text + 11, 2) : -1;
		tm.tm_min = text[13] == ':' ? digits(text + 14, 2) : -1;
	}
	if (len > 16)
		tm.tm_sec = text[16] == ':' ? digits(text + 17, 2) : -1;
	if (tm.tm_year < 1 || tm.tm_mon < 1 || tm.tm_mon > MONTHS_PER_YEAR || tm.tm_mday < 1 ||
		tm.tm_mday > day_tab[isleap(tm.tm_year)][tm.tm_mon - 1] || tm.tm_hour < 0 ||
		tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 59)
		return false;
	return tm2timestamp(&tm, 0, NULL, clock) == 0;
}

/* As a browser reads it, as if it were UTC: "2024-01-31T10:00:00Z". */
char *
prismiq_clock_text(Timestamp clock)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(clock, NULL, &tm, &fsec, NULL, NULL) != 0)
		return NULL;
	EncodeDateTime(&tm, fsec, false, 0, NULL, USE_XSD_DATES, text);
	return psprintf("%sZ", text);
}

/* The grid of the buckets in a column; null where it has none. */
static const PrismiqGrid *
grid_of(const PrismiqShown *shown, int column)
{
	const PrismiqTimeSeries *series = shown->query->time_series;

	if (column < 0 || series == NULL || series->bucketing == NULL ||
		shown->columns[column].output != series->output)
		return NULL;
	return series->bucketing->grid;
}

/* Several months: a quarter, a year, or from when until when. */
static char *
months_words(const PrismiqGrid *grid, const struct pg_tm *tm)
{
	int			last = tm->tm_mon - 1 + (int) grid->width - 1;
	int			last_year = tm->tm_year + last / MONTHS_PER_YEAR;

	if (grid->width == MONTHS_PER_YEAR && tm->tm_mon == 1)
		return psprintf("%d", tm->tm_year);
	if (grid->width == 3 && tm->tm_mon % 3 == 1)
		return psprintf("Q%d %d", tm->tm_mon / 3 + 1, tm->tm_year);
	if (grid->width > 100 * MONTHS_PER_YEAR)
		return psprintf("%s %d", month_names[tm->tm_mon - 1], tm->tm_year);
	if (last_year == tm->tm_year)
		return psprintf("%s \xe2\x80\x93 %s %d", month_names[tm->tm_mon - 1],
						month_names[last % MONTHS_PER_YEAR], tm->tm_year);
	return psprintf("%s %d \xe2\x80\x93 %s %d", month_names[tm->tm_mon - 1], tm->tm_year,
					month_names[last % MONTHS_PER_YEAR], last_year);
}

/* A time, or a bucket by when it begins, in words; as its column's format has it, if it has one. */
char *
prismiq_clock_words(const PrismiqShown *shown, int64 row, int column, Timestamp clock)
{
	const PrismiqGrid *grid = grid_of(shown, column);
	const PrismiqFormatSpec *format = &shown->columns[column].spec;
	bool		whole_days = grid != NULL && (grid->kind == PRISMIQ_GRID_MONTHS ||
											  (grid->kind == PRISMIQ_GRID_LOCAL &&
											   grid->width % USECS_PER_DAY == 0));
	struct pg_tm tm;
	fsec_t		fsec;
	char	   *day;

	if (format->kind != PRISMIQ_FORMAT_NONE || format->date_format != NULL ||
		timestamp2tm(clock, NULL, &tm, &fsec, NULL, NULL) != 0)
		return prismiq_show_formatted(shown, row, column);
	if (grid != NULL && grid->kind == PRISMIQ_GRID_MONTHS && tm.tm_mday == 1 && tm.tm_hour == 0)
		return grid->width > 1 ? months_words(grid, &tm) :
			psprintf("%s %d", month_names[tm.tm_mon - 1], tm.tm_year);
	day = psprintf("%s %d, %d", month_names[tm.tm_mon - 1], tm.tm_mday, tm.tm_year);
	if (whole_days && grid->kind == PRISMIQ_GRID_LOCAL && grid->width == 7 * USECS_PER_DAY)
		return psprintf("Week of %s", day);
	if (whole_days || prismiq_base_type(shown->columns[column].output->type) == DATEOID)
		return day;
	if (tm.tm_sec == 0 && fsec == 0)
		return psprintf("%s %02d:%02d", day, tm.tm_hour, tm.tm_min);
	return psprintf("%s %02d:%02d:%02d", day, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* How finely an axis is labelled, by its buckets and how much time it shows. */
PrismiqClockLevel
prismiq_clock_level(const PrismiqShown *shown, int column, int64 seconds)
{
	const PrismiqGrid *grid = grid_of(shown, column);

	if (grid != NULL && grid->kind == PRISMIQ_GRID_MONTHS)
		return grid->width % MONTHS_PER_YEAR == 0 ? PRISMIQ_CLOCK_YEAR : PRISMIQ_CLOCK_MONTH;
	if (grid != NULL && grid->kind == PRISMIQ_GRID_LOCAL && grid->width % USECS_PER_DAY == 0)
		return grid->width < 7 * USECS_PER_DAY ? PRISMIQ_CLOCK_DAY : PRISMIQ_CLOCK_WEEK;
	if (prismiq_base_type(shown->columns[column].output->type) == DATEOID)
		return PRISMIQ_CLOCK_DAY;
	return seconds > INT64CONST(3) * SECS_PER_DAY ? PRISMIQ_CLOCK_DAY : PRISMIQ_CLOCK_TIME;
}
