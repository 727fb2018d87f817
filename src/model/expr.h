/*-------------------------------------------------------------------------
 *
 * expr.h
 *	  The model of a calculated field's expression.
 *
 * One kind of node serves two trees.  read/read_expr.c makes a tree of what was
 * written (references, literals, operators, calls by name); expr/ lowers it
 * to a tree of what is printed (columns, constants, operators and functions by
 * OID), in which every node has its type.  print/ prints the second one and
 * decides nothing.
 *
 * Where a field refers to another one the lowered tree of the other is shared,
 * so lowered trees are acyclic graphs and are never changed in place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_EXPR_H
#define PRISMIQ_EXPR_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "base/fault.h"
#include "model/answer.h"
#include "model/literal.h"
#include "model/measure.h"
#include "model/series.h"
#include "model/table.h"

/*
 * What is written may not be deeper nor larger; nor may what is printed, which
 * has casts in between, and the fields that it refers to.
 */
#define PRISMIQ_EXPR_MAX_DEPTH 500
#define PRISMIQ_EXPR_MAX_NODES 5000
#define PRISMIQ_EXPR_PRINTED_DEPTH 1500
#define PRISMIQ_EXPR_PRINTED_NODES 15000

typedef enum PrismiqExprKind
{
	/* as written */
	PRISMIQ_EXPR_REF,			/* [name] */
	PRISMIQ_EXPR_LITERAL,		/* lowered too: a text or null whose type is not known yet */
	PRISMIQ_EXPR_WRITTEN_OP,	/* op over args */
	PRISMIQ_EXPR_CALL,			/* name(args) */
	PRISMIQ_EXPR_WRITTEN_CASE,	/* args: [operand], condition, result, ... [else] */

	/* as printed */
	PRISMIQ_EXPR_COLUMN,		/* ref */
	PRISMIQ_EXPR_OUTPUT,		/* output */
	PRISMIQ_EXPR_CONST,			/* value; literal when it was written as a number */
	PRISMIQ_EXPR_OPERATOR,		/* two args and the operator's OID in "function" */
	PRISMIQ_EXPR_FUNCTION,		/* args and the function's OID */
	PRISMIQ_EXPR_CAST,			/* one arg, to type */
	PRISMIQ_EXPR_COLLATE,		/* one arg, in the database's collation */
	PRISMIQ_EXPR_AND,
	PRISMIQ_EXPR_OR,
	PRISMIQ_EXPR_NOT,
	PRISMIQ_EXPR_IS_NULL,
	PRISMIQ_EXPR_IS_NOT_NULL,
	PRISMIQ_EXPR_ANY,			/* first arg "function" any of the others */
	PRISMIQ_EXPR_CASE,			/* args: condition, result, ... [else] */
	PRISMIQ_EXPR_COALESCE,
	PRISMIQ_EXPR_NULLIF,		/* two args and the equality's OID in "function" */
	PRISMIQ_EXPR_GREATEST,
	PRISMIQ_EXPR_LEAST,
	PRISMIQ_EXPR_BUCKET,		/* ref (of its own, to its argument) and bucketing */
	PRISMIQ_EXPR_ELEMENT,		/* of the query's unnested array, which is ref, or */
	PRISMIQ_EXPR_ELEMENT_NUMBER,	/* its place there, from 1 */
	PRISMIQ_EXPR_AGGREGATE		/* args (none: rows), distinct, direct, filter */
} PrismiqExprKind;

typedef enum PrismiqExprOp
{
	PRISMIQ_EXPR_OP_ADD,
	PRISMIQ_EXPR_OP_SUB,
	PRISMIQ_EXPR_OP_MUL,
	PRISMIQ_EXPR_OP_DIV,
	PRISMIQ_EXPR_OP_MOD,
	PRISMIQ_EXPR_OP_NEG,
	PRISMIQ_EXPR_OP_CONCAT,
	PRISMIQ_EXPR_OP_EQ,
	PRISMIQ_EXPR_OP_NE,
	PRISMIQ_EXPR_OP_LT,
	PRISMIQ_EXPR_OP_LE,
	PRISMIQ_EXPR_OP_GT,
	PRISMIQ_EXPR_OP_GE,
	PRISMIQ_EXPR_OP_AND,
	PRISMIQ_EXPR_OP_OR,
	PRISMIQ_EXPR_OP_NOT,
	PRISMIQ_EXPR_OP_IN,
	PRISMIQ_EXPR_OP_BETWEEN,
	PRISMIQ_EXPR_OP_LIKE,
	PRISMIQ_EXPR_OP_IS_NULL
} PrismiqExprOp;

typedef struct PrismiqExpr
{
	PrismiqExprKind kind;
	int			position;		/* in the text, in characters from 1 */
	List	   *args;			/* PrismiqExpr */

	/* as written */
	const char *name;			/* of a reference; of a function, in lower case */
	PrismiqLiteral *literal;
	PrismiqExprOp op;
	bool		negated;		/* not in, not between, not like, is not null */
	bool		has_operand;	/* of a case */

	/* as printed */
	Oid			type;			/* UNKNOWNOID for a literal without a type */
	Oid			collation;
	PrismiqColumnRef *ref;
	PrismiqOutput *output;		/* over windows: a column of the answer */
	PrismiqConst *value;
	Oid			function;
	PrismiqBucketing *bucketing;
	bool		plain;			/* of nullif: its equality is PostgreSQL's, for just these types */
	bool		distinct;
	struct PrismiqExpr *direct; /* argument before WITHIN GROUP */
	struct PrismiqExpr *filter;
	struct PrismiqExpr *before; /* the same in the period compared with; null: no other */
	PrismiqRowOnce *row_once;	/* of an aggregate whose rows a join repeats; or null */
	List	   *real;			/* of an aggregate, as of PrismiqColumn */
	bool		ignores_duplicates; /* an aggregate that repeated rows do not change */
	Bitmapset  *tables;			/* indexes of the tables that it refers to */
	bool		has_aggregate;
	bool		has_column;		/* a column that stands in no aggregate */
	int			size;			/* nodes, shared ones as often as they are printed */
	int			depth;

	/* reckoned, of one row: see expr/expr_sizes.c */
	double		digits;			/* of a number */
	double		bytes;			/* of anything else */
	double		work;			/* with that of its arguments */
	double		memory;			/* the same */
} PrismiqExpr;

/* expr.c */

/* Walk the nodes of a lowered tree; stops when the callback returns true. */
typedef bool (*PrismiqExprWalker) (PrismiqExpr *expr, void *arg);
extern bool prismiq_expr_walk(PrismiqExpr *expr, PrismiqExprWalker walker, void *arg);

extern Bitmapset *prismiq_aggregate_tables(const PrismiqExpr *expr);

#endif							/* PRISMIQ_EXPR_H */
