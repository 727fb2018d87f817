/*-------------------------------------------------------------------------
 *
 * elements.h
 *	  Elements of arrays that an answer is grouped by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ELEMENTS_H
#define PRISMIQ_ELEMENTS_H

#include "postgres.h"

#include "access/context.h"
#include "model/ref.h"

/* elements.c */
extern void prismiq_check_unnest(PrismiqCheck *check);
extern void prismiq_check_unnest_end(PrismiqCheck *check);
extern bool prismiq_check_element(PrismiqCheck *check, PrismiqColumnRef *ref);
extern bool prismiq_check_no_unnest(PrismiqCheck *check, const PrismiqColumnRef *ref);

#endif							/* PRISMIQ_ELEMENTS_H */
