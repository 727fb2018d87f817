/*-------------------------------------------------------------------------
 *
 * color.c
 *	  Which texts are colours.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/color.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* The longest colour, in bytes. */
#define MAX_COLOR 64

/*
 * Is it a colour: a name, "#" and 3, 4, 6 or 8 hexadecimal digits, or one of the
 * functions of CSS with numbers?  It ends up in style sheets: nothing else may.
 */
bool
prismiq_is_color(const char *text)
{
	static const char *const functions[] = {"rgb(", "rgba(", "hsl(", "hsla(", NULL};
	size_t		len = strlen(text);
	int			i;

	if (len == 0 || len > MAX_COLOR)
		return false;
	if (text[0] == '#')
		return (len == 4 || len == 5 || len == 7 || len == 9) &&
			strspn(text + 1, DIGITS "abcdefABCDEF") == len - 1;
	for (i = 0; functions[i] != NULL; i++)
	{
		size_t		from = strlen(functions[i]);

		if (strncmp(text, functions[i], from) == 0)
			return text[len - 1] == ')' && len > from + 1 &&
				strspn(text + from, DIGITS "., %/-") == len - from - 1;
	}
	return strspn(text, LETTERS) > 0 && strspn(text, LETTERS DIGITS "_-") == len;
}
