/*-------------------------------------------------------------------------
 *
 * sqltext.c
 *	  The only code that writes identifiers, operators, functions, types and
 *	  parameters into a statement.
 *
 * Nothing that a caller wrote reaches the text: names are the catalog's own,
 * quoted; values are parameters, $n::type; everything else is fixed text of
 * ours.
 *
 * Relations and our own functions are always printed with their schema.
 * PostgreSQL's operators and functions are printed bare where the bare name
 * leads to the same object under the search path in force, as ruleutils.c
 * does, and qualified where it does not; so the statement means the same
 * whatever the caller's search_path, and reads well under an ordinary one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "parser/parse_func.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "compile/compile.h"

/* Which functions may be printed bare, under one search path. */
#define BARE_ARGS 4

typedef struct BareKey
{
	Oid			function;
	Oid			args[BARE_ARGS];	/* zero beyond the arguments */
} BareKey;

typedef struct BareEntry
{
	BareKey		key;
	bool		bare;
} BareEntry;

static MemoryContext bare_context = NULL;
static HTAB *bare_functions = NULL;
static PrismiqSearchPath *bare_path = NULL;

/* Functions or schemas changed: what was found out no longer holds. */
static void
names_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	bare_functions = NULL;
}

/* Register the callbacks; once per backend. */
void
prismiq_sqltext_init(void)
{
	CacheRegisterSyscacheCallback(PROCOID, names_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, names_changed, (Datum) 0);
}

/* Begin a statement. */
PrismiqSql *
prismiq_sql_begin(Oid home)
{
	PrismiqSql *sql = palloc(sizeof(PrismiqSql));

	initStringInfo(&sql->buf);
	sql->params = NIL;
	sql->home = home;
	sql->wrapped = false;
	return sql;
}

/* Fixed text of ours: never anything that a caller wrote. */
void
prismiq_sql_text(PrismiqSql *sql, const char *fixed)
{
	appendStringInfoString(&sql->buf, fixed);
}

/* A synthesised alias or a position: fixed prefix and number. */
void
prismiq_sql_number(PrismiqSql *sql, const char *prefix, int number)
{
	char		digits[12];

	pg_ltoa(number, digits);
	appendStringInfoString(&sql->buf, prefix);
	appendStringInfoString(&sql->buf, digits);
}

/* An identifier. */
void
prismiq_sql_name(PrismiqSql *sql, const char *name)
{
	appendStringInfoString(&sql->buf, quote_identifier(name));
}

/* schema.name */
void
prismiq_sql_qualified(PrismiqSql *sql, const char *nspname, const char *name)
{
	prismiq_sql_name(sql, nspname);
	appendStringInfoChar(&sql->buf, '.');
	prismiq_sql_name(sql, name);
}

/* One of the extension's own functions. */
void
prismiq_sql_home(PrismiqSql *sql, const char *function)
{
	prismiq_sql_qualified(sql, get_namespace_name(sql->home), function);
}

/*
 * A type's name without a length: "bpchar" and not "character", which would be
 * one character.
 */
void
prismiq_sql_type(PrismiqSql *sql, Oid type)
{
	appendStringInfoString(&sql->buf,
						   format_type_extended(type, -1, FORMAT_TYPE_TYPEMOD_GIVEN));
}

/* A value: $n::type.  The same constant gets the same number. */
void
prismiq_sql_const(PrismiqSql *sql, PrismiqConst *value)
{
	int			number = 0;
	ListCell   *lc;

	foreach(lc, sql->params)
	{
		number++;
		if (lfirst(lc) == value)
			break;
	}
	if (lc == NULL)
	{
		sql->params = lappend(sql->params, value);
		number = list_length(sql->params);
	}
	prismiq_sql_number(sql, "$", number);
	prismiq_sql_text(sql, "::");
	prismiq_sql_type(sql, value->type);
}

/*
 * An infix operator between operands of the given types, with a space on
 * either side.
 */
void
prismiq_sql_operator(PrismiqSql *sql, Oid op, Oid left, Oid right)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(op));
	Form_pg_operator form;
	Operator	bare;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", op);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	bare = oper(NULL, list_make1(makeString(NameStr(form->oprname))), left, right, true, -1);

	appendStringInfoChar(&sql->buf, ' ');
	if (bare != NULL && oprid(bare) == op)
		appendStringInfoString(&sql->buf, NameStr(form->oprname));
	else
	{
		appendStringInfoString(&sql->buf, "OPERATOR(");
		prismiq_sql_name(sql, get_namespace_name(form->oprnamespace));
		appendStringInfo(&sql->buf, ".%s)", NameStr(form->oprname));
	}
	appendStringInfoChar(&sql->buf, ' ');
	if (bare != NULL)
		ReleaseSysCache(bare);
	ReleaseSysCache(tuple);
}

/* Does the bare name of a function, given such arguments, lead to it? */
static bool
resolves_bare(const char *name, Oid function, int nargs, const Oid *args)
{
	Oid			given[FUNC_MAX_ARGS];
	Oid			found;
	Oid			rettype;
	bool		retset;
	int			nvargs;
	Oid			vatype;
	Oid		   *declared;
	FuncDetailCode code;

	if (nargs > 0)
		memcpy(given, args, sizeof(Oid) * nargs);
	code = func_get_detail(list_make1(makeString(pstrdup(name))), NIL, NIL, nargs, given,
						   false, false, false, &found, &rettype, &retset, &nvargs, &vatype,
						   &declared, NULL);
	return (code == FUNCDETAIL_NORMAL || code == FUNCDETAIL_AGGREGATE ||
			code == FUNCDETAIL_WINDOWFUNC) && found == function;
}

/* The same, remembered for as long as the search path and the catalogs hold. */
static bool
may_print_bare(const char *name, Oid function, int nargs, const Oid *args)
{
	BareKey		key;
	BareEntry  *entry;
	bool		bare;
	bool		found;

	if (bare_functions == NULL || bare_path == NULL || !prismiq_search_path_matches(bare_path))
	{
		HASHCTL		ctl;

		if (bare_context == NULL)
			bare_context = AllocSetContextCreate(CacheMemoryContext, "prismiq function names",
												 ALLOCSET_SMALL_SIZES);
		bare_functions = NULL;
		bare_path = NULL;
		MemoryContextReset(bare_context);
		ctl.keysize = sizeof(BareKey);
		ctl.entrysize = sizeof(BareEntry);
		ctl.hcxt = bare_context;
		bare_path = prismiq_search_path_get(bare_context);
		bare_functions = hash_create("prismiq function names", 64, &ctl,
									 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	if (nargs > BARE_ARGS)
		return resolves_bare(name, function, nargs, args);
	memset(&key, 0, sizeof(key));
	key.function = function;
	if (nargs > 0)
		memcpy(key.args, args, sizeof(Oid) * nargs);
	entry = hash_search(bare_functions, &key, HASH_FIND, NULL);
	if (entry != NULL)
		return entry->bare;
	bare = resolves_bare(name, function, nargs, args);
	if (bare_functions != NULL)
	{
		entry = hash_search(bare_functions, &key, HASH_ENTER, &found);
		entry->bare = bare;
	}
	return bare;
}

/* The name of a function that is called with arguments of the given types, if any. */
void
prismiq_sql_function_of(PrismiqSql *sql, Oid function, int nargs, const Oid *args)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (may_print_bare(NameStr(form->proname), function, nargs, args))
		prismiq_sql_name(sql, NameStr(form->proname));
	else
		prismiq_sql_qualified(sql, get_namespace_name(form->pronamespace),
							  NameStr(form->proname));
	ReleaseSysCache(tuple);
}

/* The same, of one argument. */
void
prismiq_sql_function(PrismiqSql *sql, Oid function, Oid arg)
{
	prismiq_sql_function_of(sql, function, 1, &arg);
}

/* schema.table, as it is reported to the caller. */
char *
prismiq_sql_table_name(const PrismiqTable *table)
{
	return quote_qualified_identifier(table->nspname, table->relname);
}

/* The statement with its parameters. */
PrismiqStatement *
prismiq_sql_finish(PrismiqSql *sql)
{
	PrismiqStatement *statement = palloc0(sizeof(PrismiqStatement));
	ListCell   *lc;
	int			i = 0;

	statement->sql = sql->buf.data;
	statement->nparams = list_length(sql->params);
	statement->params = palloc(sizeof(PrismiqParam) * Max(1, statement->nparams));
	foreach(lc, sql->params)
	{
		const PrismiqConst *value = (const PrismiqConst *) lfirst(lc);

		statement->params[i].type = value->type;
		statement->params[i].value = value->value;
		statement->params[i].isnull = value->isnull;
		i++;
	}
	return statement;
}
