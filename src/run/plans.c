/*-------------------------------------------------------------------------
 *
 * plans.c
 *	  Plans kept per backend.
 *
 * Equal shapes give equal texts, so the text and the types of its parameters
 * are the key.  The plans are PostgreSQL's CachedPlanSource: it looks for
 * invalidations, analyses anew when the search_path, the role or row_security
 * differ in a way that matters, and chooses between a plan for these values
 * and one for any.  The role is in the key all the same: an inlined function
 * had its EXECUTE privilege checked for the role that planned it.
 *
 * PostgreSQL's choice goes by estimated cost, and a plan for any tenant looks
 * cheap because it is made for one of average size.  So as long as a statement
 * takes many times longer to run than to plan, it is planned for its values: that
 * costs little, and the plan is right for large and small.  The last runs tell,
 * all together, so that a large tenant among many small ones counts: but one run
 * that had to wait, or found its pages on disk, is no reason to plan for ever what
 * takes less time to run.  And what takes little longer to run
 * than to plan is run by the plan for any values, if that looks cheap too, though
 * one for these would look a little cheaper.
 *
 * There are at most MAX_PLANS, of at most MAX_PLAN_BYTES together; the one not
 * used for longest goes first.  A pinned plan stays: the executor reads its
 * text, and planning may run functions that run other queries.  The table is
 * an array, because a scan of 256 hash values costs less than a look-up in a
 * dynamic hash table, and there is no memory that a failed call could leave
 * behind: a source hangs on the caller's context until it is complete.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/cmdtag.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "print/statement.h"
#include "run/plans.h"

#define MAX_PLANS 256

#define MAX_PLAN_BYTES (32 * 1024 * 1024)

/* A statement that takes this many times longer to run than to plan is a long one. */
#define LONG_RUN 10

/* One that takes this many times longer at most is a short one. */
#define SHORT_RUN 4

/* A plan of this estimated cost reads some pages, and is right for few rows or many. */
#define CHEAP_PLAN 100

/* So many runs, about, are the last ones. */
#define LAST_RUNS 128

struct PrismiqKeptPlan
{
	CachedPlanSource *source;	/* null: the place is free */
	Oid			role;
	int			cursor_options;
	int			pins;
	uint64		used;			/* when last */
	Size		bytes;			/* of the query tree; the plan comes on top */
	int64		planning;		/* the shortest seen, in microseconds */
	double		running;		/* an average of the last runs, also in microseconds */
	int			runs;			/* how many it is of */
	int			seen;			/* by the barrier: prismiq_barrier_cached_plan() */
};

static PrismiqKeptPlan plans[MAX_PLANS];
static uint32 hashes[MAX_PLANS];	/* side by side, to be scanned */
static int	plan_places = 0;	/* places ever used */
static Size plan_bytes = 0;
static uint64 plan_clock = 0;

/* Is this the plan that is looked for? */
static bool
plan_matches(const PrismiqKeptPlan *kept, const PrismiqStatement *statement,
			 int cursor_options)
{
	CachedPlanSource *source = kept->source;
	int			i;

	if (source == NULL || kept->role != GetUserId() ||
		kept->cursor_options != cursor_options || source->num_params != statement->nparams)
		return false;
	for (i = 0; i < statement->nparams; i++)
	{
		if (source->param_types[i] != statement->params[i].type)
			return false;
	}
	return strcmp(source->query_string, statement->sql) == 0;
}

/* Forgotten first, so that nothing finds it half dropped. */
static void
plan_drop(PrismiqKeptPlan *kept)
{
	CachedPlanSource *source = kept->source;

	kept->source = NULL;
	plan_bytes -= kept->bytes;
	DropCachedPlan(source);
}

/* The unpinned plan not used for longest, or null. */
static PrismiqKeptPlan *
plan_oldest(void)
{
	PrismiqKeptPlan *oldest = NULL;
	int			i;

	for (i = 0; i < plan_places; i++)
	{
		PrismiqKeptPlan *kept = &plans[i];

		if (kept->source && kept->pins == 0 && (oldest == NULL || kept->used < oldest->used))
			oldest = kept;
	}
	return oldest;
}

/* A free place; room for so many bytes is made if that can be done. */
static PrismiqKeptPlan *
plan_place(Size bytes)
{
	PrismiqKeptPlan *oldest;
	int			i;

	while (plan_bytes + bytes > MAX_PLAN_BYTES && (oldest = plan_oldest()) != NULL)
		plan_drop(oldest);

	for (i = 0; i < plan_places; i++)
	{
		if (plans[i].source == NULL)
			return &plans[i];
	}
	if (plan_places < MAX_PLANS)
		return &plans[plan_places++];

	oldest = plan_oldest();
	if (oldest == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
				 errmsg("too many queries inside each other")));
	plan_drop(oldest);
	return oldest;
}

/* Parse and analyse a statement; the result hangs on the current context. */
static CachedPlanSource *
plan_make(const PrismiqStatement *statement, int cursor_options)
{
	List	   *raw = raw_parser(statement->sql, RAW_PARSE_DEFAULT);
	RawStmt    *parsed;
	CachedPlanSource *source;
	List	   *queries;
	Oid		   *types = palloc(sizeof(Oid) * Max(statement->nparams, 1));
	int			i;

	if (list_length(raw) != 1)
		elog(ERROR, "compiled text is not one statement");
	parsed = linitial_node(RawStmt, raw);
	for (i = 0; i < statement->nparams; i++)
		types[i] = statement->params[i].type;

	/* The source keeps a copy of the raw tree: analysis scribbles on it. */
	source = CreateCachedPlan(parsed, statement->sql, CMDTAG_SELECT);
	queries = pg_analyze_and_rewrite_fixedparams(parsed, statement->sql, types,
												 statement->nparams, NULL);
	if (list_length(queries) != 1 || linitial_node(Query, queries)->commandType != CMD_SELECT)
		elog(ERROR, "compiled text is not a SELECT");
	CompleteCachedPlan(source, queries, NULL, types, statement->nparams, NULL, NULL,
					   cursor_options, false);
	return source;
}

/*
 * The plan of a statement, pinned: made if it is not there.  What is made
 * hangs on the current memory context until it is complete.
 */
PrismiqKeptPlan *
prismiq_plan_pin(const PrismiqStatement *statement, int cursor_options)
{
	PrismiqKeptPlan *kept;
	CachedPlanSource *source;
	Size		bytes;
	int			i;

	for (i = 0; i < plan_places; i++)
	{
		if (hashes[i] == statement->hash && plan_matches(&plans[i], statement, cursor_options))
		{
			plans[i].used = ++plan_clock;
			plans[i].pins++;
			return &plans[i];
		}
	}

	source = plan_make(statement, cursor_options);
	bytes = MemoryContextMemAllocated(source->context, true);
	kept = plan_place(bytes);
	SaveCachedPlan(source);

	hashes[kept - plans] = statement->hash;
	kept->source = source;
	kept->role = GetUserId();
	kept->cursor_options = cursor_options;
	kept->pins = 1;
	kept->used = ++plan_clock;
	kept->bytes = bytes;
	kept->planning = PG_INT64_MAX;
	kept->running = kept->runs = 0;
	kept->seen = 0;
	plan_bytes += bytes;
	return kept;
}

/* The plan may be dropped again, as far as this user of it is concerned. */
void
prismiq_plan_unpin(PrismiqKeptPlan *kept)
{
	Assert(kept->pins > 0);
	kept->pins--;
}

/* PostgreSQL's plan, behind the tenant barrier; the caller releases it. */
CachedPlan *
prismiq_plan_get(PrismiqKeptPlan *kept, const PrismiqStatement *statement, ParamListInfo params,
				 ResourceOwner owner)
{
	return prismiq_barrier_cached_plan(kept->source, statement, params, owner, &kept->seen);
}

/* The text of a kept plan, which stays where it is while the plan is pinned. */
const char *
prismiq_plan_text(const PrismiqKeptPlan *kept)
{
	return kept->source->query_string;
}

/* Which plan a statement is to have, by how long it takes; 0: as PostgreSQL chooses. */
static int
plan_choice(const PrismiqKeptPlan *kept)
{
	const CachedPlanSource *source = kept->source;

	if (kept->running / LONG_RUN > kept->planning)
		return CURSOR_OPT_CUSTOM_PLAN;
	if (kept->running / SHORT_RUN <= kept->planning && source->generic_cost >= 0 &&
		source->generic_cost <= CHEAP_PLAN)
		return CURSOR_OPT_GENERIC_PLAN;
	return 0;
}

/*
 * Take note of how long a run took, in microseconds, and the planning for it
 * if the plan was not at hand; see above.
 */
void
prismiq_plan_note(PrismiqKeptPlan *kept, const CachedPlan *plan, int64 planning, int64 running)
{
	CachedPlanSource *source = kept->source;

	if (plan != source->gplan)
		kept->planning = Min(kept->planning, planning);
	kept->runs = Min(kept->runs + 1, LAST_RUNS);
	kept->running += (running - kept->running) / kept->runs;
	source->cursor_options &= ~(CURSOR_OPT_CUSTOM_PLAN | CURSOR_OPT_GENERIC_PLAN);
	source->cursor_options |= plan_choice(kept);
}
