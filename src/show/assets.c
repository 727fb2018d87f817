/*-------------------------------------------------------------------------
 *
 * assets.c
 *	  The module, the style sheet and the icon that a browser is given.
 *
 * They are part of the library, so that they fit the functions beside them
 * whatever version is loaded, and no row of a table can be put in their place.
 * The Makefile makes the arrays out of src/show/web.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "show/assets.h"

static const unsigned char module_bytes[] = {
#include "show/web/prismiq.js.inc"
};

static const unsigned char style_bytes[] = {
#include "show/web/prismiq.css.inc"
};

static const unsigned char icon_bytes[] = {
#include "show/web/prismiq.svg.inc"
};

static const PrismiqAsset assets[] = {
	{
		.name = "prismiq.js",
		.media_type = "text/javascript; charset=utf-8",
		.bytes = module_bytes,
		.size = sizeof(module_bytes),
		.is_module = true
	},
	{
		.name = "prismiq.css",
		.media_type = "text/css; charset=utf-8",
		.bytes = style_bytes,
		.size = sizeof(style_bytes),
		.is_module = false
	},
	{
		.name = "prismiq.svg",
		.media_type = "image/svg+xml",
		.bytes = icon_bytes,
		.size = sizeof(icon_bytes),
		.is_module = false
	}
};

/* See the header. */
const PrismiqAsset *
prismiq_asset_find(const char *name)
{
	int			i;

	for (i = 0; i < lengthof(assets); i++)
		if (strcmp(assets[i].name, name) == 0)
			return &assets[i];
	return NULL;
}
