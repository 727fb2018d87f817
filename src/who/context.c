/*-------------------------------------------------------------------------
 *
 * context.c
 *	  Who is asking: tenant, user and roles of the request.
 *
 * The sources of prismiq.context_sources are asked in order, and the first
 * that is present decides, even if what it says is no context.
 *
 * What a gateway says of a request is one source, "claims".  Where headers are
 * trusted (prismiq.trust_headers) they stand for claims that name nobody, no
 * tenant, no user and no roles, as those of who has no token; as soon as the
 * claims hold one of these, no header is looked at.  So who is asking is never put
 * together out of both.
 *
 * The context is never remembered: each call reads the settings as they are
 * now, so SET LOCAL, a failed subtransaction, a function's own SET clause and
 * a parallel worker are all seen as the server sees them.  What is kept is the
 * reading of their text, and it is used only for the very same text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/fault.h"
#include "base/settings.h"
#include "who/who.h"

/* Where PostgREST leaves the claims of the verified token. */
#define CLAIMS_SETTING "request.jwt.claims"

/* And the headers of the request. */
#define HEADERS_SETTING "request.headers"

/* Texts that a context is read from. */
#define TEXT_COUNT 5

/* A reading, and the texts that it is of; lives in a memory context of its own. */
typedef struct Reading
{
	MemoryContext memory;
	PrismiqContextSource source;
	bool		absent;			/* the source says nothing: the next one is asked */
	char	   *texts[TEXT_COUNT];
	PrismiqContext context;
} Reading;

static Reading *last_reading = NULL;

static const PrismiqContext no_source = {
	.reason = "None of the sources in prismiq.context_sources says who is asking."
};

/* A setting's text; null and '' both mean that it is not set. */
static inline const char *
or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The claims, or null when there are none. */
static const char *
find_claims(void)
{
	return or_null(GetConfigOption(CLAIMS_SETTING, true, false));
}

/* The headers, or null when there are none that count. */
static const char *
find_headers(void)
{
	return prismiq_setting_trust_headers ?
		or_null(GetConfigOption(HEADERS_SETTING, true, false)) : NULL;
}

/*
 * The context that a gateway gives: by the claims, or, where these name nobody, by
 * the headers.  False when there is neither.
 */
static bool
read_gateway(const char *claims, const char *headers, PrismiqContext *context)
{
	PrismiqContext by_headers;

	memset(context, 0, sizeof(*context));
	if (claims[0] != '\0')
	{
		prismiq_claims_read(claims, context);
		if (context->present)
			context->source = "claims";
		if (!context->names_nobody)
			return true;
	}
	if (headers[0] == '\0' || !prismiq_headers_read(headers, &by_headers))
		return claims[0] != '\0';
	*context = by_headers;
	return true;
}

/* The context that the settings give. */
static void
read_settings(const char *const *texts, PrismiqContext *context)
{
	int			i;

	memset(context, 0, sizeof(*context));
	if (strlen(texts[0]) > PRISMIQ_TENANT_MAX_BYTES)
	{
		context->reason = "prismiq.tenant_id is longer than 255 bytes.";
		return;
	}
	/* The server checks what is set in SQL, but not what a client sets as it connects. */
	for (i = 0; i < TEXT_COUNT; i++)
		if (!pg_verifymbstr(texts[i], strlen(texts[i]), true))
		{
			context->reason = "The settings are no text in the encoding of the database.";
			return;
		}
	context->present = true;
	context->source = "settings";
	context->tenant_id = pstrdup(texts[0]);
	if (or_null(texts[1]) != NULL)
		context->user_id = pstrdup(texts[1]);
	context->roles = prismiq_roles_split(texts[2]);
}

/* Is it the reading of these texts? */
static bool
is_reading_of(const Reading *reading, PrismiqContextSource source, const char *const *texts)
{
	int			i;

	if (reading == NULL || reading->source != source)
		return false;
	for (i = 0; i < TEXT_COUNT; i++)
		if (strcmp(reading->texts[i], texts[i]) != 0)
			return false;
	return true;
}

/*
 * Read the texts of a source, or take the last reading of them.  The new
 * reading replaces the last one only when it is complete.
 */
static const Reading *
read_source(PrismiqContextSource source, const char *const *texts)
{
	MemoryContext memory;
	MemoryContext oldcontext;
	Reading    *reading;
	int			i;

	if (is_reading_of(last_reading, source, texts))
		return last_reading;

	memory = AllocSetContextCreate(CurrentMemoryContext, "prismiq context",
								   ALLOCSET_SMALL_SIZES);
	oldcontext = MemoryContextSwitchTo(memory);
	reading = palloc0(sizeof(Reading));
	reading->memory = memory;
	reading->source = source;
	if (source == PRISMIQ_SOURCE_CLAIMS)
		reading->absent = !read_gateway(texts[0], texts[4], &reading->context);
	else
		read_settings(texts, &reading->context);
	for (i = 0; i < TEXT_COUNT; i++)
		reading->texts[i] = pstrdup(texts[i]);
	MemoryContextSwitchTo(oldcontext);

	MemoryContextSetParent(memory, TopMemoryContext);
	if (last_reading != NULL)
		MemoryContextDelete(last_reading->memory);
	last_reading = reading;
	return reading;
}

/* What the gateway says of who is asking; null when it says nothing. */
static const Reading *
ask_gateway(void)
{
	const char *claims = find_claims();
	const char *headers = find_headers();
	const char *texts[TEXT_COUNT] = {claims, prismiq_setting_tenant_claim,
	prismiq_setting_user_claim, prismiq_setting_roles_claim, headers};
	const Reading *reading;

	if (claims == NULL && headers == NULL)
		return NULL;
	if (claims == NULL)
		texts[0] = "";
	if (headers == NULL)
		texts[4] = "";
	reading = read_source(PRISMIQ_SOURCE_CLAIMS, texts);
	return reading->absent ? NULL : reading;
}

/* What the settings say; null when they name no tenant. */
static const Reading *
ask_settings(void)
{
	const char *texts[TEXT_COUNT] = {prismiq_setting_tenant_id, prismiq_setting_user_id,
	prismiq_setting_roles, "", ""};

	return or_null(texts[0]) == NULL ? NULL : read_source(PRISMIQ_SOURCE_SETTINGS, texts);
}

/* What a source says; null when it is not present. */
static const Reading *
ask_source(PrismiqContextSource source)
{
	switch (source)
	{
		case PRISMIQ_SOURCE_TOKEN:
			break;				/* there is no way to log in yet */
		case PRISMIQ_SOURCE_CLAIMS:
			return ask_gateway();
		case PRISMIQ_SOURCE_SETTINGS:
			return ask_settings();
	}
	return NULL;
}

/* See the header. */
const PrismiqContext *
prismiq_context_get(void)
{
	int			i;

	for (i = 0; i < prismiq_setting_source_count; i++)
	{
		const Reading *reading = ask_source(prismiq_setting_sources[i]);

		if (reading != NULL)
			return &reading->context;
	}
	return &no_source;
}

/* Is that source among those that may decide? */
static bool
is_source(PrismiqContextSource source)
{
	int			i;

	for (i = 0; i < prismiq_setting_source_count; i++)
		if (prismiq_setting_sources[i] == source)
			return true;
	return false;
}

/*
 * How to come by a context, as far as the sources that are in force allow it:
 * what was present and is wrong has to be put right, because nothing that comes
 * after it is looked at.
 */
static char *
context_hint(void)
{
	bool		claims = is_source(PRISMIQ_SOURCE_CLAIMS);
	bool		settings = is_source(PRISMIQ_SOURCE_SETTINGS);
	int			i;

	for (i = 0; i < prismiq_setting_source_count; i++)
	{
		PrismiqContextSource source = prismiq_setting_sources[i];

		if (ask_source(source) == NULL)
			continue;
		if (source == PRISMIQ_SOURCE_SETTINGS)
			return pstrdup("A tenant has 1 to 255 bytes.");
		return psprintf("The tenant, the user and the roles are the claims \"%s\", \"%s\" "
						"and \"%s\"%s.", prismiq_setting_tenant_claim,
						prismiq_setting_user_claim, prismiq_setting_roles_claim,
						prismiq_setting_trust_headers ?
						"; where all of these are missing, X-Tenant-ID and X-User-ID count" : "");
	}
	if (claims && settings)
		return pstrdup("Send a token with the tenant's claim through the gateway, or SET LOCAL "
					   "prismiq.tenant_id in the transaction.");
	if (claims)
		return pstrdup("Send a token with the tenant's claim through the gateway.");
	if (settings)
		return pstrdup("SET LOCAL prismiq.tenant_id in the transaction.");
	return pstrdup("An administrator has to name \"claims\" or \"settings\" in "
				   "prismiq.context_sources.");
}

/* See the header. */
const PrismiqContext *
prismiq_context_require(void)
{
	const PrismiqContext *context = prismiq_context_get();
	const char *reason = context->reason;
	PrismiqContext *copy;
	ListCell   *cell;

	/* The hint asks the sources anew, after which the context is gone. */
	if (!context->present)
		prismiq_reject(PRISMIQ_DENIED, reason, context_hint(), "there is no tenant context");
	copy = palloc(sizeof(PrismiqContext));
	*copy = *context;
	copy->tenant_id = pstrdup(context->tenant_id);
	if (context->user_id != NULL)
		copy->user_id = pstrdup(context->user_id);
	copy->roles = NIL;
	foreach(cell, context->roles)
		copy->roles = lappend(copy->roles, pstrdup((const char *) lfirst(cell)));
	return copy;
}

/* Has the user that role in the tenant? */
bool
prismiq_context_has_role(const PrismiqContext *context, const char *role)
{
	ListCell   *cell;

	foreach(cell, context->roles)
		if (strcmp((const char *) lfirst(cell), role) == 0)
			return true;
	return false;
}

/* Set one of the settings, as SET or SET LOCAL of the current role would. */
static void
set_one(const char *name, const char *value, bool is_local)
{
	(void) set_config_option(name, value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
							 is_local ? GUC_ACTION_LOCAL : GUC_ACTION_SET, true, 0, false);
}

/* The roles as one text; refuses what could not be read back. */
static char *
join_roles(List *roles)
{
	StringInfoData list;
	ListCell   *cell;

	initStringInfo(&list);
	foreach(cell, roles)
	{
		const char *role = (const char *) lfirst(cell);
		size_t		len = strlen(role);

		if (len == 0 || strpbrk(role, ",") != NULL || strchr(" \t\n", role[0]) != NULL ||
			strchr(" \t\n", role[len - 1]) != NULL)
			prismiq_reject_argument("roles",
									"A role is not empty, holds no comma, and neither begins "
									"nor ends with white space.", "invalid role name");
		if (list.len > 0)
			appendStringInfoChar(&list, ',');
		appendStringInfoString(&list, role);
	}
	return list.data;
}

/*
 * Is the statement that runs the whole transaction, and was called by nothing
 * but the client?  What a function sets for its own transaction serves the rest
 * of the function.  Functions and the like, unlike the parameters that a client
 * sends, leave their mark on the stack of error contexts.
 */
static bool
is_alone(void)
{
	const ErrorContextCallback *context;

	if (IsTransactionBlock())
		return false;
	for (context = error_context_stack; context != NULL; context = context->previous)
		if (context->callback != ParamsErrorCallback)
			return false;
	return true;
}

/* See the header. */
void
prismiq_context_set(const char *tenant_id, const char *user_id, List *roles, bool is_local)
{
	char	   *joined;

	if (!is_source(PRISMIQ_SOURCE_SETTINGS))
		prismiq_reject(PRISMIQ_DENIED, "\"settings\" is not among prismiq.context_sources.",
					   NULL, "the context cannot be set");
	if (is_source(PRISMIQ_SOURCE_CLAIMS) && ask_gateway() != NULL)
		prismiq_reject(PRISMIQ_DENIED, find_claims() != NULL ?
					   "The request has claims, and these decide." :
					   "The request has the header X-Tenant-ID, and that decides.",
					   NULL, "the context cannot be set");
	if (tenant_id == NULL || tenant_id[0] == '\0' ||
		strlen(tenant_id) > PRISMIQ_TENANT_MAX_BYTES)
		prismiq_reject_argument("tenant_id", "A tenant has 1 to 255 bytes.", "invalid tenant");
	joined = join_roles(roles);
	if (is_local && is_alone())
		ereport(WARNING,
				(errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				 errmsg("the context ends with this statement"),
				 errdetail("It is local to the transaction, and there is no transaction block."),
				 errhint("Begin a transaction first, or set the context with is_local => "
						 "false.")));

	set_one("prismiq.tenant_id", tenant_id, is_local);
	set_one("prismiq.user_id", user_id != NULL ? user_id : "", is_local);
	set_one("prismiq.roles", joined, is_local);
}
