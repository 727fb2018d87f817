/*-------------------------------------------------------------------------
 *
 * expr_inside.c
 *	  Values inside of a jsonb column: json() in expressions, and the references to
 *	  columns that have a path.
 *
 * Such a reference means a calculated field that nobody wrote, one for all references
 * to the same value: so what is grouped, ordered and selected by it is the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "base/nearest.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "expr/lower.h"
#include "model/expr.h"
#include "model/field.h"
#include "model/inside.h"
#include "model/literal.h"
#include "model/query.h"
#include "model/table.h"

/* Fields have numbers that attribute numbers are made of. */
#define MAX_FIELDS 30000

/* The value of a type at a path of a document. */
static PrismiqExpr *
make_inside(PrismiqLower *lower, int position, PrismiqExpr *document, const char *path,
			PrismiqInsideType type)
{
	Datum		value = DirectFunctionCall1(jsonb_in, CStringGetDatum(path));
	PrismiqExpr *steps = prismiq_expr_const(lower, position,
											prismiq_const_make(JSONBOID, value));
	Oid			result_type;
	Oid			function = prismiq_inside_function(type, &result_type);
	PrismiqExpr *expr;

	/* A domain is no type of ours: what somebody made for it would fit the call better. */
	if (document->kind != PRISMIQ_EXPR_COLUMN || document->ref->type != JSONBOID)
		document = prismiq_expr_make(lower, PRISMIQ_EXPR_CAST, position, JSONBOID,
									 list_make1(document));
	expr = prismiq_expr_make(lower, PRISMIQ_EXPR_FUNCTION, position, result_type,
							 list_make2(document, steps));
	if (expr == NULL)
		return NULL;
	expr->function = function;
	prismiq_expr_measure_inside(expr);
	return expr;
}

/* One step of a path, onto its JSON; false after a fault. */
static bool
append_step(PrismiqLower *lower, const PrismiqExpr *step, StringInfo path)
{
	if (step->kind == PRISMIQ_EXPR_LITERAL && step->literal->kind == PRISMIQ_LITERAL_STRING)
		escape_json(path, step->literal->text);
	else if (step->kind == PRISMIQ_EXPR_CONST && step->literal != NULL && step->type == INT4OID)
		appendStringInfo(path, "%d", DatumGetInt32(step->value->value));
	else
	{
		(void) prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, step->position,
								  "Write json([column], \"key\", 0, \"number\").",
								  "a path is of texts and whole numbers that are written out,");
		return false;
	}
	return true;
}

/* The steps between the first and the last argument as JSON; null after a fault. */
static const char *
read_path(PrismiqLower *lower, int position, const List *args)
{
	int			count = list_length(args) - 2;
	int			max = prismiq_limit(PRISMIQ_MAX_NESTING);
	StringInfoData path;
	int			i;

	if (count > max)
	{
		(void) prismiq_expr_fault(lower, PRISMIQ_TOO_COMPLEX, position,
								  prismiq_limit_hint(PRISMIQ_MAX_NESTING, "Make the path shorter"),
								  "the path has %d steps, more than the limit of %d", count, max);
		return NULL;
	}
	initStringInfo(&path);
	appendStringInfoChar(&path, '[');
	for (i = 1; i <= count; i++)
	{
		if (i > 1)
			appendStringInfoChar(&path, ',');
		if (!append_step(lower, (const PrismiqExpr *) list_nth(args, i), &path))
			return NULL;
	}
	appendStringInfoChar(&path, ']');
	return path.data;
}

/* The type that is written as the last argument; false after a fault. */
static bool
read_type(PrismiqLower *lower, const PrismiqExpr *arg, PrismiqInsideType *type)
{
	const char *text = arg->kind == PRISMIQ_EXPR_LITERAL ? arg->literal->text : NULL;
	const char *nearest;
	int			i;

	for (i = 0; text != NULL && prismiq_inside_names[i] != NULL; i++)
		if (strcmp(prismiq_inside_names[i], text) == 0)
		{
			*type = (PrismiqInsideType) i;
			return true;
		}
	nearest = text == NULL ? NULL :
		prismiq_nearest_of(lower->check->faults, text, prismiq_inside_names);
	(void) prismiq_expr_fault(lower, PRISMIQ_INVALID_EXPRESSION, arg->position,
							  nearest != NULL ? nearest : PRISMIQ_INSIDE_HINT,
							  "the last argument of json() is the type of the value,");
	return false;
}

/* json(document, step, ..., type) */
PrismiqExpr *
prismiq_lower_json(PrismiqLower *lower, PrismiqExpr *written, List *args)
{
	PrismiqExpr *document = (PrismiqExpr *) linitial(args);
	PrismiqInsideType type;
	const char *path;

	if (document->type != JSONBOID)
		return prismiq_expr_fault(lower, PRISMIQ_TYPE_MISMATCH, document->position,
								  "Only jsonb has values inside.",
								  "expected a value of type jsonb, found one of type %s",
								  document->type == UNKNOWNOID ? "text" :
								  prismiq_type_name(document->type));
	path = read_path(lower, written->position, args);
	if (path == NULL || !read_type(lower, (const PrismiqExpr *) llast(args), &type))
		return NULL;
	return make_inside(lower, written->position, document, path, type);
}

/* A field that nobody wrote, of a column's table; null after a fault. */
static PrismiqField *
make_field(PrismiqCheck *check, PrismiqColumnRef *column, const PrismiqInside *inside)
{
	PrismiqField *field = palloc0(sizeof(PrismiqField));
	PrismiqLower lower = {check, field, NULL, NULL};

	field->number = list_length(check->query->fields) + 1;
	if (field->number > MAX_FIELDS)
	{
		prismiq_fault_add(check->faults, PRISMIQ_TOO_COMPLEX, inside->path, "Use fewer of them.",
						  "more than %d values inside of columns", MAX_FIELDS);
		return NULL;
	}
	field->path = field->expression_path = inside->path;
	field->name = column->name;
	field->home = field->table = column->table;
	field->state = PRISMIQ_FIELD_DONE;
	field->expr = make_inside(&lower, 0, prismiq_expr_column(&lower, 0, column), inside->where,
							  inside->type);
	check->query->fields = lappend(check->query->fields, field);
	return field;
}

/*
 * The field that a value inside of a column is, the same for all references to it; null
 * after a fault.  The column has been looked up.
 */
PrismiqField *
prismiq_inside_field(PrismiqCheck *check, PrismiqColumnRef *column, const PrismiqInside *inside)
{
	PrismiqName *known;
	bool		found;

	if (column->basetype != JSONBOID)
	{
		prismiq_fault_add(check->faults, PRISMIQ_TYPE_MISMATCH, inside->path,
						  "Only jsonb has values inside.",
						  "column \"%s\" of type %s has no path", column->name,
						  prismiq_type_name(column->type));
		return NULL;
	}
	if (inside->where == NULL)
		return NULL;			/* its own fault says it */
	known = prismiq_names_add(&check->query->inside_names,
							  psprintf("%d %d %d %s", column->table->index, column->attnum,
									   (int) inside->type, inside->where), &found);
	if (!found)
		known->value = make_field(check, column, inside);
	return (PrismiqField *) known->value;
}
