/*-------------------------------------------------------------------------
 *
 * entry_dense.c
 *	  SQL-callable: the dense aggregate of a time series, its rows, and the type
 *	  between them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "entry/entry.h"
#include "run/dense.h"

PGDLLEXPORT Datum prismiq_dense_add_row(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_combine_states(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_serialize_state(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_deserialize_state(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_final(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_dense_rows(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_cells_in(PG_FUNCTION_ARGS);
PGDLLEXPORT Datum prismiq_cells_out(PG_FUNCTION_ARGS);

PG_FUNCTION_INFO_V1(prismiq_dense_add_row);
PG_FUNCTION_INFO_V1(prismiq_dense_combine_states);
PG_FUNCTION_INFO_V1(prismiq_dense_serialize_state);
PG_FUNCTION_INFO_V1(prismiq_dense_deserialize_state);
PG_FUNCTION_INFO_V1(prismiq_dense_final);
PG_FUNCTION_INFO_V1(prismiq_dense_rows);
PG_FUNCTION_INFO_V1(prismiq_cells_in);
PG_FUNCTION_INFO_V1(prismiq_cells_out);

/* A state, or null for none. */
static Datum
return_state(FunctionCallInfo fcinfo, PrismiqDenseState *state)
{
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* dense_add(internal, jsonb, VARIADIC "any") */
Datum
prismiq_dense_add_row(PG_FUNCTION_ARGS)
{
	return return_state(fcinfo, prismiq_dense_add(fcinfo));
}

/* dense_combine(internal, internal) */
Datum
prismiq_dense_combine_states(PG_FUNCTION_ARGS)
{
	return return_state(fcinfo, prismiq_dense_combine(fcinfo));
}

/* dense_serialize(internal) */
Datum
prismiq_dense_serialize_state(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(prismiq_dense_serialize(fcinfo));
}

/* dense_deserialize(bytea, internal): dense_combine() reads the bytes themselves */
Datum
prismiq_dense_deserialize_state(PG_FUNCTION_ARGS)
{
	(void) prismiq_dense_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(PG_GETARG_BYTEA_PP(0));
}

/* dense_cells(internal) */
Datum
prismiq_dense_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return prismiq_dense_cells(fcinfo);
}

/* prismiq_dense_rows(prismiq_cells, jsonb) */
Datum
prismiq_dense_rows(PG_FUNCTION_ARGS)
{
	prismiq_dense_unpack(fcinfo);
	return (Datum) 0;
}

/* No text is a value of the type, for what reads one trusts what it reads. */
Datum
prismiq_cells_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot accept a value of type %s", "prismiq_cells")));
}

/* Nor is there a text for one, since none could be read again. */
Datum
prismiq_cells_out(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot display a value of type %s", "prismiq_cells"),
			 errhint("prismiq_dense_rows() makes rows of it.")));
}
