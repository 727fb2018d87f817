/*-------------------------------------------------------------------------
 *
 * named.c
 *	  Measures of the application's model that a definition names.
 *
 * What the model says of one stands in its column by now (check/saved.c asked for
 * it), written as a definition would write it, but for the table: that is the one
 * of the definition that has the name which the model says.  From there on it is
 * a column as others are.
 *
 * The model is the application's, and what of it the caller may not see is not
 * found: no fault names a table or column of a measure that is not the caller's to
 * know, and a measure that there is not is told in the same words.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "access/describe.h"
#include "base/fault.h"
#include "check/check.h"
#include "model/condition.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"

/* A measure is not there, or is not for the caller, or its table is not listed. */
#define NOT_FOUND "measure \"%s\" not found"
#define NOT_FOUND_HINT \
	"prismiq_schema() lists the measures; the table of one has to be in \"tables\"."

/* The table of the query that a measure is of; null when there is none, a fault. */
static PrismiqTable *
find_table(PrismiqCheck *check, const PrismiqNamedMeasure *named)
{
	PrismiqTable *found = NULL;
	ListCell   *lc;

	if (named->table_id != NULL &&
		prismiq_table_by_id(check, named->table_id, named->table_path) == NULL)
		return NULL;
	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);

		if (table->id == NULL || !OidIsValid(table->relid) || named->table == NULL ||
			!prismiq_config_names(named->table, table->nspname, table->relname) ||
			(named->table_id != NULL && strcmp(named->table_id, table->id) != 0))
			continue;
		if (found != NULL)
		{
			prismiq_fault_add(check->faults, PRISMIQ_AMBIGUOUS_TABLE, named->path,
							  "Say which one is meant, with \"table_id\".",
							  "\"%s\" and \"%s\" are both the table of measure \"%s\"",
							  found->id, table->id, named->name);
			return found;		/* the measure may not be the caller's to know */
		}
		found = table;
	}
	if (found == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_COLUMN_NOT_FOUND, named->path, NOT_FOUND_HINT,
						  NOT_FOUND, named->name);
	return found;
}

/* A condition of a measure is on its table. */
static bool
place_condition(PrismiqCondition *condition, void *arg)
{
	PrismiqColumnOperandOf(PrismiqTestOf(condition))->ref->table_id =
		((const PrismiqTable *) arg)->id;
	return false;
}

/* Give a measure its table. */
static void
place(PrismiqCheck *check, PrismiqColumn *column)
{
	PrismiqNamedMeasure *named = column->named;
	PrismiqTable *table;

	if (named == NULL || !named->asked)
		return;
	table = find_table(check, named);
	if (table == NULL)
	{
		column->unread = true;
		column->filters = NULL;
		return;
	}
	if (column->hints.display_name == NULL)
		column->hints.display_name = prismiq_describe_name(named->name);
	column->ref->table_id = table->id;
	(void) prismiq_condition_walk(column->filters, place_condition, table);
	if (named->field == NULL)
		return;
	named->field->home = table;
	named->field->number = list_length(check->query->fields) + 1;
	check->query->fields = lappend(check->query->fields, named->field);
}

/* A measure that having is on. */
static bool
place_operand(PrismiqCondition *condition, void *arg)
{
	PrismiqColumn *column = PrismiqMeasureOperandOf(PrismiqTestOf(condition))->named;

	if (column != NULL)
		place((PrismiqCheck *) arg, column);
	return false;
}

/* All measures of the model in a definition; its tables have been looked up. */
void
prismiq_check_named(PrismiqCheck *check)
{
	ListCell   *lc;

	foreach(lc, check->query->columns)
		place(check, (PrismiqColumn *) lfirst(lc));
	(void) prismiq_condition_walk(check->query->having, place_operand, check);
}

/* Would a fault tell whether something is there? */
static bool
is_of_absence(const PrismiqFault *fault)
{
	return fault->code == PRISMIQ_COLUMN_NOT_FOUND || fault->code == PRISMIQ_TABLE_NOT_FOUND ||
		fault->code == PRISMIQ_AMBIGUOUS_COLUMN;
}

/* Is there a fault of that kind at a place? */
static bool
is_absent(const List *faults, const PrismiqPath *path)
{
	ListCell   *lc;

	foreach(lc, faults)
	{
		const PrismiqFault *fault = (const PrismiqFault *) lfirst(lc);

		if (fault->path == path && is_of_absence(fault))
			return true;
	}
	return false;
}

/*
 * What was found wrong inside of measures, told of the measures: of one that is
 * not all there for the caller, only that.
 */
void
prismiq_check_named_end(PrismiqCheck *check)
{
	List	   *kept = NIL;
	ListCell   *lc;

	if (check->depth > 0)
		return;					/* the outermost definition does it for all */
	foreach(lc, check->faults->errors)
	{
		PrismiqFault *fault = (PrismiqFault *) lfirst(lc);
		const char *name = fault->path != NULL ? fault->path->sealed : NULL;

		CHECK_FOR_INTERRUPTS();
		if (name != NULL && is_absent(check->faults->errors, fault->path))
		{
			if (is_absent(kept, fault->path))
				continue;
			fault->code = PRISMIQ_COLUMN_NOT_FOUND;
			fault->message = psprintf(NOT_FOUND, name);
			fault->suggestion = NOT_FOUND_HINT;
		}
		else if (name != NULL && fault->line == NULL &&
				 fault->code != PRISMIQ_AMBIGUOUS_TABLE)
			fault->message = psprintf("measure \"%s\": %s", name, fault->message);
		kept = lappend(kept, fault);
	}
	check->faults->errors = kept;
}
