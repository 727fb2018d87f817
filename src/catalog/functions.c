/*-------------------------------------------------------------------------
 *
 * functions.c
 *	  Functions of the application's, by their signatures; and which are in C.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "catalog/catalogs.h"

#define ARGUMENTS "(jsonb)"

/* See the header.  No right of the caller's is asked for. */
bool
prismiq_function_find(const char *signature, PrismiqFunction *function)
{
	static const Oid jsonb[] = {JSONBOID};
	size_t		length = strlen(signature);
	HeapTuple	tuple;
	Form_pg_proc form;
	List	   *names;

	if (length <= strlen(ARGUMENTS) ||
		strcmp(signature + length - strlen(ARGUMENTS), ARGUMENTS) != 0 ||
		!SplitIdentifierString(pnstrdup(signature, length - strlen(ARGUMENTS)), '.', &names) ||
		list_length(names) != 2)
		return false;
	function->schema = prismiq_schema_by_name((const char *) linitial(names));
	if (!OidIsValid(function->schema))
		return false;
	tuple = SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum((char *) lsecond(names)),
							PointerGetDatum(buildoidvector(jsonb, lengthof(jsonb))),
							ObjectIdGetDatum(function->schema));
	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	function->oid = form->oid;
	function->owner = form->proowner;
	function->type = form->prorettype;
	function->is_plain = form->prokind == PROKIND_FUNCTION && !form->proretset &&
		!OidIsValid(form->provariadic);
	ReleaseSysCache(tuple);
	return true;
}

/* Is it a function in C by that symbol?  Only a superuser makes such. */
bool
prismiq_function_has_symbol(HeapTuple tuple, const char *symbol)
{
	bool		isnull;
	Datum		source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);

	return ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId && !isnull &&
		strcmp(TextDatumGetCString(source), symbol) == 0;
}
