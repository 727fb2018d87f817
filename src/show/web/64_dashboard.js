// <prismiq-dashboard>: a dashboard with its filters and panels.

// A panel that took longer than this the last time is asked for by itself.
const SLOW = 800;

// So many ms all have together; those that are left then are asked for one by one.
const PATIENCE = 1500;

const SLOW_KEY = 'prismiq-slow';

// The panels that were slow, as the browser remembers them from visit to visit.
const slowPanels = {
  read() {
    try {
      return new Set(JSON.parse(localStorage.getItem(SLOW_KEY)) ?? []);
    } catch {
      return new Set();
    }
  },
  note(id, took) {
    const known = this.read();
    if (known.has(id) === took > SLOW) return;
    if (took > SLOW) known.add(id);
    else known.delete(id);
    try {
      localStorage.setItem(SLOW_KEY, JSON.stringify([...known].slice(-200)));
    } catch { /* a frame without storage */ }
  },
};

class PrismiqDashboard extends PrismiqElement {
  #dashboard = null;

  #cards = new Map();

  #bar = null;

  #abort = null;

  // By which points of which panels the others are filtered: null until it is known.
  #cross = null;

  #history = [];

  #timers = [];

  #asked = 0;

  #answered = 0;

  cards() { return [...this.#cards.values()]; }

  // What is shown, as prismiq_dashboard_get tells it.
  get dashboard() { return this.#dashboard; }

  // The charts of Vega that are drawn.
  get views() { return this.cards().map((card) => card.view).filter(Boolean); }

  forget() {
    this.#dashboard = null;
    this.#cross = null;
  }

  stop() {
    this.#abort?.abort();
    this.#clear();
  }

  // No panels, and nothing that would ask for them.
  #clear() {
    this.#timers.forEach(clearInterval);
    for (const card of this.cards()) card.finalize();
    this.#cards.clear();
  }

  // ---- loading ------------------------------------------------------------------

  async load() {
    const id = this.dashboardId;
    if (!id) return;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    try {
      const first = this.#dashboard ? null : takeFirst(this);
      if (first) {
        await this.#showFirst(first, signal);
        return;
      }
      if (!this.#dashboard) {
        if (!this.content.firstChild) this.#frame({ name: '', widgets: [] });
        const [dashboard] = await Promise.all([
          this.client.call('prismiq_dashboard_get', { id }, { signal }), this.settle(signal)]);
        if (signal.aborted) return;
        this.#dashboard = dashboard;
        this.#frame(dashboard);
        this.emit('ready', { dashboard });
      } else if (this.#cards.size === 0) this.#frame(this.#dashboard);
      await this.ask(this.cards(), signal);
    } catch (error) {
      if (error.name !== 'AbortError' && !signal.aborted) this.#failWhole(error);
    }
  }

  // What the page has brought along; what it has not is asked for.
  async #showFirst({ config, dashboard, answers }, signal) {
    await this.settle(signal, config);
    this.#dashboard = dashboard;
    this.#frame(dashboard);
    this.emit('ready', { dashboard });
    const cards = this.cards();
    const known = cards.filter((card, index) => answers[index]);
    known.forEach((card) => this.#show(card, answers[cards.indexOf(card)]));
    this.#noteTime(known);
    this.#drawChips();
    this.emit('data', { widgets: known.map((card) => card.widget.id) });
    const left = cards.filter((card) => !known.includes(card));
    if (left.length > 0) await this.ask(left, signal);
  }

  refresh() { return this.#dashboard ? this.ask(this.cards()) : this.load(); }

  #failWhole(error) {
    const [what, advice] = explain(error);
    this.stop();
    this.content.replaceChildren(element('div', { class: 'card whole' },
      element('div', { class: 'state error', role: 'alert' }, element('b', {}, icon('warning'),
        what), element('span', {}, advice), button({ class: 'plain',
        onclick: () => this.load() }, null, t('Try again')))));
    this.emit('error', { error });
  }

  // Head, filters and an empty card for each panel.
  #frame(dashboard) {
    const { layout = {}, filters = [] } = dashboard;
    this.#clear();
    const heading = element(`h${this.headingLevel}`, { class: 'name', dir: 'auto',
      part: 'title' }, dashboard.name);
    this.updated = element('span', { class: 'updated' });
    this.refreshButton = button({ class: 'quiet', 'aria-label': t('Refresh all panels'),
      title: t('Refresh'), onclick: () => this.refresh() }, 'refresh');
    const back = this.#history.length > 0 ? button({ class: 'quiet',
      onclick: () => this.#goBack() }, 'left', t('Back')) : null;
    this.#bar = filters.length > 0 ? element('prismiq-filter-bar', { class: 'filters',
      exportparts: 'filters' }) : null;
    this.chips = element('div', { class: 'chips' });
    this.grid = element('div', { class: 'grid', part: 'grid' });
    this.grid.style.setProperty('--columns', layout.columns ?? 12);
    this.grid.style.setProperty('--row', `${layout.row_height ?? 50}px`);
    const [across, down] = layout.margin ?? [];
    this.grid.style.setProperty('--across', `${across ?? 10}px`);
    this.grid.style.setProperty('--down', `${down ?? across ?? 10}px`);
    this.#cross ??= new Map(Object.entries(this.parsed('options').cross_filter ?? {})
      .map(([id, point]) => [id, { point }]));
    for (const widget of dashboard.widgets) {
      const card = new Card(this, widget);
      this.#cards.set(widget.id, card);
      this.grid.append(card.section);
      this.watchCard(card);
    }
    this.content.replaceChildren(...[element('header', { class: 'head', part: 'head' },
      element('div', { class: 'titles' }, heading, dashboard.description ? element('p',
        { class: 'description', dir: 'auto' }, dashboard.description) : null),
      dashboard.name ? element('div', { class: 'tools' }, back, this.updated,
        this.refreshButton) : null),
    this.#bar, this.chips, this.grid].filter(Boolean));
    this.#bar?.attach(this, filters);
    this.#drawChips();
    if (dashboard.name && dashboard.widgets.length === 0) {
      this.grid.append(element('div', { class: 'state' }, element('b', {},
        t('This dashboard is empty')), element('span', {},
        t('Panels that are added to it show here.'))));
    }
    this.#schedule(dashboard);
  }

  options() {
    const { cross_filter: asked, ...shared } = super.options();
    const cross = this.#cross ? Object.fromEntries([...this.#cross].map(([id, { point }]) => (
      [id, point]))) : asked;
    return Object.keys(cross ?? {}).length > 0 ? { ...shared, cross_filter: cross } : shared;
  }

  // Ask for panels: those that are quick together, of one moment, and each that is slow by itself.
  async ask(cards, signal = this.#newSignal(cards)) {
    const slow = slowPanels.read();
    const alone = cards.filter((card) => slow.has(card.widget.id)
      || Object.keys(card.own).length > 0 || cards.length === 1);
    const together = cards.filter((card) => !alone.includes(card));
    for (const card of cards) card.busy(true);
    const asked = ++this.#asked;
    this.#answered = 0;
    this.refreshButton.setAttribute('aria-busy', 'true');
    await Promise.all([this.#askTogether(together, signal), this.#askEach(alone, signal)]);
    if (signal.aborted || asked !== this.#asked) return;
    this.refreshButton.removeAttribute('aria-busy');
    this.#noteTime(cards);
    this.emit('data', { widgets: cards.map((card) => card.widget.id) });
  }

  // One panel is asked for beside what goes on; all of them in place of it.
  #newSignal(cards) {
    if (cards.length < this.#cards.size && this.#abort && !this.#abort.signal.aborted) {
      return this.#abort.signal;
    }
    this.#abort?.abort();
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  // Together they have as long as a person waits: the database ends there, and has not begun with
  // what is left, which is asked for one by one.
  async #askTogether(cards, signal) {
    if (cards.length === 0) return;
    let left = cards;
    try {
      const answers = await this.#call({ widgets: cards.map((card) => card.widget.id),
        timeout_ms: PATIENCE }, signal);
      const isLate = (card) => answers[card.widget.id]?.error?.sqlstate === '57014';
      left = cards.filter(isLate);
      for (const card of cards) if (!isLate(card)) this.#show(card, answers[card.widget.id]);
    } catch (error) {
      // All together were too much; each by itself may not be.
      if (error.code !== '57014' && !(error.code === 'PT413' && cards.length > 1)) {
        return this.#failed(cards, error, signal);
      }
    }
    return this.#askEach(left, signal);
  }

  // One by one, two at a time.
  async #askEach(cards, signal) {
    const queue = [...cards];
    const next = async () => {
      for (let card = queue.shift(); card; card = queue.shift()) {
        try {
          const answers = await this.#call({ widgets: [card.widget.id], ...card.own }, signal);
          this.#show(card, answers[card.widget.id]);
        } catch (error) {
          this.#failed([card], error, signal);
        }
      }
    };
    await Promise.all([next(), next()]);
  }

  #call(options, signal) {
    return this.client.call('prismiq_dashboard_data', { dashboard_id: this.dashboardId,
      filters: this.values, options: { ...this.options(), ...options } }, { signal });
  }

  #show(card, answer) {
    if (!answer) return card.fail({ message: t('There is no answer for this panel'),
      hint: t('It may have been deleted. Load the page again.') });
    this.#answered++;
    if (!answer.error) slowPanels.note(card.widget.id, answer.execution_time_ms);
    return card.show(answer);
  }

  #failed(cards, error, signal) {
    if (error.name === 'AbortError' || signal.aborted) return;
    for (const card of cards) {
      if (card.answer && !(error instanceof Refusal && error.status < 500)) card.busy(false);
      else card.fail(error);
    }
    this.say(explain(error).join('. '));
    this.updated.textContent = explain(error)[0];
  }

  #noteTime(cards) {
    const at = new Date();
    if (this.#answered === 0) return;
    this.updated.replaceChildren(`${t('Updated')} `, element('time', { datetime: at.toISOString() },
      this.format.clock(at)));
    if (cards.length > 1) this.say(t('{n} panels are up to date', { n: cards.length }));
  }

  // ---- refreshing by itself -----------------------------------------------------

  #schedule({ refresh_interval: all, widgets }) {
    const every = (seconds, action) => {
      if (!(seconds > 0)) return;
      this.#timers.push(setInterval(() => {
        if (document.visibilityState === 'visible') action();
        else this.#overdue.add(action);
      }, Math.max(5, seconds) * 1000));
    };
    this.#timers = [];
    this.#overdue.clear();
    every(all, this.#refreshAll);
    for (const { id, config } of widgets) {
      const card = this.#cards.get(id);
      every(config?.refresh_interval, () => card.reload());
    }
  }

  #overdue = new Set();

  #refreshAll = () => this.refresh();

  // What would have been refreshed while nobody looked is, once somebody does.
  visibilityChanged(visible) {
    if (!visible) return;
    for (const action of this.#overdue) action();
    this.#overdue.clear();
  }

  // ---- filters ------------------------------------------------------------------

  filtersChanged(byPerson = false) {
    this.#bar?.show();
    if (byPerson) this.emit('filters', { filters: this.values });
    if (!this.#dashboard) return;
    for (const card of this.cards()) {
      if (card.own.page) card.own = { ...card.own, page: 1 };
    }
    this.ask(this.cards()).catch(() => {});
  }

  isFiltered() { return Object.keys(this.values).length > 0 || this.#cross?.size > 0; }

  clearFilters() {
    this.#cross?.clear();
    this.#drawChips();
    this.values = {};
    this.filtersChanged(true);
  }

  // The point of a panel restricts all others.
  crossFilter(card, point, label) {
    this.#cross.set(card.widget.id, { point, label });
    this.#drawChips();
    this.filtersChanged(true);
  }

  #drawChips() {
    if (!this.#dashboard) return;
    this.chips.replaceChildren(...[...this.#cross].map(([id, { point, label }]) => {
      const card = this.#cards.get(id);
      const filter = `${card?.title ?? ''}: ${label
        ?? pointLabel(this, card?.answer?.columns ? card.answer : { columns: [] }, point)}`;
      return element('span', { class: 'chip' }, element('span', { dir: 'auto' }, filter), button({
        class: 'quiet', 'aria-label': t('Remove the filter {filter}', { filter }), onclick: () => {
          this.#cross.delete(id);
          this.#drawChips();
          this.filtersChanged(true);
        } }, 'close'));
    }));
  }

  // ---- from one dashboard to another --------------------------------------------

  // A point leads to another dashboard, whose filters get its values.
  follow(card, point) {
    const { dashboard_id: id, filters = {} } = card.config.click;
    const values = {};
    for (const [filter, column] of Object.entries(filters ?? {})) {
      if (point[column] !== undefined) values[filter] = point[column];
    }
    if (!this.emit('click', { widgetId: card.widget.id, dashboardId: id, filters: values }, true)) {
      return;
    }
    this.#history.push({ id: this.dashboardId, values: this.values, cross: this.#cross });
    this.#go(id, values, new Map());
  }

  #goBack() {
    const { id, values, cross } = this.#history.pop();
    this.#go(id, values, cross);
  }

  #go(id, values, cross) {
    this.values = values;
    if (id === this.dashboardId) {
      this.forget();
      this.soon();
    } else this.setAttribute('dashboard-id', id);
    this.#cross = cross;
  }
}
