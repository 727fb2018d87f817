/*-------------------------------------------------------------------------
 *
 * enums.c
 *	  Labels of enums as values.
 *
 * The labels of a type are read once for a definition and searched here.  The
 * system cache would do it as well, but it keeps an entry for every label that
 * is none, and those are whatever a caller likes to write.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "base/input_value.h"
#include "base/names.h"
#include "catalog/catalogs.h"

/* The labels of one type, and their values as the numbers. */
typedef struct EnumLabels
{
	Oid			type;
	PrismiqNames labels;
} EnumLabels;

/* All labels of an enum at once, each with the OID that is its value. */
static EnumLabels *
read_labels(Oid type)
{
	EnumLabels *result = palloc0(sizeof(EnumLabels));
	CatCList   *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	bool		found;
	int			i;

	result->type = type;
	for (i = 0; i < list->n_members; i++)
	{
		Form_pg_enum form = (Form_pg_enum) GETSTRUCT(&list->members[i]->tuple);

		prismiq_names_add(&result->labels, pstrdup(NameStr(form->enumlabel)),
						  &found)->number = (int) form->oid;
	}
	ReleaseSysCacheList(list);
	return result;
}

/* One of the labels of an enum; null when it has none. */
const char *
prismiq_enum_any(Oid type)
{
	CatCList   *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	const char *result = list->n_members == 0 ? NULL :
		pstrdup(NameStr(((Form_pg_enum) GETSTRUCT(&list->members[0]->tuple))->enumlabel));

	ReleaseSysCacheList(list);
	return result;
}

/* The labels of a type, read once where "known" keeps them (it may be null). */
static const EnumLabels *
labels_of(List **known, Oid type)
{
	EnumLabels *labels;
	ListCell   *lc;

	if (known == NULL)
		return read_labels(type);
	foreach(lc, *known)
		if (((const EnumLabels *) lfirst(lc))->type == type)
			return (const EnumLabels *) lfirst(lc);
	labels = read_labels(type);
	*known = lappend(*known, labels);
	return labels;
}

/* A label of an enum as its value; false when it is none. */
bool
prismiq_enum_find(List **known, Oid type, const char *label, Datum *value)
{
	const PrismiqName *found = prismiq_names_find(&labels_of(known, type)->labels, label);

	if (found == NULL)
		return false;
	*value = ObjectIdGetDatum((Oid) found->number);
	return true;
}

/* An array of labels, as the input of arrays writes it; false when it is none. */
bool
prismiq_enum_array_find(List **known, Oid type, const char *input, Datum *value)
{
	Oid			element = get_element_type(type);
	Datum		written;
	ArrayType  *array;
	Datum	   *values;
	bool	   *nulls;
	int			count;
	int			i;

	if (!prismiq_input_value(F_ARRAY_IN, input, TEXTOID, -1, &written))
		return false;
	array = DatumGetArrayTypeP(written);
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i] && !prismiq_enum_find(known, element, TextDatumGetCString(values[i]),
											&values[i]))
			return false;
	}
	*value = PointerGetDatum(construct_md_array(values, nulls, ARR_NDIM(array), ARR_DIMS(array),
												ARR_LBOUND(array), element, sizeof(Oid), true,
												TYPALIGN_INT));
	return true;
}
