/*-------------------------------------------------------------------------
 *
 * saved.c
 *	  What stands in a definition by name alone: saved queries that are tables, and
 *	  measures of the application's model.
 *
 * They are asked for one by one, before anything is checked: those of the
 * definition, of the definitions inside it, and of what has come that way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/pg_list.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "check/check.h"
#include "model/condition.h"
#include "model/known_keys.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"

/* A search for the first saved query or measure that is not known. */
typedef struct Search
{
	PrismiqCheck *check;
	List	   *around;			/* uuids (char *) of the saved ones around the place */
	int			depth;			/* of the definition at hand */
	int			tables;			/* how many have been seen in all */
} Search;

static bool search_query(Search *search, const PrismiqQuery *query);

/* Is a saved query made of itself? */
static bool
is_around(const Search *search, const char *id)
{
	ListCell   *lc;

	foreach(lc, search->around)
		if (pg_strcasecmp((const char *) lfirst(lc), id) == 0)
			return true;
	return false;
}

/* A table: true when the saved query that it is has to be asked for. */
static bool
search_table(Search *search, PrismiqTable *table)
{
	const PrismiqPath *path = prismiq_path_key(table->path, "saved_query", prismiq_table_keys);
	PrismiqQuestion *question = &search->check->question;
	List	   *around = search->around;
	bool		found;

	if (table->saved_query != NULL && !table->saved_known)
	{
		table->saved_known = true;
		if (is_around(search, table->saved_query))
			prismiq_fault_add(search->check->faults, PRISMIQ_CIRCULAR_REFERENCE, path, NULL,
							  "the saved query is made of itself");
		else
		{
			question->kind = PRISMIQ_QUESTION_SAVED;
			question->table = table;
			question->path = path;
			question->depth = search->depth;
			return true;
		}
	}
	if (table->query == NULL)
		return false;
	if (table->saved_query != NULL)
		search->around = lappend(list_copy(around), unconstify(char *, table->saved_query));
	found = search_query(search, table->query);
	search->around = around;
	return found;
}

/* A column: true when the measure that it names has to be asked for. */
static bool
search_column(Search *search, PrismiqColumn *column)
{
	PrismiqQuestion *question = &search->check->question;

	if (column->named == NULL || column->named->name == NULL || column->named->asked)
		return false;
	column->named->asked = true;
	question->kind = PRISMIQ_QUESTION_MEASURE;
	question->measure = column;
	return true;
}

/* A test on a measure, or against the values of a query. */
static bool
search_test(PrismiqCondition *condition, void *arg)
{
	Search	   *search = (Search *) arg;
	const PrismiqTest *test = PrismiqTestOf(condition);
	const PrismiqQuery *query = prismiq_test_query(test);

	if (test->on == PRISMIQ_OPERAND_MEASURE && test->operand.measure.named != NULL &&
		search_column(search, test->operand.measure.named))
		return true;
	return query != NULL && search_query(search, query);
}

/* A definition inside another; beyond the limit on tables nothing more is asked. */
static bool
search_query(Search *search, const PrismiqQuery *query)
{
	bool		found = false;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	search->tables += list_length(query->tables);
	if (search->tables > prismiq_limit(PRISMIQ_MAX_TABLES))
		return false;
	search->depth++;
	foreach(lc, query->tables)
		if (!found)
			found = search_table(search, (PrismiqTable *) lfirst(lc));
	foreach(lc, query->columns)
		found = found || search_column(search, (PrismiqColumn *) lfirst(lc)) ||
			prismiq_condition_walk(((PrismiqColumn *) lfirst(lc))->filters, search_test,
								   search);
	found = found || prismiq_condition_walk(query->filters, search_test, search) ||
		prismiq_condition_walk(query->having, search_test, search) ||
		prismiq_condition_walk(query->qualify, search_test, search);
	search->depth--;
	return found;
}

/* Take the answer for the definition of its table. */
static void
take_answer(PrismiqCheck *check)
{
	const PrismiqQuestion *question = &check->question;

	if (question->kind == PRISMIQ_QUESTION_MEASURE)
		return;					/* it is in its column */
	question->table->query = question->query;
	if (!question->found)
		prismiq_fault_add(check->faults, PRISMIQ_TABLE_NOT_FOUND, question->path, NULL,
						  "saved query not found");
}

/* Ask for the next saved query or measure, until all are known. */
void
prismiq_check_saved(PrismiqCheck *check)
{
	Search		search = {check, NIL, -1, 0};

	if (check->depth > 0)
		return;					/* the outermost definition has asked for all */
	if (check->question.answered)
		take_answer(check);
	memset(&check->question, 0, sizeof(PrismiqQuestion));
	(void) search_query(&search, check->query);
}
