/*-------------------------------------------------------------------------
 *
 * joins.c
 *	  Joins: which columns, and in which order.
 *
 * The joins of a definition make a tree over its tables; each is printed when
 * one of its sides has been reached, flipped if need be, so that no table is
 * ever joined twice and none is cross joined.  What no join reaches is joined
 * along foreign keys (paths.c).
 *
 * What the joins multiply is found out in fan_out.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

#include "check/check.h"

/* Is it a number, and not only counted among them by its category, as numbers of objects are? */
static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID;
}

/* A type that both can be compared as, when one is wider than the other. */
static Oid
common_type(Oid left, Oid right)
{
	char		category = prismiq_type_category(left);

	if (category != prismiq_type_category(right) || left >= FirstNormalObjectId ||
		right >= FirstNormalObjectId)
		return InvalidOid;
	if (category == TYPCATEGORY_STRING)
		return TEXTOID;
	if (!is_number(left) || !is_number(right))
		return InvalidOid;
	if (left == FLOAT4OID || left == FLOAT8OID || right == FLOAT4OID || right == FLOAT8OID)
		return FLOAT8OID;
	return NUMERICOID;
}

/*
 * The operator that compares values of two types, and the type to cast both to
 * first, or invalid; false when they cannot be compared.
 */
bool
prismiq_pair_operator(Oid left, Oid right, PrismiqOperator op, Oid *operator, Oid *cast_type)
{
	*cast_type = InvalidOid;
	*operator = left == right ? prismiq_comparison_operator(left, op) :
		prismiq_family_operator(left, right, op);
	if (!OidIsValid(*operator) && left != right)
	{
		*cast_type = common_type(left, right);
		if (OidIsValid(*cast_type))
			*operator = prismiq_comparison_operator(*cast_type, op);
	}
	return OidIsValid(*operator);
}

/*
 * Two columns of different collations: either says which strings are equal
 * when both only tell bytes apart, and neither when one of them does not.
 * False after a fault.
 */
static bool
check_collations(PrismiqCheck *check, PrismiqJoinKey *key)
{
	Oid			left = key->from->collation;
	Oid			right = key->to->collation;

	if (!OidIsValid(left) || !OidIsValid(right) || left == right)
		return true;
	key->collate = true;
	if (get_collation_isdeterministic(left) && get_collation_isdeterministic(right) &&
		(key->op == PRISMIQ_OP_EQ || key->op == PRISMIQ_OP_NEQ))
		return true;
	prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path, NULL,
					  "cannot join \"%s\" with \"%s\": their collations differ",
					  key->from->name, key->to->name);
	return false;
}

/* Can PostgreSQL make a FULL join by this pair? */
static bool
can_join_fully(const PrismiqJoinKey *key)
{
	Oid			type = OidIsValid(key->cast_type) ? key->cast_type : key->from->basetype;

	return key->op == PRISMIQ_OP_EQ &&
		(op_mergejoinable(key->operator, type) || op_hashjoinable(key->operator, type));
}

/* Find the operator of one pair of columns; false after a fault. */
bool
prismiq_join_key_check(PrismiqCheck *check, const PrismiqJoin *join, PrismiqJoinKey *key)
{
	if (!prismiq_pair_operator(key->from->basetype, key->to->basetype, key->op, &key->operator,
							   &key->cast_type))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path, NULL,
						  "cannot join \"%s\" of type %s with \"%s\" of type %s",
						  key->from->name, prismiq_type_name(key->from->type),
						  key->to->name, prismiq_type_name(key->to->type));
		return false;
	}
	if (join->type == PRISMIQ_JOIN_FULL && !can_join_fully(key))
	{
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, key->path,
						  "Use LEFT or RIGHT, or equal columns.",
						  "a FULL join takes only columns that are equal");
		return false;
	}
	return check_collations(check, key);
}

/* Look up the tables and columns of a join; false after a fault. */
static bool
resolve_join(PrismiqCheck *check, PrismiqJoin *join)
{
	PrismiqTable *from = join->from_table_id == NULL ? NULL :
		prismiq_table_by_id(check, join->from_table_id, join->from_path);
	PrismiqTable *to = join->to_table_id == NULL ? NULL :
		prismiq_table_by_id(check, join->to_table_id, join->to_path);
	ListCell   *lc;
	bool		ok = from != NULL && to != NULL && from != to && join->keys != NIL;

	if (from != NULL && from == to)
		prismiq_fault_add(check->faults, PRISMIQ_INVALID_JOIN, join->path,
						  "List the table twice, with two ids, to join it with itself.",
						  "a join needs two tables");
	foreach(lc, join->keys)
	{
		PrismiqJoinKey *key = (PrismiqJoinKey *) lfirst(lc);
		bool		found = from != NULL && prismiq_check_column_ref(check, key->from, false);

		if (to == NULL || !prismiq_check_column_ref(check, key->to, false) || !found)
			ok = false;
		else if (from != to && !prismiq_join_key_check(check, join, key))
			ok = false;
	}
	if (ok)
	{
		join->from = from;
		join->to = to;
	}
	return ok;
}

/* Swap the sides of a join, so that it joins what was its "from". */
static void
flip_join(PrismiqJoin *join)
{
	PrismiqTable *table = join->from;

	join->from = join->to;
	join->to = table;
	if (join->printed_type == PRISMIQ_JOIN_LEFT)
		join->printed_type = PRISMIQ_JOIN_RIGHT;
	else if (join->printed_type == PRISMIQ_JOIN_RIGHT)
		join->printed_type = PRISMIQ_JOIN_LEFT;
}

/* Take a join into the order of printing. */
static void
place_join(PrismiqQuery *query, PrismiqJoin *join)
{
	ListCell   *lc;

	join->to->joined = true;
	query->join_order = lappend(query->join_order, join);

	/* An outer join makes everything on its weak side nullable. */
	if (join->printed_type == PRISMIQ_JOIN_LEFT || join->printed_type == PRISMIQ_JOIN_FULL)
		join->to->nullable = true;
	if (join->printed_type == PRISMIQ_JOIN_RIGHT || join->printed_type == PRISMIQ_JOIN_FULL)
		foreach(lc, query->tables)
		{
			PrismiqTable *table = (PrismiqTable *) lfirst(lc);

			if (table->joined && table != join->to)
				table->nullable = true;
		}
}

/* How to get out of a circle: two joins of the same two tables are one join. */
static const char *
circle_suggestion(const PrismiqQuery *query, const PrismiqJoin *join)
{
	ListCell   *lc;

	foreach(lc, query->join_order)
	{
		const PrismiqJoin *other = (const PrismiqJoin *) lfirst(lc);

		if ((other->from == join->from && other->to == join->to) ||
			(other->from == join->to && other->to == join->from))
			return "Put all pairs of columns into the \"on\" of one join.";
	}
	return "Remove one of the joins, or list a table twice.";
}

/*
 * Place every join that one side of which has been reached, as often as there
 * are any.  Both sides reached: the tables would be joined in a circle.
 */
static void
place_reached(PrismiqCheck *check, List *joins)
{
	bool		progress = true;

	while (progress)
	{
		ListCell   *lc;

		progress = false;
		foreach(lc, joins)
		{
			PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);

			CHECK_FOR_INTERRUPTS();
			if (join->from == NULL || join->from->aside || join->to->aside ||
				list_member_ptr(check->query->join_order, join))
				continue;
			if (!join->from->joined && !join->to->joined)
				continue;
			if (join->from->joined && join->to->joined)
			{
				prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_JOIN, join->path,
								  circle_suggestion(check->query, join),
								  "tables \"%s\" and \"%s\" are already joined",
								  join->from->id, join->to->id);
				join->from = NULL;
				continue;
			}
			join->printed_type = join->type;
			if (!join->from->joined)
				flip_join(join);
			place_join(check->query, join);
			progress = true;
		}
	}
}

/* Take a join that was found into the order of printing, and what it lets reach. */
void
prismiq_join_place(PrismiqCheck *check, PrismiqJoin *join)
{
	place_join(check->query, join);
	place_reached(check, check->query->joins);
}

/* Is every table joined that has to be? */
bool
prismiq_tables_are_joined(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (table->listed && !table->aside && !table->joined)
			return false;
	}
	return true;
}

/* Look up all tables and columns of the joins; false when something is missing. */
static bool
resolve_joins(PrismiqCheck *check)
{
	bool		ok = true;
	ListCell   *lc;

	foreach(lc, check->query->joins)
		if (!resolve_join(check, (PrismiqJoin *) lfirst(lc)))
			ok = false;
	foreach(lc, check->query->tables)
	{
		const PrismiqTable *table = (const PrismiqTable *) lfirst(lc);

		if (!PrismiqTableIsKnown(table) || table->id == NULL)
			ok = false;
	}
	return ok && check->query->tables != NIL;
}

/* The first table that is joined at all. */
static PrismiqTable *
first_table(const PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->tables)
		if (!((PrismiqTable *) lfirst(lc))->aside)
			return (PrismiqTable *) lfirst(lc);
	((PrismiqTable *) linitial(query->tables))->aside = false;
	return (PrismiqTable *) linitial(query->tables);
}

/* Note the joins that lead in a circle among the tables that stand aside. */
static void
refuse_circles(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	int			count = list_length(query->tables);
	int		   *parts = palloc(sizeof(int) * count);
	int			i;
	ListCell   *lc;

	/* What does not stand aside is one part: it will be joined. */
	for (i = 0; i < count; i++)
		parts[i] = ((PrismiqTable *) list_nth(query->tables, i))->aside ? i + 1 : 0;
	foreach(lc, query->joins)
	{
		PrismiqJoin *join = (PrismiqJoin *) lfirst(lc);
		int			from = join->from == NULL ? 0 : parts[join->from->index];
		int			to = join->from == NULL ? 0 : parts[join->to->index];

		if (join->from == NULL || (!join->from->aside && !join->to->aside))
			continue;
		if (from == to)
			prismiq_fault_add(check->faults, PRISMIQ_CIRCULAR_JOIN, join->path,
							  "Remove one of the joins, or list a table twice.",
							  "tables \"%s\" and \"%s\" are already joined",
							  join->from->id, join->to->id);
		for (i = 0; i < count; i++)
			if (parts[i] == Max(from, to))
				parts[i] = Min(from, to);
	}
}

/* Resolve the joins, order them, and connect what they leave out. */
void
prismiq_check_joins(PrismiqCheck *check)
{
	PrismiqQuery *query = check->query;
	int			errors;

	if (!resolve_joins(check))
		return;					/* what is missing has been noted */
	prismiq_tables_set_aside(check);
	refuse_circles(check);
	query->first = first_table(query);
	query->first->joined = true;
	place_reached(check, query->joins);
	errors = list_length(check->faults->errors);
	if (!prismiq_paths_connect(check))
		return;
	if (prismiq_check_related(check) && list_length(check->faults->errors) == errors)
		(void) prismiq_paths_connect(check);
}
