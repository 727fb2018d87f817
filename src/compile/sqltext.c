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
#include "common/hashfn.h"
#include "parser/parse_func.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "compile/compile.h"

/* A function of more arguments than this is looked at anew each time. */
#define NAME_ARGS 4

/* More names than this are forgotten together. */
#define MAX_NAMES 4096

typedef enum NameKind
{
	NAME_TYPE,					/* as a statement writes it */
	NAME_SHOWN_TYPE,			/* as the caller is told of it */
	NAME_OPERATOR,
	NAME_FUNCTION
} NameKind;

/* What is printed; what is not used of it is zero. */
typedef struct NameKey
{
	NameKind	kind;
	Oid			object;
	Oid			args[NAME_ARGS];	/* of an operator or function */
} NameKey;

typedef struct NameEntry
{
	NameKey		key;
	char		status;			/* simplehash's */
	char	   *text;
} NameEntry;

/* A key's hash: its parts are few and small. */
static inline uint32
hash_name(const NameKey *key)
{
	uint32		hash = murmurhash32(key->object ^ ((uint32) key->kind << 28));
	int			i;

	for (i = 0; i < NAME_ARGS && OidIsValid(key->args[i]); i++)
		hash = hash_combine(hash, key->args[i]);
	return hash;
}

#define SH_PREFIX names
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE NameKey
#define SH_KEY key
#define SH_HASH_KEY(tb, key) hash_name(&(key))
#define SH_EQUAL(tb, a, b) (memcmp(&(a), &(b), sizeof(NameKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/*
 * How objects are written, found out once: telling whether a bare name leads
 * to the object costs more than everything else that is printed.  It holds as
 * long as the search path, quote_all_identifiers and the catalogs stay as they
 * are.
 */
static MemoryContext names_context = NULL;
static names_hash *names = NULL;
static PrismiqSearchPath *names_path = NULL;
static bool names_all_quoted;

/* What names and how they are resolved changed: what was found out no longer holds. */
static void
names_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	names = NULL;
}

/* Register the callbacks; once per backend. */
void
prismiq_sqltext_init(void)
{
	CacheRegisterSyscacheCallback(PROCOID, names_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(OPEROID, names_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, names_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(CASTSOURCETARGET, names_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, names_changed, (Datum) 0);
}

/* Begin to remember names under the search path in force. */
static void
begin_names(void)
{
	if (names_context == NULL)
		names_context = AllocSetContextCreate(CacheMemoryContext, "prismiq names",
											  ALLOCSET_SMALL_SIZES);
	names = NULL;
	names_path = NULL;
	MemoryContextReset(names_context);
	names_path = prismiq_search_path_get(names_context);
	names_all_quoted = quote_all_identifiers;
	names = names_create(names_context, 64, NULL);
}

/* A remembered name, or null.  It lasts until the next look: copy or print it at once. */
static const char *
recall_name(const NameKey *key)
{
	NameEntry  *entry;

	if (names == NULL || names_path == NULL || names_all_quoted != quote_all_identifiers ||
		!prismiq_search_path_matches(names_path) || names->members >= MAX_NAMES)
		begin_names();
	entry = names_lookup(names, *key);
	return entry != NULL ? entry->text : NULL;
}

/*
 * Remember a name, and return it.  Not when the catalogs changed while it was
 * found out: it is good for what is being printed, which was checked under the
 * same catalogs, and no longer.
 */
static const char *
remember_name(const NameKey *key, const char *text)
{
	NameEntry  *entry;
	char	   *copy;
	bool		found;

	if (names == NULL)
		return text;
	copy = MemoryContextStrdup(names_context, text);
	entry = names_insert(names, *key, &found);
	entry->text = copy;
	return copy;
}

/* Begin a statement. */
PrismiqSql *
prismiq_sql_begin(Oid home)
{
	PrismiqSql *sql = palloc0(sizeof(PrismiqSql));

	initStringInfo(&sql->buf);
	sql->params = NIL;
	sql->home = home;
	sql->wrapped = false;
	return sql;
}

/*
 * Append to the statement.  It is made of hundreds of small pieces, and there
 * is room for all but a few of them.
 */
static inline void
put(PrismiqSql *sql, const char *text)
{
	StringInfo	buf = &sql->buf;
	int			len = strlen(text);

	if (buf->len + len >= buf->maxlen)
		enlargeStringInfo(buf, len);
	memcpy(buf->data + buf->len, text, len + 1);
	buf->len += len;
}

/* Fixed text of ours: never anything that a caller wrote. */
void
prismiq_sql_text(PrismiqSql *sql, const char *fixed)
{
	put(sql, fixed);
}

/* A synthesised alias or a position: fixed prefix and number. */
void
prismiq_sql_number(PrismiqSql *sql, const char *prefix, int number)
{
	char		digits[12];

	pg_ltoa(number, digits);
	put(sql, prefix);
	put(sql, digits);
}

/* An identifier. */
void
prismiq_sql_name(PrismiqSql *sql, const char *name)
{
	put(sql, quote_identifier(name));
}

/*
 * A column of a table.  Each is named several times in a statement, and finding
 * out whether its name is to be quoted costs more than all else, so it is kept.
 */
void
prismiq_sql_column(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum,
				   const char *name)
{
	ListCell   *lc;

	foreach(lc, table->found)
	{
		PrismiqColumnRef *ref = (PrismiqColumnRef *) lfirst(lc);

		if (ref->attnum != attnum)
			continue;
		if (ref->quoted == NULL)
			ref->quoted = quote_identifier(ref->name);
		put(sql, ref->quoted);
		return;
	}
	prismiq_sql_name(sql, name);
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
	NameKey		key = {NAME_TYPE, type};
	const char *text = recall_name(&key);

	if (text == NULL)
		text = remember_name(&key, format_type_extended(type, -1, FORMAT_TYPE_TYPEMOD_GIVEN));
	put(sql, text);
}

/* A type's name as the caller is told of it. */
char *
prismiq_sql_type_name(Oid type)
{
	NameKey		key = {NAME_SHOWN_TYPE, type};
	const char *text = recall_name(&key);

	return text != NULL ? pstrdup(text) : pstrdup(remember_name(&key, format_type_be(type)));
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

/* An operator as it is written between operands of the given types. */
static char *
operator_text(Oid op, Oid left, Oid right)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(op));
	Form_pg_operator form;
	Operator	bare;
	char	   *text;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", op);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	bare = oper(NULL, list_make1(makeString(NameStr(form->oprname))), left, right, true, -1);
	if (bare != NULL && oprid(bare) == op)
		text = psprintf(" %s ", NameStr(form->oprname));
	else
		text = psprintf(" OPERATOR(%s.%s) ",
						quote_identifier(get_namespace_name(form->oprnamespace)),
						NameStr(form->oprname));
	if (bare != NULL)
		ReleaseSysCache(bare);
	ReleaseSysCache(tuple);
	return text;
}

/*
 * An infix operator between operands of the given types, with a space on
 * either side.
 */
void
prismiq_sql_operator(PrismiqSql *sql, Oid op, Oid left, Oid right)
{
	NameKey		key = {NAME_OPERATOR, op, {left, right}};
	const char *text = recall_name(&key);

	if (text == NULL)
		text = remember_name(&key, operator_text(op, left, right));
	put(sql, text);
}

/* Does an operator's name alone, between such operands, lead to it? */
bool
prismiq_sql_operator_is_bare(Oid op, Oid left, Oid right)
{
	char	   *name = get_opname(op);
	Operator	bare = oper(NULL, list_make1(makeString(name)), left, right, true, -1);
	bool		result = bare != NULL && oprid(bare) == op;

	if (bare != NULL)
		ReleaseSysCache(bare);
	return result;
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

/* A function's name as it is written before arguments of the given types. */
static char *
function_text(Oid function, int nargs, const Oid *args)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	char	   *text;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	text = quote_qualified_identifier(resolves_bare(NameStr(form->proname), function, nargs,
													args) ?
									  NULL : get_namespace_name(form->pronamespace),
									  NameStr(form->proname));
	ReleaseSysCache(tuple);
	return text;
}

/* The name of a function that is called with arguments of the given types, if any. */
void
prismiq_sql_function_of(PrismiqSql *sql, Oid function, int nargs, const Oid *args)
{
	NameKey		key = {NAME_FUNCTION, function};
	const char *text = NULL;

	if (nargs > NAME_ARGS)
	{
		put(sql, function_text(function, nargs, args));
		return;
	}
	if (nargs > 0)
		memcpy(key.args, args, sizeof(Oid) * nargs);
	text = recall_name(&key);
	if (text == NULL)
		text = remember_name(&key, function_text(function, nargs, args));
	put(sql, text);
}

/* The same, of one argument. */
void
prismiq_sql_function(PrismiqSql *sql, Oid function, Oid arg)
{
	prismiq_sql_function_of(sql, function, 1, &arg);
}

/* schema.table, as it stands in the statement and is reported to the caller. */
char *
prismiq_sql_table_name(const PrismiqTable *table)
{
	if (table->quoted == NULL)
		unconstify(PrismiqTable *, table)->quoted =
			quote_qualified_identifier(table->nspname, table->relname);
	return table->quoted;
}

/* A relation of the query, by its name. */
void
prismiq_sql_table(PrismiqSql *sql, const PrismiqTable *table)
{
	put(sql, prismiq_sql_table_name(table));
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
