/*-------------------------------------------------------------------------
 *
 * source.c
 *	  A filtered subselect around every table, and what joins two of them.
 *
 * Every appearance of a table that was exposed goes through
 * prismiq_print_source(), which writes its tenant predicate and notes both for
 * the barrier (run/barrier.c): that one decides, with the whole statement
 * before it, whether a plain predicate serves or what stands beside it must
 * wait for it.  PostgreSQL flattens the subselect, so it costs nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgroids.h"

#include "model/condition.h"
#include "model/table.h"
#include "print/print.h"
#include "print/statement.h"

/* WHERE tenant_column = $n::type, when the table has one; noted for the barrier. */
static void
print_tenant(PrismiqSql *sql, const PrismiqTable *table)
{
	PrismiqSource *source;

	if (table->derived)
		return;
	source = palloc0(sizeof(PrismiqSource));
	source->relid = table->relid;
	sql->sources = lappend(sql->sources, source);
	if (table->tenant_attnum == 0)
		return;
	prismiq_sql_text(sql, " WHERE b.");
	prismiq_sql_name(sql, table->tenant_column);
	if (OidIsValid(table->tenant_cast))
		prismiq_sql_cast(sql, table->tenant_cast);
	prismiq_sql_operator(sql, table->tenant_eq);
	source->tenant_attnum = table->tenant_attnum;
	source->tenant_eq = table->tenant_eq;
	source->tenant_param = prismiq_sql_const(sql, table->tenant_value);
}

/* One column of a source: b.x, or b.x::base AS x */
static void
print_source_column(PrismiqSql *sql, const PrismiqTable *table, AttrNumber attnum)
{
	const PrismiqColumnRef *column = prismiq_read_column(table, attnum);

	prismiq_sql_column(sql, table, attnum, column->name);
	if (!OidIsValid(column->read_cast))
		return;
	prismiq_sql_cast(sql, column->read_cast);
	prismiq_sql_text(sql, " AS ");
	prismiq_sql_column(sql, table, attnum, column->name);
}

/* What tells rows without a key apart that are stored: where. */
static void
print_row_place(PrismiqSql *sql, const PrismiqTable *table, const char *separator)
{
	prismiq_sql_text(sql, separator);
	prismiq_sql_text(sql, "b.tableoid AS ");
	prismiq_sql_name(sql, table->own_tableoid);
	prismiq_sql_text(sql, ", b.ctid AS ");
	prismiq_sql_name(sql, table->own_ctid);
}

/* SELECT b.x, b.y FROM schema.table AS b WHERE b.tenant = $n */
static void
print_select(PrismiqSql *sql, const PrismiqTable *table)
{
	int			attnum = -1;
	bool		first = true;

	prismiq_sql_text(sql, "SELECT");
	while ((attnum = bms_next_member(table->used, attnum)) >= 0)
	{
		prismiq_sql_text(sql, first ? " b." : ", b.");
		print_source_column(sql, table, attnum);
		first = false;
	}
	if (table->marker)
	{
		prismiq_sql_text(sql, first ? " true AS " : ", true AS ");
		prismiq_sql_name(sql, table->own_row);
		first = false;
	}
	if (table->keyless && !table->ordinal)
		print_row_place(sql, table, first ? " " : ", ");
	prismiq_sql_text(sql, " FROM ");
	if (table->whole)
		prismiq_sql_text(sql, "whole");
	else if (table->derived)
	{
		prismiq_sql_text(sql, "(");
		sql->print_query(sql, table->query);
		prismiq_sql_text(sql, ")");
	}
	else
		prismiq_sql_table(sql, table);
	prismiq_sql_text(sql, " AS b");
	print_tenant(sql, table);
}

/*
 * Rows that are not stored are told apart by how they come.  They are kept, for they
 * may come in another order the next time that a join reads them, or to its next worker.
 */
static void
print_numbered(PrismiqSql *sql, const PrismiqTable *table)
{
	prismiq_sql_text(sql, "WITH numbered AS MATERIALIZED (SELECT *, ");
	prismiq_sql_function(sql, F_ROW_NUMBER);
	prismiq_sql_text(sql, "() OVER () AS ");
	prismiq_sql_name(sql, table->own_ctid);
	prismiq_sql_text(sql, " FROM (");
	print_select(sql, table);
	prismiq_sql_text(sql, ") AS n) SELECT * FROM numbered");
}

/* (SELECT ...) AS t1 */
void
prismiq_print_source(PrismiqSql *sql, const PrismiqTable *table)
{
	prismiq_sql_text(sql, "(");
	if (table->keyless && table->ordinal)
		print_numbered(sql, table);
	else
		print_select(sql, table);
	prismiq_sql_number(sql, ") AS t", table->index + 1);
}

/* Cast where types of two families are compared. */
static void
print_join_side(PrismiqSql *sql, const PrismiqJoinKey *key, const PrismiqColumnRef *ref)
{
	prismiq_print_ref(sql, ref);
	if (OidIsValid(key->cast_type))
		prismiq_sql_cast(sql, key->cast_type);
}

/* from = to AND ... */
void
prismiq_print_join_keys(PrismiqSql *sql, const PrismiqJoin *join)
{
	ListCell   *lc;
	bool		first = true;

	foreach(lc, join->keys)
	{
		const PrismiqJoinKey *key = (const PrismiqJoinKey *) lfirst(lc);

		prismiq_sql_text(sql, first ? "" : " AND ");
		print_join_side(sql, key, key->from);
		prismiq_sql_operator(sql, key->operator);
		print_join_side(sql, key, key->to);
		if (key->collate)
			prismiq_sql_text(sql, " COLLATE pg_catalog.\"C\"");
		first = false;
	}
}

/*
 * EXISTS over the way to a related row: its first step is joined to a table
 * outside.
 */
void
prismiq_print_related(PrismiqSql *sql, const PrismiqCondition *condition)
{
	const PrismiqRelated *related = PrismiqRelatedOf(condition);
	ListCell   *lc;

	prismiq_sql_text(sql, related->not_exists ? "NOT EXISTS (SELECT 1 FROM " :
					 "EXISTS (SELECT 1 FROM ");
	foreach(lc, related->steps)
	{
		const PrismiqJoin *step = (const PrismiqJoin *) lfirst(lc);

		if (foreach_current_index(lc) > 0)
			prismiq_sql_text(sql, " JOIN ");
		prismiq_print_source(sql, step->to);
		if (foreach_current_index(lc) == 0)
			continue;
		prismiq_sql_text(sql, " ON ");
		prismiq_print_join_keys(sql, step);
	}
	prismiq_sql_text(sql, " WHERE ");
	prismiq_print_join_keys(sql, (const PrismiqJoin *) linitial(related->steps));
	foreach(lc, related->members)
	{
		prismiq_sql_text(sql, " AND ");
		prismiq_print_condition(sql, (const PrismiqCondition *) lfirst(lc));
	}
	prismiq_sql_text(sql, ")");
}
