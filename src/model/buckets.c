/*-------------------------------------------------------------------------
 *
 * buckets.c
 *	  Bucket grids: which bucket holds a value, how many a span touches.
 *
 * Edges have an index: edge k of a grid is k widths from its origin.  Without
 * a zone that is all.  With one, edges are made as local times and converted,
 * and three ways lead to the bucket of an instant:
 *
 * - far from any change of the zone's offset (a season), local time is the
 *   instant shifted by a constant, and the bucket is plain arithmetic;
 * - for buckets of a day and more, the converted edges are in the order of
 *   their indexes, as no zone ever skipped more than 24 hours: guess the index
 *   from the local time and step to the neighbour where that was wrong;
 * - for shorter ones near a change the edges may change places (hours that a
 *   zone skipped are converted to the hours after them): look at all edges
 *   around and take the nearest on either side.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "common/int.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "model/buckets.h"
#include "model/dates.h"
#include "model/edges.h"
#include "model/zones.h"

/* A change of offset further away than this and a width has no effect. */
#define SEASON_MARGIN (2 * USECS_PER_DAY)

/* Seasons serve widths up to this; edges of wider ones are few. */
#define SEASON_MAX_WIDTH (100 * USECS_PER_DAY)

/* No zone was ever further from another of its own offsets than this. */
#define SCAN_REACH (52 * USECS_PER_HOUR)

/* No month is shorter, whatever its zone does; spans of a century serve all that are wider. */
#define SPAN_MONTH (26 * USECS_PER_DAY)
#define SPAN_MAX_MONTHS 1200

/* Seconds from the Unix epoch to 2000-01-01. */
#define EPOCH_SECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* Does the grid turn local edges into instants? */
static inline bool
converts(const PrismiqGrid *grid)
{
	return grid->zone != NULL && grid->kind != PRISMIQ_GRID_ABSOLUTE;
}

/* Edge k as the grid counts, before any conversion; false when out of range. */
static bool
edge_local(const PrismiqGrid *grid, int64 k, int64 *edge)
{
	int64		offset;
	int64		day;

	if (pg_mul_s64_overflow(k, grid->width, &offset))
		return false;
	if (grid->kind != PRISMIQ_GRID_MONTHS)
		return !pg_add_s64_overflow(grid->origin, offset, edge) && IS_VALID_TIMESTAMP(*edge);
	if (pg_add_s64_overflow(grid->origin_month, offset, &offset) ||
		!prismiq_day_of_month(offset, grid->origin_day, &day) ||
		pg_mul_s64_overflow(day, USECS_PER_DAY, edge) ||
		pg_add_s64_overflow(*edge, grid->origin_time, edge))
		return false;
	return IS_VALID_TIMESTAMP(*edge);
}

/* Edge k as a value of the grid: an instant where it has a zone. */
static bool
edge_value(const PrismiqGrid *grid, int64 k, int64 *edge)
{
	if (!edge_local(grid, k, edge))
		return false;
	return !converts(grid) || prismiq_local_to_instant(*edge, grid->zone, edge);
}

/* Index of the last edge, before any conversion, that is not after a value. */
static int64
index_of_local(const PrismiqGrid *grid, int64 value)
{
	int64		edge;
	int64		k;
	int64		day;
	int			y,
				m,
				d;

	if (grid->kind != PRISMIQ_GRID_MONTHS)
	{
		int64		distance;

		/* origins lie within one width of 2000-01-01, but a width can be huge */
		if (pg_sub_s64_overflow(value, grid->origin, &distance))
			return value < 0 ? -1 : 0;
		return prismiq_floor_div(distance, grid->width);
	}
	day = prismiq_floor_div(value, USECS_PER_DAY);
	j2date((int) day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	k = prismiq_floor_div((int64) y * MONTHS_PER_YEAR + m - 1 - grid->origin_month, grid->width);
	if (!edge_local(grid, k, &edge) || edge <= value)
		return k;
	return k - 1;
}

/* The bucket that begins with edge k of a grid that does not convert. */
static bool
bucket_plain(const PrismiqGrid *grid, int64 k, PrismiqBucket *bucket)
{
	if (!edge_local(grid, k, &bucket->start))
		return false;
	if (!edge_local(grid, k + 1, &bucket->end))
		bucket->end = END_TIMESTAMP;
	return true;
}

/*
 * The season that an instant is in, known or not; null: it is in none.  Looking
 * for the next change costs less than one conversion.
 */
static const PrismiqSeason *
find_season(const PrismiqGrid *grid, TimestampTz value)
{
	PrismiqSeason *season = prismiq_season_place(grid->edges, value);
	int64		margin;
	pg_time_t	from;
	pg_time_t	boundary;
	long int	before;
	long int	after;
	int			before_isdst;
	int			after_isdst;
	int			found;

	if (value >= season->from && value < season->until)
		return season;
	if (grid->width > SEASON_MAX_WIDTH)
		return NULL;

	margin = grid->width + SEASON_MARGIN;
	from = prismiq_floor_div(value - margin, USECS_PER_SEC) + EPOCH_SECONDS;
	found = pg_next_dst_boundary(&from, &before, &before_isdst, &boundary, &after, &after_isdst,
								 grid->zone);
	if (found < 0)
		return NULL;
	season->from = value;
	season->shift = (int64) before * USECS_PER_SEC;
	season->until = END_TIMESTAMP;
	if (found > 0 && boundary - EPOCH_SECONDS < END_TIMESTAMP / USECS_PER_SEC)
		season->until = (boundary - EPOCH_SECONDS) * USECS_PER_SEC - margin;
	return value < season->until ? season : NULL;
}

/* The bucket of an instant within a season. */
static bool
bucket_in_season(const PrismiqGrid *grid, const PrismiqSeason *season, TimestampTz value,
				 int64 *k, PrismiqBucket *bucket)
{
	int64		shift = season->shift;

	*k = index_of_local(grid, value + shift);
	if (pg_mul_s64_overflow(*k, grid->width, &bucket->start) ||
		pg_add_s64_overflow(bucket->start, grid->origin, &bucket->start))
		return false;
	bucket->start -= shift;
	if (!IS_VALID_TIMESTAMP(bucket->start))
		return false;
	if (pg_add_s64_overflow(bucket->start, grid->width, &bucket->end) ||
		bucket->end > END_TIMESTAMP)
		bucket->end = END_TIMESTAMP;
	return true;
}

/* The bucket of an instant, where converted edges are in order of index. */
static bool
bucket_by_steps(const PrismiqGrid *grid, TimestampTz value, int64 *k, PrismiqBucket *bucket)
{
	Timestamp	local;

	if (!prismiq_instant_to_local(value, grid->zone, &local))
		return false;
	*k = index_of_local(grid, local);
	for (;;)
	{
		if (!edge_value(grid, *k, &bucket->start))
			return false;
		if (bucket->start <= value)
			break;
		(*k)--;
	}
	for (;;)
	{
		if (!edge_value(grid, *k + 1, &bucket->end))
		{
			bucket->end = END_TIMESTAMP;
			break;
		}
		if (bucket->end > value)
			break;
		(*k)++;
		bucket->start = bucket->end;
	}
	return true;
}

/* The bucket of an instant, where converted edges may have changed places. */
static bool
bucket_by_scan(const PrismiqGrid *grid, TimestampTz value, int64 *k, PrismiqBucket *bucket)
{
	Timestamp	local;
	int64		middle;
	int64		reach = SCAN_REACH / grid->width + 2;
	int64		i;
	int64		edge;
	bool		found = false;

	if (!prismiq_instant_to_local(value, grid->zone, &local))
		return false;
	middle = index_of_local(grid, local);
	bucket->end = END_TIMESTAMP;
	for (i = middle - reach; i <= middle + reach; i++)
	{
		if (!edge_value(grid, i, &edge))
			continue;
		if (edge > value)
			bucket->end = Min(bucket->end, edge);
		else if (!found || edge >= bucket->start)
		{
			found = true;
			bucket->start = edge;
			*k = i;
		}
	}
	return found;
}

/* See the header. */
bool
prismiq_grid_locate(const PrismiqGrid *grid, int64 value, int64 *k, PrismiqBucket *bucket)
{
	const PrismiqSeason *season;

	if (!IS_VALID_TIMESTAMP(value))
		return false;
	if (!converts(grid))
	{
		*k = index_of_local(grid, value);
		return bucket_plain(grid, *k, bucket);
	}
	if (grid->edges->has_seasons && (season = find_season(grid, value)) != NULL)
		return bucket_in_season(grid, season, value, k, bucket);
	if (grid->kind == PRISMIQ_GRID_LOCAL && grid->width < USECS_PER_DAY)
		return bucket_by_scan(grid, value, k, bucket);
	return bucket_by_steps(grid, value, k, bucket);
}

/*
 * Does the zone skip, near the span, as much time as a bucket is wide?  Only
 * then are there fewer buckets than the edges' indexes tell.
 */
static bool
skips_bucket(const PrismiqGrid *grid, TimestampTz start, TimestampTz end)
{
	pg_time_t	from = prismiq_floor_div(start - SEASON_MARGIN, USECS_PER_SEC) + EPOCH_SECONDS;
	pg_time_t	until = prismiq_floor_div(end, USECS_PER_SEC) + EPOCH_SECONDS + SECS_PER_DAY;
	pg_time_t	boundary;
	long int	before;
	long int	after;
	int			before_isdst;
	int			after_isdst;

	while (pg_next_dst_boundary(&from, &before, &before_isdst, &boundary, &after, &after_isdst,
								grid->zone) > 0 && boundary < until)
	{
		if ((after - before) * USECS_PER_SEC >= grid->width)
			return true;
		from = boundary;
	}
	return false;
}

/* See the header. */
int64
prismiq_grid_count(const PrismiqGrid *grid, int64 start, int64 end, int64 limit)
{
	PrismiqBucket bucket;
	int64		first;
	int64		last;
	int64		count;

	if (end <= start)
		return 0;
	if (TIMESTAMP_NOT_FINITE(end) ||
		!prismiq_grid_locate(grid, end - 1, &last, &bucket) ||
		!prismiq_grid_locate(grid, start, &first, &bucket))
		return limit + 1;
	if (pg_sub_s64_overflow(last, first, &count) || count >= PG_INT64_MAX)
		return limit + 1;
	count++;

	/* A zone skipped a day at most three times, so no more than this is lost. */
	if (count > limit && count - limit > 100)
		return limit + 1;
	if (!converts(grid) || grid->kind != PRISMIQ_GRID_LOCAL || grid->width > USECS_PER_DAY ||
		!skips_bucket(grid, start, end))
		return Min(count, limit + 1);

	for (count = 1; bucket.end < end && count <= limit; count++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!prismiq_grid_locate(grid, bucket.end, &first, &bucket))
			return limit + 1;
	}
	return count;
}

/* Where the grid begins to count unless told. */
static Timestamp
default_origin(const PrismiqGrid *grid, int week_start, int fiscal_start_month)
{
	int64		day = 0;

	if (grid->kind == PRISMIQ_GRID_MONTHS)
		(void) prismiq_day_of_month(2000 * MONTHS_PER_YEAR + fiscal_start_month - 1, 1, &day);
	else if (grid->width % (PRISMIQ_WEEK_DAYS * USECS_PER_DAY) == 0)
		day = prismiq_week_begin(PRISMIQ_WEEK_DAYS - 1, week_start);
	return day * USECS_PER_DAY;
}

/* Note the origin in the form in which the grid's kind needs it. */
static void
take_origin(PrismiqGrid *grid, int64 origin)
{
	int64		day;
	int			y,
				m;

	if (grid->kind != PRISMIQ_GRID_MONTHS)
	{
		/* the nearest edge serves as well, and keeps the numbers small */
		grid->origin = origin % grid->width;
		return;
	}
	grid->origin = origin;
	day = prismiq_floor_div(origin, USECS_PER_DAY);
	j2date((int) day + POSTGRES_EPOCH_JDATE, &y, &m, &grid->origin_day);
	grid->origin_month = (int64) y * MONTHS_PER_YEAR + m - 1;
	grid->origin_time = origin - day * USECS_PER_DAY;
}

/* The grid's kind and width; null, or why the interval is no width. */
static const char *
take_width(PrismiqGrid *grid, const Interval *width)
{
	if (width->month != 0 && (width->day != 0 || width->time != 0))
		return "an interval of months cannot have days or hours as well";
	if (width->month != 0)
	{
		grid->kind = PRISMIQ_GRID_MONTHS;
		grid->width = width->month;
	}
	else if (pg_mul_s64_overflow(width->day, USECS_PER_DAY, &grid->width) ||
			 pg_add_s64_overflow(grid->width, width->time, &grid->width))
		return "the interval is out of range";
	else
		grid->kind = grid->width > USECS_PER_HOUR ? PRISMIQ_GRID_LOCAL : PRISMIQ_GRID_ABSOLUTE;
	return grid->width > 0 ? NULL : "an interval must be positive";
}

/* The memory of a grid, empty.  A span is shorter than a bucket. */
static PrismiqEdges *
make_edges(const PrismiqGrid *grid)
{
	PrismiqEdges *edges = palloc0(sizeof(PrismiqEdges));
	int64		length = grid->kind == PRISMIQ_GRID_MONTHS ?
		Min(grid->width, SPAN_MAX_MONTHS) * SPAN_MONTH : grid->width - grid->width / 4;

	edges->context = CurrentMemoryContext;
	edges->has_seasons = grid->kind == PRISMIQ_GRID_LOCAL;
	edges->seasons = &edges->first;
	edges->shift = pg_leftmost_one_pos64((uint64) length);
	return edges;
}

/* See the header. */
PrismiqGrid *
prismiq_grid_from_interval(const Interval *width, pg_tz *zone, const Timestamp *origin,
						   int week_start, int fiscal_start_month, const char **reason)
{
	PrismiqGrid *grid = palloc0(sizeof(PrismiqGrid));
	int64		start;

	grid->zone = zone;
	*reason = take_width(grid, width);
	if (*reason != NULL)
		return NULL;

	start = origin ? *origin : default_origin(grid, week_start, fiscal_start_month);
	if (!IS_VALID_TIMESTAMP(start) ||
		(grid->kind == PRISMIQ_GRID_ABSOLUTE && zone != NULL &&
		 !prismiq_local_to_instant(start, zone, &start)))
	{
		*reason = "the origin is out of range";
		return NULL;
	}
	take_origin(grid, start);
	if (converts(grid) || grid->kind == PRISMIQ_GRID_MONTHS)
		grid->edges = make_edges(grid);
	return grid;
}

/* See the header. */
void
prismiq_grid_set_origin(PrismiqGrid *grid, TimestampTz origin)
{
	Assert(grid->kind == PRISMIQ_GRID_ABSOLUTE);
	take_origin(grid, origin);
}

/* Units of a width, one of which is a width too. */
const char *const prismiq_unit_names[] = {
	"second", "minute", "hour", "day", "week", "month", "quarter", "year", NULL
};

/* A number and a unit of ours ("quarter", "15 minutes"); false for others. */
static bool
read_units(const char *text, Interval *width)
{
	static const struct
	{
		int32		months;
		int32		days;
		int64		time;
	}			units[lengthof(prismiq_unit_names) - 1] =
	{
		{.time = USECS_PER_SEC},
		{.time = USECS_PER_MINUTE},
		{.time = USECS_PER_HOUR},
		{.days = 1},
		{.days = PRISMIQ_WEEK_DAYS},
		{.months = 1},
		{.months = 3},
		{.months = MONTHS_PER_YEAR},
	};
	int64		n = 1;
	int			i;

	if (isdigit((unsigned char) *text))
	{
		for (n = 0; isdigit((unsigned char) *text); text++)
			if ((n = n * 10 + (*text - '0')) > 1000000)
				return false;
		if (*text != ' ')
			return false;
		text += strspn(text, " ");
	}
	for (i = 0; i < lengthof(units); i++)
	{
		size_t		len = strlen(prismiq_unit_names[i]);

		if (pg_strncasecmp(text, prismiq_unit_names[i], len) != 0)
			continue;
		if (text[len] != '\0' && pg_strcasecmp(text + len, "s") != 0)
			continue;
		width->month = units[i].months * (int32) n;
		width->day = units[i].days * (int32) n;
		width->time = units[i].time * n;
		return true;
	}
	return false;
}

/* What interval input takes, without raising. */
static bool
read_interval(const char *text, Interval *width)
{
	char		workbuf[MAXDATELEN + MAXDATEFIELDS];
	char	   *fields[MAXDATEFIELDS];
	int			types[MAXDATEFIELDS];
	struct pg_itm_in itm;
	int			count;
	int			dtype;
	int			result;

	memset(&itm, 0, sizeof(itm));
	result = ParseDateTime(text, workbuf, sizeof(workbuf), fields, types, MAXDATEFIELDS, &count);
	if (result == 0)
		result = DecodeInterval(fields, types, count, INTERVAL_FULL_RANGE, &dtype, &itm);
	if (result == DTERR_BAD_FORMAT)
	{
		char	   *copy = pstrdup(text);

		result = DecodeISO8601Interval(copy, &dtype, &itm);
		pfree(copy);
	}
	return result == 0 && dtype == DTK_DELTA && itmin2interval(&itm, width) == 0;
}

/* See the header. */
PrismiqGrid *
prismiq_grid_make(const char *text, pg_tz *zone, const Timestamp *origin, int week_start,
				  int fiscal_start_month, const char **reason)
{
	Interval	width;

	if (!read_units(text, &width) && !read_interval(text, &width))
	{
		*reason = "it is not an interval";
		return NULL;
	}
	return prismiq_grid_from_interval(&width, zone, origin, week_start, fiscal_start_month,
									  reason);
}

/* See the header. */
char *
prismiq_grid_width_text(const PrismiqGrid *grid)
{
	struct pg_itm itm;
	char		text[MAXDATELEN + 1];

	memset(&itm, 0, sizeof(itm));
	if (grid->kind == PRISMIQ_GRID_MONTHS)
	{
		itm.tm_year = grid->width / MONTHS_PER_YEAR;
		itm.tm_mon = grid->width % MONTHS_PER_YEAR;
	}
	else if (grid->width % USECS_PER_DAY == 0)
		itm.tm_mday = grid->width / USECS_PER_DAY;
	else
	{
		itm.tm_hour = grid->width / USECS_PER_HOUR;
		itm.tm_min = grid->width / USECS_PER_MINUTE % MINS_PER_HOUR;
		itm.tm_sec = grid->width / USECS_PER_SEC % SECS_PER_MINUTE;
		itm.tm_usec = grid->width % USECS_PER_SEC;
	}
	EncodeInterval(&itm, INTSTYLE_POSTGRES, text);
	return pstrdup(text);
}

/*
 * The same for people: "1 day", "15 minutes", "3 months"; interval input takes
 * that too.
 */
char *
prismiq_grid_width_words(const PrismiqGrid *grid)
{
	static const struct
	{
		int64		width;
		const char *name;
	}			units[] = {
		{PRISMIQ_WEEK_DAYS * USECS_PER_DAY, "week"},
		{USECS_PER_DAY, "day"},
		{USECS_PER_HOUR, "hour"},
		{USECS_PER_MINUTE, "minute"},
		{USECS_PER_SEC, "second"},
	};
	int64		count = grid->width;
	const char *unit = NULL;
	int			i;

	if (grid->kind == PRISMIQ_GRID_MONTHS)
	{
		bool		years = count % MONTHS_PER_YEAR == 0;

		unit = years ? "year" : "month";
		count = years ? count / MONTHS_PER_YEAR : count;
	}
	for (i = 0; unit == NULL && i < lengthof(units); i++)
	{
		if (grid->width % units[i].width != 0)
			continue;
		unit = units[i].name;
		count = grid->width / units[i].width;
	}
	if (unit == NULL)
		return prismiq_grid_width_text(grid);
	return psprintf(INT64_FORMAT " %s%s", count, unit, count == 1 ? "" : "s");
}
