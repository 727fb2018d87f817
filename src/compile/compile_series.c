/*-------------------------------------------------------------------------
 *
 * compile_series.c
 *	  Buckets, and time series with every bucket of their range.
 *
 * A filled series groups its rows once (the stage "data"), makes every bucket
 * of the range ("g") for every combination of the other group columns that
 * occurs ("s"), and joins the two.  Both sides take their bucket edges from the same
 * arithmetic (prismiq_time_bucket and prismiq_time_buckets), so they meet
 * exactly.  A group that HAVING removes is kept in "data" and marked, so that
 * its bucket is known not to be empty and does not come back.
 *
 * Where each series was aggregated at once, its cells have every bucket
 * (compile_dense.c) and nothing is joined.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "compile/compile.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/table.h"
#include "model/words.h"
#include "print/print.h"

/* OIDs of pg_operator.dat that have no name in PostgreSQL's headers. */
#define OID_TIMESTAMPTZ_PLUS_INTERVAL 1327
#define OID_TIMESTAMP_PLUS_INTERVAL 2066
#define OID_DATE_PLUS_INTEGER 1100

/* A bound of a time type that no finite value reaches. */
static PrismiqConst *
infinity(Oid type, bool low)
{
	PrismiqConst *value = palloc0(sizeof(PrismiqConst));

	value->type = type;
	if (type == DATEOID)
		value->value = DateADTGetDatum(low ? DATEVAL_NOBEGIN : DATEVAL_NOEND);
	else
		value->value = TimestampGetDatum(low ? DT_NOBEGIN : DT_NOEND);
	return value;
}

/* SELECT the column's least value, or greatest, or both, of those for the tenant that are finite */
void
prismiq_print_extremes(PrismiqSql *sql, const PrismiqTimeSeries *series, bool low, bool high)
{
	const PrismiqColumnRef *ref = series->ref;
	PrismiqTable source = *ref->table;
	int			i;

	if (ref->expr == NULL)
		source.used = bms_make_singleton(ref->attnum);
	source.marker = source.keyless = false;	/* all rows are looked at, and none told apart */
	for (i = 0; i < 2; i++)
	{
		if (!(i == 0 ? low : high))
			continue;
		prismiq_sql_text(sql, i == 1 && low ? ", " : "SELECT ");
		prismiq_sql_function(sql, i == 0 ? series->least : series->greatest);
		prismiq_sql_text(sql, "(");
		prismiq_print_ref(sql, ref);
		prismiq_sql_text(sql, i == 0 ? ") AS low" : ") AS high");
	}
	prismiq_sql_text(sql, " FROM ");
	prismiq_print_source(sql, &source);
	prismiq_sql_text(sql, " WHERE ");
	prismiq_print_ref(sql, ref);
	prismiq_sql_compare(sql, ref->basetype, PRISMIQ_OP_GT);
	prismiq_sql_const(sql, infinity(ref->basetype, true));
	prismiq_sql_text(sql, " AND ");
	prismiq_print_ref(sql, ref);
	prismiq_sql_compare(sql, ref->basetype, PRISMIQ_OP_LT);
	prismiq_sql_const(sql, infinity(ref->basetype, false));
}

/*
 * What is missing of the range: of the first bucket of the rows, or the last, else of
 * the column's least value, or greatest, as a bound of buckets.
 */
static void
print_extreme(PrismiqSql *sql, const PrismiqTimeSeries *series, bool low)
{
	if (OidIsValid(series->first))
	{
		prismiq_sql_text(sql, "(SELECT ");
		prismiq_sql_function(sql, low ? series->first : series->last);
		prismiq_sql_text(sql, "(r.b) FROM data AS r)");
		return;
	}
	prismiq_sql_text(sql, low ? "e.low" : "e.high");
	if (series->bucketing->source_zone != NULL)
	{
		prismiq_sql_text(sql, " AT TIME ZONE ");
		prismiq_sql_const(sql, series->bucketing->source_zone);
	}
}

/* The end of the range, excluded: just after the greatest value. */
static void
print_end(PrismiqSql *sql, const PrismiqTimeSeries *series)
{
	PrismiqConst *step;

	if (series->high != NULL)
	{
		prismiq_sql_const(sql, series->high);
		return;
	}
	step = palloc0(sizeof(PrismiqConst));
	prismiq_sql_text(sql, "(");
	print_extreme(sql, series, false);
	if (series->type == DATEOID)
	{
		step->type = INT4OID;
		step->value = Int32GetDatum(1);
		prismiq_sql_text(sql, ")");
		prismiq_sql_operator(sql, OID_DATE_PLUS_INTEGER);
	}
	else
	{
		Interval   *interval = palloc0(sizeof(Interval));

		interval->time = 1;
		step->type = INTERVALOID;
		step->value = IntervalPGetDatum(interval);
		prismiq_sql_text(sql, ")");
		prismiq_sql_operator(sql, series->type == TIMESTAMPTZOID ?
							 OID_TIMESTAMPTZ_PLUS_INTERVAL : OID_TIMESTAMP_PLUS_INTERVAL);
	}
	prismiq_sql_const(sql, step);
}

/* prismiq_time_buckets(width, start, end [, zone] [, origin]) AS g(b) */
static void
print_buckets(PrismiqSql *sql, const PrismiqTimeSeries *series)
{
	const PrismiqBucketing *bucketing = series->bucketing;

	if ((series->low == NULL || series->high == NULL) && !OidIsValid(series->first))
	{
		prismiq_sql_text(sql, "(");
		prismiq_print_extremes(sql, series, series->low == NULL, series->high == NULL);
		prismiq_sql_text(sql, ") AS e\n  CROSS JOIN LATERAL ");
	}
	prismiq_sql_home(sql, "prismiq_time_buckets");
	prismiq_sql_text(sql, "(");
	prismiq_sql_const(sql, bucketing->width);
	prismiq_sql_text(sql, ", ");
	if (series->low != NULL)
		prismiq_sql_const(sql, series->low);
	else
		print_extreme(sql, series, true);
	prismiq_sql_text(sql, ", ");
	print_end(sql, series);
	if (bucketing->zone != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, bucketing->zone);
	}
	if (bucketing->origin != NULL)
	{
		prismiq_sql_text(sql, ", ");
		prismiq_sql_const(sql, bucketing->origin);
	}
	prismiq_sql_text(sql, ") AS g(b)");
}

/* How many columns of the answer are grouped by, besides the bucket. */
static int
count_dimensions(const PrismiqQuery *query)
{
	int			dimensions = 0;
	ListCell   *lc;

	foreach(lc, query->columns)
		if (PrismiqColumnIsDimension((const PrismiqColumn *) lfirst(lc)))
			dimensions++;
	return dimensions;
}

/* The combinations of the other group columns that occur, when there are any. */
void
prismiq_print_combinations(PrismiqSql *sql, const PrismiqQuery *query)
{
	int			dimensions = count_dimensions(query);
	int			i;

	if (dimensions + list_length(query->group_extra) == 0)
		return;
	prismiq_sql_text(sql, ", series AS (SELECT DISTINCT ");
	for (i = 0; i < dimensions; i++)
		prismiq_sql_number(sql, i > 0 ? ", d" : "d", i + 1);
	for (i = 0; i < list_length(query->group_extra); i++)
		prismiq_sql_number(sql, dimensions + i > 0 ? ", x" : "x", i + 1);
	prismiq_sql_text(sql, " FROM data");
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, " WHERE ");
		prismiq_print_is_detail(sql, "l");
	}
	if (query->having != NULL)
		prismiq_sql_text(sql, query->totals != NULL ? " AND keep" : " WHERE keep");
	prismiq_sql_text(sql, ")");
}

/* A group column beside the bucket, for its sides to be printed. */
typedef struct LineColumn
{
	const char *rows;			/* what is compared with the combinations, "s": "r." */
	const char *prefix;
	int			number;
} LineColumn;

/* r.d1, or s.d1 */
static void
print_line_side(PrismiqSql *sql, bool right, const void *arg)
{
	const LineColumn *line = (const LineColumn *) arg;

	prismiq_sql_text(sql, right ? "s." : line->rows);
	prismiq_sql_number(sql, line->prefix, line->number);
}

/* r.d1 = s.d1 and so on, after a word: of the same line. */
static void
print_same_line(PrismiqSql *sql, const PrismiqQuery *query, const char *word, const char *rows)
{
	int			dimensions = count_dimensions(query);
	ListCell   *lc;

	foreach(lc, query->time_series->same)
	{
		int			i = foreach_current_index(lc) + 1;
		LineColumn	line = {rows, "d", i};

		if (i > dimensions)
		{
			line.prefix = "x";
			line.number = i - dimensions;
		}
		prismiq_sql_text(sql, word);
		prismiq_print_same(sql, (const PrismiqSame *) lfirst(lc), print_line_side, &line);
		word = " AND ";
	}
}

/* What each line is to have from before the range. */
static void
print_carried_join(PrismiqSql *sql, const PrismiqQuery *query)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (series->earlier == NULL)
		return;
	prismiq_sql_text(sql, "\n  LEFT JOIN carried AS v");
	prismiq_sql_text(sql, series->same == NIL ? " ON true" : "");
	print_same_line(sql, query, " ON ", "v.");
}

/* The grid joined with the data, or what has both. */
static void
print_join(PrismiqSql *sql, const PrismiqQuery *query, int dimensions)
{
	const PrismiqTimeSeries *series = query->time_series;

	if (series->dense != NULL)
	{
		prismiq_print_dense_from(sql, query);
		print_carried_join(sql, query);
		return;
	}
	prismiq_sql_text(sql, "\nFROM ");
	print_buckets(sql, series);
	if (dimensions + list_length(query->group_extra) > 0)
		prismiq_sql_text(sql, "\n  CROSS JOIN series AS s");
	prismiq_sql_text(sql, "\n  LEFT JOIN data AS r ON r.b");
	prismiq_sql_compare(sql, series->type, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "g.b");
	if (query->totals != NULL)
	{
		prismiq_sql_text(sql, " AND ");
		prismiq_print_is_detail(sql, "r.l");
	}
	print_same_line(sql, query, " AND ", "r.");
	print_carried_join(sql, query);
	if (query->having != NULL)
		prismiq_sql_text(sql, "\nWHERE r.keep IS NOT FALSE");
}

/* A measure: what was grouped, or what an empty bucket shows. */
static void
print_measure(PrismiqSql *sql, const PrismiqTimeSeries *series, const PrismiqColumn *column,
			  int measure)
{
	const char *value = series->dense != NULL ? "u.m" : "r.m";
	bool		carried = series->dense != NULL && series->earlier != NULL;

	if (column->fill_value == NULL && !carried)
	{
		prismiq_sql_number(sql, value, measure);
		return;
	}
	prismiq_sql_text(sql, "CASE WHEN ");
	prismiq_print_empty(sql, series);
	prismiq_sql_text(sql, " THEN ");
	if (carried)
	{
		prismiq_sql_number(sql, "COALESCE(u.m", measure);
		prismiq_sql_number(sql, ", v.m", measure);
		prismiq_sql_text(sql, ")");
	}
	else
		prismiq_sql_const(sql, column->fill_value);
	prismiq_sql_text(sql, " ELSE ");
	prismiq_sql_number(sql, value, measure);
	prismiq_sql_text(sql, " END");
}

/* The totals, which have no gaps, after the filled rows. */
static void
print_totals(PrismiqSql *sql, const PrismiqQuery *query)
{
	int			dimension = 0;
	int			measure = 0;
	int			i;
	ListCell   *lc;

	prismiq_sql_text(sql, "\nUNION ALL\nSELECT r.b");
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		bool		grouped = PrismiqColumnIsDimension(column);

		prismiq_sql_number(sql, grouped ? ", r.d" : ", r.m", grouped ? ++dimension : ++measure);
		if (column->fill_line == NULL || !OidIsValid(column->fill_line->cast_type))
			continue;
		prismiq_sql_cast(sql, column->fill_line->cast_type);
	}
	for (i = 1; i <= list_length(query->group_extra); i++)
		prismiq_sql_number(sql, ", r.x", i);
	prismiq_sql_text(sql, ", r.l FROM data AS r WHERE NOT ");
	prismiq_print_is_detail(sql, "r.l");
}

/* Are empty buckets to be given what those around them have?  The rows of cells have it. */
static bool
fills_from_neighbours(const PrismiqTimeSeries *series)
{
	return series->filled && series->dense == NULL && prismiq_fill_has_neighbours(series);
}

/*
 * Every bucket of the range for every combination.  Staged, the columns have
 * the names of ours that the base stage gave them; else they are the answer's.
 */
static void
print_grid(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	int			dimension = 0;
	int			measure = 0;
	int			i;
	ListCell   *lc;

	prismiq_sql_text(sql, staged ? "SELECT " : "\nSELECT ");
	prismiq_sql_text(sql, query->time_series->dense != NULL ? "u.b" : "g.b");
	prismiq_print_output_name(sql, query->time_series->output, staged);
	foreach(lc, query->columns)
	{
		const PrismiqColumn *column = (const PrismiqColumn *) lfirst(lc);
		bool		grouped = PrismiqColumnIsDimension(column);

		prismiq_sql_text(sql, ",\n  ");
		if (grouped)
			prismiq_sql_number(sql, "s.d", ++dimension);
		else
			print_measure(sql, query->time_series, column, ++measure);
		prismiq_print_output_name(sql, &column->output, staged);
	}
	for (i = 1; staged && i <= list_length(query->group_extra); i++)
		prismiq_sql_number(sql, ",\n  s.x", i);
	if (fills_from_neighbours(query->time_series))
		prismiq_print_fill_marks(sql, query);
	else if (query->totals != NULL)
		prismiq_sql_text(sql, ",\n  0 AS l");
	print_join(sql, query, count_dimensions(query));
	if (fills_from_neighbours(query->time_series))
		prismiq_print_fill_windows(sql, query);
}

/* The filled stage: every bucket, what the empty ones show, and the totals. */
void
prismiq_print_filled(PrismiqSql *sql, const PrismiqQuery *query, bool staged)
{
	if (!fills_from_neighbours(query->time_series))
		print_grid(sql, query, staged);
	else
	{
		prismiq_print_fill_select(sql, query);
		if (query->totals != NULL)
			prismiq_sql_text(sql, ", 0 AS l");
		prismiq_sql_text(sql, "\nFROM (");
		print_grid(sql, query, true);
		prismiq_sql_text(sql, ") AS r");
		prismiq_print_fill_neighbours(sql, query);
	}
	if (query->totals != NULL)
		print_totals(sql, query);
}
