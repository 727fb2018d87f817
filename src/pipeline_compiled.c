/*-------------------------------------------------------------------------
 *
 * pipeline_compiled.c
 *	  Definitions that were compiled before.
 *
 * To compile is to look at a great deal: a definition that was compiled before, with
 * nothing changed since, is found here by its bytes.  It is found only where all that
 * the check looks at is as it was, which is gathered here and nowhere else:
 *
 *	- what is asked: the bytes of the definition and of the options, the schema whose
 *	  tables are meant; of a widget its id, its dashboard's zone, and the documents
 *	  that its filters are read from (see_asked())
 *	- who is asking: the role of the database, the tenant, the user, the roles, from
 *	  whatever source they are (see_who())
 *	- settings: prismiq.schema, the limits that are in force, the fiscal year,
 *	  prismiq.dense, the memory of hash tables, the session's zone,
 *	  quote_all_identifiers, row_security; the search path, as PostgreSQL compares it.
 *	  How values are read and written is fixed at the door (base/notation.h)
 *	- now: what relative dates mean (model/now.h).  What is of the very instant is
 *	  not remembered, nor is a value that only its type's input function knows
 *	- the catalogs: an entry is forgotten when any relation or anything in the
 *	  catalogs that "compiled" names changes.  Which of them a check asks is spread over
 *	  all its rooms, so this is more than it needs: tables with columns, keys, rights,
 *	  policies, rules, partitions; schemas, types, enums, domains, collations; operators
 *	  and their classes and families, functions, aggregates, casts; roles and who is
 *	  a member of them; statistics.  Exposures, the tenant's settings and the model are
 *	  tables, whose changes a trigger tells as one of the relation
 *
 * What is read with a snapshot (saved queries inside a definition, the range of a series
 * that has none, the values of a pivot) is never remembered, nor are faults: a
 * definition with one is compiled anew, until it is right.
 *
 * An entry is used only after the definition's tables have been locked, as they are by
 * who compiles it, and every change that was committed by then has been heard of.  A
 * change of our own transaction is heard of at once, and again when it is rolled back.
 *
 * A definition is kept from the second time on that it is asked: most that are asked
 * but once have a value in them that will not come again, and to keep one costs a fifth
 * of compiling it and the memory of another.
 *
 * All that was made of the definition stays in the memory that it was made in, which is
 * the entry's.  Nobody may change it: whoever is handed an entry has the lists of faults
 * for himself, and of the rest pointers to const.  It is there until the memory context
 * goes in which it was handed out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "executor/nodeHash.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rls.h"

#include "access/access.h"
#include "base/cache.h"
#include "base/compat.h"
#include "base/settings.h"
#include "model/now.h"
#include "pipeline.h"
#include "pipeline_compiled.h"
#include "pipeline_widget.h"
#include "print/statement.h"
#include "who/who.h"

/* More are not kept, however small they are. */
#define MAX_ENTRIES 1024

/* So many definitions that were asked once are known when they come again. */
#define ASKED_BEFORE 1024

/* Lists by hash. */
#define LISTS 256

/* How much more memory a JSON tree takes than the document that it is of. */
#define TREE_FACTOR 4

struct Table;

/* A definition that was compiled, in memory of its own. */
typedef struct PrismiqCompiled
{
	struct PrismiqCompiled *next;	/* in the same list */
	dlist_node	node;			/* of all: the one used last comes first */
	struct Table *table;
	MemoryContext memory;
	Size		bytes;
	int			uses;			/* by calls that are under way */

	uint32		hash;
	PrismiqPiece pieces[PRISMIQ_ASKED_PIECES];
	PrismiqSearchPath *path;
	PrismiqHolds holds;

	int			nrelids;
	Oid		   *relids;			/* to be locked */
	PrismiqPipeline pipeline;
	List	   *placed;			/* positions of the filters that found their place */
	const Jsonb *told;			/* prismiq_compile()'s answer; or null */
} PrismiqCompiled;

typedef struct Table
{
	PrismiqCompiled *lists[LISTS];
	dlist_head	used;
	Size		bytes;
	int			count;
} Table;

/* The root is a Table. */
static PrismiqCache compiled = {
	.name = "prismiq compiled definitions",
	.catalogs = PRISMIQ_OF_ANY_RELATION | PRISMIQ_OF_NAMESPACES | PRISMIQ_OF_TYPES |
	PRISMIQ_OF_ENUMS | PRISMIQ_OF_COLLATIONS | PRISMIQ_OF_FUNCTIONS | PRISMIQ_OF_AGGREGATES |
	PRISMIQ_OF_OPERATORS | PRISMIQ_OF_OPERATOR_CLASSES | PRISMIQ_OF_OPERATOR_FAMILIES |
	PRISMIQ_OF_CASTS | PRISMIQ_OF_ROLES | PRISMIQ_OF_STATISTICS
};

/* Tenants' settings that entries hold on to: of one generation alone. */
static uint64 settings_generation = 0;

/* Hashes of what was asked before, whether it was kept or not. */
static uint32 asked_before[ASKED_BEFORE];

/* Append a text that may be null, so that no two lists of them look the same. */
static void
see_text(StringInfo buf, const char *text)
{
	int			length = text == NULL ? -1 : (int) strlen(text);

	appendBinaryStringInfo(buf, (const char *) &length, sizeof(length));
	if (length > 0)
		appendBinaryStringInfo(buf, text, length);
}

/* Who is asking; false without a context. */
static bool
see_who(StringInfo buf)
{
	const PrismiqContext *who = prismiq_context_get();
	ListCell   *lc;

	if (!who->present)
		return false;
	see_text(buf, who->tenant_id);
	see_text(buf, who->user_id);
	foreach(lc, who->roles)
		see_text(buf, (const char *) lfirst(lc));
	see_text(buf, NULL);
	return true;
}

/* A piece of the key. */
static void
see_piece(PrismiqCompiling *compiling, int number, const void *data, Size length)
{
	compiling->pieces[number].data = data;
	compiling->pieces[number].length = length;
	if (length > 0)
		compiling->hash = hash_combine(compiling->hash, hash_bytes(data, (int) length));
}

/* A document as a piece of the key; or null. */
static void
see_document(PrismiqCompiling *compiling, int number, const Jsonb *document)
{
	see_piece(compiling, number, document, document == NULL ? 0 : VARSIZE(document));
}

/* All that a definition is compiled from; false when it cannot be told. */
static bool
see_asked(PrismiqCompiling *compiling)
{
	const PrismiqAsked *asked = compiling->asked;
	const PrismiqDashboardCall *call = asked->call;
	PrismiqSeen *seen = &compiling->seen;
	StringInfoData texts;
	int			i;

	initStringInfo(&texts);
	if (!see_who(&texts))
		return false;
	see_text(&texts, prismiq_setting_schema);
	see_text(&texts, call == NULL ? NULL : call->timezone);
	see_text(&texts, call == NULL ? NULL : call->placing.widget_id);

	memset(seen, 0, sizeof(*seen));
	seen->role = GetUserId();
	seen->tables = asked->tables;
	prismiq_settings_see(&seen->settings);
	seen->quote_all = quote_all_identifiers;
	seen->row_security = row_security;
	seen->has_filters = call != NULL;
	seen->hash_memory = get_hash_memory_limit();
	seen->zone = session_timezone;

	compiling->hash = 0;
	see_piece(compiling, 0, seen, sizeof(*seen));
	see_piece(compiling, 1, texts.data, texts.len);
	see_document(compiling, 2, asked->definition);
	see_document(compiling, 3, asked->options);
	for (i = 0; i < PRISMIQ_FILTER_DOCUMENTS; i++)
		see_document(compiling, 4 + i, call == NULL ? NULL : call->filter_documents[i]);
	return true;
}

/* Begin a look-up: what may be untrue is forgotten.  The result is the cache's generation. */
static uint64
begin(void)
{
	uint64		settings = prismiq_config_generation();

	if (settings != settings_generation)
		prismiq_cache_forget(&compiled);
	settings_generation = settings;
	return prismiq_cache_begin(&compiled);
}

/* Has nothing changed since a look-up began? */
static bool
nothing_changed(uint64 generation)
{
	return prismiq_config_generation() == settings_generation &&
		prismiq_cache_holds(&compiled, generation);
}

/* Is it what is asked, under what is in force now? */
static bool
is_of(const PrismiqCompiled *entry, const PrismiqCompiling *compiling)
{
	int			i;

	if (entry->hash != compiling->hash)
		return false;
	for (i = 0; i < PRISMIQ_ASKED_PIECES; i++)
	{
		const PrismiqPiece *a = &entry->pieces[i];
		const PrismiqPiece *b = &compiling->pieces[i];

		if (a->length != b->length ||
			(a->length > 0 && memcmp(a->data, b->data, a->length) != 0))
			return false;
	}
	return prismiq_search_path_matches(entry->path) &&
		prismiq_holds_at(&entry->holds, GetCurrentTransactionStartTimestamp());
}

/* Lock the tables of an entry; false, and no lock kept, when something has changed by then. */
static bool
lock_tables(const PrismiqCompiled *entry, uint64 generation)
{
	int			i;

	/* Do not queue on locks of what the caller may not see any more. */
	AcceptInvalidationMessages();
	if (!nothing_changed(generation))
		return false;
	for (i = 0; i < entry->nrelids; i++)
		LockRelationOid(entry->relids[i], AccessShareLock);
	AcceptInvalidationMessages();
	if (nothing_changed(generation))
		return true;
	for (i = 0; i < entry->nrelids; i++)
		UnlockRelationOid(entry->relids[i], AccessShareLock);
	return false;
}

/* Hand an entry out: it stays until the current memory context goes. */
static void
hand_out(PrismiqCompiled *entry, const PrismiqAsked *asked, PrismiqPipeline *pipeline)
{
	ListCell   *lc;

	prismiq_cache_pin(&compiled, &entry->uses);
	dlist_move_head(&entry->table->used, &entry->node);
	*pipeline = entry->pipeline;
	pipeline->faults.warnings = list_copy(entry->pipeline.faults.warnings);
	pipeline->compiled = entry;
	if (asked->call == NULL)
		return;
	asked->call->placing.placed = NIL;
	foreach(lc, entry->placed)
		asked->call->placing.placed = lappend(asked->call->placing.placed,
											  list_nth(asked->call->placing.filters,
													   lfirst_int(lc)));
}

/* Has a definition of that hash been asked before?  It has now. */
static bool
is_asked_again(uint32 hash)
{
	uint32	   *place = &asked_before[hash % ASKED_BEFORE];
	bool		again = *place == hash;

	*place = hash;
	return again;
}

/* See the header. */
bool
prismiq_compiled_find(PrismiqCompiling *compiling, const PrismiqAsked *asked,
					  PrismiqPipeline *pipeline)
{
	PrismiqCompiled *entry;

	compiling->asked = asked;
	compiling->memory = CurrentMemoryContext;
	compiling->remember = prismiq_setting_compiled_memory > 0 && !asked->looked_into &&
		(asked->call == NULL || !asked->call->altered) && see_asked(compiling);
	if (!compiling->remember)
		return false;

	compiling->generation = begin();
	entry = compiled.root == NULL ? NULL :
		((Table *) compiled.root)->lists[compiling->hash % LISTS];
	while (entry != NULL && !is_of(entry, compiling))
		entry = entry->next;
	if (entry != NULL && lock_tables(entry, compiling->generation))
	{
		hand_out(entry, asked, pipeline);
		return true;
	}

	compiling->remember = is_asked_again(compiling->hash);
	if (!compiling->remember)
		return false;
	compiling->generation = begin();
	compiling->memory = AllocSetContextCreate(CurrentMemoryContext, "prismiq compiled",
											  ALLOCSET_DEFAULT_SIZES);
	prismiq_holds_begin(&compiling->holds);
	return false;
}

/* Forget one entry, which nobody uses. */
static void
forget(Table *table, PrismiqCompiled *entry)
{
	PrismiqCompiled **place = &table->lists[entry->hash % LISTS];

	while (*place != entry)
		place = &(*place)->next;
	*place = entry->next;
	dlist_delete(&entry->node);
	table->bytes -= entry->bytes;
	table->count--;
	MemoryContextDelete(entry->memory);
}

/* Make room for so many bytes by forgetting what was not used for longest; false: there is none. */
static bool
make_room(Table *table, Size bytes)
{
	Size		most = (Size) prismiq_setting_compiled_memory * 1024;

	while (table->bytes + bytes > most || table->count >= MAX_ENTRIES)
	{
		PrismiqCompiled *oldest = NULL;
		dlist_iter	iter;

		dlist_reverse_foreach(iter, &table->used)
		{
			oldest = dlist_container(PrismiqCompiled, node, iter.cur);
			if (oldest->uses == 0)
				break;
			oldest = NULL;
		}
		if (oldest == NULL)
			return false;
		forget(table, oldest);
	}
	return true;
}

/* The table of entries, made when there is none. */
static Table *
find_table(void)
{
	Table	   *table = compiled.root;

	if (table == NULL)
	{
		table = MemoryContextAllocZero(prismiq_cache_memory(&compiled), sizeof(Table));
		dlist_init(&table->used);
		compiled.root = table;
	}
	return table;
}

/* The relations that a statement reads, each once. */
static void
note_relations(PrismiqCompiled *entry, const PrismiqStatement *statement)
{
	ListCell   *lc;
	int			i;

	entry->relids = palloc(sizeof(Oid) * Max(1, list_length(statement->sources)));
	foreach(lc, statement->sources)
	{
		Oid			relid = ((const PrismiqSource *) lfirst(lc))->relid;

		for (i = 0; i < entry->nrelids && entry->relids[i] != relid; i++)
			 /* search */ ;
		if (i == entry->nrelids)
			entry->relids[entry->nrelids++] = relid;
	}
}

/* An entry of what was compiled, in the same memory. */
static PrismiqCompiled *
make_entry(const PrismiqCompiling *compiling, const PrismiqPipeline *pipeline,
		   const List *placed)
{
	MemoryContext old = MemoryContextSwitchTo(compiling->memory);
	PrismiqCompiled *entry = palloc0(sizeof(PrismiqCompiled));
	Size		documents = 0;
	int			i;

	entry->memory = compiling->memory;
	entry->hash = compiling->hash;
	for (i = 0; i < PRISMIQ_ASKED_PIECES; i++)
	{
		const PrismiqPiece *piece = &compiling->pieces[i];

		entry->pieces[i].length = piece->length;
		if (piece->length > 0)
			entry->pieces[i].data = memcpy(palloc(piece->length), piece->data, piece->length);
		documents += piece->length;
	}
	entry->path = prismiq_search_path_get(compiling->memory);
	entry->holds = compiling->holds;
	note_relations(entry, pipeline->statement);
	entry->pipeline = *pipeline;
	entry->placed = list_copy(placed);
	entry->bytes = MemoryContextMemAllocated(compiling->memory, true) + TREE_FACTOR * documents;
	MemoryContextSwitchTo(old);
	return entry;
}

/* See the header. */
void
prismiq_compiled_keep(PrismiqCompiling *compiling, PrismiqPipeline *pipeline, const List *placed)
{
	PrismiqCompiled *entry;
	Table	   *table;

	/* What holds for one instant would be in the way of what will be asked again. */
	if (!compiling->remember || pipeline->statement == NULL ||
		(compiling->holds.until <= compiling->holds.from + 1 &&
		 compiling->holds.from != PG_INT64_MIN))
		return;
	entry = make_entry(compiling, pipeline, placed);
	if (!nothing_changed(compiling->generation))
		return;
	table = find_table();
	if (!make_room(table, entry->bytes))
		return;

	/* Nothing fails from here on. */
	MemoryContextSetParent(entry->memory, prismiq_cache_memory(&compiled));
	entry->table = table;
	entry->next = table->lists[entry->hash % LISTS];
	table->lists[entry->hash % LISTS] = entry;
	dlist_push_head(&table->used, &entry->node);
	table->bytes += entry->bytes;
	compiled.entries = ++table->count;
	hand_out(entry, compiling->asked, pipeline);
}

/* See pipeline.h. */
const Jsonb *
prismiq_compiled_told(const PrismiqPipeline *pipeline)
{
	return pipeline->compiled == NULL ? NULL : pipeline->compiled->told;
}

/* See pipeline.h. */
void
prismiq_compiled_tell(const PrismiqPipeline *pipeline, const Jsonb *told)
{
	PrismiqCompiled *entry = pipeline->compiled;

	if (entry == NULL || entry->told != NULL)
		return;
	entry->told = memcpy(MemoryContextAlloc(entry->memory, VARSIZE(told)), told, VARSIZE(told));
	entry->bytes += VARSIZE(told);
	entry->table->bytes += VARSIZE(told);
}
