-- Time buckets: the bucket of a time, the buckets of a range.

CREATE FUNCTION @extschema@.prismiq_time_bucket(width interval, ts timestamptz)
    RETURNS timestamptz
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_session';
COMMENT ON FUNCTION @extschema@.prismiq_time_bucket(interval, timestamptz) IS
$c$Finds the start of the time bucket that a time is in, in the session's time zone.
The same as with timezone => current_setting('TimeZone'); see there.
Example: SELECT prismiq_time_bucket('15 minutes', now());$c$;

CREATE FUNCTION @extschema@.prismiq_time_bucket(
    width interval, ts timestamptz, timezone text, origin timestamptz DEFAULT NULL)
    RETURNS timestamptz
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_zone';
COMMENT ON FUNCTION @extschema@.prismiq_time_bucket(interval, timestamptz, text, timestamptz) IS
$c$Finds the start of the time bucket that a time is in, in a time zone.
Buckets up to an hour step in absolute time, so the hour that a zone repeats stays two hours.
Longer ones are made on local time: a day is from midnight to midnight, whether it has 23, 24 or
25 hours, and weeks begin on Monday. Where the zone skips or repeats an edge, it is converted as
AT TIME ZONE does. The width is months and years, or days and below, not both. Buckets are counted
from origin, by its local reading in the zone; by default from 2000-01-01 (weeks: 2000-01-03).
Where the library is loaded, a condition on the bucket of a column (>=, >, <=, <, =, IN, BETWEEN) is
one on the column too, so that indexes and partitions by it serve the condition.
Null when an argument other than origin is null; an infinite time is its own bucket.
Errors: 22023 for a width that is not positive or mixes months with days, or a time zone that is
not a full name; 22008 for a bucket that begins before the first timestamp.
Example: SELECT prismiq_time_bucket('1 day', '2024-03-10 12:00+00', 'America/New_York');
  2024-03-10 05:00:00+00$c$;

CREATE FUNCTION @extschema@.prismiq_time_bucket(
    width interval, ts timestamp, origin timestamp DEFAULT NULL)
    RETURNS timestamp
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_timestamp';
COMMENT ON FUNCTION @extschema@.prismiq_time_bucket(interval, timestamp, timestamp) IS
$c$Finds the start of the time bucket that a timestamp without time zone is in.
The timestamp is taken as it stands. Otherwise as for timestamptz.
Example: SELECT prismiq_time_bucket('6 hours', timestamp '2024-03-10 14:30');
  2024-03-10 12:00:00$c$;

CREATE FUNCTION @extschema@.prismiq_time_bucket(width interval, ts date, origin date DEFAULT NULL)
    RETURNS date
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_date';
COMMENT ON FUNCTION @extschema@.prismiq_time_bucket(interval, date, date) IS
$c$Finds the first day of the time bucket that a date is in.
The width is whole days, or months and years; others are an error (22023). Otherwise as for
timestamptz.
Example: SELECT prismiq_time_bucket('1 week', date '2024-03-10');
  2024-03-04$c$;

-- What a condition on a bucket says of the time itself: the library puts these into plans
-- (src/run/bucket_bounds.c), of whoever may use the buckets.

CREATE FUNCTION prismiq_internal.time_bucket_last_session(
    width interval, value timestamptz, strict boolean)
    RETURNS timestamptz
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_last_session';
COMMENT ON FUNCTION prismiq_internal.time_bucket_last_session(interval, timestamptz, boolean) IS
$c$Finds the last time whose bucket, in the session's time zone, is not after a value.
See time_bucket_last_zone.$c$;

CREATE FUNCTION prismiq_internal.time_bucket_last_zone(
    width interval, value timestamptz, timezone text, origin timestamptz, strict boolean)
    RETURNS timestamptz
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_last_zone';
COMMENT ON FUNCTION prismiq_internal.time_bucket_last_zone(
    interval, timestamptz, text, timestamptz, boolean) IS
$c$Finds the last time whose bucket in a time zone is not after a value (strict: is before it).
Plans have it beside conditions on prismiq_time_bucket(), so that indexes and partitions by the time
serve them. It raises nothing: where prismiq_time_bucket() would, it answers infinity.$c$;

CREATE FUNCTION prismiq_internal.time_bucket_last_timestamp(
    width interval, value timestamp, origin timestamp, strict boolean)
    RETURNS timestamp
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_last_timestamp';
COMMENT ON FUNCTION prismiq_internal.time_bucket_last_timestamp(
    interval, timestamp, timestamp, boolean) IS
$c$Finds the last timestamp whose bucket is not after a value (strict: is before it).
See time_bucket_last_zone.$c$;

CREATE FUNCTION prismiq_internal.time_bucket_last_date(
    width interval, value date, origin date, strict boolean)
    RETURNS date
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_last_date';
COMMENT ON FUNCTION prismiq_internal.time_bucket_last_date(interval, date, date, boolean) IS
$c$Finds the last day whose bucket is not after a value (strict: is before it).
See time_bucket_last_zone.$c$;

CREATE FUNCTION @extschema@.prismiq_time_bucket_auto(
    start timestamptz, stop timestamptz, max_points integer DEFAULT 1000)
    RETURNS interval
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_bucket_auto';
COMMENT ON FUNCTION @extschema@.prismiq_time_bucket_auto(timestamptz, timestamptz, integer) IS
$c$Chooses the width of time bucket that suits a range, as the interval "auto" of a series does.
Null (every point) up to 8 hours, 1 minute up to 1 day, 10 minutes up to 4 days, 1 hour up to 31
days; beyond, the finest of hour, day, week, month, quarter and year of which the range holds
fewer than max_points.
Errors: 22023 when start or stop is infinite, or max_points is not positive.
Example: SELECT prismiq_time_bucket_auto('2024-01-01', '2024-07-01');
  1 day$c$;

CREATE FUNCTION prismiq_internal.time_buckets_support(request internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_time_buckets_support';
COMMENT ON FUNCTION prismiq_internal.time_buckets_support(internal) IS
$c$Tells the planner how many rows prismiq_time_buckets() makes.$c$;

CREATE FUNCTION @extschema@.prismiq_time_buckets(
    width interval,
    start timestamptz,
    stop timestamptz,
    timezone text,
    origin timestamptz DEFAULT NULL)
    RETURNS SETOF timestamptz
    LANGUAGE c STABLE PARALLEL SAFE SUPPORT prismiq_internal.time_buckets_support
    AS 'MODULE_PATHNAME', 'prismiq_time_buckets_zone';
COMMENT ON FUNCTION @extschema@.prismiq_time_buckets(
    interval, timestamptz, timestamptz, text, timestamptz) IS
$c$Lists the starts of all time buckets that the range [start, stop) touches, in a time zone.
They come in order; each is what prismiq_time_bucket() gives for the times in it, the first for
start.
No rows when the range is empty or an argument other than origin is null.
Errors: as prismiq_time_bucket(); 22023 when start or stop is infinite; PT413 for more buckets
than prismiq.max_buckets.
Example: SELECT prismiq_time_buckets('1 day', '2024-03-09', '2024-03-12', 'UTC');$c$;

CREATE FUNCTION @extschema@.prismiq_time_buckets(
    width interval, start timestamp, stop timestamp, origin timestamp DEFAULT NULL)
    RETURNS SETOF timestamp
    LANGUAGE c STABLE PARALLEL SAFE SUPPORT prismiq_internal.time_buckets_support
    AS 'MODULE_PATHNAME', 'prismiq_time_buckets_timestamp';
COMMENT ON FUNCTION @extschema@.prismiq_time_buckets(interval, timestamp, timestamp, timestamp) IS
$c$Lists the starts of all time buckets of timestamps that the range [start, stop) touches.
Otherwise as for timestamptz.
Example: SELECT prismiq_time_buckets('1 month', timestamp '2024-01-15', '2024-04-01');$c$;

CREATE FUNCTION @extschema@.prismiq_time_buckets(
    width interval, start date, stop date, origin date DEFAULT NULL)
    RETURNS SETOF date
    LANGUAGE c STABLE PARALLEL SAFE SUPPORT prismiq_internal.time_buckets_support
    AS 'MODULE_PATHNAME', 'prismiq_time_buckets_date';
COMMENT ON FUNCTION @extschema@.prismiq_time_buckets(interval, date, date, date) IS
$c$Lists the first days of all time buckets of dates that the range [start, stop) touches.
Otherwise as for timestamptz.
Example: SELECT prismiq_time_buckets('1 week', date '2024-03-01', date '2024-04-01');$c$;
