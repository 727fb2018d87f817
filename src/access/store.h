/*-------------------------------------------------------------------------
 *
 * store.h
 *	  The tables that exposures are kept in, as C reads and writes them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STORE_H
#define PRISMIQ_STORE_H

#include "postgres.h"

#include "access/htup.h"
#include "access/skey.h"
#include "utils/relcache.h"

/* A relation's name, with its schema's. */
typedef struct PrismiqRelationName
{
	NameData	schema;
	NameData	relation;
} PrismiqRelationName;

/* What the catalog says of a relation. */
typedef struct PrismiqRelationFacts
{
	PrismiqRelationName name;
	Oid			nspid;
	char		relkind;
	char		relpersistence;
} PrismiqRelationFacts;

/* Both tables begin with the name; what else is read of them by number is here. */
typedef enum PrismiqStoreColumn
{
	PRISMIQ_STORE_SCHEMA,
	PRISMIQ_STORE_RELATION,

	/* prismiq_exposures */
	PRISMIQ_STORE_TENANT_COLUMN,
	PRISMIQ_STORE_TIME_COLUMN,
	PRISMIQ_STORE_SHARED,
	PRISMIQ_STORE_TENANT,

	/* prismiq_exposed_relations */
	PRISMIQ_STORE_RELID = PRISMIQ_STORE_TENANT_COLUMN
} PrismiqStoreColumn;

#define PRISMIQ_STORE_COLUMNS (PRISMIQ_STORE_TENANT + 1)

/* One of the tables, open. */
typedef struct PrismiqStore
{
	Relation	rel;
	AttrNumber	attnums[PRISMIQ_STORE_COLUMNS];
} PrismiqStore;

extern void prismiq_store_columns(PrismiqStore *store, Relation rel, bool numbers);
extern void prismiq_store_open(PrismiqStore *store, bool numbers, LOCKMODE lockmode);
extern Datum prismiq_store_value(const PrismiqStore *store, HeapTuple tuple,
								 PrismiqStoreColumn column, bool *isnull);
extern bool prismiq_store_name(const PrismiqStore *store, HeapTuple tuple,
							   PrismiqRelationName *name);
extern bool prismiq_relation_facts(Oid relid, PrismiqRelationFacts *facts);

/* Are two names the same? */
static inline bool
prismiq_same_name(const PrismiqRelationName *a, const PrismiqRelationName *b)
{
	return strcmp(NameStr(a->schema), NameStr(b->schema)) == 0 &&
		strcmp(NameStr(a->relation), NameStr(b->relation)) == 0;
}

#endif							/* PRISMIQ_STORE_H */
