/*-------------------------------------------------------------------------
 *
 * format_number.c
 *	  Numbers, amounts, shares, durations and sizes as people read them.
 *
 * A number is rounded once, from its own digits, in the unit that it is shown
 * in: halves go away from zero, and what rounding makes a whole larger unit is
 * shown in that one (999,950 is 1M, 59.6 seconds are 1m 00s).  Calculated is with
 * numeric, and divided to an integer, so that no digit is lost.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "common/string.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/numeric.h"

#include "base/fault.h"
#include "show/format.h"

/* A number with more digits before its point is shown as it is: numeric has limits. */
#define MOST_DIGITS 1000

/* Decimals that are always there, and the most that there may be. */
typedef struct Decimals
{
	int			least;
	int			most;
} Decimals;

/* A unit of a size: what it takes to make one, and its name. */
typedef struct Unit
{
	int64		size;
	const char *name;
} Unit;

static const Unit thousands[] = {
	{.size = INT64CONST(1), .name = ""},
	{.size = INT64CONST(1000), .name = "K"},
	{.size = INT64CONST(1000000), .name = "M"},
	{.size = INT64CONST(1000000000), .name = "B"},
	{.size = INT64CONST(1000000000000), .name = "T"},
};
static const Unit bytes[] = {
	{.size = INT64CONST(1), .name = " B"},
	{.size = INT64CONST(1) << 10, .name = " KB"},
	{.size = INT64CONST(1) << 20, .name = " MB"},
	{.size = INT64CONST(1) << 30, .name = " GB"},
	{.size = INT64CONST(1) << 40, .name = " TB"},
	{.size = INT64CONST(1) << 50, .name = " PB"},
	{.size = INT64CONST(1) << 60, .name = " EB"},
};

/* Currencies that do not have two decimals. */
static const struct
{
	int			decimals;
	const char *codes;
}			currency_decimals[] =
{
	{.decimals = 0, .codes = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
	{.decimals = 3, .codes = "BHD IQD JOD KWD LYD OMR TND"},
	{.decimals = 4, .codes = "CLF UYW"},
};

/* Symbols, as the English of Unicode's CLDR has them, so that browsers show the same. */
static const struct
{
	const char *code;
	const char *symbol;
}			currency_symbols[] =
{
	{.code = "AUD", .symbol = "A$"},
	{.code = "BRL", .symbol = "R$"},
	{.code = "CAD", .symbol = "CA$"},
	{.code = "CNY", .symbol = "CN\xc2\xa5"},
	{.code = "EUR", .symbol = "\xe2\x82\xac"},
	{.code = "GBP", .symbol = "\xc2\xa3"},
	{.code = "HKD", .symbol = "HK$"},
	{.code = "ILS", .symbol = "\xe2\x82\xaa"},
	{.code = "INR", .symbol = "\xe2\x82\xb9"},
	{.code = "JPY", .symbol = "\xc2\xa5"},
	{.code = "KRW", .symbol = "\xe2\x82\xa9"},
	{.code = "MXN", .symbol = "MX$"},
	{.code = "NZD", .symbol = "NZ$"},
	{.code = "PHP", .symbol = "\xe2\x82\xb1"},
	{.code = "TWD", .symbol = "NT$"},
	{.code = "USD", .symbol = "$"},
	{.code = "VND", .symbol = "\xe2\x82\xab"},
};

/* What a call goes by. */
typedef struct Shown
{
	const PrismiqFormatSpec *spec;
	const PrismiqFormatLocale *locale;
	Numeric		magnitude;		/* the number without its sign */
	bool		negative;
	bool		zero;
	StringInfoData buf;
} Shown;

/* A numeric out of its text. */
static Numeric
numeric_of(char *text)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/*
 * The value as a numeric, or null when it is none.  A float has the digits that it
 * is written with.  A span of time has seconds, where the format wants them.
 */
static Numeric
number_of(const PrismiqFormatSpec *spec, Oid type, Datum value)
{
	switch (type)
	{
		case INT2OID:
			return int64_to_numeric(DatumGetInt16(value));
		case INT4OID:
			return int64_to_numeric(DatumGetInt32(value));
		case INT8OID:
			return int64_to_numeric(DatumGetInt64(value));
		case FLOAT4OID:
			return numeric_of(float_to_shortest_decimal(DatumGetFloat4(value)));
		case FLOAT8OID:
			return numeric_of(double_to_shortest_decimal(DatumGetFloat8(value)));
		case NUMERICOID:
			return DatumGetNumeric(value);
		case INTERVALOID:
			if (spec->kind == PRISMIQ_FORMAT_DURATION || spec->kind == PRISMIQ_FORMAT_DURATION_MS)
				return DatumGetNumeric(DirectFunctionCall2(extract_interval,
														   CStringGetTextDatum("epoch"), value));
			return NULL;
		default:
			return NULL;
	}
}

/*
 * magnitude * multiplier / divisor, rounded at so many decimals, halves up: its
 * digits, as an integer without the point.
 */
static Numeric
rounded(Numeric magnitude, int64 multiplier, int64 divisor, int decimals)
{
	Datum		twice = NumericGetDatum(numeric_of(psprintf(INT64_FORMAT "e%d", 2 * multiplier,
															decimals)));
	Datum		number = DirectFunctionCall2(numeric_mul, NumericGetDatum(magnitude), twice);

	number = DirectFunctionCall2(numeric_add, number,
								 NumericGetDatum(int64_to_numeric(divisor)));
	return DatumGetNumeric(DirectFunctionCall2(numeric_div_trunc, number,
											   NumericGetDatum(int64_to_numeric(2 * divisor))));
}

/* Has a rounded number reached "limit"? */
static bool
reaches(Numeric digits, int64 limit, int decimals)
{
	Numeric		bound = numeric_of(psprintf(INT64_FORMAT "e%d", limit, decimals));

	return DatumGetBool(DirectFunctionCall2(numeric_ge, NumericGetDatum(digits),
											NumericGetDatum(bound)));
}

/* The integer part in groups of three. */
static void
append_grouped(StringInfo buf, const char *digits, int len, const char *group)
{
	int			i;

	for (i = 0; i < len; i++)
	{
		if (i > 0 && (len - i) % 3 == 0)
			appendStringInfoString(buf, group);
		appendStringInfoChar(buf, digits[i]);
	}
}

/*
 * A rounded number: "before" and the sign, which zero has not, before it; zeros at its
 * end dropped down to the decimals that are always there.
 */
static void
append_rounded(Shown *shown, const char *before, Numeric rounded_digits, Decimals decimals,
			   const char *group, const char *point)
{
	char	   *digits = DatumGetCString(DirectFunctionCall1(numeric_out,
															 NumericGetDatum(rounded_digits)));
	int			len = strlen(digits);
	int			fraction = decimals.most;

	/* Not before what has been rounded to zero. */
	if (shown->negative && strcmp(digits, "0") != 0)
		appendStringInfoChar(&shown->buf, '-');
	appendStringInfoString(&shown->buf, before);
	if (len <= fraction)
	{
		/* Zeros before it, up to the one before the point. */
		char	   *padded = palloc(fraction + 2);

		memset(padded, '0', fraction + 1 - len);
		memcpy(padded + fraction + 1 - len, digits, len + 1);
		digits = padded;
		len = fraction + 1;
	}
	append_grouped(&shown->buf, digits, len - fraction, group);
	digits += len - fraction;
	while (fraction > decimals.least && digits[fraction - 1] == '0')
		fraction--;
	if (fraction > 0)
		appendStringInfo(&shown->buf, "%s%.*s", point, fraction, digits);
}

/* What stands between groups of three digits. */
static const char *
group_of(const Shown *shown)
{
	return shown->locale->group ? shown->locale->group : ",";
}

/* What stands before decimals. */
static const char *
point_of(const Shown *shown)
{
	return shown->locale->decimal ? shown->locale->decimal : ".";
}

/* The decimals that are asked for, or else the format's own. */
static Decimals
decimals_of(const Shown *shown, int least, int most)
{
	Decimals	decimals = {.least = least, .most = most};

	if (shown->spec->decimals >= 0)
		decimals.least = decimals.most = shown->spec->decimals;
	return decimals;
}

/* A number in groups, times "multiplier". */
static void
append_number(Shown *shown, const char *before, int64 multiplier, Decimals decimals)
{
	append_rounded(shown, before, rounded(shown->magnitude, multiplier, 1, decimals.most),
				   decimals, group_of(shown), point_of(shown));
}

/* A number in the largest unit of which there is one. */
static void
append_in_units(Shown *shown, const Unit *units, int count, int64 next, const char *group)
{
	Decimals	decimals = decimals_of(shown, 0, 1);
	Numeric		digits;
	int			i = 0;

	for (;;)
	{
		digits = rounded(shown->magnitude, 1, units[i].size, decimals.most);
		if (i == count - 1 || !reaches(digits, next, decimals.most))
			break;
		i++;
	}
	append_rounded(shown, "", digits, decimals, group, point_of(shown));
	appendStringInfoString(&shown->buf, units[i].name);
}

/* The decimals of a currency. */
static int
decimals_of_currency(const char *code)
{
	int			i;

	for (i = 0; i < lengthof(currency_decimals); i++)
		if (strstr(currency_decimals[i].codes, code) != NULL)
			return currency_decimals[i].decimals;
	return 2;
}

/*
 * What stands before an amount: the symbol, or the code and a space where it has
 * none that the database's encoding can hold.
 */
static const char *
symbol_of_currency(const char *code)
{
	int			i;

	for (i = 0; i < lengthof(currency_symbols); i++)
		if (strcmp(currency_symbols[i].code, code) == 0 &&
			(GetDatabaseEncoding() == PG_UTF8 ||
			 pg_is_ascii(currency_symbols[i].symbol)))
			return currency_symbols[i].symbol;
	return psprintf("%s ", code);
}

/* An amount of money; without a code it has no symbol. */
static void
append_currency(Shown *shown)
{
	const char *said = shown->spec->currency ? shown->spec->currency : shown->locale->currency;
	char	   *code = said ? asc_toupper(said, strlen(said)) : NULL;
	int			decimals = code && strlen(code) == 3 ? decimals_of_currency(code) : 2;

	append_number(shown, code && code[0] != '\0' ? symbol_of_currency(code) : "", 1,
				  decimals_of(shown, decimals, decimals));
}

/*
 * A duration in its two largest units; "divisor" of what the number counts make a
 * second.  Seconds alone may have decimals.
 */
static void
append_duration(Shown *shown, int64 divisor)
{
	static const struct
	{
		int64		small;		/* seconds of the smaller unit */
		int64		times;		/* it makes the larger one */
		int64		until;		/* so many of the smaller one are the next larger pair */
		const char *names[2];
	}			pairs[] =
	{
		{.small = 1, .times = 60, .until = 3600, .names = {"m ", "s"}},
		{.small = 60, .times = 60, .until = 1440, .names = {"h ", "m"}},
		{.small = 3600, .times = 24, .until = PG_INT64_MAX, .names = {"d ", "h"}},
	};
	Decimals	decimals = decimals_of(shown, 0, 0);
	Numeric		digits = rounded(shown->magnitude, 1, divisor, decimals.most);
	Decimals	whole = {0, 0};
	Datum		large;
	Datum		small;
	Datum		times;
	int			i;

	if (!reaches(digits, 60, decimals.most))
	{
		append_rounded(shown, "", digits, decimals, group_of(shown), point_of(shown));
		appendStringInfoChar(&shown->buf, 's');
		return;
	}
	for (i = 0;; i++)
	{
		digits = rounded(shown->magnitude, 1, divisor * pairs[i].small, 0);
		if (i == lengthof(pairs) - 1 || !reaches(digits, pairs[i].until, 0))
			break;
	}
	times = NumericGetDatum(int64_to_numeric(pairs[i].times));
	large = DirectFunctionCall2(numeric_div_trunc, NumericGetDatum(digits), times);
	small = DirectFunctionCall2(numeric_mod, NumericGetDatum(digits), times);
	append_rounded(shown, "", DatumGetNumeric(large), whole, group_of(shown), "");
	appendStringInfo(&shown->buf, "%s%02d%s", pairs[i].names[0],
					 DatumGetInt32(DirectFunctionCall1(numeric_int4, small)), pairs[i].names[1]);
}

/*
 * The name of a day of the week, Sunday being 0, or of a month of the year, by its number,
 * as weekday() and month() of expressions count them; false: there is no such.
 */
static bool
append_name(Shown *shown)
{
	static const char *const weekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
	"Friday", "Saturday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};
	bool		is_month = shown->spec->kind == PRISMIQ_FORMAT_MONTH;
	int			count = is_month ? lengthof(months) : lengthof(weekdays);
	int			i;

	for (i = 0; i < count && !shown->negative; i++)
		if (DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(shown->magnitude),
											 NumericGetDatum(int64_to_numeric(i + is_month)))))
		{
			appendStringInfoString(&shown->buf, is_month ? months[i] : weekdays[i]);
			return true;
		}
	return false;
}

/* Append the number in its format; false for a format that is none of numbers. */
static bool
append_formatted(Shown *shown, Oid type)
{
	Decimals	decimals;

	switch (shown->spec->kind)
	{
		case PRISMIQ_FORMAT_NONE:
		case PRISMIQ_FORMAT_PLAIN:
			/* Else as an answer has it, but that a float may be minus zero there. */
			if (shown->spec->decimals < 0 &&
				(!shown->zero || (type != FLOAT4OID && type != FLOAT8OID)))
				return false;
			decimals = decimals_of(shown, 0, 0);
			append_rounded(shown, "", rounded(shown->magnitude, 1, 1, decimals.most), decimals,
						   "", ".");
			return true;
		case PRISMIQ_FORMAT_NUMBER:
			append_number(shown, "", 1, decimals_of(shown, 0, 2));
			return true;
		case PRISMIQ_FORMAT_CURRENCY:
			append_currency(shown);
			return true;
		case PRISMIQ_FORMAT_PERCENT:
		case PRISMIQ_FORMAT_RATIO:
			append_number(shown, "", shown->spec->kind == PRISMIQ_FORMAT_RATIO ? 100 : 1,
						  decimals_of(shown, 0, 1));
			appendStringInfoChar(&shown->buf, '%');
			return true;
		case PRISMIQ_FORMAT_COMPACT:
			append_in_units(shown, thousands, lengthof(thousands), 1000, group_of(shown));
			return true;
		case PRISMIQ_FORMAT_BYTES:
			append_in_units(shown, bytes, lengthof(bytes), 1024, "");
			return true;
		case PRISMIQ_FORMAT_DURATION:
			append_duration(shown, 1);
			return true;
		case PRISMIQ_FORMAT_DURATION_MS:
			append_duration(shown, type == INTERVALOID ? 1 : 1000);
			return true;
		case PRISMIQ_FORMAT_MONTH:
		case PRISMIQ_FORMAT_WEEKDAY:
			return append_name(shown);
		default:
			return false;
	}
}

/* See the header. */
char *
prismiq_format_number(const PrismiqFormatSpec *spec, Oid type, Datum value,
					  const PrismiqFormatLocale *locale)
{
	Numeric		number = number_of(spec, type, value);
	Shown		shown = {.spec = spec, .locale = locale};
	char	   *text;

	if (number == NULL)
		return NULL;
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	if (numeric_is_nan(number) || numeric_is_inf(number))
		return text;
	if (strcspn(text, ".") > MOST_DIGITS)
		return NULL;
	shown.negative = text[0] == '-';
	shown.zero = strspn(text, "0.") == strlen(text);
	shown.magnitude = DatumGetNumeric(DirectFunctionCall1(numeric_abs, NumericGetDatum(number)));
	initStringInfo(&shown.buf);
	return append_formatted(&shown, type) ? shown.buf.data : NULL;
}
