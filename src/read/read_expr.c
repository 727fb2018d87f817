/*-------------------------------------------------------------------------
 *
 * read_expr.c
 *	  An expression in bracket notation, from text to the model.
 *
 * Recursive descent, loosest operators first:
 *
 *	  or; and; not; comparisons, in, between, like, is null; ||; + -; * / %;
 *	  unary minus; values, calls, case, parentheses
 *
 * Which names and functions there are is expr/'s business: here a call is any
 * word before a parenthesis.  Nesting is bounded by prismiq.max_nesting, chains
 * of operators by the depth and size of the tree.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/settings.h"
#include "model/expr.h"
#include "model/literal.h"
#include "read/read.h"
#include "read/tokens.h"

typedef struct Parser
{
	PrismiqTokens tokens;
	int			max_nesting;
	int			nesting;
	int			nodes;
} Parser;

static PrismiqExpr *parse_or(Parser *parser);
static PrismiqExpr *parse_not(Parser *parser);

/* Note that the expression is too large, if nothing else was wrong before. */
static void
too_complex(Parser *parser, const char *what, int limit)
{
	if (!parser->tokens.failed)
		prismiq_fault_add(parser->tokens.faults, PRISMIQ_TOO_COMPLEX, parser->tokens.path, NULL,
						  "the expression %s more than %d at character %d", what, limit,
						  parser->tokens.position);
	parser->tokens.failed = true;
	parser->tokens.token = PRISMIQ_TOKEN_BAD;
}

/* A new node over some arguments (a null one: it could not be read). */
static PrismiqExpr *
make_node(Parser *parser, PrismiqExprKind kind, int position, List *args)
{
	PrismiqExpr *expr = palloc0(sizeof(PrismiqExpr));
	ListCell   *lc;

	expr->kind = kind;
	expr->position = position;
	expr->args = args;
	expr->depth = 1;
	foreach(lc, args)
	{
		const PrismiqExpr *arg = (const PrismiqExpr *) lfirst(lc);

		if (arg != NULL && arg->depth >= expr->depth)
			expr->depth = arg->depth + 1;
	}
	if (expr->depth > PRISMIQ_EXPR_MAX_DEPTH)
		too_complex(parser, "chains operators", PRISMIQ_EXPR_MAX_DEPTH);
	if (++parser->nodes > PRISMIQ_EXPR_MAX_NODES)
		too_complex(parser, "has parts", PRISMIQ_EXPR_MAX_NODES);
	return expr;
}

/* A new operator node. */
static PrismiqExpr *
make_op(Parser *parser, PrismiqExprOp op, int position, List *args)
{
	PrismiqExpr *expr = make_node(parser, PRISMIQ_EXPR_WRITTEN_OP, position, args);

	expr->op = op;
	return expr;
}

/* A new literal; "text" is null for null. */
static PrismiqExpr *
make_literal(Parser *parser, PrismiqLiteralKind kind, const char *text)
{
	PrismiqExpr *expr = make_node(parser, PRISMIQ_EXPR_LITERAL, parser->tokens.position, NIL);

	expr->literal = palloc0(sizeof(PrismiqLiteral));
	expr->literal->kind = kind;
	expr->literal->text = text;
	expr->literal->path = parser->tokens.path;
	return expr;
}

/* Go one level down; false when that is too deep. */
static bool
enter(Parser *parser)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (++parser->nesting <= parser->max_nesting)
		return true;
	too_complex(parser, "nests", parser->max_nesting);
	return false;
}

/* Is the current token this word? */
static bool
at_word(const Parser *parser, const char *word)
{
	return parser->tokens.token == PRISMIQ_TOKEN_WORD &&
		strcmp(parser->tokens.text, word) == 0;
}

/* Take the current token when it is this one. */
static bool
take(Parser *parser, PrismiqToken token)
{
	if (parser->tokens.token != token)
		return false;
	prismiq_tokens_next(&parser->tokens);
	return true;
}

/* The same for a word. */
static bool
take_word(Parser *parser, const char *word)
{
	if (!at_word(parser, word))
		return false;
	prismiq_tokens_next(&parser->tokens);
	return true;
}

/* The current token cannot stand here. */
static void
unexpected(Parser *parser, const char *expected)
{
	const char *shown = prismiq_tokens_shown(&parser->tokens);

	prismiq_tokens_fault(&parser->tokens, parser->tokens.position, NULL,
						 psprintf("expected %s, found %s", expected, shown));
}

/* Take a token that must be there. */
static void
require(Parser *parser, PrismiqToken token, const char *expected)
{
	if (!take(parser, token))
		unexpected(parser, expected);
}

/* The same for a word. */
static void
require_word(Parser *parser, const char *word)
{
	if (!take_word(parser, word))
		unexpected(parser, psprintf("\"%s\"", word));
}

/* Expressions with commas between them, up to and with the parenthesis. */
static List *
parse_list(Parser *parser)
{
	List	   *args = NIL;

	if (take(parser, PRISMIQ_TOKEN_CLOSE))
		return NIL;
	do
		args = lappend(args, parse_or(parser));
	while (!parser->tokens.failed && take(parser, PRISMIQ_TOKEN_COMMA));
	require(parser, PRISMIQ_TOKEN_CLOSE, "\",\" or \")\"");
	return args;
}

/* The rest of a case with "when", after its operand if it has one. */
static PrismiqExpr *
parse_when(Parser *parser, int position, PrismiqExpr *operand)
{
	List	   *args = operand != NULL ? list_make1(operand) : NIL;
	PrismiqExpr *expr;

	if (!at_word(parser, "when"))
		unexpected(parser, "\"when\"");
	while (!parser->tokens.failed && take_word(parser, "when"))
	{
		args = lappend(args, parse_or(parser));
		require_word(parser, "then");
		args = lappend(args, parse_or(parser));
	}
	if (take_word(parser, "else"))
		args = lappend(args, parse_or(parser));
	require_word(parser, "end");
	expr = make_node(parser, PRISMIQ_EXPR_WRITTEN_CASE, position, args);
	expr->has_operand = operand != NULL;
	return expr;
}

/* case when ..., case x when ..., and the function case(...). */
static PrismiqExpr *
parse_case(Parser *parser, int position)
{
	PrismiqExpr *expr;
	List	   *args;

	if (at_word(parser, "when"))
		return parse_when(parser, position, NULL);
	if (!take(parser, PRISMIQ_TOKEN_OPEN))
		return parse_when(parser, position, parse_or(parser));
	args = parse_list(parser);
	if (list_length(args) == 1 && at_word(parser, "when"))
		return parse_when(parser, position, (PrismiqExpr *) linitial(args));
	expr = make_node(parser, PRISMIQ_EXPR_CALL, position, args);
	expr->name = "case";
	return expr;
}

/* A word: a constant, a case, or a call. */
static PrismiqExpr *
parse_word(Parser *parser)
{
	const char *word = parser->tokens.text;
	const char *shown = prismiq_tokens_shown(&parser->tokens);
	int			position = parser->tokens.position;
	PrismiqExpr *expr = NULL;

	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
		expr = make_literal(parser, PRISMIQ_LITERAL_BOOLEAN, word);
	else if (strcmp(word, "null") == 0)
		expr = make_literal(parser, PRISMIQ_LITERAL_NULL, NULL);
	prismiq_tokens_next(&parser->tokens);
	if (expr != NULL)
		return expr;
	if (strcmp(word, "case") == 0)
		return parse_case(parser, position);
	if (!take(parser, PRISMIQ_TOKEN_OPEN))
	{
		prismiq_tokens_fault(&parser->tokens, position,
							 "Write columns in brackets, texts in quotes.",
							 psprintf("unexpected %s", shown));
		return NULL;
	}
	if (strcmp(word, "count") == 0 && take(parser, PRISMIQ_TOKEN_STAR))
	{
		require(parser, PRISMIQ_TOKEN_CLOSE, "\")\"");
		expr = make_node(parser, PRISMIQ_EXPR_CALL, position, NIL);
	}
	else
		expr = make_node(parser, PRISMIQ_EXPR_CALL, position, parse_list(parser));
	expr->name = word;
	return expr;
}

/* Values, calls, case, parentheses. */
static PrismiqExpr *
parse_primary(Parser *parser)
{
	PrismiqTokens *tokens = &parser->tokens;
	PrismiqExpr *expr = NULL;

	if (!enter(parser))
		return NULL;
	switch (tokens->token)
	{
		case PRISMIQ_TOKEN_NUMBER:
			expr = make_literal(parser, PRISMIQ_LITERAL_NUMBER, tokens->text);
			prismiq_tokens_next(tokens);
			break;
		case PRISMIQ_TOKEN_STRING:
			expr = make_literal(parser, PRISMIQ_LITERAL_STRING, tokens->text);
			prismiq_tokens_next(tokens);
			break;
		case PRISMIQ_TOKEN_NAME:
			expr = make_node(parser, PRISMIQ_EXPR_REF, tokens->position, NIL);
			expr->name = tokens->text;
			prismiq_tokens_next(tokens);
			break;
		case PRISMIQ_TOKEN_WORD:
			expr = parse_word(parser);
			break;
		case PRISMIQ_TOKEN_OPEN:
			prismiq_tokens_next(tokens);
			expr = parse_or(parser);
			require(parser, PRISMIQ_TOKEN_CLOSE, "\")\"");
			break;
		case PRISMIQ_TOKEN_BAD:
			break;
		default:
			unexpected(parser, "a value");
			break;
	}
	parser->nesting--;
	return expr;
}

/* Unary minus (and plus); the sign of a number becomes part of it. */
static PrismiqExpr *
parse_unary(Parser *parser)
{
	int			position = parser->tokens.position;
	PrismiqExpr *expr;

	if (take(parser, PRISMIQ_TOKEN_PLUS))
		position = 0;
	else if (!take(parser, PRISMIQ_TOKEN_MINUS))
		return parse_primary(parser);
	if (!enter(parser))
		return NULL;
	expr = parse_unary(parser);
	parser->nesting--;
	if (expr == NULL || position == 0)
		return expr;
	if (expr->kind == PRISMIQ_EXPR_LITERAL && expr->literal->kind == PRISMIQ_LITERAL_NUMBER &&
		expr->literal->text[0] != '-')
	{
		expr->literal->text = psprintf("-%s", expr->literal->text);
		expr->position = position;
		return expr;
	}
	return make_op(parser, PRISMIQ_EXPR_OP_NEG, position, list_make1(expr));
}

/* * / % */
static PrismiqExpr *
parse_product(Parser *parser)
{
	PrismiqExpr *expr = parse_unary(parser);

	while (!parser->tokens.failed)
	{
		int			position = parser->tokens.position;
		PrismiqExprOp op;

		if (take(parser, PRISMIQ_TOKEN_STAR))
			op = PRISMIQ_EXPR_OP_MUL;
		else if (take(parser, PRISMIQ_TOKEN_SLASH))
			op = PRISMIQ_EXPR_OP_DIV;
		else if (take(parser, PRISMIQ_TOKEN_PERCENT))
			op = PRISMIQ_EXPR_OP_MOD;
		else
			break;
		expr = make_op(parser, op, position, list_make2(expr, parse_unary(parser)));
	}
	return expr;
}

/* + - */
static PrismiqExpr *
parse_sum(Parser *parser)
{
	PrismiqExpr *expr = parse_product(parser);

	while (!parser->tokens.failed)
	{
		int			position = parser->tokens.position;
		PrismiqExprOp op;

		if (take(parser, PRISMIQ_TOKEN_PLUS))
			op = PRISMIQ_EXPR_OP_ADD;
		else if (take(parser, PRISMIQ_TOKEN_MINUS))
			op = PRISMIQ_EXPR_OP_SUB;
		else
			break;
		expr = make_op(parser, op, position, list_make2(expr, parse_product(parser)));
	}
	return expr;
}

/* a || b || c, as one node. */
static PrismiqExpr *
parse_concat(Parser *parser)
{
	int			position = parser->tokens.position;
	PrismiqExpr *expr = parse_sum(parser);
	List	   *args;

	if (parser->tokens.token != PRISMIQ_TOKEN_CONCAT)
		return expr;
	args = list_make1(expr);
	while (!parser->tokens.failed && take(parser, PRISMIQ_TOKEN_CONCAT))
		args = lappend(args, parse_sum(parser));
	return make_op(parser, PRISMIQ_EXPR_OP_CONCAT, position, args);
}

/* The comparison that a token stands for; false when it is none. */
static bool
comparison_of(PrismiqToken token, PrismiqExprOp *op)
{
	switch (token)
	{
		case PRISMIQ_TOKEN_EQ:
			*op = PRISMIQ_EXPR_OP_EQ;
			return true;
		case PRISMIQ_TOKEN_NE:
			*op = PRISMIQ_EXPR_OP_NE;
			return true;
		case PRISMIQ_TOKEN_LT:
			*op = PRISMIQ_EXPR_OP_LT;
			return true;
		case PRISMIQ_TOKEN_LE:
			*op = PRISMIQ_EXPR_OP_LE;
			return true;
		case PRISMIQ_TOKEN_GT:
			*op = PRISMIQ_EXPR_OP_GT;
			return true;
		case PRISMIQ_TOKEN_GE:
			*op = PRISMIQ_EXPR_OP_GE;
			return true;
		default:
			return false;
	}
}

/* [not] in (...), [not] between a and b, [not] like p, is [not] null. */
static PrismiqExpr *
parse_predicate(Parser *parser, PrismiqExpr *operand, int position)
{
	PrismiqExpr *expr;
	PrismiqExpr *low;
	bool		negated;

	if (take_word(parser, "is"))
	{
		negated = take_word(parser, "not");
		require_word(parser, "null");
		expr = make_op(parser, PRISMIQ_EXPR_OP_IS_NULL, position, list_make1(operand));
		expr->negated = negated;
		return expr;
	}
	negated = take_word(parser, "not");
	if (take_word(parser, "in"))
	{
		require(parser, PRISMIQ_TOKEN_OPEN, "\"(\"");
		expr = make_op(parser, PRISMIQ_EXPR_OP_IN, position,
					   lcons(operand, parse_list(parser)));
	}
	else if (take_word(parser, "like"))
		expr = make_op(parser, PRISMIQ_EXPR_OP_LIKE, position,
					   list_make2(operand, parse_concat(parser)));
	else if (take_word(parser, "between"))
	{
		low = parse_concat(parser);
		require_word(parser, "and");
		expr = make_op(parser, PRISMIQ_EXPR_OP_BETWEEN, position,
					   list_make3(operand, low, parse_concat(parser)));
	}
	else
	{
		unexpected(parser, "\"in\", \"between\" or \"like\"");
		return NULL;
	}
	expr->negated = negated;
	return expr;
}

/* Comparisons and other tests. */
static PrismiqExpr *
parse_comparison(Parser *parser)
{
	PrismiqExpr *expr = parse_concat(parser);

	while (!parser->tokens.failed)
	{
		int			position = parser->tokens.position;
		PrismiqExprOp op;

		if (comparison_of(parser->tokens.token, &op))
		{
			prismiq_tokens_next(&parser->tokens);
			expr = make_op(parser, op, position, list_make2(expr, parse_concat(parser)));
		}
		else if (at_word(parser, "is") || at_word(parser, "not") || at_word(parser, "in") ||
				 at_word(parser, "between") || at_word(parser, "like"))
			expr = parse_predicate(parser, expr, position);
		else
			break;
	}
	return expr;
}

/* not a */
static PrismiqExpr *
parse_not(Parser *parser)
{
	int			position = parser->tokens.position;
	PrismiqExpr *expr;

	if (!take_word(parser, "not"))
		return parse_comparison(parser);
	if (!enter(parser))
		return NULL;
	expr = make_op(parser, PRISMIQ_EXPR_OP_NOT, position, list_make1(parse_not(parser)));
	parser->nesting--;
	return expr;
}

/* a and b and c, as one node. */
static PrismiqExpr *
parse_and(Parser *parser)
{
	int			position = parser->tokens.position;
	PrismiqExpr *expr = parse_not(parser);
	List	   *args;

	if (!at_word(parser, "and"))
		return expr;
	args = list_make1(expr);
	while (!parser->tokens.failed && take_word(parser, "and"))
		args = lappend(args, parse_not(parser));
	return make_op(parser, PRISMIQ_EXPR_OP_AND, position, args);
}

/* a or b or c, as one node. */
static PrismiqExpr *
parse_or(Parser *parser)
{
	int			position = parser->tokens.position;
	PrismiqExpr *expr = parse_and(parser);
	List	   *args;

	if (!at_word(parser, "or"))
		return expr;
	args = list_make1(expr);
	while (!parser->tokens.failed && take_word(parser, "or"))
		args = lappend(args, parse_and(parser));
	return make_op(parser, PRISMIQ_EXPR_OP_OR, position, args);
}

/* Read an expression; null after a fault, which names the place in the text. */
PrismiqExpr *
prismiq_read_expr(const char *text, const PrismiqPath *path, PrismiqFaults *faults)
{
	Parser		parser;
	PrismiqExpr *expr;

	memset(&parser, 0, sizeof(parser));
	parser.tokens.path = path;
	parser.tokens.faults = faults;
	parser.tokens.next = text;
	parser.tokens.next_position = 1;
	parser.max_nesting = prismiq_limit(PRISMIQ_MAX_NESTING);
	prismiq_tokens_next(&parser.tokens);
	expr = parse_or(&parser);
	if (!parser.tokens.failed && parser.tokens.token != PRISMIQ_TOKEN_END)
		unexpected(&parser, "an operator or the end");
	return parser.tokens.failed ? NULL : expr;
}
