/*-------------------------------------------------------------------------
 *
 * entry_asset.c
 *	  prismiq_asset: the files that a browser is given, over a gateway.
 *
 * The gateway is told by settings, as PostgREST has it: request.headers holds
 * what the browser sent, and response.headers and response.status what it is
 * answered.  Nothing here looks at who is asking: a module script carries no
 * token, and the bytes are the same for everybody.
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
#include "show/assets.h"

#define RESPONSE_HEADERS "response.headers"
#define RESPONSE_STATUS "response.status"
#define REQUEST_HEADERS "request.headers"

/* No gateway has headers of this size; what is larger is not looked at. */
#define HEADERS_MAX_BYTES (64 * 1024)

PGDLLEXPORT Datum prismiq_asset(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_asset);

/* Set a setting of the gateway's until the transaction ends. */
static void
tell_gateway(const char *name, const char *value)
{
	(void) set_config_option(name, value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_LOCAL, true, 0, false);
}

/* A setting of the gateway's as a jansson tree, to be given back; null when it is none. */
static json_t *
gateway_json(const char *name)
{
	const char *text = GetConfigOption(name, true, false);
	char	   *utf8;

	if (text == NULL || *text == '\0' || strlen(text) > HEADERS_MAX_BYTES)
		return NULL;
	utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	return json_loadb(utf8, strlen(utf8), 0, NULL);
}

/* Does the browser have what has this tag? */
static bool
is_unchanged(const char *etag)
{
	json_t	   *headers = gateway_json(REQUEST_HEADERS);
	const char *tags = json_string_value(json_object_get(headers, "if-none-match"));

	/* A tag stands in quotes, so it is found in a list, and behind W/ of who compresses. */
	bool		unchanged = tags != NULL && (strcmp(tags, "*") == 0 || strstr(tags, etag) != NULL);

	json_decref(headers);
	return unchanged;
}

/* What others have told the gateway to send, as the beginning of a list. */
static void
append_present_headers(StringInfo list)
{
	json_t	   *present = gateway_json(RESPONSE_HEADERS);
	bool		any = json_is_array(present) && json_array_size(present) > 0;
	const char *text;

	json_decref(present);
	appendStringInfoChar(list, '[');
	if (!any)
		return;
	text = GetConfigOption(RESPONSE_HEADERS, false, false);
	text = strchr(text, '[') + 1;
	appendBinaryStringInfo(list, text, strrchr(text, ']') - text);
	appendStringInfoString(list, ", ");
}

/* Tell the gateway what it sends beside the bytes. */
static void
tell_headers(const PrismiqAsset *asset, const char *etag)
{
	StringInfoData list;

	initStringInfo(&list);
	append_present_headers(&list);
	appendStringInfo(&list, "{\"Content-Type\": \"%s\"}, "
					 "{\"Cache-Control\": \"public, max-age=0, must-revalidate\"}, "
					 "{\"X-Content-Type-Options\": \"nosniff\"}, {\"ETag\": ", asset->media_type);
	escape_json(&list, etag);
	appendStringInfoString(&list, "}]");
	tell_gateway(RESPONSE_HEADERS, list.data);
}

/* The asset's bytes; in front of the module stands where its libraries are. */
static bytea *
asset_bytes(const PrismiqAsset *asset)
{
	StringInfoData head;
	bytea	   *result;
	char	   *line;
	size_t		length = 0;

	if (asset->is_module)
	{
		initStringInfo(&head);
		appendStringInfoString(&head, "const ASSETS_URL = ");
		escape_json(&head, prismiq_setting_assets_url);
		appendStringInfoString(&head, ";\n");
		line = pg_server_to_any(head.data, head.len, PG_UTF8);
		length = strlen(line);
	}
	result = palloc(VARHDRSZ + length + asset->size);
	SET_VARSIZE(result, VARHDRSZ + length + asset->size);
	if (length > 0)
		memcpy(VARDATA(result), line, length);
	memcpy(VARDATA(result) + length, asset->bytes, asset->size);
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
		tell_gateway(RESPONSE_STATUS, "304");
		PG_RETURN_NULL();
	}
	PG_RETURN_BYTEA_P(body);
}
