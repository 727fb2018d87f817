/*-------------------------------------------------------------------------
 *
 * pipeline_model.c
 *	  The application's model, held against the catalogs: measures and
 *	  relationships.
 *
 * A measure is checked as what it will be used for: the one column of a definition
 * of its table.  Nothing is compiled, and nothing runs.
 *
 * Who sets the model sets it for all tenants.  So no context is asked for: each
 * table is looked at as some tenant whom it lets in, and with the privileges of
 * whoever sets it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "access/access.h"
#include "access/config_read.h"
#include "access/context.h"
#include "access/relationships.h"
#include "base/fault.h"
#include "base/json.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "model/config.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/options.h"
#include "model/query.h"
#include "model/table.h"
#include "pipeline.h"
#include "pipeline_save.h"
#include "read/read.h"

/* What the model says of a measure, as a tree. */
const json_t *
prismiq_pipeline_measure(const PrismiqMeasureConfig *measure)
{
	PrismiqFaults ignored = {NIL, NIL};
	Datum		document = DirectFunctionCall1(jsonb_in, CStringGetDatum(measure->written));

	return prismiq_json_from_jsonb(DatumGetJsonbP(document), MaxAllocSize, PG_INT16_MAX,
								   &ignored);
}

/* A column that is a measure, before it is known which. */
static PrismiqColumn *
make_column(const char *name, const PrismiqPath *path)
{
	PrismiqColumn *column = palloc0(sizeof(PrismiqColumn));

	column->path = path;
	column->ref = palloc0(sizeof(PrismiqColumnRef));
	column->ref->path = column->ref->table_path = column->ref->column_path = path;
	column->alias = name;
	column->named = palloc0(sizeof(PrismiqNamedMeasure));
	column->named->name = name;
	column->named->path = path;
	column->named->asked = true;
	return column;
}

/* Check a measure as a column of a definition of its table. */
static void
check_measure(PrismiqColumn *column, const PrismiqTable *of, const PrismiqContext *who,
			  const PrismiqTenantConfig *config, PrismiqFaults *faults)
{
	PrismiqCheck check = {NULL};
	PrismiqQuery *query = palloc0(sizeof(PrismiqQuery));
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));
	PrismiqFaults none = {NIL, NIL};
	PrismiqQueryOptions *options = prismiq_read_options(NULL, &none);

	options->only_looked_at = true;
	table->path = column->path;
	table->listed = true;
	table->id = table->name = pstrdup(of->relname);
	table->schema = pstrdup(of->nspname);
	query->tables = list_make1(table);
	query->columns = list_make1(column);
	query->limit = -1;
	check.query = query;
	check.faults = faults;
	check.options = options;
	check.who = who;
	check.own_schema = InvalidOid;	/* nothing of a tenant's own is in it */
	check.config = config;
	if (!prismiq_check_run(&check))
		elog(ERROR, "a measure asks for rows");

	/* There may be many measures, and nothing is going to be read. */
	if (OidIsValid(table->relid))
		UnlockRelationOid(table->relid, AccessShareLock);
}

/* May the caller use a measure? */
bool
prismiq_pipeline_may_use(const PrismiqMeasureConfig *measure, const PrismiqContext *who,
						 const PrismiqTenantConfig *config)
{
	ListCell   *lc;

	if (measure->table == NULL)
		return false;
	foreach(lc, prismiq_relations_written(measure->table))
	{
		PrismiqFaults faults = {NIL, NIL};
		PrismiqColumn *column = make_column(measure->name, NULL);
		PrismiqTable table = {NULL};

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_table_see(&table, lfirst_oid(lc), who, config))
			continue;
		prismiq_read_measure(prismiq_pipeline_measure(measure), NULL, column, &faults);
		if (faults.errors == NIL)
			check_measure(column, &table, who, config, &faults);
		if (faults.errors == NIL)
			return true;
	}
	return false;
}

/*
 * The table that a model means by a name, in the schema where it can be one; "who"
 * becomes a tenant of it.  A fault, and false, when there is none.
 */
static bool
find_table(PrismiqTable *table, PrismiqContext *who, const char *name, const char *schema,
		   const PrismiqTenantConfig *config, const PrismiqPath *path, PrismiqFaults *faults)
{
	bool		found = false;
	ListCell   *lc;

	foreach(lc, prismiq_relations_written(name))
	{
		PrismiqTable seen = {NULL};
		PrismiqContext tenant = {0};

		CHECK_FOR_INTERRUPTS();
		tenant.present = true;
		tenant.tenant_id = prismiq_exposure_any_tenant(lfirst_oid(lc));
		if (tenant.tenant_id == NULL ||
			!prismiq_table_see(&seen, lfirst_oid(lc), &tenant, config) ||
			(found && (schema == NULL || strcmp(seen.nspname, schema) != 0)))
			continue;
		*table = seen;
		*who = tenant;
		found = true;
	}
	if (!found)
		prismiq_fault_add(faults, PRISMIQ_TABLE_NOT_FOUND, path,
						  "It has to be exposed, not hidden, and readable by who sets the model.",
						  "table \"%s\" not found", name);
	return found;
}

/* The measures of a model: each that is whole in itself. */
static void
check_measures(const json_t *measures, const PrismiqTenantConfig *config, PrismiqFaults *faults)
{
	const PrismiqPath *list = prismiq_path_key(NULL, "measures", prismiq_model_keys);
	void	   *iter;

	if (prismiq_json_kind(measures) != PRISMIQ_JSON_OBJECT)
		return;
	for (iter = json_object_iter(unconstify(json_t *, measures)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, measures), iter))
	{
		const char *name = json_object_iter_key(iter);
		const PrismiqPath *path = prismiq_path_key(list, name, NULL);
		PrismiqColumn *column = make_column(name, path);
		PrismiqFaults of_shape = {NIL, NIL};
		PrismiqTable table = {NULL};
		PrismiqContext who = {0};

		CHECK_FOR_INTERRUPTS();
		prismiq_read_measure(json_object_iter_value(iter), path, column, &of_shape);
		if (of_shape.errors == NIL &&
			find_table(&table, &who, column->named->table, NULL, config,
					   prismiq_path_key(path, "table", prismiq_measure_keys), faults))
			check_measure(column, &table, &who, config, faults);
	}
}

/* The number of a column that a relationship names; a fault when there is none. */
static AttrNumber
find_column(PrismiqTable *table, const char *name, const PrismiqPath *path,
			PrismiqFaults *faults)
{
	AttrNumber	attnum = prismiq_column_number(table, name);

	if (attnum != InvalidAttrNumber &&
		(attnum == table->tenant_attnum || prismiq_column_allowed(table, attnum, name)))
		return attnum;
	prismiq_fault_add(faults, PRISMIQ_COLUMN_NOT_FOUND, path,
					  prismiq_column_nearest(table, faults, name),
					  "column \"%s\" not found in table \"%s\"", name, table->relname);
	return InvalidAttrNumber;
}

/* Where the n-th column of one end of a relationship stands. */
static const PrismiqPath *
column_path(const PrismiqPath *path, const json_t *node, const char *one, const char *several,
			int n)
{
	if (json_object_get(node, one) != NULL)
		return prismiq_path_key(path, one, prismiq_relationship_keys);
	return prismiq_path_index(prismiq_path_key(path, several, prismiq_relationship_keys), n);
}

/* Whether what a relationship names is there, and can be compared. */
static void
check_relationship(const PrismiqRelationshipConfig *relationship, const json_t *node,
				   const PrismiqPath *path, const PrismiqTenantConfig *config,
				   PrismiqFaults *faults)
{
	PrismiqTable from = {NULL};
	PrismiqTable to = {NULL};
	PrismiqContext who = {0};
	bool		found;
	ListCell   *lc;
	ListCell   *lc2;

	found = find_table(&from, &who, relationship->from_table, NULL, config,
					   prismiq_path_key(path, "from_table", prismiq_relationship_keys), faults);
	found = find_table(&to, &who, relationship->to_table, found ? from.nspname : NULL, config,
					   prismiq_path_key(path, "to_table", prismiq_relationship_keys), faults) &&
		found;
	if (!found)
		return;
	forboth(lc, relationship->from_columns, lc2, relationship->to_columns)
	{
		int			n = foreach_current_index(lc);
		const PrismiqPath *here = column_path(path, node, "from_column", "from_columns", n);
		const PrismiqPath *there = column_path(path, node, "to_column", "to_columns", n);
		AttrNumber	from_attnum = find_column(&from, lfirst(lc), here, faults);
		AttrNumber	to_attnum = find_column(&to, lfirst(lc2), there, faults);

		if (from_attnum != InvalidAttrNumber && to_attnum != InvalidAttrNumber &&
			!prismiq_columns_compare(from.relid, from_attnum, to.relid, to_attnum))
			prismiq_fault_add(faults, PRISMIQ_TYPE_MISMATCH, there, NULL,
							  "\"%s\" and \"%s\" cannot be compared",
							  (const char *) lfirst(lc), (const char *) lfirst(lc2));
	}
}

/*
 * Hold a model, the shape of which is looked at elsewhere, against the catalogs; what
 * is not whole in itself is passed over.
 */
void
prismiq_pipeline_save_model(Oid tables, const json_t *root, const PrismiqFacts *facts,
							PrismiqFaults *faults)
{
	const PrismiqPath *list = prismiq_path_key(NULL, "relationships", prismiq_model_keys);
	const json_t *relationships = json_object_get(root, "relationships");
	PrismiqTenantConfig config;
	size_t		i;

	prismiq_config_read(&config, root);
	for (i = 0; i < json_array_size(relationships); i++)
	{
		const json_t *node = json_array_get(relationships, i);
		const PrismiqRelationshipConfig *relationship = prismiq_config_relationship(node);

		CHECK_FOR_INTERRUPTS();
		if (relationship != NULL)
			check_relationship(relationship, node, prismiq_path_index(list, (int) i), &config,
							   faults);
	}
	check_measures(json_object_get(root, "measures"), &config, faults);
	prismiq_fault_sort(faults);
}
