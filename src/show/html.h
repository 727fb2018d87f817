/*-------------------------------------------------------------------------
 *
 * html.h
 *	  A page that shows a dashboard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_HTML_H
#define PRISMIQ_HTML_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/json.h"

/* The parts of a page; what has the wrong kind counts as absent. */
typedef struct PrismiqPage
{
	const json_t *dashboard;	/* as prismiq_dashboard_get has it */
	const json_t *answers;		/* as prismiq_dashboard_data has them, "formatted" and "spec" */
	const json_t *config;		/* of the tenant, as far as a page goes by it */
	const json_t *filters;		/* the values in force */
	const json_t *options;		/* what holds for all that is asked, "cross_filter" too */
	const char *theme;			/* "light", "dark" or "auto" */
	const char *locale;			/* or null */
	const char *endpoint;		/* where the functions are; null: where the module looks */
	const char *assets_url;		/* ends with a slash */
} PrismiqPage;

/* html_page.c */
extern void prismiq_page_write(StringInfo buf, const PrismiqPage *page);

/*
 * html_table.c: what an answer holds, as people read it and as the module does; and
 * all else of it, as JSON.
 */
extern void prismiq_page_content(StringInfo buf, const json_t *answer);
extern void prismiq_page_rest(StringInfo buf, const json_t *answer);

/* The values of an answer's picture, which stand in the page in place of the rows; or null. */
extern const json_t *prismiq_page_drawn(const json_t *answer);

/* html.c */
extern void prismiq_html_text(StringInfo buf, const char *text);
extern void prismiq_html_element(StringInfo buf, const char *element, const char *text);
extern void prismiq_html_attribute(StringInfo buf, const char *name, const char *value);

#endif							/* PRISMIQ_HTML_H */
