/*-------------------------------------------------------------------------
 *
 * zones.h
 *	  Time zones by name, and clock readings in them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ZONES_H
#define PRISMIQ_ZONES_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/*
 * The zone of that full name ("Europe/Paris", "UTC"; case does not matter), or
 * null; never raises.  Abbreviations, offsets and POSIX rules are none, except
 * that the session's zone is found by its name whatever that is.
 */
extern pg_tz *prismiq_zone_find(const char *name);

/*
 * PostgreSQL's own conversions, without raising: false when out of range.
 * Infinities stay infinite.
 */
extern bool prismiq_local_to_instant(Timestamp local, pg_tz *zone, TimestampTz *instant);
extern bool prismiq_instant_to_local(TimestampTz instant, pg_tz *zone, Timestamp *local);

#endif							/* PRISMIQ_ZONES_H */
