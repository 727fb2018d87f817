// Status lists, texts, templates and pictures.

// How many there are of each status, best first.
function statusCounts(status) {
  const services = [...status?.services ?? []].sort((a, b) => a.level - b.level);
  const counts = new Map();
  for (const { label } of services) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => `${count} ${label}`).join(', ');
}

function drawStatus(card, answer) {
  const { services } = answer.status;
  const nameColumn = card.config.name
    ?? answer.columns.find((column) => column.role === 'dimension')?.name;
  const list = element('ul', { class: 'statuses', tabindex: '0',
    'aria-label': t('{title}, list', { title: card.title }) });
  for (const service of services) {
    // Of the first answers of a page there are no rows, and each service is one.
    const row = !answer.rows || answer.rows.find((one) => one[answer.columns.findIndex(
      (column) => column.name === nameColumn)] === service.name);
    const name = String(service.name ?? t('(none)'));
    const act = card.canAct && row && isGrouped(answer);
    const since = service.since === null ? null : card.host.format.value(service.since,
      { type: 'timestamp' });
    const message = [service.message, since && t('since {time}', { time: since })]
      .filter(Boolean).join(' \u00b7 ');
    list.append(element('li', {}, colorMark(service.color),
      element('span', { class: 'name', dir: 'auto' }, act ? button({ class: 'link',
        onclick: (event) => card.act({ [nameColumn]: service.name }, name, event.currentTarget) },
      null, name) : name),
      element('span', { class: 'what' }, service.label ?? t('unknown')),
      message ? element('span', { class: 'message', dir: 'auto' }, message) : null));
  }
  card.body.replaceChildren(list);
}

// What markup may be made of: nothing that runs, loads, is filled in, or reaches out of its card.
const ALLOWED_TAGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'a', 'ul', 'ol', 'li', 'strong', 'b',
  'em', 'i', 'del', 's', 'u', 'sub', 'sup', 'small', 'mark', 'code', 'pre', 'kbd', 'blockquote',
  'br', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'dl', 'dt', 'dd', 'span', 'div'];

async function sanitized(card, markup) {
  const { default: purify } = await library(card.host, 'purify');
  const fragment = purify.sanitize(markup, {
    ALLOWED_TAGS, ALLOWED_ATTR: ['href', 'title', 'align', 'start'],
    ADD_URI_SAFE_ATTR: ['align', 'start'], ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
    ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false, RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll('a')) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  // Headings stand below that of their card.
  for (const heading of fragment.querySelectorAll('h1, h2, h3')) {
    const lower = element('h4');
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  }
  return element('div', { class: 'prose', dir: 'auto' }, fragment);
}

const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// Markdown as nodes; HTML in it is shown as it is written.
async function markdown(card, text) {
  const { Marked } = await library(card.host, 'marked');
  const marked = new Marked({ gfm: true, async: false,
    renderer: { html: ({ text: html }) => escaped(html) } });
  return sanitized(card, marked.parse(text));
}

async function drawText(card, answer) {
  const prose = await markdown(card, answer.text.content ?? '');
  prose.tabIndex = 0;
  prose.setAttribute('role', 'group');
  prose.setAttribute('aria-label', t('{title}, text', { title: card.title }));
  card.body.replaceChildren(prose);
}

// A picture is drawn and not loaded: no policy has to let images of data through.
async function drawPicture(card, { media_type: type, base64 }) {
  if (!/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type ?? '')) {
    throw new Refusal(200, { message: t('This picture cannot be shown'),
      hint: t('It is to be a PNG, JPEG, GIF, WebP or AVIF.') });
  }
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type }));
  const canvas = element('canvas', { class: 'picture', role: 'img',
    'aria-label': card.config.description || card.title || t('Picture') });
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  card.body.replaceChildren(canvas);
}

async function drawCustom(card, answer) {
  const { image, template, data, endpoint } = answer.custom ?? {};
  if (image) return drawPicture(card, image);
  if (template) {
    const { default: mustache } = await library(card.host, 'mustache');
    const rendered = mustache.render(template, data && typeof data === 'object' ? data
      : { value: data, endpoint });
    return card.body.replaceChildren(await sanitized(card, rendered));
  }
  if (typeof data === 'string') return card.body.replaceChildren(await markdown(card, data));
  if (data === null || data === undefined) return card.empty();
  return card.body.replaceChildren(element('div', { class: 'prose' },
    element('pre', { tabindex: '0' }, JSON.stringify(data, null, 2))));
}
