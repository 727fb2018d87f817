// <prismiq-filter-bar>: the filters of a dashboard. Within a dashboard's element it is given what
// it shows; by itself it asks for it, and hands the values to the element that "for" names.

class PrismiqFilterBar extends PrismiqElement {
  static ownProperties = ['token', 'filters', 'definition'];

  #controls = [];

  #definition = null;

  #owner = null;

  #abort = null;

  // The filters, as a dashboard has them.
  get definition() { return this.#definition; }

  set definition(filters) {
    this.#definition = filters;
    this.#build();
  }

  // Show the filters of a dashboard's element, in its ways.
  attach(owner, filters) {
    this.#owner = owner;
    this.client = owner.client;
    this.dataset.mode = owner.mode;
    this.definition = filters;
  }

  get dashboardId() { return this.#owner?.dashboardId ?? super.dashboardId; }

  get values() { return this.#owner ? this.#owner.values : super.values; }

  set values(values) {
    if (this.#owner) this.#owner.values = values;
    else super.values = values;
  }

  async load() {
    if (this.#owner || this.#definition || !this.dashboardId) return;
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    try {
      await this.settle(signal);
      this.definition = (await this.client.call('prismiq_dashboard_get', { id: this.dashboardId },
        { signal })).filters ?? [];
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.content.replaceChildren(element('p', { class: 'note', role: 'alert' }, icon('warning'),
        explain(error).join('. ')));
      this.emit('error', { error });
    }
  }

  forget() { if (!this.#owner) this.#definition = null; }

  stop() { this.#abort?.abort(); }

  filtersChanged() { this.show(); }

  settled() {}

  #build() {
    if (this.#owner) this.format = this.#owner.format;
    this.#controls = (this.#definition ?? []).filter((filter) => CONTROLS[filter.type])
      .map((filter) => CONTROLS[filter.type](this, filter));
    this.clear = button({ class: 'quiet', onclick: () => this.reset() }, 'close', t('Clear'));
    this.content.replaceChildren(element('div', { class: 'fields', role: 'group',
      'aria-label': t('Filters'), part: 'filters' }, ...this.#controls.map((one) => one.node),
    this.#controls.length > 0 ? this.clear : null));
    this.content.hidden = this.#controls.length === 0;
    this.show();
  }

  // Bring the controls into accord with the values.
  show() {
    if (this.#owner) {
      this.format = this.#owner.format;
      this.dataset.mode = this.#owner.mode;
    }
    for (const control of this.#controls) control.show();
    if (this.clear) this.clear.hidden = Object.keys(this.values).length === 0;
  }

  change(filter, value) {
    const { [filter.id]: before, ...others } = this.values;
    this.values = value === undefined ? others : { ...others, [filter.id]: value };
    this.#told();
  }

  reset() {
    this.values = {};
    this.#told();
    this.content.querySelector('button, input')?.focus();
  }

  #told() {
    this.show();
    const { values } = this;
    if (this.#owner) this.#owner.filtersChanged(true);
    else {
      const target = this.getAttribute('for') && this.getRootNode().getElementById?.(
        this.getAttribute('for'));
      if (target) target.filters = values;
      this.emit('filters', { filters: values });
    }
  }
}
