/*-------------------------------------------------------------------------
 *
 * check.h
 *	  What the catalogs say to a definition: names, types, operators,
 *	  privileges, tenants, joins.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CHECK_H
#define PRISMIQ_CHECK_H

#include "postgres.h"

#include "access/htup.h"
#include "utils/relcache.h"

#include "base/fault.h"
#include "model/dates.h"
#include "model/query.h"
#include "who/who.h"

/* store.c: one exposed relation; texts are null where there is none. */
typedef struct PrismiqExposure
{
	Oid			relid;
	const char *schema_name;	/* what it has to be called */
	const char *relation_name;
	bool		shared;
	const char *tenant_column;
	const char *time_column;
	const char *tenant;			/* the whole relation is this tenant's */
} PrismiqExposure;

/* config.c: what a tenant says of its tables. */
typedef struct PrismiqColumnConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	const char *format;
	const char *date_format;
	bool		hidden;
} PrismiqColumnConfig;

typedef struct PrismiqTableConfig
{
	const char *name;
	const char *display_name;
	const char *description;
	bool		hidden;
	List	   *columns;		/* PrismiqColumnConfig */
} PrismiqTableConfig;

typedef struct PrismiqTenantConfig
{
	const char *timezone;		/* null: the session's */
	int			week_start;		/* 0 to 6; -1: not said */
	int			fiscal_year_start_month;	/* 1 to 12; 0: not said */
	List	   *tables;			/* PrismiqTableConfig */
} PrismiqTenantConfig;

/*
 * What the expressions of a definition, and of those inside it, take together:
 * nodes, which are all parsed and planned before anything can be interrupted,
 * and for a row of the answer work and memory as expr_sizes.c reckons them.
 */
#define PRISMIQ_MAX_EFFORT_NODES 100000
#define PRISMIQ_MAX_EFFORT_WORK 4e9
#define PRISMIQ_MAX_EFFORT_MEMORY (64.0 * 1024 * 1024)

typedef struct PrismiqEffort
{
	double		nodes;
	double		work;
	double		memory;
	bool		refused;		/* a fault says so */
} PrismiqEffort;

/* One check of one definition. */
typedef struct PrismiqCheck
{
	PrismiqQuery *query;
	PrismiqFaults *faults;
	const PrismiqQueryOptions *options;
	const PrismiqContext *who;
	const PrismiqTenantConfig *config;
	PrismiqCalendar calendar;
	const char *zone_name;
	pg_tz	   *source_zone;	/* time_series.source_timezone, or null */

	/* nested definitions */
	int			depth;			/* 0 for the outermost one */
	int		   *tables;			/* how many all of them have */
	List	   *enums;			/* labels of the types met so far, see enums.c */
	PrismiqEffort *effort;		/* what the expressions of all of them take */
	List	   *saved;			/* uuids (char *) of the saved ones around this one */
	PrismiqQuery *(*load_saved) (struct PrismiqCheck *check, const char *id,
								 const PrismiqPath *path);	/* null: not found */

	/*
	 * Called when the tables of a definition are known, those of derived tables
	 * before what is around them; may add to the query.  May be null.
	 */
	void		(*merge) (struct PrismiqCheck *check, void *arg);
	void	   *merge_arg;
} PrismiqCheck;

/* catalog.c */
extern Oid	prismiq_extension_namespace(const char *name);
extern Oid	prismiq_home_namespace(void);
extern Oid	prismiq_home_relation(const char *name);
extern Oid	prismiq_schema_by_name(const char *name);
extern Oid	prismiq_relation_by_name(const char *name, Oid nspid);
extern bool prismiq_relation_readable(Oid relid, const char *tenant_column, bool *read_all);
extern bool prismiq_relation_is_filled(Oid relid);
extern bool prismiq_column_find(PrismiqTable *table, const char *name, PrismiqColumnRef *ref);
extern bool prismiq_column_allowed(const PrismiqTable *table, AttrNumber attnum,
								   const char *name);
extern void prismiq_column_keep(PrismiqTable *table, PrismiqColumnRef *ref);
extern AttrNumber prismiq_column_number(PrismiqTable *table, const char *name);
extern PrismiqColumnRef *prismiq_column_numbered(PrismiqTable *table, AttrNumber attnum);
extern char *prismiq_column_nearest(const PrismiqTable *table, PrismiqFaults *faults,
									const char *name);
extern bool prismiq_table_is_unique(PrismiqTable *table, const Bitmapset *attnums);
extern bool prismiq_table_find_key(PrismiqTable *table, bool seen, Bitmapset **key);
extern void prismiq_table_key(PrismiqTable *table);

/* plain.c */
extern bool prismiq_relation_is_plain(Oid relid);

/* types.c: what a type is, whoever asks; of one that was not found nothing is said */
extern Oid	prismiq_base_type(Oid type);
extern bool prismiq_type_is_groupable(Oid type);
extern char prismiq_type_category(Oid type);
extern char *prismiq_type_name(Oid type);
extern Oid	prismiq_type_namespace(Oid type);
extern bool prismiq_type_is_nameable(Oid type);
extern bool prismiq_type_input_asks_catalogs(Oid type);

/* enums.c */
extern bool prismiq_enum_find(PrismiqCheck *check, Oid type, const char *label, Datum *value);
extern bool prismiq_enum_array_find(PrismiqCheck *check, Oid type, const char *text,
									Datum *value);

/* operators.c */
extern Oid	prismiq_comparison_operator(Oid type, PrismiqOperator op);
extern Oid	prismiq_family_operator(Oid left, Oid right, PrismiqOperator op);
extern Oid	prismiq_own_operator(Oid type, const char *name);

/* aggregates.c */
extern Oid	prismiq_aggregate_find(PrismiqAggregation aggregation, Oid type, Oid *result_type);
extern bool prismiq_check_aggregate(PrismiqCheck *check, PrismiqColumn *column);

/* store.c */
extern bool prismiq_exposure_find(Oid relid, PrismiqExposure *exposure);
extern Oid	prismiq_exposure_named(const char *schema_name, const char *relation_name);
extern List *prismiq_exposure_namesakes(const char *relation_name);
extern List *prismiq_exposure_all(void);

/* follow.c */
extern void prismiq_exposure_written(Relation exposures, HeapTuple old, HeapTuple new);
extern void prismiq_exposures_rewritten(void);
extern void prismiq_exposures_created(const List *relids);
extern void prismiq_exposures_renamed(const List *relids);
extern void prismiq_exposures_moved(void);
extern void prismiq_exposures_dropped(const List *relids);

/* tenants.c */
extern Oid	prismiq_tenant_type(Oid type, Oid collation);
extern bool prismiq_tenant_value(Oid type, const char *tenant_id, Datum *value);

/* keys.c: one foreign key */
typedef struct PrismiqForeignKey
{
	Oid			from;			/* relations */
	Oid			to;
	bool		period;			/* its last columns are periods, which need not be equal */
	int			nkeys;
	AttrNumber	from_attnums[INDEX_MAX_KEYS];
	AttrNumber	to_attnums[INDEX_MAX_KEYS];
} PrismiqForeignKey;

extern List *prismiq_foreign_keys_from(Oid relid);
extern List *prismiq_foreign_keys_to(Oid relid);

/* exposure.c */
extern bool prismiq_relkind_is_queryable(char relkind);
extern bool prismiq_table_see(PrismiqTable *table, Oid relid, const PrismiqContext *who,
							  const PrismiqTenantConfig *config);
extern bool prismiq_table_open(PrismiqTable *table, Oid relid, const PrismiqContext *who,
							   const PrismiqTenantConfig *config);
extern const char *prismiq_exposure_obstacle(const char *schema_name, const char *relation_name);
extern void prismiq_tables_find(PrismiqCheck *check);
extern PrismiqTable *prismiq_table_resolve(const char *name, const PrismiqContext *who,
										   const PrismiqTenantConfig *config);
extern char *prismiq_table_nearest(const char *name, const PrismiqContext *who,
								   const PrismiqTenantConfig *config);
extern PrismiqTable *prismiq_table_by_id(PrismiqCheck *check, const char *id,
										 const PrismiqPath *path);

/* config.c */
extern const PrismiqTenantConfig *prismiq_config_get(const char *tenant_id);
extern const PrismiqTableConfig *prismiq_config_table(const PrismiqTenantConfig *config,
													  const char *schema, const char *name);
extern const PrismiqColumnConfig *prismiq_config_column(const PrismiqTableConfig *table,
														const char *name);

/* check_query.c */
extern void prismiq_check_tables(PrismiqCheck *check);
extern void prismiq_check_query(PrismiqCheck *check);
extern bool prismiq_check_column_ref(PrismiqCheck *check, PrismiqColumnRef *ref, bool star_ok);
extern bool prismiq_check_column(PrismiqCheck *check, PrismiqColumn *column);
extern bool prismiq_columns_are_known(const PrismiqQuery *query);

/* check_answer.c */
extern void prismiq_answer_restart(PrismiqQuery *query, const List *kept);
extern PrismiqAnswer *prismiq_answer_add(PrismiqQuery *query, PrismiqAnswerKind kind,
										 const char *wanted, const char *prefix, int number);
extern PrismiqAnswer *prismiq_answer_find(PrismiqCheck *check, const char *name,
										  const PrismiqPath *path);
extern void prismiq_check_answer(PrismiqQuery *query);
extern void prismiq_check_keys(PrismiqQuery *query);
extern void prismiq_check_order_by(PrismiqCheck *check);
extern void prismiq_check_order_types(PrismiqCheck *check);
extern bool prismiq_same_column(const PrismiqColumnRef *a, const PrismiqColumnRef *b);

/* whole.c */
extern bool prismiq_answer_is_large(const PrismiqQuery *query, const PrismiqAnswer *answer);

/* check_window.c */
struct PrismiqArithmetic;
extern struct PrismiqArithmetic *prismiq_arithmetic_find(Oid type);
extern struct PrismiqArithmetic *prismiq_difference_find(Oid type);
extern void prismiq_check_windows_begin(PrismiqQuery *query);
extern void prismiq_check_windows(PrismiqCheck *check);

/* check_pivot.c */
extern void prismiq_check_pivot_begin(PrismiqQuery *query);
extern void prismiq_check_pivot(PrismiqCheck *check);
extern void prismiq_check_pivot_values(PrismiqCheck *check, bool found, Datum values);

/* check_compare.c */
extern void prismiq_check_compare_begin(PrismiqQuery *query);
extern void prismiq_check_compare(PrismiqCheck *check);

/* check_top.c */
extern void prismiq_check_top(PrismiqCheck *check);

/* check_totals.c */
extern void prismiq_check_totals_begin(PrismiqQuery *query);
extern void prismiq_check_totals(PrismiqCheck *check);

/* check_ties.c */
extern void prismiq_check_ties(PrismiqCheck *check);
extern bool prismiq_shown_key(PrismiqQuery *query, Bitmapset **places);

/* check_stages.c */
extern void prismiq_check_stages(PrismiqCheck *check);

/* check_fill.c */
extern void prismiq_check_fill(PrismiqCheck *check);
extern void prismiq_check_fill_undo(PrismiqQuery *query);

/* check_page.c */
extern void prismiq_check_page(PrismiqCheck *check);
extern void prismiq_check_hints(PrismiqCheck *check);

/* check_labels.c */
extern void prismiq_check_labels(PrismiqQuery *query);

/* nested.c */
extern bool prismiq_check_nested(PrismiqCheck *outer, PrismiqQuery *query,
								 const PrismiqPath *path);
extern void prismiq_check_derived(PrismiqCheck *check);
extern void prismiq_check_in_query(PrismiqCheck *check, PrismiqCondition *condition, Oid type,
								   Oid collation);

/* check_fields.c */
struct PrismiqField;
extern void prismiq_check_fields(PrismiqCheck *check);
extern struct PrismiqField *prismiq_field_find(PrismiqCheck *check, const PrismiqColumnRef *ref);
extern bool prismiq_check_field_ref(PrismiqCheck *check, PrismiqColumnRef *ref,
									struct PrismiqField *field);
extern bool prismiq_check_no_measure(PrismiqCheck *check, const PrismiqColumnRef *ref,
									 const char *suggestion);
extern void prismiq_check_field_fan_out(PrismiqCheck *check, const PrismiqColumn *column);
extern bool prismiq_check_measure_field(PrismiqCheck *check, PrismiqColumn *column);

/* check_filters.c */
extern void prismiq_check_subject(PrismiqCheck *check, PrismiqCondition *condition, Oid type,
								  Oid collation);
extern void prismiq_check_filters(PrismiqCheck *check);
extern void prismiq_check_column_filters(PrismiqCheck *check, PrismiqColumn *column);
extern void prismiq_check_having(PrismiqCheck *check);

/* expr_sizes.c */
extern bool prismiq_effort_nodes(PrismiqCheck *check, double nodes, const PrismiqPath *path);

/* patterns.c: limits on what is compiled or compared at every row */
#define PRISMIQ_MAX_PATTERN 1000	/* characters */
#define PRISMIQ_MAX_DIGITS 1000		/* of a number that is written */
#define PRISMIQ_NUMERIC_DIGITS 147455	/* of any numeric: before and after the point */
extern bool prismiq_pattern_fits(const char *pattern);
extern bool prismiq_regex_is_small(const char *pattern);

/* values.c */
extern double prismiq_count_digits(const char *text);
typedef struct PrismiqSubject
{
	Oid			type;			/* base type */
	int32		typmod;
	pg_tz	   *source_zone;	/* a timestamp that is read in this zone; or null */
} PrismiqSubject;

extern PrismiqConst *prismiq_const_make(Oid type, Datum value);
extern PrismiqConst *prismiq_value_read(PrismiqCheck *check, const PrismiqLiteral *literal,
										Oid type, Oid *cast_type);
extern bool prismiq_value_moment(PrismiqCheck *check, const PrismiqLiteral *literal, Oid type,
								 PrismiqMoment *moment);
extern bool prismiq_local_to_subject(PrismiqCheck *check, const PrismiqSubject *subject,
									 Timestamp local, int64 *value);
extern bool prismiq_moment_to_subject(PrismiqCheck *check, const PrismiqSubject *subject,
									  const PrismiqMoment *moment, bool next_day, int64 *value);
extern PrismiqConst *prismiq_subject_const(const PrismiqSubject *subject, int64 value);

/* check_dates.c */
extern bool prismiq_type_is_time(Oid type);
extern void prismiq_check_date_test(PrismiqCheck *check, PrismiqCondition *condition,
									const PrismiqSubject *subject);
extern void prismiq_list_bounds(PrismiqTest *test, Oid type);
extern void prismiq_range_test(PrismiqCheck *check, PrismiqTest *test,
							   const PrismiqSubject *subject, bool has_low, int64 low,
							   bool has_high, int64 high);

/* check_series.c */
extern void prismiq_check_calendar(PrismiqCheck *check);
extern void prismiq_check_series_begin(PrismiqCheck *check);
extern void prismiq_check_series_end(PrismiqCheck *check);
extern void prismiq_check_series_auto(PrismiqCheck *check, bool found, Datum low, Datum high);
extern bool prismiq_condition_bounds(const PrismiqCondition *condition,
									 const PrismiqColumnRef *ref, int64 *start, int64 *end);
extern void prismiq_check_series_fill(PrismiqCheck *check);
extern PrismiqBucketing *prismiq_check_date_trunc(PrismiqCheck *check, PrismiqColumn *column);

/* joins.c */
extern void prismiq_check_joins(PrismiqCheck *check);
extern void prismiq_join_place(PrismiqCheck *check, PrismiqJoin *join);
extern bool prismiq_tables_are_joined(const PrismiqQuery *query);
extern bool prismiq_join_key_check(PrismiqCheck *check, const PrismiqJoin *join,
								   PrismiqJoinKey *key);
extern bool prismiq_pair_operator(Oid left, Oid right, PrismiqOperator op, Oid *operator,
								  Oid *cast_type);

/* fan_out.c */
extern void prismiq_check_fan_out(PrismiqCheck *check);
extern Bitmapset *prismiq_keyed_tables(PrismiqQuery *query);
extern PrismiqOnce *prismiq_fan_out_once(PrismiqCheck *check, Bitmapset *tables,
										 PrismiqCondition *filter, const PrismiqPath *path,
										 const char *what);

/* made_up.c */
extern void prismiq_check_made_up(PrismiqCheck *check);

/* paths.c */
extern bool prismiq_paths_connect(PrismiqCheck *check);
extern List *prismiq_path_links(PrismiqCheck *check, const Bitmapset *rows,
								const Bitmapset *targets);
extern bool prismiq_path_extend(PrismiqCheck *check, List **steps, PrismiqTable *table);
extern List *prismiq_path_steps(PrismiqCheck *check, PrismiqTable *target,
								const PrismiqPath *path);

/* related.c */
extern void prismiq_tables_set_aside(PrismiqCheck *check);
extern bool prismiq_check_related(PrismiqCheck *check);

/* related_filters.c */
extern void prismiq_check_related_filters(PrismiqCheck *check);

/* describe.c: texts are null where there is none */
typedef struct PrismiqColumnDescription
{
	const char *name;
	const char *data_type;
	bool		is_nullable;
	bool		is_primary_key;
	const char *default_value;
	const char *display_name;
	const char *description;
	const char *format;
	const char *date_format;
} PrismiqColumnDescription;

typedef struct PrismiqTableDescription
{
	PrismiqTable *table;
	const char *display_name;
	const char *description;
	List	   *columns;		/* PrismiqColumnDescription */
} PrismiqTableDescription;

typedef struct PrismiqRelationship
{
	const PrismiqTable *from;
	const PrismiqTable *to;
	List	   *from_columns;	/* char *, as many as to_columns */
	List	   *to_columns;
} PrismiqRelationship;

extern List *prismiq_describe_visible(const PrismiqContext *who,
									  const PrismiqTenantConfig *config);
extern PrismiqTableDescription *prismiq_describe_table(const PrismiqTable *seen,
													   const PrismiqContext *who,
													   const PrismiqTenantConfig *config);
extern List *prismiq_describe_relationships(const List *tables);
extern PrismiqQuery *prismiq_describe_row_query(PrismiqTable *table, const char *column);
extern PrismiqQuery *prismiq_describe_sample_query(PrismiqTable *table, PrismiqColumnRef *ref,
												   int64 count);

#endif							/* PRISMIQ_CHECK_H */
