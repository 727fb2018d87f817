/*-------------------------------------------------------------------------
 *
 * compile.h
 *	  Statements out of fragments: from an annotated model to one SQL statement.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPILE_H
#define PRISMIQ_COMPILE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/table.h"
#include "print/print.h"
#include "print/statement.h"

/* What makes a group of "top", printed one by one. */
typedef void (*PrismiqGroupPrinter) (PrismiqSql *sql, const PrismiqQuery *query,
									 const PrismiqColumn *column,
									 const PrismiqColumnRef *ref, int number);

/* compile_ask.c */
extern PrismiqStatement *prismiq_compile_bounds(const PrismiqQuery *query, Oid home);
extern PrismiqStatement *prismiq_compile_pivot_values(const PrismiqQuery *query, Oid home);

/* compile_base.c */
extern void prismiq_print_base(PrismiqSql *sql, const PrismiqQuery *query, bool staged);

/* compile_compare.c */
extern void prismiq_print_base_earlier(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_periods(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_previous(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_compared(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);

/* compile_dashboard.c: of the schema "tables" */
typedef enum PrismiqWidgetColumn
{
	PRISMIQ_WIDGET_ID,
	PRISMIQ_WIDGET_TYPE,
	PRISMIQ_WIDGET_BASE_TYPE,	/* what it is an alias of, or itself */
	PRISMIQ_WIDGET_SHAPE,
	PRISMIQ_WIDGET_TITLE,
	PRISMIQ_WIDGET_QUERY,		/* its own or its saved query's */
	PRISMIQ_WIDGET_SAVED,		/* the id of its saved query */
	PRISMIQ_WIDGET_DEFAULT_QUERY,	/* of its type */
	PRISMIQ_WIDGET_BASE_CONFIG,
	PRISMIQ_WIDGET_DEFAULT_CONFIG,
	PRISMIQ_WIDGET_CONFIG,
	PRISMIQ_WIDGET_FILTERS,		/* of the dashboard */
	PRISMIQ_WIDGET_FILTER_TABLES,	/* on which they were when they were saved */
	PRISMIQ_WIDGET_TIMEZONE,
	PRISMIQ_WIDGET_DASHBOARD,	/* its id */
	PRISMIQ_WIDGET_COLUMNS		/* how many there are */
} PrismiqWidgetColumn;

extern PrismiqStatement *prismiq_compile_widgets(Oid tables, const char *tenant_id,
												 bool dashboard, Datum id);
extern PrismiqStatement *prismiq_compile_type(Oid tables, const char *type);
extern PrismiqStatement *prismiq_compile_saved(Oid tables, const char *tenant_id,
											  const char *id);

/* compile_dense.c */
extern void prismiq_print_dense(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_empty(PrismiqSql *sql, const PrismiqTimeSeries *series);
extern void prismiq_print_dense_from(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_fill.c */
extern void prismiq_print_fill_marks(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_windows(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_select(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_neighbours(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_carried(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_from.c */
extern void prismiq_each_group_column(PrismiqSql *sql, const PrismiqQuery *query,
									  PrismiqGroupPrinter printer);
extern void prismiq_print_group_column(PrismiqSql *sql, const PrismiqColumn *column,
									   const PrismiqColumnRef *ref);
extern void prismiq_print_best_join(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_from(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_levels.c */
extern bool prismiq_is_rolled(const PrismiqSql *sql, const PrismiqQuery *query,
							  const PrismiqColumn *column);
extern void prismiq_print_level(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_levels(PrismiqSql *sql, const PrismiqQuery *query,
								 const int *positions);
extern bool prismiq_print_level_guard(PrismiqSql *sql, const PrismiqQuery *query);
extern int	prismiq_level_selects(const PrismiqQuery *query);
extern void prismiq_print_is_detail(PrismiqSql *sql, const char *level);

/* compile_once.c */
extern void prismiq_period_begin(PrismiqSql *sql, const PrismiqCompare *compare, bool before);
extern void prismiq_period_end(PrismiqSql *sql);
extern void prismiq_print_earlier(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_has_rows(PrismiqSql *sql, const PrismiqQuery *query, bool before);

/* compile_over.c */
extern void prismiq_print_calculated(PrismiqSql *sql, const PrismiqQuery *query,
									 const char *stage);

/* compile_pivot.c */
extern void prismiq_print_pivot(PrismiqSql *sql, const PrismiqQuery *query, const char *stage);
extern void prismiq_print_pivot_values(PrismiqSql *sql, const PrismiqQuery *query,
									   const char *stage);

/* compile_rows.c */
extern bool prismiq_rows_begin(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_rows_end(PrismiqSql *sql, bool before);
extern void prismiq_print_rows(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_series.c */
extern void prismiq_print_extremes(PrismiqSql *sql, const PrismiqTimeSeries *series, bool low,
								   bool high);
extern void prismiq_print_combinations(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_filled(PrismiqSql *sql, const PrismiqQuery *query, bool staged);

/* compile_stages.c */
extern const char *prismiq_print_ctes(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_limited(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_paged(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_nested(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_statement.c */
extern List *prismiq_statement_tables(const PrismiqQuery *query);
extern PrismiqStatement *prismiq_compile_query(const PrismiqQuery *query, Oid home);
extern PrismiqStatement *prismiq_compile_counted(const PrismiqQuery *query, Oid home);
extern PrismiqStatement *prismiq_compile_total(const PrismiqQuery *query, Oid home, bool rows);

/* compile_top.c */
extern void prismiq_print_best(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_totals.c */
extern void prismiq_print_numbered(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);
extern void prismiq_print_totals_page(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_window.c */
extern void prismiq_print_windowed(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);

#endif							/* PRISMIQ_COMPILE_H */
