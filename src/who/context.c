/*-------------------------------------------------------------------------
 *
 * context.c
 *	  Who is asking: tenant, user and roles of the request.
 *
 * The sources of prismiq.context_sources are asked in order, and the first
 * that is present decides, even if what it says is no context.
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

/* Texts that a context is read from. */
#define TEXT_COUNT 4

/* A reading, and the texts that it is of; lives in a memory context of its own. */
typedef struct Reading
{
	MemoryContext memory;
	PrismiqContextSource source;
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
static const PrismiqContext *
read_source(PrismiqContextSource source, const char *const *texts)
{
	MemoryContext memory;
	MemoryContext oldcontext;
	Reading    *reading;
	int			i;

	if (is_reading_of(last_reading, source, texts))
		return &last_reading->context;

	memory = AllocSetContextCreate(CurrentMemoryContext, "prismiq context",
								   ALLOCSET_SMALL_SIZES);
	oldcontext = MemoryContextSwitchTo(memory);
	reading = palloc0(sizeof(Reading));
	reading->memory = memory;
	reading->source = source;
	if (source == PRISMIQ_SOURCE_CLAIMS)
	{
		prismiq_claims_read(texts[0], &reading->context);
		reading->context.source = reading->context.present ? "claims" : NULL;
	}
	else
	{
		read_settings(texts, &reading->context);
		reading->context.source = reading->context.present ? "settings" : NULL;
	}
	for (i = 0; i < TEXT_COUNT; i++)
		reading->texts[i] = pstrdup(texts[i]);
	MemoryContextSwitchTo(oldcontext);

	MemoryContextSetParent(memory, TopMemoryContext);
	if (last_reading != NULL)
		MemoryContextDelete(last_reading->memory);
	last_reading = reading;
	return &reading->context;
}

/* See the header. */
const PrismiqContext *
prismiq_context_get(void)
{
	const char *texts[TEXT_COUNT];
	int			i;

	for (i = 0; i < prismiq_setting_source_count; i++)
	{
		PrismiqContextSource source = prismiq_setting_sources[i];

		if (source == PRISMIQ_SOURCE_CLAIMS && (texts[0] = find_claims()) != NULL)
		{
			texts[1] = prismiq_setting_tenant_claim;
			texts[2] = prismiq_setting_user_claim;
			texts[3] = prismiq_setting_roles_claim;
			return read_source(source, texts);
		}
		if (source == PRISMIQ_SOURCE_SETTINGS && or_null(prismiq_setting_tenant_id) != NULL)
		{
			texts[0] = prismiq_setting_tenant_id;
			texts[1] = prismiq_setting_user_id;
			texts[2] = prismiq_setting_roles;
			texts[3] = "";
			return read_source(source, texts);
		}
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
		if (prismiq_setting_sources[i] == PRISMIQ_SOURCE_CLAIMS && find_claims() != NULL)
			return psprintf("The tenant, the user and the roles are the claims \"%s\", \"%s\" "
							"and \"%s\".", prismiq_setting_tenant_claim,
							prismiq_setting_user_claim, prismiq_setting_roles_claim);
		if (prismiq_setting_sources[i] == PRISMIQ_SOURCE_SETTINGS &&
			or_null(prismiq_setting_tenant_id) != NULL)
			return pstrdup("A tenant has 1 to 255 bytes.");
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
	PrismiqContext *copy;
	ListCell   *cell;

	if (!context->present)
		prismiq_reject(PRISMIQ_DENIED, context->reason, context_hint(),
					   "there is no tenant context");
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
	if (is_source(PRISMIQ_SOURCE_CLAIMS) && find_claims() != NULL)
		prismiq_reject(PRISMIQ_DENIED, "The request has claims, and these decide.",
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
