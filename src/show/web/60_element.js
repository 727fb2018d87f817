// What the elements share: a shadow root with the style, the theme, a client, formats, a tooltip, a
// dialog, and the events by which an application hears of what happens.

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const forcedColors = matchMedia('(forced-colors: active)');

class PrismiqElement extends HTMLElement {
  static observedAttributes = ['endpoint', 'theme', 'locale', 'filters', 'options',
    'assets-url', 'dashboard-id', 'widget-id', 'heading-level', 'for'];

  root = this.attachShadow({ mode: 'open' });

  client = new Client(this);

  format = new Formatter(undefined);

  // What may be set before the module is there.
  static ownProperties = ['token', 'filters'];

  #token = null;

  #values = {};

  #ready = false;

  #timer = null;

  #settings = null;

  #themeSheet = new CSSStyleSheet();

  #tip = element('div', { class: 'tip', popover: 'manual', role: 'presentation' });

  #menu = null;

  #status = element('div', { class: 'hidden', role: 'status' });

  #views = new Map();

  #sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) this.#fit(target);
  });

  #inView = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.cardOf(target)?.enter();
    }
  }, { rootMargin: '200px' });

  constructor() {
    super();
    this.root.adoptedStyleSheets = [sheet, this.#themeSheet];
    this.content = element('div', { class: 'content', part: 'content' });
    this.root.append(this.content, this.#tip, this.#status);
  }

  // ---- properties ---------------------------------------------------------------

  get token() { return this.#token; }

  set token(token) {
    if (token === this.#token) return;
    this.#token = token;
    this.soon();
  }

  keepToken(token) { this.#token = token; }

  get filters() { return this.#values; }

  set filters(values) {
    this.#values = { ...values };
    this.filtersChanged();
  }

  get values() { return this.#values; }

  set values(values) { this.#values = values; }

  get headingLevel() {
    return Math.min(5, Math.max(1, Number(this.getAttribute('heading-level')) || 2));
  }

  get dashboardId() { return this.getAttribute('dashboard-id'); }

  get mode() { return this.dataset.mode; }

  // ---- life ---------------------------------------------------------------------

  connectedCallback() {
    for (const name of this.constructor.ownProperties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#ready = true;
    darkScheme.addEventListener('change', this.#retheme);
    forcedColors.addEventListener('change', this.#retheme);
    document.addEventListener('visibilitychange', this.#visible);
    addEventListener('beforeprint', this.#print);
    addEventListener('afterprint', this.#print);
    this.#takeFilters();
    this.#setMode();
    this.#setLocale();
    this.soon();
  }

  disconnectedCallback() {
    this.#ready = false;
    clearTimeout(this.#timer);
    darkScheme.removeEventListener('change', this.#retheme);
    forcedColors.removeEventListener('change', this.#retheme);
    document.removeEventListener('visibilitychange', this.#visible);
    removeEventListener('beforeprint', this.#print);
    removeEventListener('afterprint', this.#print);
    this.stop();
    this.#sizes.disconnect();
    this.#inView.disconnect();
  }

  attributeChangedCallback(name, before, after) {
    // An upgrade sets attributes before the element is connected.
    if (!this.#ready || before === after) return;
    if (name === 'theme') this.#retheme();
    else if (name === 'filters') {
      this.#values = {};
      this.#takeFilters();
      this.filtersChanged();
    } else {
      if (name === 'locale') this.#setLocale();
      this.forget();
      this.soon();
    }
  }

  // Load once all that is set together has been set.
  soon() {
    if (!this.#ready) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), 0);
  }

  // For the elements to say: to load, to forget what was loaded, to end what goes on.
  load() {}

  forget() {}

  stop() {}

  filtersChanged() {}

  cards() { return []; }

  cardOf(section) { return this.cards().find((card) => card.section === section); }

  // An attribute that is an object as JSON.
  parsed(name) {
    try {
      return { ...JSON.parse(this.getAttribute(name) || '{}') };
    } catch {
      console.warn(`prismiq: the attribute "${name}" is no JSON`);
      return {};
    }
  }

  #takeFilters() { this.#values = { ...this.parsed('filters'), ...this.#values }; }

  // Tell the application; false if it has forbidden what would follow.
  emit(type, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`prismiq-${type}`, { detail, cancelable,
      bubbles: true, composed: true }));
  }

  // Say to those who do not see: of what is outside of an open dialog nothing is said.
  say(text) {
    const owner = this.#floor();
    if (this.#status.parentNode !== owner) owner.append(this.#status);
    this.#status.textContent = text;
  }

  // Where that stands which is above all else.
  #floor() { return this.root.querySelector('dialog[open]') ?? this.root; }

  // ---- the theme and the tenant's configuration ---------------------------------

  // Colours that a machine forces on all pages are light or dark as it says.
  #setMode() {
    const asked = forcedColors.matches ? null : this.getAttribute('theme');
    this.dataset.mode = asked === 'dark' || asked === 'light' ? asked
      : darkScheme.matches ? 'dark' : 'light';
  }

  #setLocale() {
    const asked = this.getAttribute('locale') || document.documentElement.lang
      || navigator.language;
    let locale;
    try {
      [locale] = Intl.getCanonicalLocales(asked);
    } catch {
      locale = undefined;
    }
    this.format = new Formatter(locale, this.#settings ?? {});
  }

  // What the tenant has set: colours, separators, currency. Without it there are defaults.
  async settle(signal, known = null) {
    if (this.#settings) return;
    try {
      this.#settings = known
        ?? await this.client.call('prismiq_schema_config', {}, { signal }) ?? {};
    } catch (error) {
      if (error.name === 'AbortError' || error.status === 401) throw error;
      this.#settings = {};
    }
    this.#setLocale();
    this.#themeSheet = themeSheet(this.#settings.theme);
    this.root.adoptedStyleSheets = [sheet, this.#themeSheet];
  }

  #retheme = () => {
    this.#setMode();
    this.redraw();
  };

  redraw() {
    for (const card of this.cards()) card.draw();
  }

  #visible = () => this.visibilityChanged?.(document.visibilityState === 'visible');

  // ---- charts -------------------------------------------------------------------

  watch(box, view) {
    this.#views.set(box, view);
    this.#sizes.observe(box);
    for (const known of this.#views.keys()) {
      if (known.isConnected) continue;
      this.#sizes.unobserve(known);
      this.#views.delete(known);
    }
  }

  watchCard(card) { this.#inView.observe(card.section); }

  #fit(box, now = false) {
    const view = this.#views.get(box);
    const [width, height] = [Math.floor(box.clientWidth), Math.floor(box.clientHeight)];
    if (!view || width < 40 || height < 40) return;
    if (box.dataset.size === `${width} ${height}`) return;
    const first = !box.dataset.size;
    box.dataset.size = `${width} ${height}`;
    if (first && !now) return;
    view.width(width).height(height);
    if (now) view.run();
    else view.runAsync();
  }

  // No observer runs before printing, and a chart of the screen's width would be cut off: A4 less
  // its margins, at 96 to the inch, in light colours.
  #print = (event) => {
    const begins = event.type === 'beforeprint';
    const dark = this.mode === 'dark';
    for (const card of this.cards()) card.enter();
    this.style.width = begins ? '718px' : '';
    if (begins) this.dataset.mode = 'light';
    else this.#setMode();
    if (dark || this.mode === 'dark') {
      for (const card of this.cards()) if (card.view) drawChartNow(card);
    } else {
      for (const box of this.#views.keys()) this.#fit(box, true);
    }
  };

  // ---- what floats --------------------------------------------------------------

  // Show a tooltip beside the pointer, or none.
  tip(event, nodes) {
    const tip = this.#tip;
    if (!nodes) {
      if (tip.matches(':popover-open')) tip.hidePopover();
      return;
    }
    const owner = this.#floor();
    if (tip.parentNode !== owner) owner.append(tip);
    tip.replaceChildren(...nodes.filter(Boolean));
    if (!tip.matches(':popover-open')) tip.showPopover();
    const box = tip.getBoundingClientRect();
    const right = event.clientX + 16 + box.width > innerWidth - 4;
    tip.style.left = `${Math.max(4, right ? event.clientX - 16 - box.width
      : event.clientX + 16)}px`;
    tip.style.top = `${Math.max(4, Math.min(event.clientY + 16, innerHeight - box.height - 4))}px`;
  }

  // Offer things to do with what is at a place.
  choose(items, label, anchor) {
    this.#menu?.remove();
    const menu = element('div', { class: 'float menu', role: 'menu', popover: 'auto',
      'aria-label': label });
    this.#menu = menu;
    const back = this.root.activeElement;
    menu.append(element('p', { class: 'about', role: 'presentation' }, element('b', { dir: 'auto' },
      label)), ...items.map((item) => button({ role: 'menuitem', tabindex: '-1', onclick: () => {
      menu.hidePopover();
      back?.focus();
      item.action();
    } }, item.icon, item.text)));
    menu.addEventListener('keydown', (event) => {
      arrows(event, [...menu.querySelectorAll('button')], ['ArrowUp', 'ArrowDown']);
      if (event.key === 'Escape') back?.focus();
      if (event.key === 'Tab') menu.hidePopover();
    });
    this.#floor().append(menu);
    menu.showPopover();
    place(menu, anchor);
    menu.querySelector('button').focus();
  }

  // What floated within a dialog is not gone with it.
  #closed(dialog) {
    this.tip(null, null);
    this.root.append(this.#tip, this.#status);
    dialog.remove();
  }

  isFull(card) { return Boolean(card.section.closest('dialog')); }

  // A panel over all of the window.
  full(card) {
    const stand = element('div', { class: 'card' });
    stand.style.cssText = card.section.style.cssText;
    const dialog = element('dialog', { class: 'full', 'aria-label': card.title });
    const close = button({ class: 'quiet', 'aria-label': t('Close full screen'),
      onclick: () => dialog.close() }, 'close');
    card.more.after(close);
    card.section.replaceWith(stand);
    dialog.append(card.section);
    this.content.append(dialog);
    dialog.addEventListener('close', () => {
      close.remove();
      stand.replaceWith(card.section);
      this.#closed(dialog);
      if (card.answer?.metric) card.draw();
      card.more.focus();
    });
    dialog.showModal();
    if (card.answer?.metric) card.draw();
    card.more.focus();
  }

  // ---- a point ------------------------------------------------------------------

  // Options that go with every question of a panel.
  options() { return { ...this.parsed('options'), spec: this.mode }; }

  // The rows behind a point, in a dialog.
  async drill(card, point, label) {
    if (!this.emit('drill', { widgetId: card.widget.id, point, label }, true)) return;
    const title = label ? `${card.title}: ${label}` : card.title;
    const heading = element('h3', { dir: 'auto', title }, title);
    const close = button({ class: 'quiet', 'aria-label': t('Close') }, 'close');
    const inner = new RowsCard(this, card, point, { title });
    inner.section.prepend(element('div', { class: 'card-head' },
      element('div', { class: 'card-titles' }, heading, inner.unit), close));
    const dialog = element('dialog', { 'aria-label': title }, inner.section);
    const back = this.root.activeElement;
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener('close', () => {
      inner.stop();
      this.#closed(dialog);
      if (back?.isConnected) back.focus();
    });
    this.content.append(dialog);
    dialog.showModal();
    await inner.reload({ page: 1, page_size: 50 });
  }
}

// The rows behind a point: it looks like a card to what draws a table.
class RowsCard {
  #abort = null;

  own = {};

  config = {};

  canAct = false;

  constructor(host, card, point, { title }) {
    Object.assign(this, { host, card, point, title });
    this.unit = element('p', { class: 'unit', role: 'status' });
    this.body = element('div', { class: 'body' }, element('div', { class: 'skeleton' }));
    this.section = element('section', { class: 'card' }, this.body);
  }

  stop() { this.#abort?.abort(); }

  async reload(options) {
    this.own = options;
    this.stop();
    const { signal } = this.#abort = new AbortController();
    this.section.setAttribute('aria-busy', 'true');
    try {
      const { spec, widgets, ...shared } = this.host.options();
      const answer = await this.host.client.call('prismiq_widget_drill', {
        widget_id: this.card.widget.id, point: this.point, filters: this.host.values,
        options: { ...shared, ...options } }, { signal });
      this.unit.textContent = t(answer.table.total_count === 1 ? '{n} row'
        : '{n} rows', { n: this.host.format.number(answer.table.total_count) });
      drawTable(this, answer);
    } catch (error) {
      if (error.name === 'AbortError') return;
      const [what, advice] = explain(error);
      this.body.replaceChildren(element('div', { class: 'state error' }, element('b', {},
        icon('warning'), what), element('span', {}, advice), button({ class: 'plain',
        onclick: () => this.reload(this.own) }, null, t('Try again'))));
    }
    this.section.removeAttribute('aria-busy');
  }
}
