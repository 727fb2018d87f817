// One number: with what it was before, what it is held against, and its course.

const PERIODS = {
  previous_period: 'previous period', previous_week: 'previous week',
  previous_month: 'previous month', previous_year: 'previous year',
};

// The path of a line through values, on a box; nulls are gaps.
function sparkline(values) {
  const numbers = values.map(([, value]) => (value === null ? NaN : Number(value)));
  const known = numbers.filter(Number.isFinite);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index) => index / (numbers.length - 1) * 96;
  const y = (value) => 33 - (value - low) / (high - low || 1) * 30;
  let line = '';
  let last = null;
  numbers.forEach((value, index) => {
    if (!Number.isFinite(value)) return;
    const at = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    line += (Number.isFinite(numbers[index - 1]) ? 'L' : 'M') + at;
    last = at;
  });
  const drawn = [vector('path', { d: line }), vector('path', { class: 'end', d: `M${last}h.01` })];
  if (known.length === numbers.length) {
    drawn.unshift(vector('path', { class: 'under', d: `${line}L96 36L0 36Z` }));
  }
  return vector('svg', { class: 'spark', viewBox: '0 0 96 36', preserveAspectRatio: 'none',
    'aria-hidden': 'true' }, ...drawn);
}

// Half a circle from the least to the greatest, as full as the value says.
function gauge({ value, min, max, target, status }) {
  const [low, high] = [min ?? 0, max ?? 100];
  if (!(high > low) || !Number.isFinite(Number(value))) return null;
  const share = (number) => Math.min(1, Math.max(0, (Number(number) - low) / (high - low)));
  const at = (part, radius) => [48 - Math.cos(part * Math.PI) * radius,
    48 - Math.sin(part * Math.PI) * radius].map((number) => number.toFixed(2)).join(' ');
  const arc = (part) => `M${at(0, 42)}A42 42 0 0 1 ${at(part, 42)}`;
  const full = vector('path', { class: 'full', d: arc(share(value)) });
  if (isColor(status?.color ?? '')) full.style.stroke = status.color;
  const drawn = [vector('path', { d: arc(1) }), full];
  if (target !== null && target !== undefined) {
    const part = share(target);
    drawn.push(vector('path', { class: 'target', d: `M${at(part, 35)}L${at(part, 48)}` }));
  }
  return vector('svg', { class: 'arc', viewBox: '0 0 96 52', 'aria-hidden': 'true' }, ...drawn);
}

// What the number is compared with, in words.
function trendLine(card, { trend }, column) {
  const { format } = card.host;
  const asked = card.config.trend?.period ?? card.widget.query?.compare?.period;
  const before = PERIODS[asked] ? t(PERIODS[asked])
    : asked?.offset ? t('{interval} before', { interval: asked.offset }) : t('the period before');
  if (trend.previous === null) {
    return element('p', { class: 'trend' }, t('nothing to compare with: {period}',
      { period: before }));
  }
  const arrow = { up: '\u25b2', down: '\u25bc', flat: '' }[trend.direction] ?? '';
  const amount = trend.direction === 'flat' ? t('unchanged')
    : trend.change_percent === null ? format.value(Math.abs(trend.change), column)
      : `${format.number(Math.abs(trend.change_percent), NUMBER_STYLES.percent)}%`;
  const side = trend.good === true ? ' good' : trend.good === false ? ' bad' : '';
  const words = { up: t('up'), down: t('down') }[trend.direction] ?? '';
  return element('p', { class: `trend${side}`,
    title: `${before}: ${format.value(trend.previous, column)}` },
  element('b', {}, element('span', { 'aria-hidden': 'true' }, arrow ? `${arrow} ` : ''),
    element('span', { class: 'hidden' }, `${words} `), amount),
  ` ${t('vs. {period}', { period: before })}`);
}

// A point of a colour, which stands before a word and says no more than it does.
function colorMark(color) {
  const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
  if (isColor(color ?? '')) mark.style.backgroundColor = color;
  return mark;
}

function drawMetric(card, answer) {
  const { metric } = answer;
  const column = answer.columns.find((one) => one.role === 'measure') ?? {};
  const known = metric.value !== null;
  const text = known ? card.host.format.value(metric.value, column) : metric.formatted;
  const value = known && card.canAct
    ? button({ class: 'value', title: t('What is behind it'),
      onclick: (event) => card.act({}, text, event.currentTarget) }, null, text)
    : element('p', { class: known ? 'value' : 'value none' }, text);
  // As large as the card has room for.
  value.style.setProperty('--n', text.length);
  value.dir = 'auto';
  card.section.classList.toggle('tall', card.section.clientHeight >= 200);
  const picture = !known ? null : card.widget.type === 'gauge' ? gauge(metric)
    : metric.sparkline && sparkline(metric.sparkline);
  const below = element('div', { class: 'below' });
  if (known && metric.trend) below.append(trendLine(card, metric, column));
  if (known && metric.status?.label) {
    below.append(element('p', {}, colorMark(metric.status.color), metric.status.label));
  }
  if (known && metric.target !== null) {
    below.append(element('p', {}, t('Target {value}', {
      value: card.host.format.value(metric.target, column) })));
  }
  card.body.replaceChildren(element('div', { class: 'figures' }, value, picture), below);
}
