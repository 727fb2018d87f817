/*-------------------------------------------------------------------------
 *
 * json.h
 *	  The jansson prelude: the only door to jansson.
 *
 * A jsonb argument is turned into a jansson tree with limits on size and
 * depth.  Numbers keep their digits: a number is a jansson string tagged with
 * the byte 0x01 and 'n'; a real string that begins with 0x01 gets a second
 * one.  Look at values through the functions here and the tag never shows.
 *
 * Getters note a fault at the value's place and return a neutral value, so
 * that reading goes on and finds the other faults too.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_JSON_H
#define PRISMIQ_JSON_H

#include "postgres.h"

/*
 * The server exports a function json_object too.  Under jansson's name the
 * dynamic linker would give us the server's: nobody here may call it, and the
 * declarations may not meet.
 */
#define json_object jansson_json_object
#include <jansson.h>
#undef json_object

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "base/fault.h"

typedef enum PrismiqJsonKind
{
	PRISMIQ_JSON_ABSENT,
	PRISMIQ_JSON_NULL,
	PRISMIQ_JSON_BOOLEAN,
	PRISMIQ_JSON_NUMBER,
	PRISMIQ_JSON_STRING,
	PRISMIQ_JSON_ARRAY,
	PRISMIQ_JSON_OBJECT
} PrismiqJsonKind;

/* A known key that an object has, by the format's own pointer, and its value. */
typedef struct PrismiqMember
{
	const char *key;
	const json_t *value;
} PrismiqMember;

/* So many members of an object are kept when it is opened. */
#define PRISMIQ_OBJECT_MEMBERS 20

/*
 * An object being read: the keys that the format knows, in the order of the
 * contract, and those of them that are there, found in one walk over it.
 */
typedef struct PrismiqObject
{
	const json_t *node;
	const PrismiqPath *path;
	PrismiqFaults *faults;
	const char *const *keys;	/* ends with null */
	uint32		letters;		/* with which its keys begin, as bits */
	bool		partial;		/* it has members that are not kept */
	int			count;			/* of those that are */
	PrismiqMember members[PRISMIQ_OBJECT_MEMBERS];
} PrismiqObject;

/* json.c */
extern const json_t *prismiq_json_from_jsonb(Jsonb *jb, int max_bytes, int max_depth,
											 PrismiqFaults *faults);

extern PrismiqJsonKind prismiq_json_kind(const json_t *node);
extern const char *prismiq_json_kind_name(PrismiqJsonKind kind);
extern const char *prismiq_json_string(const json_t *node);
extern const char *prismiq_json_text(const json_t *object, const char *key);
extern const char *prismiq_json_number(const json_t *node);
extern bool prismiq_json_number_to_int(const json_t *node, int64 *value);
extern void prismiq_json_append(StringInfo buf, const json_t *node);

/* object.c */
extern bool prismiq_object_open(PrismiqObject *object, const json_t *node,
								const PrismiqPath *path, PrismiqFaults *faults,
								const char *const *keys);
extern bool prismiq_object_open_some(PrismiqObject *object, const json_t *node,
									 const PrismiqPath *path, PrismiqFaults *faults,
									 const char *const *keys);
extern const PrismiqPath *prismiq_object_path(const PrismiqObject *object, const char *key);
extern const json_t *prismiq_object_get(const PrismiqObject *object, const char *key);
extern bool prismiq_object_has(const PrismiqObject *object, const char *key);
extern const char *prismiq_object_text(const PrismiqObject *object, const char *key,
									   bool required);
extern const char *prismiq_object_name(const PrismiqObject *object, const char *key,
									   bool required);
extern bool prismiq_object_boolean(const PrismiqObject *object, const char *key, bool fallback);
extern int64 prismiq_object_integer(const PrismiqObject *object, const char *key,
									int64 min, int64 max, int64 fallback);
extern const char *prismiq_object_number(const PrismiqObject *object, const char *key);
extern const json_t *prismiq_object_array(const PrismiqObject *object, const char *key);
extern char *prismiq_object_suggest(const PrismiqObject *object, const char *text,
									const char *what, const char *const *choices);
extern int	prismiq_object_choice(const PrismiqObject *object, const char *key,
								  const char *const *choices, bool ignore_case, int fallback);

#endif							/* PRISMIQ_JSON_H */
