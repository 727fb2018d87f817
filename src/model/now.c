/*-------------------------------------------------------------------------
 *
 * now.c
 *	  The instant that relative dates are of, and how long what is made of it
 *	  holds.
 *
 * Whoever looks at "now" says what was looked at, so that a definition with
 * relative dates can be remembered for as long as these mean the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "model/now.h"
#include "model/zones.h"

/* See the header. */
void
prismiq_holds_begin(PrismiqHolds *holds)
{
	memset(holds, 0, sizeof(*holds));
	holds->from = holds->local_from = PG_INT64_MIN;
	holds->until = holds->local_until = PG_INT64_MAX;
}

/* See the header. */
bool
prismiq_holds_at(const PrismiqHolds *holds, TimestampTz now)
{
	Timestamp	local;

	if (now < holds->from || now >= holds->until)
		return false;
	return holds->zone == NULL ||
		(prismiq_instant_to_local(now, holds->zone, &local) &&
		 local >= holds->local_from && local < holds->local_until);
}

/* Only for instants of a span. */
static void
narrow(PrismiqHolds *holds, TimestampTz from, TimestampTz until)
{
	holds->from = Max(holds->from, from);
	holds->until = Min(holds->until, until);
}

/* See the header. */
void
prismiq_now_unknown(const PrismiqCalendar *calendar)
{
	if (calendar->holds != NULL)
		narrow(calendar->holds, PG_INT64_MAX, PG_INT64_MIN);
}

/* See the header. */
TimestampTz
prismiq_now_instant(const PrismiqCalendar *calendar)
{
	if (calendar->holds != NULL)
		narrow(calendar->holds, calendar->now, calendar->now + 1);
	return calendar->now;
}

/* See the header.  Clocks are those of one zone; with another it is of this instant. */
void
prismiq_now_within(const PrismiqCalendar *calendar, bool instants, int64 from, int64 until)
{
	PrismiqHolds *holds = calendar->holds;

	if (holds == NULL)
		return;
	if (instants)
		narrow(holds, from, until);
	else if (holds->zone != NULL && holds->zone != calendar->zone)
		narrow(holds, calendar->now, calendar->now + 1);
	else
	{
		holds->zone = calendar->zone;
		holds->local_from = Max(holds->local_from, from);
		holds->local_until = Min(holds->local_until, until);
	}
}
