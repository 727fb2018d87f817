/*-------------------------------------------------------------------------
 *
 * edit.h
 *	  Documents with other members.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_EDIT_H
#define PRISMIQ_EDIT_H

#include "postgres.h"

#include "utils/jsonb.h"

/* edit.c */
extern Jsonb *prismiq_jsonb_from_text(const char *text);

/* Of an object; each makes a new document in the current memory context */
extern bool prismiq_jsonb_has(Jsonb *document, const char *key);
extern Jsonb *prismiq_jsonb_merge(Jsonb *document, Jsonb *members);
extern Jsonb *prismiq_jsonb_merge_text(Jsonb *document, const char *members);
extern Jsonb *prismiq_jsonb_append_text(Jsonb *document, const char *key, const char *elements);
extern Jsonb *prismiq_jsonb_member(Jsonb *document, const char *key);
extern Jsonb *prismiq_jsonb_wrap(const char *key, Jsonb *value);
extern Jsonb *prismiq_jsonb_without(Jsonb *document, const char *key);

#endif							/* PRISMIQ_EDIT_H */
