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
	const PrismiqShown *shown;	/* the answer that it is drawn from */
	int			x;				/* columns; -1: there is none */
	int			by;
	int			nmeasures;
	int		   *measures;
	PrismiqGroups groups;
	int			count;
	PrismiqChartSeries *series;
} PrismiqChart;

/* shape_series.c */
extern const PrismiqChart *prismiq_chart_find(PrismiqShow *show);

#endif							/* PRISMIQ_CHART_H */
