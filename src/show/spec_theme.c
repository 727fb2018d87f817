/*-------------------------------------------------------------------------
 *
 * spec_theme.c
 *	  The theme of pictures: its colors and font, which a tenant's configuration
 *	  may change.
 *
 * The series' colors differ in lightness as well as in hue, so that they can be told
 * apart by those who see colors differently, and stand out from the card by a
 * contrast of 3 : 1 at least.  Those of a status are not among them.
 *
 * A tenant's settings are read when they are drawn, and what is no color, or no name
 * of a font, is left out: it would end up in style sheets.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/memutils.h"

#include "base/color.h"
#include "base/edit.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/config.h"
#include "show/spec.h"

#define FONT "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

/* The longest name of a font. */
#define MAX_FONT 200

static const PrismiqSpecTheme light = {
	.card = "#ffffff", .text = "#1b2430", .secondary = "#566072", .grid = "#e6e9ef",
	.axis = "#c3c9d4", .rest = "#8a93a3", .font = FONT, .ncolors = 8,
	.colors = {"#2563eb", "#cb8229", "#0a6556", "#cc1c6a", "#686609", "#4517a7", "#18a1ae",
	"#6e1b23"},
	.ramp = {"#e8f0fe", "#a9c6fb", "#5f93ef", "#2563eb", "#173f9c"}
};

static const PrismiqSpecTheme dark = {
	.card = "#161b22", .text = "#e6eaf0", .secondary = "#9aa6b6", .grid = "#262d37",
	.axis = "#3a4350", .rest = "#6b7685", .font = FONT, .ncolors = 8,
	.colors = {"#6ea8fe", "#fdb214", "#529967", "#fd6bab", "#e8e9a9", "#9052df", "#6ceaf7",
	"#e24411"},
	.ramp = {"#1c2a45", "#2b4a86", "#4777cf", "#7fb0ff", "#d3e4ff"}
};

/* A setting of the tenant's theme that is a text; null: there is none. */
static const char *
setting(const PrismiqShow *show, const char *name)
{
	ListCell   *lc;

	foreach(lc, show->theme)
	{
		const PrismiqThemeConfig *one = (const PrismiqThemeConfig *) lfirst(lc);
		PrismiqFaults ignored = {NIL, NIL};

		if (strcmp(one->name, name) == 0)
			return prismiq_json_text(prismiq_json_from_jsonb(
									prismiq_jsonb_from_text(psprintf("{\"is\": %s}", one->value)),
									MaxAllocSize, 8, &ignored), "is");
	}
	return NULL;
}

/* The same of what is said for each theme by itself: those of the dark one are called so. */
static const char *
setting_of_theme(const PrismiqShow *show, const char *name)
{
	if (show->picture == PRISMIQ_PICTURE_DARK)
		name = psprintf("dark_%s", name);
	return setting(show, name);
}

/* Put a color in the place of another one, if it is one. */
static void
replace_color(const char **color, const char *by)
{
	if (by != NULL && prismiq_is_color(by) && !prismiq_spec_is_reserved(by))
		*color = by;
}

/* The colors of series out of a text with commas between them; those in brackets are a color's. */
static void
read_colors(PrismiqSpecTheme *theme, const char *text)
{
	const char *colors[PRISMIQ_SPEC_COLORS];
	int			count = 0;

	while (text != NULL && *text != '\0' && count < PRISMIQ_SPEC_COLORS)
	{
		const char *end = text + strcspn(text, ",(");
		char	   *color;
		int			len;

		if (*end == '(')
		{
			end += strcspn(end, ")");
			end += strcspn(end, ",");
		}
		text += strspn(text, " ");
		color = pnstrdup(text, Max(end - text, 0));
		for (len = (int) strlen(color); len > 0 && color[len - 1] == ' '; len--)
			color[len - 1] = '\0';
		if (!prismiq_is_color(color))
			return;				/* half of a palette would be none */
		colors[count++] = color;
		text = *end == ',' ? end + 1 : end;
	}
	if (count > 0)
	{
		memcpy(theme->colors, colors, sizeof(char *) * count);
		theme->ncolors = count;
	}
}

/* Is a text the names of fonts, and nothing that would end a declaration of CSS? */
static bool
is_font(const char *text)
{
	const char *c;

	if (text[0] == '\0' || strlen(text) > MAX_FONT || prismiq_spec_is_reserved(text))
		return false;
	for (c = text; *c != '\0'; c++)
		if (!IS_HIGHBIT_SET(*c) && !isalnum((unsigned char) *c) && strchr(" ,-_'", *c) == NULL)
			return false;
	return true;
}

/* A color written as #rrggbb, as a number; -1: it is written in another way. */
static long
color_number(const char *color)
{
	if (color[0] != '#' || strlen(color) != 7 ||
		strspn(color + 1, "0123456789abcdefABCDEF") != 6)
		return -1;
	return strtol(color + 1, NULL, 16);
}

/* The color in the middle of two; the first one where that cannot be told. */
static const char *
middle_color(const char *color, const char *other)
{
	long		a = color_number(color);
	long		b = color_number(other);

	if (a < 0 || b < 0)
		return color;
	/* each part by itself: what would carry over into the next one is taken out first */
	return psprintf("#%06lx", (a & b) + (((a ^ b) & 0xfefefe) >> 1));
}

/* After the last color of the series come the same, nearer to what they stand on. */
static void
add_tints(PrismiqSpecTheme *theme)
{
	int			i;

	for (i = 0; i < theme->ncolors; i++)
		theme->colors[theme->ncolors + i] = middle_color(theme->colors[i], theme->card);
	theme->ncolors *= 2;
}

/* Put what the tenant has set in the place of the theme's own. */
static void
read_settings(PrismiqSpecTheme *theme, const PrismiqShow *show)
{
	const char *font = setting(show, "font");

	replace_color(&theme->colors[0], setting(show, "accent"));
	read_colors(theme, setting(show, "colors"));
	replace_color(&theme->colors[0], setting_of_theme(show, "accent"));
	read_colors(theme, setting_of_theme(show, "colors"));
	replace_color(&theme->background, setting_of_theme(show, "background"));
	replace_color(&theme->card, setting_of_theme(show, "background"));
	replace_color(&theme->text, setting_of_theme(show, "text"));
	replace_color(&theme->secondary, setting_of_theme(show, "text_secondary"));
	replace_color(&theme->grid, setting_of_theme(show, "grid"));
	replace_color(&theme->axis, setting_of_theme(show, "axis"));
	if (font != NULL && is_font(font))
		theme->font = font;
}

/* The theme of a picture. */
void
prismiq_spec_theme(PrismiqSpec *spec)
{
	PrismiqSpecTheme *theme = &spec->theme;

	*theme = spec->show->picture == PRISMIQ_PICTURE_DARK ? dark : light;
	if (spec->show->theme != NIL)
		read_settings(theme, spec->show);
	add_tints(theme);
}

/* A member that is a color. */
static void
write_color(StringInfo buf, const char *key, const char *color)
{
	prismiq_write_key(buf, key);
	prismiq_write_text(buf, color);
}

/* A list of colors. */
static void
write_colors(StringInfo buf, const char *key, const char *const *colors, int count)
{
	int			i;

	prismiq_write_key(buf, key);
	prismiq_write_open(buf, '[');
	for (i = 0; i < count; i++)
		prismiq_write_text(buf, colors[i]);
	prismiq_write_close(buf, ']');
}

/* Axes: labels, and lines only where values are read off. */
static void
write_axes(StringInfo buf, const PrismiqSpecTheme *theme)
{
	prismiq_spec_put(buf, "'axis':{'labelFontSize':11,'labelPadding':6,'labelLimit':160,"
					 "'titleFontSize':11,'ticks':false");
	write_color(buf, "labelColor", theme->secondary);
	write_color(buf, "titleColor", theme->secondary);
	write_color(buf, "gridColor", theme->grid);
	write_color(buf, "domainColor", theme->axis);
	write_color(buf, "tickColor", theme->axis);
	prismiq_spec_put(buf, "}");
}

/* Groups of separators, where the configuration has others than English. */
static void
write_locale(StringInfo buf, const PrismiqFormatLocale *locale)
{
	if (locale->decimal == NULL && locale->group == NULL)
		return;
	prismiq_spec_put(buf, "'locale':{'number':{");
	prismiq_write_key(buf, "decimal");
	prismiq_write_text(buf, locale->decimal != NULL ? locale->decimal : ".");
	prismiq_write_key(buf, "thousands");
	prismiq_write_text(buf, locale->group != NULL ? locale->group : ",");
	prismiq_spec_put(buf, "'grouping':[3],'currency':['','']}}");
}

/* "config": all that is the theme's, so that a page can put its own in place of it. */
void
prismiq_spec_config(const PrismiqSpec *spec)
{
	StringInfo	buf = spec->buf;
	const PrismiqSpecTheme *theme = &spec->theme;

	prismiq_spec_put(buf, "'config':{");
	write_color(buf, "font", theme->font);
	prismiq_spec_put(buf, "'view':{'stroke':null}");
	write_axes(buf, theme);
	prismiq_spec_put(buf, "'range':{");
	write_colors(buf, "category", theme->colors, theme->ncolors);
	write_colors(buf, "ramp", theme->ramp, PRISMIQ_SPEC_RAMP);
	write_colors(buf, "heatmap", theme->ramp, PRISMIQ_SPEC_RAMP);
	prismiq_spec_put(buf, "},'title':{'anchor':'start','fontSize':14,'fontWeight':600");
	write_color(buf, "color", theme->text);
	prismiq_spec_put(buf, "},'line':{'strokeWidth':2,'strokeJoin':'round','strokeCap':'round'}");
	prismiq_spec_put(buf, "'bar':{'cornerRadiusEnd':3},'arc':{'padAngle':0.012}");
	prismiq_spec_put(buf, "'style':{'prismiq-mark':{'fontSize':11");
	write_color(buf, "color", theme->secondary);
	prismiq_spec_put(buf, "},'prismiq-halo':{'fontSize':11,'strokeWidth':3,'strokeJoin':'round'");
	write_color(buf, "stroke", theme->card);
	write_color(buf, "color", theme->card);
	prismiq_spec_put(buf, "},'prismiq-hover':{");
	write_color(buf, "stroke", theme->axis);
	prismiq_spec_put(buf, "},'prismiq-graticule':{'strokeWidth':1");
	write_color(buf, "color", theme->grid);
	prismiq_spec_put(buf, "},'prismiq-rest':{");
	write_color(buf, "color", theme->rest);
	prismiq_spec_put(buf, "},'prismiq-gap':{");
	write_color(buf, "stroke", theme->card);
	prismiq_spec_put(buf, "'strokeWidth':1}}");
	write_locale(buf, &spec->show->shown->locale);
	prismiq_write_close(buf, '}');
}
