/*-------------------------------------------------------------------------
 *
 * settings.c
 *	  Every setting (GUC) of the extension.
 *
 * The descriptions here are what an administrator reads in pg_settings, and
 * docs/settings.md is held to them by a test: change both together.
 *
 * Limits are two settings each.  Anyone may set prismiq.NAME; what counts for
 * a role that is not a superuser is the lower of it and prismiq.NAME_cap.  So
 * a gateway can raise a limit for one request by SET LOCAL, and nobody gets
 * past what the administrator allows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <limits.h>

#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/settings.h"

char	   *prismiq_setting_tenant_id;
char	   *prismiq_setting_user_id;
char	   *prismiq_setting_roles;
char	   *prismiq_setting_context_sources;
char	   *prismiq_setting_tenant_claim;
char	   *prismiq_setting_user_claim;
char	   *prismiq_setting_roles_claim;
bool		prismiq_setting_trust_headers;
char	   *prismiq_setting_schema;
char	   *prismiq_setting_assets_url;
bool		prismiq_setting_dense;
int			prismiq_setting_fiscal_year_start_month;
int			prismiq_setting_compiled_memory;
int			prismiq_setting_maintenance;
bool		prismiq_setting_track_queries;
int			prismiq_setting_stat_max;

PrismiqContextSource prismiq_setting_sources[PRISMIQ_SOURCE_COUNT];
int			prismiq_setting_source_count;

static int	limit_values[PRISMIQ_LIMIT_COUNT];
static int	limit_caps[PRISMIQ_LIMIT_COUNT];
static double max_cost_value;
static double max_cost_cap;
static bool notify_changes;		/* triggers ask for it by its name */

static const char *const source_names[PRISMIQ_SOURCE_COUNT] = {"token", "claims", "settings"};

static const struct config_enum_entry maintenance_words[] = {
	{"off", PRISMIQ_MAINTENANCE_OFF, false},
	{"on", PRISMIQ_MAINTENANCE_ON, false},
	{"call", PRISMIQ_MAINTENANCE_CALL, false},
	{NULL, 0, false}
};

/* What there is to say about one limit and its cap. */
typedef struct LimitInfo
{
	const char *name;
	const char *cap_name;
	const char *summary;
	const char *explanation;
	const char *cap_summary;
	int			boot_value;
	int			boot_cap;
	int			min;
	int			max;
	int			flags;
	bool		zero_is_none;
} LimitInfo;

#define CAP_EXPLANATION \
	"Applies to every role that is not a superuser, whatever the role sets for the limit " \
	"itself. Only a superuser, or a role that was granted SET on this parameter, can change it."

#define MAX_COST "prismiq.max_cost"
#define MAX_COST_CAP "prismiq.max_cost_cap"

static const LimitInfo limit_infos[PRISMIQ_LIMIT_COUNT] = {
	[PRISMIQ_MAX_ROWS] = {
		.name = "prismiq.max_rows",
		.cap_name = "prismiq.max_rows_cap",
		.summary = "Sets the most rows that one query answers with.",
		.explanation =
		"A JSON answer with more rows is cut and says \"truncated\": true; a CSV export that "
		"would be cut is refused instead. Raise it for exports with SET LOCAL.",
		.cap_summary = "Sets the highest prismiq.max_rows that is honoured.",
		.boot_value = 10000,
		.boot_cap = 1000000,
		.min = 1,
		.max = INT_MAX,
	},
	[PRISMIQ_MAX_RESULT_BYTES] = {
		.name = "prismiq.max_result_bytes",
		.cap_name = "prismiq.max_result_bytes_cap",
		.summary = "Sets the size at which an answer is too large.",
		.explanation =
		"The encoded answer is built in the memory of the backend, so this bounds what one "
		"query can take there. A larger answer is an error (SQLSTATE PT413). PostgreSQL "
		"itself allows no value of 1 GB or more.",
		.cap_summary = "Sets the highest prismiq.max_result_bytes that is honoured.",
		.boot_value = 64 * 1024 * 1024,
		.boot_cap = (int) MaxAllocSize,
		.min = 1024,
		.max = (int) MaxAllocSize,
		.flags = GUC_UNIT_BYTE,
	},
	[PRISMIQ_QUERY_TIMEOUT] = {
		.name = "prismiq.query_timeout",
		.cap_name = "prismiq.query_timeout_cap",
		.summary = "Sets how long one call may take.",
		.explanation =
		"Checking, waiting for locks, planning and running count, and all widgets of a dashboard "
		"together. It is enforced inside the call, so it holds where statement_timeout is off or "
		"longer; the call then ends with SQLSTATE 57014. Zero turns it off, as far as the cap "
		"allows.",
		.cap_summary = "Sets the longest prismiq.query_timeout that is honoured; zero is no cap.",
		.boot_value = 30 * 1000,
		.boot_cap = 10 * 60 * 1000,
		.min = 0,
		.max = INT_MAX,
		.flags = GUC_UNIT_MS,
		.zero_is_none = true,
	},
	[PRISMIQ_MAX_DEFINITION_BYTES] = {
		.name = "prismiq.max_definition_bytes",
		.cap_name = "prismiq.max_definition_bytes_cap",
		.summary = "Sets the size at which a definition is refused unread.",
		.explanation =
		"It is the size of the jsonb value that is meant, which is about that of its text. A "
		"larger one is TOO_COMPLEX (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_definition_bytes that is honoured.",
		.boot_value = 1024 * 1024,
		.boot_cap = 16 * 1024 * 1024,
		.min = 1024,
		.max = (int) MaxAllocSize,
		.flags = GUC_UNIT_BYTE,
	},
	[PRISMIQ_MAX_NESTING] = {
		.name = "prismiq.max_nesting",
		.cap_name = "prismiq.max_nesting_cap",
		.summary = "Sets how deep the objects and arrays of a definition may nest.",
		.explanation =
		"A definition that nests deeper, by groups of filters or by queries within queries, is "
		"TOO_COMPLEX (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_nesting that is honoured.",
		.boot_value = 32,
		.boot_cap = 128,
		.min = 1,
		.max = 1000,
	},
	[PRISMIQ_MAX_TABLES] = {
		.name = "prismiq.max_tables",
		.cap_name = "prismiq.max_tables_cap",
		.summary = "Sets the most tables that one definition may name.",
		.explanation =
		"Tables of nested queries count as well. The time that PostgreSQL takes to plan a join "
		"grows steeply with their number, and nothing can interrupt the worst of it. More is "
		"TOO_COMPLEX (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_tables that is honoured.",
		.boot_value = 32,
		.boot_cap = 128,
		.min = 1,
		.max = 1000,
	},
	[PRISMIQ_MAX_COLUMNS] = {
		.name = "prismiq.max_columns",
		.cap_name = "prismiq.max_columns_cap",
		.summary = "Sets the most columns that one definition may put out.",
		.explanation =
		"More is TOO_COMPLEX (SQLSTATE PT413). PostgreSQL itself allows no more than 1664.",
		.cap_summary = "Sets the highest prismiq.max_columns that is honoured.",
		.boot_value = 500,
		.boot_cap = 1600,
		.min = 1,
		.max = 1664,
	},
	[PRISMIQ_MAX_FILTERS] = {
		.name = "prismiq.max_filters",
		.cap_name = "prismiq.max_filters_cap",
		.summary = "Sets the most conditions that one definition may hold.",
		.explanation =
		"Conditions inside groups and in \"having\" count as well. More is TOO_COMPLEX "
		"(SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_filters that is honoured.",
		.boot_value = 1000,
		.boot_cap = 10000,
		.min = 1,
		.max = 100000,
	},
	[PRISMIQ_MAX_BUCKETS] = {
		.name = "prismiq.max_buckets",
		.cap_name = "prismiq.max_buckets_cap",
		.summary = "Sets the most buckets that one time series may have.",
		.explanation =
		"With gap filling every bucket becomes a row for every series, whether there is data "
		"for it or not. More is TOO_COMPLEX (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_buckets that is honoured.",
		.boot_value = 100000,
		.boot_cap = 1000000,
		.min = 1,
		.max = 10000000,
	},
	[PRISMIQ_MAX_LIST_VALUES] = {
		.name = "prismiq.max_list_values",
		.cap_name = "prismiq.max_list_values_cap",
		.summary = "Sets the most values that the list of one condition may hold.",
		.explanation =
		"It bounds the operators \"in\", \"not_in\" and \"in_or_null\". More is TOO_COMPLEX "
		"(SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_list_values that is honoured.",
		.boot_value = 10000,
		.boot_cap = 100000,
		.min = 1,
		.max = 10000000,
	},
	[PRISMIQ_MAX_ITEMS] = {
		.name = "prismiq.max_items",
		.cap_name = "prismiq.max_items_cap",
		.summary = "Sets the most elements of a list that has no limit of its own.",
		.explanation =
		"It bounds every other list of a definition and of a dashboard's documents: parameters, "
		"the columns of a window, the options of a filter. More is TOO_COMPLEX (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_items that is honoured.",
		.boot_value = 1000,
		.boot_cap = 10000,
		.min = 1,
		.max = 100000,
	},
	[PRISMIQ_MAX_DASHBOARDS_PER_USER] = {
		.name = "prismiq.max_dashboards_per_user",
		.cap_name = "prismiq.max_dashboards_per_user_cap",
		.summary = "Sets the most dashboards that one user may have made.",
		.explanation =
		"It is looked at when a dashboard is created, and counts those the user made that still "
		"exist, whoever owns them now; those that are there already stay. One more is an error "
		"(SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_dashboards_per_user that is honoured.",
		.boot_value = 20,
		.boot_cap = 1000,
		.min = 0,
		.max = 1000000,
	},
	[PRISMIQ_MAX_WIDGETS_PER_DASHBOARD] = {
		.name = "prismiq.max_widgets_per_dashboard",
		.cap_name = "prismiq.max_widgets_per_dashboard_cap",
		.summary = "Sets the most widgets that one dashboard may have.",
		.explanation =
		"It is looked at when a widget is added; those that are there already stay. One more is "
		"an error (SQLSTATE PT413).",
		.cap_summary = "Sets the highest prismiq.max_widgets_per_dashboard that is honoured.",
		.boot_value = 30,
		.boot_cap = 500,
		.min = 0,
		.max = 10000,
	},
};

/*
 * Read the comma-separated source list into "sources" (room for all of them);
 * the number of them, or -1 when a word is unknown or stands there twice.
 */
static int
read_sources(const char *text, PrismiqContextSource *sources)
{
	int			count = 0;
	const char *p = text;

	while (*p != '\0')
	{
		const char *end;
		int			len;
		int			i;
		int			j;

		p += strspn(p, " \t\n");
		end = p + strcspn(p, ",");
		for (len = end - p; len > 0 && strchr(" \t\n", p[len - 1]) != NULL; len--)
			 /* trim */ ;
		if (len == 0 && count == 0 && *end == '\0')
			return 0;
		for (i = 0; i < PRISMIQ_SOURCE_COUNT; i++)
			if (strlen(source_names[i]) == len && strncmp(source_names[i], p, len) == 0)
				break;
		if (i == PRISMIQ_SOURCE_COUNT)
			return -1;
		for (j = 0; j < count; j++)
			if (sources[j] == i)
				return -1;
		sources[count++] = (PrismiqContextSource) i;
		p = end;
		if (*p == ',' && *++p == '\0')
			return -1;
	}
	return count;
}

/* Check hook of prismiq.context_sources. */
static bool
check_sources(char **newval, void **extra, GucSource source)
{
	PrismiqContextSource sources[PRISMIQ_SOURCE_COUNT];

	if (read_sources(*newval, sources) >= 0)
		return true;
	GUC_check_errdetail("It is a list of \"token\", \"claims\" and \"settings\", each at most "
						"once, separated by commas.");
	return false;
}

/* Assign hook of prismiq.context_sources: the text was checked. */
static void
assign_sources(const char *newval, void *extra)
{
	prismiq_setting_source_count = read_sources(newval, prismiq_setting_sources);
}

/* Define the limits and their caps. */
static void
define_limits(void)
{
	int			i;

	for (i = 0; i < PRISMIQ_LIMIT_COUNT; i++)
	{
		const LimitInfo *info = &limit_infos[i];

		DefineCustomIntVariable(info->name, info->summary, info->explanation,
								&limit_values[i], info->boot_value, info->min, info->max,
								PGC_USERSET, info->flags, NULL, NULL, NULL);
		DefineCustomIntVariable(info->cap_name, info->cap_summary, CAP_EXPLANATION,
								&limit_caps[i], info->boot_cap, info->min, info->max,
								PGC_SUSET, info->flags, NULL, NULL, NULL);
	}

	DefineCustomRealVariable(MAX_COST,
							 "Sets the planner's cost above which a query is not started.",
							 "The cost is the total that EXPLAIN shows. A query above it is "
							 "TOO_EXPENSIVE (SQLSTATE PT413). Zero turns it off, as far as the "
							 "cap allows.",
							 &max_cost_value, 0.0, 0.0, DBL_MAX,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomRealVariable(MAX_COST_CAP,
							 "Sets the highest prismiq.max_cost that is honoured; zero is no cap.",
							 CAP_EXPLANATION,
							 &max_cost_cap, 0.0, 0.0, DBL_MAX,
							 PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Define the settings that hold the context of a request. */
static void
define_context(void)
{
	DefineCustomStringVariable("prismiq.tenant_id",
							   "Sets the tenant whose data is seen.",
							   "It is read when \"settings\" is among prismiq.context_sources and "
							   "no source before it is present. Set it with SET LOCAL, or through "
							   "prismiq_set_context(), so that it ends with the transaction: who "
							   "can run SET can choose a tenant, so never let end users send SQL "
							   "where settings are a source. Empty means no context.",
							   &prismiq_setting_tenant_id, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("prismiq.user_id",
							   "Sets the user of the tenant who is asking.",
							   "It decides what the user owns and may edit. Empty means no user, "
							   "as with an API key: then only public dashboards are seen.",
							   &prismiq_setting_user_id, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("prismiq.roles",
							   "Sets the roles of the user within the tenant.",
							   "A list separated by commas. \"owner\", \"admin\", \"analyst\" and "
							   "\"viewer\" have a meaning of their own. They are no roles of the "
							   "database.",
							   &prismiq_setting_roles, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);
}

/* Define the settings that say where the context comes from. */
static void
define_sources(void)
{
	DefineCustomStringVariable("prismiq.context_sources",
							   "Sets where tenant, user and roles are taken from, in order.",
							   "\"token\" is a token that was verified by prismiq_login(), "
							   "\"claims\" is the JSON in request.jwt.claims that PostgREST sets, "
							   "\"settings\" is prismiq.tenant_id and its companions. The first "
							   "that is present counts, even if it is invalid or names no tenant: "
							   "then there is no context. Leave out what your application does "
							   "not use.",
							   &prismiq_setting_context_sources, "token,claims,settings",
							   PGC_SUSET, 0, check_sources, assign_sources, NULL);
	DefineCustomStringVariable("prismiq.tenant_claim",
							   "Sets the claim that names the tenant.",
							   "A dotted path reaches into objects, as in app_metadata.tenant_id.",
							   &prismiq_setting_tenant_claim, "tenant_id",
							   PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("prismiq.user_claim",
							   "Sets the claim that names the user.",
							   "A dotted path reaches into objects. A token without it is an API "
							   "key, without a user.",
							   &prismiq_setting_user_claim, "sub",
							   PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("prismiq.roles_claim",
							   "Sets the claim that holds the user's roles in the tenant.",
							   "A dotted path reaches into objects. The claim is an array of "
							   "strings, or one string in which commas separate the roles.",
							   &prismiq_setting_roles_claim, "roles",
							   PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("prismiq.trust_headers",
							 "Sets whether X-Tenant-ID and X-User-ID say who is asking.",
							 "They are read from request.headers, which PostgREST sets, where "
							 "\"claims\" is a source and the claims name no tenant, no user and "
							 "no roles. Whoever reaches the gateway can send them: turn it on "
							 "only where every request comes through something of your own that "
							 "has found out who is asking, and replaces both headers.",
							 &prismiq_setting_trust_headers, false,
							 PGC_SUSET, 0, NULL, NULL, NULL);
}

/*
 * Define the settings of what is counted.  In shared memory the table has its size
 * from the start of the server on, in a backend's from the first call on.
 */
static void
define_counting(void)
{
	DefineCustomBoolVariable("prismiq.track_queries",
							 "Sets whether queries are counted.",
							 "How often each was asked, how long it took, and what came of it, "
							 "which prismiq_stat_queries and prismiq_metrics tell. No values are "
							 "kept, and no names but those of tables.",
							 &prismiq_setting_track_queries, true,
							 PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("prismiq.stat_max",
							"Sets how many queries are counted by themselves.",
							"When there are more, those that were asked the least are forgotten. "
							"With prismiq in shared_preload_libraries it is set at server start; "
							"otherwise each connection counts for itself, and what holds is what "
							"was set before its first call.",
							&prismiq_setting_stat_max, 1000, 100, 10000,
							process_shared_preload_libraries_in_progress ? PGC_POSTMASTER :
							PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Define every setting, and keep the prefix for ourselves. */
void
prismiq_settings_init(void)
{
	define_limits();
	define_context();
	define_sources();
	define_counting();
	DefineCustomStringVariable("prismiq.schema",
							   "Sets the schema in which tables are looked for first.",
							   "With a schema for each tenant it says which tenant's tables an "
							   "unqualified name means. Empty means that the search path alone "
							   "decides.",
							   &prismiq_setting_schema, "",
							   PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("prismiq.assets_url",
							   "Sets where browsers find the libraries that draw.",
							   "An address that ends with a slash, of vega.js, marked.js, "
							   "purify.js and mustache.js. Empty means beside the module, which "
							   "needs no other host.",
							   &prismiq_setting_assets_url, "",
							   PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("prismiq.fiscal_year_start_month",
							"Sets the month in which the fiscal year begins.",
							"1 is January. Quarters and years of relative dates follow it, and so "
							"do those of a time series with \"fiscal\": true. A tenant's own "
							"configuration goes before it.",
							&prismiq_setting_fiscal_year_start_month, 1, 1, 12,
							PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("prismiq.dense",
							 "Sets whether the buckets of a series may be aggregated all at once.",
							 "That is how prismiq_dense() does it, where the range and the "
							 "measures allow it. Off, rows are grouped by the bucket; the answer "
							 "is the same. For finding out what is faster.",
							 &prismiq_setting_dense, true,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("prismiq.compiled_memory",
							"Sets the memory in which a session keeps compiled definitions.",
							"A definition that was compiled before, for the same tenant, role and "
							"settings, is found there as long as nothing that it was made from "
							"changed. Those not asked for longest go first. Zero compiles each "
							"anew.",
							&prismiq_setting_compiled_memory, 8 * 1024, 0, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomEnumVariable("prismiq.maintenance",
							 "Sets whether the extension's owner works on the rows of all tenants.",
							 "\"on\" is for dumps, restores and repairs: what the owner writes is "
							 "then taken as it comes, and neither limits nor time zones are looked "
							 "at. \"call\" is set by functions that act for the owner. For any "
							 "other role it means nothing.",
							 &prismiq_setting_maintenance, PRISMIQ_MAINTENANCE_OFF,
							 maintenance_words, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("prismiq.notify",
							 "Sets whether changes of dashboards are told to who listens.",
							 "Each change of a dashboard, a widget or a saved query then sends "
							 "NOTIFY prismiq_changes with its kind, id and version, never the "
							 "tenant or the content: every role of the database may listen.",
							 &notify_changes, false, PGC_SUSET, 0, NULL, NULL, NULL);
	MarkGUCPrefixReserved("prismiq");
}

/* The limit in force for the current role: the setting, or its cap if lower. */
int
prismiq_limit(PrismiqLimit limit)
{
	int			value = limit_values[limit];
	int			cap = limit_caps[limit];

	if (limit_infos[limit].zero_is_none)
	{
		if (cap == 0 || (value != 0 && value <= cap))
			return value;
	}
	else if (value <= cap)
		return value;
	return superuser_arg(GetUserId()) ? value : cap;
}

/* See the header. */
void
prismiq_settings_see(PrismiqSettingsSeen *seen)
{
	int			i;

	for (i = 0; i < PRISMIQ_LIMIT_COUNT; i++)
		seen->limits[i] = prismiq_limit(i);
	seen->fiscal_year_start_month = prismiq_setting_fiscal_year_start_month;
	seen->dense = prismiq_setting_dense;
}

/* The most that a limit may be set to: what exports are bounded by. */
int
prismiq_limit_cap(PrismiqLimit limit)
{
	return limit_caps[limit];
}

/* The setting that bounds what exports are bounded by. */
const char *
prismiq_limit_cap_name(PrismiqLimit limit)
{
	return limit_infos[limit].cap_name;
}

/* The setting that is in the way of who has reached a limit: the limit itself, or its cap. */
const char *
prismiq_limit_name(PrismiqLimit limit)
{
	bool		capped = prismiq_limit(limit) == limit_caps[limit] && !superuser_arg(GetUserId());

	return capped ? limit_infos[limit].cap_name : limit_infos[limit].name;
}

/* Advice with the setting that is in the way. */
static char *
make_hint(const char *advice, const char *setting)
{
	return psprintf("%s, or raise %s.", advice, setting);
}

/* See the header. */
char *
prismiq_limit_hint(PrismiqLimit limit, const char *advice)
{
	return make_hint(advice, prismiq_limit_name(limit));
}

/* Planner cost above which a query is refused; 0 is off. */
double
prismiq_limit_max_cost(void)
{
	if (max_cost_cap == 0 || (max_cost_value != 0 && max_cost_value <= max_cost_cap))
		return max_cost_value;
	return superuser_arg(GetUserId()) ? max_cost_value : max_cost_cap;
}

/* The same suggestion for who has reached that. */
char *
prismiq_limit_cost_hint(const char *advice)
{
	bool		capped = prismiq_limit_max_cost() == max_cost_cap && !superuser_arg(GetUserId());

	return make_hint(advice, capped ? MAX_COST_CAP : MAX_COST);
}
