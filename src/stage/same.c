/*-------------------------------------------------------------------------
 *
 * same.c
 *	  How the groups of two stages are told to be the same: those of the answer
 *	  and of the period before, rows and the places of "top", the combinations
 *	  of a filled series and its rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* Of a type, by its own operator. */
static PrismiqSame *
make_same(PrismiqSameKind kind, Oid type)
{
	PrismiqSame *same = palloc0(sizeof(PrismiqSame));

	same->kind = kind;
	same->operator = kind == PRISMIQ_SAME_ARRAYS ? ARRAY_EQ_OP :
		prismiq_comparison_operator(type, PRISMIQ_OP_EQ);
	return same;
}

/* Arrays of one element are equal where both elements are null, and = finds an index or hash. */
static PrismiqSame *
same_arrays(Oid type)
{
	PrismiqSame *same = make_same(PRISMIQ_SAME_ARRAYS, type);

	same->cast_type = type;
	return same;
}

/* Can values of a type be elements?  Arrays of arrays would be of more dimensions. */
static bool
has_arrays(Oid type)
{
	return OidIsValid(get_array_type(type)) && !OidIsValid(get_element_type(type));
}

/* May a column hold nulls? */
static bool
is_nullable(const PrismiqColumnRef *ref)
{
	return !ref->notnull || (ref->table != NULL && ref->table->nullable);
}

/* A key of the answer and of the period before. */
static PrismiqSame *
same_before(const PrismiqQuery *query, const PrismiqOutput *key)
{
	bool		bucket = key->role == PRISMIQ_ROLE_TIME;
	Oid			type = prismiq_base_type(key->type);

	/* Only a total has no bucket. */
	if (bucket && query->totals == NULL)
		return make_same(PRISMIQ_SAME_PLAIN, type);
	if (has_arrays(type))
		return same_arrays(type);
	return make_same(bucket ? PRISMIQ_SAME_PLAIN : PRISMIQ_SAME_OR_NULL, type);
}

/*
 * A group column and that of the places of "top".  An operator that the caller
 * may not use by its name can be used through arrays.
 */
static PrismiqSame *
same_place(const PrismiqColumnRef *ref)
{
	Oid			type = ref->basetype;	/* the column's own may be text by now */
	PrismiqSame *same = make_same(is_nullable(ref) ? PRISMIQ_SAME_OR_NULL : PRISMIQ_SAME_PLAIN,
								  type);

	return (is_nullable(ref) || !OidIsValid(same->operator)) && has_arrays(type) ?
		same_arrays(type) : same;
}

/* Any value of a type, to stand for nulls; null when none is known. */
static PrismiqConst *
any_value(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return prismiq_const_make(type, CStringGetTextDatum(""));
		case INT8OID:
			return prismiq_const_make(type, Int64GetDatum(0));
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return prismiq_const_make(type, TimestampGetDatum(0));
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case DATEOID:
			return prismiq_const_make(type, (Datum) 0);
		default:
			return NULL;
	}
}

/*
 * A combination of a filled series and its rows: both are of one type, so that
 * arrays of them need no cast.
 */
static PrismiqSame *
same_combination(const PrismiqColumnRef *ref, Oid type)
{
	PrismiqSame *same = make_same(PRISMIQ_SAME_PLAIN, type);

	if (!OidIsValid(same->operator))
		return make_same(PRISMIQ_SAME_ARRAYS, type);
	if (!is_nullable(ref))
		return same;
	same->instead = any_value(type);
	same->kind = same->instead != NULL ? PRISMIQ_SAME_FILLED : PRISMIQ_SAME_OR_NULL;
	return same;
}

/* The keys of the definition, in its last shape. */
void
prismiq_check_same(PrismiqQuery *query)
{
	PrismiqTop *top = query->top;
	List	   *places = NIL;
	List	   *combinations = NIL;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (!PrismiqColumnIsDimension(column))
			continue;
		if (top != NULL)
			places = lappend(places, same_place(column->ref));
		if (prismiq_is_filled(query))
			combinations = lappend(combinations,
								   same_combination(column->ref, column->basetype));
	}
	if (top != NULL)
	{
		foreach(lc, top->extras)
			places = lappend(places, same_place((const PrismiqColumnRef *) lfirst(lc)));
		top->same = places;
	}
	if (prismiq_is_filled(query))
	{
		foreach(lc, query->group_extra)
		{
			const PrismiqColumnRef *ref = (const PrismiqColumnRef *) lfirst(lc);

			combinations = lappend(combinations, same_combination(ref, ref->basetype));
		}
		query->time_series->same = combinations;
	}
	if (query->compare == NULL)
		return;
	query->compare->same = NIL;
	foreach(lc, query->keys)
		query->compare->same = lappend(query->compare->same,
									   same_before(query, (const PrismiqOutput *) lfirst(lc)));
}
