/*-------------------------------------------------------------------------
 *
 * dense.c
 *	  May a time series be aggregated bucket by bucket in one state for each of
 *	  its series?
 *
 * The twin of compile/compile_dense.c.  prismiq_dense() knows the buckets before
 * it sees a row, so the range has to be known here; it takes the measures that
 * most definitions have, over the types of most columns.  Everything else is
 * grouped by the bucket, as ever, and so is what would not fit into the memory
 * that PostgreSQL's own hash aggregation may take.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "access/context.h"
#include "base/settings.h"
#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/buckets.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "stage/stage.h"

/* As many values as an aggregate's function has arguments for, with some room. */
#define MAX_MEASURES 90

/* About what a bucket takes in a state of prismiq_dense(), and a measure of it. */
#define BUCKET_BYTES 8
#define MEASURE_BYTES 24

/* As PostgreSQL guesses where it knows nothing of a column. */
#define UNKNOWN_DISTINCT 200

/* Are sums of this type made of its values as they are? */
static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID ||
		type == FLOAT4OID || type == FLOAT8OID || type == NUMERICOID;
}

/* Does prismiq_dense() take this measure? */
static bool
takes_measure(const PrismiqColumn *column)
{
	const PrismiqColumnRef *ref = column->ref;

	if (column->instead != NULL || column->distinct || column->aggfn_order != NULL ||
		column->aggfn_arg != NULL)
		return false;
	switch (column->aggregation)
	{
		case PRISMIQ_AGG_COUNT:
			return true;
		case PRISMIQ_AGG_SUM:
		case PRISMIQ_AGG_AVG:
			return is_number(ref->basetype);
		case PRISMIQ_AGG_MIN:
		case PRISMIQ_AGG_MAX:
			return is_number(ref->basetype) || prismiq_type_is_time(ref->basetype);
		default:
			return false;
	}
}

/* All of them, and are they few enough? */
static bool
takes_measures(const PrismiqQuery *query)
{
	int			measures = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		if (!takes_measure(column) || ++measures > MAX_MEASURES)
			return false;
	}
	return true;
}

/*
 * How many values of a group column a tenant has, about.  What is known is of all
 * tenants together: of many values they are taken to share none.
 */
static double
distinct_values(const PrismiqColumnRef *ref)
{
	const PrismiqTable *table = ref->expr == NULL ? ref->table : NULL;
	double		count = -1;
	double		tenants = -1;

	if (table != NULL && OidIsValid(table->relid))
		count = prismiq_distinct_values(table->relid, ref->attnum);
	if (count <= 0)
		return UNKNOWN_DISTINCT;
	if (count > UNKNOWN_DISTINCT && table->tenant_attnum > 0)
		tenants = prismiq_distinct_values(table->relid, table->tenant_attnum);
	return tenants > 1 ? Max(count / tenants, UNKNOWN_DISTINCT) : count;
}

/* How many series there are, about. */
static double
count_series(const PrismiqQuery *query)
{
	double		count = 1;
	ListCell   *lc;

	if (query->top != NULL)
		return (double) query->top->n + 1;
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			count *= distinct_values(column->ref);
	}
	foreach(lc, query->group_extra)
		count *= distinct_values((const PrismiqColumnRef *) lfirst(lc));
	return count;
}

/* A bound of the range in microseconds, as the grid counts. */
static int64
bound_value(const PrismiqTimeSeries *series, const PrismiqConst *bound)
{
	Timestamp	value = 0;

	if (series->type != DATEOID)
		return DatumGetTimestamp(bound->value);
	return prismiq_day_to_local(DatumGetDateADT(bound->value), &value) ? value : DT_NOEND;
}

/* Do the states of all series fit into the memory of a hash table? */
static bool
fits_memory(const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	int			limit = prismiq_limit(PRISMIQ_MAX_BUCKETS);
	int64		buckets = prismiq_grid_count(series->bucketing->grid,
											 bound_value(series, series->low),
											 bound_value(series, series->high), limit);
	double		bytes = BUCKET_BYTES;
	ListCell   *lc;

	foreach(lc, query->columns)
		if (!PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			bytes += MEASURE_BYTES;

	/* No text is read as the end of time. */
	return buckets <= limit && IS_VALID_TIMESTAMP(bound_value(series, series->high)) &&
		buckets * bytes * count_series(query) <= (double) get_hash_memory_limit();
}

/* A time as a grid writes it: instants in UTC. */
static const char *
time_text(const PrismiqConst *time)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;
	fsec_t		fsec = 0;

	memset(&tm, 0, sizeof(tm));
	if (time->type == DATEOID)
	{
		j2date(DatumGetDateADT(time->value) + POSTGRES_EPOCH_JDATE,
			   &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, text);
	}
	else if (timestamp2tm(DatumGetTimestamp(time->value), NULL, &tm, &fsec, NULL, NULL) == 0)
	{
		tm.tm_isdst = 0;		/* it has a zone */
		EncodeDateTime(&tm, fsec, time->type == TIMESTAMPTZOID, 0, NULL, USE_ISO_DATES, text);
	}
	else
		elog(ERROR, "time of a range is out of range");
	return pstrdup(text);
}

/* , "key": "text" */
static void
append_member(StringInfo buf, const char *key, const char *text)
{
	appendStringInfoString(buf, buf->len > 1 ? ", " : "");
	escape_json(buf, key);
	appendStringInfoString(buf, ": ");
	escape_json(buf, text);
}

/* The grid that prismiq_dense() is given. */
static PrismiqConst *
make_grid(const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;
	const PrismiqBucketing *bucketing = series->bucketing;
	const char *separator = "[";
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	append_member(&buf, "interval", prismiq_grid_width_text(bucketing->grid));
	append_member(&buf, "start", time_text(series->low));
	append_member(&buf, "stop", time_text(series->high));
	if (bucketing->zone != NULL)
		append_member(&buf, "timezone", TextDatumGetCString(bucketing->zone->value));
	if (bucketing->origin != NULL)
		append_member(&buf, "origin", time_text(bucketing->origin));
	if (!series->filled)
		appendStringInfoString(&buf, ", \"gaps\": false");
	else if (prismiq_fill_has_neighbours(series))
		append_member(&buf, "fill",
					  series->fill == PRISMIQ_FILL_LINEAR ? "linear" : "previous");
	appendStringInfoString(&buf, ", \"measures\": ");
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);

		if (PrismiqColumnIsDimension(column))
			continue;
		appendStringInfoString(&buf, separator);
		escape_json(&buf, prismiq_aggregation_names[column->aggregation]);
		separator = ", ";
	}
	appendStringInfoString(&buf, separator[0] == '[' ? "[]}" : "]}");
	return prismiq_const_make(JSONBOID, DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data)));
}

/* May a time series be aggregated by series alone, as soon as its range is known? */
bool
prismiq_dense_takes(const PrismiqQuery *query)
{
	return prismiq_setting_dense && query->totals == NULL && query->having == NULL &&
		(query->compare == NULL || !query->compare->once) && takes_measures(query);
}

/* And is it known, and not too long? */
bool
prismiq_dense_fits(const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	return PrismiqHasBuckets(query) && query->grouped && series->bucketing != NULL &&
		series->low != NULL && series->high != NULL &&
		bound_value(series, series->low) < bound_value(series, series->high) &&
		prismiq_dense_takes(query) && fits_memory(query);
}

/* Aggregate by series alone, where that can be. */
void
prismiq_check_dense(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	PrismiqTimeSeries *series = query->time_series;

	if (!prismiq_dense_fits(query))
		return;
	series->dense_function = prismiq_home_dense();
	if (OidIsValid(series->dense_function))
		series->dense = make_grid(query);
}
