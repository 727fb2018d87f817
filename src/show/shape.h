/*-------------------------------------------------------------------------
 *
 * shape.h
 *	  The shapes of answers, and what they have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SHAPE_H
#define PRISMIQ_SHAPE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "show/show.h"

/* As many series as there are unless the config says otherwise, and at most. */
#define PRISMIQ_SERIES 12
#define PRISMIQ_MOST_SERIES 1000

extern void prismiq_shape_metric(PrismiqShow *show);
extern void prismiq_shape_status(PrismiqShow *show);
extern void prismiq_shape_series(PrismiqShow *show);
extern void prismiq_shape_pie(PrismiqShow *show);
extern void prismiq_shape_points(PrismiqShow *show);
extern void prismiq_shape_heatmap(PrismiqShow *show);
extern void prismiq_shape_table(PrismiqShow *show);
extern void prismiq_shape_custom(PrismiqShow *show);

/* shape_series.c */
extern void prismiq_write_axis(StringInfo buf, const PrismiqShown *shown, int column, bool open);
extern void prismiq_write_series(StringInfo buf, const char *name, const char *label,
								 const char *color);
extern void prismiq_write_annotations(PrismiqShow *show);

#endif							/* PRISMIQ_SHAPE_H */
