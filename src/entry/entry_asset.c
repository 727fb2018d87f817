/*-------------------------------------------------------------------------
 *
 * entry_asset.c
 *	  prismiq_asset: the files that a browser is given, over a gateway.
 *
 * Nothing here looks at who is asking: a module script carries no token, and the
 * bytes are the same for everybody.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/json.h"

#include "base/json.h"
#include "base/settings.h"
#include "entry/entry.h"
#include "entry/entry_gateway.h"
#include "show/assets.h"

PGDLLEXPORT Datum prismiq_asset(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_asset);

/* Does the browser have what has this tag? */
static bool
is_unchanged(const char *etag)
{
	json_t	   *headers = prismiq_gateway_json(PRISMIQ_REQUEST_HEADERS);
	const char *tags = json_string_value(json_object_get(headers, "if-none-match"));

	/* A tag stands in quotes, so it is found in a list, and behind W/ of who compresses. */
	bool		unchanged = tags != NULL && (strcmp(tags, "*") == 0 || strstr(tags, etag) != NULL);

	json_decref(headers);
	return unchanged;
}

/* Tell the gateway what it sends beside the bytes. */
static void
tell_headers(const PrismiqAsset *asset, const char *etag)
{
	StringInfoData list;

	initStringInfo(&list);
	appendStringInfo(&list, "{\"Content-Type\": \"%s\"}, "
					 "{\"Cache-Control\": \"public, max-age=0, must-revalidate\"}, "
					 "{\"X-Content-Type-Options\": \"nosniff\"}, {\"ETag\": ", asset->media_type);
	escape_json(&list, etag);
	appendStringInfoChar(&list, '}');
	prismiq_gateway_headers(list.data);
}

/* The asset's bytes; the first line of the module says where its libraries are. */
static bytea *
asset_bytes(const PrismiqAsset *asset)
{
	const unsigned char *bytes = asset->bytes;
	size_t		size = asset->size;
	StringInfoData head;
	bytea	   *result;
	char	   *line;
	size_t		length = 0;

	if (asset->is_module)
	{
		bytes = (const unsigned char *) memchr(bytes, '\n', size) + 1;
		size -= bytes - asset->bytes;
		initStringInfo(&head);
		appendStringInfoString(&head, "const ASSETS_URL = ");
		escape_json(&head, prismiq_setting_assets_url);
		appendStringInfoString(&head, ";\n");
		line = pg_server_to_any(head.data, head.len, PG_UTF8);
		length = strlen(line);
	}
	result = palloc(VARHDRSZ + length + size);
	SET_VARSIZE(result, VARHDRSZ + length + size);
	if (length > 0)
		memcpy(VARDATA(result), line, length);
	memcpy(VARDATA(result) + length, bytes, size);
	return result;
}

/* prismiq_asset(name text) returns "* / *" */
Datum
prismiq_asset(PG_FUNCTION_ARGS)
{
	const PrismiqAsset *asset = NULL;
	bytea	   *body;
	char	   *etag;

	if (!PG_ARGISNULL(0))
		asset = prismiq_asset_find(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (asset == NULL)
		prismiq_reject(PRISMIQ_NOT_FOUND, NULL,
					   "The assets are prismiq.js, prismiq.css and prismiq.svg.",
					   "asset not found");
	body = asset_bytes(asset);
	etag = psprintf("\"" UINT64_FORMAT "-%u\"",
					DatumGetUInt64(hash_any_extended((unsigned char *) VARDATA(body),
													 VARSIZE(body) - VARHDRSZ, 0)),
					VARSIZE(body) - VARHDRSZ);
	tell_headers(asset, etag);
	if (is_unchanged(etag))
	{
		prismiq_gateway_tell(PRISMIQ_RESPONSE_STATUS, "304");
		PG_RETURN_NULL();
	}
	PG_RETURN_BYTEA_P(body);
}
