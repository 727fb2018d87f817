/*-------------------------------------------------------------------------
 *
 * entry_gateway.c
 *	  What a gateway says of a request, and is told of the answer.
 *
 * By settings, as PostgREST has it: request.headers holds what the browser sent,
 * and response.headers and response.status what it is answered.  Without a gateway
 * nobody reads them, and they end with the transaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "base/json.h"
#include "entry/entry_gateway.h"

#define RESPONSE_HEADERS "response.headers"

/* No gateway has headers of this size; what is larger is not looked at. */
#define HEADERS_MAX_BYTES (64 * 1024)

/* See the header. */
void
prismiq_gateway_tell(const char *name, const char *value)
{
	(void) set_config_option(name, value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_LOCAL, true, 0, false);
}

/* See the header. */
json_t *
prismiq_gateway_json(const char *name)
{
	const char *text = GetConfigOption(name, true, false);
	char	   *utf8;

	if (text == NULL || *text == '\0' || strlen(text) > HEADERS_MAX_BYTES)
		return NULL;
	utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	return json_loadb(utf8, strlen(utf8), 0, NULL);
}

/* What others have told the gateway to send, as the beginning of a list. */
static void
append_present_headers(StringInfo list)
{
	json_t	   *present = prismiq_gateway_json(RESPONSE_HEADERS);
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

/* See the header. */
void
prismiq_gateway_headers(const char *headers)
{
	StringInfoData list;

	initStringInfo(&list);
	append_present_headers(&list);
	appendStringInfo(&list, "%s]", headers);
	prismiq_gateway_tell(RESPONSE_HEADERS, list.data);
}
