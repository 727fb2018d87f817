/*-------------------------------------------------------------------------
 *
 * headers.c
 *	  The context out of the headers of a request, where they are trusted.
 *
 * X-Tenant-ID and X-User-ID are written by what stands in front of the gateway
 * and has found out itself who is asking (prismiq.trust_headers).  A gateway hands
 * them on without having looked at them, so what is not plain is no context: a
 * name that stands there twice, a comma, by which what a client has sent and what
 * a proxy has added come together, and bytes that are no ASCII, of which gateways
 * make what they like.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/json.h"
#include "who/who.h"

/* No gateway has headers of this size; what is larger is not kept in memory. */
#define HEADERS_MAX_BYTES (64 * 1024)

#define TENANT_HEADER "x-tenant-id"
#define USER_HEADER "x-user-id"

#define NOT_PLAIN "is longer than 255 bytes, or not plain ASCII without commas."

/* A header: whether it is there, and its value; null where that is none that counts. */
typedef struct Header
{
	const char *name;
	int			times;
	const char *value;
} Header;

/* A value without the white space around it; null unless it is a plain one. */
static const char *
plain_value(const json_t *node)
{
	const char *text = json_string_value(node);
	size_t		len;
	size_t		i;

	if (text == NULL)
		return NULL;
	text += strspn(text, " \t");
	for (len = strlen(text); len > 0 && strchr(" \t", text[len - 1]) != NULL; len--)
		 /* trim */ ;
	if (len > PRISMIQ_TENANT_MAX_BYTES)
		return NULL;
	for (i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == ',')
			return NULL;
	return pnstrdup(text, len);
}

/* Find a header, in whatever case a gateway leaves its name. */
static void
find_header(json_t *headers, Header *header)
{
	const char *key;
	json_t	   *value;

	json_object_foreach(headers, key, value)
	{
		if (pg_strcasecmp(key, header->name) != 0)
			continue;
		header->times++;
		header->value = plain_value(value);
	}
}

/* Fill in the context, or the reason why there is none; false when no header names a tenant. */
static bool
read_headers(json_t *headers, PrismiqContext *context)
{
	Header		tenant = {.name = TENANT_HEADER};
	Header		user = {.name = USER_HEADER};

	if (!json_is_object(headers))
	{
		context->reason = "request.headers is not a JSON object of which each key stands once.";
		return true;
	}
	find_header(headers, &tenant);
	find_header(headers, &user);
	if (tenant.times == 0)
		return false;
	if (tenant.times > 1 || user.times > 1)
		context->reason = "X-Tenant-ID or X-User-ID is in request.headers more than once.";
	else if (tenant.value == NULL)
		context->reason = "X-Tenant-ID " NOT_PLAIN;
	else if (tenant.value[0] == '\0')
		context->reason = "X-Tenant-ID names no tenant.";
	else if (user.times > 0 && user.value == NULL)
		context->reason = "X-User-ID " NOT_PLAIN;
	else
	{
		context->present = true;
		context->source = "headers";
		context->tenant_id = tenant.value;
		if (user.times > 0 && user.value[0] != '\0')
			context->user_id = user.value;
	}
	return true;
}

/* See the header. */
bool
prismiq_headers_read(const char *text, PrismiqContext *context)
{
	char	   *utf8;
	json_t	   *headers;
	bool		says;

	memset(context, 0, sizeof(*context));
	if (strlen(text) > HEADERS_MAX_BYTES)
	{
		context->reason = "request.headers is longer than 64 kB.";
		return true;
	}
	utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	headers = json_loadb(utf8, strlen(utf8), JSON_REJECT_DUPLICATES, NULL);
	PG_TRY();
	{
		says = read_headers(headers, context);
	}
	PG_FINALLY();
	{
		json_decref(headers);
	}
	PG_END_TRY();
	return says;
}
