/*-------------------------------------------------------------------------
 *
 * entry_document.c
 *	  Checks that the tables and functions of dashboards call.
 *
 * Each returns true or raises all the faults that it found: an error that says
 * what is wrong and where teaches more than "violates check constraint".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/notation.h"
#include "base/settings.h"
#include "doc/config.h"
#include "entry/entry.h"
#include "pipeline_save.h"
#include "read/read.h"
#include "who/who.h"

/*
 * Read a stored document with "reader"; "root" names it in the paths of the
 * faults and may be null.  A constraint says whether a row may be restored,
 * which no setting decides.  The tree is gone when this returns, since it is
 * checked for every row of a statement.
 */
static Datum
check_document(FunctionCallInfo fcinfo, const char *root, PrismiqDocumentReader reader)
{
	MemoryContext work;
	MemoryContext caller;
	PrismiqFaults faults = {NIL, NIL};
	Jsonb	   *jb;
	const PrismiqPath *path;
	const json_t *node;
	int			level;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	jb = PG_GETARG_JSONB_P(0);
	work = AllocSetContextCreate(CurrentMemoryContext, "prismiq document",
								 ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(work);
	path = root ? prismiq_path_key(NULL, root, NULL) : NULL;
	level = prismiq_notation_begin();
	faults.unlimited = true;
	node = prismiq_json_from_jsonb(jb, PRISMIQ_DOCUMENT_BYTES, PRISMIQ_DOCUMENT_DEPTH, &faults);
	if (node != NULL)
		reader(node, path, &faults);
	prismiq_notation_end(level);
	prismiq_fault_raise_any(&faults);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	PG_RETURN_BOOL(true);
}

/* One of the documents that are stored, within what a function takes. */
typedef struct StoredPart
{
	const char *list;			/* the key of a list whose elements have it; or null */
	const char *key;			/* null: it is the whole */
} StoredPart;

static const StoredPart dashboard_documents[] = {
	{.key = "layout"},
	{.key = "filters"},
	{.list = "widgets", .key = "query"},
	{.list = "widgets", .key = "position"},
	{.list = "widgets", .key = "config"},
};
static const StoredPart widget_documents[] = {
	{.key = "query"},
	{.key = "position"},
	{.key = "config"},
};
static const StoredPart import_documents[] = {
	{.key = "layout"},
	{.key = "filters"},
	{.list = "widgets", .key = "query"},
	{.list = "widgets", .key = "position"},
	{.list = "widgets", .key = "config"},
	{.list = "saved_queries", .key = "query"},
};
static const StoredPart saved_query_documents[] = {{.key = "query"}};
static const StoredPart config_documents[] = {{.key = NULL}};

/* Hold one document to the limits of what is stored, as the trigger on its table does. */
static void
check_limits(Jsonb *document, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqFaults found = {NIL, NIL};
	ListCell   *lc;

	(void) prismiq_json_from_jsonb(document, prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   prismiq_limit(PRISMIQ_MAX_NESTING), &found);
	foreach(lc, found.errors)
	{
		((PrismiqFault *) lfirst(lc))->path = path;
		faults->errors = lappend(faults->errors, lfirst(lc));
	}
}

/* The same for the document under a key of an object, where there is one. */
static void
check_member_limits(JsonbContainer *object, const char *key, const PrismiqPath *path,
					PrismiqFaults *faults)
{
	JsonbValue *value = JsonContainerIsObject(object) ?
		getKeyJsonValueFromContainer(object, key, strlen(key), NULL) : NULL;

	if (value != NULL && value->type == jbvBinary)
		check_limits(JsonbValueToJsonb(value), prismiq_path_key(path, key, NULL), faults);
}

/* The same for all documents within what a function takes. */
static void
check_stored_limits(Jsonb *jb, const StoredPart *parts, int count, PrismiqFaults *faults)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		const StoredPart *part = &parts[i];
		JsonbValue *list;
		const PrismiqPath *path;
		uint32		n;

		if (part->key == NULL)
			check_limits(jb, NULL, faults);
		else if (part->list == NULL)
			check_member_limits(&jb->root, part->key, NULL, faults);
		else if (JB_ROOT_IS_OBJECT(jb) &&
				 (list = getKeyJsonValueFromContainer(&jb->root, part->list, strlen(part->list),
													  NULL)) != NULL &&
				 list->type == jbvBinary && JsonContainerIsArray(list->val.binary.data))
		{
			path = prismiq_path_key(NULL, part->list, NULL);
			for (n = 0; n < JsonContainerSize(list->val.binary.data); n++)
			{
				JsonbValue *element = getIthJsonbValueFromContainer(list->val.binary.data, n);

				CHECK_FOR_INTERRUPTS();
				if (element->type == jbvBinary)
					check_member_limits(element->val.binary.data, part->key,
										prismiq_path_index(path, (int) n), faults);
			}
		}
	}
}

/*
 * Read what a function takes with "reader", hold it to the facts in the second
 * argument (where there is one; see prismiq_internal.document_facts()) and to the limits
 * of the documents in it, and with "checker" (or null) against the catalogs.  Raises
 * all that is wrong.
 */
static Datum
check_input(FunctionCallInfo fcinfo, PrismiqInputReader reader, PrismiqSaveChecker checker,
			const StoredPart *parts, int count)
{
	Jsonb	   *jb = prismiq_arg_document(fcinfo, 0, "null");
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq document",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};
	PrismiqFaults ignored = {NIL, NIL};
	PrismiqFacts facts;
	const json_t *node;
	int			level = prismiq_notation_begin();

	faults.unlimited = true;	/* no setting says how large the whole may be */
	node = prismiq_json_from_jsonb(jb, PRISMIQ_DOCUMENT_BYTES, PRISMIQ_DOCUMENT_DEPTH, &faults);
	faults.unlimited = false;
	prismiq_read_facts(PG_NARGS() < 2 || PG_ARGISNULL(1) ? NULL :
					   prismiq_json_from_jsonb(PG_GETARG_JSONB_P(1), MaxAllocSize,
											   PRISMIQ_FACTS_DEPTH, &ignored), &facts);
	if (node != NULL)
	{
		reader(node, &facts, &faults);
		check_stored_limits(jb, parts, count, &faults);
		if (checker != NULL)
			checker(prismiq_arg_tables(fcinfo, 2), node, &facts, &faults);
	}
	prismiq_notation_end(level);
	prismiq_fault_raise_any(&faults);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	PG_RETURN_BOOL(true);
}

/* Leave the limits out: a setting must not decide whether a stored row can be restored. */
static void
drop_limits(PrismiqFaults *faults)
{
	List	   *kept = NIL;
	ListCell   *lc;

	foreach(lc, faults->errors)
	{
		PrismiqFault *fault = (PrismiqFault *) lfirst(lc);

		if (!prismiq_fault_sqlstate_is_limit(fault->code))
			kept = lappend(kept, fault);
	}
	faults->errors = kept;
}

/* A definition's structure.  The catalogs are asked when it runs, and so are the limits. */
static void
read_definition(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	(void) prismiq_read_query(node, NULL, faults);
	drop_limits(faults);
}

/* The application's model as it is stored. */
static void
read_model(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	prismiq_read_model(node, path, faults);
	drop_limits(faults);
}

/* And as it is set. */
static void
read_model_new(const json_t *node, const PrismiqFacts *facts, PrismiqFaults *faults)
{
	prismiq_read_model(node, NULL, faults);
}

#define DOCUMENT_CHECK(name, root, reader) \
PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return check_document(fcinfo, root, reader); \
}

#define INPUT_CHECK(name, reader, checker, parts, count) \
PRISMIQ_LIMITED_FUNCTION(name) \
{ \
	return check_input(fcinfo, reader, checker, parts, count); \
}

/* What the tables hold */
DOCUMENT_CHECK(prismiq_layout_check, "layout", prismiq_read_layout)
DOCUMENT_CHECK(prismiq_position_check, "position", prismiq_read_position)
DOCUMENT_CHECK(prismiq_dashboard_filters_check, "filters", prismiq_read_dashboard_filters)
DOCUMENT_CHECK(prismiq_schema_config_check, NULL, prismiq_read_schema_config)
DOCUMENT_CHECK(prismiq_model_check, NULL, read_model)
DOCUMENT_CHECK(prismiq_widget_config_check, "config", prismiq_read_widget_config)
DOCUMENT_CHECK(prismiq_config_schema_check, "config_schema", prismiq_read_json_schema)
DOCUMENT_CHECK(prismiq_definition_check, NULL, read_definition)

/* What the functions take */
INPUT_CHECK(prismiq_dashboard_new_check, prismiq_read_dashboard_new,
			prismiq_pipeline_save_dashboard, dashboard_documents, lengthof(dashboard_documents))
INPUT_CHECK(prismiq_dashboard_change_check, prismiq_read_dashboard_change,
			prismiq_pipeline_save_dashboard, dashboard_documents, lengthof(dashboard_documents))
INPUT_CHECK(prismiq_widget_new_check, prismiq_read_widget_new, prismiq_pipeline_save_query,
			widget_documents, lengthof(widget_documents))
INPUT_CHECK(prismiq_widget_change_check, prismiq_read_widget_change,
			prismiq_pipeline_save_query, widget_documents, lengthof(widget_documents))
INPUT_CHECK(prismiq_saved_query_new_check, prismiq_read_saved_query_new,
			prismiq_pipeline_save_query, saved_query_documents, lengthof(saved_query_documents))
INPUT_CHECK(prismiq_saved_query_change_check, prismiq_read_saved_query_change,
			prismiq_pipeline_save_query, saved_query_documents, lengthof(saved_query_documents))
INPUT_CHECK(prismiq_positions_check, prismiq_read_positions, NULL, NULL, 0)
INPUT_CHECK(prismiq_schema_config_new_check, prismiq_read_config_new, NULL, config_documents,
			lengthof(config_documents))
INPUT_CHECK(prismiq_model_new_check, read_model_new, prismiq_pipeline_save_model,
			config_documents, lengthof(config_documents))
INPUT_CHECK(prismiq_list_options_check, prismiq_read_list_options, NULL, NULL, 0)
INPUT_CHECK(prismiq_import_check, prismiq_read_import, prismiq_pipeline_save_import,
			import_documents, lengthof(import_documents))
INPUT_CHECK(prismiq_import_options_check, prismiq_read_import_options, NULL, NULL, 0)
INPUT_CHECK(prismiq_provided_options_check, prismiq_read_provided_options, NULL, NULL, 0)

PGDLLEXPORT Datum prismiq_widget_config_fit_check(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_context_check(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_is_own_change(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_name_suggest(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_fault_raise(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_widget_config_fit_check);
PG_FUNCTION_INFO_V1(prismiq_context_check);
PG_FUNCTION_INFO_V1(prismiq_is_own_change);
PG_FUNCTION_INFO_V1(prismiq_name_suggest);
PG_FUNCTION_INFO_V1(prismiq_fault_raise);

/* A document of a row as a tree; null where there is none. */
static const json_t *
stored_tree(FunctionCallInfo fcinfo, int number, PrismiqFaults *faults)
{
	return PG_NARGS() <= number || PG_ARGISNULL(number) ? NULL :
		prismiq_json_from_jsonb(PG_GETARG_JSONB_P(number), PRISMIQ_DOCUMENT_BYTES,
								PRISMIQ_DOCUMENT_DEPTH, faults);
}

/*
 * prismiq_widget_config_fit_check(config, config_schema, default_config, params): what
 * a trigger holds a config to, of which the constraint has looked at the known keys.
 */
Datum
prismiq_widget_config_fit_check(PG_FUNCTION_ARGS)
{
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq document",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};
	int			level = prismiq_notation_begin();
	PrismiqConfigRules rules;
	const json_t *config;

	faults.unlimited = true;
	config = stored_tree(fcinfo, 0, &faults);
	rules.schema = stored_tree(fcinfo, 1, &faults);
	rules.defaults = stored_tree(fcinfo, 2, &faults);
	rules.params = stored_tree(fcinfo, 3, &faults);
	if (faults.errors == NIL)
		prismiq_check_config_fits(config, &rules, prismiq_path_key(NULL, "config", NULL),
								  &faults);
	prismiq_notation_end(level);
	prismiq_fault_raise_any(&faults);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	PG_RETURN_BOOL(true);
}

/* Raise 42501, with a hint how to set it, when there is no context. */
Datum
prismiq_context_check(PG_FUNCTION_ARGS)
{
	prismiq_context_require();
	PG_RETURN_VOID();
}

/*
 * Is the row version with this xmin one of ours, made in this transaction or
 * in a subtransaction that is still part of it?  SQL knows only the topmost
 * transaction's id.
 */
Datum
prismiq_is_own_change(PG_FUNCTION_ARGS)
{
	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(TransactionIdIsCurrentTransactionId(PG_GETARG_TRANSACTIONID(0)));
}

/* "Did you mean ...?", or null when none of the candidates is near. */
Datum
prismiq_name_suggest(PG_FUNCTION_ARGS)
{
	PrismiqNearest nearest;
	Datum	   *candidates;
	bool	   *nulls;
	int			count;
	int			i;
	char	   *hint;

	if (prismiq_has_null(fcinfo))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &candidates, &nulls, &count);
	(void) prismiq_nearest_init(&nearest, NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	for (i = 0; i < count; i++)
		if (!nulls[i])
			prismiq_nearest_offer(&nearest, TextDatumGetCString(candidates[i]));
	hint = prismiq_nearest_result(&nearest);
	if (hint == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(hint));
}

/*
 * prismiq_fault_raise(path text[], message text, suggestion text): what
 * functions in SQL refuse has the form that ours have.
 */
Datum
prismiq_fault_raise(PG_FUNCTION_ARGS)
{
	PrismiqFaults faults = {NIL, NIL};
	const PrismiqPath *path = NULL;
	Datum	   *keys = NULL;
	bool	   *nulls = NULL;
	int			count = 0;
	int			i;

	if (!PG_ARGISNULL(0))
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
						  &keys, &nulls, &count);
	for (i = 0; i < count; i++)
		if (!nulls[i])
			path = prismiq_path_key(path, TextDatumGetCString(keys[i]), NULL);
	prismiq_fault_add(&faults, PRISMIQ_INVALID_VALUE, path,
					  PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
					  "%s", PG_ARGISNULL(1) ? "invalid value" :
					  text_to_cstring(PG_GETARG_TEXT_PP(1)));
	prismiq_fault_raise_any(&faults);
	PG_RETURN_VOID();
}
