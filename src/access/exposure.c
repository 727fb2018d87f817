/*-------------------------------------------------------------------------
 *
 * exposure.c
 *	  What may be queried, and which tenant predicate it must carry.
 *
 * A relation is queryable only when all of this holds: it is in
 * prismiq_exposures; the role may use its schema and read it (its tenant
 * column included); the context's tenant may see it; the tenant's own
 * configuration does not hide it.  In every other case it is "not found", and
 * nothing tells the cases apart.
 *
 * What is exposed is read in store.c, which types can tell tenants apart is said
 * in tenants.c; both belong to what is audited with this file.
 *
 * Relations that a definition does not use are not locked: a name is looked for
 * among all that is exposed by what the system caches say, which may change
 * meanwhile, and what vanishes is not found.  A relation that was chosen is
 * locked (AccessShareLock), looked at once more, and stays locked until the
 * transaction ends, as with a plain SELECT; so its names cannot change between
 * the check and the execution.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "access/context.h"
#include "access/store.h"
#include "base/compat_rights.h"
#include "base/fault.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "model/config.h"
#include "model/known_keys.h"
#include "model/table.h"
#include "model/words.h"
#include "who/who.h"

/*
 * Is the relation for the caller, as far as can be told without its tenant
 * column?  If so, its names are noted.
 */
static bool
is_visible(PrismiqTable *table, Oid relid, const PrismiqContext *who,
		   const PrismiqTenantConfig *config, PrismiqExposure *exposure)
{
	PrismiqRelationFacts facts;

	if (!prismiq_exposure_find(relid, exposure) ||
		!prismiq_relation_facts(relid, &facts) ||
		strcmp(NameStr(facts.name.schema), exposure->schema_name) != 0 ||
		strcmp(NameStr(facts.name.relation), exposure->relation_name) != 0 ||
		!prismiq_relkind_is_queryable(facts.relkind))
		return false;
	if (!prismiq_may_use_schema(facts.nspid) ||
		!prismiq_relation_readable(relid, exposure->tenant_column, &table->read_all))
		return false;
	if (exposure->tenant != NULL && strcmp(exposure->tenant, who->tenant_id) != 0)
		return false;
	table->relid = relid;
	table->relkind = facts.relkind;
	table->nspname = exposure->schema_name;
	table->relname = exposure->relation_name;
	table->config = prismiq_config_table(config, table->nspname, table->relname);
	return table->config == NULL || !table->config->hidden;
}

/*
 * By which predicate does the tenant see the relation?  False when it sees
 * nothing of it.  The predicate is made only of what is locked.
 */
static bool
attach_tenant(PrismiqTable *table, const PrismiqExposure *exposure, const PrismiqContext *who,
			  bool locked)
{
	HeapTuple	tuple;
	Form_pg_attribute att;
	AttrNumber	attnum;
	Oid			declared;
	Oid			type;
	Oid			collation;
	Datum		value;

	if (exposure->shared || exposure->tenant != NULL)
		return true;
	tuple = SearchSysCacheAttName(table->relid, exposure->tenant_column);
	if (!HeapTupleIsValid(tuple))
		return false;			/* the column is gone: never unfiltered */
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	attnum = att->attnum;
	declared = att->atttypid;
	collation = att->attcollation;
	ReleaseSysCache(tuple);

	/* A domain over what the caller may not name could not be cast to it. */
	type = prismiq_tenant_type(declared, collation);
	if (attnum <= 0 || !OidIsValid(type) || type != prismiq_base_type(declared) ||
		!prismiq_tenant_value(type, who->tenant_id, &value))
		return false;
	table->tenant_attnum = attnum;
	table->tenant_column = exposure->tenant_column;
	table->tenant_type = type;
	table->tenant_cast = prismiq_domain_cast(declared, type);
	if (!locked)
		return true;
	table->tenant_eq = prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	table->tenant_value = prismiq_const_make(type, value);
	return OidIsValid(table->tenant_eq);
}

/*
 * Is a relation for the caller?  Looks without a lock: the table that is made
 * has names and columns, but may be gone at the next parsed.
 */
bool
prismiq_table_see(PrismiqTable *table, Oid relid, const PrismiqContext *who,
				  const PrismiqTenantConfig *config)
{
	PrismiqTable seen = *table;
	PrismiqExposure exposure;

	if (!is_visible(&seen, relid, who, config, &exposure) ||
		!attach_tenant(&seen, &exposure, who, false))
		return false;
	*table = seen;
	return true;
}

/*
 * Lock a relation that a name led to and take it; false, and no lock kept,
 * when it is not for the caller.  What was seen before the lock is looked at once
 * more where any change was heard of since, as RangeVarGetRelidExtended() does.
 */
bool
prismiq_table_open(PrismiqTable *table, Oid relid, const PrismiqContext *who,
				   const PrismiqTenantConfig *config)
{
	uint64		heard = SharedInvalidMessageCounter;
	PrismiqTable seen = *table;
	PrismiqTable opened = *table;
	PrismiqExposure exposure;

	/* Do not queue on locks of what the caller may not even see. */
	if (!is_visible(&seen, relid, who, config, &exposure))
		return false;
	LockRelationOid(relid, AccessShareLock);
	if (heard == SharedInvalidMessageCounter)
		opened = seen;
	else if (!is_visible(&opened, relid, who, config, &exposure) ||
			 strcmp(opened.relname, seen.relname) != 0 ||
			 strcmp(opened.nspname, seen.nspname) != 0)
	{
		UnlockRelationOid(relid, AccessShareLock);
		return false;
	}
	if (attach_tenant(&opened, &exposure, who, true))
	{
		*table = opened;
		return true;
	}
	UnlockRelationOid(relid, AccessShareLock);
	return false;
}

/* Take the relation of the table's name in a schema. */
static bool
try_schema(PrismiqTable *table, const char *schema, const PrismiqContext *who,
		   const PrismiqTenantConfig *config)
{
	Oid			relid = schema == NULL ? InvalidOid :
		prismiq_exposure_named(schema, table->name);
	PrismiqTable opened = *table;

	if (!OidIsValid(relid) || !prismiq_table_open(&opened, relid, who, config) ||
		strcmp(opened.relname, table->name) != 0 || strcmp(opened.nspname, schema) != 0)
		return false;			/* or renamed since it was looked for */
	*table = opened;
	return true;
}

/* Take the only relation of the table's name in any schema; how many there are, up to 2. */
static int
try_everywhere(PrismiqTable *table, const PrismiqContext *who,
			   const PrismiqTenantConfig *config)
{
	char	   *schema = NULL;
	int			count = 0;
	ListCell   *lc;

	foreach(lc, prismiq_exposure_namesakes(table->name))
	{
		PrismiqTable candidate = *table;

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_table_see(&candidate, lfirst_oid(lc), who, config))
			continue;
		if (++count > 1)
			return count;
		schema = pstrdup(candidate.nspname);
	}
	return try_schema(table, schema, who, config) ? 1 : 0;
}

/*
 * Take the relation of a name that has its schema before a dot, as names are
 * listed; either may have dots of its own.  How many there are.
 */
static int
try_qualified(PrismiqTable *table, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	const char *name = table->name;
	const char *dot = name;
	int			count = 0;

	/* A longer text is no name of a table, with a schema or without. */
	if (strlen(name) > 2 * NAMEDATALEN)
		return 0;
	while ((dot = strchr(dot, '.')) != NULL)
	{
		PrismiqTable candidate = *table;

		candidate.name = dot + 1;
		if (try_schema(&candidate, pnstrdup(name, dot - name), who, config))
		{
			*table = candidate;
			count++;
		}
		dot++;
	}
	return count;
}

/* Take the relation of a name in the named schema, which may stand before it once more. */
static bool
try_named(PrismiqTable *table, const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	int			len = strlen(table->schema);
	PrismiqTable candidate = *table;

	if (try_schema(table, table->schema, who, config))
		return true;
	if (strncmp(table->name, table->schema, len) != 0 || table->name[len] != '.')
		return false;
	candidate.name = table->name + len + 1;
	if (!try_schema(&candidate, table->schema, who, config))
		return false;
	*table = candidate;
	return true;
}

/*
 * Find an exposed relation: in the named schema, else in prismiq.schema, else
 * along the search path, else the only exposed one of that name, else the one
 * that "schema.table" names.  The result counts the relations found: 0, 1, or
 * more (then it is ambiguous).
 */
static int
find_relation(PrismiqTable *table, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	ListCell   *lc;
	int			count;

	if (table->schema != NULL)
		return try_named(table, who, config) ? 1 : 0;
	if (prismiq_setting_schema != NULL && prismiq_setting_schema[0] != '\0' &&
		try_schema(table, prismiq_setting_schema, who, config))
		return 1;
	foreach(lc, fetch_search_path(false))
	{
		if (try_schema(table, get_namespace_name(lfirst_oid(lc)), who, config))
			return 1;
	}
	count = try_everywhere(table, who, config);
	return count > 0 ? count : try_qualified(table, who, config);
}

/* Does a name end with another one, after a dot? */
static bool
ends_with_name(const char *text, const char *name)
{
	size_t		text_len = strlen(text);
	size_t		len = strlen(name);

	return text_len > len + 1 && text[text_len - len - 1] == '.' &&
		strcmp(text + text_len - len, name) == 0;
}

/*
 * What the caller may have meant by a table that there is not, or null: the
 * nearest name among those that may be queried, in that schema if one is named;
 * else the schema that has a table of this name.
 */
static char *
nearest_table(PrismiqFaults *faults, const PrismiqTable *table, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	bool		qualified = table->schema == NULL && strchr(table->name, '.') != NULL;
	const char *elsewhere = NULL;
	PrismiqNearest nearest;
	ListCell   *lc;

	if (!prismiq_nearest_init(&nearest, faults, table->name))
		return NULL;
	foreach(lc, prismiq_exposure_all())
	{
		PrismiqTable candidate = {NULL};
		PrismiqExposure exposure;
		const char *name;
		bool		same;

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_exposure_find(lfirst_oid(lc), &exposure))
			continue;
		name = exposure.relation_name;
		same = table->schema != NULL ? strcmp(name, table->name) == 0 :
			ends_with_name(table->name, name);
		if (qualified)
			name = psprintf("%s.%s", exposure.schema_name, name);
		if ((same || prismiq_nearest_improves(&nearest, name)) &&
			prismiq_table_see(&candidate, lfirst_oid(lc), who, config))
		{
			if (same)
				elsewhere = qualified ? name : candidate.nspname;
			if ((!same || qualified) &&
				(table->schema == NULL || pg_strcasecmp(candidate.nspname, table->schema) == 0))
				prismiq_nearest_offer(&nearest, name);
		}
		else if (qualified)
			pfree(unconstify(char *, name));
	}
	if (elsewhere == NULL || (qualified && nearest.name != NULL))
		return prismiq_nearest_result(&nearest);
	return psprintf(qualified ? "Did you mean \"%s\"?" :
					"Did you mean the one in schema \"%s\"?", elsewhere);
}

/* The relation that is exposed under a name and has it; invalid when none does. */
Oid
prismiq_exposure_relation(const char *schema_name, const char *relation_name)
{
	Oid			nspid = prismiq_schema_by_name(schema_name);
	Oid			relid = !OidIsValid(nspid) ? InvalidOid :
		prismiq_relation_by_name(relation_name, nspid);

	return prismiq_exposure_named(schema_name, relation_name) == relid ? relid : InvalidOid;
}

/* As what a relation's column tells tenants apart, see prismiq_tenant_type(); false: it is gone. */
static bool
find_tenant_type(Oid relid, const char *column, Oid *type)
{
	HeapTuple	tuple = SearchSysCacheAttName(relid, column);

	if (!HeapTupleIsValid(tuple))
		return false;
	*type = prismiq_tenant_type(((Form_pg_attribute) GETSTRUCT(tuple))->atttypid,
								((Form_pg_attribute) GETSTRUCT(tuple))->attcollation);
	ReleaseSysCache(tuple);
	return true;
}

/* What keeps every tenant from finding what is exposed under a name, in words; or null. */
const char *
prismiq_exposure_obstacle(const char *schema_name, const char *relation_name)
{
	Oid			relid = prismiq_exposure_relation(schema_name, relation_name);
	PrismiqExposure exposure;
	Oid			type;

	if (!OidIsValid(relid) || !prismiq_exposure_find(relid, &exposure))
		return "relation_gone";
	if (exposure.tenant_column == NULL)
		return NULL;
	if (!find_tenant_type(relid, exposure.tenant_column, &type))
		return "tenant_column_gone";
	return OidIsValid(type) ? NULL : "tenant_type";
}

/*
 * Some tenant whom an exposed relation would let in, for who checks what all
 * tenants are to use and asks for nobody's rows; null when it lets nobody in.
 */
const char *
prismiq_exposure_any_tenant(Oid relid)
{
	PrismiqExposure exposure;
	Oid			type;

	if (!prismiq_exposure_find(relid, &exposure))
		return NULL;
	if (exposure.tenant != NULL)
		return pstrdup(exposure.tenant);
	if (exposure.tenant_column == NULL)
		return "any";
	return find_tenant_type(relid, exposure.tenant_column, &type) ?
		prismiq_tenant_any(type) : NULL;
}

/* Look up every table of the query. */
void
prismiq_tables_find(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);
		const PrismiqPath *path;
		int			count;

		if (table->name == NULL)
			continue;
		count = find_relation(table, check->who, check->config);
		path = prismiq_path_key(table->path, "name", prismiq_table_keys);
		if (count == 1 && prismiq_relation_is_filled(table->relid))
			continue;
		if (count == 1)
			prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, path,
							  "REFRESH MATERIALIZED VIEW fills it.",
							  "table \"%s\" has not been filled with data", table->name);
		else if (count == 0)
			prismiq_fault_add(check->faults, PRISMIQ_TABLE_NOT_FOUND, path,
							  nearest_table(check->faults, table, check->who, check->config),
							  "table \"%s\" not found", table->name);
		else
			prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_TABLE, path,
							  "Name its schema with \"schema\".",
							  "table \"%s\" is exposed in more than one schema", table->name);
	}
}

/* One table by name, for functions that take a name; null: not found. */
PrismiqTable *
prismiq_table_resolve(const char *name, const PrismiqContext *who,
					  const PrismiqTenantConfig *config)
{
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));

	table->name = name;
	return find_relation(table, who, config) == 1 ? table : NULL;
}

/* What may have been meant by the name of such a table, as a suggestion; or null. */
char *
prismiq_table_nearest(const char *name, const PrismiqContext *who,
					  const PrismiqTenantConfig *config)
{
	PrismiqTable table = {NULL};

	table.name = name;
	return nearest_table(NULL, &table, who, config);
}

/* The table that an id names; a fault at the path when it names none. */
PrismiqTable *
prismiq_table_by_id(PrismiqCheck *check, const char *id, const PrismiqPath *path)
{
	PrismiqNearest nearest;
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL && strcmp(table->id, id) == 0)
			return table;
	}
	if (check->query->tables == NIL && check->faults->errors != NIL)
		return NULL;			/* the list's own fault says it */
	(void) prismiq_nearest_init(&nearest, check->faults, id);
	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id != NULL)
			prismiq_nearest_offer(&nearest, table->id);
	}
	prismiq_fault_add(check->faults, PRISMIQ_TABLE_NOT_FOUND, path,
					  prismiq_nearest_result(&nearest),
					  "no table of the query has the id \"%s\"", id);
	return NULL;
}
