/*-------------------------------------------------------------------------
 *
 * stat.h
 *	  What runs: how often each query was asked, how long it took, what came of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_STAT_H
#define PRISMIQ_STAT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "portability/instr_time.h"
#include "utils/uuid.h"

/* The durations that calls are counted by: up to so many milliseconds each, and longer. */
#define PRISMIQ_STAT_BOUNDS 11
extern const int prismiq_stat_bounds[PRISMIQ_STAT_BOUNDS];

/* How many tables of a query are told. */
#define PRISMIQ_STAT_TABLES 8

/* What is counted by itself: a query as its fingerprint and its saved query say. */
typedef struct PrismiqStatKey
{
	Oid			database;
	uint64		fingerprint;	/* 0: all calls in the database */
	pg_uuid_t	saved_query;	/* zeros: none */
} PrismiqStatKey;

typedef struct PrismiqStatCounts
{
	int64		calls;
	int64		errors;			/* of these */
	int64		refused;		/* of these, for what was asked */
	int64		rows;			/* of the answers */
	double		total_ms;
	double		worst_ms;
	int64		durations[PRISMIQ_STAT_BOUNDS + 1];
} PrismiqStatCounts;

/* The tables that a query reads; never names, which may be somebody's text. */
typedef struct PrismiqStatTables
{
	int			count;
	Oid			relids[PRISMIQ_STAT_TABLES];
} PrismiqStatTables;

/* A query and its numbers, as they are handed out. */
typedef struct PrismiqStatQuery
{
	PrismiqStatKey key;
	PrismiqStatTables tables;
	PrismiqStatCounts counts;
} PrismiqStatQuery;

/* What there is to say of the counting itself. */
typedef struct PrismiqStatState
{
	bool		shared;			/* of all backends, or of this one */
	int			queries;		/* that are counted, of all databases */
	int64		evicted;		/* that were forgotten to make room */
	PrismiqStatCounts all;		/* calls in this database */
} PrismiqStatState;

/* A call that is being counted; they nest, and each is counted by itself. */
typedef struct PrismiqStatCall
{
	struct PrismiqStatCall *outer;
	bool		is_counted;		/* counting is on, and somebody else does not count it */
	bool		is_known;		/* it has got as far as a query */
	PrismiqStatKey key;
	PrismiqStatTables tables;
	int64		rows;
	instr_time	start;
	instr_time	spent;
} PrismiqStatCall;

/* stat.c: around a call; "sqlstate" is 0 when it was answered */
extern void prismiq_stat_begin(PrismiqStatCall *call);
extern void prismiq_stat_end(PrismiqStatCall *call, int sqlstate);
extern Datum prismiq_stat_call(PGFunction function, FunctionCallInfo fcinfo);

/* A call that goes on when the function has returned, until it is counted. */
extern void prismiq_stat_take_over(PrismiqStatCall *call);
extern void prismiq_stat_enter(PrismiqStatCall *call);
extern void prismiq_stat_leave(PrismiqStatCall *call);
extern void prismiq_stat_count(PrismiqStatCall *call, int sqlstate);

/* Inside of it: which query it is, what that reads, what it answers. */
extern bool prismiq_stat_is_on(void);
extern void prismiq_stat_query(uint64 fingerprint, const pg_uuid_t *saved_query);
extern void prismiq_stat_sources(const List *sources);
extern void prismiq_stat_rows(int64 rows);

/* stat_table.c: where it is kept */
extern void prismiq_stat_init(void);
extern void prismiq_stat_add(const PrismiqStatQuery *call);
extern PrismiqStatQuery *prismiq_stat_read(int *count);
extern void prismiq_stat_state(PrismiqStatState *state);
extern void prismiq_stat_reset(void);

#endif							/* PRISMIQ_STAT_H */
