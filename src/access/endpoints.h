/*-------------------------------------------------------------------------
 *
 * endpoints.h
 *	  Functions of the application's that custom widgets are answered by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ENDPOINTS_H
#define PRISMIQ_ENDPOINTS_H

#include "postgres.h"

#include "base/fault.h"
#include "catalog/catalogs.h"

/* A function that was registered, as it is now. */
typedef struct PrismiqEndpoint
{
	const char *name;
	PrismiqFunction function;
} PrismiqEndpoint;

/*
 * What stands in the way of the function of a signature ("schema.name(jsonb)") and an
 * owner; null, and the function, where nothing does.
 */
extern const char *prismiq_endpoint_function(const char *signature, const char *owner,
											 PrismiqEndpoint *endpoint);

/* The endpoint of a name, as registered in "tables"; false when there is none for the caller. */
extern bool prismiq_endpoint_find(Oid tables, const char *name, PrismiqEndpoint *endpoint);

/* The name of one of the caller's that was probably meant, or null. */
extern char *prismiq_endpoint_nearest(Oid tables, const char *name, PrismiqFaults *faults);

#endif							/* PRISMIQ_ENDPOINTS_H */
