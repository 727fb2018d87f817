/*-------------------------------------------------------------------------
 *
 * names.c
 *	  Names of a definition and what they stand for, found by hash.
 *
 * A definition has as many names as its author likes, and each is looked for
 * among all others: by walking lists that would take the square of their
 * number.  Open addressing; the table lives in the memory context that is
 * current when it grows, and nothing is ever taken out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "base/names.h"

/* Places of the smallest table. */
#define FIRST_SIZE 16

/* The hash of a name. */
static uint32
hash_name(const char *name)
{
	return hash_bytes((const unsigned char *) name, strlen(name));
}

/* The place of a name, or the free one where it would be. */
static PrismiqName *
find_place(const PrismiqNames *names, const char *name, uint32 hash)
{
	uint32		i = hash & (names->size - 1);

	for (;; i = (i + 1) & (names->size - 1))
	{
		PrismiqName *place = &names->places[i];

		if (place->name == NULL ||
			(place->hash == hash && strcmp(place->name, name) == 0))
			return place;
	}
}

/* Make room for another name: at least half of the places stay free. */
static void
grow(PrismiqNames *names)
{
	PrismiqNames larger = {0};
	uint32		i;

	larger.size = names->size > 0 ? names->size * 2 : FIRST_SIZE;
	larger.count = names->count;
	larger.places = palloc0(sizeof(PrismiqName) * (Size) larger.size);
	for (i = 0; i < names->size; i++)
		if (names->places[i].name != NULL)
			*find_place(&larger, names->places[i].name, names->places[i].hash) =
				names->places[i];
	*names = larger;			/* the old places stay: a copy of the table may have them */
}

/* What is known of a name, or null.  Valid until the next one is added. */
PrismiqName *
prismiq_names_find(const PrismiqNames *names, const char *name)
{
	PrismiqName *place;

	if (names->count == 0)
		return NULL;
	place = find_place(names, name, hash_name(name));
	return place->name != NULL ? place : NULL;
}

/*
 * The entry of a name, which is made when there is none.  Valid until the next
 * one is added.
 */
PrismiqName *
prismiq_names_add(PrismiqNames *names, const char *name, bool *found)
{
	uint32		hash = hash_name(name);
	PrismiqName *place;

	if ((names->count + 1) * 2 > names->size)
		grow(names);
	place = find_place(names, name, hash);
	*found = place->name != NULL;
	if (!*found)
	{
		place->name = name;
		place->hash = hash;
		names->count++;
	}
	return place;
}

/*
 * Add a name that is not there yet, made of another one with a number behind it,
 * "name (3)", and return it.  "number" is the last one that was tried, and then
 * the one it got.
 */
char *
prismiq_names_number(PrismiqNames *names, const char *name, int *number)
{
	char	   *numbered;
	bool		found;

	do
	{
		numbered = psprintf("%s (%d)", name, ++*number);
		(void) prismiq_names_add(names, numbered, &found);
	} while (found);
	return numbered;
}
