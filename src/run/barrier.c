/*-------------------------------------------------------------------------
 *
 * barrier.c
 *	  Nothing is evaluated on a row before its tenant is known to be ours.
 *
 * A predicate beside other conditions is no barrier: PostgreSQL orders
 * conditions by cost, turns some into index conditions, moves them through
 * subqueries, and runs operators on the statistics of all rows while it plans.
 * A condition that can raise an error or show a value then tells of rows that
 * the predicate would have hidden.  PostgreSQL has what it takes: security
 * quals on a table, which come before everything that is not leakproof, and
 * security_barrier on a subquery.  The planner's hook puts them into our own
 * statements, and into no others:
 *
 * 1. Every relation in the tree must be one that the compiler named, with the
 *    tenant predicate that it printed: the same column, operator and parameter
 *    (PrismiqSource), as often as it was printed.  Every operator and function
 *    must be one that was printed.  Otherwise the statement is refused.
 * 2. On which tables something loud may become a condition is found out by
 *    loud.c, from the whole statement.
 * 3. All other tables keep the plain predicate, with statistics and indexes.
 *    These get it as a security qual, and of a simple view the table behind it.
 *    That does not work for what is not stored here as a table (a view's is
 *    thrown away when the view is flattened, a foreign server orders conditions
 *    as it likes): there the subselect around it becomes a security barrier,
 *    and where a column of it is computed, or the view itself runs something
 *    loud, also one to the planner (OFFSET 0), since leakproof operators pass a
 *    security barrier: they would take the expression along, or choose the rows
 *    on which the view's own conditions run.  A LIMIT, or a join that has met all
 *    of its rows, would choose them by stopping early: a view that is loud
 *    itself is read to its end before it hands on its first row.
 *
 * A statement of ours is known by the address of its text.  Planning it may
 * run functions that plan other statements; those are not ours, unless they
 * come here by themselves.  That the hook saw each plan is checked afterwards
 * (prismiq_barrier_cached_plan), since a module loaded later may not pass a
 * call on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planner.h"
#include "parser/parse_oper.h"
#include "parser/parsetree.h"
#include "tcop/tcopprot.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "base/compat.h"
#include "base/fault.h"
#include "print/statement.h"
#include "run/barrier.h"
#include "run/plans.h"

/* The statement that is being planned, and what the hook saw of it. */
typedef struct Armed
{
	const char *text;			/* null: none */
	const PrismiqStatement *statement;
	bool		seen_generic;	/* a plan for any values */
	bool		seen_custom;	/* a plan for these */
} Armed;

static Armed armed = {NULL, NULL, false, false};
static planner_hook_type next_planner_hook = NULL;

/* One walk over one statement. */
typedef struct Barrier
{
	const PrismiqStatement *statement;
	Bitmapset  *used;			/* of the statement's sources, those found */
	List	   *wrappers;		/* PrismiqWrapper * */
} Barrier;

/* ---- 1. What was compiled is what was found ---- */

/* The operator of an expression; invalid for other nodes. */
static Oid
operator_of(Node *node)
{
	if (IsA(node, OpExpr) || IsA(node, DistinctExpr) || IsA(node, NullIfExpr))
		return ((OpExpr *) node)->opno;
	if (IsA(node, ScalarArrayOpExpr))
		return ((ScalarArrayOpExpr *) node)->opno;
	return InvalidOid;
}

/* The function that an expression calls by name; invalid for other nodes. */
static Oid
function_of(Node *node)
{
	if (IsA(node, FuncExpr) && ((FuncExpr *) node)->funcformat == COERCE_EXPLICIT_CALL)
		return ((FuncExpr *) node)->funcid;
	if (IsA(node, Aggref))
		return ((Aggref *) node)->aggfnoid;
	if (IsA(node, WindowFunc))
		return ((WindowFunc *) node)->winfnoid;
	return InvalidOid;
}

/* Refuse an operator or function that was not printed. */
static void
check_printed(const PrismiqStatement *statement, Node *node)
{
	Oid			op = operator_of(node);
	Oid			function = function_of(node);

	if (IsA(node, RowCompareExpr) ||
		(OidIsValid(op) && !list_member_oid(statement->operators, op)))
		elog(ERROR, "unexpected operator %u", op);
	/*
	 * What is ours is called with arguments of its own types, which nothing fits
	 * better; but of an aggregate of any types there may be one that does.
	 */
	if (OidIsValid(function) && function >= FirstUnpinnedObjectId &&
		!list_member_oid(statement->functions, function) &&
		(!IsA(node, FuncExpr) || get_func_namespace(function) != statement->home))
		prismiq_barrier_refuse("function");
}

/* What is behind casts that change no value. */
static Node *
strip_relabel(Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

/* Is it the predicate that was printed with the source? */
static bool
is_predicate(Node *qual, const PrismiqSource *source)
{
	OpExpr	   *op = (OpExpr *) qual;
	Var		   *var;
	Param	   *param;

	if (source->tenant_attnum == 0)
		return qual == NULL;
	if (qual == NULL || !IsA(qual, OpExpr) || list_length(op->args) != 2 ||
		op->opno != source->tenant_eq)
		return false;
	var = (Var *) strip_relabel((Node *) linitial(op->args));
	param = (Param *) strip_relabel((Node *) lsecond(op->args));
	return IsA(var, Var) && var->varno == 1 && var->varlevelsup == 0 &&
		var->varattno == source->tenant_attnum && IsA(param, Param) &&
		param->paramkind == PARAM_EXTERN && param->paramid == source->tenant_param;
}

/*
 * Find the table on whose own rows the predicate is asked: what the subselect
 * is of, or what a simple view is of, whose tenant column is one of the table's.
 */
static void
find_table(PrismiqWrapper *wrapper, AttrNumber column)
{
	RangeTblEntry *rte = wrapper->base;
	Var		   *var = NULL;

	while (rte->rtekind != RTE_RELATION)
	{
		RangeTblRef *ref;
		TargetEntry *entry;

		if (!prismiq_view_is_simple(rte))
			return;
		ref = linitial_node(RangeTblRef, rte->subquery->jointree->fromlist);
		entry = get_tle_by_resno(rte->subquery->targetList, var ? var->varattno : column);
		if (entry == NULL || !IsA(entry->expr, Var))
			return;
		var = (Var *) entry->expr;
		if (var->varlevelsup != 0 || var->varno != ref->rtindex || var->varattno <= 0)
			return;
		rte = rt_fetch(ref->rtindex, rte->subquery->rtable);
	}
	wrapper->table = rte;
	wrapper->column = var;
}

/* Take a subselect for one of the statement's sources, each of which is there once. */
static void
take_source(Barrier *barrier, RangeTblEntry *rte)
{
	Query	   *query = rte->subquery;
	RangeTblEntry *base = linitial_node(RangeTblEntry, query->rtable);
	Node	   *qual = query->jointree->quals;
	PrismiqWrapper *wrapper;
	ListCell   *lc;

	foreach(lc, barrier->statement->sources)
	{
		const PrismiqSource *source = (const PrismiqSource *) lfirst(lc);
		int			position = foreach_current_index(lc);

		if (bms_is_member(position, barrier->used) ||
			source->relid != base->relid || !is_predicate(qual, source))
			continue;
		barrier->used = bms_add_member(barrier->used, position);
		if (source->tenant_attnum == 0)
			return;
		wrapper = palloc0(sizeof(PrismiqWrapper));
		wrapper->rte = rte;
		wrapper->base = base;
		wrapper->tenant = source->tenant_attnum;
		find_table(wrapper, source->tenant_attnum);
		barrier->wrappers = lappend(barrier->wrappers, wrapper);
		return;
	}
	prismiq_barrier_refuse("table");
}

/* Find every relation of the statement, and hold every operator against the text. */
static bool
find_sources(Node *node, void *context)
{
	Barrier    *barrier = (Barrier *) context;
	ListCell   *lc;

	if (node == NULL)
		return false;
	check_stack_depth();
	if (!IsA(node, Query))
	{
		check_printed(barrier->statement, node);
		return expression_tree_walker(node, find_sources, barrier);
	}
	foreach(lc, ((Query *) node)->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (prismiq_is_relation(rte))
		{
			/* Our own tables have policies of their own, and no sources. */
			if (barrier->statement->sources != NIL ||
				get_rel_namespace(rte->relid) != barrier->statement->home)
				prismiq_barrier_refuse("relation");
		}
		else if (prismiq_is_source(rte) && barrier->statement->sources != NIL)
		{
			take_source(barrier, rte);
			(void) find_sources((Node *) rte->subquery->targetList, barrier);
		}
		else if (rte->rtekind == RTE_SUBQUERY)
			(void) find_sources((Node *) rte->subquery, barrier);
		else
			(void) find_sources((Node *) rte->functions, barrier);
	}
	/* What else is in the range table, policies of tables above all, is not ours. */
	return query_tree_walker((Query *) node, find_sources, barrier, QTW_IGNORE_RANGE_TABLE);
}

/* ---- 3. The barrier ---- */

/* Is a view's column, through views of views, one that is stored? */
static bool
is_stored(const RangeTblEntry *rte, AttrNumber column)
{
	TargetEntry *entry;
	Var		   *var;

	check_stack_depth();
	if (rte->rtekind == RTE_RELATION)
		return !prismiq_column_is_virtual(rte->relid, column);
	if (rte->rtekind != RTE_SUBQUERY || rte->subquery->setOperations != NULL || column <= 0)
		return false;
	entry = get_tle_by_resno(rte->subquery->targetList, column);
	var = entry != NULL ? (Var *) strip_relabel((Node *) entry->expr) : NULL;
	return var != NULL && IsA(var, Var) && var->varlevelsup == 0 &&
		is_stored(rt_fetch(var->varno, rte->subquery->rtable), var->varattno);
}

/* Are all columns that a wrapper hands on stored? */
static bool
all_stored(const PrismiqWrapper *wrapper)
{
	int			count = list_length(wrapper->rte->subquery->targetList);
	int			column;

	for (column = 1; column <= count; column++)
		if (!is_stored(wrapper->rte, column))
			return false;
	return true;
}

/* The column of a predicate that was checked, to be put in its place. */
static void
replace_column(Node *qual, Var *column)
{
	Node	  **arg = (Node **) &linitial(castNode(OpExpr, qual)->args);

	while (IsA(*arg, RelabelType))
		arg = (Node **) &((RelabelType *) *arg)->arg;
	*arg = (Node *) copyObject(column);
}

/*
 * Let a subselect be read to its end before its first row is handed on, as only
 * a sort does.  It is by the time at which a row is read, so that rows stay in
 * their order, and sorting costs no more than looking at each of them.
 */
static void
read_to_end(Query *query)
{
	SortGroupClause *clause = makeNode(SortGroupClause);
	FuncExpr   *now = makeFuncExpr(F_CLOCK_TIMESTAMP, TIMESTAMPTZOID, NIL, InvalidOid,
								   InvalidOid, COERCE_EXPLICIT_CALL);
	TargetEntry *entry = makeTargetEntry((Expr *) now, list_length(query->targetList) + 1,
										 NULL, true);

	entry->ressortgroupref = 1;
	clause->tleSortGroupRef = 1;
	get_sort_group_operators(TIMESTAMPTZOID, true, true, false, &clause->sortop,
							 &clause->eqop, NULL, &clause->hashable);
	query->targetList = lappend(query->targetList, entry);
	query->sortClause = list_make1(clause);
}

/* Put the barrier in front of one table. */
static void
put_barrier(const PrismiqWrapper *wrapper)
{
	Query	   *query = wrapper->rte->subquery;

	if (prismiq_takes_quals(wrapper))
	{
		if (wrapper->column != NULL)
			replace_column(query->jointree->quals, wrapper->column);
		/* Before the table's own policies, which may be loud themselves. */
		wrapper->table->securityQuals = lcons(query->jointree->quals,
											  wrapper->table->securityQuals);
		query->jointree->quals = NULL;
		return;
	}
	wrapper->rte->security_barrier = true;
	if (wrapper->sealed || !all_stored(wrapper))
		query->limitOffset = (Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64),
												Int64GetDatum(0), false, FLOAT8PASSBYVAL);
	if (wrapper->sealed)
		read_to_end(query);
}

/* Check a statement of ours, and put barriers where they are needed. */
static void
guard_statement(Query *query, const PrismiqStatement *statement, ParamListInfo params)
{
	Barrier		barrier = {statement, NULL, NIL};
	Bitmapset  *loud;
	int			position = -1;

	if (query->commandType != CMD_SELECT || query->hasModifyingCTE || query->rowMarks != NIL)
		prismiq_barrier_refuse("command");
	(void) find_sources((Node *) query, &barrier);
	if (bms_num_members(barrier.used) != list_length(statement->sources))
		prismiq_barrier_refuse("number of tables");
	if (barrier.wrappers == NIL)
		return;
	loud = prismiq_loud_wrappers(query, barrier.wrappers, params);
	while ((position = bms_next_member(loud, position)) >= 0)
		put_barrier((const PrismiqWrapper *) list_nth(barrier.wrappers, position));
}

/* planner_hook: ours get their barriers; what is planned inside is not ours, and others neither. */
static PlannedStmt *
barrier_planner(Query *parse, const char *query_string, int cursor_options,
				ParamListInfo params)
{
	Armed		saved = armed;
	bool		bounded = false;
	PlannedStmt *planned;

	if (saved.text != NULL && query_string == saved.text)
	{
		guard_statement(parse, saved.statement, params);
		if (params == NULL)
			saved.seen_generic = true;
		else
			saved.seen_custom = true;
	}
	else
		bounded = prismiq_bucket_bounds(parse);
	armed.text = NULL;
	PG_TRY();
	{
		planned = next_planner_hook != NULL ?
			next_planner_hook(parse, query_string, cursor_options, params) :
			standard_planner(parse, query_string, cursor_options, params);
		if (saved.text != NULL && query_string == saved.text && saved.statement->dense)
			prismiq_jit_decide(planned);
		planned->dependsOnRole |= bounded;	/* a kept one is planned anew for another */
	}
	PG_FINALLY();
	{
		armed = saved;
	}
	PG_END_TRY();
	return planned;
}

/* Hook into the planner; once per backend. */
void
prismiq_barrier_init(void)
{
	next_planner_hook = planner_hook;
	planner_hook = barrier_planner;
}

/* ---- Planning, for the rest of the room ---- */

/* Another module did not hand the statement on to our hook. */
static void
refuse_unseen(void)
{
	elog(ERROR, "plan was made without the tenant barrier");
}

/*
 * GetCachedPlan() for a statement of ours.  "seen" is kept by the caller with
 * the source: the generation of the plan for any values that the hook saw.
 */
CachedPlan *
prismiq_barrier_cached_plan(CachedPlanSource *source, const PrismiqStatement *statement,
							ParamListInfo params, ResourceOwner owner, int *seen)
{
	Armed		before = armed;
	CachedPlan *volatile plan = NULL;

	PG_TRY();
	{
		armed = (Armed) {source->query_string, statement, false, false};
		plan = GetCachedPlan(source, params, owner, NULL);
		if (armed.seen_generic && source->gplan != NULL)
			*seen = source->gplan->generation;
		if (plan != source->gplan ? !armed.seen_custom : plan->generation != *seen)
			refuse_unseen();
	}
	PG_FINALLY();
	{
		armed = before;
	}
	PG_END_TRY();
	return plan;
}

/* pg_plan_query() for a statement of ours, for its own values; not kept. */
PlannedStmt *
prismiq_barrier_plan(Query *query, const PrismiqStatement *statement, int cursor_options,
					 ParamListInfo params)
{
	Armed		before = armed;
	PlannedStmt *volatile planned = NULL;

	PG_TRY();
	{
		armed = (Armed) {statement->sql, statement, false, false};
		planned = pg_plan_query(query, statement->sql, cursor_options, params);
		if (!armed.seen_custom && !armed.seen_generic)
			refuse_unseen();
	}
	PG_FINALLY();
	{
		armed = before;
	}
	PG_END_TRY();
	return planned;
}
