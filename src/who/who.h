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
 * What prismiq_context_get() returns is valid until its next call, which may
 * come from a function of the user's: keep a copy.
 */
typedef struct PrismiqContext
{
	bool		present;		/* false: no context, no rows */
	bool		names_nobody;	/* claims that hold no tenant, no user and no roles */
	const char *source;			/* "claims", "headers" or "settings"; null without a context */
	const char *reason;			/* why there is none, a sentence; else null */
	const char *tenant_id;
	const char *user_id;		/* null for an API key */
	List	   *roles;			/* of char * */
} PrismiqContext;

/* A tenant has 1 to this many bytes. */
#define PRISMIQ_TENANT_MAX_BYTES 255

/* context.c */
extern const PrismiqContext *prismiq_context_get(void);

/*
 * The same as a copy that is the caller's; raises 42501 with a hint how to set
 * it when there is none.
 */
extern const PrismiqContext *prismiq_context_require(void);
extern bool prismiq_context_has_role(const PrismiqContext *context, const char *role);

/*
 * Set the context by settings, until the end of the transaction or of the
 * session.  Raises 42501 where the settings are not what counts, 22023 for
 * what is no tenant, user or role.  "user_id" may be null; "roles" is a list
 * of char *.
 */
extern void prismiq_context_set(const char *tenant_id, const char *user_id, List *roles,
								bool is_local);

/* roles.c: roles out of a list separated by commas; white space around them is dropped. */
extern List *prismiq_roles_split(const char *text);

/* claims.c */

/*
 * Read the text of the claims into a context, in the current memory context.
 * Claims that are invalid or name no tenant give a context that is not
 * present, with a reason.
 */
extern void prismiq_claims_read(const char *text, PrismiqContext *context);

/* headers.c: the same of the request's headers; false when they do not say who is asking. */
extern bool prismiq_headers_read(const char *text, PrismiqContext *context);

#endif							/* PRISMIQ_WHO_H */
