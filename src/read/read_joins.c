/*-------------------------------------------------------------------------
 *
 * read_joins.c
 *	  The joins part of a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/members.h"
#include "base/settings.h"
#include "model/query.h"
#include "model/table.h"
#include "model/words.h"
#include "read/read.h"
#include "read/shapes.h"

const char *const prismiq_join_keys[] = {
	"from_table_id", "from_column", "to_table_id", "to_column", "join_type", "on", NULL
};
const char *const prismiq_on_keys[] = {"from_column", "to_column", "operator", NULL};

/* The operators of joins: those of conditions that compare two values. */
const char *const prismiq_join_operators[] = {
	[PRISMIQ_OP_EQ] = "eq",
	[PRISMIQ_OP_NEQ] = "neq",
	[PRISMIQ_OP_GT] = "gt",
	[PRISMIQ_OP_GTE] = "gte",
	[PRISMIQ_OP_LT] = "lt",
	[PRISMIQ_OP_LTE] = "lte",
	NULL
};

/* A column of a pair, whose table is said once for the whole join. */
static PrismiqColumnRef *
read_side(const char *table_id, const PrismiqPath *table_path, const PrismiqObject *pair,
		  const char *column_key)
{
	PrismiqColumnRef *ref = palloc0(sizeof(PrismiqColumnRef));

	ref->path = pair->path;
	ref->table_path = table_path;
	ref->table_id = table_id;
	ref->column_path = prismiq_object_path(pair, column_key);
	ref->column = prismiq_object_name(pair, column_key, true);
	ref->plain = true;
	return ref;
}

/* A pair of columns of the join's two tables. */
static PrismiqJoinKey *
read_key(const PrismiqJoin *join, const PrismiqObject *pair)
{
	PrismiqJoinKey *key = palloc0(sizeof(PrismiqJoinKey));

	key->path = pair->path;
	key->from = read_side(join->from_table_id, join->from_path, pair, "from_column");
	key->to = read_side(join->to_table_id, join->to_path, pair, "to_column");
	key->op = PRISMIQ_OP_EQ;
	return key;
}

/* on: pairs of columns, all of which must hold. */
static void
read_on(PrismiqJoin *join, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "on", PRISMIQ_MAX_COLUMNS);

	if (prismiq_object_has(object, "from_column") || prismiq_object_has(object, "to_column"))
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, join->path,
						  "Put all pairs of columns into \"on\".",
						  "a join has its columns in \"on\" or beside it, not both");
	if (elements.array != NULL && json_array_size(elements.array) == 0)
		prismiq_fault_add(object->faults, PRISMIQ_INVALID_VALUE, elements.list_path, NULL,
						  "\"on\" needs at least one pair of columns");
	while (prismiq_elements_next(&elements))
	{
		PrismiqObject pair;
		PrismiqJoinKey *key;

		if (!prismiq_object_open(&pair, elements.node, elements.path,
								 object->faults, prismiq_on_keys))
			continue;
		key = read_key(join, &pair);
		key->op = (PrismiqOperator) prismiq_object_choice(&pair, "operator",
														  prismiq_join_operators, false,
														  PRISMIQ_OP_EQ);
		join->keys = lappend(join->keys, key);
	}
}

/* joins */
void
prismiq_read_joins(PrismiqQuery *query, const PrismiqObject *object)
{
	PrismiqElements elements = prismiq_elements_of(object, "joins", PRISMIQ_MAX_TABLES);

	while (prismiq_elements_next(&elements))
	{
		PrismiqObject item;
		PrismiqJoin *join = palloc0(sizeof(PrismiqJoin));

		join->path = elements.path;
		if (!prismiq_object_open(&item, elements.node, join->path,
								 object->faults, prismiq_join_keys))
			continue;
		join->type = prismiq_object_choice(&item, "join_type", prismiq_join_type_names, true,
										   PRISMIQ_JOIN_INNER);
		join->from_table_id = prismiq_object_name(&item, "from_table_id", true);
		join->to_table_id = prismiq_object_name(&item, "to_table_id", true);
		join->from_path = prismiq_object_path(&item, "from_table_id");
		join->to_path = prismiq_object_path(&item, "to_table_id");
		if (prismiq_object_has(&item, "on"))
			read_on(join, &item);
		else
			join->keys = list_make1(read_key(join, &item));
		query->joins = lappend(query->joins, join);
	}
}
