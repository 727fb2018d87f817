/*-------------------------------------------------------------------------
 *
 * html.c
 *	  HTML in which every value is text.
 *
 * There is one way to write a value: with the characters that mean something
 * replaced, which is right between tags and within quotes.  No value stands anywhere
 * else: not in a tag's name, not without quotes, not in a script or a style.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "show/html.h"

/* What stands for a character that means something. */
static const char *
reference_of(char c)
{
	switch (c)
	{
		case '&':
			return "&amp;";
		case '<':
			return "&lt;";
		case '>':
			return "&gt;";
		case '"':
			return "&quot;";
		case '\'':
			return "&#39;";
		default:
			return "&#13;";		/* a carriage return, which readers take for a line's end */
	}
}

/* See the header. */
void
prismiq_html_text(StringInfo buf, const char *text)
{
	while (*text != '\0')
	{
		size_t		plain = strcspn(text, "&<>\"'\r");

		appendBinaryStringInfo(buf, text, plain);
		text += plain;
		if (*text != '\0')
			appendStringInfoString(buf, reference_of(*text++));
	}
}

/* An element that holds a text; none where there is no text. */
void
prismiq_html_element(StringInfo buf, const char *element, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	appendStringInfo(buf, "<%s>", element);
	prismiq_html_text(buf, text);
	appendStringInfo(buf, "</%s>", element);
}

/* An attribute; none where there is no value. */
void
prismiq_html_attribute(StringInfo buf, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(buf, " %s=\"", name);
	prismiq_html_text(buf, value);
	appendStringInfoChar(buf, '"');
}
