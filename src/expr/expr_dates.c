/*-------------------------------------------------------------------------
 *
 * expr_dates.c
 *	  Dates and times within expressions, in the query's time zone.
 *
 * What is a matter of the calendar (parts, days, months, differences of days)
 * is worked out on local times of that zone; what is a matter of the clock
 * (hours and less) on instants.  The session's zone is never asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/buckets.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/now.h"
#include "model/table.h"
#include "value/value.h"

/* A unit of time, with what it may be called. */
typedef struct DateUnit
{
	const char *name;
	const char *short_name;
	const char *other_name;
	bool		clock;			/* shorter than a day */
	int			seconds;		/* of a clock unit */
} DateUnit;

static const DateUnit units[] = {
	{.name = "second", .short_name = "s", .other_name = "sec", .clock = true, .seconds = 1},
	{.name = "minute", .short_name = "mi", .other_name = "min", .clock = true, .seconds = 60},
	{.name = "hour", .short_name = "h", .other_name = "hr", .clock = true, .seconds = 3600},
	{.name = "day", .short_name = "d", .other_name = "dd"},
	{.name = "week", .short_name = "w", .other_name = "wk"},
	{.name = "month", .short_name = "m", .other_name = "mon"},
	{.name = "quarter", .short_name = "q", .other_name = "qtr"},
	{.name = "year", .short_name = "y", .other_name = "yr"},
};

/* The unit of a name, or null. */
static const DateUnit *
unit_of_name(const char *text)
{
	int			i;

	for (i = 0; i < lengthof(units); i++)
	{
		size_t		len = strlen(units[i].name);

		if (pg_strcasecmp(text, units[i].short_name) == 0 ||
			pg_strcasecmp(text, units[i].other_name) == 0 ||
			(pg_strncasecmp(text, units[i].name, len) == 0 &&
			 (text[len] == '\0' || pg_strcasecmp(text + len, "s") == 0)))
			return &units[i];
	}
	return NULL;
}

/* The unit that a written text names, or null. */
static const DateUnit *
unit_of(const PrismiqExpr *arg)
{
	if (arg->type != UNKNOWNOID || arg->literal->text == NULL)
		return NULL;
	return unit_of_name(arg->literal->text);
}

/* The same, or a fault. */
static const DateUnit *
require_unit(PrismiqLower *lower, const PrismiqExpr *arg)
{
	const DateUnit *unit = unit_of(arg);

	if (unit == NULL)
		(void) prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, arg->position,
								  "Use \"day\", \"week\", \"month\", \"quarter\", \"year\", "
								  "\"hour\", \"minute\" or \"second\".",
								  "expected a unit of time");
	return unit;
}

/* From a text of ours, which the input function cannot refuse. */
static PrismiqExpr *
interval_const(PrismiqLower *lower, int position, const char *text)
{
	Datum		value = DirectFunctionCall3(interval_in, CStringGetDatum(text),
											ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));

	return prismiq_expr_const(lower, position, prismiq_const_make(INTERVALOID, value));
}

/* A part of a time or interval by name: date_part() is double, extract() numeric. */
static PrismiqExpr *
part_of(PrismiqLower *lower, int position, const char *function, const char *part,
		PrismiqExpr *arg)
{
	return prismiq_expr_function(lower, position, function,
								 list_make2(prismiq_expr_text_const(lower, position, part), arg));
}

/*
 * A local step from a time and back: calendar units.  An instant that is not
 * moved stays what it is, for a local time may mean two of them; "moves" says
 * that the interval is known not to be zero.
 */
static PrismiqExpr *
step_local(PrismiqLower *lower, PrismiqExpr *time, const char *sign, PrismiqExpr *interval,
		   bool moves)
{
	PrismiqExpr *moved;
	PrismiqExpr *zero;

	if (time == NULL || interval == NULL)
		return NULL;
	moved = prismiq_expr_from_local(lower,
									prismiq_expr_operator(lower, time->position, sign,
														  prismiq_expr_local(lower, time),
														  interval), time->type);
	if (time->type != TIMESTAMPTZOID || moves)
		return moved;
	zero = interval_const(lower, time->position, "0");
	return prismiq_expr_make(lower, PRISMIQ_EXPR_CASE, time->position, time->type,
							 list_make3(prismiq_lower_equal(lower, time->position, interval, zero),
										time, moved));
}

/*
 * A time and an interval of a column.  Months and days of it are steps on the
 * calendar, the rest is time on the clock.  A date becomes a timestamp.
 */
PrismiqExpr *
prismiq_expr_add_interval(PrismiqLower *lower, PrismiqExpr *time, PrismiqExpr *interval,
						  bool subtract)
{
	const char *sign = subtract ? "-" : "+";
	PrismiqExpr *days;
	int			position;

	if (time == NULL || interval == NULL)
		return NULL;
	position = time->position;
	if (time->type != TIMESTAMPTZOID)
		return prismiq_expr_operator(lower, position, sign, prismiq_expr_local(lower, time),
									 interval);
	days = part_of(lower, position, "date_trunc", "day", interval);
	return prismiq_expr_operator(lower, position, sign, step_local(lower, time, sign, days, false),
								 prismiq_expr_operator(lower, position, "-", interval, days));
}

/* A time and a number of days; a date stays one. */
PrismiqExpr *
prismiq_expr_add_days(PrismiqLower *lower, PrismiqExpr *time, PrismiqExpr *days, bool subtract)
{
	const char *sign = subtract ? "-" : "+";
	bool		moves;

	if (time == NULL || days == NULL)
		return NULL;
	if (time->type == DATEOID)
		return prismiq_expr_operator(lower, time->position, sign, time,
									 prismiq_expr_to_integer(lower, days));
	moves = prismiq_expr_is_nonzero(days);
	days = prismiq_expr_cast(lower, prismiq_expr_to_number(lower, days), FLOAT8OID);
	return step_local(lower, time, sign,
					  prismiq_expr_operator(lower, time->position, "*",
											interval_const(lower, time->position, "1 day"), days),
					  moves);
}

/* date_add(time, number [, unit]) */
static PrismiqExpr *
lower_date_add(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *time = prismiq_expr_to_time(lower, (PrismiqExpr *) linitial(args));
	PrismiqExpr *number = prismiq_expr_to_number(lower, (PrismiqExpr *) lsecond(args));
	const DateUnit *unit = &units[3];
	PrismiqExpr *interval;

	if (list_length(args) > 2)
		unit = require_unit(lower, (PrismiqExpr *) lthird(args));
	if (time == NULL || number == NULL || unit == NULL)
		return NULL;
	interval = interval_const(lower, written->position,
							  strcmp(unit->name, "quarter") == 0 ? "3 months" :
							  psprintf("1 %s", unit->name));
	interval = prismiq_expr_operator(lower, written->position, "*", interval,
									 prismiq_expr_cast(lower, number, FLOAT8OID));
	if (!unit->clock)
		return step_local(lower, time, "+", interval, prismiq_expr_is_nonzero(number));
	if (time->type == DATEOID)
		time = prismiq_expr_local(lower, time);
	return prismiq_expr_operator(lower, written->position, "+", time, interval);
}

/* The local day of a time. */
static PrismiqExpr *
day_of(PrismiqLower *lower, PrismiqExpr *arg)
{
	return arg != NULL && arg->type == DATEOID ? arg :
		prismiq_expr_cast(lower, prismiq_expr_local(lower, arg), DATEOID);
}

/* Whole months between two days, divided into longer units. */
static PrismiqExpr *
months_between(PrismiqLower *lower, int position, PrismiqExpr *start, PrismiqExpr *end,
			   int months)
{
	PrismiqExpr *from = prismiq_expr_local(lower, day_of(lower, start));
	PrismiqExpr *to = prismiq_expr_local(lower, day_of(lower, end));
	PrismiqExpr *age = prismiq_expr_function(lower, position, "age", list_make2(to, from));
	PrismiqExpr *years = prismiq_expr_cast(lower, part_of(lower, position, "date_part", "year",
														  age), INT4OID);
	PrismiqExpr *rest = prismiq_expr_cast(lower, part_of(lower, position, "date_part", "month",
														 age), INT4OID);
	PrismiqExpr *total;

	if (months == 12)
		return years;
	total = prismiq_expr_operator(lower, position, "+",
								  prismiq_expr_operator(lower, position, "*", years,
														prismiq_expr_integer(lower, position, 12)),
								  rest);
	return months == 1 ? total :
		prismiq_expr_operator(lower, position, "/", total,
							  prismiq_expr_integer(lower, position, months));
}

/* Seconds between two times, divided into longer units; fractions are kept. */
static PrismiqExpr *
clock_between(PrismiqLower *lower, int position, PrismiqExpr *start, PrismiqExpr *end,
			  int seconds)
{
	bool		instants = start->type == TIMESTAMPTZOID || end->type == TIMESTAMPTZOID;
	Oid			type = instants ? TIMESTAMPTZOID : TIMESTAMPOID;
	PrismiqExpr *span = prismiq_expr_operator(lower, position, "-",
											  prismiq_expr_to(lower, end, type),
											  prismiq_expr_to(lower, start, type));
	PrismiqExpr *result = part_of(lower, position, "date_part", "epoch", span);

	if (seconds == 1)
		return result;
	return prismiq_expr_operator(lower, position, "/", result,
								 prismiq_expr_number(lower, position, seconds, FLOAT8OID));
}

/*
 * What comes between two times, null when one of them never is: PostgreSQL
 * cannot take an infinite time from another.
 */
PrismiqExpr *
prismiq_expr_when_finite(PrismiqLower *lower, PrismiqExpr *start, PrismiqExpr *end,
						 PrismiqExpr *between)
{
	List	   *both;
	PrismiqExpr *finite;

	if (start == NULL || end == NULL || between == NULL)
		return NULL;
	both = list_make2(prismiq_expr_function(lower, start->position, "isfinite",
											list_make1(start)),
					  prismiq_expr_function(lower, end->position, "isfinite", list_make1(end)));
	finite = prismiq_expr_make(lower, PRISMIQ_EXPR_AND, between->position, BOOLOID, both);
	return prismiq_expr_make(lower, PRISMIQ_EXPR_CASE, between->position, between->type,
							 list_make2(finite, between));
}

/*
 * datediff(start, end [, unit]) is end - start: days of the calendar, whole
 * weeks, months, quarters and years, hours and less with their fractions.
 */
static PrismiqExpr *
lower_datediff(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *start = prismiq_expr_to_time(lower, (PrismiqExpr *) linitial(args));
	PrismiqExpr *end = prismiq_expr_to_time(lower, (PrismiqExpr *) lsecond(args));
	const DateUnit *unit = &units[3];
	int			position = written->position;
	PrismiqExpr *result;

	if (list_length(args) > 2)
		unit = require_unit(lower, (PrismiqExpr *) lthird(args));
	if (start == NULL || end == NULL || unit == NULL)
		return NULL;
	if (unit->clock)
		result = clock_between(lower, position, start, end, unit->seconds);
	else if (strcmp(unit->name, "year") == 0)
		result = months_between(lower, position, start, end, 12);
	else if (strcmp(unit->name, "quarter") == 0)
		result = months_between(lower, position, start, end, 3);
	else if (strcmp(unit->name, "month") == 0)
		result = months_between(lower, position, start, end, 1);
	else
		result = prismiq_expr_operator(lower, position, "-", day_of(lower, end),
									   day_of(lower, start));
	if (strcmp(unit->name, "week") == 0)
		result = prismiq_expr_operator(lower, position, "/", result,
									   prismiq_expr_integer(lower, position, PRISMIQ_WEEK_DAYS));
	return prismiq_expr_when_finite(lower, start, end, result);
}

/* today() or now(): the transaction's, as a parameter. */
static PrismiqExpr *
lower_now(PrismiqLower *lower, PrismiqExpr *written, bool today)
{
	const PrismiqCalendar *calendar = &lower->check->calendar;
	PrismiqOperand operand = {DATEOID, -1, NULL};
	Timestamp	local;
	int64		day;

	if (!today)
	{
		TimestampTz now = prismiq_now_instant(calendar);

		return prismiq_expr_const(lower, written->position,
								  prismiq_const_make(TIMESTAMPTZOID, TimestampTzGetDatum(now)));
	}
	if (!prismiq_calendar_today(calendar, &local) ||
		!prismiq_local_to_operand(lower->check, &operand, local, &day))
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position, NULL,
								  "today is out of range");
	return prismiq_expr_const(lower, written->position, prismiq_operand_const(&operand, day));
}

/* date(time): its day.  date(y, m, d) a day, with h, mi, s a timestamp. */
static PrismiqExpr *
lower_date(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	int			count = list_length(args);
	List	   *numbers = NIL;
	ListCell   *lc;

	if (count == 1)
		return prismiq_expr_convert(lower, (PrismiqExpr *) linitial(args), PRISMIQ_FIELD_DATE);
	if (count != 3 && count != 6)
		return prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, written->position,
								  "Use date(year, month, day) or "
								  "date(year, month, day, hour, minute, second).",
								  "date() takes 1, 3 or 6 arguments, found %d,", count);
	foreach(lc, args)
	{
		PrismiqExpr *arg = (PrismiqExpr *) lfirst(lc);

		if (list_length(numbers) < 5)
			arg = prismiq_expr_to_integer(lower, arg);
		else
			arg = prismiq_expr_cast(lower, prismiq_expr_to_number(lower, arg), FLOAT8OID);
		numbers = lappend(numbers, arg);
	}
	return prismiq_expr_function(lower, written->position,
								 count == 3 ? "make_date" : "make_timestamp", numbers);
}

/*
 * year, quarter, month, week, day, weekday, iso_year, iso_week, hour, minute, second;
 * the last three of a time of day as well.  "week" is the one of ISO 8601, as is the
 * year that it belongs to: not the calendar's around New Year.
 */
static PrismiqExpr *
lower_part(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *arg = (PrismiqExpr *) linitial(args);
	const char *part = written->name;
	const DateUnit *unit = unit_of_name(part);

	if (unit == NULL || !unit->clock || (arg->type != TIMEOID && arg->type != TIMETZOID))
		arg = prismiq_expr_local(lower, prismiq_expr_to_time(lower, arg));
	if (strcmp(part, "weekday") == 0)
		part = "dow";
	else if (strncmp(part, "iso_", 4) == 0)
		part = strcmp(part, "iso_year") == 0 ? "isoyear" : "week";
	return part_of(lower, written->position,
				   strcmp(part, "second") == 0 ? "date_part" : "extract", part, arg);
}

/* total_seconds(interval) */
static PrismiqExpr *
lower_total_seconds(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	return part_of(lower, written->position, "extract", "epoch",
				   prismiq_expr_to(lower, (PrismiqExpr *) linitial(args), INTERVALOID));
}

/* date_trunc(unit, time), or the other way round: a time bucket like any other. */
static PrismiqExpr *
lower_date_trunc(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *first = (PrismiqExpr *) linitial(args);
	PrismiqExpr *second = (PrismiqExpr *) lsecond(args);
	bool		unit_first = unit_of(second) == NULL && first->type == UNKNOWNOID;
	const DateUnit *unit = require_unit(lower, unit_first ? first : second);
	PrismiqExpr *time;
	PrismiqColumn column;
	PrismiqExpr *expr;

	if (unit == NULL)
		return NULL;
	time = prismiq_expr_to_time(lower, unit_first ? second : first);
	if (time == NULL)
		return NULL;
	if (time->type == DATEOID && unit->clock)
		time = prismiq_expr_local(lower, time);
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_BUCKET, written->position, time->type,
							 list_make1(time));
	if (expr == NULL)
		return NULL;
	memset(&column, 0, sizeof(column));
	column.ref = palloc0(sizeof(PrismiqColumnRef));
	column.ref->name = column.ref->column = lower->field->name;
	column.ref->type = column.ref->basetype = time->type;
	column.ref->typmod = -1;
	column.ref->expr = time;
	column.date_trunc = unit->name;
	column.date_trunc_path = lower->field->expression_path;
	expr->ref = column.ref;
	expr->bucketing = prismiq_check_date_trunc(lower->check, &column);
	return expr->bucketing != NULL ? expr : NULL;
}

/* to_date(text [, format]); without a format "YYYY-MM-DD", or any date's day. */
static PrismiqExpr *
lower_to_date(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *arg = (PrismiqExpr *) linitial(args);
	PrismiqExpr *format;

	if (list_length(args) == 1 && (arg->type == UNKNOWNOID || prismiq_type_is_time(arg->type)))
		return prismiq_expr_convert(lower, arg, PRISMIQ_FIELD_DATE);
	if (arg->type != UNKNOWNOID && !prismiq_type_is_text(arg->type) && !type_is_enum(arg->type))
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, arg->position, NULL,
								  "expected a text or a date, found a value of type %s",
								  prismiq_type_name(arg->type));
	format = list_length(args) == 2 ? prismiq_expr_to_text(lower, lsecond(args)) :
		prismiq_expr_text_const(lower, written->position, "YYYY-MM-DD");
	return prismiq_expr_function(lower, written->position, "to_date",
								 list_make2(prismiq_expr_to_text(lower, arg), format));
}

/* A call of one of the functions of this file. */
PrismiqExpr *
prismiq_lower_date_call(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	const char *name = written->name;

	if (strcmp(name, "today") == 0 || strcmp(name, "now") == 0)
		return lower_now(lower, written, name[0] == 't');
	if (strcmp(name, "date") == 0)
		return lower_date(lower, written, args);
	if (strcmp(name, "date_trunc") == 0)
		return lower_date_trunc(lower, written, args);
	if (strcmp(name, "date_add") == 0)
		return lower_date_add(lower, written, args);
	if (strcmp(name, "datediff") == 0)
		return lower_datediff(lower, written, args);
	if (strcmp(name, "to_date") == 0)
		return lower_to_date(lower, written, args);
	if (strcmp(name, "total_seconds") == 0)
		return lower_total_seconds(lower, written, args);
	if (strcmp(name, "age_days") == 0)
		return lower_datediff(lower, written,
							  lappend(list_copy(args), lower_now(lower, written, true)));
	return lower_part(lower, written, args);
}
