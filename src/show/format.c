/*-------------------------------------------------------------------------
 *
 * format.c
 *	  A value as people read it.
 *
 * Numbers, and dates and times, have formats; every other value, and each that
 * its format does not suit, is shown as its type is: what an answer has of it,
 * without the quotes of JSON.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"

#include "base/fault.h"
#include "catalog/catalogs.h"
#include "run/encode.h"
#include "show/format.h"

/* A member that is a text of a length that is stored, or null. */
static const char *
text_member(const json_t *object, const char *key)
{
	const char *text = prismiq_json_text(object, key);

	return text != NULL && strlen(text) <= PRISMIQ_FORMAT_TEXT ? text : NULL;
}

/* See the header. */
bool
prismiq_format_read(const json_t *node, PrismiqFormatSpec *spec)
{
	const json_t *decimals;
	const char *type;
	int64		number;

	(void) prismiq_format_named(NULL, NULL, spec);
	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
		return prismiq_format_named(prismiq_json_string(node), NULL, spec);
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
		return false;
	type = text_member(node, "type");
	if (!prismiq_format_named(type, text_member(node, "date_format"), spec))
		return false;
	spec->currency = text_member(node, "currency");
	spec->unit = text_member(node, "unit");
	spec->prefix = text_member(node, "prefix");
	spec->suffix = text_member(node, "suffix");
	if (type == NULL && spec->currency != NULL)
		spec->kind = PRISMIQ_FORMAT_CURRENCY;
	decimals = json_object_get(node, "decimals");
	if (prismiq_json_kind(decimals) == PRISMIQ_JSON_NUMBER &&
		prismiq_json_number_to_int(decimals, &number) &&
		number >= 0 && number <= PRISMIQ_FORMAT_DECIMALS)
		spec->decimals = (int) number;
	return true;
}

/* A value as an answer has it. */
static char *
answered_text(Oid type, Datum value, pg_tz *zone)
{
	PrismiqEncoder encoder;
	StringInfoData buf;

	prismiq_encoder_init(&encoder, type, zone, false);
	initStringInfo(&buf);
	prismiq_encode_text(&encoder, &buf, value);
	prismiq_append_char(&buf, '\0');
	return buf.data;
}

/*
 * May a text be given a unit, and what stands before and behind it?  NaN and
 * the infinities are no quantities.
 */
static bool
is_quantity(Oid type, const char *text)
{
	switch (type)
	{
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
		case INTERVALOID:
			return strpbrk(text, "0123456789") != NULL;
		default:
			return true;
	}
}

/* The unit, unless the format has units of its own, or shows a date. */
static const char *
shown_unit(const PrismiqFormatSpec *spec)
{
	switch (spec->kind)
	{
		case PRISMIQ_FORMAT_NONE:
		case PRISMIQ_FORMAT_PLAIN:
		case PRISMIQ_FORMAT_NUMBER:
		case PRISMIQ_FORMAT_CURRENCY:
		case PRISMIQ_FORMAT_COMPACT:
			return spec->unit;
		default:
			return NULL;
	}
}

/* The text with what the format puts before and behind it. */
static char *
decorate(const PrismiqFormatSpec *spec, char *text)
{
	const char *unit = shown_unit(spec);

	if (spec->prefix == NULL && spec->suffix == NULL && unit == NULL)
		return text;
	return psprintf("%s%s%s%s%s", spec->prefix ? spec->prefix : "", text,
					unit == NULL || unit[0] == '\0' || strcmp(unit, "%") == 0 ? "" : " ",
					unit ? unit : "", spec->suffix ? spec->suffix : "");
}

/* See the header. */
char *
prismiq_format_text(const PrismiqFormatSpec *spec, Oid type, Datum value, bool isnull,
					const PrismiqFormatLocale *locale)
{
	static const PrismiqFormatSpec no_spec = {.decimals = -1};
	static const PrismiqFormatLocale no_locale = {NULL};
	Oid			base;
	char	   *text;

	if (isnull)
		return NULL;
	if (spec == NULL)
		spec = &no_spec;
	if (locale == NULL)
		locale = &no_locale;
	base = prismiq_base_type(type);
	text = prismiq_format_number(spec, base, value, locale);
	if (text == NULL)
		text = prismiq_format_time(spec, base, value, locale->zone);
	if (text == NULL)
		text = answered_text(base, value, locale->zone);
	return is_quantity(base, text) ? decorate(spec, text) : text;
}
