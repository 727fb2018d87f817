/*-------------------------------------------------------------------------
 *
 * shape_custom.c
 *	  The shape of widgets that a template draws: what a function of the
 *	  application's returned, an image of its making, or else the rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "base/compat.h"
#include "run/encode.h"
#include "run/plans.h"
#include "run/run.h"
#include "show/custom.h"
#include "show/shape.h"

/* How the files of a kind of image begin; "any" stands for a byte that may be anything. */
#define ANY '?'
static const struct
{
	const char *begin;
	int			length;
	const char *media_type;
}			images[] =
{
	{"\x89PNG\r\n\x1a\n", 8, "image/png"},
	{"\xff\xd8\xff", 3, "image/jpeg"},
	{"GIF8", 4, "image/gif"},
	{"RIFF????WEBP", 12, "image/webp"},
	{"????ftypavif", 12, "image/avif"},
	{"<svg", 4, "image/svg+xml"},
	{"<?xml", 5, "image/svg+xml"},
};

/* The media type of an image, told by its first bytes. */
static const char *
media_type(Datum value)
{
	bytea	   *bytes = DatumGetByteaPP(value);
	const char *data = VARDATA_ANY(bytes);
	int			i;
	int			j;

	for (i = 0; i < lengthof(images); i++)
	{
		for (j = 0; j < images[i].length && j < VARSIZE_ANY_EXHDR(bytes); j++)
			if (images[i].begin[j] != ANY && images[i].begin[j] != data[j])
				break;
		if (j == images[i].length)
			return images[i].media_type;
	}
	return "application/octet-stream";
}

/* A value that the function returned, as JSON. */
static void
write_value(StringInfo buf, Oid type, Datum value)
{
	PrismiqEncoder encoder;

	prismiq_encoder_init(&encoder, type, NULL, false);
	prismiq_encode_json(&encoder, buf, value);
}

/* {media_type, base64} */
static void
write_image(StringInfo buf, Datum value)
{
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "media_type");
	prismiq_write_text(buf, media_type(value));
	prismiq_write_key(buf, "base64");
	write_value(buf, BYTEAOID, value);
	prismiq_write_close(buf, '}');
}

/* The rows as objects. */
static void
write_rows(StringInfo buf, const PrismiqShown *shown)
{
	int64		row;
	int			i;

	prismiq_write_open(buf, '[');
	for (row = 0; row < shown->rows->count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		prismiq_write_open(buf, '{');
		for (i = 0; i < shown->ncolumns; i++)
		{
			prismiq_write_key(buf, shown->columns[i].output->name);
			prismiq_write_cell(buf, shown, row, i);
		}
		prismiq_write_close(buf, '}');
	}
	prismiq_write_close(buf, ']');
}

/* {endpoint, data, image, template}: an image is not among the data. */
void
prismiq_shape_custom(PrismiqShow *show)
{
	const PrismiqCustomData *custom = show->custom;
	bool		is_image = custom != NULL && custom->type == BYTEAOID;
	bool		has_value = custom != NULL && custom->value != (Datum) 0;
	StringInfo	buf = show->buf;
	PrismiqRunLimits limits;

	prismiq_run_limits(&limits);
	if (has_value && limits.max_bytes > 0 &&
		toast_raw_datum_size(custom->value) > (Size) limits.max_bytes)
		prismiq_run_reject_size();
	prismiq_write_open(buf, '{');
	prismiq_write_key(buf, "endpoint");
	prismiq_write_text(buf, custom != NULL ? custom->endpoint : NULL);
	prismiq_write_key(buf, "data");
	if (has_value && !is_image)
		write_value(buf, custom->type, custom->value);
	else if (custom == NULL && show->shown != NULL)
		write_rows(buf, show->shown);
	else
		prismiq_write_literal(buf, "null");
	prismiq_write_key(buf, "image");
	if (has_value && is_image)
		write_image(buf, custom->value);
	else
		prismiq_write_literal(buf, "null");
	prismiq_write_key(buf, "template");
	prismiq_write_text(buf, prismiq_json_text(show->widget->config, "template"));
	prismiq_write_close(buf, '}');
	if (limits.max_bytes > 0 && buf->len > limits.max_bytes)
		prismiq_run_reject_size();
}
