// <prismiq-widget>: one widget by itself. With "dashboard-id" it has the widget's config too.

class PrismiqWidget extends PrismiqElement {
  #card = null;

  #abort = null;

  #timer = null;

  cards() { return this.#card ? [this.#card] : []; }

  get views() { return this.cards().map((card) => card.view).filter(Boolean); }

  forget() {
    this.#card?.finalize();
    this.#card = null;
  }

  stop() {
    this.#abort?.abort();
    clearInterval(this.#timer);
    this.forget();
  }

  async load() {
    const id = this.getAttribute('widget-id');
    if (!id) return;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    if (!this.#card) {
      this.#card = new Card(this, { id, type: '', title: '' });
      this.content.replaceChildren(this.#card.section);
      this.watchCard(this.#card);
      try {
        await this.settle(signal);
        if (this.dashboardId) await this.#describe(id, signal);
      } catch (error) {
        if (error.name !== 'AbortError') this.#card.fail(error);
        return;
      }
    }
    await this.ask();
  }

  async #describe(id, signal) {
    const { widgets } = await this.client.call('prismiq_dashboard_get', { id: this.dashboardId },
      { signal });
    const widget = widgets.find((one) => one.id === id);
    if (!widget) return;
    const { position, ...known } = widget;
    this.#card.describe(known);
    clearInterval(this.#timer);
    if (known.config?.refresh_interval > 0) {
      this.#timer = setInterval(() => {
        if (document.visibilityState === 'visible') this.ask();
      }, Math.max(5, known.config.refresh_interval) * 1000);
    }
  }

  refresh() { return this.load(); }

  async ask() {
    const card = this.#card;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    card.busy(true);
    try {
      const answer = await this.client.call('prismiq_widget_data', { widget_id: card.widget.id,
        filters: this.values, options: { ...this.options(), ...card.own } }, { signal });
      if (signal.aborted) return;
      card.widget.type ||= answer.type;
      await card.show(answer);
      this.emit('data', { widgets: [card.widget.id] });
    } catch (error) {
      if (error.name !== 'AbortError' && !signal.aborted) card.fail(error);
    }
  }

  filtersChanged() { if (this.#card) this.ask(); }

  isFiltered() { return Object.keys(this.values).length > 0; }

  clearFilters() { this.filters = {}; }

  // The application is to show the other dashboard.
  follow(card, point) {
    const { dashboard_id: dashboardId, filters } = card.config.click;
    this.emit('click', { widgetId: card.widget.id, dashboardId, filters: Object.fromEntries(
      Object.entries(filters ?? {}).map(([filter, column]) => [filter, point[column]])) }, true);
  }
}
