/*-------------------------------------------------------------------------
 *
 * known_keys.h
 *	  The keys of a definition, and of the model, that not only its reader names: in this order
 *	  faults are reported.  Each list ends with null.
 *
 *-------------------------------------------------------------------------
 */
#ifndef PRISMIQ_KNOWN_KEYS_H
#define PRISMIQ_KNOWN_KEYS_H

extern const char *const prismiq_query_keys[];	/* of a definition */
extern const char *const prismiq_table_keys[];	/* of one of its tables */
extern const char *const prismiq_column_keys[];	/* of one of its columns */
extern const char *const prismiq_argument_keys[];	/* of the arguments of an aggregation */
extern const char *const prismiq_test_keys[];	/* of a condition */
extern const char *const prismiq_model_keys[];	/* of the application's model */
extern const char *const prismiq_relationship_keys[];	/* of one of its relationships */
extern const char *const prismiq_measure_keys[];	/* of a measure of the model */
extern const char *const prismiq_window_keys[];	/* of a window */

#endif							/* PRISMIQ_KNOWN_KEYS_H */
