/*-------------------------------------------------------------------------
 *
 * outputs.c
 *	  What is only known once the answer has all its columns: which of them hold
 *	  numbers that are too large for some.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/catalogs.h"
#include "model/answer.h"
#include "model/query.h"
#include "stage/stage.h"

/* The columns of the answer, in its last shape. */
void
prismiq_check_outputs(PrismiqQuery *query)
{
	ListCell   *lc;

	foreach(lc, query->answer)
	{
		PrismiqOutput *output = (PrismiqOutput *) lfirst(lc);

		output->large = prismiq_output_is_large(query, output);
	}
}
