/*-------------------------------------------------------------------------
 *
 * spec.h
 *	  Specifications of pictures, in the language of Vega-Lite.
 *
 * What a user wrote or a table holds is a value in a specification: among the
 * data, in a domain, in the title, the description or "usermeta".  It is never a
 * key, the name of a field, the title of a field or an axis (Vega-Lite pastes these
 * into expressions), or an expression.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SPEC_H
#define PRISMIQ_SPEC_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "show/chart.h"
#include "show/show.h"

/* Colors of a picture, and its font. */
#define PRISMIQ_SPEC_COLORS 8
#define PRISMIQ_SPEC_RAMP 5

typedef struct PrismiqSpecTheme
{
	const char *background;		/* null: what it stands on */
	const char *card;			/* what it stands on, for gaps */
	const char *text;
	const char *secondary;
	const char *grid;
	const char *axis;
	const char *rest;			/* of what is no series of its own */
	const char *font;
	int			ncolors;
	const char *colors[PRISMIQ_SPEC_COLORS];
	const char *ramp[PRISMIQ_SPEC_RAMP];
} PrismiqSpecTheme;

/* A specification on its way. */
typedef struct PrismiqSpec
{
	PrismiqShow *show;
	StringInfo	buf;
	int64		max_bytes;		/* of the answer; 0: no limit */
	PrismiqSpecTheme theme;
} PrismiqSpec;

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
} PrismiqSpecAxis;

/* The two axes of a chart: places of a column, and a measure. */
typedef struct PrismiqSpecPlane
{
	const PrismiqSpecAxis *axis;
	bool		horizontal;		/* places are from top to bottom */
	const char *place;			/* the encoding of places, field "x", as JSON text */
	const char *measure;		/* that of a measure, field "y" */
} PrismiqSpecPlane;

/* spec_write.c: a part that is all ours, ' standing for "; numbers */
extern void prismiq_spec_put(StringInfo buf, const char *text);
extern bool prismiq_spec_double(Numeric number, double *value);
extern void prismiq_spec_number(StringInfo buf, double value);
extern void prismiq_spec_check_size(const PrismiqSpec *spec);

/* spec_frame.c: the head, "usermeta" as far as its fields, the end of it and of all */
extern void prismiq_spec_begin(PrismiqSpec *spec, const char *description);
extern void prismiq_spec_fields(PrismiqSpec *spec);
extern void prismiq_spec_end(PrismiqSpec *spec);

/* spec_theme.c */
extern void prismiq_spec_theme(PrismiqSpec *spec);
extern void prismiq_spec_config(const PrismiqSpec *spec);

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
extern int64 prismiq_clock_milliseconds(Timestamp clock);

/* spec_measure.c: an axis of measures */
extern void prismiq_spec_measure_axis(StringInfo buf, const PrismiqShownColumn *column,
									  double greatest);
extern const char *prismiq_spec_unit(const PrismiqShown *shown, int column);
extern const char *prismiq_spec_text(const PrismiqShown *shown, int64 row, int column);
extern const char *prismiq_spec_number_text(const PrismiqShown *shown, int column,
											Numeric number);

/* spec_marks.c: rules and spans that the config puts on a chart */
extern void prismiq_spec_spans(PrismiqSpec *spec, const PrismiqSpecPlane *plane);
extern void prismiq_spec_rules(PrismiqSpec *spec, const PrismiqSpecPlane *plane);

/* the kinds of pictures; false: there is nothing to draw */
extern bool prismiq_spec_series(PrismiqSpec *spec);

#endif							/* PRISMIQ_SPEC_H */
