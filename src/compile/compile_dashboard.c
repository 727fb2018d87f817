/*-------------------------------------------------------------------------
 *
 * compile_dashboard.c
 *	  The statements that fetch a dashboard's or a widget's own rows.
 *
 * They run with the caller's rights under the tables' policies, which decide
 * what is seen; the tenant is in them all the same.  A widget on a saved query
 * that the caller may not see has a saved_query_id but no query.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compile/compile.h"
#include "model/literal.h"
#include "model/words.h"
#include "print/print.h"
#include "print/statement.h"

/* alias.tenant_id = $n AND alias.column = $m */
static void
print_key(PrismiqSql *sql, const char *tenant, PrismiqConst *tenant_id, const char *id,
		  PrismiqConst *value)
{
	prismiq_sql_text(sql, tenant);
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_const(sql, tenant_id);
	prismiq_sql_text(sql, " AND ");
	prismiq_sql_text(sql, id);
	prismiq_sql_compare(sql, UUIDOID, PRISMIQ_OP_EQ);
	prismiq_sql_const(sql, value);
}

/* The saved query of widget w, as a scalar subquery. */
static void
print_saved(PrismiqSql *sql, PrismiqConst *tenant_id)
{
	prismiq_sql_text(sql, "(SELECT s.query FROM ");
	prismiq_sql_home(sql, "prismiq_saved_queries");
	prismiq_sql_text(sql, " AS s WHERE s.tenant_id");
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_const(sql, tenant_id);
	prismiq_sql_text(sql, " AND s.id");
	prismiq_sql_compare(sql, UUIDOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "w.saved_query_id)");
}

/* The statement, with the types that its reader goes by: the tables are their owner's to alter. */
static PrismiqStatement *
finish(PrismiqSql *sql, const Oid *types)
{
	PrismiqStatement *statement = prismiq_sql_finish(sql);

	statement->result_types = types;
	return statement;
}

/* Our own tables are asked for the tenant in the statement, though their policies say it too. */
static PrismiqConst *
tenant_const(const char *tenant_id)
{
	return prismiq_const_make(TEXTOID, CStringGetTextDatum(tenant_id));
}

/*
 * One widget: query, is on a saved query, dashboard's filters, dashboard's
 * time zone.
 */
PrismiqStatement *
prismiq_compile_widget(Oid tables, const char *tenant_id, Datum widget_id)
{
	static const Oid types[] = {JSONBOID, BOOLOID, JSONBOID, TEXTOID};
	PrismiqSql *sql = prismiq_sql_begin(tables, NULL);
	PrismiqConst *tenant = tenant_const(tenant_id);

	prismiq_sql_text(sql, "SELECT COALESCE(w.query, ");
	print_saved(sql, tenant);
	prismiq_sql_text(sql, "), w.saved_query_id IS NOT NULL, d.filters, d.timezone FROM ");
	prismiq_sql_home(sql, "prismiq_widgets");
	prismiq_sql_text(sql, " AS w JOIN ");
	prismiq_sql_home(sql, "prismiq_dashboards");
	prismiq_sql_text(sql, " AS d ON d.tenant_id");
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "w.tenant_id AND d.id");
	prismiq_sql_compare(sql, UUIDOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "w.dashboard_id WHERE ");
	print_key(sql, "w.tenant_id", tenant, "w.id", prismiq_const_make(UUIDOID, widget_id));
	return finish(sql, types);
}

/* The definition of a saved query that the caller may see. */
PrismiqStatement *
prismiq_compile_saved(Oid tables, const char *tenant_id, const char *id)
{
	static const Oid types[] = {JSONBOID};
	PrismiqSql *sql = prismiq_sql_begin(tables, NULL);
	Datum		value = DirectFunctionCall1(uuid_in, CStringGetDatum(id));

	prismiq_sql_text(sql, "SELECT s.query FROM ");
	prismiq_sql_home(sql, "prismiq_saved_queries");
	prismiq_sql_text(sql, " AS s WHERE ");
	print_key(sql, "s.tenant_id", tenant_const(tenant_id), "s.id",
			  prismiq_const_make(UUIDOID, value));
	return finish(sql, types);
}

/* ARRAY(SELECT expression ...) over the dashboard's widgets, in one order. */
static void
print_widgets(PrismiqSql *sql, PrismiqConst *tenant, PrismiqConst *id, const char *expression,
			  bool saved)
{
	prismiq_sql_text(sql, ", ARRAY(SELECT ");
	prismiq_sql_text(sql, expression);
	if (saved)
	{
		print_saved(sql, tenant);
		prismiq_sql_text(sql, ")");
	}
	prismiq_sql_text(sql, " FROM ");
	prismiq_sql_home(sql, "prismiq_widgets");
	prismiq_sql_text(sql, " AS w WHERE ");
	print_key(sql, "w.tenant_id", tenant, "w.dashboard_id", id);
	prismiq_sql_text(sql, " AND w.id IS NOT NULL ORDER BY w.id)");
}

/*
 * One dashboard: filters, time zone, and its widgets as three arrays side by
 * side: ids, queries, and whether they are on a saved query.
 */
PrismiqStatement *
prismiq_compile_dashboard(Oid tables, const char *tenant_id, Datum dashboard_id)
{
	static const Oid types[] = {JSONBOID, TEXTOID, UUIDARRAYOID, JSONBARRAYOID, BOOLARRAYOID};
	PrismiqSql *sql = prismiq_sql_begin(tables, NULL);
	PrismiqConst *tenant = tenant_const(tenant_id);
	PrismiqConst *id = prismiq_const_make(UUIDOID, dashboard_id);

	prismiq_sql_text(sql, "SELECT d.filters, d.timezone");
	print_widgets(sql, tenant, id, "w.id", false);
	print_widgets(sql, tenant, id, "COALESCE(w.query, ", true);
	print_widgets(sql, tenant, id, "w.saved_query_id IS NOT NULL", false);
	prismiq_sql_text(sql, " FROM ");
	prismiq_sql_home(sql, "prismiq_dashboards");
	prismiq_sql_text(sql, " AS d WHERE ");
	print_key(sql, "d.tenant_id", tenant, "d.id", id);
	return finish(sql, types);
}
