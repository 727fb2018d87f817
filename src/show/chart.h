/*-------------------------------------------------------------------------
 *
 * chart.h
 *	  What is drawn of an answer: found once, written as a shape and as a
 *	  specification of a picture.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CHART_H
#define PRISMIQ_CHART_H

#include "postgres.h"

#include "show/groups.h"
#include "show/show.h"

/* A point of a series. */
typedef struct PrismiqChartPoint
{
	int64		row;			/* that has its place, and its value unless that is */
	bool		made;			/* made of several rows: */
	Numeric		value;			/* null: none of them has a number */
} PrismiqChartPoint;

/* One line, or bars of one kind. */
typedef struct PrismiqChartSeries
{
	const char *name;			/* null: of rows without a value */
	const char *label;
	const char *color;			/* that the config gives it; or null */
	int			measure;		/* the column of its values */
	bool		rest;			/* of all groups for which there is no place */
	int64		count;
	PrismiqChartPoint *points;
} PrismiqChartSeries;

/* Lines, bars and areas. */
typedef struct PrismiqChart
{
	PrismiqShow *show;
	const PrismiqShown *shown;	/* the answer that it is drawn from: */
	bool		asked;			/* one of which the database made the rest */
	int			x;				/* columns; -1: there is none */
	int			by;
	int			nmeasures;
	int		   *measures;
	PrismiqGroups groups;
	int			count;
	PrismiqChartSeries *series;
} PrismiqChart;

/* A slice of a pie. */
typedef struct PrismiqSlice
{
	const char *name;
	const char *label;
	const char *color;			/* that the config gives it; or null */
	Numeric		value;			/* or null */
	int			column;			/* the measure that it is of */
	int64		row;			/* that has the value; or -1: it is made of several */
	int64		first;			/* row that it is of; -1: none of a group alone */
	bool		rest;
} PrismiqSlice;

typedef struct PrismiqPie
{
	PrismiqShow *show;
	const PrismiqShown *shown;
	bool		asked;			/* the database made the rest */
	int			by;				/* -1: each measure is a slice */
	int			count;
	PrismiqSlice *slices;
	Numeric		total;			/* null: there are no numbers */
} PrismiqPie;

/* Points of one kind: the rows of the groups from one to before another. */
typedef struct PrismiqPlaneSeries
{
	const char *name;
	const char *label;
	const char *color;			/* that the config gives it; or null */
	bool		rest;
	int			from;
	int			until;
} PrismiqPlaneSeries;

/* Points in a plane, or on a map; columns, -1: there is none. */
typedef struct PrismiqPlane
{
	PrismiqShow *show;
	int			x;
	int			y;
	int			label;
	int			size;
	int			by;				/* one series per value of it */
	PrismiqGroups groups;
	int			count;
	PrismiqPlaneSeries *series;
} PrismiqPlane;

/* A heat map. */
typedef struct PrismiqMatrix
{
	PrismiqShow *show;
	PrismiqGroups across;		/* values of the column of x */
	PrismiqGroups down;			/* of that of y */
	int			value;			/* column; -1: there is none */
} PrismiqMatrix;

/* shape_series.c, shape_pie.c, shape_points.c */
extern const PrismiqChart *prismiq_chart_find(PrismiqShow *show);
extern const PrismiqPie *prismiq_pie_find(PrismiqShow *show);
extern Numeric prismiq_pie_percent(const PrismiqPie *pie, const PrismiqSlice *slice);
extern const PrismiqPlane *prismiq_plane_find(PrismiqShow *show);
extern const PrismiqMatrix *prismiq_matrix_find(PrismiqShow *show);

#endif							/* PRISMIQ_CHART_H */
