/*-------------------------------------------------------------------------
 *
 * query.h
 *	  The model of a query definition.
 *
 * Nodes are made by read/, which fills in what the definition says, and
 * annotated by check/, which adds what the catalogs say (the fields under
 * "found").  compile/ prints them and decides nothing.  A node that read/
 * could not make whole has null where something is missing; check/ passes
 * over it, so that all faults are found in one go.
 *
 * Pure data: this header knows no catalog, no SPI and no JSON.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_QUERY_H
#define PRISMIQ_QUERY_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "base/fault.h"
#include "base/names.h"
#include "model/dates.h"

typedef enum PrismiqAggregation
{
	PRISMIQ_AGG_NONE,
	PRISMIQ_AGG_SUM,
	PRISMIQ_AGG_AVG,
	PRISMIQ_AGG_COUNT,
	PRISMIQ_AGG_COUNT_DISTINCT,
	PRISMIQ_AGG_MIN,
	PRISMIQ_AGG_MAX,
	PRISMIQ_AGG_MEDIAN,
	PRISMIQ_AGG_PERCENTILE,
	PRISMIQ_AGG_STDDEV,
	PRISMIQ_AGG_VARIANCE,
	PRISMIQ_AGG_MODE,
	PRISMIQ_AGG_FIRST,
	PRISMIQ_AGG_LAST,
	PRISMIQ_AGG_BOOL_AND,
	PRISMIQ_AGG_BOOL_OR,
	PRISMIQ_AGG_STRING_AGG,
	PRISMIQ_AGG_ARRAY_AGG,
	PRISMIQ_AGG_APPROX_COUNT_DISTINCT,

	/* never written: a calculated field that holds aggregates; has no name */
	PRISMIQ_AGG_EXPRESSION
} PrismiqAggregation;

typedef enum PrismiqJoinType
{
	PRISMIQ_JOIN_INNER,
	PRISMIQ_JOIN_LEFT,
	PRISMIQ_JOIN_RIGHT,
	PRISMIQ_JOIN_FULL
} PrismiqJoinType;

typedef enum PrismiqFanOut
{
	PRISMIQ_FAN_OUT_CORRECT,
	PRISMIQ_FAN_OUT_ERROR,
	PRISMIQ_FAN_OUT_ALLOW
} PrismiqFanOut;

/* Operators of conditions, in the order of query.md. */
typedef enum PrismiqOperator
{
	PRISMIQ_OP_EQ,
	PRISMIQ_OP_NEQ,
	PRISMIQ_OP_GT,
	PRISMIQ_OP_GTE,
	PRISMIQ_OP_LT,
	PRISMIQ_OP_LTE,
	PRISMIQ_OP_IN,
	PRISMIQ_OP_NOT_IN,
	PRISMIQ_OP_IN_OR_NULL,
	PRISMIQ_OP_BETWEEN,
	PRISMIQ_OP_NOT_BETWEEN,
	PRISMIQ_OP_LIKE,
	PRISMIQ_OP_ILIKE,
	PRISMIQ_OP_NOT_LIKE,
	PRISMIQ_OP_NOT_ILIKE,
	PRISMIQ_OP_CONTAINS,
	PRISMIQ_OP_STARTS_WITH,
	PRISMIQ_OP_ENDS_WITH,
	PRISMIQ_OP_IS_NULL,
	PRISMIQ_OP_IS_NOT_NULL,
	PRISMIQ_OP_DATE_RELATIVE,
	PRISMIQ_OP_NOT_DATE_RELATIVE,
	PRISMIQ_OP_DATE_WINDOW,
	PRISMIQ_OP_DATE_PRESET,
	PRISMIQ_OP_ARRAY_CONTAINS,
	PRISMIQ_OP_IN_QUERY,
	PRISMIQ_OP_NOT_IN_QUERY
} PrismiqOperator;

/* A JSON scalar as it was written: the text of a string, digits of a number. */
typedef enum PrismiqLiteralKind
{
	PRISMIQ_LITERAL_NULL,
	PRISMIQ_LITERAL_BOOLEAN,
	PRISMIQ_LITERAL_NUMBER,
	PRISMIQ_LITERAL_STRING
} PrismiqLiteralKind;

typedef struct PrismiqLiteral
{
	PrismiqLiteralKind kind;
	const char *text;			/* "true"/"false" for a boolean; null for null */
	const PrismiqPath *path;
} PrismiqLiteral;

/* A value that became a Datum; printed as $n::type. */
typedef struct PrismiqConst
{
	Oid			type;
	Datum		value;
	bool		isnull;
	int			number;			/* of the parameter that it was printed as last, or 0 */
} PrismiqConst;

/*
 * How a column falls into buckets: the grid for our own arithmetic, and the
 * arguments of prismiq_time_bucket() that say the same in the statement.
 */
typedef struct PrismiqBucketing
{
	PrismiqGrid *grid;
	PrismiqConst *width;		/* interval */
	PrismiqConst *source_zone;	/* text: timestamps are read in this zone; or null */
	PrismiqConst *zone;			/* text; null: values as they stand */
	PrismiqConst *origin;		/* null: the default */
} PrismiqBucketing;

/* A column as the definition names it. */
typedef struct PrismiqColumnRef
{
	const PrismiqPath *path;	/* of the object that names it */
	const PrismiqPath *table_path;
	const PrismiqPath *column_path;
	const char *table_id;		/* null: not given (a calculated field needs none) */
	const char *column;			/* "*" is only for count */
	bool		plain;			/* means a table's column, never a calculated field */
	bool		without_table;	/* "table_id" was left out */

	/* found */
	struct PrismiqTable *table;
	bool		star;
	AttrNumber	attnum;
	const char *name;			/* the catalog's own spelling */
	const char *quoted;			/* the same as SQL writes it, once it has been written */
	Oid			type;			/* as declared; a domain stays one */
	Oid			basetype;
	int32		typmod;
	Oid			collation;
	bool		notnull;		/* by constraint; an outer join may still null it */
	bool		large;			/* of a definition inside: see PrismiqOutput */
	bool		ranked;			/* no column, but the place of the row's group in "top" */

	/*
	 * A calculated field: what is printed instead of a column.  "table" is then
	 * the first table that it refers to, "attnum" a number that is the field's.
	 */
	struct PrismiqExpr *expr;
} PrismiqColumnRef;

/* Columns that make the rows of a table unique. */
typedef struct PrismiqUniqueKey
{
	Bitmapset  *attnums;
	bool		primary;
} PrismiqUniqueKey;

/* Do we know what the table's columns are? */
#define PrismiqTableIsKnown(table) (OidIsValid((table)->relid) || (table)->derived)

typedef struct PrismiqTable
{
	const PrismiqPath *path;
	const char *id;
	const char *name;
	const char *schema;			/* null: look for it */
	const char *alias;			/* a label only */
	struct PrismiqQuery *query; /* a nested definition instead of a name */
	const char *saved_query;	/* or a uuid of a saved one; check/ has it loaded */

	/* found */
	int			index;			/* place in the query's list; its SQL alias is made from it */
	bool		listed;			/* false: reached on the way of an automatic join */
	bool		joined;
	bool		aside;			/* only conditions of scope any and none need it */
	bool		derived;		/* "query" was checked, and "found" has its columns */
	Oid			relid;
	const char *nspname;
	const char *relname;
	char	   *quoted;			/* both as SQL writes them, once they have been written */
	char		relkind;
	bool		read_all;		/* the role may read every column */
	AttrNumber	tenant_attnum;	/* 0: shared, or the whole relation is the tenant's */
	const char *tenant_column;
	Oid			tenant_type;
	Oid			tenant_eq;		/* the operator tenant_column = $n */
	PrismiqConst *tenant_value;
	const struct PrismiqTableConfig *config;	/* the tenant's display settings, or null */
	List	   *found;			/* PrismiqColumnRef: its columns that were looked up */
	PrismiqNames *found_names;	/* their names; like the list shared with what is a copy */
	PrismiqNames column_names;	/* of all its columns, by number; filled when it is asked */
	bool		unique_known;	/* the next is filled */
	List	   *unique;			/* PrismiqUniqueKey */
	bool		multiplied_known;	/* the next is looked for */
	struct PrismiqJoin *multiplied_by;	/* the join that repeats its rows, or null */
	Bitmapset  *used;			/* attnums that the statement refers to */
	bool		nullable;		/* may be null-extended by an outer join */
	bool		marker;			/* needs a column that tells a real row */
	bool		key_known;		/* what tells its rows apart has been looked for: */
	Bitmapset  *key;			/* attnums (none: it has one row), or */
	bool		row_place;		/* where they are stored, or */
	bool		row_counted;	/* (with row_place) their number as they come */
} PrismiqTable;

/* One pair of columns of a join. */
typedef struct PrismiqJoinKey
{
	const PrismiqPath *path;
	PrismiqColumnRef *from;
	PrismiqColumnRef *to;
	PrismiqOperator op;			/* one that compares two values */

	/* found */
	Oid			operator;		/* from op to */
	Oid			cast_type;		/* both sides are cast to it, or invalid */
	bool		collate;		/* different collations: compare bytes */
} PrismiqJoinKey;

typedef struct PrismiqJoin
{
	const PrismiqPath *path;
	const char *from_table_id;
	const char *to_table_id;
	const PrismiqPath *from_path;
	const PrismiqPath *to_path;
	List	   *keys;			/* PrismiqJoinKey */
	PrismiqJoinType type;

	/* found */
	bool		automatic;		/* along a foreign key */
	PrismiqTable *from;			/* already joined when this one is printed */
	PrismiqTable *to;			/* joined by this one */
	PrismiqJoinType printed_type;	/* type, flipped when the sides were */
	List	   *conditions;		/* PrismiqCondition of scope "join" */
} PrismiqJoin;

/* Foreign keys lead from one listed table to another, which no join does. */
typedef struct PrismiqLink
{
	PrismiqTable *near;
	PrismiqTable *far;
} PrismiqLink;

typedef enum PrismiqConditionKind
{
	PRISMIQ_CONDITION_TEST,
	PRISMIQ_CONDITION_AND,
	PRISMIQ_CONDITION_OR,
	PRISMIQ_CONDITION_NOT,
	PRISMIQ_CONDITION_RELATED	/* made by check/: of a related row, ANDed */
} PrismiqConditionKind;

/* Of what a condition speaks. */
typedef enum PrismiqScope
{
	PRISMIQ_SCOPE_ROWS,			/* of the rows of the answer */
	PRISMIQ_SCOPE_JOIN,			/* of what is joined, in the ON clause */
	PRISMIQ_SCOPE_ANY,			/* of at least one related row */
	PRISMIQ_SCOPE_NONE			/* of no related row */
} PrismiqScope;

/* A related row: there is one, or none, for a row of the query's tables. */
typedef struct PrismiqRelated
{
	bool		none;
	PrismiqTable *table;		/* which the conditions are on */
	List	   *steps;			/* PrismiqJoin, from a joined table to this one */
} PrismiqRelated;

/* What an aggregation is told besides its column. */
typedef struct PrismiqAggregateArgs
{
	const PrismiqPath *path;
	const PrismiqPath *order_path;
	PrismiqLiteral *fraction;	/* percentile; or null */
	PrismiqLiteral *separator;	/* string_agg; or null */
	const char *order_by;		/* a column of the measure's table; or null */
} PrismiqAggregateArgs;

/* What a test came to; the printer knows one form for each. */
typedef enum PrismiqTestKind
{
	PRISMIQ_TEST_FALSE,
	PRISMIQ_TEST_TRUE,
	PRISMIQ_TEST_NULL,
	PRISMIQ_TEST_NOT_NULL,
	PRISMIQ_TEST_COMPARE,		/* subject op value */
	PRISMIQ_TEST_ANY,			/* subject = any (value) */
	PRISMIQ_TEST_RANGE,			/* subject >= low and subject < high, or one of them */
	PRISMIQ_TEST_QUERY			/* subject = one of a nested query's values */
} PrismiqTestKind;

typedef struct PrismiqTest
{
	PrismiqTestKind kind;
	Oid			cast_type;		/* subject is cast to it, or invalid */
	Oid			op;
	PrismiqConst *value;
	Oid			low_op;
	PrismiqConst *low;
	Oid			high_op;
	PrismiqConst *high;
	bool		negated;		/* NOT (...) around the test */
	bool		or_null;		/* lets a null subject through */
	bool		and_not_null;	/* a null in a not_in list */
	bool		collate;		/* different collations: compare bytes */
	Oid			query_type;		/* of the nested query's values, before the cast */

	/* What it says of a date or time: bounds of the rows it lets through. */
	bool		bounds_low;
	bool		bounds_high;
	int64		low_value;		/* included */
	int64		high_value;		/* excluded */
} PrismiqTest;

typedef struct PrismiqCondition
{
	PrismiqConditionKind kind;
	const PrismiqPath *path;
	List	   *members;		/* of a group */

	/* a test */
	PrismiqColumnRef *ref;
	const char *alias;			/* having: the output column instead of ref */
	bool		has_aggregation;
	PrismiqAggregation aggregation;
	PrismiqAggregateArgs *args; /* of the aggregation, or null */
	PrismiqScope scope;
	const PrismiqPath *scope_path;
	PrismiqOperator op;
	const PrismiqPath *op_path;
	const PrismiqPath *value_path;
	List	   *values;			/* PrismiqLiteral; empty for is_null and the like */
	int64		days;			/* date_relative, and the offset of date_window */
	PrismiqPeriod period;		/* date_window */
	struct PrismiqQuery *query; /* in_query, not_in_query */
	bool		nulls_exclude;
	bool		merged;			/* a dashboard's filter, not of the definition */

	/* found */
	PrismiqRelated *related;	/* of the kind of that name */
	struct PrismiqColumn *measure;	/* having: what is tested */
	struct PrismiqAnswer *answer;	/* qualify: what is tested */
	PrismiqTest *test;
	PrismiqTest *previous;		/* of the period compared with, where it differs */
} PrismiqCondition;

/*
 * Rows that a join repeats, each to be counted once in its group: the rows of
 * one table, or the combinations of rows of several that one expression uses.
 * The joined rows carry a flag, true for one of each row's repetitions.
 */
typedef struct PrismiqOnce
{
	int			number;			/* of the flag, from 1 */
	Bitmapset  *grain;			/* indexes of the tables */
	Bitmapset  *keyed;			/* those of them whose keys tell the rows apart */
	Bitmapset  *fixed;			/* tables of which a row of the grain has one row */
	PrismiqCondition *filter;	/* only rows that pass it are looked at; or null */
} PrismiqOnce;

/* The functions of the hll extension that estimate a number of different values. */
typedef struct PrismiqSketch
{
	Oid			hash;			/* (value, integer) */
	Oid			add;			/* the aggregate over hashes */
	Oid			hash_type;
	Oid			cardinality;	/* of what that makes */
	Oid			sketch_type;
} PrismiqSketch;

/* How a column of the answer is to be shown; each may be null. */
typedef struct PrismiqHints
{
	const char *display_name;
	const char *description;
	const char *format;
	const char *date_format;
} PrismiqHints;

/* A column of the answer. */
typedef struct PrismiqColumn
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;
	PrismiqAggregation aggregation;
	const PrismiqPath *aggregation_path;
	const char *alias;
	const char *date_trunc;
	const PrismiqPath *date_trunc_path;
	bool		distinct;
	const PrismiqPath *distinct_path;
	PrismiqCondition *filters;	/* FILTER (WHERE ...) of an aggregate */
	PrismiqAggregateArgs *args; /* of the aggregation, or null */
	PrismiqHints hints;

	/* found */
	int			place;			/* in the query's columns, from 1; 0: not among them */
	const char *name;			/* of the output column */
	Oid			type;
	int32		typmod;
	Oid			collation;
	Oid			aggfn;			/* the aggregate function; invalid for count(*) */
	PrismiqConst *aggfn_arg;	/* fraction or separator; or null */
	PrismiqColumnRef *aggfn_order;	/* what its values are ordered by first; or null */
	bool		aggfn_sorted;	/* its values are ordered by themselves (too) */
	PrismiqSketch *sketch;		/* how it is estimated; null: exact */
	struct PrismiqBucketing *bucketing; /* of date_trunc */
	PrismiqConst *fill_value;	/* of a measure in an empty bucket; null: null */
	struct PrismiqArithmetic *fill_line;	/* how to interpolate it, when filled so */
	PrismiqOnce *once;			/* of a measure whose rows a join repeats; or null */
	List	   *real;			/* PrismiqTable: one of them has a row; empty: no matter */
	PrismiqConst *kept;			/* array of the values that stay, others are null; or null */
} PrismiqColumn;

/* Do we know what the column is?  Of one that was not found nothing is said. */
#define PrismiqColumnIsKnown(column) \
	((column)->aggregation != PRISMIQ_AGG_NONE || (column)->ref->table != NULL)

typedef struct PrismiqOrder
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;		/* or */
	const char *alias;
	const PrismiqPath *alias_path;
	bool		descending;
	int			nulls;			/* -1 first, 1 last, 0 as PostgreSQL does */

	/*
	 * found: an output column by its number from 1, or one of group_extra by its
	 * number from 1, or (both 0) the raw column in ref
	 */
	int			output;
	int			extra;
} PrismiqOrder;

typedef enum PrismiqFill
{
	PRISMIQ_FILL_VALUE,
	PRISMIQ_FILL_NULL,
	PRISMIQ_FILL_PREVIOUS,		/* the last value that is not null, carried forward */
	PRISMIQ_FILL_LINEAR			/* on the line between the neighbours in time */
} PrismiqFill;

typedef struct PrismiqTimeSeries
{
	const PrismiqPath *path;
	PrismiqColumnRef *ref;
	const char *interval;
	const PrismiqPath *interval_path;
	const char *alias;
	bool		fill_missing;
	PrismiqFill fill;
	const PrismiqPath *fill_path;
	PrismiqLiteral *fill_value; /* null: 0 where the measure's type has one */
	const char *timezone;
	const PrismiqPath *timezone_path;
	const char *source_timezone;
	const PrismiqPath *source_timezone_path;
	int			week_start;		/* 0 to 6; -1: the tenant's */
	bool		fiscal;
	PrismiqLiteral *origin;
	PrismiqLiteral *range_start;
	PrismiqLiteral *range_end;
	int			max_points;
	bool		complete_only;

	/* found */
	const char *name;			/* of the bucket's output column */
	bool		left_out;		/* of a pivot's rows: only the range is of use */
	bool		every_point;	/* auto chose no bucket */
	const char *bucket_text;	/* width, for the answer; null for every point */
	struct PrismiqBucketing *bucketing; /* null for every point */
	Oid			type;			/* of the bucket */
	bool		has_start;		/* bounds of the rows, in the column's own terms */
	bool		has_end;
	int64		start;			/* included */
	int64		end;			/* excluded */
	PrismiqTest *range;			/* what "range" adds to the rows' conditions, or null */
	PrismiqConst *low;			/* known start of the range (included), or null */
	PrismiqConst *high;			/* known end of the range (excluded), or null */
	bool		auto_pending;	/* auto needs the column's own bounds first */
	bool		filled;			/* empty buckets are made */
	Oid			time_minus;		/* the operator between two buckets, for linear */
} PrismiqTimeSeries;

/* Are the rows grouped by the buckets of a series? */
#define PrismiqHasBuckets(query) \
	((query)->time_series != NULL && !(query)->time_series->left_out)

/* What a column of the answer is. */
typedef enum PrismiqAnswerKind
{
	PRISMIQ_ANSWER_BUCKET,
	PRISMIQ_ANSWER_COLUMN,
	PRISMIQ_ANSWER_EXTRA,		/* grouped by, but not in the answer */
	PRISMIQ_ANSWER_WINDOW,
	PRISMIQ_ANSWER_COMPARISON,
	PRISMIQ_ANSWER_LEVEL,
	PRISMIQ_ANSWER_PIVOT
} PrismiqAnswerKind;

/*
 * A column of the answer, in order; made by check/.  The stages of a statement
 * call it by prefix and number (b, d1, m2).
 */
typedef struct PrismiqAnswer
{
	PrismiqAnswerKind kind;
	const char *name;			/* null: it could not be read */
	int			place;			/* in the answer, from 1 */
	const char *prefix;
	int			number;			/* 0: the prefix alone */
	PrismiqColumn *column;		/* of kind column */
	struct PrismiqPivotCell *cell;	/* of kind pivot */
	Oid			type;			/* of a bucket only the series knows it */
	int32		typmod;
	Oid			collation;
	PrismiqHints hints;
} PrismiqAnswer;

typedef struct PrismiqQuery
{
	List	   *tables;			/* PrismiqTable */
	List	   *joins;			/* PrismiqJoin */
	List	   *columns;		/* PrismiqColumn */
	PrismiqCondition *filters;	/* an AND group, or null */
	PrismiqCondition *having;
	bool		has_group_by;
	List	   *group_by;		/* PrismiqColumnRef */
	List	   *order_by;		/* PrismiqOrder */
	int64		limit;			/* -1: none */
	int64		offset;
	PrismiqTimeSeries *time_series;
	List	   *windows;		/* PrismiqWindow of stages.h */
	PrismiqCondition *qualify;
	struct PrismiqTop *top;
	struct PrismiqPivot *pivot;
	struct PrismiqCompare *compare;
	struct PrismiqTotals *totals;
	List	   *fields;			/* PrismiqField: calculated fields, see expr.h */
	PrismiqNames field_names;	/* their names */
	PrismiqFanOut fan_out;

	/* found */
	PrismiqTable *first;		/* the table that the others are joined to */
	List	   *join_order;		/* PrismiqJoin, each joining one more table */
	bool		grouped;		/* there is an aggregate */
	List	   *group_extra;	/* PrismiqColumnRef: grouped by, but not in the answer */
	List	   *having_measures;	/* PrismiqColumn of having that are not in the answer */

	/* what the caller wants of the answer */
	List	   *sort;			/* PrismiqOrder, each by an output column */
	List	   *ties;			/* PrismiqOrder: where rows are equal in all other orders */
	int64		page_limit;		/* -1: none */
	int64		page_offset;
	bool		unordered;		/* the rows are only counted */
	List	   *answer;			/* PrismiqAnswer */
	PrismiqNames answer_names;	/* their names: PrismiqAnswer, and the last suffix tried */
	List	   *keys;			/* PrismiqAnswer: what is grouped by, extras too */
	bool		staged;			/* something is computed over the grouped rows */
	List	   *once;			/* PrismiqOnce; any: the joined rows are flagged */
} PrismiqQuery;

/* A value given for a parameter; its type is the definition's business. */
typedef struct PrismiqGivenParam
{
	const char *name;
	bool		is_list;
	bool		is_object;		/* neither a scalar nor a list of them */
	List	   *values;			/* PrismiqLiteral; of a scalar: one */
} PrismiqGivenParam;

/* How total_count is found. */
typedef enum PrismiqTotal
{
	PRISMIQ_TOTAL_NONE,
	PRISMIQ_TOTAL_EXACT,
	PRISMIQ_TOTAL_ESTIMATED
} PrismiqTotal;

/* What comes beside a definition. */
typedef struct PrismiqQueryOptions
{
	const char *timezone;		/* options.timezone */
	const PrismiqPath *timezone_path;
	const char *dashboard_timezone;
	List	   *params;			/* PrismiqGivenParam */
	PrismiqNames param_names;	/* their names */
	bool		params_are_shared;	/* among definitions that do not all declare them */
	bool		only_looked_at; /* nothing is compiled to be run: values may be missing */
	bool		disable_aggregation;
	int64		max_rows;		/* -1: as the settings say */
	int64		timeout_ms;		/* -1: as the settings say */
	int			format;			/* 0 arrays, 1 objects, 2 columnar */
	bool		csv_raw;
	bool		bigint_as_string;
	List	   *sort;			/* PrismiqOrder, each by an alias */
	int64		limit;			/* of the definition's answer; -1: none */
	int64		offset;
	PrismiqTotal total;			/* is total_count asked for? */
	bool		metadata;
} PrismiqQueryOptions;

/* query.c */
extern const char *const prismiq_aggregation_names[];
extern const char *const prismiq_operator_names[];
extern const char *const prismiq_join_type_names[];
extern bool prismiq_operator_is_negation(PrismiqOperator op);
extern bool prismiq_aggregation_ignores_duplicates(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_is_ordered_set(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_is_of_place(PrismiqAggregation aggregation);
extern bool prismiq_aggregation_takes_distinct(PrismiqAggregation aggregation);
extern bool prismiq_fill_has_neighbours(const PrismiqTimeSeries *series);

/* Walk the tests of a condition; stops when the callback returns true. */
typedef bool (*PrismiqConditionWalker) (PrismiqCondition *test, void *arg);
extern bool prismiq_condition_walk(PrismiqCondition *condition,
								   PrismiqConditionWalker walker, void *arg);

#endif							/* PRISMIQ_QUERY_H */
