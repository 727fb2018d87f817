/*-------------------------------------------------------------------------
 *
 * tokens.h
 *	  Tokens of an expression: read_tokens.c makes them, read_expr.c takes
 *	  them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_TOKENS_H
#define PRISMIQ_TOKENS_H

#include "postgres.h"

#include "base/fault.h"

typedef enum PrismiqToken
{
	PRISMIQ_TOKEN_END,
	PRISMIQ_TOKEN_BAD,			/* a fault has been noted */
	PRISMIQ_TOKEN_NUMBER,
	PRISMIQ_TOKEN_STRING,
	PRISMIQ_TOKEN_NAME,			/* [name] */
	PRISMIQ_TOKEN_WORD,
	PRISMIQ_TOKEN_PLUS,
	PRISMIQ_TOKEN_MINUS,
	PRISMIQ_TOKEN_STAR,
	PRISMIQ_TOKEN_SLASH,
	PRISMIQ_TOKEN_PERCENT,
	PRISMIQ_TOKEN_CONCAT,
	PRISMIQ_TOKEN_EQ,
	PRISMIQ_TOKEN_NE,
	PRISMIQ_TOKEN_LT,
	PRISMIQ_TOKEN_LE,
	PRISMIQ_TOKEN_GT,
	PRISMIQ_TOKEN_GE,
	PRISMIQ_TOKEN_OPEN,
	PRISMIQ_TOKEN_CLOSE,
	PRISMIQ_TOKEN_COMMA
} PrismiqToken;

typedef struct PrismiqTokens
{
	const PrismiqPath *path;
	PrismiqFaults *faults;
	bool		failed;			/* a fault has been noted; only the first one is */

	/* the current token */
	PrismiqToken token;
	char	   *text;			/* of a number, text, name or word */
	const char *start;
	int			position;		/* in characters from 1 */

	/* what follows it */
	const char *next;
	int			next_position;
} PrismiqTokens;

extern void prismiq_tokens_next(PrismiqTokens *tokens);
extern const char *prismiq_tokens_shown(const PrismiqTokens *tokens);
extern void prismiq_tokens_fault(PrismiqTokens *tokens, int position, const char *suggestion,
								 const char *message);

#endif							/* PRISMIQ_TOKENS_H */
