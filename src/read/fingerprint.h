/*-------------------------------------------------------------------------
 *
 * fingerprint.h
 *	  By what definitions that ask the same of other values are told to be one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_FINGERPRINT_H
#define PRISMIQ_FINGERPRINT_H

#include "postgres.h"

#include "utils/jsonb.h"
#include "utils/uuid.h"

typedef struct PrismiqFingerprint
{
	uint64		value;			/* never 0 */
	pg_uuid_t	saved_query;	/* the first that is one of its tables; zeros: none is */
} PrismiqFingerprint;

extern PrismiqFingerprint prismiq_fingerprint(Jsonb *definition);

#endif							/* PRISMIQ_FINGERPRINT_H */
