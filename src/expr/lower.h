/*-------------------------------------------------------------------------
 *
 * lower.h
 *	  Lowering of expressions: from what was written to what may be printed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_LOWER_H
#define PRISMIQ_LOWER_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "access/context.h"
#include "base/fault.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/inside.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/table.h"
#include "model/words.h"

/* One lowering of one field's expression. */
typedef struct PrismiqLower
{
	PrismiqCheck *check;
	PrismiqField *field;
	const char *aggregate;		/* name of the one whose argument is being lowered, or null */
	PrismiqConst *zone;			/* the query's zone as text, once it was asked for */
} PrismiqLower;

/* constants.c: the value of an expression without columns; false where it has none. */
extern bool prismiq_expr_evaluate(const PrismiqExpr *expr, Datum *value);

/* expr_aggregates.c */
extern const char *const prismiq_expr_aggregates[];
extern bool prismiq_expr_is_aggregate(const char *name);
extern PrismiqExpr *prismiq_lower_aggregate(PrismiqLower *lower, PrismiqExpr *written);

/* expr_build.c */
extern PrismiqExpr *prismiq_expr_fault(PrismiqLower *lower, PrismiqCode code, int position,
									   const char *suggestion, const char *fmt,...)
			pg_attribute_printf(5, 6);
extern PrismiqExpr *prismiq_expr_make(PrismiqLower *lower, PrismiqExprKind kind, int position,
									  Oid type, List *args);
extern PrismiqExpr *prismiq_expr_const(PrismiqLower *lower, int position, PrismiqConst *value);
extern PrismiqExpr *prismiq_expr_integer(PrismiqLower *lower, int position, int32 value);
extern PrismiqExpr *prismiq_expr_number(PrismiqLower *lower, int position, int32 value,
										Oid type);
extern bool prismiq_expr_is_nonzero(const PrismiqExpr *expr);
extern PrismiqExpr *prismiq_expr_text_const(PrismiqLower *lower, int position,
											const char *text);
extern PrismiqExpr *prismiq_expr_zone(PrismiqLower *lower, int position);
extern PrismiqExpr *prismiq_expr_function(PrismiqLower *lower, int position, const char *name,
										  List *args);
extern PrismiqExpr *prismiq_expr_operator(PrismiqLower *lower, int position, const char *name,
										  PrismiqExpr *left, PrismiqExpr *right);
extern PrismiqExpr *prismiq_expr_nullif(PrismiqLower *lower, int position, Oid equal, Oid type,
										List *args);
extern PrismiqExpr *prismiq_expr_cast(PrismiqLower *lower, PrismiqExpr *arg, Oid type);
extern PrismiqExpr *prismiq_expr_column(PrismiqLower *lower, int position,
										PrismiqColumnRef *ref);
extern PrismiqExpr *prismiq_expr_local(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_from_local(PrismiqLower *lower, PrismiqExpr *arg, Oid type);

/* expr_compare.c */
extern PrismiqExpr *prismiq_expr_compare(PrismiqLower *lower, int position, PrismiqOperator op,
										 PrismiqExpr *left, PrismiqExpr *right);
extern PrismiqExpr *prismiq_lower_equal(PrismiqLower *lower, int position, PrismiqExpr *left,
										PrismiqExpr *right);

/* expr_dates.c */
extern PrismiqExpr *prismiq_expr_add_interval(PrismiqLower *lower, PrismiqExpr *time,
											  PrismiqExpr *interval, bool subtract);
extern PrismiqExpr *prismiq_expr_add_days(PrismiqLower *lower, PrismiqExpr *time,
										  PrismiqExpr *days, bool subtract);
extern PrismiqExpr *prismiq_expr_when_finite(PrismiqLower *lower, PrismiqExpr *start,
											 PrismiqExpr *end, PrismiqExpr *between);
extern PrismiqExpr *prismiq_lower_date_call(PrismiqLower *lower, PrismiqExpr *written,
											List *args);

/* expr_functions.c */
extern PrismiqExpr *prismiq_lower_call(PrismiqLower *lower, PrismiqExpr *written);

/* expr_inside.c */
extern PrismiqExpr *prismiq_lower_json(PrismiqLower *lower, PrismiqExpr *written, List *args);
extern PrismiqField *prismiq_inside_field(PrismiqCheck *check, PrismiqColumnRef *column,
										  const PrismiqInside *inside);

/* expr_operators.c: may a pattern that was written be so long? */
extern PrismiqExpr *prismiq_lower_modulo(PrismiqLower *lower, int position, PrismiqExpr *left,
										 PrismiqExpr *right);
extern bool prismiq_expr_pattern_fits(PrismiqLower *lower, const PrismiqExpr *pattern);
extern PrismiqExpr *prismiq_lower_operator(PrismiqLower *lower, PrismiqExpr *written);

/* expr_sizes.c */
extern void prismiq_expr_measure_const(PrismiqExpr *expr);
extern void prismiq_expr_measure(PrismiqExpr *expr);
extern void prismiq_expr_measure_operator(PrismiqExpr *expr, const char *name);
extern void prismiq_expr_measure_function(PrismiqExpr *expr, const char *name);
extern void prismiq_expr_measure_inside(PrismiqExpr *expr);
extern bool prismiq_expr_count_use(PrismiqCheck *check, const PrismiqExpr *expr,
								   const PrismiqPath *path);

/* expr_types.c */
extern PrismiqExpr *prismiq_expr_to(PrismiqLower *lower, PrismiqExpr *arg, Oid type);
extern PrismiqExpr *prismiq_expr_to_text(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_plain_text(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_to_number(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_to_exact(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_to_integer(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_to_time(PrismiqLower *lower, PrismiqExpr *arg);
extern PrismiqExpr *prismiq_expr_settle(PrismiqLower *lower, PrismiqExpr *arg);
extern Oid	prismiq_expr_common(PrismiqLower *lower, int position, const List *args);
extern List *prismiq_expr_all_to(PrismiqLower *lower, const List *args, Oid type);
extern PrismiqExpr *prismiq_expr_convert(PrismiqLower *lower, PrismiqExpr *arg,
										 PrismiqFieldType type);

/* fields.c: local times of a column, of which their zone is said, become instants */
extern bool prismiq_check_instants(PrismiqCheck *check, PrismiqColumnRef *ref);
extern PrismiqExpr *prismiq_lower_ref(PrismiqLower *lower, PrismiqExpr *written);
extern void prismiq_check_fields(PrismiqCheck *check);
extern void prismiq_lower_over(PrismiqCheck *check);
extern bool prismiq_check_measure_field(PrismiqCheck *check, PrismiqColumn *column);

/* lower.c */
extern PrismiqExpr *prismiq_lower_condition(PrismiqLower *lower, PrismiqExpr *written);
extern List *prismiq_lower_list(PrismiqLower *lower, const List *written);
extern PrismiqExpr *prismiq_lower_expr(PrismiqLower *lower, PrismiqExpr *written);

/* over_names.c */
struct PrismiqWindow;
extern bool prismiq_field_is_over(const PrismiqField *field, const struct PrismiqWindow *window);
extern void prismiq_find_over(PrismiqCheck *check);
extern PrismiqExpr *prismiq_lower_over_name(PrismiqLower *lower, const PrismiqExpr *written,
											PrismiqField **other);

/* resolve.c */
extern PrismiqField *prismiq_field_by_name(PrismiqCheck *check, const char *name);
extern struct PrismiqField *prismiq_field_find(PrismiqCheck *check, const PrismiqColumnRef *ref);
extern bool prismiq_check_field_ref(PrismiqCheck *check, PrismiqColumnRef *ref,
									struct PrismiqField *field);
extern bool prismiq_check_no_measure(PrismiqCheck *check, const PrismiqColumnRef *ref,
									 const char *suggestion);
extern bool prismiq_check_column_ref(PrismiqCheck *check, PrismiqColumnRef *ref, bool star_ok);

#endif							/* PRISMIQ_LOWER_H */
