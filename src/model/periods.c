/*-------------------------------------------------------------------------
 *
 * periods.c
 *	  The period before another one: how far back it is, and where it begins
 *	  and ends.
 *
 * Months differ in length, so the two ends of a range are moved by different
 * rules.  Its start keeps its day of the month.  Its end, read on the last day
 * that it lets through, does too, but the last day of a month stays the last:
 * all of February is compared with all of January, 1 to 28 March with 1 to 28
 * February.  So bounds are told apart by what they do, and not by how they are
 * written: "up to 28 March" and "before 29 March" come to the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "model/buckets.h"
#include "model/dates.h"
#include "model/periods.h"

/* The first day of the calendar of dates and timestamps (4714-11-24 BC). */
#define FIRST_DAY (DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)

#define LONGEST_MONTH 31
#define MEAN_MONTH (DAYS_PER_YEAR / MONTHS_PER_YEAR)

/* The day that many months before. */
static int64
months_back(int64 day, int32 months, PrismiqEdge edge)
{
	int64		result;
	int			y,
				m,
				d;

	j2date((int) day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	if (edge == PRISMIQ_EDGE_END && d == day_tab[isleap(y)][m - 1])
		d = LONGEST_MONTH;
	if (prismiq_day_of_month((int64) y * MONTHS_PER_YEAR + m - 1 - months, d, &result))
		return result;
	return y < 0 ? FIRST_DAY : day; /* no timestamp is as late as this */
}

/* See the header. */
PrismiqReading
prismiq_reading_back(PrismiqReading reading, PrismiqEdge edge, const Interval *shift)
{
	int64		carry;

	if (shift->month != 0)
		reading.day = months_back(reading.day, shift->month, edge);
	reading.day -= shift->day;
	reading.time -= shift->time;
	carry = prismiq_floor_div(reading.time, USECS_PER_DAY);
	reading.day += carry;
	reading.time -= carry * USECS_PER_DAY;
	if (reading.day < FIRST_DAY)
	{
		reading.day = FIRST_DAY;
		reading.time = 0;
	}
	return reading;
}

/* How far it is from one time to a later one, as far as that can be said. */
static int64
distance(Timestamp from, Timestamp to)
{
	int64		result;

	return pg_sub_s64_overflow(to, from, &result) ? PG_INT64_MAX : result;
}

/* See the header. */
bool
prismiq_range_is_day(Timestamp start, Timestamp end)
{
	return distance(start, end - 1) <= USECS_PER_DAY;
}

/* As many widths as a length has, or has begun. */
static int64
count_widths(int64 length, int64 width)
{
	return length / width + (length % width != 0 ? 1 : 0);
}

/* The length of so many widths; of what is too long, the length that was asked for. */
static int64
whole_widths(int64 count, int64 width, int64 length)
{
	int64		result;

	return pg_mul_s64_overflow(count, width, &result) ? length : result;
}

/* A time as days and the rest. */
static void
set_time(Interval *shift, int64 time)
{
	shift->month = 0;
	shift->day = (int32) (time / USECS_PER_DAY);
	shift->time = time % USECS_PER_DAY;
}

/* The least number of months that the range is not longer than. */
static int64
months_of_range(Timestamp start, Timestamp end)
{
	int64		first = prismiq_floor_div(start, USECS_PER_DAY);
	int64		last = prismiq_floor_div(end, USECS_PER_DAY);
	int64		months;
	int			y1,
				m1,
				d1,
				y2,
				m2,
				d2;

	j2date((int) first + POSTGRES_EPOCH_JDATE, &y1, &m1, &d1);
	j2date((int) last + POSTGRES_EPOCH_JDATE, &y2, &m2, &d2);
	months = ((int64) y2 - y1) * MONTHS_PER_YEAR + m2 - m1;
	if (d2 > d1 ||
		(d2 == d1 && end - last * USECS_PER_DAY > start - first * USECS_PER_DAY))
		months++;
	return Max(months, 1);
}

/* See the header. */
void
prismiq_shift_of_range(const PrismiqGrid *grid, bool points, Timestamp start, Timestamp end,
					   Interval *shift)
{
	Timestamp	last = end - 1;
	int64		length = distance(start, end);
	bool		of_days = start % USECS_PER_DAY == 0 &&
		last - prismiq_floor_div(last, USECS_PER_DAY) * USECS_PER_DAY >=
		USECS_PER_DAY - USECS_PER_MINUTE;

	memset(shift, 0, sizeof(*shift));
	if (grid != NULL && grid->kind == PRISMIQ_GRID_MONTHS)
	{
		int64		months = months_of_range(start, end);

		shift->month = (int32) (count_widths(months, grid->width) * grid->width);
		return;
	}

	/* Both ends of the range may be included: they are this far apart. */
	if (!of_days && (grid != NULL || points))
		length = Max(length - 1, 1);
	if (of_days)
		length = whole_widths(count_widths(length, USECS_PER_DAY), USECS_PER_DAY, length);
	else if (points)
		length = whole_widths(count_widths(length, USECS_PER_SEC), USECS_PER_SEC, length);
	if (grid != NULL)
		length = whole_widths(count_widths(length, grid->width), grid->width, length);
	set_time(shift, length);
}

/* See the header. */
void
prismiq_shift_to_buckets(const PrismiqGrid *grid, Interval *shift)
{
	int64		time = shift->day * USECS_PER_DAY + shift->time;
	double		months = shift->month + time / (MEAN_MONTH * USECS_PER_DAY);
	int64		count;

	if (grid->kind == PRISMIQ_GRID_MONTHS)
	{
		count = time == 0 ? count_widths(shift->month, grid->width) :
			(int64) rint(months / grid->width);
		shift->month = (int32) (Max(count, 1) * grid->width);
		shift->day = 0;
		shift->time = 0;
		return;
	}
	if (shift->month == 0)
		count = count_widths(time, grid->width);
	else if (grid->width <= USECS_PER_DAY)
		return;
	else
		count = (int64) rint(months * MEAN_MONTH * USECS_PER_DAY / grid->width);
	set_time(shift, whole_widths(Max(count, 1), grid->width, time));
}
