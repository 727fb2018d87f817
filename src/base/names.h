/*-------------------------------------------------------------------------
 *
 * names.h
 *	  Names of a definition and what they stand for, found by hash.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_NAMES_H
#define PRISMIQ_NAMES_H

#include "postgres.h"

/* One name; the pointers are the caller's, and must live as long as the table. */
typedef struct PrismiqName
{
	const char *name;			/* null: the place is free */
	uint32		hash;
	int			number;			/* for the caller */
	void	   *value;			/* for the caller */
} PrismiqName;

/* A table of names; all zero is an empty one. */
typedef struct PrismiqNames
{
	PrismiqName *places;
	uint32		size;			/* a power of two, or 0 */
	uint32		count;
} PrismiqNames;

/* names.c */
extern PrismiqName *prismiq_names_find(const PrismiqNames *names, const char *name);
extern PrismiqName *prismiq_names_add(PrismiqNames *names, const char *name, bool *found);
extern char *prismiq_names_number(PrismiqNames *names, const char *name, int *number);

#endif							/* PRISMIQ_NAMES_H */
