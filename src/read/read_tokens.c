/*-------------------------------------------------------------------------
 *
 * read_tokens.c
 *	  The text of an expression, cut into tokens.
 *
 * A quote inside a text is doubled, or has a backslash before it, and so may
 * have a backslash; a bracket inside a name is doubled.  Every token knows
 * where it begins, in characters, so that a fault can say so.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/fault.h"
#include "read/tokens.h"

/* Signs of two characters first. */
static const struct
{
	const char *text;
	PrismiqToken token;
}			signs[] = {
	{.text = "==", .token = PRISMIQ_TOKEN_EQ},
	{.text = "!=", .token = PRISMIQ_TOKEN_NE},
	{.text = "<>", .token = PRISMIQ_TOKEN_NE},
	{.text = "<=", .token = PRISMIQ_TOKEN_LE},
	{.text = ">=", .token = PRISMIQ_TOKEN_GE},
	{.text = "||", .token = PRISMIQ_TOKEN_CONCAT},
	{.text = "=", .token = PRISMIQ_TOKEN_EQ},
	{.text = "<", .token = PRISMIQ_TOKEN_LT},
	{.text = ">", .token = PRISMIQ_TOKEN_GT},
	{.text = "+", .token = PRISMIQ_TOKEN_PLUS},
	{.text = "-", .token = PRISMIQ_TOKEN_MINUS},
	{.text = "*", .token = PRISMIQ_TOKEN_STAR},
	{.text = "/", .token = PRISMIQ_TOKEN_SLASH},
	{.text = "%", .token = PRISMIQ_TOKEN_PERCENT},
	{.text = "(", .token = PRISMIQ_TOKEN_OPEN},
	{.text = ")", .token = PRISMIQ_TOKEN_CLOSE},
	{.text = ",", .token = PRISMIQ_TOKEN_COMMA},
};

/* A digit of ASCII, whatever the locale says. */
static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A letter of ASCII, or an underscore. */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* What may stand between tokens. */
static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* Go on by one character. */
static void
step(PrismiqTokens *tokens)
{
	tokens->next += pg_mblen(tokens->next);
	tokens->next_position++;
}

/* The token is none: the first fault ends the reading. */
static void
fail(PrismiqTokens *tokens, const char *message)
{
	tokens->token = PRISMIQ_TOKEN_BAD;
	prismiq_tokens_fault(tokens, tokens->position, NULL, message);
}

/* Note a fault, if it is the first one of this expression. */
void
prismiq_tokens_fault(PrismiqTokens *tokens, int position, const char *suggestion,
					 const char *message)
{
	if (!tokens->failed)
		prismiq_fault_add(tokens->faults, PRISMIQ_INVALID_EXPRESSION, tokens->path, suggestion,
						  "%s at character %d", message, position);
	tokens->failed = true;
}

/* What stands between "quote" and the closing one. */
static char *
read_quoted(PrismiqTokens *tokens, char quote, bool backslash, const char *unclosed)
{
	StringInfoData buf;

	initStringInfo(&buf);
	step(tokens);
	for (;;)
	{
		const char *at = tokens->next;

		CHECK_FOR_INTERRUPTS();
		if (*at == '\0')
		{
			fail(tokens, unclosed);
			return buf.data;
		}
		if (*at == quote && at[1] != quote)
		{
			step(tokens);
			return buf.data;
		}
		if ((*at == quote && at[1] == quote) ||
			(backslash && *at == '\\' && (at[1] == quote || at[1] == '\\')))
		{
			step(tokens);
			at = tokens->next;
		}
		step(tokens);
		appendBinaryStringInfo(&buf, at, tokens->next - at);
	}
}

/* Digits with at most one point and an exponent. */
static void
read_number(PrismiqTokens *tokens)
{
	const char *start = tokens->next;

	while (is_digit(*tokens->next))
		step(tokens);
	if (*tokens->next == '.')
	{
		step(tokens);
		while (is_digit(*tokens->next))
			step(tokens);
	}
	if ((*tokens->next == 'e' || *tokens->next == 'E') &&
		(is_digit(tokens->next[1]) ||
		 ((tokens->next[1] == '+' || tokens->next[1] == '-') && is_digit(tokens->next[2]))))
	{
		step(tokens);
		step(tokens);
		while (is_digit(*tokens->next))
			step(tokens);
	}
	tokens->text = pnstrdup(start, tokens->next - start);
	tokens->token = PRISMIQ_TOKEN_NUMBER;
	if (is_letter(*tokens->next) || *tokens->next == '.')
		fail(tokens, "malformed number");
}

/* A word, in lower case. */
static void
read_word(PrismiqTokens *tokens)
{
	const char *start = tokens->next;
	char	   *c;

	while (is_letter(*tokens->next) || is_digit(*tokens->next))
		step(tokens);
	tokens->text = pnstrdup(start, tokens->next - start);
	for (c = tokens->text; *c; c++)
		*c = pg_ascii_tolower((unsigned char) *c);
	tokens->token = PRISMIQ_TOKEN_WORD;
}

/* An operator, a parenthesis or a comma; anything else is a fault. */
static void
read_sign(PrismiqTokens *tokens)
{
	char	   *message;
	int			i;

	for (i = 0; i < lengthof(signs); i++)
	{
		size_t		len = strlen(signs[i].text);

		if (strncmp(tokens->next, signs[i].text, len) != 0)
			continue;
		tokens->next += len;
		tokens->next_position += (int) len;
		tokens->token = signs[i].token;
		return;
	}
	message = psprintf("unexpected \"%.*s\"", pg_mblen(tokens->next), tokens->next);
	fail(tokens, message);
}

/* After a fault there are no tokens: one bad text gives one fault. */
void
prismiq_tokens_next(PrismiqTokens *tokens)
{
	char		c;

	if (tokens->failed)
	{
		tokens->token = PRISMIQ_TOKEN_BAD;
		return;
	}
	while (is_space(*tokens->next))
		step(tokens);
	tokens->position = tokens->next_position;
	tokens->start = tokens->next;
	tokens->text = NULL;
	c = *tokens->next;
	if (c == '\0')
		tokens->token = PRISMIQ_TOKEN_END;
	else if (c == '[')
	{
		tokens->token = PRISMIQ_TOKEN_NAME;
		tokens->text = read_quoted(tokens, ']', false, "a bracket is not closed: \"[\"");
		if (tokens->text[0] == '\0' && !tokens->failed)
			fail(tokens, "there is no name in the brackets");
	}
	else if (c == '"' || c == '\'')
	{
		tokens->token = PRISMIQ_TOKEN_STRING;
		tokens->text = read_quoted(tokens, c, true, "a text is not closed: the quote");
	}
	else if (is_digit(c) || (c == '.' && is_digit(tokens->next[1])))
		read_number(tokens);
	else if (is_letter(c))
		read_word(tokens);
	else
		read_sign(tokens);
}

/* The current token as it was written, for messages. */
const char *
prismiq_tokens_shown(const PrismiqTokens *tokens)
{
	int			len = (int) (tokens->next - tokens->start);

	if (tokens->token == PRISMIQ_TOKEN_END)
		return "the end of the expression";
	return psprintf("\"%.*s\"", pg_mbcliplen(tokens->start, len, 100), tokens->start);
}
