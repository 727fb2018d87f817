/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  The zone, the week and the year that a definition counts by.
 *
 * One zone drives buckets, relative dates, "today" and the edges of ranges.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/settings.h"
#include "model/buckets.h"
#include "model/config.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/series.h"
#include "model/zones.h"
#include "value/value.h"

/* A zone by name, or null and a fault. */
static pg_tz *
find_zone(PrismiqCheck *check, const char *name, const PrismiqPath *path)
{
	pg_tz	   *zone = prismiq_zone_find(name);

	if (zone == NULL)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_VALUE, path,
						  "Use a name such as \"Europe/Berlin\" or \"UTC\".",
						  "unknown time zone \"%s\"", name);
	return zone;
}

/* A stored zone; null and a warning when there is none of that name (any more). */
static pg_tz *
find_stored_zone(PrismiqCheck *check, const char *name, const char *whose)
{
	pg_tz	   *zone = prismiq_zone_find(name);

	if (zone == NULL)
		prismiq_fault_warn(check->faults, PRISMIQ_INVALID_VALUE, NULL,
						   "Give it a name such as \"Europe/Berlin\" or \"UTC\".",
						   "unknown time zone \"%s\" of the %s: the session's is used",
						   name, whose);
	return zone;
}

/*
 * The query's zone: time_series.timezone, else options.timezone, else the
 * dashboard's, else the tenant's, else the session's.
 */
void
prismiq_check_calendar(PrismiqCheck *check)
{
	PrismiqTimeSeries *series = check->query->time_series;
	const PrismiqTenantConfig *config = check->config;
	PrismiqCalendar *calendar = &check->calendar;
	pg_tz	   *zone = NULL;

	if (series != NULL && series->timezone != NULL)
		zone = find_zone(check, series->timezone, series->timezone_path);
	else if (check->options->timezone != NULL)
		zone = find_zone(check, check->options->timezone, check->options->timezone_path);
	else if (check->options->dashboard_timezone != NULL)
		zone = find_stored_zone(check, check->options->dashboard_timezone, "dashboard");
	else if (config != NULL && config->timezone != NULL)
		zone = find_stored_zone(check, config->timezone, "tenant");
	calendar->zone = zone != NULL ? zone : session_timezone;
	check->zone_name = pg_get_timezone_name(calendar->zone);
	check->source_zone = NULL;
	if (series != NULL && series->source_timezone != NULL)
		check->source_zone = find_zone(check, series->source_timezone,
									   series->source_timezone_path);

	calendar->week_start = PRISMIQ_MONDAY;
	if (config != NULL && config->week_start >= 0)
		calendar->week_start = config->week_start;
	if (series != NULL && series->week_start >= 0)
		calendar->week_start = series->week_start;
	calendar->fiscal_start_month = prismiq_setting_fiscal_year_start_month;
	if (config != NULL && config->fiscal_year_start_month > 0)
		calendar->fiscal_start_month = config->fiscal_year_start_month;
	calendar->now = GetCurrentTransactionStartTimestamp();
}
