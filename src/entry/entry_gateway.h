/*-------------------------------------------------------------------------
 *
 * entry_gateway.h
 *	  What a gateway says of a request, and is told of the answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_ENTRY_GATEWAY_H
#define PRISMIQ_ENTRY_GATEWAY_H

#include "postgres.h"

#include "base/json.h"

#define PRISMIQ_REQUEST_HEADERS "request.headers"
#define PRISMIQ_RESPONSE_STATUS "response.status"

/* A setting of the gateway's as a jansson tree, to be given back; null when it is none. */
extern json_t *prismiq_gateway_json(const char *name);

/* Set one until the transaction ends. */
extern void prismiq_gateway_tell(const char *name, const char *value);

/* Tell it to send headers: objects of JSON, {name: value}, with commas between them. */
extern void prismiq_gateway_headers(const char *headers);

#endif							/* PRISMIQ_ENTRY_GATEWAY_H */
