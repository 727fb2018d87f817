/*-------------------------------------------------------------------------
 *
 * silent.c
 *	  Which functions say nothing of the values they look at.
 *
 * A function is silent when it neither raises an error nor shows a value,
 * whatever it is given: then it may run on rows of any tenant, and the planner
 * may run it on statistics.  Those are the functions that PostgreSQL marks as
 * leakproof, and the ones listed here, each read for it in the sources of
 * versions 15 to 18:
 *
 * - comparisons of numeric, enum and jsonb values.  They are not marked, since
 *   they may fail for lack of memory, or on data that is corrupt;
 * - comparisons of dates and timestamps of different types.  They compare what
 *   is out of the other type's range as infinite and do not raise;
 * - casts that every value survives: to a wider number, from a name or a
 *   padded string to text;
 * - LIKE and ILIKE with a pattern that is known and does not end inside an
 *   escape, which is the only thing that they raise on, under a collation that
 *   they work with;
 * - equality of one-element arrays, if it is silent for the element;
 * - our own prismiq_json_text() and its like: what does not fit is null to them.
 *
 * All else is loud: arithmetic (it overflows), casts from text, concatenation,
 * date_trunc and AT TIME ZONE (out of range), regular expressions, and whatever
 * somebody made.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "catalog/catalogs.h"
#include "run/barrier.h"

/* Comparisons that fail for lack of memory or on corrupt data only. */
static bool
is_comparison(Oid function)
{
	switch (function)
	{
		case F_NUMERIC_EQ:
		case F_NUMERIC_NE:
		case F_NUMERIC_LT:
		case F_NUMERIC_LE:
		case F_NUMERIC_GT:
		case F_NUMERIC_GE:
		case F_NUMERIC_CMP:
		case F_ENUM_EQ:
		case F_ENUM_NE:
		case F_ENUM_LT:
		case F_ENUM_LE:
		case F_ENUM_GT:
		case F_ENUM_GE:
		case F_ENUM_CMP:
		case F_JSONB_EQ:
		case F_JSONB_NE:
		case F_JSONB_LT:
		case F_JSONB_LE:
		case F_JSONB_GT:
		case F_JSONB_GE:
		case F_JSONB_CMP:
			return true;
		default:
			return false;
	}
}

/* Comparisons across types, which take what is out of range as infinite. */
static bool
is_date_comparison(Oid function)
{
	switch (function)
	{
		case F_DATE_EQ_TIMESTAMP:
		case F_DATE_NE_TIMESTAMP:
		case F_DATE_LT_TIMESTAMP:
		case F_DATE_LE_TIMESTAMP:
		case F_DATE_GT_TIMESTAMP:
		case F_DATE_GE_TIMESTAMP:
		case F_DATE_EQ_TIMESTAMPTZ:
		case F_DATE_NE_TIMESTAMPTZ:
		case F_DATE_LT_TIMESTAMPTZ:
		case F_DATE_LE_TIMESTAMPTZ:
		case F_DATE_GT_TIMESTAMPTZ:
		case F_DATE_GE_TIMESTAMPTZ:
		case F_TIMESTAMP_EQ_DATE:
		case F_TIMESTAMP_NE_DATE:
		case F_TIMESTAMP_LT_DATE:
		case F_TIMESTAMP_LE_DATE:
		case F_TIMESTAMP_GT_DATE:
		case F_TIMESTAMP_GE_DATE:
		case F_TIMESTAMP_EQ_TIMESTAMPTZ:
		case F_TIMESTAMP_NE_TIMESTAMPTZ:
		case F_TIMESTAMP_LT_TIMESTAMPTZ:
		case F_TIMESTAMP_LE_TIMESTAMPTZ:
		case F_TIMESTAMP_GT_TIMESTAMPTZ:
		case F_TIMESTAMP_GE_TIMESTAMPTZ:
		case F_TIMESTAMPTZ_EQ_DATE:
		case F_TIMESTAMPTZ_NE_DATE:
		case F_TIMESTAMPTZ_LT_DATE:
		case F_TIMESTAMPTZ_LE_DATE:
		case F_TIMESTAMPTZ_GT_DATE:
		case F_TIMESTAMPTZ_GE_DATE:
		case F_TIMESTAMPTZ_EQ_TIMESTAMP:
		case F_TIMESTAMPTZ_NE_TIMESTAMP:
		case F_TIMESTAMPTZ_LT_TIMESTAMP:
		case F_TIMESTAMPTZ_LE_TIMESTAMP:
		case F_TIMESTAMPTZ_GT_TIMESTAMP:
		case F_TIMESTAMPTZ_GE_TIMESTAMP:
			return true;
		default:
			return false;
	}
}

/* Casts that every value survives. */
static bool
is_widening(Oid function)
{
	switch (function)
	{
		case F_INT4_INT2:
		case F_INT8_INT2:
		case F_INT8_INT4:
		case F_FLOAT8_FLOAT4:
		case F_FLOAT8_INT2:
		case F_FLOAT8_INT4:
		case F_FLOAT8_INT8:
		case F_NUMERIC_INT2:
		case F_NUMERIC_INT4:
		case F_NUMERIC_INT8:
		case F_TEXT_BPCHAR:
		case F_TEXT_NAME:
			return true;
		default:
			return false;
	}
}

/* Functions that are silent for all arguments, without being marked. */
static bool
is_listed(Oid function)
{
	return is_comparison(function) || is_date_comparison(function) || is_widening(function);
}

/* The value of an argument, when it is known while planning; else null. */
static const char *
known_text(Node *arg, ParamListInfo params)
{
	Param	   *param = (Param *) arg;

	if (IsA(arg, Const) && !((Const *) arg)->constisnull)
		return TextDatumGetCString(((Const *) arg)->constvalue);
	if (!IsA(arg, Param) || param->paramkind != PARAM_EXTERN || params == NULL ||
		params->paramFetch != NULL || param->paramid < 1 || param->paramid > params->numParams)
		return NULL;
	if ((params->params[param->paramid - 1].pflags & PARAM_FLAG_CONST) == 0 ||
		params->params[param->paramid - 1].isnull)
		return NULL;
	return TextDatumGetCString(params->params[param->paramid - 1].value);
}

/* Does LIKE never raise on this pattern?  Not when it ends in a bare escape. */
static bool
pattern_is_silent(Node *pattern, Oid collation, ParamListInfo params)
{
	const char *text;
	const char *p;

	while (IsA(pattern, RelabelType))
		pattern = (Node *) ((RelabelType *) pattern)->arg;
	if (exprType(pattern) != TEXTOID || !OidIsValid(collation) ||
		!get_collation_isdeterministic(collation))
		return false;
	text = known_text(pattern, params);
	if (text == NULL)
		return false;
	for (p = text; *p != '\0'; p += pg_mblen(p))
	{
		if (*p != '\\')
			continue;
		if (p[1] == '\0')
			return false;
		p++;
	}
	return true;
}

/* Is the type's own equality silent? */
static bool
equality_is_silent(Oid type)
{
	Oid			eq = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	Oid			function = OidIsValid(eq) ? get_opcode(eq) : InvalidOid;

	return OidIsValid(function) && (get_func_leakproof(function) || is_listed(function));
}

/* ARRAY[a] with an element whose equality is silent? */
static bool
is_silent_array(Node *arg)
{
	ArrayExpr  *array = (ArrayExpr *) arg;

	return IsA(arg, ArrayExpr) && !array->multidims && list_length(array->elements) == 1 &&
		equality_is_silent(array->element_typeid);
}

/*
 * Is a function silent for these arguments?  "params" are the statement's
 * parameters, or null in a plan for any; "collation" is what it works with.
 */
static bool
function_is_silent(Oid function, List *args, Oid collation, ParamListInfo params)
{
	if (is_listed(function) || get_func_leakproof(function) ||
		prismiq_is_inside_function(function))
		return true;
	switch (function)
	{
		case F_TEXTLIKE:
		case F_TEXTNLIKE:
		case F_TEXTICLIKE:
		case F_TEXTICNLIKE:
		case F_BPCHARLIKE:
		case F_BPCHARNLIKE:
		case F_BPCHARICLIKE:
		case F_BPCHARICNLIKE:
		case F_NAMELIKE:
		case F_NAMENLIKE:
		case F_NAMEICLIKE:
		case F_NAMEICNLIKE:
			return pattern_is_silent((Node *) lsecond(args), collation, params);
		case F_ARRAY_EQ:
			return is_silent_array((Node *) linitial(args)) &&
				is_silent_array((Node *) lsecond(args));
		default:
			return false;
	}
}

/* Is the order of a type's values found out silently? */
static bool
order_is_silent(Oid type)
{
	Oid			function = lookup_type_cache(type, TYPECACHE_CMP_PROC)->cmp_proc;

	return OidIsValid(function) && (get_func_leakproof(function) || is_listed(function));
}

/* A call's function and the collation that it works with; invalid for other nodes. */
static Oid
called_function(Node *node, List **args, Oid *collation)
{
	if (IsA(node, OpExpr) || IsA(node, DistinctExpr) || IsA(node, NullIfExpr))
	{
		*args = ((OpExpr *) node)->args;
		*collation = ((OpExpr *) node)->inputcollid;
		return get_opcode(((OpExpr *) node)->opno);
	}
	if (IsA(node, FuncExpr))
	{
		*args = ((FuncExpr *) node)->args;
		*collation = ((FuncExpr *) node)->inputcollid;
		return ((FuncExpr *) node)->funcid;
	}
	if (IsA(node, ScalarArrayOpExpr))
	{
		*args = ((ScalarArrayOpExpr *) node)->args;
		*collation = ((ScalarArrayOpExpr *) node)->inputcollid;
		return get_opcode(((ScalarArrayOpExpr *) node)->opno);
	}
	return InvalidOid;
}

/* Is the node of an expression itself silent, whatever stands below it? */
bool
prismiq_node_is_silent(Node *node, ParamListInfo params)
{
	List	   *args = NIL;
	Oid			collation = InvalidOid;
	Oid			function = called_function(node, &args, &collation);

	if (OidIsValid(function))
		return function_is_silent(function, args, collation, params);
	switch (nodeTag(node))
	{
		case T_List:
		case T_Const:
		case T_Param:
		case T_RelabelType:
		case T_CollateExpr:
		case T_BoolExpr:
		case T_NullTest:
		case T_BooleanTest:
		case T_CaseExpr:
		case T_CaseWhen:
		case T_CaseTestExpr:
		case T_CoalesceExpr:
		case T_RowExpr:
		case T_FieldSelect:
		case T_NamedArgExpr:
		case T_SQLValueFunction:
			return true;
		case T_MinMaxExpr:
			return order_is_silent(((MinMaxExpr *) node)->minmaxtype);
		case T_ArrayExpr:
			return !((ArrayExpr *) node)->multidims;
		default:
			return false;
	}
}
