/*-------------------------------------------------------------------------
 *
 * nested.c
 *	  Definitions inside definitions: derived tables, and lists that a query
 *	  makes (in_query).
 *
 * Each is checked as any other definition is, for the same caller and tenant,
 * in the zone of what is around it.  What it computes may raise, so it is
 * always behind a barrier: nothing outside runs on its rows before its own
 * conditions, the tenant's among them, have been looked at.
 *
 * The columns of a derived table are those of its answer, by number from 1;
 * what a grouped one is grouped by makes its rows unique, and keys of its tables
 * those of a plain one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "check/check.h"
#include "join/join.h"
#include "model/answer.h"
#include "model/condition.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/options.h"
#include "model/pivot.h"
#include "model/query.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* The options of a nested definition: the page and the format are the outer one's. */
static PrismiqQueryOptions *
nested_options(const PrismiqCheck *outer)
{
	PrismiqQueryOptions *options = palloc(sizeof(PrismiqQueryOptions));

	*options = *outer->options;
	options->timezone = outer->zone_name;
	options->timezone_path = NULL;
	options->disable_aggregation = false;
	options->sort = NIL;
	options->limit = -1;
	options->offset = 0;
	options->metadata = false;
	return options;
}

/* Note that there are too many tables in all; once. */
static bool
count_tables(PrismiqCheck *check, const PrismiqPath *path)
{
	int			limit = prismiq_limit(PRISMIQ_MAX_TABLES);
	int			before = *check->tables;

	*check->tables += list_length(check->query->tables);
	if (*check->tables <= limit || before > limit)
		return before <= limit;
	prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, path,
					  prismiq_limit_hint(PRISMIQ_MAX_TABLES, "Use fewer tables"),
					  "the definition and those inside it have more tables than the limit of %d",
					  limit);
	return false;
}

/* Check a definition inside another; false after a fault. */
bool
prismiq_check_nested(PrismiqCheck *outer, PrismiqQuery *query, const PrismiqPath *path)
{
	PrismiqCheck inner = *outer;
	int			errors = list_length(outer->faults->errors);

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	inner.query = query;
	inner.options = nested_options(outer);
	inner.depth = outer->depth + 1;
	if (!count_tables(&inner, path))
		return false;
	inner.pass = 0;
	(void) prismiq_check_run(&inner);
	if (query->time_series != NULL && query->time_series->auto_pending)
		prismiq_fault_add(outer->faults, PRISMIQ_INVALID_TIME_SERIES,
						  query->time_series->interval_path, "Give the series a \"range\".",
						  "a nested definition has to know its range for \"auto\"");
	if (query->pivot != NULL && query->pivot->pending)
		prismiq_fault_add(outer->faults, PRISMIQ_INVALID_PIVOT, query->pivot->path,
						  "Say which in \"values\".",
						  "a nested definition has to know the values of its pivot");
	return list_length(outer->faults->errors) == errors;
}

/* Take the columns of a checked definition for those of the table. */
static void
take_columns(PrismiqTable *table)
{
	const PrismiqQuery *query = table->query;
	Bitmapset  *dimensions = NULL;
	Bitmapset  *key;
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

		ref->table = table;
		ref->attnum = foreach_current_index(lc) + 1;
		ref->column = ref->name = output->name;
		ref->type = output->type;
		ref->basetype = prismiq_base_type(ref->type);
		ref->typmod = output->typmod;
		ref->large = output->large;
		ref->collation = OidIsValid(output->collation) ? output->collation :
			get_typcollation(ref->type);
		prismiq_column_keep(table, ref);
		if (prismiq_output_is_key(output))
			dimensions = bms_add_member(dimensions, ref->attnum);
	}
	table->unique_known = true;
	if (query->grouped ? query->group_extra == NIL && query->totals == NULL :
		prismiq_shown_key(table->query, &key))
	{
		PrismiqUniqueKey *unique = palloc(sizeof(PrismiqUniqueKey));

		unique->attnums = query->grouped ? dimensions : key;
		unique->primary = true;
		table->unique = list_make1(unique);
	}
	table->relname = table->id;
	table->nspname = "";
	table->read_all = true;
	table->derived = true;
}

/* Has a fault been noted inside what is at the path?  It may be one of reading. */
static bool
has_fault_inside(const PrismiqCheck *check, const PrismiqPath *place)
{
	ListCell   *lc;

	foreach(lc, check->faults->errors)
	{
		const PrismiqPath *path;

		for (path = ((const PrismiqFault *) lfirst(lc))->path; path != NULL; path = path->up)
			if (path->up == place)
				return true;
	}
	return false;
}

/* The tables that are definitions themselves. */
void
prismiq_check_derived(PrismiqCheck *check)
{
	ListCell   *lc;

	if (check->depth == 0)
	{
		check->tables = palloc(sizeof(int));
		*check->tables = list_length(check->query->tables);
		check->effort = palloc0(sizeof(PrismiqEffort));
	}
	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->query != NULL && table->id != NULL &&
			prismiq_check_nested(check, table->query,
								 prismiq_path_key(table->path, "query", prismiq_table_keys)) &&
			!has_fault_inside(check, table->path))
			take_columns(table);
	}
}

/* Can the two columns' values be compared?  Their collations may differ. */
static bool
settle_collation(PrismiqForm *form, Oid left, Oid right)
{
	if (!OidIsValid(left) || !OidIsValid(right) || left == right)
		return true;
	form->of.query.collate = true;
	return get_collation_isdeterministic(left) && get_collation_isdeterministic(right);
}

/* in_query and not_in_query: the operand is, or is not, among a query's values. */
static void
check_in_query(PrismiqCheck *check, PrismiqTest *test, Oid type, Oid collation)
{
	PrismiqForm *form = test->form;
	PrismiqQuery *query = prismiq_test_query(test);
	const PrismiqPath *path = prismiq_path_key(test->value_path, "query", NULL);
	PrismiqCheck around = *check;
	const PrismiqOutput *output;
	Oid			values;

	around.placing = NULL;		/* a list to compare with, not a table of the answer */
	if (query == NULL || !prismiq_check_nested(&around, query, path) ||
		has_fault_inside(check, test->value_path))
		return;
	if (list_length(query->answer) != 1)
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "the nested query must have one column, not %d",
						  list_length(query->answer));
		return;
	}
	output = (const PrismiqOutput *) linitial(query->answer);
	values = prismiq_base_type(output->type);
	if (!OidIsValid(type) || !OidIsValid(values))
		return;					/* a fault elsewhere says why it has none */
	form->kind = PRISMIQ_FORM_QUERY;
	if (!prismiq_pair_operator(type, values, PRISMIQ_OP_EQ, &form->of.query.op,
							   &form->cast_type) ||
		!settle_collation(form, collation, output->collation))
	{
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, path, NULL,
						  "values of type %s cannot be compared with those of the nested query, "
						  "of type %s", prismiq_type_name(type),
						  prismiq_type_name(values));
		return;
	}
	form->negated = test->op == PRISMIQ_OP_NOT_IN_QUERY;
	form->and_not_null = form->negated && test->nulls_exclude;
	if (test->on == PRISMIQ_OPERAND_COLUMN)
		form->or_null = false;	/* NOT EXISTS lets them through anyway */
}

/* A test against the values of a query: the rest of it is known. */
static bool
check_query_test(PrismiqCondition *condition, void *arg)
{
	PrismiqCheck *check = (PrismiqCheck *) arg;
	PrismiqTest *test = PrismiqTestOf(condition);
	const PrismiqColumnRef *ref;
	const PrismiqColumn *measure;
	const PrismiqOutput *output;

	if (prismiq_test_query(test) == NULL || test->form == NULL)
		return false;
	switch (test->on)
	{
		case PRISMIQ_OPERAND_COLUMN:
			ref = test->operand.column.ref;
			check_in_query(check, test, ref->basetype, ref->collation);
			break;
		case PRISMIQ_OPERAND_MEASURE:
			measure = test->operand.measure.measure;
			check_in_query(check, test, measure->basetype, measure->output.collation);
			break;
		case PRISMIQ_OPERAND_OUTPUT:
			output = test->operand.output.output;
			check_in_query(check, test, prismiq_base_type(output->type), output->collation);
			break;
	}
	return false;
}

/* The tests of a list of columns' own conditions. */
static void
check_column_queries(PrismiqCheck *check, const List *columns)
{
	ListCell   *lc;

	foreach(lc, columns)
		(void) prismiq_condition_walk(((PrismiqColumn *) lfirst(lc))->filters, check_query_test,
									  check);
}

/* All tests against the values of a query, wherever they stand. */
void
prismiq_check_in_queries(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	ListCell   *lc;
	ListCell   *lc2;

	check_column_queries(check, query->columns);
	(void) prismiq_condition_walk(query->filters, check_query_test, check);
	foreach(lc, query->join_order)
		foreach(lc2, ((PrismiqJoin *) lfirst(lc))->conditions)
			(void) prismiq_condition_walk(lfirst(lc2), check_query_test, check);
	(void) prismiq_condition_walk(query->having, check_query_test, check);
	(void) prismiq_condition_walk(query->qualify, check_query_test, check);
}
