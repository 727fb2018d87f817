/*-------------------------------------------------------------------------
 *
 * nearest.c
 *	  The name that was probably meant: the nearest to what was written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "base/fault.h"
#include "base/nearest.h"

/* A suggestion further away than this helps nobody. */
#define MAX_SUGGESTION_DISTANCE 3

/* Longest name that varstr_levenshtein takes is 255 characters. */
#define MAX_SUGGESTION_BYTES 128

/* So many faults of a document get a suggestion. */
#define MAX_SUGGESTIONS 20

/* A name in lower case, as far as letters are plain ones: case is no distance. */
static void
fold(char *result, const char *name, int len)
{
	int			i;

	for (i = 0; i < len; i++)
		result[i] = pg_ascii_tolower((unsigned char) name[i]);
}

/*
 * Start looking for the name nearest to what was written; "faults" (of which
 * it is one) may be null.  False when there will be no suggestion.
 */
bool
prismiq_nearest_init(PrismiqNearest *state, PrismiqFaults *faults, const char *wanted)
{
	state->wanted = wanted;
	state->wanted_len = strlen(wanted);
	state->folded = NULL;
	state->best = MAX_SUGGESTION_DISTANCE + 1;
	state->name = NULL;
	if (state->wanted_len > MAX_SUGGESTION_BYTES ||
		(faults != NULL && ++faults->suggestions > MAX_SUGGESTIONS))
		state->wanted_len = 0;
	else
	{
		state->folded = pstrdup(wanted);
		fold(state->folded, wanted, state->wanted_len);
	}
	return state->wanted_len > 0;
}

/* Is it what was written after a dot, as in "orders.total"?  Both are folded. */
static bool
is_after_dot(const PrismiqNearest *state, const char *folded, int len)
{
	int			before = state->wanted_len - len - 1;

	return before > 0 && state->folded[before] == '.' &&
		memcmp(state->folded + before + 1, folded, len) == 0;
}

/*
 * How far a name is from what was written; as far as the best so far when it
 * is no better.  A distance as large as the name itself is no likeness, and the
 * very name is no suggestion: it is of another schema, or of no use here.
 */
static int
distance_to(const PrismiqNearest *state, const char *candidate)
{
	char		folded[MAX_SUGGESTION_BYTES];
	int			len;
	int			distance;

	if (state->wanted_len == 0)
		return state->best;
	CHECK_FOR_INTERRUPTS();
	len = strlen(candidate);
	if (len > MAX_SUGGESTION_BYTES || strcmp(candidate, state->wanted) == 0)
		return state->best;		/* too long, or what was not meant */
	fold(folded, candidate, len);
	if (is_after_dot(state, folded, len))
		return Min(MAX_SUGGESTION_DISTANCE, state->best);
	distance = varstr_levenshtein_less_equal(state->folded, state->wanted_len, folded, len,
											 1, 1, 1, MAX_SUGGESTION_DISTANCE, true);
	return distance <= MAX_SUGGESTION_DISTANCE && distance < len ?
		Min(distance, state->best) : state->best;
}

/* Would a name be offered with success?  For when it costs more to know if it may be seen. */
bool
prismiq_nearest_improves(const PrismiqNearest *state, const char *candidate)
{
	return distance_to(state, candidate) < state->best;
}

/* Offer a name that the caller may see. */
void
prismiq_nearest_offer(PrismiqNearest *state, const char *candidate)
{
	int			distance = distance_to(state, candidate);

	if (distance < state->best)
	{
		state->best = distance;
		state->name = candidate;
	}
}

/* The suggestion as a sentence, or null. */
char *
prismiq_nearest_result(const PrismiqNearest *state)
{
	return state->name ? psprintf("Did you mean \"%s\"?", state->name) : NULL;
}

/* See the header. */
char *
prismiq_nearest_of(PrismiqFaults *faults, const char *wanted, const char *const *names)
{
	PrismiqNearest nearest;

	if (prismiq_nearest_init(&nearest, faults, wanted))
		for (; *names != NULL; names++)
			prismiq_nearest_offer(&nearest, *names);
	return prismiq_nearest_result(&nearest);
}
