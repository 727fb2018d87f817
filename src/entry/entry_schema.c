/*-------------------------------------------------------------------------
 *
 * entry_schema.c
 *	  prismiq_schema, prismiq_tables, prismiq_table, prismiq_column_sample:
 *	  what the caller may query.
 *
 * Everything is described before anything is planned: planning may run
 * functions of the user's, and what is described is to be of one parsed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_class.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "access/access.h"
#include "access/describe.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "compile/compile.h"
#include "entry/entry.h"
#include "model/config.h"
#include "model/dates.h"
#include "model/query.h"
#include "model/table.h"
#include "model/zones.h"
#include "pipeline.h"
#include "print/statement.h"
#include "run/run.h"
#include "run/sinks.h"
#include "who/who.h"

/* Samples of a column: the most that can be asked for. */
#define MAX_SAMPLE 1000
#define DEFAULT_SAMPLE 5

/* An estimate as a whole number. */
static void
push_rows(JsonbParseState **state, double rows)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = int64_to_numeric((int64) Min(rint(rows), (double) (PG_INT64_MAX / 2)));
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* A table whose rows are to be estimated. */
typedef struct RowCount
{
	const PrismiqTableDescription *description;
	const PrismiqContext *who;
	const PrismiqTenantConfig *config;
} RowCount;

/* The statement whose rows are the table's; null when there is none any more. */
static PrismiqStatement *
make_row_statement(void *arg)
{
	const RowCount *count = (const RowCount *) arg;
	const PrismiqTableDescription *description = count->description;
	PrismiqTable *table = palloc0(sizeof(PrismiqTable));
	PrismiqQuery *query;

	if (description->columns == NIL ||
		!prismiq_table_open(table, description->table->relid, count->who, count->config))
		return NULL;
	query = prismiq_describe_row_query(table, ((const PrismiqColumnDescription *)
											   linitial(description->columns))->name);
	return query == NULL ? NULL : prismiq_compile_query(query, prismiq_home_namespace());
}

/*
 * row_count: what the planner expects under this tenant's predicate, null when
 * it cannot tell, or what it would be told is not plain.
 */
static void
push_row_count(JsonbParseState **state, const PrismiqTableDescription *description,
			   const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	RowCount	count = {description, who, config};
	double		rows;

	prismiq_push_key(state, "row_count");
	if (prismiq_relation_is_plain(description->table->relid) &&
		prismiq_run_estimate(make_row_statement, &count, &rows))
		push_rows(state, rows);
	else
		prismiq_push_text(state, WJB_VALUE, NULL);
}

/* One column.  What is hidden is not described, so "hidden" is false. */
static void
push_column(JsonbParseState **state, const PrismiqColumnDescription *column)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_member(state, "name", column->name);
	prismiq_push_member(state, "data_type", column->data_type);
	prismiq_push_flag(state, "is_nullable", column->is_nullable);
	prismiq_push_flag(state, "is_primary_key", column->is_primary_key);
	prismiq_push_member(state, "default_value", column->default_value);
	prismiq_push_member(state, "display_name", column->display_name);
	prismiq_push_member(state, "description", column->description);
	if (column->format_object != NULL)
		prismiq_push_document(state, "format", column->format_object);
	else
		prismiq_push_member(state, "format", column->format);
	prismiq_push_member(state, "date_format", column->date_format);
	prismiq_push_member(state, "unit", column->unit);
	prismiq_push_flag(state, "hidden", false);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* One table; the value that ends it. */
static JsonbValue *
push_table(JsonbParseState **state, const PrismiqTableDescription *description,
		   const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	ListCell   *lc;

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_member(state, "name", description->table->relname);
	prismiq_push_member(state, "schema_name", description->table->nspname);
	prismiq_push_member(state, "display_name", description->display_name);
	prismiq_push_member(state, "description", description->description);
	prismiq_push_key(state, "columns");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, description->columns)
		push_column(state, (const PrismiqColumnDescription *) lfirst(lc));
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
	push_row_count(state, description, who, config);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* A list of names as an array. */
static void
push_names(JsonbParseState **state, const char *key, const List *names)
{
	ListCell   *lc;

	prismiq_push_key(state, key);
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, names)
		prismiq_push_text(state, WJB_ELEM, (const char *) lfirst(lc));
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* One foreign key; a composite one has its first columns on their own too. */
static void
push_relationship(JsonbParseState **state, const PrismiqRelationship *relationship)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_member(state, "from_schema", relationship->from->nspname);
	prismiq_push_member(state, "from_table", relationship->from->relname);
	prismiq_push_member(state, "from_column",
						(const char *) linitial(relationship->from_columns));
	push_names(state, "from_columns", relationship->from_columns);
	prismiq_push_member(state, "to_schema", relationship->to->nspname);
	prismiq_push_member(state, "to_table", relationship->to->relname);
	prismiq_push_member(state, "to_column", (const char *) linitial(relationship->to_columns));
	push_names(state, "to_columns", relationship->to_columns);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* measures: those of the application's model that the caller may use. */
static void
push_measures(JsonbParseState **state, const PrismiqContext *who,
			  const PrismiqTenantConfig *config)
{
	ListCell   *lc;

	prismiq_push_key(state, "measures");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, config->measures)
	{
		const PrismiqMeasureConfig *measure = (const PrismiqMeasureConfig *) lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (!prismiq_pipeline_may_use(measure, who, config))
			continue;
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		prismiq_push_member(state, "name", measure->name);
		prismiq_push_member(state, "table", measure->table);
		prismiq_push_member(state, "label", measure->label != NULL ? measure->label :
							prismiq_describe_name(measure->name));
		prismiq_push_member(state, "description", measure->description);
		if (measure->format_object != NULL)
			prismiq_push_document(state, "format", measure->format_object);
		else
			prismiq_push_member(state, "format", measure->format);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* The settings of the caller's tenant, in the tables of the schema that is meant. */
static const PrismiqTenantConfig *
tenant_config(FunctionCallInfo fcinfo, int number, const PrismiqContext *who)
{
	return prismiq_config_get(prismiq_arg_tables(fcinfo, number), who->tenant_id);
}

/*
 * prismiq_schema() returns jsonb
 *
 * {tables, relationships, measures}: what the caller may query.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_schema)
{
	const PrismiqContext *who = prismiq_context_require();
	const PrismiqTenantConfig *config = tenant_config(fcinfo, 0, who);
	List	   *tables = NIL;
	List	   *descriptions = NIL;
	List	   *relationships;
	JsonbParseState *state = NULL;
	ListCell   *lc;

	foreach(lc, prismiq_describe_visible(who, config))
	{
		PrismiqTableDescription *description =
			prismiq_describe_table((const PrismiqTable *) lfirst(lc), who, config);

		CHECK_FOR_INTERRUPTS();
		if (description == NULL)
			continue;			/* gone meanwhile */
		descriptions = lappend(descriptions, description);
		tables = lappend(tables, description->table);
	}
	relationships = prismiq_describe_relationships(tables, who, config);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	prismiq_push_key(&state, "tables");
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, descriptions)
		push_table(&state, (const PrismiqTableDescription *) lfirst(lc), who, config);
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	prismiq_push_key(&state, "relationships");
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, relationships)
		push_relationship(&state, (const PrismiqRelationship *) lfirst(lc));
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	push_measures(&state, who, config);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/* How many tables have a name. */
typedef struct NameCount
{
	char		name[NAMEDATALEN];	/* hash key */
	int			count;
} NameCount;

/* How many tables of a list have each name. */
static HTAB *
count_names(const List *tables)
{
	HASHCTL		ctl;
	HTAB	   *result;
	ListCell   *lc;

	ctl.keysize = NAMEDATALEN;
	ctl.entrysize = sizeof(NameCount);
	ctl.hcxt = CurrentMemoryContext;
	result = hash_create("prismiq names", 64, &ctl, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	foreach(lc, tables)
	{
		bool		found;
		NameCount  *entry = hash_search(result, ((const PrismiqTable *) lfirst(lc))->relname,
										HASH_ENTER, &found);

		entry->count = found ? entry->count + 1 : 1;
	}
	return result;
}

/*
 * prismiq_tables() returns jsonb
 *
 * An array of names, with their schema where the name alone would not do.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_tables)
{
	const PrismiqContext *who = prismiq_context_require();
	List	   *tables = prismiq_describe_visible(who, tenant_config(fcinfo, 0, who));
	HTAB	   *names = count_names(tables);
	JsonbParseState *state = NULL;
	ListCell   *lc;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);
		const NameCount *entry = hash_search(names, table->relname, HASH_FIND, NULL);

		prismiq_push_text(&state, WJB_ELEM, entry != NULL && entry->count > 1 ?
						  psprintf("%s.%s", table->nspname, table->relname) : table->relname);
	}
	hash_destroy(names);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL)));
}

/* An argument that is a name; null names nothing. */
static const char *
name_argument(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

/* The table that the first argument names; PT404 when there is none for the caller. */
static PrismiqTable *
find_table(FunctionCallInfo fcinfo, const PrismiqContext *who, const PrismiqTenantConfig *config)
{
	const char *wanted = name_argument(fcinfo, 0);
	PrismiqTable *table = prismiq_table_resolve(wanted, who, config);

	if (table == NULL)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, prismiq_table_nearest(wanted, who, config),
					   "table not found");
	return table;
}

/*
 * prismiq_table(name text) returns jsonb
 *
 * One entry of prismiq_schema()'s tables.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_table)
{
	const PrismiqContext *who = prismiq_context_require();
	const PrismiqTenantConfig *config = tenant_config(fcinfo, 1, who);
	const PrismiqTable *table = find_table(fcinfo, who, config);
	const PrismiqTableDescription *description = prismiq_describe_table(table, who, config);
	JsonbParseState *state = NULL;

	if (description == NULL)	/* it is locked, but a tenant may hide it at any time */
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, NULL, "table not found");
	PG_RETURN_JSONB_P(JsonbValueToJsonb(push_table(&state, description, who, config)));
}

/* The values of a sample as a jsonb array, made the way answers are. */
static Jsonb *
run_sample(const PrismiqStatement *statement, pg_tz *zone)
{
	PrismiqRunLimits limits;
	PrismiqJsonOptions options = {PRISMIQ_FORMAT_COLUMNAR, false, zone};
	PrismiqSink *sink;
	StringInfo	buf;
	Datum		answer;
	Datum		columns;

	prismiq_run_limits(&limits);
	sink = prismiq_rows_json_create(statement, &options, &limits);
	prismiq_run(statement, &limits, sink);
	buf = prismiq_rows_json_finish(sink);
	appendStringInfoChar(buf, '}');
	answer = DirectFunctionCall1(jsonb_in, CStringGetDatum(buf->data + VARHDRSZ));
	columns = DirectFunctionCall2(jsonb_object_field, answer,
								  PointerGetDatum(cstring_to_text("rows")));
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_array_element, columns, Int32GetDatum(0)));
}

/*
 * prismiq_column_sample(table_name text, column_name text, max_values int)
 * returns jsonb
 *
 * The smallest distinct values of the column in the tenant's rows.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_column_sample)
{
	const PrismiqContext *who = prismiq_context_require();
	const PrismiqTenantConfig *config = tenant_config(fcinfo, 3, who);
	PrismiqTable *table = find_table(fcinfo, who, config);
	const char *column = name_argument(fcinfo, 1);
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));
	int32		count = PG_ARGISNULL(2) ? DEFAULT_SAMPLE : PG_GETARG_INT32(2);
	PrismiqQuery *query;
	pg_tz	   *zone = NULL;

	if (!prismiq_column_find(table, column, ref))
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL, prismiq_column_nearest(table, NULL, column),
					   "column not found");
	if (count < 1 || count > MAX_SAMPLE)
		prismiq_reject_argument("max_values", NULL, "max_values must be from 1 to %d",
								MAX_SAMPLE);
	if (!prismiq_relation_is_filled(table->relid))
		prismiq_reject_argument("table_name", "REFRESH MATERIALIZED VIEW fills it.",
								"the table has not been filled with data");
	query = prismiq_describe_sample_query(table, ref, count);
	if (query == NULL)
		prismiq_reject_argument("column_name", NULL, "values of type %s cannot be compared",
								prismiq_type_name(ref->type));
	if (config->timezone != NULL)
		zone = prismiq_zone_find(config->timezone);
	PG_RETURN_JSONB_P(run_sample(prismiq_compile_query(query, prismiq_home_namespace()), zone));
}
