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
#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "access/context.h"
#include "base/fault.h"
#include "base/names.h"
#include "base/settings.h"
#include "model/buckets.h"
#include "model/condition.h"
#include "model/config.h"
#include "model/dates.h"
#include "model/expr.h"
#include "model/measure.h"
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

/* The zone that a reference says its local times are read in, if it says one. */
void
prismiq_check_source_zone(PrismiqCheck *check, PrismiqColumnRef *ref)
{
	if (ref != NULL && ref->source_timezone != NULL && ref->source_zone == NULL)
		ref->source_zone = find_zone(check, ref->source_timezone, ref->source_timezone_path);
}

/* Has the column local times, if a zone is said for it?  Else a fault; a measure has none. */
bool
prismiq_check_local_times(PrismiqCheck *check, const PrismiqColumnRef *ref)
{
	if (ref->source_timezone == NULL ||
		(!ref->star && ref->basetype == TIMESTAMPOID &&
		 (ref->expr == NULL || !ref->expr->has_aggregate)))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_TIME_SERIES, ref->source_timezone_path,
					  "Leave it out.",
					  "\"source_timezone\" is for columns of type timestamp without time zone");
	return false;
}

/* What tells a column by its names: the length of the first says where the second begins. */
static char *
column_key(const PrismiqColumnRef *ref)
{
	const char *id = ref->table_id != NULL ? ref->table_id : "";

	return psprintf("%zu %s %s", strlen(id), id, ref->column);
}

/* Note the first reference to a column that says the zone of its times. */
static void
note_source_zone(PrismiqCheck *check, PrismiqColumnRef *ref)
{
	PrismiqName *name;
	bool		found;

	if (ref == NULL || ref->column == NULL || ref->source_timezone == NULL)
		return;
	name = prismiq_names_add(&check->source_zones, column_key(ref), &found);
	if (!found)
		name->value = ref;
}

/* The same of a condition's column. */
static bool
note_source_zone_of_test(PrismiqCondition *condition, void *arg)
{
	CHECK_FOR_INTERRUPTS();
	note_source_zone((PrismiqCheck *) arg, prismiq_test_ref(PrismiqTestOf(condition)));
	return false;
}

/* What columns and conditions of the definition say of the zones of their times. */
static void
note_source_zones(PrismiqCheck *check)
{
	const PrismiqQuery *query = check->query;
	ListCell   *lc;

	foreach(lc, query->columns)
		note_source_zone(check, ((const PrismiqColumn *) lfirst(lc))->ref);
	foreach(lc, query->columns)
		(void) prismiq_condition_walk(((const PrismiqColumn *) lfirst(lc))->filters,
									  note_source_zone_of_test, check);
	(void) prismiq_condition_walk(query->filters, note_source_zone_of_test, check);
	(void) prismiq_condition_walk(query->left_out, note_source_zone_of_test, check);
}

/*
 * The zone in which a condition on local times is read, where it says none itself: that
 * of the column's series, else what the definition says of the column elsewhere.  So a
 * dashboard's filter picks the rows that the widget's own conditions mean.
 */
void
prismiq_take_source_zone(const PrismiqCheck *check, PrismiqColumnRef *ref)
{
	const PrismiqTimeSeries *series = check->query->time_series;
	const PrismiqName *said;

	if (ref->basetype != TIMESTAMPOID || ref->source_timezone != NULL)
		return;
	ref->source_zone = NULL;
	if (series != NULL && series->ref->table == ref->table && series->ref->attnum == ref->attnum)
		ref->source_zone = series->ref->source_zone;
	else if ((said = prismiq_names_find(&check->source_zones, column_key(ref))) != NULL)
		ref->source_zone = prismiq_zone_find(((const PrismiqColumnRef *)
											  said->value)->source_timezone);
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
	if (series != NULL)
		prismiq_check_source_zone(check, series->ref);
	note_source_zones(check);

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
