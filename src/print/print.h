/*-------------------------------------------------------------------------
 *
 * print.h
 *	  Fragments of SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_PRINT_H
#define PRISMIQ_PRINT_H

#include "postgres.h"

#include "access/attnum.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "model/answer.h"
#include "model/condition.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "print/statement.h"

struct PrismiqSql;

/* Prints a query inside another, which is more than this room can do. */
typedef void (*PrismiqQueryPrinter) (struct PrismiqSql *sql, const PrismiqQuery *query);

/* A statement being written, with the parameters that it refers to so far. */
typedef struct PrismiqSql
{
	StringInfoData buf;
	List	   *params;			/* PrismiqConst */
	List	   *operators;		/* OIDs of what was printed: see PrismiqStatement */
	List	   *functions;
	List	   *sources;		/* PrismiqSource * */
	Oid			home;			/* the extension's schema */
	PrismiqQueryPrinter print_query;	/* for derived tables and lists that a query makes */
	bool		wrapped;		/* columns are those of the flagged rows (compile_rows.c) */
	bool		previous;		/* the rows of the period before (compile_compare.c) */
	bool		earlier;		/* the rows before the range of a series (compile_fill.c) */
	PrismiqConst *rest;			/* place of the groups that only they have */
	bool		ranking;		/* the groups are being given places (compile_top.c) */
	bool		dense;			/* a series is aggregated with all its buckets at once */
	int			level;			/* of totals, where each has a SELECT of its own */
	const char *condition;		/* printed: of all aggregates of an expression; or null */
	bool		periods;		/* rows of both periods, read once (compile_once.c), and */
	const char *period;			/* printed: the one that is aggregated; or null */
	bool		counted;		/* the answer's rows say how many they are */
} PrismiqSql;

/* bucket.c */
extern void prismiq_print_bucketing(PrismiqSql *sql, const PrismiqBucketing *bucketing);
extern void prismiq_print_time_of(PrismiqSql *sql, const PrismiqBucketing *bucketing,
								  const PrismiqColumnRef *ref);
extern void prismiq_print_bucket_of(PrismiqSql *sql, const PrismiqBucketing *bucketing,
									const PrismiqColumnRef *ref);

/* conditions.c */
typedef void (*PrismiqConditionPrinter) (PrismiqSql *sql, const PrismiqCondition *condition);
extern void prismiq_print_condition(PrismiqSql *sql, const PrismiqCondition *condition);
extern void prismiq_print_where(PrismiqSql *sql, const PrismiqQuery *query);

/* print_expr.c */
extern void prismiq_print_expr(PrismiqSql *sql, const struct PrismiqExpr *expr);
extern void prismiq_print_ref(PrismiqSql *sql, const PrismiqColumnRef *ref);

/* print_measures.c */
extern void prismiq_print_aggregate(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_argument(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_measured(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_column(PrismiqSql *sql, const PrismiqColumn *column);
extern void prismiq_print_time(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_bucket(PrismiqSql *sql, const PrismiqQuery *query);
extern void prismiq_print_dimension(PrismiqSql *sql, const PrismiqQuery *query,
									const PrismiqColumn *column);

/* print_same.c */

/* Prints one side of a comparison. */
typedef void (*PrismiqSidePrinter) (PrismiqSql *sql, bool right, const void *arg);
extern void prismiq_print_same(PrismiqSql *sql, const PrismiqSame *same,
							   PrismiqSidePrinter side, const void *arg);

/* refs.c */
extern const PrismiqColumnRef *prismiq_read_column(const PrismiqTable *table, AttrNumber attnum);
extern void prismiq_print_place(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
								const char *name);
extern void prismiq_print_marker(PrismiqSql *sql, const PrismiqTable *table);
extern void prismiq_print_real(PrismiqSql *sql, const List *tables);
extern void prismiq_print_row_once(PrismiqSql *sql, const PrismiqRowOnce *once);
extern void prismiq_print_place_of(PrismiqSql *sql);
extern void prismiq_print_row_count(PrismiqSql *sql);
extern void prismiq_print_direction(PrismiqSql *sql, bool descending, int nulls);
extern void prismiq_print_output_ref(PrismiqSql *sql, const char *prefix,
									 const PrismiqOutput *output);
extern void prismiq_print_output_name(PrismiqSql *sql, const PrismiqOutput *output,
									  bool staged);

/* source.c */
extern void prismiq_print_source(PrismiqSql *sql, const PrismiqTable *table);
extern void prismiq_print_join_keys(PrismiqSql *sql, const PrismiqJoin *join);
extern void prismiq_print_related(PrismiqSql *sql, const PrismiqCondition *condition);

/* sqltext.c */
extern PrismiqSql *prismiq_sql_begin(Oid home, PrismiqQueryPrinter print_query);
extern void prismiq_sql_text(PrismiqSql *sql, const char *fixed);
extern char *prismiq_sql_set_aside(PrismiqSql *sql, PrismiqConditionPrinter print,
								   const PrismiqCondition *condition);
extern void prismiq_sql_number(PrismiqSql *sql, const char *prefix, int number);
extern void prismiq_sql_name(PrismiqSql *sql, const char *name);
extern void prismiq_sql_column(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
							   const char *name);
extern const char *prismiq_sql_schema_name(Oid nspid);
extern void prismiq_sql_home(PrismiqSql *sql, const char *function);
extern char *prismiq_sql_type_name(Oid type);
extern void prismiq_sql_type(PrismiqSql *sql, Oid type);
extern void prismiq_sql_cast(PrismiqSql *sql, Oid type);
extern void prismiq_sql_null(PrismiqSql *sql, Oid type);
extern int	prismiq_sql_const(PrismiqSql *sql, PrismiqConst *value);
extern void prismiq_sql_operator(PrismiqSql *sql, Oid op);
extern void prismiq_sql_compare(PrismiqSql *sql, Oid type, PrismiqOperator op);
extern bool prismiq_sql_catalog_is_first(void);
extern void prismiq_sql_function(PrismiqSql *sql, Oid function);
extern char *prismiq_sql_table_name(const PrismiqTable *table);
extern void prismiq_sql_table(PrismiqSql *sql, const PrismiqTable *table);
extern PrismiqStatement *prismiq_sql_finish(PrismiqSql *sql);

#endif							/* PRISMIQ_PRINT_H */
