/*-------------------------------------------------------------------------
 *
 * value.h
 *	  Literals as typed constants, and tests against them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_VALUE_H
#define PRISMIQ_VALUE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/condition.h"
#include "model/dates.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/table.h"

/* The bounds that conditions put on a column, in the column's own terms. */
typedef struct PrismiqBounds
{
	bool		has_low;
	bool		has_high;
	int64		low;
	int64		high;
} PrismiqBounds;

/* Limits on what is compiled or compared at every row */
#define PRISMIQ_MAX_PATTERN 1000	/* characters */
#define PRISMIQ_MAX_DIGITS 1000		/* of a number that is written */
#define PRISMIQ_NUMERIC_DIGITS 147455	/* of any numeric: before and after the point */

typedef struct PrismiqOperand
{
	Oid			type;			/* base type */
	int32		typmod;
	pg_tz	   *source_zone;	/* a timestamp that is read in this zone; or null */
} PrismiqOperand;

/* bounds.c */
extern void prismiq_bounds_narrow(PrismiqBounds *bounds, const PrismiqBounds *other);
extern PrismiqBounds prismiq_bounds_of(const PrismiqColumnRef *ref,
									   const PrismiqCondition *condition, bool negated);
extern bool prismiq_condition_bounds(const PrismiqCondition *condition,
									 const PrismiqColumnRef *ref, int64 *start, int64 *end);

/* bucketing.c */
extern PrismiqBucketing *prismiq_bucketing_make(PrismiqCheck *check, const char *interval,
												const PrismiqPath *path, Oid type,
												pg_tz *source_zone, const Timestamp *origin,
												bool fiscal);
extern PrismiqBucketing *prismiq_check_date_trunc(PrismiqCheck *check, PrismiqColumn *column);

/* calendar.c: and the zones in which columns of local times are read */
extern void prismiq_check_source_zone(PrismiqCheck *check, PrismiqColumnRef *ref);
extern bool prismiq_check_local_times(PrismiqCheck *check, const PrismiqColumnRef *ref);
extern void prismiq_take_source_zone(const PrismiqCheck *check, PrismiqColumnRef *ref);
extern void prismiq_check_calendar(PrismiqCheck *check);

/* date_tests.c */
extern void prismiq_range_form(PrismiqCheck *check, PrismiqForm *form,
							   const PrismiqOperand *operand, bool has_low, int64 low,
							   bool has_high, int64 high);
extern void prismiq_range_finite(PrismiqForm *form, const PrismiqOperand *operand, bool low);
extern void prismiq_list_bounds(PrismiqForm *form, Oid type);
extern void prismiq_check_date_test(PrismiqCheck *check, PrismiqTest *test,
									const PrismiqOperand *operand);

/* effort.c */
extern bool prismiq_effort_refuse(PrismiqCheck *check, const PrismiqPath *path, const char *what);
extern bool prismiq_effort_nodes(PrismiqCheck *check, double nodes, const PrismiqPath *path);

/* patterns.c */
extern bool prismiq_pattern_fits(const char *pattern);
extern bool prismiq_regex_is_small(const char *pattern);

/* tests.c */
extern void prismiq_check_operand(PrismiqCheck *check, PrismiqCondition *condition, Oid type,
								  Oid collation);

/* values.c */
extern double prismiq_count_digits(const char *text);
extern PrismiqConst *prismiq_value_read(PrismiqCheck *check, const PrismiqLiteral *literal,
										Oid type, Oid *cast_type);
extern bool prismiq_value_time(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type,
								 PrismiqParsedTime *parsed);
extern bool prismiq_local_to_operand(PrismiqCheck *check, const PrismiqOperand *operand,
									 Timestamp local, int64 *value);
extern bool prismiq_time_to_operand(PrismiqCheck *check, const PrismiqOperand *operand,
									  const PrismiqParsedTime *parsed, bool next_day, int64 *value);
extern PrismiqConst *prismiq_operand_const(const PrismiqOperand *operand, int64 value);

#endif							/* PRISMIQ_VALUE_H */
