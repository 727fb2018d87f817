/*-------------------------------------------------------------------------
 *
 * patterns.c
 *	  Regular expressions and other patterns: are they small enough?
 *
 * Compiling a regular expression can take seconds for a few characters,
 * (\w{0,200}){0,100}, and it happens in the check, in the planner and in the
 * executor.  So what it will cost is reckoned first, from the text alone.
 *
 * PostgreSQL makes an automaton without empty steps.  How many of its arcs
 * lead from one character to the next can be counted while the text is read
 * once: for each part, with how many places it begins, with how many it ends,
 * and whether it may be empty; a sequence then joins every end with every
 * beginning, a repetition its own ends with its own beginnings.  An arc to a
 * class of characters, [a-z], may be there for each of the classes that all the
 * characters of the expression fall into.  Measured, MAX_ARCS arcs counted in
 * this way stay below 200 ms.
 *
 * Constraints (^, $, \y, look-around) take no character, and PostgreSQL copies
 * states for each combination of those that meet in one place: so many may.
 *
 * The options for other syntaxes, as in (?x), are refused.  The reading is
 * lenient otherwise.  What is no regular expression at all is for
 * PostgreSQL to say, which has no more work with it than was counted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "value/value.h"

#define MAX_ARCS 60000
#define MAX_CONSTRAINTS 6

/* Classes are never fewer than this: newlines, the ends of the text. */
#define BASE_CLASSES 5

/* An unlimited bound; PostgreSQL's own limit of one is 255. */
#define UNLIMITED (-1)

/* What is known of a part of an expression. */
typedef struct Part
{
	double		firsts;			/* places that it may begin with, ... */
	double		wide_firsts;	/* ... of them those of a class of characters */
	double		lasts;			/* places that it may end with */
	double		arcs;			/* between its places, ... */
	double		wide_arcs;		/* ... of them those to a class */
	bool		nullable;		/* it may be empty */
	double		lead;			/* constraints before its first character, ... */
	double		trail;			/* ... after its last one, ... */
	double		constraints;	/* ... and all */
} Part;

static const Part empty_part = {.nullable = true};

/* An expression being read. */
typedef struct Reading
{
	const char *next;
	double		classes;		/* of characters */
	double		worst;			/* the most constraints that meet */
} Reading;

static Part read_branches(Reading *reading);

/* A sequence of two parts. */
static Part
join_parts(Reading *reading, Part a, Part b)
{
	Part		result;

	result.arcs = a.arcs + b.arcs + a.lasts * b.firsts;
	result.wide_arcs = a.wide_arcs + b.wide_arcs + a.lasts * b.wide_firsts;
	result.firsts = a.firsts + (a.nullable ? b.firsts : 0);
	result.wide_firsts = a.wide_firsts + (a.nullable ? b.wide_firsts : 0);
	result.lasts = b.lasts + (b.nullable ? a.lasts : 0);
	result.nullable = a.nullable && b.nullable;
	result.lead = a.lead + (a.nullable ? b.lead : 0);
	result.trail = b.trail + (b.nullable ? a.trail : 0);
	result.constraints = a.constraints + b.constraints;
	reading->worst = Max(reading->worst, a.trail + b.lead);
	return result;
}

/* One or the other. */
static Part
either(Part a, Part b)
{
	Part		result;

	result.arcs = a.arcs + b.arcs;
	result.wide_arcs = a.wide_arcs + b.wide_arcs;
	result.firsts = a.firsts + b.firsts;
	result.wide_firsts = a.wide_firsts + b.wide_firsts;
	result.lasts = a.lasts + b.lasts;
	result.nullable = a.nullable || b.nullable;
	result.lead = Max(a.lead, b.lead);
	result.trail = Max(a.trail, b.trail);
	result.constraints = a.constraints + b.constraints;
	return result;
}

/* A part "min" to "max" times: as so many copies, each optional after the first "min". */
static Part
repeat(Reading *reading, Part part, int min, int max)
{
	double		copies = max == UNLIMITED ? Max(min, 1) : max;
	Part		result = part;
	double		between;

	if (copies < 1)
		return empty_part;
	/* Copies that may be empty are skipped in any number. */
	between = part.nullable ? copies * (copies - 1) / 2 : copies - 1;
	if (max == UNLIMITED)
		between++;
	result.arcs = part.arcs * copies + between * part.lasts * part.firsts;
	result.wide_arcs = part.wide_arcs * copies + between * part.lasts * part.wide_firsts;
	if (part.nullable)
	{
		result.firsts = part.firsts * copies;
		result.wide_firsts = part.wide_firsts * copies;
		result.lasts = part.lasts * copies;
	}
	else if (max != UNLIMITED)
		result.lasts = part.lasts * (copies - min + 1);
	if (min == 0)
		result.nullable = true;
	result.constraints = part.constraints * copies;
	if (copies > 1 || max == UNLIMITED)
	{
		/* The end of a copy meets the beginning of the next; an empty one lets all meet. */
		if (part.nullable)
			result.lead = result.trail = part.constraints * Max(copies, 2);
		reading->worst = Max(reading->worst, part.nullable ? result.lead :
							 part.trail + part.lead);
	}
	return result;
}

/* A character. */
static Part
character(Reading *reading)
{
	reading->classes++;
	return (Part) {.firsts = 1, .lasts = 1};
}

/* One character, however many may stand for it; classes are counted (see above). */
static Part
character_class(Reading *reading)
{
	reading->classes++;
	return (Part) {.firsts = 1, .wide_firsts = 1, .lasts = 1};
}

/* A constraint, with what a look-around holds. */
static Part
constraint(double arcs)
{
	return (Part) {
		.arcs = arcs, .wide_arcs = arcs, .nullable = true,
		.lead = 1, .trail = 1, .constraints = 1
	};
}

/* Go on by one character. */
static void
step(Reading *reading)
{
	if (*reading->next != '\0')
		reading->next += pg_mblen(reading->next);
}

/* [...], after its bracket: each of what it lists makes a class. */
static Part
read_bracket(Reading *reading)
{
	if (strncmp(reading->next, "[:<:]]", 6) == 0 || strncmp(reading->next, "[:>:]]", 6) == 0)
	{
		reading->next += 6;
		return constraint(0);
	}
	if (*reading->next == '^')
		step(reading);
	if (*reading->next == ']')
		step(reading);
	while (*reading->next != '\0' && *reading->next != ']')
	{
		char		inner = reading->next[0] == '[' ? reading->next[1] : '\0';

		reading->classes++;
		if (inner == ':' || inner == '.' || inner == '=')
		{
			reading->next += 2;
			while (*reading->next != '\0' &&
				   !(reading->next[0] == inner && reading->next[1] == ']'))
				step(reading);
			if (*reading->next != '\0')
				step(reading);
		}
		else if (*reading->next == '\\')
			step(reading);
		step(reading);
	}
	step(reading);
	return character_class(reading);
}

/* A comment, or options; those under which the rest is read otherwise are too much. */
static void
read_options(Reading *reading)
{
	bool		comment = *reading->next == '#';

	for (; *reading->next != '\0' && *reading->next != ')'; step(reading))
		if (!comment && strchr("bex", *reading->next) != NULL)
			reading->worst = MAX_CONSTRAINTS + 1;
	step(reading);
}

/* (...), after its parenthesis: a group, a look-around, a comment or options. */
static Part
read_group(Reading *reading)
{
	bool		around = false;
	Part		part;

	if (*reading->next == '?')
	{
		reading->next++;
		around = *reading->next == '=' || *reading->next == '!' || *reading->next == '<';
		if (*reading->next == '<')
			reading->next++;
		if (*reading->next == ':' || *reading->next == '=' || *reading->next == '!')
			reading->next++;
		else
		{
			read_options(reading);
			return empty_part;
		}
	}
	part = read_branches(reading);
	if (*reading->next == ')')
		step(reading);
	return around ? constraint(part.arcs + part.firsts + part.lasts) : part;
}

/* What a quantifier is put on. */
static Part
read_atom(Reading *reading)
{
	char		c = *reading->next;

	step(reading);
	switch (c)
	{
		case '[':
			return read_bracket(reading);
		case '(':
			return read_group(reading);
		case '^':
		case '$':
			return constraint(0);
		case '\\':
			c = *reading->next;
			step(reading);
			if (c != '\0' && strchr("AmMyYZ", c) != NULL)
				return constraint(0);
			return character_class(reading);
		case '.':
			return character_class(reading);
		default:
			return character(reading);
	}
}

/* Digits; 255 is the most that PostgreSQL takes, and what is more it refuses. */
static int
read_bound(Reading *reading)
{
	int			value = 0;

	for (; *reading->next >= '0' && *reading->next <= '9'; reading->next++)
		value = Min(value * 10 + (*reading->next - '0'), 256);
	return value;
}

/* How often the part before it may be repeated, when that is said. */
static bool
read_quantifier(Reading *reading, int *min, int *max)
{
	while (strncmp(reading->next, "(?#", 3) == 0)
	{
		reading->next += 2;
		read_options(reading);
	}
	switch (*reading->next)
	{
		case '*':
		case '+':
			*min = *reading->next == '+';
			*max = UNLIMITED;
			break;
		case '?':
			*min = 0;
			*max = 1;
			break;
		case '{':
			if (reading->next[1] < '0' || reading->next[1] > '9')
				return false;
			reading->next++;
			*min = *max = read_bound(reading);
			if (*reading->next == ',')
			{
				reading->next++;
				*max = *reading->next == '}' ? UNLIMITED : read_bound(reading);
			}
			if (*max != UNLIMITED && *max < *min)
				*max = *min;
			break;
		default:
			return false;
	}
	step(reading);
	if (*reading->next == '?')
		step(reading);			/* not greedy */
	return true;
}

/* Branches between bars, up to the end or a closing parenthesis. */
static Part
read_branches(Reading *reading)
{
	Part		result = empty_part;
	Part		branch = empty_part;
	bool		any = false;

	check_stack_depth();
	for (;;)
	{
		char		c = *reading->next;
		int			min;
		int			max;

		CHECK_FOR_INTERRUPTS();
		if (c == '\0' || c == '|' || c == ')')
		{
			result = any ? either(result, branch) : branch;
			if (c != '|')
				return result;
			any = true;
			branch = empty_part;
			step(reading);
		}
		else
		{
			Part		atom = read_atom(reading);

			while (read_quantifier(reading, &min, &max))
				atom = repeat(reading, atom, min, max);
			branch = join_parts(reading, branch, atom);
		}
	}
}

/* May a pattern be so long? */
bool
prismiq_pattern_fits(const char *pattern)
{
	size_t		len = strlen(pattern);

	return len <= PRISMIQ_MAX_PATTERN ||
		(len <= PRISMIQ_MAX_PATTERN * MAX_MULTIBYTE_CHAR_LEN &&
		 pg_mbstrlen(pattern) <= PRISMIQ_MAX_PATTERN);
}

/* Does a regular expression take no longer to compile than it may? */
bool
prismiq_regex_is_small(const char *pattern)
{
	Reading		reading = {pattern, BASE_CLASSES, 0};
	double		cost = 0;

	while (*reading.next != '\0')
	{
		Part		part = read_branches(&reading);

		cost += (part.arcs + part.firsts) * BASE_CLASSES +
			(part.wide_arcs + part.wide_firsts) * reading.classes;
		step(&reading);			/* a parenthesis that closes nothing */
	}
	return cost <= MAX_ARCS && reading.worst <= MAX_CONSTRAINTS;
}
