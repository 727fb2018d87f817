/*-------------------------------------------------------------------------
 *
 * compile.h
 *	  The printers: from an annotated model to one SQL statement.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COMPILE_H
#define PRISMIQ_COMPILE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "compile/statement.h"
#include "model/query.h"

/* A statement being written, with the parameters that it refers to so far. */
typedef struct PrismiqSql
{
	StringInfoData buf;
	List	   *params;			/* PrismiqConst */
	List	   *operators;		/* OIDs of what was printed: see PrismiqStatement */
	List	   *functions;
	List	   *sources;		/* PrismiqSource * */
	Oid			home;			/* the extension's schema */
	bool		wrapped;		/* columns are those of the flagged rows (compile_rows.c) */
	bool		previous;		/* the rows of the period before (compile_compare.c) */
	PrismiqConst *rest;			/* place of the groups that only they have */
	bool		ranking;		/* the groups are being given places (compile_top.c) */
	int			level;			/* of totals, where each has a SELECT of its own */
} PrismiqSql;

/* sqltext.c */
extern PrismiqSql *prismiq_sql_begin(Oid home);
extern void prismiq_sql_text(PrismiqSql *sql, const char *fixed);
extern void prismiq_sql_number(PrismiqSql *sql, const char *prefix, int number);
extern void prismiq_sql_name(PrismiqSql *sql, const char *name);
extern void prismiq_sql_column(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
							   const char *name);
extern void prismiq_sql_table(PrismiqSql *sql, const PrismiqTable *table);
extern void prismiq_sql_home(PrismiqSql *sql, const char *function);
extern void prismiq_sql_cast(PrismiqSql *sql, Oid type);
extern void prismiq_sql_null(PrismiqSql *sql, Oid type);
extern char *prismiq_sql_type_name(Oid type);
extern int	prismiq_sql_const(PrismiqSql *sql, PrismiqConst *value);
extern void prismiq_sql_operator(PrismiqSql *sql, Oid op);
extern bool prismiq_sql_catalog_is_first(void);
extern void prismiq_sql_function(PrismiqSql *sql, Oid function);
extern PrismiqStatement *prismiq_sql_finish(PrismiqSql *sql);
extern char *prismiq_sql_table_name(const PrismiqTable *table);

/* compile_from.c */
extern const char *prismiq_column_name(const PrismiqTable *table, AttrNumber attnum);
extern const char *prismiq_own_name(const PrismiqTable *table, const char *wanted);
extern void prismiq_print_source(PrismiqSql *sql, const PrismiqTable *table);
extern void prismiq_print_from(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_related(PrismiqSql *sql, const PrismiqCondition *condition);
extern void prismiq_print_ref(PrismiqSql *sql, const PrismiqColumnRef *ref);

/* compile_rows.c */
extern void prismiq_print_place(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
								const char *name);
extern void prismiq_print_real(PrismiqSql *sql, const List *tables);
extern bool prismiq_rows_begin(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_rows_end(PrismiqSql *sql, bool before);
extern void prismiq_print_rows(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_once(PrismiqSql *sql, const PrismiqOnce *once);

/* compile_conditions.c */
extern void prismiq_print_bare_subject(PrismiqSql *sql, const PrismiqCondition *condition);
extern Oid	prismiq_subject_type(const PrismiqCondition *condition);
extern void prismiq_print_condition(PrismiqSql *sql, const PrismiqCondition *condition);
extern void prismiq_print_where(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_stages.c */
extern PrismiqStatement *prismiq_compile_query(const PrismiqQuery *query, Oid home);
extern void prismiq_print_nested(PrismiqSql *sql, const PrismiqQuery *query);
extern PrismiqStatement *prismiq_compile_total(const PrismiqQuery *query, Oid home, bool rows);
extern PrismiqStatement *prismiq_compile_pivot_values(const PrismiqQuery *query, Oid home);
extern bool prismiq_having_is_kept(const PrismiqQuery *query);
extern void prismiq_print_answer_ref(PrismiqSql *sql, const char *prefix,
									 const PrismiqAnswer *answer);
extern void prismiq_print_direction(PrismiqSql *sql, bool descending, int nulls);

/* compile_pivot.c */
extern void prismiq_print_pivot(PrismiqSql *sql, const PrismiqQuery *query, const char *stage);
extern void prismiq_print_pivot_values(PrismiqSql *sql, const PrismiqQuery *query,
									   const char *stage);

/* compile_compare.c */
extern void prismiq_print_previous(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_compared(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);

/* compile_top.c */
extern void prismiq_print_best(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_best_join(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_place_of(PrismiqSql *sql);
extern void prismiq_print_dimension(PrismiqSql *sql, const PrismiqQuery *query,
									const PrismiqColumn *column);

/* compile_totals.c */
extern bool prismiq_is_rolled(const PrismiqSql *sql, const PrismiqQuery *query,
							  const PrismiqColumn *column);
extern void prismiq_print_level(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_levels(PrismiqSql *sql, const PrismiqQuery *query,
								 const int *positions);
extern bool prismiq_print_level_guard(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_is_detail(PrismiqSql *sql, const char *level);
extern int	prismiq_level_selects(const PrismiqQuery *query);
extern void prismiq_print_numbered(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);
extern void prismiq_print_totals_page(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_window.c */
extern void prismiq_print_windowed(PrismiqSql *sql, const PrismiqQuery *query,
								   const char *stage);

/* compile_query.c */
extern void prismiq_print_argument(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_column(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_bucket(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_base(PrismiqSql *sql, const PrismiqQuery *query, bool staged);

/* compile_expr.c */
extern void prismiq_print_expr(PrismiqSql *sql, const struct PrismiqExpr *expr);

/* compile_aggregate.c */
extern void prismiq_print_aggregate(PrismiqSql *sql, const PrismiqColumn *column);

/* compile_series.c */
extern void prismiq_print_bucket_of(PrismiqSql *sql, const PrismiqBucketing *bucketing,
									const PrismiqColumnRef *ref);
extern void prismiq_print_combinations(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_bucketing(PrismiqSql *sql, const PrismiqBucketing *bucketing);
extern void prismiq_print_filled(PrismiqSql *sql, const PrismiqQuery *query, bool staged);
extern PrismiqStatement *prismiq_compile_bounds(const PrismiqQuery *query, Oid home);

/* compile_fill.c */
extern void prismiq_print_fill_marks(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_windows(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_select(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_fill_neighbours(PrismiqSql *sql, const PrismiqQuery *query);

/* compile_nested.c */
extern void prismiq_print_in_query(PrismiqSql *sql, const PrismiqCondition *condition);
extern List *prismiq_statement_tables(const PrismiqQuery *query);

/* compile_dashboard.c */
extern PrismiqStatement *prismiq_compile_widget(Oid home, const char *tenant_id,
												Datum widget_id);
extern PrismiqStatement *prismiq_compile_saved(Oid home, const char *tenant_id,
											  const char *id);
extern PrismiqStatement *prismiq_compile_dashboard(Oid home, const char *tenant_id,
												   Datum dashboard_id);

#endif							/* PRISMIQ_COMPILE_H */
