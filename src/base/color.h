/*-------------------------------------------------------------------------
 *
 * color.h
 *	  Which texts are colours.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_COLOR_H
#define PRISMIQ_COLOR_H

#include "postgres.h"

/* color.c */
extern bool prismiq_is_color(const char *text);

#endif							/* PRISMIQ_COLOR_H */
