/*-------------------------------------------------------------------------
 *
 * spec_measure.c
 *	  The axis of a picture along which measures stand: how their numbers are
 *	  labelled, and in which unit they are.
 *
 * Texts of a format (its unit, what stands before and behind) are not for the
 * axis: they are told once, and by the formatted values.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "show/spec.h"

/* From here on thousands are written as K. */
#define LARGE 10000.0

#define COMPACT "replace(replace(format(datum.value, '.4~s'), 'G', 'B'), 'k', 'K')"
#define DIVIDED(divisor, unit) "format(datum.value / " divisor ", '.1~f') + '" unit "'"

/* Spans of time in the unit that suits the greatest of them; "divisor" makes seconds. */
#define SPANS(thousand) { \
	{.until = 120.0, .label = DIVIDED("1" thousand, "s")}, \
	{.until = 7200.0, .label = DIVIDED("60" thousand, "m")}, \
	{.until = 172800.0, .label = DIVIDED("3600" thousand, "h")}, \
	{.until = 0.0, .label = DIVIDED("86400" thousand, "d")}}

typedef struct Span
{
	double		until;			/* in seconds; 0: any */
	const char *label;
} Span;

static const Span seconds[] = SPANS("");
static const Span milliseconds[] = SPANS("000");

#define BYTES \
	"abs(datum.value) < 1024 ? format(datum.value, '~f') + ' B' : " \
	"abs(datum.value) < 1048576 ? " DIVIDED("1024", " KB") " : " \
	"abs(datum.value) < 1073741824 ? " DIVIDED("1048576", " MB") " : " \
	"abs(datum.value) < 1099511627776 ? " DIVIDED("1073741824", " GB") " : " \
	DIVIDED("1099511627776", " TB")

/* The label of a span of time. */
static const char *
span_label(const Span *spans, double greatest)
{
	while (spans->until > 0.0 && greatest > spans->until)
		spans++;
	return spans->label;
}

/* The expression that makes the labels of numbers, all of it ours; null: they have a format. */
static const char *
label_expression(PrismiqFormatKind kind, double greatest)
{
	switch (kind)
	{
		case PRISMIQ_FORMAT_PERCENT:
			return "format(datum.value, ',.4~f') + '%'";
		case PRISMIQ_FORMAT_RATIO:
			return NULL;
		case PRISMIQ_FORMAT_BYTES:
			return BYTES;
		case PRISMIQ_FORMAT_DURATION:
			return span_label(seconds, greatest);
		case PRISMIQ_FORMAT_DURATION_MS:
			return span_label(milliseconds, greatest / 1000.0);
		default:
			return greatest >= LARGE ? COMPACT : NULL;
	}
}

/* Is a type one of integers?  There is nothing between two of them. */
static bool
is_integer(Oid type)
{
	type = prismiq_base_type(type);
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/* The members of an axis of measures; "greatest" is the largest number on it, without its sign. */
void
prismiq_spec_measure_axis(StringInfo buf, const PrismiqShownColumn *column, double greatest)
{
	PrismiqFormatKind kind = column != NULL ? column->spec.kind : PRISMIQ_FORMAT_NONE;
	const char *expression = label_expression(kind, greatest);

	prismiq_spec_put(buf, "'tickCount':5");
	if (kind < PRISMIQ_FORMAT_PERCENT && column != NULL && is_integer(column->output->type))
		prismiq_spec_put(buf, "'tickMinStep':1");
	if (expression != NULL)
	{
		prismiq_write_key(buf, "labelExpr");
		prismiq_write_text(buf, expression);
	}
	else if (kind == PRISMIQ_FORMAT_RATIO)
		prismiq_spec_put(buf, "'format':'.4~%'");
	else
		prismiq_spec_put(buf, greatest < 0.001 ? "'format':'~g'" : "'format':',.6~f'");
}

/* In what a column's numbers are; null: it does not say, or each of them says so itself. */
const char *
prismiq_spec_unit(const PrismiqShown *shown, int column)
{
	const PrismiqShownColumn *shown_column = &shown->columns[column];

	if (shown_column->unit != NULL)
		return shown_column->unit;
	if (shown_column->spec.kind != PRISMIQ_FORMAT_CURRENCY)
		return NULL;
	return shown_column->spec.currency != NULL ? shown_column->spec.currency :
		shown->locale.currency;
}

/* How little there is to be seen of a number with two decimals. */
#define SMALL 0.01

/*
 * A number of a column as people read it; null for null.  Without a format it has not
 * the digits of the database but those that a picture can be read by.
 */
const char *
prismiq_spec_number_text(const PrismiqShown *shown, int column, Numeric number)
{
	const PrismiqFormatSpec *format = &shown->columns[column].spec;
	PrismiqFormatSpec as_number = *format;
	double		value;

	if (format->kind != PRISMIQ_FORMAT_NONE || format->decimals >= 0 ||
		!prismiq_spec_double(number, &value))
		return prismiq_show_number_formatted(shown, column, number);
	as_number.kind = PRISMIQ_FORMAT_NUMBER;
	if (value != 0.0 && fabs(value) < SMALL)
		as_number.decimals = Min(PRISMIQ_FORMAT_DECIMALS, 2 - (int) floor(log10(fabs(value))));
	return prismiq_format_text(&as_number, NUMERICOID, NumericGetDatum(number), false,
							   &shown->locale);
}

/* The same of a value, which may be no number. */
const char *
prismiq_spec_text(const PrismiqShown *shown, int64 row, int column)
{
	Numeric		number;

	if (!prismiq_show_number(shown, row, column, &number))
		return prismiq_show_formatted(shown, row, column);
	return prismiq_spec_number_text(shown, column, number);
}

/* What a column of numbers is, for "usermeta"; null where there is none. */
void
prismiq_spec_measure_field(StringInfo buf, const PrismiqShown *shown, int column)
{
	if (column < 0)
	{
		prismiq_write_literal(buf, "null");
		return;
	}
	prismiq_spec_put(buf, "{'kind':'number'");
	prismiq_write_key(buf, "label");
	prismiq_write_text(buf, shown->columns[column].label);
	prismiq_write_key(buf, "unit");
	prismiq_write_text(buf, prismiq_spec_unit(shown, column));
	prismiq_write_close(buf, '}');
}
