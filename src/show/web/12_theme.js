// What the elements look like. Every value is a custom property, --prismiq-NAME, whose default
// stands in the style sheet; what is drawn by Vega is told the values when it is drawn.

const SERIES = 8;

// The keys of a tenant's theme (docs/embedding.md), and the properties that they set. What is no
// value of its kind is left out: a theme may say how something looks, and nothing else.
const THEME_KEYS = {
  color: { accent: 'accent', page: 'page', background: 'card', text: 'text',
    text_secondary: 'muted', border: 'border', grid: 'grid', axis: 'axis', control: 'control',
    focus: 'focus', good: 'good', bad: 'bad', warning: 'warning' },
  length: { radius: 'radius', space: 'space', font_size: 'font-size' },
  font: { font: 'font' },
};

const isColor = (value) => value.length < 100 && !/url|var|env|attr|image/i.test(value)
  && CSS.supports('color', value);
const THEME_CHECKS = {
  color: isColor,
  length: (value) => /^\d{1,3}(\.\d+)?(px|rem|em)$/.test(value),
  font: (value) => /^[\p{L}\p{N} ,"'_-]{1,200}$/u.test(value),
};

// The properties that a theme sets, as [name, value]; prefix: "dark_" for what is of dark pages.
function themeProperties(theme, prefix) {
  const found = [];
  const colors = theme[`${prefix}colors`];
  const list = Array.isArray(colors) ? colors : String(colors ?? '').split(/,(?![^(]*\))/);
  list.slice(0, SERIES).map((color) => String(color).trim()).filter(isColor)
    .forEach((color, index) => found.push([`series-${index + 1}`, color]));
  for (const [kind, keys] of Object.entries(THEME_KEYS)) {
    for (const [key, name] of Object.entries(keys)) {
      const value = String(theme[prefix + key] ?? '');
      if (value && THEME_CHECKS[kind](value)) found.push([name, value]);
      if (value && key === 'accent' && !list.some(isColor) && isColor(value)) {
        found.push(['series-1', value]);
      }
    }
  }
  return found;
}

// A tenant's theme as a style sheet.
function themeSheet(theme) {
  const sheet = new CSSStyleSheet();
  if (!theme || typeof theme !== 'object') return sheet;
  for (const [selector, prefix] of [[':host', ''], [':host([data-mode="dark"])', 'dark_']]) {
    const rule = sheet.cssRules[sheet.insertRule(`${selector} {}`, sheet.cssRules.length)];
    for (const [name, value] of themeProperties(theme, prefix)) {
      rule.style.setProperty(`--prismiq-${name}`, value);
    }
  }
  return sheet;
}

// The values that hold where an element stands.
function themeValues(host) {
  const style = getComputedStyle(host);
  const value = (name) => style.getPropertyValue(`--_${name}`).trim();
  const series = Array.from({ length: SERIES }, (_, index) => value(`series-${index + 1}`));
  return {
    page: value('page'), card: value('card'), text: value('text'), muted: value('muted'),
    border: value('border'), grid: value('grid'), axis: value('axis'), accent: value('accent'),
    control: value('control'),
    good: value('good'), bad: value('bad'), warning: value('warning'),
    font: style.fontFamily,
    // What comes after a color of the first ones is the same, nearer to what it stands on.
    series, tints: series.map((color) => `color-mix(in srgb, ${color}, ${value('card')})`),
    ramp: Array.from({ length: 5 }, (_, index) => value(`ramp-${index + 1}`)),
  };
}
