// Charts: the database says what to draw (a specification of Vega-Lite with its data), the theme
// how it looks, and title, unit and legend are the card's.

// Nothing of a specification is run as a script, and nothing that it names is loaded.
const NO_LOADER = {
  load: () => Promise.reject(new Error('nothing is loaded')),
  sanitize: () => Promise.reject(new Error('nothing is linked')),
};

// The colours of series, in the order of those that a specification has: first ones, and as many
// that are lighter.
function seriesColors(own, theme) {
  const half = Math.ceil((own?.range?.category ?? []).length / 2) || SERIES;
  return [...theme.series.slice(0, half), ...theme.tints.slice(0, half)];
}

// The theme of a specification: its own, with the values that hold where the element stands.
function chartConfig(own, theme, width, format) {
  const locale = format.isEnglish ? own.locale : { ...format.forVega(), ...own.locale };
  return { ...own, ...(locale ? { locale } : {}),
    background: null, font: theme.font, padding: { left: 0, top: 6, right: 10, bottom: 0 },
    autosize: { type: 'fit', contains: 'padding' }, aria: true,
    view: { ...own.view, stroke: null },
    axis: { ...own.axis, labelColor: theme.muted, titleColor: theme.muted, gridColor: theme.grid,
      domainColor: theme.axis, tickColor: theme.axis, labelFontSize: 11 },
    axisX: { ...own.axisX, labelOverlap: true, labelSeparation: 8, labelFlush: width < 240 },
    range: { ...own.range, category: seriesColors(own, theme),
      ramp: theme.ramp, heatmap: theme.ramp },
    style: { ...own.style,
      'prismiq-mark': { ...own.style?.['prismiq-mark'], color: theme.muted },
      'prismiq-halo': { ...own.style?.['prismiq-halo'], stroke: theme.card, color: theme.card },
      'prismiq-hover': { ...own.style?.['prismiq-hover'], stroke: theme.axis,
        color: theme.axis },
      'prismiq-graticule': { ...own.style?.['prismiq-graticule'], color: theme.grid },
      'prismiq-gap': { ...own.style?.['prismiq-gap'], stroke: theme.card } } };
}

// A specification in these colours: where it has one of its theme's by itself, this theme's stands.
function themed(spec, theme, width, format) {
  const own = spec.config ?? {};
  const palette = new Map([[own.axis?.gridColor, theme.grid], [own.axis?.domainColor, theme.axis],
    [own.axis?.labelColor, theme.muted], [own.style?.['prismiq-rest']?.color, theme.control]]);
  const colors = seriesColors(own, theme);
  (own.range?.category ?? []).forEach((color, index) => palette.set(color, colors[index]));
  const replaced = (node, key) => {
    if (typeof node === 'string') {
      return /^(range|color|stroke|fill|value)$/.test(key) ? palette.get(node) ?? node : node;
    }
    if (Array.isArray(node)) return node.map((item) => replaced(item, key));
    if (!node || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([name, value]) => (
      [name, name === 'values' || name === 'config' ? value : replaced(value, name)])));
  };
  const { title, autosize, padding, background, ...rest } = replaced(spec);
  return { ...rest, config: chartConfig(own, theme, width, format) };
}

// A value of this name would not be found again by what Vega keeps values in.
function named(spec) {
  const text = JSON.stringify(spec);
  return text.includes('"__proto__"')
    ? JSON.parse(text.replaceAll('"__proto__"', '"\u200b__proto__"')) : spec;
}

// What the fields of a chart are, as its specification tells it.
const chartFields = (answer) => answer.spec?.usermeta?.prismiq?.fields ?? {};

const isPie = (answer) => !chartFields(answer).x;

// What a legend has: [{label, color, dash, block}], of two and more.
function legendItems(answer, theme) {
  const all = chartFields(answer).series?.values ?? [];
  const { config } = answer.spec ?? {};
  const colors = seriesColors(config, theme);
  if (all.length < 2 && !isPie(answer)) return [];
  return all.map(({ key, label, color, dash }, index) => {
    const place_ = config?.range?.category?.indexOf(color) ?? -1;
    return { key, label, color: color === config?.style?.['prismiq-rest']?.color ? theme.control
      : !isColor(color ?? '') || place_ >= 0
        ? colors[(place_ >= 0 ? place_ : index) % colors.length] : color,
    dash: dash?.[1] ? dash.join(' ') : '', block: isPie(answer) || /bar/.test(answer.type) };
  });
}

// The legend; a series that is pressed is left out, or shown again. Arrows go through it.
function legend(card, items) {
  if (items.length === 0) return null;
  const buttons = items.map((item, index) => element('button', { type: 'button',
    'aria-pressed': String(!card.hidden.has(item.label)), tabindex: index === 0 ? '0' : '-1',
    title: item.label, onclick: () => toggleSeries(card, items, item) },
  vector('svg', { viewBox: '0 0 16 8', 'aria-hidden': 'true' }, vector('path', {
    d: 'M1 4h14', stroke: item.color, 'stroke-width': item.block ? 8 : 3,
    'stroke-dasharray': item.block ? '' : item.dash })),
  element('span', { dir: 'auto' }, item.label)));
  return element('ul', { class: 'legend', 'aria-label': t('Legend'),
    onkeydown: (event) => arrows(event, buttons, ['ArrowLeft', 'ArrowRight']) },
  ...buttons.map((one) => element('li', {}, one)));
}

// Leave a series out, or show it again; where none would be left, all are shown.
function toggleSeries(card, items, item) {
  if (!card.hidden.delete(item.label)) card.hidden.add(item.label);
  if (items.every(({ label }) => card.hidden.has(label))) card.hidden.clear();
  drawChartNow(card);
  [...card.body.querySelectorAll('.legend button')][items.indexOf(item)]?.focus();
}

// A specification without the series that are left out.
function without(spec, items, hidden) {
  const keys = new Set(items.filter(({ label }) => hidden.has(label)).map(({ key }) => key));
  if (keys.size === 0 || !spec.data?.values) return spec;
  return { ...spec, data: { ...spec.data,
    values: spec.data.values.filter((row) => !keys.has(row.series)) } };
}

// What the colours of a heat map stand for.
function scale(answer, theme) {
  const { least, greatest } = chartFields(answer).color;
  return element('div', { class: 'scale' }, least, vector('svg', { viewBox: '0 0 5 1',
    preserveAspectRatio: 'none', role: 'img', 'aria-label': t('from light to dark') },
  ...theme.ramp.map((fill, index) => vector('rect', { x: index, width: 1.02, height: 1, fill }))),
  greatest);
}

// A number of a chart, and the time of a place, in the page's language; "text" is the database's.
function numberText(answer, format, number, label, text) {
  if (format.isEnglish || typeof number !== 'number' || text === null) return text;
  const measures = answer.columns.filter(isMeasure);
  return format.value(number, measures.find((one) => one.label === label) ?? measures[0]);
}

function placeText(answer, format, { x, label }) {
  if (format.isEnglish || chartFields(answer).x?.kind !== 'time' || x === undefined) return label;
  const column = answer.columns[alongColumn(answer, {})] ?? {};
  const day = format.value(new Date(x).toISOString(), { type: 'timestamp', role: 'time',
    format: column.format }, answer.bucket);
  return /week/.test(answer.bucket ?? '') ? t('Week of {day}', { day }) : day;
}

// What is said of a mark, or of a place: {label, pairs}, its values by their labels.
function tipTexts(answer, value, format) {
  const fields = chartFields(answer);
  const all = fields.series?.values ?? [];
  const measure = fields.color?.label ?? fields.y?.label ?? '';
  const text = (number, own, label = measure) => numberText(answer, format, number, label, own);
  let label = placeText(answer, format, value);
  let pairs;
  if (isPie(answer)) {
    label = all.find((one) => one.key === value.series)?.label;
    pairs = [[measure, text(value.y, value.text)], [t('Share'), value.percent]];
  } else if (fields.color) {
    label = `${label}, ${value.name}`;
    pairs = [[measure, text(value.color, value.text)]];
  } else if (value.place !== undefined) {
    pairs = [[fields.x?.label, text(value.x, value.place, fields.x?.label)],
      [fields.y?.label, text(value.y, value.text)],
      [fields.size?.label, text(value.size, value.amount, fields.size?.label)]];
  } else if (value.text !== undefined) {
    pairs = [[all.length > 1 ? value.name : measure, text(value.y, value.text, value.name)]];
  } else {
    const here = answer.spec.data.values.filter((one) => one.label === value.label);
    pairs = all.map((one) => [one.label, text(here.find(({ series }) => series === one.key)?.y,
      value[one.key], one.label)]);
  }
  return { label: String(label ?? ''), pairs: pairs
    .filter(([, own]) => own !== null && own !== undefined)
    .map(([key, own]) => [String(key ?? ''), String(own)]) };
}

function tipNodes(answer, value, format) {
  const { label, pairs } = tipTexts(answer, value, format);
  return [label && element('p', {}, element('b', { dir: 'auto' }, label)), element('dl', {},
    ...pairs.flatMap(([key, text]) => [element('dt', { dir: 'auto' }, key),
      element('dd', { dir: 'auto' }, text)]))];
}

// What was drawn of an item. What is next to the pointer is found by cells, each of which has a
// mark's values within it.
const drawnOf = (item) => item?.datum?.datum ?? item?.datum;

// A mark, or the place next to the pointer, leads on from its point.
async function chartClicked(card, event, item) {
  const drawn = drawnOf(item);
  const { answer } = card;
  if (!drawn || !card.canAct) return;
  const known = await card.whole();
  if (!known?.rows) return;
  // Of what was asked for anew the rows may be others.
  const datum = known === answer ? drawn : drawnAs(known, drawn);
  const point = datum && markPoint(known, card.config, { ...datum, series: drawn.series });
  if (!point) return;
  const { label, pairs } = tipTexts(known, drawn, card.host.format);
  const name = pairs.length === 1 && chartFields(known).series?.values?.length > 1
    && !isPie(known) ? drawn.name : null;
  card.host.tip(event, null);
  card.act(point, [label, name].filter(Boolean).join(', ')
    || pointLabel(card.host, known, point), { getBoundingClientRect: () => (
    new DOMRect(event.clientX, event.clientY, 0, 0)) });
}

// Vega, once it is there.
let drawer = null;

// Draw a chart in its card, at once.
function drawChartNow(card) {
  const { View, parse, Warn, compile, expressionInterpreter } = drawer;
  const { answer } = card;
  const theme = themeValues(card.host);
  const items = legendItems(answer, theme);
  const box = element('div');
  const plot = element('div', { class: 'chart', role: 'application', tabindex: '0', 'aria-label':
    t('{title}, chart: arrow keys go along its points, Enter opens one', { title: card.title }) },
  box);
  const focused = card.body.querySelector('.chart:focus');
  card.finalize();
  card.body.replaceChildren(...[chartFields(answer).color ? scale(answer, theme)
    : legend(card, items), plot].filter(Boolean));
  const width = Math.max(40, box.clientWidth);
  const height = Math.max(40, box.clientHeight);
  const { spec } = compile({
    ...themed(named(without(answer.spec, items, card.hidden)), theme, width,
      card.host.format), width, height });
  const view = new View(parse(spec, null, { ast: true }), { expr: expressionInterpreter,
    renderer: 'svg', container: box, hover: true, loader: NO_LOADER, logLevel: Warn });
  view.tooltip((handler, event, item, value) => card.host.tip(event,
    value && typeof value === 'object' ? tipNodes(answer, value, card.host.format) : null));
  view.addEventListener('click', (event, item) => chartClicked(card, event, item));
  view.run();
  chartKeys(card, view, plot);
  card.keepView(view, box);
  if (focused) plot.focus();
}

// Charts are drawn one after the other, and the page goes on between them.
let turn = Promise.resolve();
const ourTurn = () => { turn = turn.then(() => new Promise((done) => { setTimeout(done, 0); })); };

// Draw a chart once what draws it is there; what is drawn before stays until then.
async function drawChart(card, answer) {
  drawer ??= await library(card.host, 'vega');
  ourTurn();
  await turn;
  if (card.answer === answer && card.section.isConnected) drawChartNow(card);
}
