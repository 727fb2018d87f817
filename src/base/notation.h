/*-------------------------------------------------------------------------
 *
 * notation.h
 *	  How values are read and written in a call, whatever the session has set.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_NOTATION_H
#define PRISMIQ_NOTATION_H

#include "postgres.h"

/*
 * From here on values are read and written in one way, until the end with what
 * the beginning gave; an error in between ends it with the (sub)transaction.
 */
extern int	prismiq_notation_begin(void);
extern void prismiq_notation_end(int level);

#endif							/* PRISMIQ_NOTATION_H */
