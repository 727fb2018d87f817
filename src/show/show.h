/*-------------------------------------------------------------------------
 *
 * show.h
 *	  Answers that a front end can draw: the columns of an answer with their
 *	  labels, roles and formats, and its rows in the shape of a widget.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_SHOW_H
#define PRISMIQ_SHOW_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "pgtime.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "base/fault.h"
#include "base/json.h"
#include "model/options.h"
#include "model/query.h"
#include "print/statement.h"
#include "run/encode.h"
#include "run/sinks.h"
#include "show/format.h"

/* What a widget is, as the registry of types has it. */
typedef struct PrismiqWidget
{
	const char *id;				/* null: it is not saved */
	const char *type;			/* its own, or that which its own is an alias of */
	const char *own_type;
	const char *shape;
	const char *title;			/* or null */
	Jsonb	   *query;			/* its own or its saved query's; null: it has none */
	const char *saved;			/* id of its saved query (may be hidden from the caller); or null */
	Jsonb	   *default_query;	/* of its type; or null */
	const json_t *config;		/* its own over its type's */
} PrismiqWidget;

/* A column of an answer. */
typedef struct PrismiqShownColumn
{
	const PrismiqOutput *output;
	const char *label;
	const char *role;
	bool		is_number;
	bool		is_time;
	const char *unit;			/* or null */
	const json_t *format;		/* as the widget's config has it; or */
	const char *format_name;	/* as a name; or both null */
	PrismiqFormatSpec spec;		/* how it is read */
	PrismiqEncoder encoder;
} PrismiqShownColumn;

/* An answer: what was asked, and all of its rows. */
typedef struct PrismiqShown
{
	const PrismiqQuery *query;
	const PrismiqStatement *statement;
	const PrismiqKeptRows *rows;
	int			ncolumns;
	PrismiqShownColumn *columns;
	int			level;			/* the column of levels of totals; or -1 */
	PrismiqFormatLocale locale;
} PrismiqShown;

/* One widget's answer on its way. */
typedef struct PrismiqShow
{
	const PrismiqWidget *widget;
	const PrismiqShown *shown;	/* null: the widget asks nothing */
	const char *zone_name;		/* in which instants are written; null: the session's */
	StringInfo	buf;
	PrismiqFaults *faults;		/* for warnings */

	/* of a table */
	int64		total_count;
	int64		page_size;		/* 0: there are no pages */
	int64		page;

	const struct PrismiqCustomData *custom; /* what the widget's endpoint returned; or null */
	const PrismiqShown *sparkline;	/* of a metric: the query over time; or null */

	/*
	 * The answer of the widget's query with members put in the place of its own, or
	 * null where that is no definition.
	 */
	const PrismiqShown *(*ask) (void *arg, Jsonb *members);
	void	   *arg;

	PrismiqPicture picture;		/* the specification that goes with the answer */
	const List *theme;			/* PrismiqThemeConfig: the tenant's */
	const void *found;			/* what is drawn, of the shape's own kind, once found */
} PrismiqShow;

/* show_columns.c, show_labels.c */
extern PrismiqShown *prismiq_show_columns(const PrismiqQuery *query,
										  const PrismiqStatement *statement,
										  const PrismiqKeptRows *rows, const json_t *config,
										  bool bigint_as_string,
										  const PrismiqFormatLocale *locale);
extern char **prismiq_show_labels(const PrismiqQuery *query, const PrismiqStatement *statement,
								  const json_t *config);
extern int	prismiq_show_find(const PrismiqShown *shown, const char *name);
extern int	prismiq_show_named(const PrismiqShow *show, const char *key);
extern void prismiq_show_need(const PrismiqShow *show, bool there, const char *what);
extern int	prismiq_show_nth(const PrismiqShown *shown, const char *role, int n);
extern bool prismiq_show_is_detail(const PrismiqShown *shown, int64 row);
extern bool prismiq_show_number(const PrismiqShown *shown, int64 row, int column,
								Numeric *number);
extern char *prismiq_show_plain(const PrismiqShown *shown, int64 row, int column);
extern char *prismiq_show_formatted(const PrismiqShown *shown, int64 row, int column);
extern const char *prismiq_show_named_value(const PrismiqShown *shown, int64 row, int column);
extern char *prismiq_show_number_formatted(const PrismiqShown *shown, int column,
										   Numeric number);
extern void prismiq_show_column(StringInfo buf, const PrismiqShown *shown, int i);
extern const char *prismiq_show_type(const PrismiqShown *shown, int column);

/* widget.c: what a widget's config says */
extern bool prismiq_widget_flag(const json_t *config, const char *key, bool fallback);
extern int64 prismiq_widget_integer(const json_t *config, const char *key, int64 min, int64 max,
									int64 fallback);
extern bool prismiq_widget_number(const json_t *node, Numeric *number);
extern bool prismiq_widget_names(const json_t *node, const char *name);
extern const char *prismiq_widget_color(const json_t *config, int n, const char *name,
										const char *label);

/* show_write.c */
extern void prismiq_write_open(StringInfo buf, char bracket);
extern void prismiq_write_close(StringInfo buf, char bracket);
extern void prismiq_write_key(StringInfo buf, const char *key);
extern void prismiq_write_text(StringInfo buf, const char *text);
extern void prismiq_write_literal(StringInfo buf, const char *text);
extern void prismiq_write_integer(StringInfo buf, int64 number);
extern void prismiq_write_json(StringInfo buf, const json_t *node);
extern void prismiq_write_cell(StringInfo buf, const PrismiqShown *shown, int64 row,
							   int column);
extern void prismiq_write_number(StringInfo buf, const PrismiqShown *shown, int column,
								 Numeric number);

/* shape.c: the answer, but for what its caller adds */
extern void prismiq_show_write(PrismiqShow *show, bool formatted, bool config);
extern bool prismiq_show_sortable(const json_t *config, const char *name);

/* spec.c: the specification of a picture, or null; "buf" is where the answer is written */
extern void prismiq_spec_write(PrismiqShow *show);

#endif							/* PRISMIQ_SHOW_H */
