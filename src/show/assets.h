/*-------------------------------------------------------------------------
 *
 * assets.h
 *	  The files that a browser is given, as bytes of the library.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ASSETS_H
#define PRISMIQ_ASSETS_H

#include "postgres.h"

typedef struct PrismiqAsset
{
	const char *name;
	const char *media_type;
	const unsigned char *bytes;
	size_t		size;
	bool		is_module;		/* its first line says where its libraries are */
} PrismiqAsset;

/* The asset of that name; null when there is none. */
extern const PrismiqAsset *prismiq_asset_find(const char *name);

#endif							/* PRISMIQ_ASSETS_H */
