/*-------------------------------------------------------------------------
 *
 * custom.h
 *	  What a function of the application's returned for a custom widget.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_CUSTOM_H
#define PRISMIQ_CUSTOM_H

#include "postgres.h"

typedef struct PrismiqCustomData
{
	const char *endpoint;
	Oid			type;			/* jsonb, text or bytea */
	Datum		value;			/* 0: null */
} PrismiqCustomData;

#endif							/* PRISMIQ_CUSTOM_H */
