/*-------------------------------------------------------------------------
 *
 * pipeline_point.c
 *	  A point of a widget's answer, as conditions on what its columns were made from.
 *
 * A point is {column of the answer: value as answered}: null is a value, the start of
 * a bucket its bucket, a column of a pivot the value that it stands for.  A measure
 * says nothing of which rows there are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/edit.h"
#include "base/fault.h"
#include "base/input_value.h"
#include "catalog/catalogs.h"
#include "model/buckets.h"
#include "model/inside.h"
#include "model/measure.h"
#include "model/pivot.h"
#include "model/series.h"
#include "model/stages.h"
#include "model/words.h"
#include "pipeline_point.h"
#include "read/read.h"
#include "run/encode.h"
#include "show/show.h"

/* See the header. */
Jsonb *
prismiq_point_options(Jsonb *options)
{
	static const char *const members[] = {"timezone", "params"};
	Jsonb	   *some = prismiq_jsonb_from_text("{}");
	int			i;

	for (i = 0; i < lengthof(members); i++)
		if (prismiq_jsonb_has(options, members[i]))
			some = prismiq_jsonb_merge(some,
									   prismiq_jsonb_wrap(members[i],
														  prismiq_jsonb_member(options,
																			   members[i])));
	return some;
}

/* Add a condition. */
static void
add(PrismiqPoint *point, const PrismiqColumnRef *ref, PrismiqOperator op,
	PrismiqLiteral *literal)
{
	PrismiqPointTest *test = palloc(sizeof(PrismiqPointTest));

	test->name = point->name;
	test->ref = ref;
	test->op = op;
	test->literal = literal;
	point->tests = lappend(point->tests, test);
}

/*
 * A condition on one value; null is one too.  Bytes are answered in a notation in which
 * no value is written, and no condition tells the arrays that have no element, or null
 * for one.
 */
static void
add_equal(PrismiqPoint *point, const PrismiqColumnRef *ref, const json_t *value)
{
	bool		null = prismiq_json_kind(value) == PRISMIQ_JSON_NULL;

	if ((ref->basetype == BYTEAOID && !null) || (ref->unnest && null))
		prismiq_reject_argument(point->argument, NULL,
								"the rows of \"%s\" cannot be told by a value", point->name);
	if (null)
		add(point, ref, PRISMIQ_OP_IS_NULL, NULL);
	else
		add(point, ref, ref->unnest ? PRISMIQ_OP_ARRAY_CONTAINS : PRISMIQ_OP_EQ,
			prismiq_read_plain(value, NULL));
}

/* See the header. */
void
prismiq_point_bound(PrismiqPoint *point, const PrismiqColumnRef *ref, PrismiqOperator op,
					Oid type, int64 bound)
{
	PrismiqLiteral *literal = palloc0(sizeof(PrismiqLiteral));
	PrismiqEncoder encoder;
	StringInfoData text;
	Datum		value = type == DATEOID ? DateADTGetDatum((DateADT) (bound / USECS_PER_DAY)) :
		TimestampGetDatum(bound);

	initStringInfo(&text);
	prismiq_encoder_init(&encoder, type, point->pipeline->zone, false);
	prismiq_encode_text(&encoder, &text, value);
	appendStringInfoChar(&text, '\0');
	literal->kind = PRISMIQ_LITERAL_STRING;
	literal->text = text.data;
	add(point, ref, op, literal);
}

/* See the header. */
void
prismiq_point_zone(PrismiqPoint *point, const PrismiqColumnRef *ref)
{
	PrismiqLiteral *literal;

	if (ref->source_zone == NULL)
		return;
	literal = palloc0(sizeof(PrismiqLiteral));
	literal->kind = PRISMIQ_LITERAL_STRING;
	literal->text = pstrdup("all_time");
	add(point, ref, PRISMIQ_OP_DATE_PRESET, literal);
}

/* A date or an instant out of text; false when it is none. */
static bool
read_begin(Oid type, const json_t *value, int64 *begin)
{
	Oid			input = type == DATEOID ? F_DATE_IN :
		type == TIMESTAMPTZOID ? F_TIMESTAMPTZ_IN : F_TIMESTAMP_IN;
	Datum		datum;

	if (prismiq_json_kind(value) != PRISMIQ_JSON_STRING ||
		!prismiq_input_value(input, prismiq_json_string(value), InvalidOid, -1, &datum))
		return false;
	*begin = type == DATEOID ? (int64) DatumGetDateADT(datum) * USECS_PER_DAY :
		DatumGetTimestamp(datum);
	return true;
}

/* A bucket, by its start. */
static void
add_bucket(PrismiqPoint *point, const PrismiqColumnRef *ref, const PrismiqBucketing *bucketing,
		   Oid type, const json_t *value)
{
	PrismiqBucket bucket;
	int64		begin;

	if (ref->unnest && bucketing != NULL)
		prismiq_reject_argument(point->argument, NULL,
								"the rows of \"%s\" cannot be told by a value", point->name);
	if (bucketing == NULL || prismiq_json_kind(value) == PRISMIQ_JSON_NULL)
	{
		add_equal(point, ref, value);
		return;
	}
	if (!read_begin(type, value, &begin) ||
		!prismiq_grid_bucket(bucketing->grid, begin, &bucket) || bucket.start != begin)
		prismiq_reject_argument(point->argument, NULL,
								"\"%s\" of the point is not the start of a bucket", point->name);
	prismiq_point_bound(point, ref, PRISMIQ_OP_GTE, type, bucket.start);
	prismiq_point_bound(point, ref, PRISMIQ_OP_LT, type, bucket.end);
}

/* The column that a pivot takes apart: one of its values is a column of the answer. */
static void
add_cell(PrismiqPoint *point, const PrismiqOutput *output)
{
	const PrismiqPivot *pivot = point->pipeline->query->pivot;
	const PrismiqColumn *column = pivot->column->output->column;
	const PrismiqConst *value = output->cell->value;
	PrismiqFaults faults = {NIL, NIL};
	PrismiqEncoder encoder;
	StringInfoData text;

	if (column == NULL || output->cell->other)
		prismiq_reject_argument(point->argument, NULL,
								"the rows of \"%s\" cannot be told by a value", output->name);
	if (value == NULL)
	{
		add_equal(point, column->ref, json_null());
		return;
	}
	initStringInfo(&text);
	appendStringInfoString(&text, "{\"value\":");
	prismiq_encoder_init(&encoder, value->type, point->pipeline->zone, false);
	prismiq_encode_json(&encoder, &text, value->value);
	appendStringInfoString(&text, "}");
	add_equal(point, column->ref,
			  json_object_get(prismiq_json_from_jsonb(prismiq_jsonb_from_text(text.data),
													  MaxAllocSize, PG_INT16_MAX, &faults),
							  "value"));
}

/* Is the value that of the rest of several groups, which has no one value? */
static bool
is_rest(const PrismiqQuery *query, const json_t *value)
{
	return query->top != NULL && query->top->other &&
		prismiq_json_kind(value) == PRISMIQ_JSON_STRING &&
		strcmp(prismiq_json_string(value), "Other") == 0;
}

/*
 * Is the point of a subtotal in which the column is rolled up?  Its null is none
 * then: all values are behind it.
 */
static bool
is_rolled_up(const PrismiqPoint *point, const json_t *node, const PrismiqOutput *output)
{
	const PrismiqTotals *totals = point->pipeline->query->totals;
	const json_t *level;
	int64		number;
	ListCell   *lc;

	if (totals == NULL)
		return false;
	level = json_object_get(node, totals->level->name);
	if (prismiq_json_kind(level) != PRISMIQ_JSON_NUMBER ||
		!prismiq_json_number_to_int(level, &number))
		return false;
	foreach(lc, totals->rolled)
		if (lfirst(lc) == output)
			return foreach_current_index(lc) >= list_length(totals->rolled) - number;
	return false;
}

/* One member of the point: what it says of the rows. */
static void
add_member(PrismiqPoint *point, const PrismiqOutput *output, const json_t *value)
{
	const PrismiqQuery *query = point->pipeline->query;
	const PrismiqTimeSeries *series = query->time_series;
	const PrismiqColumn *column = output->column;

	switch (output->role)
	{
		case PRISMIQ_ROLE_TIME:
			add_bucket(point, series->ref, series->bucketing, series->type, value);
			break;
		case PRISMIQ_ROLE_DIMENSION:
			if (is_rest(query, value))
				prismiq_reject_argument(point->argument, NULL,
										"the rest of several groups has no one value");
			if (column->bucketing != NULL)
				add_bucket(point, column->ref, column->bucketing, output->type, value);
			else
				add_equal(point, column->ref, value);
			break;
		case PRISMIQ_ROLE_CELL:
			add_cell(point, output);
			break;
		default:
			break;				/* a measure */
	}
}

/* See the header. */
void
prismiq_point_read(PrismiqPoint *point, const json_t *node)
{
	json_t	   *members = unconstify(json_t *, node);
	ListCell   *lc;
	void	   *iter;

	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
		prismiq_reject_argument(point->argument, "Example: {\"carrier\": \"AA\"}.",
								"a point is an object of columns of the widget's answer");
	for (iter = json_object_iter(members); iter != NULL;
		 iter = json_object_iter_next(members, iter))
	{
		const PrismiqOutput *found = NULL;

		point->name = json_object_iter_key(iter);
		foreach(lc, point->pipeline->statement->outputs)
			if (strcmp(((const PrismiqOutput *) lfirst(lc))->name, point->name) == 0)
				found = (const PrismiqOutput *) lfirst(lc);
		if (found == NULL)
			prismiq_reject_argument(point->argument, NULL,
									"the widget's answer has no column \"%s\"", point->name);
		if (prismiq_json_kind(json_object_iter_value(iter)) >= PRISMIQ_JSON_ARRAY)
			prismiq_reject_argument(point->argument, NULL,
									"\"%s\" of the point must be a single value", found->name);
		if (!is_rolled_up(point, node, found))
			add_member(point, found, json_object_iter_value(iter));
	}
}

/* See the header. */
void
prismiq_point_write_zone(StringInfo buf, pg_tz *source_zone)
{
	if (source_zone == NULL)
		return;
	prismiq_write_key(buf, "source_timezone");
	prismiq_write_text(buf, pg_get_timezone_name(source_zone));
}

/* See the header. */
void
prismiq_point_write_ref(StringInfo buf, const PrismiqColumnRef *ref)
{
	if (ref->table_id != NULL)
	{
		prismiq_write_key(buf, "table_id");
		prismiq_write_text(buf, ref->table_id);
	}
	prismiq_write_key(buf, "column");
	prismiq_write_text(buf, ref->column);
	if (ref->inside == NULL)
		return;
	prismiq_write_key(buf, "path");
	prismiq_write_literal(buf, ref->inside->where);
	prismiq_write_key(buf, "type");
	prismiq_write_text(buf, prismiq_inside_names[ref->inside->type]);
}

/* One condition, as a definition has it. */
static void
write_test(StringInfo buf, const PrismiqPointTest *test)
{
	prismiq_write_open(buf, '{');
	prismiq_point_write_ref(buf, test->ref);
	prismiq_write_key(buf, "operator");
	prismiq_write_text(buf, prismiq_operator_names[test->op]);
	if (test->literal != NULL)
	{
		prismiq_write_key(buf, "value");
		if (test->literal->kind == PRISMIQ_LITERAL_STRING)
			prismiq_write_text(buf, test->literal->text);
		else
			prismiq_write_literal(buf, test->literal->text);
	}
	prismiq_point_write_zone(buf, test->ref->source_zone);
	prismiq_write_close(buf, '}');
}

/* See the header. */
char *
prismiq_point_written(const PrismiqPoint *point)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	prismiq_write_open(&buf, '[');
	foreach(lc, point->tests)
		write_test(&buf, (const PrismiqPointTest *) lfirst(lc));
	prismiq_write_close(&buf, ']');
	return buf.data;
}
