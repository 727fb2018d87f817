// <prismiq-widget>: one widget by itself; its answers bring its config along.

class PrismiqWidget extends PrismiqElement {
  #card = null;

  #abort = null;

  #timer = null;

  cards() { return this.#card ? [this.#card] : []; }

  get views() { return this.cards().map((card) => card.view).filter(Boolean); }

  forget() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#card?.finalize();
    this.#card = null;
  }

  stop() {
    this.#abort?.abort();
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
      } catch (error) {
        if (error.name !== 'AbortError') this.#card.fail(error);
        return;
      }
    }
    await this.ask();
  }

  // What the first answer tells of the widget.
  #describe({ type, title, config = {} }) {
    this.#card.describe({ ...this.#card.widget, type, title, config });
    if (this.#timer || !(config.refresh_interval > 0)) return;
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.ask();
    }, Math.max(5, config.refresh_interval) * 1000);
  }

  refresh() { return this.load(); }

  async ask() {
    const card = this.#card;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    card.busy(true);
    try {
      const answer = await this.client.call('prismiq_widget_data', { widget_id: card.widget.id,
        filters: this.values, options: { ...this.options(), ...card.own, config: true } },
      { signal });
      if (signal.aborted) return;
      if (!answer.error) this.#describe(answer);
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
