/*-------------------------------------------------------------------------
 *
 * rows_jsonb.c
 *	  One row as a jsonb object.
 *
 * The object is built from its values directly, with the keys sorted once for
 * all rows: no text is made of it and parsed again.  The values are those of
 * rows_json.c, in the form that jsonb keeps them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/numeric.h"

#include "base/fault.h"
#include "print/statement.h"
#include "run/encode.h"
#include "run/sinks.h"

typedef struct RowColumn
{
	PrismiqEncoder encoder;
	FmgrInfo	to_jsonb;		/* for what is not written by hand */
	int			pair;			/* which of the sorted pairs is its */
} RowColumn;

struct PrismiqRowBuilder
{
	int			ncolumns;
	RowColumn  *columns;
	JsonbPair  *pairs;			/* sorted as jsonb sorts keys */
	StringInfoData text;		/* where a value's text is written */
};

/* Order of keys inside jsonb: by length, then by bytes. */
static int
pair_compare(const void *a, const void *b)
{
	const JsonbValue *ka = &((const JsonbPair *) a)->key;
	const JsonbValue *kb = &((const JsonbPair *) b)->key;

	if (ka->val.string.len != kb->val.string.len)
		return ka->val.string.len > kb->val.string.len ? 1 : -1;
	return memcmp(ka->val.string.val, kb->val.string.val, ka->val.string.len);
}

/* Sort the keys, and tell each column its place. */
static void
init_pairs(PrismiqRowBuilder *builder, const PrismiqStatement *statement)
{
	ListCell   *lc;
	int			i;

	foreach(lc, statement->outputs)
	{
		const PrismiqOutput *output = (const PrismiqOutput *) lfirst(lc);
		JsonbPair  *pair = &builder->pairs[foreach_current_index(lc)];

		pair->key.type = jbvString;
		pair->key.val.string.len = strlen(output->name);
		pair->key.val.string.val = unconstify(char *, output->name);
		pair->order = foreach_current_index(lc);
	}
	qsort(builder->pairs, builder->ncolumns, sizeof(JsonbPair), pair_compare);
	for (i = 0; i < builder->ncolumns; i++)
		builder->columns[builder->pairs[i].order].pair = i;
}

/* The value as a jsonb number, or as a string when jsonb has no such number. */
static void
set_number(JsonbValue *result, Datum numeric, const char *not_finite)
{
	if (not_finite == NULL)
	{
		result->type = jbvNumeric;
		result->val.numeric = DatumGetNumeric(numeric);
		return;
	}
	result->type = jbvString;
	result->val.string.len = strlen(not_finite);
	result->val.string.val = unconstify(char *, not_finite);
}

/* What a float is called that is no number of JSON's; null when it is one. */
static const char *
not_finite(double value)
{
	if (isnan(value))
		return "NaN";
	if (isinf(value))
		return value > 0 ? "Infinity" : "-Infinity";
	return NULL;
}

/* A float, with the digits that are needed to tell it from others. */
static void
set_float(PrismiqEncoder *encoder, JsonbValue *result, Datum value)
{
	double		number = encoder->encoding == PRISMIQ_ENCODE_FLOAT4 ?
		(double) DatumGetFloat4(value) : DatumGetFloat8(value);
	const char *name = not_finite(number);
	StringInfoData text;
	Datum		numeric = (Datum) 0;

	if (name == NULL)
	{
		initStringInfo(&text);
		prismiq_encode_text(encoder, &text, value);
		prismiq_append_char(&text, '\0');
		numeric = DirectFunctionCall3(numeric_in, CStringGetDatum(text.data),
									  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	set_number(result, numeric, name);
}

/* A numeric keeps its digits; what jsonb has no number for becomes its name. */
static void
set_numeric(JsonbValue *result, Datum value)
{
	Numeric		numeric = DatumGetNumeric(value);
	const char *name = NULL;

	if (numeric_is_nan(numeric))
		name = "NaN";
	else if (numeric_is_inf(numeric))
		name = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	set_number(result, NumericGetDatum(numeric), name);
}

/* Take a jsonb value apart, as building one needs it. */
static void
set_jsonb(JsonbValue *result, Datum value)
{
	Jsonb	   *jsonb = DatumGetJsonbP(value);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbParseState *state = NULL;
	JsonbValue	item;
	JsonbValue *whole = NULL;

	if (JB_ROOT_IS_SCALAR(jsonb))
	{
		if (!JsonbExtractScalar(&jsonb->root, result))
			elog(ERROR, "jsonb scalar without a value");
		return;
	}
	it = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&it, &item, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM)
			whole = pushJsonbValue(&state, token, &item);
		else
			whole = pushJsonbValue(&state, token, NULL);
	}
	*result = *whole;
}

/* What the server's to_jsonb makes of a value, with instants in our zone. */
static void
set_by_to_jsonb(RowColumn *column, JsonbValue *result, Datum value)
{
	pg_tz	   *session_zone = session_timezone;
	Datum		jsonb = (Datum) 0;

	PG_TRY();
	{
		session_timezone = column->encoder.zone;
		jsonb = FunctionCall1(&column->to_jsonb, value);
	}
	PG_FINALLY();
	{
		session_timezone = session_zone;
	}
	PG_END_TRY();
	set_jsonb(result, jsonb);
}

/* A string whose text is written into the row's buffer. */
static void
set_text(RowColumn *column, StringInfo text, JsonbValue *result, Datum value)
{
	int			start = text->len;

	prismiq_encode_text(&column->encoder, text, value);
	result->type = jbvString;
	result->val.string.len = text->len - start;
	/* The buffer may move while the row grows, so its own copy. */
	result->val.string.val = pnstrdup(text->data + start, text->len - start);
	text->len = start;
}

/* A value, which is not null, as an element of a jsonb tree. */
static void
set_value(RowColumn *column, StringInfo text, JsonbValue *result, Datum value)
{
	struct varlena *string;

	if (column->encoder.large_as_string)
	{
		set_text(column, text, result, value);
		return;
	}
	switch (column->encoder.encoding)
	{
		case PRISMIQ_ENCODE_BOOL:
			result->type = jbvBool;
			result->val.boolean = DatumGetBool(value);
			break;
		case PRISMIQ_ENCODE_INT2:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt16(value))), NULL);
			break;
		case PRISMIQ_ENCODE_INT4:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt32(value))), NULL);
			break;
		case PRISMIQ_ENCODE_INT8:
			set_number(result, NumericGetDatum(int64_to_numeric(DatumGetInt64(value))), NULL);
			break;
		case PRISMIQ_ENCODE_FLOAT4:
		case PRISMIQ_ENCODE_FLOAT8:
			set_float(&column->encoder, result, value);
			break;
		case PRISMIQ_ENCODE_NUMERIC:
			set_numeric(result, value);
			break;
		case PRISMIQ_ENCODE_TEXT:
			string = PG_DETOAST_DATUM_PACKED(value);
			result->type = jbvString;
			result->val.string.len = VARSIZE_ANY_EXHDR(string);
			result->val.string.val = VARDATA_ANY(string);
			break;
		case PRISMIQ_ENCODE_JSONB:
			set_jsonb(result, value);
			break;
		case PRISMIQ_ENCODE_JSON:
		case PRISMIQ_ENCODE_SERVER:
			set_by_to_jsonb(column, result, value);
			break;
		default:
			set_text(column, text, result, value);
			break;
	}
}

/* Prepare to build rows; what is needed for it stays in the current memory context. */
PrismiqRowBuilder *
prismiq_row_builder_create(const PrismiqStatement *statement, TupleDesc desc, pg_tz *zone,
						   bool bigint_as_string)
{
	PrismiqRowBuilder *builder = palloc0(sizeof(PrismiqRowBuilder));
	int			i;

	if (desc->natts != list_length(statement->outputs))
		elog(ERROR, "statement has %d columns, not %d", desc->natts,
			 list_length(statement->outputs));

	builder->ncolumns = desc->natts;
	builder->pairs = palloc0(sizeof(JsonbPair) * Max(desc->natts, 1));
	builder->columns = palloc0(sizeof(RowColumn) * Max(desc->natts, 1));
	for (i = 0; i < desc->natts; i++)
	{
		RowColumn  *column = &builder->columns[i];
		Oid			type = TupleDescAttr(desc, i)->atttypid;
		Const	   *arg = makeNullConst(type, -1, InvalidOid);

		prismiq_encoder_init(&column->encoder, type, zone, bigint_as_string &&
							 ((PrismiqOutput *) list_nth(statement->outputs, i))->large);
		fmgr_info(F_TO_JSONB, &column->to_jsonb);
		fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSONB, JSONBOID, list_make1(arg),
												 InvalidOid, InvalidOid,
												 COERCE_EXPLICIT_CALL),
						   &column->to_jsonb);
	}
	init_pairs(builder, statement);
	initStringInfo(&builder->text);
	return builder;
}

/* The object of a row whose attributes were fetched, in the current memory context. */
Jsonb *
prismiq_row_build(PrismiqRowBuilder *builder, TupleTableSlot *slot)
{
	JsonbValue	object;
	int			i;

	for (i = 0; i < builder->ncolumns; i++)
	{
		RowColumn  *column = &builder->columns[i];
		JsonbValue *value = &builder->pairs[column->pair].value;

		if (slot->tts_isnull[i])
			value->type = jbvNull;
		else
			set_value(column, &builder->text, value, slot->tts_values[i]);
	}
	object.type = jbvObject;
	object.val.object.nPairs = builder->ncolumns;
	object.val.object.pairs = builder->pairs;
	return JsonbValueToJsonb(&object);
}
