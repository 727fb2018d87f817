/*-------------------------------------------------------------------------
 *
 * claims.c
 *	  The context out of the claims of a token that the gateway has verified.
 *
 * A claim counts only when it is of the kind that it should be.  Anything else
 * makes the claims as a whole no context: a role that is not understood may be
 * one that restricts, so leaving it out would be no safe way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/json.h"
#include "base/settings.h"
#include "who/who.h"

/* No gateway has headers of this size; what is larger is not kept in memory. */
#define CLAIMS_MAX_BYTES (64 * 1024)

/* A string of the claims in the encoding of the database. */
static char *
string_of(const json_t *node)
{
	const char *text = json_string_value(node);

	return pstrdup(pg_any_to_server(text, strlen(text), PG_UTF8));
}

/*
 * The claim of that name, or of that dotted path; null when there is none.
 * Names may hold dots themselves ("https://app.example/org"), so of the members
 * with which the path may begin the one with the longest name is gone into, and
 * no other when that leads nowhere.
 */
static const json_t *
find_claim(const json_t *object, const char *path)
{
	for (;;)
	{
		char	   *name = pstrdup(path);
		const json_t *found = json_object_get(object, name);
		char	   *dot;
		size_t		len;

		while (found == NULL && (dot = strrchr(name, '.')) != NULL)
		{
			*dot = '\0';
			found = json_object_get(object, name);
		}
		len = strlen(name);
		pfree(name);
		if (found == NULL || path[len] == '\0')
			return found;
		object = found;
		path += len + 1;
	}
}

/*
 * A claim that is a string or an integer, as text; null when it is missing,
 * null or empty.  False when it is of another kind.
 */
static bool
read_text_claim(const json_t *claims, const char *path, const char **result)
{
	const json_t *node = find_claim(claims, path);

	*result = NULL;
	if (node == NULL || json_is_null(node))
		return true;
	if (json_is_integer(node))
		*result = psprintf(INT64_FORMAT, (int64) json_integer_value(node));
	else if (json_is_string(node))
	{
		if (json_string_value(node)[0] != '\0')
			*result = string_of(node);
	}
	else
		return false;
	return true;
}

/* The roles: an array of strings, or a string; false for another kind. */
static bool
read_roles_claim(const json_t *claims, const char *path, List **result)
{
	const json_t *node = find_claim(claims, path);
	size_t		i;

	*result = NIL;
	if (node == NULL || json_is_null(node))
		return true;
	if (json_is_string(node))
	{
		*result = prismiq_roles_split(string_of(node));
		return true;
	}
	if (!json_is_array(node))
		return false;
	for (i = 0; i < json_array_size(node); i++)
	{
		const json_t *role = json_array_get(node, i);

		if (!json_is_string(role))
			return false;
		if (json_string_value(role)[0] != '\0')
			*result = lappend(*result, string_of(role));
	}
	return true;
}

/* Fill in the context, or the reason why there is none. */
static void
read_claims(const json_t *claims, PrismiqContext *context)
{
	const char *tenant;

	if (!json_is_object(claims))
		context->reason = "request.jwt.claims is not a JSON object.";
	else if (!read_text_claim(claims, prismiq_setting_tenant_claim, &tenant))
		context->reason = "The tenant's claim is neither a string nor an integer.";
	else if (tenant == NULL)
	{
		context->reason = "request.jwt.claims names no tenant.";
		context->names_nobody =
			read_text_claim(claims, prismiq_setting_user_claim, &context->user_id) &&
			context->user_id == NULL &&
			read_roles_claim(claims, prismiq_setting_roles_claim, &context->roles) &&
			context->roles == NIL;
	}
	else if (strlen(tenant) > PRISMIQ_TENANT_MAX_BYTES)
		context->reason = "The tenant in request.jwt.claims is longer than 255 bytes.";
	else if (!read_text_claim(claims, prismiq_setting_user_claim, &context->user_id))
		context->reason = "The user's claim is neither a string nor an integer.";
	else if (!read_roles_claim(claims, prismiq_setting_roles_claim, &context->roles))
		context->reason = "The roles' claim is neither an array of strings nor a string.";
	else
	{
		context->present = true;
		context->tenant_id = tenant;
		return;
	}
	context->user_id = NULL;
	context->roles = NIL;
}

/*
 * Parse; null when it is no JSON.  Integers that are too long for jansson are
 * read as floating point numbers then: they are no tenant, but something
 * beside the claims that are looked at must not spoil these.
 */
static json_t *
parse(const char *text)
{
	char	   *utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	size_t		len = strlen(utf8);
	json_error_t error;
	json_t	   *claims = json_loadb(utf8, len, 0, &error);

	if (claims == NULL && json_error_code(&error) == json_error_numeric_overflow)
		claims = json_loadb(utf8, len, JSON_DECODE_INT_AS_REAL, &error);
	return claims;
}

/* See the header. */
void
prismiq_claims_read(const char *text, PrismiqContext *context)
{
	json_t	   *claims;

	memset(context, 0, sizeof(*context));
	if (strlen(text) > CLAIMS_MAX_BYTES)
	{
		context->reason = "request.jwt.claims is longer than 64 kB.";
		return;
	}
	claims = parse(text);
	if (claims == NULL)
	{
		context->reason = "request.jwt.claims is not a JSON object.";
		return;
	}
	PG_TRY();
	{
		read_claims(claims, context);
	}
	PG_FINALLY();
	{
		json_decref(claims);
	}
	PG_END_TRY();
}
