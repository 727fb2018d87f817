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

#include "show/chart.h"
#include "show/show.h"

/* Colors of a picture, and its font: so many of series, and as many again that are lighter. */
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
	const char *colors[2 * PRISMIQ_SPEC_COLORS];
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

/* What tells the marks of a picture apart, in order. */
typedef struct PrismiqSpecEntry
{
	const char *label;
	const char *color;			/* of its own, that the config gives it; or null */
	bool		rest;
	bool		left_out;		/* there is no mark of it */
	const char *dash;			/* as JSON text; null: none */
} PrismiqSpecEntry;

typedef struct PrismiqSpecLegend
{
	int			count;
	PrismiqSpecEntry *entries;
} PrismiqSpecLegend;

/* spec_write.c: a part that is all ours, ' standing for "; numbers; texts */
extern void prismiq_spec_put(StringInfo buf, const char *text);
extern bool prismiq_spec_double(Numeric number, double *value);
extern void prismiq_spec_number(StringInfo buf, double value);
extern bool prismiq_spec_is_reserved(const char *text);
extern const char *prismiq_spec_value(const char *text);
extern void prismiq_spec_check_size(const PrismiqSpec *spec);

/* spec_frame.c: the head, "usermeta" as far as its fields, the end of it and of all */
extern void prismiq_spec_begin(PrismiqSpec *spec, const char *description);
extern void prismiq_spec_fields(PrismiqSpec *spec);
extern void prismiq_spec_end(PrismiqSpec *spec);

/* spec_theme.c */
extern void prismiq_spec_theme(PrismiqSpec *spec);
extern void prismiq_spec_config(const PrismiqSpec *spec);

/* spec_legend.c: keys of series, which stand for them in the data, and what they look like */
extern void prismiq_spec_series_key(StringInfo buf, int n);
extern void prismiq_spec_color_scale(PrismiqSpec *spec, const PrismiqSpecLegend *legend);
extern void prismiq_spec_names(PrismiqSpec *spec, const PrismiqSpecLegend *legend);
extern void prismiq_spec_legend(PrismiqSpec *spec, const char *label,
								const PrismiqSpecLegend *legend);

/* spec_measure.c: an axis of measures */
extern void prismiq_spec_measure_axis(StringInfo buf, const PrismiqShownColumn *column,
									  double greatest);
extern void prismiq_spec_measure_field(StringInfo buf, const PrismiqShown *shown, int column);
extern const char *prismiq_spec_unit(const PrismiqShown *shown, int column);
extern const char *prismiq_spec_text(const PrismiqShown *shown, int64 row, int column);
extern const char *prismiq_spec_number_text(const PrismiqShown *shown, int column,
											Numeric number);

/* the kinds of pictures; false: there is nothing to draw */
extern bool prismiq_spec_series(PrismiqSpec *spec);
extern bool prismiq_spec_pie(PrismiqSpec *spec);
extern bool prismiq_spec_scatter(PrismiqSpec *spec);
extern bool prismiq_spec_map(PrismiqSpec *spec);
extern bool prismiq_spec_heatmap(PrismiqSpec *spec);

#endif							/* PRISMIQ_SPEC_H */
