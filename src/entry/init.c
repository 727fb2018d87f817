/*-------------------------------------------------------------------------
 *
 * init.c
 *	  What happens when the library is loaded.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/settings.h"
#include "run/plans.h"
#include "run/stat.h"

PGDLLEXPORT void _PG_init(void);

PG_MODULE_MAGIC;

/*
 * Called once in each backend, by the first call of a function of ours; or by the
 * server as it starts, where it preloads the library.
 */
void
_PG_init(void)
{
	prismiq_settings_init();
	prismiq_barrier_init();
	prismiq_stat_init();
}
