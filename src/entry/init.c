/*-------------------------------------------------------------------------
 *
 * init.c
 *	  What happens when the library is loaded: each room that has something to
 *	  set up does so, in the order of the rooms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/settings.h"
#include "check/check.h"
#include "compile/compile.h"
#include "run/run.h"

PGDLLEXPORT void _PG_init(void);

PG_MODULE_MAGIC;

/* Called once in each backend, by the first call of a function of ours. */
void
_PG_init(void)
{
	prismiq_settings_init();
	prismiq_catalog_init();
	prismiq_exposure_init();
	prismiq_config_init();
	prismiq_sqltext_init();
	prismiq_barrier_init();
}
