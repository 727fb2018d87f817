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
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "base/notation.h"
#include "read/document.h"
#include "read/read.h"
#include "who/who.h"

/*
 * Read the function's argument with "reader"; "root" names it in the paths of
 * the faults and may be null.  Of what is "stored" a constraint says whether it
 * may be restored, which no setting decides.  The tree is gone when this
 * returns, since a constraint is checked for every row of a statement.
 */
static Datum
check_document(FunctionCallInfo fcinfo, const char *root, bool stored,
			   PrismiqDocumentReader reader)
{
	Jsonb	   *jb = PG_GETARG_JSONB_P(0);
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "prismiq document",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	PrismiqFaults faults = {NIL, NIL};
	const PrismiqPath *path = root ? prismiq_path_key(NULL, root, 0) : NULL;
	const json_t *node = prismiq_json_from_jsonb(jb, PRISMIQ_DOCUMENT_BYTES,
												 PRISMIQ_DOCUMENT_DEPTH, &faults);
	int			level = prismiq_notation_begin();

	faults.unlimited = stored;
	if (node != NULL)
		reader(node, path, &faults);
	prismiq_notation_end(level);
	prismiq_fault_raise_any(&faults);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	PG_RETURN_BOOL(true);
}

/*
 * A definition's structure.  The catalogs are asked when it runs, and so are
 * the limits: a setting must not decide whether a stored row can be restored.
 */
static void
read_definition(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	List	   *kept = NIL;
	ListCell   *lc;

	(void) prismiq_read_query(node, NULL, faults);
	foreach(lc, faults->errors)
	{
		PrismiqFault *fault = (PrismiqFault *) lfirst(lc);

		if (!prismiq_fault_sqlstate_is_limit(fault->code))
			kept = lappend(kept, fault);
	}
	faults->errors = kept;
}

#define DOCUMENT_CHECK(name, root, stored, reader) \
PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return check_document(fcinfo, root, stored, reader); \
}

/* What the tables hold */
DOCUMENT_CHECK(prismiq_layout_check, "layout", true, prismiq_read_layout)
DOCUMENT_CHECK(prismiq_position_check, "position", true, prismiq_read_position)
DOCUMENT_CHECK(prismiq_dashboard_filters_check, "filters", true, prismiq_read_dashboard_filters)
DOCUMENT_CHECK(prismiq_schema_config_check, NULL, true, prismiq_read_schema_config)
DOCUMENT_CHECK(prismiq_widget_config_check, "config", true, prismiq_read_widget_config)
DOCUMENT_CHECK(prismiq_definition_check, NULL, true, read_definition)

/* What the functions take */
DOCUMENT_CHECK(prismiq_dashboard_new_check, NULL, false, prismiq_read_dashboard_new)
DOCUMENT_CHECK(prismiq_dashboard_change_check, NULL, false, prismiq_read_dashboard_change)
DOCUMENT_CHECK(prismiq_widget_new_check, NULL, false, prismiq_read_widget_new)
DOCUMENT_CHECK(prismiq_widget_change_check, NULL, false, prismiq_read_widget_change)
DOCUMENT_CHECK(prismiq_saved_query_new_check, NULL, false, prismiq_read_saved_query_new)
DOCUMENT_CHECK(prismiq_saved_query_change_check, NULL, false, prismiq_read_saved_query_change)
DOCUMENT_CHECK(prismiq_positions_check, NULL, false, prismiq_read_positions)
DOCUMENT_CHECK(prismiq_list_options_check, NULL, false, prismiq_read_list_options)

PGDLLEXPORT Datum prismiq_context_check(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_is_own_change(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_name_suggest(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_context_check);
PG_FUNCTION_INFO_V1(prismiq_is_own_change);
PG_FUNCTION_INFO_V1(prismiq_name_suggest);

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
