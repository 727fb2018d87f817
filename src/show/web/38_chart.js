// Charts: the database says what to draw (a specification of Vega-Lite with its data), the theme
// how it looks, and title, unit and legend are the card's.

// Nothing of a specification is run as a script, and nothing that it names is loaded.
const NO_LOADER = {
  load: () => Promise.reject(new Error('nothing is loaded')),
  sanitize: () => Promise.reject(new Error('nothing is linked')),
};

// The theme of a specification: its own, with the values that hold where the element stands.
function chartConfig(own, theme, width) {
  return { ...own,
    background: null, font: theme.font, padding: { left: 0, top: 6, right: 10, bottom: 0 },
    autosize: { type: 'fit', contains: 'padding' }, aria: true,
    view: { ...own.view, stroke: null },
    axis: { ...own.axis, labelColor: theme.muted, titleColor: theme.muted, gridColor: theme.grid,
      domainColor: theme.axis, tickColor: theme.axis, labelFontSize: 11 },
    axisX: { ...own.axisX, labelOverlap: true, labelSeparation: 8, labelFlush: width < 240 },
    range: { ...own.range, category: theme.series, ramp: theme.ramp, heatmap: theme.ramp },
    style: { ...own.style,
      'prismiq-mark': { ...own.style?.['prismiq-mark'], fill: theme.muted },
      'prismiq-hover': { ...own.style?.['prismiq-hover'], stroke: theme.axis,
        color: theme.axis },
      'prismiq-gap': { ...own.style?.['prismiq-gap'], stroke: theme.card } } };
}

// A specification in these colours: where it lists the palette's by themselves, these stand there.
function themed(spec, theme, width) {
  const palette = new Map();
  const own = spec.config ?? {};
  (own.range?.category ?? []).forEach((color, index) => {
    palette.set(color, theme.series[index % SERIES]);
  });
  const replaced = (node, key) => {
    if (Array.isArray(node)) {
      return key === 'range' ? node.map((item) => palette.get(item) ?? item)
        : node.map((item) => replaced(item));
    }
    if (!node || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([name, value]) => (
      [name, name === 'values' || name === 'config' ? value : replaced(value, name)])));
  };
  const { title, autosize, padding, background, ...rest } = replaced(spec);
  return { ...rest, config: chartConfig(own, theme, width) };
}

// A value of this name would not be found again by what Vega keeps values in.
function named(spec) {
  const text = JSON.stringify(spec);
  return text.includes('"__proto__"')
    ? JSON.parse(text.replaceAll('"__proto__"', '"\u200b__proto__"')) : spec;
}

// What a legend has: [{label, color, dash}], of two and more.
function legendItems(answer, theme) {
  const { series } = answer;
  const all = series.slices ?? series.series ?? [];
  if (all.length < 2 && !series.slices) return [];
  const fields = answer.spec?.usermeta?.prismiq?.fields;
  const told = (fields?.series ?? fields?.slices ?? fields?.color)?.values;
  const palette = answer.spec?.config?.range?.category ?? [];
  return all.map((one, index) => {
    const color = told?.[index]?.color ?? one.color;
    const place = palette.indexOf(color);
    return { label: one.label ?? one.name, value: series.slices ? one : null,
      color: !color || place >= 0 ? theme.series[(place >= 0 ? place : index) % SERIES] : color,
      dash: series.slices || /bar/.test(answer.type) ? 0 : Math.floor(index / 4) % 4 };
  });
}

const DASHES = ['', '5 3', '2 2', '6 2 2 2'];

function legend(items) {
  if (items.length === 0) return null;
  return element('ul', { class: 'legend', 'aria-label': 'Legend', tabindex: '0' },
    ...items.map((item) => element('li', {},
      vector('svg', { viewBox: '0 0 16 8', 'aria-hidden': 'true' }, vector('path', {
        d: 'M1 4h14', stroke: item.color, 'stroke-width': item.value ? 8 : 3,
        'stroke-dasharray': DASHES[item.dash] })),
      element('span', { title: item.label, dir: 'auto' }, item.label))));
}

// What the colours of a heat map stand for.
function scale(card, answer, theme) {
  const values = answer.spec.data.values.map((cell) => Number(cell.color))
    .filter(Number.isFinite);
  if (values.length === 0) return null;
  const column = answer.columns.findLast((one) => one.role === 'measure') ?? {};
  const say = (value) => card.host.format.value(value, column);
  return element('div', { class: 'scale' }, say(Math.min(...values)),
    vector('svg', { viewBox: '0 0 5 1', preserveAspectRatio: 'none', role: 'img',
      'aria-label': 'from light to dark' }, ...theme.ramp.map((fill, index) => vector('rect',
      { x: index, width: 1.02, height: 1, fill }))), say(Math.max(...values)));
}

// What a tooltip says: the values of a mark by their labels.
function tipNodes(value, labels) {
  const entries = value && typeof value === 'object' ? Object.entries(value) : [];
  const head = value?.label;
  const pairs = entries.filter(([key]) => labels.has(key)).sort(([a], [b]) => (
    [...labels.keys()].indexOf(a) - [...labels.keys()].indexOf(b)))
    .map(([key, text]) => [labels.get(key), text]);
  const own = pairs.length > 0 ? pairs : value?.text !== undefined
    ? [[value.name ?? value.series ?? '', value.text]]
    : entries.filter(([key]) => !/^(x|y|row|size|color|series|key)$/.test(key));
  return [head ? element('p', {}, element('b', {}, String(head))) : null,
    element('dl', {}, ...own.filter(([, text]) => text !== null && text !== undefined)
      .flatMap(([key, text]) => [element('dt', {}, String(key)), element('dd', {},
        String(text))]))];
}

// The labels of the keys under which a tooltip has the values of series.
function tipLabels(answer) {
  const labels = new Map();
  if (answer.series.series && answer.series.series.length > 0) {
    answer.series.series.forEach((one, index) => labels.set(`s${index}`, one.label ?? one.name));
  }
  return labels;
}

// Draw a chart in its card; what is drawn before stays until then.
async function drawChart(card, answer) {
  const { View, parse, Warn, compile, expressionInterpreter } = await library(card.host, 'vega');
  if (card.answer !== answer) return;
  const theme = themeValues(card.host);
  const box = element('div');
  const chart = element('div', { class: 'chart' }, box);
  card.finalize();
  card.body.replaceChildren(...[answer.type === 'heatmap' ? scale(card, answer, theme)
    : legend(legendItems(answer, theme)), chart].filter(Boolean));
  const width = Math.max(40, box.clientWidth);
  const height = Math.max(40, box.clientHeight);
  const { spec } = compile({ ...themed(named(answer.spec), theme, width),
    width, height });
  const view = new View(parse(spec, null, { ast: true }), { expr: expressionInterpreter,
    renderer: 'svg', container: box, hover: true, loader: NO_LOADER, logLevel: Warn });
  const labels = tipLabels(answer);
  view.tooltip((handler, event, item, value) => card.host.tip(event, value === null
    || value === undefined || value === '' ? null : tipNodes(value, labels)));
  view.addEventListener('click', async (event, item) => {
    // What is next to the pointer is found by cells, each of which has a mark's values within it.
    const datum = item?.datum?.datum ?? item?.datum;
    const known = datum && card.canAct && await card.whole();
    const point = known && markPoint(known, card.config, datum);
    if (!point) return;
    card.host.tip(event, null);
    card.act(point, pointLabel(card.host, known, point), { getBoundingClientRect: () => (
      new DOMRect(event.clientX, event.clientY, 0, 0)) });
  });
  await view.runAsync();
  if (!box.isConnected || card.answer !== answer) return void view.finalize();
  card.keepView(view, box);
}

// A chart as an image, with its title: what it is drawn by draws it again.
async function chartImage(card) {
  const ratio = 2;
  const drawn = await card.view.toCanvas(ratio);
  const theme = themeValues(card.host);
  const items = legendItems(card.answer, theme);
  const head = 44 + (items.length > 0 ? 22 : 0);
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width + 32 * ratio;
  canvas.height = drawn.height + (head + 16) * ratio;
  const context = canvas.getContext('2d');
  context.fillStyle = theme.card;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  context.fillStyle = theme.text;
  context.font = `600 16px ${theme.font}`;
  context.fillText(card.title, 16, 28, canvas.width / ratio - 32);
  context.font = `12px ${theme.font}`;
  let x = 16;
  for (const item of items) {
    context.fillStyle = item.color;
    context.fillRect(x, 46, 12, 4);
    context.fillStyle = theme.text;
    context.fillText(item.label, x + 18, 52);
    x += 34 + context.measureText(item.label).width;
  }
  context.drawImage(drawn, 16, head, drawn.width / ratio, drawn.height / ratio);
  return new Promise((done) => { canvas.toBlob(done, 'image/png'); });
}
