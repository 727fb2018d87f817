-- Dense aggregates: all buckets of a time series in one state, and rows again.

CREATE TYPE @extschema@.prismiq_cells;

CREATE FUNCTION prismiq_internal.cells_in(text cstring) RETURNS @extschema@.prismiq_cells
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_cells_in';
COMMENT ON FUNCTION prismiq_internal.cells_in(cstring) IS
$c$Refuses every text: only prismiq_dense() makes cells.$c$;
CREATE FUNCTION prismiq_internal.cells_out(cells @extschema@.prismiq_cells) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_cells_out';
COMMENT ON FUNCTION prismiq_internal.cells_out(@extschema@.prismiq_cells) IS
$c$Refuses to write cells, which nothing could read.$c$;
CREATE FUNCTION prismiq_internal.cells_receive(bytes internal) RETURNS @extschema@.prismiq_cells
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_cells_in';
COMMENT ON FUNCTION prismiq_internal.cells_receive(internal) IS
$c$Refuses all bytes: only prismiq_dense() makes cells.$c$;
CREATE FUNCTION prismiq_internal.cells_send(cells @extschema@.prismiq_cells) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_cells_out';
COMMENT ON FUNCTION prismiq_internal.cells_send(@extschema@.prismiq_cells) IS
$c$Refuses to send cells, which nothing could receive.$c$;

CREATE TYPE @extschema@.prismiq_cells (
    INPUT = prismiq_internal.cells_in,
    OUTPUT = prismiq_internal.cells_out,
    RECEIVE = prismiq_internal.cells_receive,
    SEND = prismiq_internal.cells_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double
);
COMMENT ON TYPE @extschema@.prismiq_cells IS
$c$Holds what buckets came to, from prismiq_dense() to prismiq_dense_rows().$c$;

CREATE FUNCTION prismiq_internal.dense_add(
    state internal, grid jsonb, VARIADIC time_and_values "any") RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_dense_add_row';
COMMENT ON FUNCTION prismiq_internal.dense_add(internal, jsonb, "any") IS
$c$Takes a row into the state of prismiq_dense().$c$;
CREATE FUNCTION prismiq_internal.dense_combine(state internal, other internal) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_dense_combine_states';
COMMENT ON FUNCTION prismiq_internal.dense_combine(internal, internal) IS
$c$Puts two states of prismiq_dense() together.$c$;
CREATE FUNCTION prismiq_internal.dense_serialize(state internal) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dense_serialize_state';
COMMENT ON FUNCTION prismiq_internal.dense_serialize(internal) IS
$c$Writes a state of prismiq_dense() for another process.$c$;
CREATE FUNCTION prismiq_internal.dense_deserialize(bytes bytea, state internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'prismiq_dense_deserialize_state';
COMMENT ON FUNCTION prismiq_internal.dense_deserialize(bytea, internal) IS
$c$Reads a state of prismiq_dense() that another process wrote.$c$;
CREATE FUNCTION prismiq_internal.dense_cells(state internal) RETURNS @extschema@.prismiq_cells
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_dense_final';
COMMENT ON FUNCTION prismiq_internal.dense_cells(internal) IS
$c$Ends prismiq_dense() with what its buckets came to.$c$;

CREATE AGGREGATE @extschema@.prismiq_dense(grid jsonb, VARIADIC time_and_values "any") (
    SFUNC = prismiq_internal.dense_add,
    STYPE = internal,
    SSPACE = 8192,
    FINALFUNC = prismiq_internal.dense_cells,
    COMBINEFUNC = prismiq_internal.dense_combine,
    SERIALFUNC = prismiq_internal.dense_serialize,
    DESERIALFUNC = prismiq_internal.dense_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.prismiq_dense(jsonb, VARIADIC "any") IS
$c$Aggregates rows into all time buckets of a range at once, several measures in one pass.
Group by what tells series apart and not by the bucket: the state has a cell for each bucket, so
that nothing is looked up or sorted for one. prismiq_dense_rows() makes rows of it, gaps included.
The arguments are the grid, the time (timestamptz, timestamp or date) and a value for each measure.
The grid: {"interval", "start", "stop", "timezone"?, "origin"?, "gaps"?, "fill"?, "measures"?},
which are the arguments of prismiq_time_buckets(), whether buckets without rows are listed (true),
with what (null, previous or linear; null by default), and what becomes of the values: count, sum,
avg, min or max, of smallint, integer, bigint, real, double precision or numeric; count takes all
types, min and max also dates and timestamps. Results are those of PostgreSQL's own aggregates. A
time without an offset is read in the grid's timezone, which only timestamptz has, and there it is
required.
Rows whose time is null or outside the range are not counted; null values are skipped, so
CASE WHEN condition THEN value END does what FILTER does. Null when there are no rows or the grid is
null. A grid that is a constant or a parameter is read once, another one for every group.
Errors: 22023 for a grid that cannot be, or that changes within a group; PT413 for more buckets than
prismiq.max_buckets; those of the aggregates, such as 22003.
Example: SELECT r.* FROM (SELECT prismiq_dense('{"interval": "1 day", "start": "2024-03-01",
    "stop": "2024-03-04", "measures": ["sum"]}', d, n) AS cells
    FROM (VALUES (timestamp '2024-03-01 10:00', 2), ('2024-03-03 09:00', 3)) AS v (d, n)) AS c,
    prismiq_dense_rows(c.cells, '{"interval": "1 day", "start": "2024-03-01",
    "stop": "2024-03-04", "measures": ["sum"]}')
    AS r (day timestamp, rows bigint, total bigint);$c$;

CREATE FUNCTION prismiq_internal.dense_rows_support(request internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_dense_rows_support';
COMMENT ON FUNCTION prismiq_internal.dense_rows_support(internal) IS
$c$Tells the planner how many rows prismiq_dense_rows() makes.$c$;

CREATE FUNCTION @extschema@.prismiq_dense_rows(cells @extschema@.prismiq_cells, grid jsonb)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE SUPPORT prismiq_internal.dense_rows_support
    AS 'MODULE_PATHNAME', 'prismiq_dense_rows';
COMMENT ON FUNCTION @extschema@.prismiq_dense_rows(@extschema@.prismiq_cells, jsonb) IS
$c$Lists the buckets of a grid with what prismiq_dense() made of them.
It is called in FROM with a list of columns: the bucket, of the type of the times; the number of its
rows, bigint; and for each measure what it came to, of its own type. A bucket without rows has 0
and nulls, or is not listed where the grid says "gaps": false. With "fill": "previous" it has the
last value before it that is not null; with "linear" the point on the line, in time, to the next
one: then all measures are numbers, and those of integers come as numeric, real as double precision.
What has no neighbour stays null, and so does the null of a bucket that has rows. Buckets come in
order. Null cells are those of no rows; no rows for a null grid.
Errors: 22023 when the cells are of another grid, or a line is to be drawn between dates; 42804 for
columns of other types; those of prismiq_dense() for the grid.
Example: SELECT r.* FROM prismiq_dense_rows(NULL, '{"interval": "1 month",
    "start": "2024-01-01", "stop": "2024-04-01"}') AS r (month date, rows bigint);$c$;
