// Elements of a page, made without markup: what comes from a database is only ever text.

// The words of the elements are English; a page may put its own in their place, by these.
const WORDS = new Map();

function t(text, values = {}) {
  return (WORDS.get(text) ?? text).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

function translate(words) {
  for (const [english, own] of Object.entries(words)) WORDS.set(english, String(own));
}

// element('p', {class: 'unit', onclick: f, hidden: true}, 'text', other): what is null is left out.
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function vector(name, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Drawn on 16 by 16, with lines as wide as the text's.
const ICONS = {
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  down: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  check: 'M3 8.5l3.2 3L13 4.5',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4-4 4',
  warning: 'M8 5v3.6M8 11h.01M8 1.8L14.6 13.6H1.4z',
  table: 'M2 3h12v10H2zM2 6.5h12M6.5 6.5V13',
  download: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  image: 'M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 12M10.5 6h.01',
  expand: 'M9.5 2H14v4.5M6.5 14H2V9.5M14 2L9 7M2 14l5-5',
  points: 'M3 11h.01M6 6h.01M9 9h.01M12.5 4h.01M13 12h.01',
  rows: 'M2 4h12M2 8h12M2 12h8',
  filter: 'M2 3h12L9.5 8.5V13L6.5 11.5v-3z',
};

function icon(name) {
  return vector('svg', { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    vector('path', { d: ICONS[name] }));
}

// A button with an icon, a text, or both; its name is said where it has no text.
function button(properties, name, text) {
  return element('button', { type: 'button', ...properties }, name ? icon(name) : null,
    text === undefined ? null : element('span', {}, text));
}

// The number of something that no other element of the page has.
let lastId = 0;
const newId = (prefix) => `${prefix}-${++lastId}`;

// Text in a field that a person types in is looked at when they pause.
function debounced(wait, action) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait, ...given);
  };
}

// Give a person a file.
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// A title as the name of a file.
const fileName = (title, ending) => `${String(title || 'prismiq')
  .replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ').trim().slice(0, 100) || 'prismiq'}.${ending}`;

// Show what floats next to what it belongs to, within the window.
function place(floating, anchor) {
  const at = anchor.getBoundingClientRect();
  const box = floating.getBoundingClientRect();
  const below = at.bottom + 4;
  const top = below + box.height > innerHeight - 8 && at.top > box.height + 8
    ? at.top - box.height - 4 : below;
  const left = Math.min(Math.max(8, at.left), innerWidth - box.width - 8);
  floating.style.left = `${Math.max(8, left)}px`;
  floating.style.top = `${Math.max(8, Math.min(top, innerHeight - box.height - 8))}px`;
}

// Arrow keys, Home and End go through a list of elements that take the focus.
function arrows(event, all, [back, forth]) {
  const index = all.indexOf(event.target.getRootNode().activeElement);
  const to = { [back]: index < 1 ? all.length - 1 : index - 1, [forth]: (index + 1) % all.length,
    Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || all.length === 0) return;
  event.preventDefault();
  all[to].focus();
}

// A button with a menu: items are {text, icon, checked?, action}, or null.
function menuButton(opener, list) {
  const menu = element('div', { class: 'float menu', role: 'menu', popover: 'auto' });
  opener.setAttribute('aria-haspopup', 'menu');
  opener.setAttribute('aria-expanded', 'false');
  const items = () => [...menu.querySelectorAll('button')];
  const open = () => {
    menu.replaceChildren(...list().filter(Boolean).map((item) => button({
      role: item.checked === undefined ? 'menuitem' : 'menuitemcheckbox', tabindex: '-1',
      'aria-checked': item.checked === undefined ? null : String(item.checked),
      onclick: () => {
        menu.hidePopover();
        opener.focus();
        item.action();
      },
    }, item.checked ? 'check' : item.icon, item.text)));
    menu.showPopover();
    place(menu, opener);
    items()[0]?.focus();
  };
  menu.addEventListener('toggle', (event) => {
    opener.setAttribute('aria-expanded', String(event.newState === 'open'));
  });
  menu.addEventListener('keydown', (event) => {
    arrows(event, items(), ['ArrowUp', 'ArrowDown']);
    if (event.key === 'Tab') menu.hidePopover();
    if (event.key === 'Escape') opener.focus();
  });
  opener.addEventListener('click', () => (menu.matches(':popover-open') ? menu.hidePopover()
    : open()));
  opener.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    open();
  });
  return menu;
}
