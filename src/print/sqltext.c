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
 * Relations, operators and functions are always printed with their schema,
 * PostgreSQL's own too.  A bare name would be looked up along the search path
 * whenever the statement is analysed, also long after it was printed, and an
 * operator that fits a column's type more closely (a domain, an array) wins
 * wherever on the path somebody puts it.  Only types are bare where that leads to
 * them.  What was printed is noted in the statement, and the barrier
 * (run/barrier.c) refuses a statement in which PostgreSQL found another
 * operator or function than was meant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "base/cache.h"
#include "base/compat.h"
#include "base/fault.h"
#include "catalog/catalogs.h"
#include "model/literal.h"
#include "model/table.h"
#include "model/words.h"
#include "print/print.h"
#include "print/statement.h"

/* More names than this are forgotten together. */
#define MAX_NAMES 4096

typedef enum NameKind
{
	NAME_TYPE,					/* as a statement writes it */
	NAME_SHOWN_TYPE,			/* as the caller is told of it */
	NAME_OPERATOR,
	NAME_FUNCTION
} NameKind;

/*
 * How objects are written, found out once: looking for names costs more than
 * everything else that is printed.  It holds as long as the search path (types
 * only), quote_all_identifiers and the catalogs stay as they are.  Keys: the
 * kind and the object.
 */
static PrismiqCache names = {
	.name = "prismiq names",
	.catalogs = PRISMIQ_OF_FUNCTIONS | PRISMIQ_OF_OPERATORS | PRISMIQ_OF_TYPES |
	PRISMIQ_OF_NAMESPACES,
	.max_entries = MAX_NAMES
};

/* What they were found under. */
static MemoryContext names_path_context = NULL;
static PrismiqSearchPath *names_path = NULL;
static bool names_all_quoted;

/* From now on names are found under the search path in force. */
static void
take_path(void)
{
	prismiq_cache_forget(&names);
	if (names_path_context == NULL)
		names_path_context = AllocSetContextCreate(CacheMemoryContext, "prismiq names' path",
												   ALLOCSET_SMALL_SIZES);
	names_path = NULL;
	MemoryContextReset(names_path_context);
	names_path = prismiq_search_path_get(names_path_context);
	names_all_quoted = quote_all_identifiers;
}

/* A remembered name, or null.  It lasts until the next look: copy or print it at once. */
static const char *
recall_name(PrismiqCacheKey *key)
{
	if (names_path == NULL || names_all_quoted != quote_all_identifiers ||
		!prismiq_search_path_matches(names_path))
		take_path();
	return prismiq_cache_find(&names, key);
}

/* Remember a name that was found out, and return it. */
static const char *
remember_name(const PrismiqCacheKey *key, const char *text)
{
	prismiq_cache_keep(&names, key, text, strlen(text) + 1);
	return text;
}

/* "print_query" prints nested definitions, for the rooms below do not know how. */
PrismiqSql *
prismiq_sql_begin(Oid home, PrismiqQueryPrinter print_query)
{
	PrismiqSql *sql = palloc0(sizeof(PrismiqSql));

	initStringInfo(&sql->buf);
	sql->params = NIL;
	sql->home = home;
	sql->print_query = print_query;
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

/*
 * What a printer would add to the statement, which stays as it is, but for its
 * parameters: a fragment that is to stand in several places is printed once.
 */
char *
prismiq_sql_set_aside(PrismiqSql *sql, PrismiqConditionPrinter print,
					  const PrismiqCondition *condition)
{
	StringInfoData statement = sql->buf;
	char	   *result;

	initStringInfo(&sql->buf);
	print(sql, condition);
	result = sql->buf.data;
	sql->buf = statement;
	return result;
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

/* An identifier, always quoted where it has to be: the only code that does. */
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

/* A schema's name, quoted; of one that is gone just now there is nothing to print. */
const char *
prismiq_sql_schema_name(Oid nspid)
{
	char	   *name = get_namespace_name(nspid);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema was dropped while a definition was compiled")));
	return quote_identifier(name);
}

/* One of the extension's own tables or functions. */
void
prismiq_sql_home(PrismiqSql *sql, const char *function)
{
	put(sql, prismiq_sql_schema_name(sql->home));
	appendStringInfoChar(&sql->buf, '.');
	put(sql, quote_identifier(function));
}

/*
 * A type's name without a length: "bpchar" and not "character", which would be
 * one character.
 */
static void
print_type(PrismiqSql *sql, Oid type)
{
	PrismiqCacheKey key = {{NAME_TYPE, type}};
	const char *text = recall_name(&key);

	if (text == NULL)
		text = remember_name(&key, format_type_extended(type, -1,
														FORMAT_TYPE_TYPEMOD_GIVEN));
	put(sql, text);
}

/* The type of a column of a function's rows: PostgreSQL's own. */
void
prismiq_sql_type(PrismiqSql *sql, Oid type)
{
	print_type(sql, type);
}

/* A type's name as the caller is told of it. */
char *
prismiq_sql_type_name(Oid type)
{
	PrismiqCacheKey key = {{NAME_SHOWN_TYPE, type}};
	const char *text = recall_name(&key);

	return pstrdup(text != NULL ? text : remember_name(&key, format_type_be(type)));
}

/*
 * ::type.  Where the caller may not use the type's schema it cannot be named,
 * and need not be: such a type is only ever that of a column, or of a domain
 * over it, and a parameter has the type that it is declared with.
 */
void
prismiq_sql_cast(PrismiqSql *sql, Oid type)
{
	if (!prismiq_type_is_nameable(type))
		return;
	put(sql, "::");
	print_type(sql, type);
}

/* A type that the caller may not name comes as a parameter. */
void
prismiq_sql_null(PrismiqSql *sql, Oid type)
{
	PrismiqConst *value;

	if (prismiq_type_is_nameable(type))
	{
		put(sql, "NULL::");
		print_type(sql, type);
		return;
	}
	value = prismiq_const_make(type, (Datum) 0);
	value->isnull = true;
	(void) prismiq_sql_const(sql, value);
}

/* A value: $n::type.  The same constant gets the same number, which is returned. */
int
prismiq_sql_const(PrismiqSql *sql, PrismiqConst *value)
{
	int			number = value->number;

	/* The number may be that of another statement. */
	if (number == 0 || number > list_length(sql->params) ||
		list_nth(sql->params, number - 1) != value)
	{
		sql->params = lappend(sql->params, value);
		number = value->number = list_length(sql->params);
	}
	prismiq_sql_number(sql, "$", number);
	prismiq_sql_cast(sql, value->type);
	return number;
}

/* An operator as it is written between its operands. */
static char *
operator_text(Oid op)
{
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(op));
	Form_pg_operator form;
	char	   *name;
	Oid			nspid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", op);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	name = pstrdup(NameStr(form->oprname));
	nspid = form->oprnamespace;
	ReleaseSysCache(tuple);
	return psprintf(" OPERATOR(%s.%s) ", prismiq_sql_schema_name(nspid), name);
}

/*
 * An infix operator, with a space on either side.  Written so, all operators
 * bind equally: what is to bind more closely is printed in parentheses.
 */
void
prismiq_sql_operator(PrismiqSql *sql, Oid op)
{
	PrismiqCacheKey key = {{NAME_OPERATOR, op}};
	const char *text = recall_name(&key);

	if (text == NULL)
		text = remember_name(&key, operator_text(op));
	put(sql, text);
	sql->operators = list_append_unique_oid(sql->operators, op);
}

/*
 * The operator that compares two values of a type of PostgreSQL's own, where
 * what is compared is ours and not of the definition.  The numbers are those of
 * pg_operator.dat, most of which have no name in PostgreSQL's headers.
 */
void
prismiq_sql_compare(PrismiqSql *sql, Oid type, PrismiqOperator op)
{
	static const struct
	{
		Oid			type;
		Oid			operators[PRISMIQ_OP_LTE + 1];	/* =, <>, >, >=, <, <= */
	}			known[] = {
		{BOOLOID, {BooleanEqualOperator, BooleanNotEqualOperator, 59, 1695, 58, 1694}},
		{INT8OID, {410, 411, 413, 415, Int8LessOperator, 414}},
		{INT4OID, {Int4EqualOperator, 518, 521, 525, Int4LessOperator, 523}},
		{TEXTOID, {TextEqualOperator, 531, 666, TextGreaterEqualOperator, TextLessOperator, 665}},
		{DATEOID, {1093, 1094, 1097, 1098, 1095, 1096}},
		{TIMESTAMPOID, {2060, 2061, 2064, 2065, 2062, 2063}},
		{TIMESTAMPTZOID, {1320, 1321, 1324, 1325, 1322, 1323}},
		{UUIDOID, {2972, 2973, 2975, 2977, 2974, 2976}},
	};
	int			i;

	for (i = 0; i < lengthof(known) && known[i].type != type; i++)
		;
	if (i == lengthof(known) || op >= lengthof(known[i].operators))
		elog(ERROR, "no operator %d is known for type %u", (int) op, type);
	prismiq_sql_operator(sql, known[i].operators[op]);
}

/* Is every name looked up in pg_catalog before it is anywhere else? */
bool
prismiq_sql_catalog_is_first(void)
{
	ListCell   *lc;

	/* Operators and functions are never looked for in the schema of temporary tables. */
	foreach(lc, fetch_search_path(true))
		if (!isTempNamespace(lfirst_oid(lc)))
			return lfirst_oid(lc) == PG_CATALOG_NAMESPACE;
	return false;
}

/* A function's name as it is written before its arguments. */
static char *
function_text(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	char	   *name;
	Oid			nspid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	name = pstrdup(NameStr(form->proname));
	nspid = form->pronamespace;
	ReleaseSysCache(tuple);
	return psprintf("%s.%s", prismiq_sql_schema_name(nspid), quote_identifier(name));
}

/* The name of a function, aggregate or window function. */
void
prismiq_sql_function(PrismiqSql *sql, Oid function)
{
	PrismiqCacheKey key = {{NAME_FUNCTION, function}};
	const char *text = recall_name(&key);

	if (text == NULL)
		text = remember_name(&key, function_text(function));
	put(sql, text);
	sql->functions = list_append_unique_oid(sql->functions, function);
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
	statement->hash = DatumGetUInt32(hash_any((const unsigned char *) sql->buf.data,
											  sql->buf.len));
	statement->operators = sql->operators;
	statement->functions = sql->functions;
	statement->home = sql->home;
	statement->dense = sql->dense;
	statement->sources = sql->sources;
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
