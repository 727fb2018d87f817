/*-------------------------------------------------------------------------
 *
 * doc_values.c
 *	  Values that stored documents have in more than one place: formats, colours,
 *	  names of columns, numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/color.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/nearest.h"
#include "doc/config.h"
#include "model/formats.h"

static const char *const format_keys[] = {
	"type", "decimals", "currency", "unit", "prefix", "suffix", "date_format", NULL
};

/* A text of a format, which stands before or behind every value. */
static const char *
read_short_text(const PrismiqObject *object, const char *key)
{
	const char *text = prismiq_object_text(object, key, false);

	if (text == NULL || strlen(text) <= PRISMIQ_FORMAT_TEXT)
		return text;
	prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, prismiq_object_path(object, key),
					  NULL, "\"%s\" must have at most %d bytes", key, PRISMIQ_FORMAT_TEXT);
	return NULL;
}

/* See the header. */
void
prismiq_object_currency(const PrismiqObject *object)
{
	const char *code = prismiq_object_text(object, "currency", false);

	if (code != NULL && (strlen(code) != 3 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "currency"),
						  "Use a code of ISO 4217, such as EUR.",
						  "\"currency\" must be three capital letters");
}

/* See the header. */
void
prismiq_read_format(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	PrismiqObject format;

	if (prismiq_json_kind(node) == PRISMIQ_JSON_STRING)
	{
		const char *name = prismiq_json_string(node);
		PrismiqObject none = {.faults = faults};
		PrismiqFormatSpec spec;

		if (!prismiq_format_named(name, NULL, &spec))
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path,
							  prismiq_object_suggest(&none, name, "formats",
													 prismiq_format_names),
							  "\"%s\" is no format", name);
		return;
	}
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "a format is a name or an object, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
		return;
	}
	if (!prismiq_object_open(&format, node, path, faults, format_keys))
		return;
	(void) prismiq_object_choice(&format, "type", prismiq_format_names, false, 0);
	(void) prismiq_object_integer(&format, "decimals", 0, PRISMIQ_FORMAT_DECIMALS, 0);
	prismiq_object_currency(&format);
	(void) read_short_text(&format, "unit");
	(void) read_short_text(&format, "prefix");
	(void) read_short_text(&format, "suffix");
	(void) read_short_text(&format, "date_format");
}

/* See the header. */
void
prismiq_read_color(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_STRING ||
		!prismiq_is_color(prismiq_json_string(node)))
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path,
						  "Write it as #1f77b4, rgb(31, 119, 180), or as a name.",
						  "it is no color");
}

/* See the header. */
void
prismiq_object_value(const PrismiqObject *object, const char *key, PrismiqDocumentReader reader)
{
	if (prismiq_object_has(object, key))
		reader(prismiq_object_get(object, key), prismiq_object_path(object, key), object->faults);
}

/* See the header. */
void
prismiq_read_text(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_STRING)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected a string, found %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
}

/* See the header. */
void
prismiq_read_name(const json_t *node, const PrismiqPath *path, PrismiqFaults *faults)
{
	if (prismiq_json_kind(node) != PRISMIQ_JSON_STRING || prismiq_json_string(node)[0] == '\0')
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "expected a name, found %s",
						  prismiq_json_kind(node) == PRISMIQ_JSON_STRING ? "an empty string" :
						  prismiq_json_kind_name(prismiq_json_kind(node)));
}

/* See the header. */
void
prismiq_object_list(const PrismiqObject *object, const char *key, PrismiqDocumentReader reader)
{
	PrismiqElements elements = prismiq_elements_of(object, key, PRISMIQ_MAX_ITEMS);

	while (prismiq_elements_next(&elements))
		reader(elements.node, elements.path, object->faults);
}

/* A numeric out of its digits. */
static Datum
numeric_of(const char *digits)
{
	return DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid),
							   Int32GetDatum(-1));
}

/* See the header. */
int
prismiq_digits_compare(const char *a, const char *b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, numeric_of(a), numeric_of(b)));
}
