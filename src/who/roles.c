/*-------------------------------------------------------------------------
 *
 * roles.c
 *	  The roles of a user.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/fault.h"
#include "base/settings.h"
#include "who/who.h"

/* See the header. */
List *
prismiq_roles_split(const char *text)
{
	List	   *roles = NIL;

	while (*text != '\0')
	{
		const char *end;
		int			len;

		text += strspn(text, " \t\n");
		end = text + strcspn(text, ",");
		for (len = end - text; len > 0 && strchr(" \t\n", text[len - 1]) != NULL; len--)
			 /* trim */ ;
		if (len > 0)
			roles = lappend(roles, pnstrdup(text, len));
		text = *end == ',' ? end + 1 : end;
	}
	return roles;
}
