/*-------------------------------------------------------------------------
 *
 * catalogs.h
 *	  What the server knows, whoever asks: names, types, operators, aggregates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CATALOGS_H
#define PRISMIQ_CATALOGS_H

#include "postgres.h"

#include "access/attnum.h"
#include "access/htup.h"
#include "access/skey.h"
#include "nodes/pg_list.h"
#include "storage/lockdefs.h"
#include "utils/relcache.h"

#include "model/answer.h"
#include "model/inside.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"

/* One foreign key, or a relationship that only the application's model says */
typedef struct PrismiqForeignKey
{
	Oid			from;			/* relations */
	Oid			to;
	bool		said;			/* by the model: nothing holds the rows to it */
	bool		period;			/* its last columns are periods, which need not be equal */
	bool		above;			/* of a partition: the table that it is of has it too */
	int			nkeys;
	AttrNumber	from_attnums[INDEX_MAX_KEYS];
	AttrNumber	to_attnums[INDEX_MAX_KEYS];
} PrismiqForeignKey;

/* aggregates.c */
extern Oid	prismiq_aggregate_find(PrismiqAggregation aggregation, Oid type, Oid *result_type);
extern PrismiqSketch *prismiq_sketch_find(const PrismiqColumnRef *ref);

/* arithmetic.c */
extern struct PrismiqArithmetic *prismiq_arithmetic_find(Oid type);
extern struct PrismiqArithmetic *prismiq_difference_find(Oid type);

/* enums.c */
extern const char *prismiq_enum_any(Oid type);
extern bool prismiq_enum_find(List **known, Oid type, const char *label, Datum *value);
extern bool prismiq_enum_array_find(List **known, Oid type, const char *text, Datum *value);

/* functions.c: a function of one jsonb, by its signature as "schema.name(jsonb)" */
typedef struct PrismiqFunction
{
	Oid			oid;
	Oid			schema;
	Oid			owner;
	Oid			type;			/* of what it returns */
	bool		is_plain;		/* no aggregate, procedure or set of rows */
} PrismiqFunction;

extern bool prismiq_function_find(const char *signature, PrismiqFunction *function);
extern bool prismiq_function_has_symbol(HeapTuple tuple, const char *symbol);

/* home.c */
/* The schema of what our functions call, and nobody by name. */
#define PRISMIQ_INTERNAL_SCHEMA "prismiq_internal"

extern Oid	prismiq_extension_namespace(const char *name);
extern char *prismiq_extension_version(const char *name);
extern Oid	prismiq_home_namespace(void);
extern Oid	prismiq_home_relation(const char *name);
extern Oid	prismiq_home_dense(void);

/*
 * A schema that holds a set of our tables of its own, as a function there hands it
 * on; raises 3F000 where there is none for the caller.
 */
extern Oid	prismiq_home_tables(Oid schema);

/*
 * One of our own tables, of a schema that holds them, and a column of one by its
 * number.  They are the extension's owner's, who may have made anything of them:
 * raise 42P16 where they are not what C code goes by.
 */
extern Relation prismiq_home_open(Oid schema, const char *name, LOCKMODE lockmode);
extern AttrNumber prismiq_home_column(Relation rel, const char *name, Oid type);

/* The primary key's index, where it begins with the column; else invalid: scan the table. */
extern Oid	prismiq_home_index(Relation rel, AttrNumber first);

/* insides.c: our functions that take a value out of a jsonb value, and say nothing of it */
extern Oid	prismiq_inside_function(PrismiqInsideType type, Oid *result_type);
extern bool prismiq_is_inside_function(Oid function);

/* keys.c */
extern List *prismiq_foreign_keys_from(Oid relid);
extern List *prismiq_foreign_keys_to(Oid relid);

/* operators.c */
extern Oid	prismiq_comparison_operator(Oid type, PrismiqOperator op);
extern Oid	prismiq_family_operator(Oid left, Oid right, PrismiqOperator op);
extern Oid	prismiq_own_operator(Oid type, const char *name);
extern Oid	prismiq_builtin_operator(const char *name, Oid left, Oid right);

/* pairs.c */
extern bool prismiq_pair_operator(Oid left, Oid right, PrismiqOperator op, Oid *operator,
								  Oid *cast_type);
extern bool prismiq_pair_collates(Oid left, Oid right, bool *collate);

/* plain.c */
extern bool prismiq_relation_is_plain(Oid relid);

/* relations.c */
extern Oid	prismiq_catalog_scan(Oid catalog, Oid index, int nkeys, ScanKeyData *keys,
								 AttrNumber attnum);
extern Oid	prismiq_schema_by_name(const char *name);
extern Oid	prismiq_relation_by_name(const char *name, Oid nspid);
extern bool prismiq_relation_readable(Oid relid, const char *tenant_column, bool *read_all);
extern bool prismiq_relkind_is_queryable(char relkind);
extern bool prismiq_relkind_is_table(char relkind);
extern bool prismiq_relkind_is_stored(char relkind);
extern bool prismiq_relation_is_stored(Oid relid, char relkind);
extern bool prismiq_relation_is_filled(Oid relid);

/* statistics.c */
extern double prismiq_distinct_values(Oid relid, AttrNumber attnum);

/* types.c: what a type is, whoever asks; of one that was not found nothing is said */
extern Oid	prismiq_base_type(Oid type);
extern Oid	prismiq_domain_cast(Oid type, Oid base);
extern bool prismiq_type_is_groupable(Oid type);
extern char prismiq_type_category(Oid type);
extern char *prismiq_type_name(Oid type);
extern Oid	prismiq_type_namespace(Oid type);
extern bool prismiq_type_is_nameable(Oid type);
extern bool prismiq_type_input_asks_catalogs(Oid type);
extern bool prismiq_type_is_time(Oid type);
extern int	prismiq_number_rank(Oid type);
extern bool prismiq_type_is_text(Oid type);

/* whole.c */
extern bool prismiq_output_is_large(const PrismiqQuery *query, const PrismiqOutput *output);

#endif							/* PRISMIQ_CATALOGS_H */
