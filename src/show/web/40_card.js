// A panel: a widget's title, its answer in one of its states, and what can be done with it.

const DRAWINGS = { metric: drawMetric, table: drawTable, status: drawStatus, text: drawText,
  custom: drawCustom };

class Card {
  answer = null;

  // Options of this panel alone: its order and page, and whether it shows every point.
  own = {};

  asTable = false;

  // The series that a person has left out, by their labels.
  hidden = new Set();

  view = null;

  inView = false;

  #late = null;

  constructor(host, widget) {
    this.host = host;
    this.#build(widget);
  }

  #build(widget) {
    const { host } = this;
    const id = newId('title');
    const level = Math.min(6, host.headingLevel + 1);
    this.heading = element('h3', { id, dir: 'auto' });
    if (level !== 3) this.heading.setAttribute('aria-level', level);
    this.unit = element('p', { class: 'unit', dir: 'auto' });
    this.more = button({ class: 'quiet', 'aria-label': t('Options') }, 'more');
    this.body = element('div', { class: 'body', part: 'body' },
      element('div', { class: 'skeleton' }));
    this.section = element('section', { class: 'card', part: 'card', 'aria-labelledby': id,
      'aria-busy': 'true' },
    element('div', { class: 'card-head' },
      element('div', { class: 'card-titles' }, this.heading, this.unit),
      element('div', { class: 'actions' }, this.more, menuButton(this.more,
        () => this.#actions()))), this.body);
    this.describe(widget);
  }

  // What is known of the widget; its answer tells more than a dashboard that is older.
  describe(widget) {
    this.widget = widget;
    this.config = widget.config ?? {};
    this.title = widget.title ?? '';
    this.heading.textContent = this.title;
    this.heading.title = this.title;
    this.heading.setAttribute('aria-label', this.title || widget.type);
    const shape = this.answer?.shape ?? ({ metric: 'metric', kpi: 'metric', kpi_tile: 'metric',
      gauge: 'metric', device_count: 'metric' }[widget.type] ?? '');
    for (const name of ['metric', 'series', 'table', 'status', 'text', 'custom']) {
      this.section.classList.toggle(name, name === shape);
    }
    const { x, y, w, h } = widget.position ?? {};
    if (w) {
      for (const [name, value] of Object.entries({ x: x + 1, y: y + 1, w, h })) {
        this.section.style.setProperty(`--${name}`, value);
      }
      const { row_height: row = 50, margin = [] } = this.host.dashboard?.layout ?? {};
      const height = h * row + (h - 1) * (margin?.[1] ?? margin?.[0] ?? 10);
      this.section.classList.toggle('flat', height < 90);
      this.section.classList.toggle('small', height < 190 && shape !== 'metric');
    }
  }

  busy(on) {
    this.section.toggleAttribute('aria-busy', on);
    if (on) this.section.setAttribute('aria-busy', 'true');
  }

  // Ask for this panel anew, with options of its own.
  reload(options = this.own) {
    this.own = options;
    return this.host.ask([this]);
  }

  // The answer with its rows: of a chart, the page has brought what is drawn alone.
  async whole() {
    if (this.answer?.row_count > 0 && !this.answer.rows) {
      this.busy(true);
      await this.reload();
    }
    return this.answer;
  }

  get canAct() {
    const { config, host, answer } = this;
    return Boolean(answer && (config.drill_down?.enabled !== false || config.click
      || host.crossFilter));
  }

  // A point was chosen: tell the application, and offer what there is to do with it.
  act(point, label, anchor) {
    const { host, config } = this;
    const detail = { widgetId: this.widget.id, point, label, answer: this.answer };
    if (!host.emit('point', detail, true)) return;
    if (config.click) return void host.follow(this, point);
    const items = [];
    if (config.drill_down?.enabled !== false) {
      items.push({ text: t('Show the rows'), icon: 'rows',
        action: () => host.drill(this, point, label) });
    }
    if (host.crossFilter && Object.keys(point).length > 0) {
      items.push({ text: t('Filter the other panels'), icon: 'filter',
        action: () => host.crossFilter(this, point, label) });
    }
    if (items.length === 1) items[0].action();
    else host.choose(items, label, anchor);
  }

  show(answer) {
    const shaped = this.answer?.shape !== answer.shape;
    this.answer = answer;
    if (answer.error) return this.fail(answer.error);
    if (shaped) this.describe({ ...this.widget, title: answer.title ?? this.widget.title });
    this.busy(false);
    this.section.classList.remove('failed');
    return this.draw();
  }

  // What stands below the title: the config's words, else the unit.
  #subtitle() {
    const { answer, config } = this;
    const fields = chartFields(answer);
    const measures = answer.shape === 'series'
      ? answer.columns.filter((column) => column.role === 'measure') : [];
    const one = measures.length === 1 ? measures[0] : {};
    const field = fields.color ?? fields.size ?? fields.y ?? {};
    const label = config.y_label ?? field.label ?? one.label;
    // Several measures of one unit: it is that of the axis.
    const units = new Set(answer.series?.series?.map(({ name }) => (
      measures.find((column) => column.name === name)?.unit)));
    const of = field.unit ?? one.unit ?? (units.size === 1 ? [...units][0] : null);
    const across = fields.x?.kind === 'number' && !fields.size && fields.x.label
      ? ` by ${fields.x.label}` : '';
    const unit = [label, of].filter(Boolean).join(', ') + (label ? across : '');
    const parts = [config.description, answer.shape === 'series' ? unit : '',
      statusCounts(answer.status)].filter(Boolean);
    this.unit.textContent = answer.shape === 'metric' ? '' : parts.join(' \u00b7 ');
    this.unit.title = this.unit.textContent;
    this.unit.hidden = this.unit.textContent === '';
    if (config.description && answer.shape === 'metric') this.heading.title = config.description;
  }

  // Draw what was answered; a chart only once it is in view.
  async draw() {
    const { answer } = this;
    if (!answer || answer.error) return;
    this.#subtitle();
    const rows = { metric: 1, text: 1, custom: 1, status: answer.status?.services.length,
      table: answer.table?.total_count }[answer.shape] ?? answer.row_count;
    try {
      if (!rows) this.empty();
      else if (this.asTable && !answer.rows) await this.whole();
      else if (this.asTable || (answer.shape === 'series' && !answer.spec)) {
        this.finalize();
        drawRows(this, answer);
      } else if (answer.shape !== 'series') {
        this.finalize();
        await DRAWINGS[answer.shape]?.(this, answer);
      } else if (this.inView) await drawChart(this, answer);
      else {
        this.#late = answer;
        return;
      }
      this.#notes();
    } catch (error) {
      if (this.answer === answer) this.fail(error);
    }
  }

  // The panel comes into view, or is about to be printed.
  enter() {
    this.inView = true;
    if (this.#late && this.#late === this.answer) this.draw();
    this.#late = null;
  }

  // What is to be known of the answer: that it is cut, what it warns of.
  #notes() {
    const { answer } = this;
    const notes = answer.warnings.map((warning) => sentence(warning.message));
    if (answer.truncated) notes.unshift(t('Only the first rows are shown'));
    if (this.own.disable_aggregation) notes.unshift(t('Every point'));
    if (notes.length === 0) return;
    const wrong = answer.warnings.length > 0 || answer.truncated;
    this.body.append(element('p', { class: 'note', title: notes.join('\n') },
      icon(wrong ? 'warning' : 'points'),
      element('span', {}, notes[0])));
  }

  empty() {
    const { host, config } = this;
    this.finalize();
    const filtered = host.isFiltered?.();
    this.body.replaceChildren(element('div', { class: 'state' },
      element('b', {}, config.empty_text || t('No data')),
      element('span', {}, filtered ? t('No rows are left by the filters that are set.')
        : t('There are no rows yet.')),
      filtered ? button({ class: 'plain', onclick: () => host.clearFilters() }, null,
        t('Clear the filters')) : null));
  }

  // Why there is nothing, what to do, and a button that tries again.
  fail(error) {
    const [what, advice] = explain(error);
    this.finalize();
    this.busy(false);
    this.answer = null;
    this.section.classList.add('failed');
    this.body.replaceChildren(element('div', { class: 'state error', title: advice },
      element('b', {}, icon('warning'), what), element('span', {}, advice),
      button({ class: 'plain', onclick: () => {
        this.busy(true);
        this.reload();
      } }, null, t('Try again'))));
    this.host.emit('error', { widgetId: this.widget.id, error });
  }

  keepView(view, box) {
    this.view = view;
    this.host.watch(box, view);
  }

  finalize() {
    this.view?.finalize();
    this.view = null;
  }

  #actions() {
    const { answer, host } = this;
    const items = [{ text: t('Refresh'), icon: 'refresh', action: () => {
      this.busy(true);
      this.reload();
    } }];
    if (answer?.shape === 'series') {
      items.push({ text: t('Show as a table'), icon: 'table', checked: this.asTable, action: () => {
        this.asTable = !this.asTable;
        this.draw();
      } });
      if (answer.bucket || this.own.disable_aggregation) {
        const every = Boolean(this.own.disable_aggregation);
        items.push({ text: t('Show every point'), icon: 'points', checked: every, action: () => {
          this.busy(true);
          this.reload({ ...this.own, disable_aggregation: every ? undefined : true });
        } });
      }
    }
    if (answer && !['text', 'custom'].includes(answer.shape)) {
      items.push({ text: t('Download as CSV'), icon: 'download', action: () => this.#csv() });
    }
    if (answer) {
      items.push({ text: t('Download as an image'), icon: 'image', action: async () => save(
        await panelImage(this), fileName(this.title, 'png')) });
    }
    if (!host.isFull(this)) {
      items.push({ text: t('Full screen'), icon: 'expand', action: () => host.full(this) });
    }
    return items;
  }

  async #csv() {
    try {
      const { page, page_size: size, ...options } = this.own;
      const text = await this.host.client.call('prismiq_widget_csv', { widget_id: this.widget.id,
        filters: this.host.values, options: { ...this.host.options(), ...options } },
      { accept: 'text/csv' });
      // The mark by which a spreadsheet knows UTF-8.
      save(new Blob(['\ufeff', text], { type: 'text/csv' }), fileName(this.title, 'csv'));
    } catch (error) {
      this.host.say(explain(error).join('. '));
    }
  }
}
