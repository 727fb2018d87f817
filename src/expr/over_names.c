/*-------------------------------------------------------------------------
 *
 * over_names.c
 *	  Which calculated fields are computed over the windows, and what names mean
 *	  there.
 *
 * A field that names a window, or another field that does, is computed above the
 * windows, over the rows of the answer: there every name is one of the answer's
 * columns, or such a field.  Anywhere else a name means what it has always meant,
 * a field or a column of a table; one that could be a window as well is a fault,
 * for nobody could tell over which rows the field is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "access/access.h"
#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "base/nearest.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/answer.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/table.h"
#include "model/window.h"
#include "model/words.h"

/* ---- which fields are over the windows ---- */

/* The names of the windows, as the definition gives them; of two of one name the first. */
static void
gather_windows(PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->windows)
	{
		PrismiqWindow *window = (PrismiqWindow *) lfirst(lc);
		bool		found;
		PrismiqName *name = prismiq_names_add(&query->window_names, window->alias, &found);

		if (!found)
			name->value = window;
	}
}

/* Note that a name is that of a window and of something else. */
static void
add_ambiguous(PrismiqLower *lower, const PrismiqExpr *written, const char *suggestion,
			  const char *what)
{
	(void) prismiq_expr_fault(lower, PRISMIQ_AMBIGUOUS_COLUMN, written->position, suggestion,
							  "\"%s\" is the name of a window and of %s,", written->name, what);
}

/* A table with a column of the name, by which an expression may call it; or null. */
static const PrismiqTable *
table_with(PrismiqCheck *check, const char *name)
{
	ListCell   *lc;

	foreach(lc, check->query->tables)
	{
		PrismiqTable *table = (PrismiqTable *) lfirst(lc);
		PrismiqColumnRef ref = {0};

		if (PrismiqTableIsKnown(table) && prismiq_column_find(table, name, &ref))
			return table;
	}
	return NULL;
}

/* The expression names a window: false after a fault, where it could name something else. */
static bool
note_window(PrismiqLower *lower, const PrismiqExpr *written, PrismiqWindow *window)
{
	const PrismiqTable *table;

	if (prismiq_field_by_name(lower->check, written->name) != NULL)
	{
		add_ambiguous(lower, written, "Give the window another alias.", "a calculated field");
		return false;
	}
	table = table_with(lower->check, written->name);
	if (table != NULL)
	{
		add_ambiguous(lower, written, psprintf("Write [%s.%s], or give the window another alias.",
											   table->id, written->name), "a column");
		return false;
	}
	if (window->users == NIL || llast(window->users) != lower->field)
		window->users = lappend(window->users, lower->field);
	return true;
}

/* What a field names: it is noted of windows and of other fields.  False after a fault. */
static bool
gather_names(PrismiqLower *lower, const PrismiqExpr *written)
{
	PrismiqName *window;
	PrismiqField *other;
	ListCell   *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (written->kind == PRISMIQ_EXPR_REF)
	{
		window = prismiq_names_find(&lower->check->query->window_names, written->name);
		if (window != NULL)
			return note_window(lower, written, (PrismiqWindow *) window->value);
		other = prismiq_field_by_name(lower->check, written->name);
		if (other != NULL && (other->users == NIL || llast(other->users) != lower->field))
			other->users = lappend(other->users, lower->field);
		return true;
	}
	foreach(lc, written->args)
		if (!gather_names(lower, (const PrismiqExpr *) lfirst(lc)))
			return false;
	return true;
}

/* All fields that name one of these, or one that does, by their numbers. */
static Bitmapset *
reach(const List *users)
{
	Bitmapset  *reached = NULL;
	List	   *next = list_copy(users);

	while (next != NIL)
	{
		const PrismiqField *field = (const PrismiqField *) llast(next);

		CHECK_FOR_INTERRUPTS();
		next = list_delete_last(next);
		if (bms_is_member(field->number, reached))
			continue;
		reached = bms_add_member(reached, field->number);
		next = list_concat(next, field->users);
	}
	return reached;
}

/* Is a field computed, through whatever others, from a window? */
bool
prismiq_field_is_over(const PrismiqField *field, const PrismiqWindow *window)
{
	return bms_is_member(field->number, reach(window->users));
}

/*
 * Find out which fields are over the windows; the tables have been looked up.  One
 * whose names are ambiguous has its fault, and is not looked at any more.
 */
void
prismiq_find_over(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	List	   *users = NIL;
	Bitmapset  *over;
	ListCell   *lc;

	if (query->windows == NIL)
		return;
	gather_windows(query);
	foreach(lc, query->fields)
	{
		PrismiqField *field = (PrismiqField *) lfirst(lc);
		PrismiqLower lower = {check, field, NULL, NULL};

		if (field->written != NULL && field->name != NULL && field->home == NULL &&
			!gather_names(&lower, field->written))
			field->state = PRISMIQ_FIELD_DONE;
	}
	foreach(lc, query->windows)
		users = list_concat(users, ((const PrismiqWindow *) lfirst(lc))->users);
	over = reach(users);
	foreach(lc, query->fields)
	{
		PrismiqField *field = (PrismiqField *) lfirst(lc);

		field->over = field->state == PRISMIQ_FIELD_NEW && bms_is_member(field->number, over);
	}
}

/* ---- what names mean there ---- */

/* Does a column of the answer show a calculated field, and nothing made of it? */
static bool
shows(const PrismiqOutput *output, const PrismiqField *field)
{
	const PrismiqColumn *column = output->column;

	if (column == NULL || column->over != NULL)
		return column != NULL && column->over == field;
	return column->ref->expr != NULL && column->ref->attnum == PRISMIQ_FIELD_ATTNUM(field) &&
		column->date_trunc == NULL &&
		(PrismiqColumnIsDimension(column) || column->aggregation == PRISMIQ_AGG_EXPRESSION);
}

/* A column of the answer as a node; what is money is a numeric from here on. */
static PrismiqExpr *
output_node(PrismiqLower *lower, const PrismiqExpr *written, PrismiqOutput *output)
{
	PrismiqExpr *expr;

	if (!OidIsValid(output->type))
		return NULL;			/* its own fault says it */
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_OUTPUT, written->position,
							 prismiq_base_type(output->type), NIL);
	expr->output = output;
	expr->collation = output->collation;
	return expr->type == CASHOID ? prismiq_expr_cast(lower, expr, NUMERICOID) : expr;
}

/* No column of the answer is called so: a field that is not in it, or nothing at all. */
static PrismiqExpr *
not_in_answer(PrismiqLower *lower, const PrismiqExpr *written, const PrismiqField *field)
{
	const PrismiqQuery *query = lower->check->query;
	char	   *suggestion = NULL;
	PrismiqNearest nearest;
	ListCell   *lc;

	if (query->columns == NIL && lower->check->faults->errors != NIL)
		return NULL;			/* the list's own fault says it */
	if (field == NULL && table_with(lower->check, written->name) == NULL &&
		prismiq_nearest_init(&nearest, lower->check->faults, written->name))
	{
		foreach(lc, query->answer)
			if (((const PrismiqOutput *) lfirst(lc))->name != NULL)
				prismiq_nearest_offer(&nearest, ((const PrismiqOutput *) lfirst(lc))->name);
		suggestion = prismiq_nearest_result(&nearest);
	}
	return prismiq_expr_fault(lower, PRISMIQ_COLUMN_NOT_FOUND, written->position,
							  suggestion != NULL ? suggestion :
							  "Name what stands in \"columns\".",
							  "\"%.*s\" is no column of the answer, which is all that is known "
							  "over windows,", pg_mbcliplen(written->name, strlen(written->name),
															100), written->name);
}

/*
 * A name in a field that is over the windows: a column of the answer as a node, or
 * null and *other, another such field.  Null and no field after a fault.
 */
PrismiqExpr *
prismiq_lower_over_name(PrismiqLower *lower, const PrismiqExpr *written, PrismiqField **other)
{
	const PrismiqQuery *query = lower->check->query;
	const PrismiqName *known = prismiq_names_find(&query->answer_names, written->name);
	PrismiqOutput *output = known != NULL ? (PrismiqOutput *) known->value : NULL;
	PrismiqField *field = prismiq_field_by_name(lower->check, written->name);
	bool		self = field == lower->field;
	bool		shown = field != NULL && output != NULL && shows(output, field);

	*other = NULL;
	if (prismiq_names_find(&query->window_names, written->name) != NULL && output != NULL &&
		output->role != PRISMIQ_ROLE_WINDOW)
	{
		add_ambiguous(lower, written, "Give the window another alias.", "another column");
		return NULL;
	}
	if (field != NULL && !self && output != NULL && !shown)
		return prismiq_expr_fault(lower, PRISMIQ_AMBIGUOUS_COLUMN, written->position,
								  "Give the column another alias.",
								  "\"%s\" is the name of a calculated field and of another column,",
								  written->name);
	if (self && (output == NULL || shown))
		return prismiq_expr_fault(lower, PRISMIQ_CIRCULAR_REFERENCE, written->position, NULL,
								  "calculated field \"%s\" refers to itself", field->name);
	if (field != NULL && field->over && !self)
	{
		*other = field;
		return NULL;
	}
	return output != NULL ? output_node(lower, written, output) :
		not_in_answer(lower, written, field);
}
