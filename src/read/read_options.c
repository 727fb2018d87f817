/*-------------------------------------------------------------------------
 *
 * read_options.c
 *	  What comes beside a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/names.h"
#include "model/options.h"
#include "model/words.h"
#include "read/read.h"

static const char *const option_keys[] = {
	"format", "params", "timezone", "limit", "offset", "page", "page_size", "count", "sort",
	"disable_aggregation", "cache", "timeout_ms", "max_rows", "bigint", "metadata", "raw",
	"delimiter", "header", NULL
};
static const char *const option_unsupported[] = {"cache", NULL};

/* What is read beside those: of widgets, the last one of dashboards alone; of pages. */
const char *const prismiq_widget_option_keys[] = {
	"formatted", "spec", "config", "cross_filter", "widgets", NULL
};
static const char *const page_keys[] = {"theme", "locale", "endpoint", NULL};

/* Rows of a page when only its number is said. */
#define DEFAULT_PAGE_SIZE 20

/* params: {name: value} */
static void
read_params(PrismiqQueryOptions *options, const PrismiqObject *object)
{
	const json_t *node = prismiq_object_get(object, "params");
	PrismiqGivenParam *given;
	bool		found;
	void	   *iter;

	if (!prismiq_object_has(object, "params"))
		return;
	if (prismiq_json_kind(node) != PRISMIQ_JSON_OBJECT)
	{
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "params"), NULL,
						  "\"params\" must be an object, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(node)));
		return;
	}
	if (prismiq_read_items(object, "params") == 0)
		return;
	for (iter = json_object_iter(unconstify(json_t *, node)); iter != NULL;
		 iter = json_object_iter_next(unconstify(json_t *, node), iter))
	{
		given = prismiq_read_given_param(json_object_iter_key(iter),
										 json_object_iter_value(iter));
		options->params = lappend(options->params, given);
		prismiq_names_add(&options->param_names, given->name, &found)->value = given;
	}
}

/* limit and offset, or page and page_size: which rows of the answer. */
static void
read_page(PrismiqQueryOptions *options, const PrismiqObject *object)
{
	static const char *const totals[] = {
		[PRISMIQ_TOTAL_NONE] = "none",
		[PRISMIQ_TOTAL_EXACT] = "exact",
		[PRISMIQ_TOTAL_ESTIMATED] = "estimated",
		NULL
	};
	bool		paged = prismiq_object_has(object, "page") ||
		prismiq_object_has(object, "page_size");
	int64		page = prismiq_object_integer(object, "page", 1, PG_INT32_MAX, 1);
	int64		size = prismiq_object_integer(object, "page_size", 1, PG_INT32_MAX,
											  DEFAULT_PAGE_SIZE);

	options->limit = prismiq_object_integer(object, "limit", 0, PG_INT64_MAX, -1);
	options->offset = prismiq_object_integer(object, "offset", 0, PG_INT64_MAX, 0);
	if (paged && (prismiq_object_has(object, "limit") || prismiq_object_has(object, "offset")))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "page"), NULL,
						  "give \"limit\" and \"offset\", or \"page\" and \"page_size\"");
	else if (paged)
	{
		options->limit = size;
		options->offset = (page - 1) * size;
	}
	options->total = (PrismiqTotal) prismiq_object_choice(object, "count", totals, false,
														  PRISMIQ_TOTAL_NONE);
	options->sort = prismiq_read_sort(object, "sort", PRISMIQ_MAX_COLUMNS);
	options->metadata = prismiq_object_boolean(object, "metadata", false);
}

/* delimiter, header, raw: of CSV.  A delimiter is what COPY takes for one. */
static void
read_csv(PrismiqCsvStyle *csv, const PrismiqObject *object)
{
	static const char *const headers[] = {
		[PRISMIQ_CSV_HEADER_NAME - 1] = "name",
		[PRISMIQ_CSV_HEADER_LABEL - 1] = "label",
		NULL
	};
	const char *delimiter = prismiq_object_text(object, "delimiter", false);

	csv->raw = prismiq_object_boolean(object, "raw", false);
	csv->header = prismiq_object_choice(object, "header", headers, false, -1) + 1;
	if (delimiter == NULL)
		return;
	if (strlen(delimiter) == 1 && strchr("\"\r\n", delimiter[0]) == NULL)
		csv->delimiter = delimiter[0];
	else
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE,
						  prismiq_object_path(object, "delimiter"),
						  "Write \";\", \"|\" or \"\\t\", say.",
						  "\"delimiter\" must be one byte, and no quote nor the end of a line");
}

/* Options of prismiq_query and its kin (null for none); faults point into the options. */
PrismiqQueryOptions *
prismiq_read_options(const json_t *root, PrismiqFaults *faults)
{
	static const char *const formats[] = {"arrays", "objects", "columnar", NULL};
	static const char *const bigints[] = {[false] = "number", [true] = "string", NULL};
	PrismiqQueryOptions *options = palloc0(sizeof(PrismiqQueryOptions));
	PrismiqObject object;

	options->max_rows = -1;
	options->limit = -1;
	options->timeout_ms = -1;
	options->csv.delimiter = ',';
	if (root == NULL || !prismiq_object_open(&object, root, NULL, faults, option_keys))
		return options;
	if (json_object_size(root) == 0)
		return options;			/* as in most calls */
	options->format = prismiq_object_choice(&object, "format", formats, false, 0);
	read_params(options, &object);
	read_page(options, &object);
	options->timezone = prismiq_object_name(&object, "timezone", false);
	options->timezone_path = prismiq_object_path(&object, "timezone");
	options->disable_aggregation = prismiq_object_boolean(&object, "disable_aggregation", false);
	options->timeout_ms = prismiq_object_integer(&object, "timeout_ms", 1, PG_INT32_MAX, -1);
	options->max_rows = prismiq_object_integer(&object, "max_rows", 1, PG_INT32_MAX, -1);
	options->bigint_as_string =
		prismiq_object_choice(&object, "bigint", bigints, false, false);
	read_csv(&options->csv, &object);
	prismiq_read_unsupported(&object, option_unsupported);
	return options;
}

/*
 * Note the options that are not known, and what was probably meant, where there are those of
 * "own" (so many of them) and of "more" beside those of a query.
 */
static void
check_names(const json_t *root, const PrismiqPath *path, const char *const *more, int own,
			PrismiqFaults *faults)
{
	const char *keys[lengthof(option_keys) + PRISMIQ_WIDGET_OPTIONS + lengthof(page_keys)];
	PrismiqObject object;
	int			count = 0;
	int			i;

	for (i = 0; option_keys[i] != NULL; i++)
		keys[count++] = option_keys[i];
	for (i = 0; i < own; i++)
		keys[count++] = prismiq_widget_option_keys[i];
	for (i = 0; more != NULL && more[i] != NULL; i++)
		keys[count++] = more[i];
	keys[count] = NULL;
	(void) prismiq_object_open(&object, root, path, faults, keys);
}

/* "spec": whether a picture is wanted, and in which theme: true means light. */
static PrismiqPicture
read_picture(const json_t *root, PrismiqFaults *faults)
{
	const json_t *node = json_object_get(root, "spec");
	PrismiqJsonKind kind = prismiq_json_kind(node);

	if (kind <= PRISMIQ_JSON_NULL)
		return PRISMIQ_PICTURE_NONE;
	if (kind == PRISMIQ_JSON_BOOLEAN)
		return json_is_true(node) ? PRISMIQ_PICTURE_LIGHT : PRISMIQ_PICTURE_NONE;
	if (kind == PRISMIQ_JSON_STRING && strcmp(prismiq_json_string(node), "light") == 0)
		return PRISMIQ_PICTURE_LIGHT;
	if (kind == PRISMIQ_JSON_STRING && strcmp(prismiq_json_string(node), "dark") == 0)
		return PRISMIQ_PICTURE_DARK;
	prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_path_key(NULL, "spec", NULL), NULL,
					  "\"spec\" must be true, false, \"light\" or \"dark\"");
	return PRISMIQ_PICTURE_NONE;
}

/* An option that is true or false. */
static void
read_boolean(const json_t *root, const char *key, bool *value, PrismiqFaults *faults)
{
	const json_t *node = json_object_get(root, key);

	if (prismiq_json_kind(node) == PRISMIQ_JSON_BOOLEAN)
		*value = json_is_true(node);
	else if (prismiq_json_kind(node) > PRISMIQ_JSON_NULL)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_path_key(NULL, key, NULL), NULL,
						  "\"%s\" must be true or false, not %s", key,
						  prismiq_json_kind_name(prismiq_json_kind(node)));
}

/*
 * What the functions of widgets take beside those: "formatted", "spec", "config", and where
 * "ids" is not null the "widgets" that are asked for, uuids as text.
 */
void
prismiq_read_widget_options(const json_t *root, PrismiqWidgetOptions *options, List **ids,
							PrismiqFaults *faults)
{
	const json_t *points = json_object_get(root, "cross_filter");
	const json_t *widgets = ids != NULL ? json_object_get(root, "widgets") : NULL;
	const PrismiqPath *path = prismiq_path_key(NULL, "widgets", NULL);
	size_t		i;

	if (prismiq_json_kind(root) == PRISMIQ_JSON_OBJECT)
		check_names(root, NULL, NULL, PRISMIQ_WIDGET_OPTIONS - (ids != NULL ? 0 : 1), faults);
	options->picture = read_picture(root, faults);
	read_boolean(root, "formatted", &options->formatted, faults);
	read_boolean(root, "config", &options->config, faults);
	if (prismiq_json_kind(points) == PRISMIQ_JSON_OBJECT)
	{
		if (prismiq_read_items_of(points, prismiq_path_key(NULL, "cross_filter", NULL),
								  faults) > 0)
			options->cross_filter = points;
	}
	else if (prismiq_json_kind(points) > PRISMIQ_JSON_NULL)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE,
						  prismiq_path_key(NULL, "cross_filter", NULL), NULL,
						  "\"cross_filter\" must be an object of points by their widgets, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(points)));
	if (prismiq_json_kind(widgets) > PRISMIQ_JSON_NULL &&
		prismiq_json_kind(widgets) != PRISMIQ_JSON_ARRAY)
		prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, path, NULL,
						  "\"widgets\" must be a list of ids, not %s",
						  prismiq_json_kind_name(prismiq_json_kind(widgets)));
	for (i = 0; i < json_array_size(widgets); i++)
	{
		const json_t *item = json_array_get(widgets, i);

		if (prismiq_json_kind(item) == PRISMIQ_JSON_STRING &&
			prismiq_is_uuid(prismiq_json_string(item)))
			*ids = lappend(*ids, pstrdup(prismiq_json_string(item)));
		else
			prismiq_fault_add(faults, PRISMIQ_INVALID_VALUE, prismiq_path_index(path, (int) i),
							  NULL, "an id of a widget is a uuid");
	}
}

/* The names of the options of a page, which has those of a dashboard and some of its own. */
void
prismiq_read_page_options(const json_t *root, PrismiqFaults *faults)
{
	check_names(root, prismiq_path_key(NULL, "options", NULL), page_keys, PRISMIQ_WIDGET_OPTIONS,
				faults);
}
