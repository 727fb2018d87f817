/*-------------------------------------------------------------------------
 *
 * who.h
 *	  Who is asking: tenant, user, roles.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_WHO_H
#define PRISMIQ_WHO_H

#include "postgres.h"

#include "nodes/pg_list.h"

/*
 * Valid until the next call of prismiq_context_get() or the end of the current
 * memory context, whichever comes first: copy what must live longer.
 */
typedef struct PrismiqContext
{
	bool		present;		/* false: no context, no rows */
	const char *source;			/* "claims" or "settings"; null without a context */
	const char *reason;			/* why there is none, for a hint; else null */
	const char *tenant_id;
	const char *user_id;		/* null for an API key */
	List	   *roles;			/* of char * */
} PrismiqContext;

/* context.c */
extern const PrismiqContext *prismiq_context_get(void);

/* The same, but raises 42501 with a hint how to set it when there is none. */
extern const PrismiqContext *prismiq_context_require(void);
extern bool prismiq_context_has_role(const PrismiqContext *context, const char *role);

#endif							/* PRISMIQ_WHO_H */
