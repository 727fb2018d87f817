/*-------------------------------------------------------------------------
 *
 * spec_series.h
 *	  Pictures of lines, areas and bars.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SPEC_SERIES_H
#define PRISMIQ_SPEC_SERIES_H

#include "postgres.h"

#include "show/chart.h"
#include "show/spec.h"
#include "show/spec_axis.h"

/* What is drawn of lines, areas or bars, and what is known of it. */
typedef struct PrismiqSpecDrawing
{
	PrismiqSpec *spec;
	const PrismiqChart *chart;
	PrismiqSpecAxis axis;
	PrismiqSpecLegend legend;
	int			measure;		/* whose format and unit all measures have; -1: they differ */
	bool		bars;
	bool		areas;
	bool		stacked;
	bool		horizontal;
	double	  **values;			/* of each series: those of its points; NaN: none */
	int64		points;			/* that have a value */
	int64		alone;			/* that no line reaches */
	double		least;
	double		greatest;
} PrismiqSpecDrawing;

/* spec_series_data.c: how many points there are, and between which values; the data */
extern void prismiq_drawing_look(PrismiqSpecDrawing *drawing);
extern void prismiq_drawing_data(PrismiqSpecDrawing *drawing);

#endif							/* PRISMIQ_SPEC_SERIES_H */
