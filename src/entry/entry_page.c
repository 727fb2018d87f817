/*-------------------------------------------------------------------------
 *
 * entry_page.c
 *	  prismiq_internal.page_html: a dashboard and its answers as a page.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/json.h"
#include "base/settings.h"
#include "doc/doc.h"
#include "entry/entry.h"
#include "entry/entry_gateway.h"
#include "read/read.h"
#include "show/html.h"

/*
 * An address of the same host: a path, and no more than that.  It comes from whoever
 * made the link to the page, and what the page asks of it goes with the reader's token.
 */
static bool
is_path(const char *address)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_.~/";

	return (address[0] == '/' || address[0] == '.') && strstr(address, "//") == NULL &&
		address[strspn(address, allowed)] == '\0';
}

/*
 * The host of an absolute address, as a source of a policy; "" of a path, and where it
 * is none that can be told: then nothing of it is loaded.
 */
static const char *
origin_of(const char *address)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char in_hosts[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789.-:";
	const char *host = strstr(address, "://");
	size_t		length;

	if (host == NULL || address + strspn(address, letters) != host)
		return "";
	host += strlen("://");
	length = strspn(host, in_hosts);
	if (length == 0 || (host[length] != '/' && host[length] != '\0'))
		return "";
	return psprintf(" %s", pnstrdup(address, host + length - address));
}

/*
 * Tell the gateway that the page runs and loads nothing but what comes from its own host
 * and that of the assets, and that it is one reader's.
 */
static void
tell_headers(const char *assets_url)
{
	prismiq_gateway_headers(psprintf("{\"Cache-Control\": \"private, no-store\"}, "
									 "{\"X-Content-Type-Options\": \"nosniff\"}, "
									 "{\"Referrer-Policy\": \"same-origin\"}, "
									 "{\"Content-Security-Policy\": \"default-src 'self'%s; "
									 "base-uri 'none'; form-action 'none'\"}",
									 origin_of(assets_url)));
}

/*
 * prismiq_internal.page_html(page jsonb) returns text
 *
 * The page of {dashboard, answers, config, filters, options, theme, locale, endpoint}.
 * What has the wrong kind counts as absent.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_page_html)
{
	PrismiqPage page = {.theme = "auto"};
	PrismiqFaults faults = {NIL, NIL};
	StringInfoData buf;
	const json_t *root;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	root = prismiq_json_from_jsonb(PG_GETARG_JSONB_P(0), MaxAllocSize, PG_INT16_MAX, &faults);
	page.dashboard = json_object_get(root, "dashboard");
	page.answers = json_object_get(root, "answers");
	page.config = json_object_get(root, "config");
	page.filters = json_object_get(root, "filters");
	page.options = json_object_get(root, "options");
	if (prismiq_json_text(root, "theme") != NULL)
		page.theme = prismiq_json_text(root, "theme");
	page.locale = prismiq_json_text(root, "locale");
	page.endpoint = prismiq_json_text(root, "endpoint");
	if (page.endpoint != NULL && !is_path(page.endpoint))
		prismiq_reject_argument("options", "Example: \"/rpc/\".",
								"\"endpoint\" must be a path on the page's own host");
	page.assets_url = prismiq_setting_assets_url[0] != '\0' ? prismiq_setting_assets_url :
		"./assets/";
	tell_headers(page.assets_url);
	initStringInfo(&buf);
	prismiq_page_write(&buf, &page);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf.data, buf.len));
}

/*
 * prismiq_internal.page_option_names_check(options jsonb) returns boolean
 *
 * Are all options of a page known?  Where one is not, what was probably meant is told
 * out of those of the page and those of its answers.
 */
PRISMIQ_LIMITED_FUNCTION(prismiq_page_option_names_check)
{
	PrismiqFaults faults = {NIL, NIL};
	const json_t *root;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	root = prismiq_json_from_jsonb(PG_GETARG_JSONB_P(0),
								   prismiq_limit(PRISMIQ_MAX_DEFINITION_BYTES),
								   PRISMIQ_DOCUMENT_DEPTH, &faults);
	if (root != NULL)
		prismiq_read_page_options(root, &faults);
	prismiq_fault_raise_any(&faults);
	PG_RETURN_BOOL(true);
}
