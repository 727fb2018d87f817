/*-------------------------------------------------------------------------
 *
 * spec_axis.h
 *	  The axes of pictures, and what stands along them beside the data.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SPEC_AXIS_H
#define PRISMIQ_SPEC_AXIS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "show/groups.h"
#include "show/show.h"
#include "show/spec.h"

/* How values stand along an axis. */
typedef enum PrismiqScale
{
	PRISMIQ_SCALE_BAND,			/* each for itself, in the order of the rows */
	PRISMIQ_SCALE_TIME_BAND,	/* each for itself, by time */
	PRISMIQ_SCALE_TIME,
	PRISMIQ_SCALE_NUMBER
} PrismiqScale;

/* How finely an axis of time is labelled. */
typedef enum PrismiqClockLevel
{
	PRISMIQ_CLOCK_YEAR,
	PRISMIQ_CLOCK_MONTH,
	PRISMIQ_CLOCK_WEEK,
	PRISMIQ_CLOCK_DAY,
	PRISMIQ_CLOCK_TIME
} PrismiqClockLevel;

/* The values of a column along an axis. */
typedef struct PrismiqSpecAxis
{
	const PrismiqShown *shown;
	int			column;			/* -1: there is none */
	PrismiqScale scale;
	PrismiqClockLevel level;
	PrismiqGroups groups;		/* different values; of these: */
	const char **keys;			/* where they stand; null: nowhere */
	const char **labels;		/* how people read them */
	Timestamp  *clocks;			/* of times: what the clock of the answer shows */
	bool		long_labels;
	double		greatest;		/* of numbers, without their signs */
	bool		graded;			/* numbers are read off: between round ends, by lines */
} PrismiqSpecAxis;

/* The two axes of a chart: places of a column, and a measure. */
typedef struct PrismiqSpecPlane
{
	const PrismiqSpecAxis *axis;
	bool		horizontal;		/* places are from top to bottom */
	const char *place;			/* the encoding of places, field "x", as JSON text */
	const char *measure;		/* that of a measure, field "y" */
} PrismiqSpecPlane;

/* spec_axis.c */
extern void prismiq_spec_axis(PrismiqSpecAxis *axis, const PrismiqShow *show,
							  const PrismiqShown *shown, int column, bool discrete);
extern void prismiq_spec_encode(StringInfo buf, const char *channel, const char *field,
								const PrismiqSpecAxis *axis);
extern void prismiq_spec_axis_field(StringInfo buf, const PrismiqSpecAxis *axis);
extern void prismiq_spec_key(StringInfo buf, const PrismiqSpecAxis *axis, int group);

/* spec_clock.c */
extern bool prismiq_clock_of(const PrismiqShown *shown, int64 row, int column, Timestamp *clock);
extern bool prismiq_clock_read(const char *text, Timestamp *clock);
extern char *prismiq_clock_text(Timestamp clock);
extern char *prismiq_clock_words(const PrismiqShown *shown, int64 row, int column,
								 Timestamp clock);
extern PrismiqClockLevel prismiq_clock_level(const PrismiqShown *shown, int column,
											 int64 seconds);

/* spec_graticule.c */
extern void prismiq_spec_graticule(PrismiqSpec *spec, const PrismiqSpecAxis *longitude,
								   const PrismiqSpecAxis *latitude);

/* spec_marks.c: rules and spans that the config puts on a chart */
extern void prismiq_spec_spans(PrismiqSpec *spec, const PrismiqSpecPlane *plane);
extern void prismiq_spec_rules(PrismiqSpec *spec, const PrismiqSpecPlane *plane);

#endif							/* PRISMIQ_SPEC_AXIS_H */
