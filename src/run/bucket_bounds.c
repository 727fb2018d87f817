/*-------------------------------------------------------------------------
 *
 * bucket_bounds.c
 *	  A condition on the bucket of a column is one on the column too.
 *
 * An index or a partition bound on a column of times is of no use to
 * "prismiq_time_bucket('1 day', at, zone) >= x": the planner knows nothing of the
 * function, and a support function sees its call alone, not what that is
 * compared with.  So the planner's hook puts what follows from such a condition
 * beside it; the condition itself stays.
 *
 * What follows: the bucket of t is the last edge that is not after t, in any zone,
 * for edges are instants (model/buckets.h).  So bucket(t) <= t, and a later time
 * never has an earlier bucket.  Hence
 *
 *		bucket(t) >= x	=>	t >= x			bucket(t) > x	=>	t > x
 *		bucket(t) <= x	=>	t <= last(x)	bucket(t) < x	=>	t <= last(x, strict)
 *		bucket(t) = x	=>	t >= x AND t <= last(x)
 *		bucket(t) IN (x, y)	=>	t >= LEAST(x, y) AND t <= last(GREATEST(x, y))
 *
 * where last(x) is the last time whose bucket is not after x (strict: is before
 * x): prismiq_internal.time_bucket_last_*, which never fails, and does not bound
 * where it cannot tell.  Null gives null, as the condition does.
 *
 * It is done where only a condition that is true counts: in the list of ANDs of
 * WHERE and of ON, of the query, its subqueries in FROM and WITH.  What is compared
 * with may be anything that needs no row, parameters and now() too.  The operators
 * are the server's own, which are leakproof, so that what is added gets past no
 * barrier that the planner would not let it past, and shows nothing.
 *
 * Statements of ours are left as they are: their ranges are on the column anyway.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "base/compat_rights.h"
#include "catalog/catalogs.h"
#include "run/barrier.h"

#define MAX_ARGS 4

/* A form of prismiq_time_bucket(): its symbol in C, what it is of, and what bounds that. */
typedef struct BucketForm
{
	const char *symbol;
	Oid			type;
	int			nargs;
	Oid			args[MAX_ARGS];
	const char *last;
	const char *last_symbol;
} BucketForm;

static const BucketForm forms[] = {
	{"prismiq_time_bucket_session", TIMESTAMPTZOID, 2, {INTERVALOID, TIMESTAMPTZOID},
	"time_bucket_last_session", "prismiq_time_bucket_last_session"},
	{"prismiq_time_bucket_zone", TIMESTAMPTZOID, 4,
		{INTERVALOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID},
	"time_bucket_last_zone", "prismiq_time_bucket_last_zone"},
	{"prismiq_time_bucket_timestamp", TIMESTAMPOID, 3,
		{INTERVALOID, TIMESTAMPOID, TIMESTAMPOID},
	"time_bucket_last_timestamp", "prismiq_time_bucket_last_timestamp"},
	{"prismiq_time_bucket_date", DATEOID, 3, {INTERVALOID, DATEOID, DATEOID},
	"time_bucket_last_date", "prismiq_time_bucket_last_date"},
};

/* The argument that is the time. */
#define TIME_ARG 1

/* A condition on a bucket. */
typedef struct Bucket
{
	const BucketForm *form;
	List	   *args;			/* of the call, with its defaults */
	Node	   *column;
	Oid			collation;
} Bucket;

/* The function that bounds, as we have made it; invalid when there is none for the caller. */
static Oid
find_last(const BucketForm *form)
{
	Oid			types[MAX_ARGS + 1];
	Oid			schema = prismiq_schema_by_name("prismiq_internal");
	HeapTuple	tuple;
	Oid			result = InvalidOid;

	memcpy(types, form->args, sizeof(form->args));
	types[form->nargs] = BOOLOID;
	tuple = SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum(form->last),
							PointerGetDatum(buildoidvector(types, form->nargs + 1)),
							ObjectIdGetDatum(schema));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	if (prismiq_function_has_symbol(tuple, form->last_symbol) &&
		((Form_pg_proc) GETSTRUCT(tuple))->prorettype == form->type)
		result = ((Form_pg_proc) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	return OidIsValid(result) && prismiq_may_execute(result) ? result : InvalidOid;
}

/* Is it the same for all rows, and needs none? */
static bool
needs_no_row(Node *node)
{
	return !contain_var_clause(node) && !contain_volatile_functions(node) &&
		!contain_subplans(node) && !contain_agg_clause(node) &&
		!contain_window_function(node) && !expression_returns_set(node);
}

/* Is a node the bucket of a column, by constants?  Then it is described. */
static bool
find_bucket(Node *node, Bucket *bucket)
{
	FuncExpr   *call = (FuncExpr *) node;
	HeapTuple	tuple;
	Node	   *column;
	ListCell   *lc;
	int			i;

	if (!IsA(node, FuncExpr) || call->funcid < FirstNormalObjectId ||
		(call->funcresulttype != TIMESTAMPTZOID && call->funcresulttype != TIMESTAMPOID &&
		 call->funcresulttype != DATEOID))
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	if (!HeapTupleIsValid(tuple))
		return false;
	bucket->form = NULL;
	for (i = 0; i < lengthof(forms); i++)
		if (forms[i].nargs == ((Form_pg_proc) GETSTRUCT(tuple))->pronargs &&
			prismiq_function_has_symbol(tuple, forms[i].symbol))
			bucket->form = &forms[i];
	if (bucket->form != NULL)
		bucket->args = expand_function_arguments(copyObject(call->args), false,
												 call->funcresulttype, tuple);
	ReleaseSysCache(tuple);
	if (bucket->form == NULL)
		return false;

	bucket->collation = call->inputcollid;
	bucket->column = column = (Node *) list_nth(bucket->args, TIME_ARG);
	while (IsA(column, RelabelType))
		column = (Node *) ((RelabelType *) column)->arg;
	if (!IsA(column, Var) || ((Var *) column)->varlevelsup != 0 ||
		exprType(bucket->column) != bucket->form->type)
		return false;
	foreach(lc, bucket->args)
		if (foreach_current_index(lc) != TIME_ARG && !needs_no_row((Node *) lfirst(lc)))
			return false;
	return true;
}

/* An operator of the server's own. */
static Oid
find_operator(const char *name, Oid type)
{
	return OpernameGetOprid(list_make2(makeString("pg_catalog"), makeString(pstrdup(name))),
							type, type);
}

/* The column compared with something. */
static Node *
compare(const Bucket *bucket, const char *name, Node *with)
{
	return (Node *) make_opclause(find_operator(name, bucket->form->type), BOOLOID, false,
								  (Expr *) copyObject(bucket->column), (Expr *) with,
								  InvalidOid, InvalidOid);
}

/* last(value) */
static Node *
last_time(const Bucket *bucket, Oid function, Node *value, bool strict)
{
	List	   *args = copyObject(bucket->args);

	lfirst(list_nth_cell(args, TIME_ARG)) = copyObject(value);
	args = lappend(args, makeBoolConst(strict, false));
	return (Node *) makeFuncExpr(function, bucket->form->type, args, InvalidOid,
								 bucket->collation, COERCE_EXPLICIT_CALL);
}

/* LEAST or GREATEST of some values. */
static Node *
extreme(const Bucket *bucket, MinMaxOp op, List *values)
{
	MinMaxExpr *node = makeNode(MinMaxExpr);

	node->minmaxtype = bucket->form->type;
	node->op = op;
	node->args = copyObject(values);
	node->location = -1;
	return (Node *) node;
}

/* What follows for the column from "bucket IN (values)", added to the list. */
static List *
add_range(List *added, const Bucket *bucket, List *values)
{
	Oid			function = find_last(bucket->form);

	if (values == NIL || !OidIsValid(function))
		return added;
	added = lappend(added, compare(bucket, ">=", extreme(bucket, IS_LEAST, values)));
	return lappend(added, compare(bucket, "<=",
								  last_time(bucket, function,
											extreme(bucket, IS_GREATEST, values), false)));
}

/* What follows for the column from "bucket operator value", added to the list. */
static List *
add_following(List *added, const Bucket *bucket, Oid operator, Node *value)
{
	static const char *const names[] = {">=", ">", "<=", "<", "="};
	Oid			type = bucket->form->type;
	Oid			function = find_last(bucket->form);
	const char *name = NULL;
	int			i;

	for (i = 0; i < lengthof(names); i++)
		if (operator == find_operator(names[i], type))
			name = names[i];
	if (name == NULL || !OidIsValid(function))
		return added;
	if (name[0] != '<')
		added = lappend(added, compare(bucket, name[0] == '=' ? ">=" : name, copyObject(value)));
	if (name[0] != '>')
		added = lappend(added, compare(bucket, "<=",
									   last_time(bucket, function, value,
												 strcmp(name, "<") == 0)));
	return added;
}

/* The values of an array that is written with them; none, where they are not known. */
static List *
array_values(Node *array, Oid type)
{
	ArrayExpr  *written = (ArrayExpr *) array;
	ArrayType  *value;
	List	   *values = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int16		length;
	bool		by_value;
	char		align;
	int			count;
	int			i;

	if (IsA(array, ArrayExpr) && !written->multidims && written->element_typeid == type)
		return written->elements;
	if (!IsA(array, Const) || ((Const *) array)->constisnull ||
		get_element_type(((Const *) array)->consttype) != type)
		return NIL;
	value = DatumGetArrayTypeP(((Const *) array)->constvalue);
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(value, type, length, by_value, align, &elements, &nulls, &count);
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		values = lappend(values, makeConst(type, -1, InvalidOid, length, elements[i], nulls[i],
										   by_value));
	}
	return values;
}

/* What follows from "bucket = ANY (array)", which IN is too. */
static List *
follow_any(List *added, ScalarArrayOpExpr *any)
{
	Bucket		bucket;

	if (any->useOr && find_bucket((Node *) linitial(any->args), &bucket) &&
		any->opno == find_operator("=", bucket.form->type) &&
		needs_no_row((Node *) lsecond(any->args)))
		added = add_range(added, &bucket, array_values((Node *) lsecond(any->args),
													   bucket.form->type));
	return added;
}

/* The same of a condition, whatever it is; of an AND, of each of its own. */
static List *
follow(List *added, Node *condition)
{
	OpExpr	   *op = (OpExpr *) condition;
	Bucket		bucket;
	int			side;
	ListCell   *lc;

	check_stack_depth();
	if (is_andclause(condition))
	{
		foreach(lc, ((BoolExpr *) condition)->args)
			added = follow(added, (Node *) lfirst(lc));
		return added;
	}
	if (IsA(condition, ScalarArrayOpExpr))
		return follow_any(added, (ScalarArrayOpExpr *) condition);
	if (!IsA(condition, OpExpr) || list_length(op->args) != 2)
		return added;
	for (side = 0; side < 2; side++)
	{
		Node	   *value = (Node *) list_nth(op->args, 1 - side);

		if (find_bucket((Node *) list_nth(op->args, side), &bucket) &&
			exprType(value) == bucket.form->type && needs_no_row(value))
			return add_following(added, &bucket,
								 side == 0 ? op->opno : get_commutator(op->opno), value);
	}
	return added;
}

/*
 * Add to conditions what follows from them; false: nothing does.  The list of ANDs stays
 * one list: the planner would walk into another AND for each that is added.
 */
static bool
add_to_conditions(Node **conditions)
{
	List	   *added = *conditions != NULL ? follow(NIL, *conditions) : NIL;

	if (added != NIL)
		*conditions = (Node *)
			make_ands_explicit(list_concat(make_ands_implicit((Expr *) *conditions), added));
	return added != NIL;
}

/* The conditions of FROM and WHERE. */
static bool
add_to_join_tree(Node *node)
{
	bool		any = false;
	ListCell   *lc;

	check_stack_depth();
	if (node != NULL && IsA(node, FromExpr))
	{
		foreach(lc, ((FromExpr *) node)->fromlist)
			any |= add_to_join_tree((Node *) lfirst(lc));
		any |= add_to_conditions(&((FromExpr *) node)->quals);
	}
	else if (node != NULL && IsA(node, JoinExpr))
	{
		any |= add_to_join_tree(((JoinExpr *) node)->larg);
		any |= add_to_join_tree(((JoinExpr *) node)->rarg);
		any |= add_to_conditions(&((JoinExpr *) node)->quals);
	}
	return any;
}

/*
 * See the header.  Subqueries in FROM and WITH are queries too.  The result is whether
 * anything was added: the plan is then one for the role at hand, for whom find_last()
 * has looked at what may be executed.
 */
bool
prismiq_bucket_bounds(Query *query)
{
	bool		any;
	ListCell   *lc;

	check_stack_depth();
	any = add_to_join_tree((Node *) query->jointree);
	foreach(lc, query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_SUBQUERY)
			any |= prismiq_bucket_bounds(rte->subquery);
	}
	foreach(lc, query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

		if (IsA(cte->ctequery, Query))
			any |= prismiq_bucket_bounds((Query *) cte->ctequery);
	}
	return any;
}
