/*-------------------------------------------------------------------------
 *
 * compile_dashboard.c
 *	  The statements that fetch a dashboard's or a widget's own rows.
 *
 * They run with the caller's rights under the tables' policies, which decide
 * what is seen; the tenant is in them all the same.  Where a tenant has a row of
 * the id of what is provided, its own goes before.  A widget on a saved query
 * that the caller may not see has a saved_query_id but no query.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compile/compile.h"
#include "model/literal.h"
#include "model/words.h"
#include "print/print.h"
#include "print/statement.h"

/* alias.tenant_id = ANY ($n) AND alias.column = $m */
static void
print_key(PrismiqSql *sql, const char *tenant, PrismiqConst *tenants, const char *id,
		  PrismiqConst *value)
{
	prismiq_sql_text(sql, tenant);
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "ANY (");
	prismiq_sql_const(sql, tenants);
	prismiq_sql_text(sql, ") AND ");
	prismiq_sql_text(sql, id);
	prismiq_sql_compare(sql, UUIDOID, PRISMIQ_OP_EQ);
	prismiq_sql_const(sql, value);
}

/* The saved query of widget w, as a scalar subquery: of the same tenant, or provided as it is. */
static void
print_saved(PrismiqSql *sql)
{
	prismiq_sql_text(sql, "(SELECT s.query FROM ");
	prismiq_sql_home(sql, "prismiq_saved_queries");
	prismiq_sql_text(sql, " AS s WHERE s.tenant_id");
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "w.tenant_id AND s.id");
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

/*
 * Our own tables are asked for the tenant in the statement, though their policies
 * say it too; what is provided to tenants is that of tenant ''.
 */
static PrismiqConst *
tenants_const(const char *tenant_id)
{
	Datum		tenants[] = {CStringGetTextDatum(tenant_id), CStringGetTextDatum("")};

	return prismiq_const_make(TEXTARRAYOID,
							  PointerGetDatum(construct_array(tenants, lengthof(tenants), TEXTOID,
															  -1, false, TYPALIGN_INT)));
}

/* The rows of the tenant's own, where there are any, else those that are provided. */
static void
print_own_first(PrismiqSql *sql, const char *tenant)
{
	prismiq_sql_text(sql, psprintf(" ORDER BY %s DESC FETCH FIRST 1 ROW WITH TIES", tenant));
}

/* The types of the columns of a widget. */
static const Oid widget_types[] = {
	[PRISMIQ_WIDGET_ID] = UUIDOID,
	[PRISMIQ_WIDGET_TYPE] = TEXTOID,
	[PRISMIQ_WIDGET_BASE_TYPE] = TEXTOID,
	[PRISMIQ_WIDGET_SHAPE] = TEXTOID,
	[PRISMIQ_WIDGET_TITLE] = TEXTOID,
	[PRISMIQ_WIDGET_QUERY] = JSONBOID,
	[PRISMIQ_WIDGET_SAVED] = UUIDOID,
	[PRISMIQ_WIDGET_DEFAULT_QUERY] = JSONBOID,
	[PRISMIQ_WIDGET_BASE_CONFIG] = JSONBOID,
	[PRISMIQ_WIDGET_DEFAULT_CONFIG] = JSONBOID,
	[PRISMIQ_WIDGET_CONFIG] = JSONBOID,
	[PRISMIQ_WIDGET_FILTERS] = JSONBOID,
	[PRISMIQ_WIDGET_FILTER_TABLES] = JSONBOID,
	[PRISMIQ_WIDGET_TIMEZONE] = TEXTOID,
	[PRISMIQ_WIDGET_DASHBOARD] = UUIDOID,
};

/* LEFT JOIN the registry of types AS alias ON alias.type = value */
static void
print_type(PrismiqSql *sql, const char *alias, const char *value)
{
	prismiq_sql_text(sql, " LEFT JOIN ");
	prismiq_sql_home(sql, "prismiq_widget_types");
	prismiq_sql_text(sql, psprintf(" AS %s ON %s.type", alias, alias));
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, value);
}

/*
 * Widgets as PrismiqWidgetColumn has them, with the filters and the time zone of
 * their dashboard: one widget, or all of a dashboard by their ids.  A dashboard
 * without any has one row, of nulls but for what is its own.
 */
PrismiqStatement *
prismiq_compile_widgets(Oid tables, const char *tenant_id, bool dashboard, Datum id)
{
	PrismiqSql *sql = prismiq_sql_begin(tables, NULL);
	PrismiqConst *tenant = tenants_const(tenant_id);

	StaticAssertStmt(lengthof(widget_types) == PRISMIQ_WIDGET_COLUMNS, "a type for each column");
	prismiq_sql_text(sql, "SELECT q.* FROM (SELECT w.id, w.type, COALESCE(t.alias_of, t.type), "
					 "t.shape, w.title, COALESCE(w.query, ");
	print_saved(sql);
	prismiq_sql_text(sql, "), w.saved_query_id, "
					 "COALESCE(t.default_query, b.default_query), b.default_config, "
					 "t.default_config, w.config, d.filters, d.filter_tables, d.timezone, "
					 "d.id AS of_dashboard FROM ");
	prismiq_sql_home(sql, "prismiq_dashboards");
	prismiq_sql_text(sql, " AS d LEFT JOIN ");
	prismiq_sql_home(sql, "prismiq_widgets");
	prismiq_sql_text(sql, " AS w ON w.tenant_id");
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "d.tenant_id AND w.dashboard_id");
	prismiq_sql_compare(sql, UUIDOID, PRISMIQ_OP_EQ);
	prismiq_sql_text(sql, "d.id");
	print_type(sql, "t", "w.type");
	print_type(sql, "b", "t.alias_of");
	prismiq_sql_text(sql, " WHERE ");
	print_key(sql, dashboard ? "d.tenant_id" : "w.tenant_id", tenant,
			  dashboard ? "d.id" : "w.id", prismiq_const_make(UUIDOID, id));
	print_own_first(sql, dashboard ? "d.tenant_id" : "w.tenant_id");
	prismiq_sql_text(sql, ") AS q ORDER BY q.id");
	return finish(sql, widget_types);
}

/*
 * What the registry says of a type, for a widget that is not saved: a row as of a
 * widget, of which only the columns of its type and its dashboard are there.
 */
PrismiqStatement *
prismiq_compile_type(Oid tables, const char *type)
{
	PrismiqSql *sql = prismiq_sql_begin(tables, NULL);

	prismiq_sql_text(sql, "SELECT CAST(NULL AS pg_catalog.uuid), t.type, "
					 "COALESCE(t.alias_of, t.type), t.shape, t.default_title, "
					 "CAST(NULL AS pg_catalog.jsonb), CAST(NULL AS pg_catalog.uuid), "
					 "COALESCE(t.default_query, b.default_query), b.default_config, "
					 "t.default_config, CAST(NULL AS pg_catalog.jsonb), "
					 "CAST(NULL AS pg_catalog.jsonb), CAST(NULL AS pg_catalog.jsonb), "
					 "CAST(NULL AS pg_catalog.text), CAST(NULL AS pg_catalog.uuid) FROM ");
	prismiq_sql_home(sql, "prismiq_widget_types");
	prismiq_sql_text(sql, " AS t");
	print_type(sql, "b", "t.alias_of");
	prismiq_sql_text(sql, " WHERE t.type");
	prismiq_sql_compare(sql, TEXTOID, PRISMIQ_OP_EQ);
	prismiq_sql_const(sql, prismiq_const_make(TEXTOID, CStringGetTextDatum(type)));
	return finish(sql, widget_types);
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
	print_key(sql, "s.tenant_id", tenants_const(tenant_id), "s.id",
			  prismiq_const_make(UUIDOID, value));
	print_own_first(sql, "s.tenant_id");
	return finish(sql, types);
}
