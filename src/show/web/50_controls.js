// The controls of filters. Each is made of a filter and a bar, which has the values and is told of
// changes; `show` brings it into accord with the values.

const PRESETS = ['today', 'yesterday', 'last_7_days', 'last_30_days', 'this_month', 'last_month',
  'this_quarter', 'last_quarter', 'this_year', 'last_year', 'all_time'];

// The name of a preset in words.
const presetText = (name) => t((name.charAt(0).toUpperCase() + name.slice(1))
  .replaceAll('_', ' '));

const isSet = (value) => value !== undefined && value !== null && value !== ''
  && value !== '__all__' && value !== 'all_time' && !(Array.isArray(value) && value.length === 0);

// The value that holds: the one that was given, null being none, else the filter's own.
function heldValue(bar, filter) {
  const given = bar.values[filter.id];
  return given === undefined ? filter.default_value ?? filter.date_preset ?? null : given;
}

// What says that there is no value: none is given, unless the filter has one of its own.
const noValue = (filter) => (filter.default_value ?? filter.date_preset ? null : undefined);

const filterLabel = (filter) => filter.label || filter.field;

// A button that opens a panel next to itself, with a label above.
function panelField(bar, filter, kind) {
  const id = newId('filter');
  const text = element('span');
  const opener = element('button', { type: 'button', class: 'input', 'aria-haspopup': 'dialog',
    'aria-expanded': 'false', 'aria-labelledby': `${id}-label ${id}` }, text, icon('down'));
  opener.id = id;
  text.id = `${id}-text`;
  opener.setAttribute('aria-labelledby', `${id}-label ${id}-text`);
  const panel = element('div', { class: `float panel ${kind}`, popover: 'auto', role: 'dialog',
    'aria-label': filterLabel(filter) });
  const node = element('div', { class: 'field' }, element('span', { class: 'label',
    id: `${id}-label`, title: filterLabel(filter) }, filterLabel(filter)), opener, panel);
  panel.addEventListener('toggle', (event) => {
    opener.setAttribute('aria-expanded', String(event.newState === 'open'));
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') opener.focus();
  });
  return { node, opener, panel, text, open: () => {
    panel.showPopover();
    place(panel, opener);
  } };
}

function dateControl(bar, filter) {
  const { node, opener, panel, text, open } = panelField(bar, filter, 'dates');
  const start = element('input', { type: 'date', class: 'input' });
  const end = element('input', { type: 'date', class: 'input' });
  const presets = element('div', { class: 'presets' });
  const warning = element('p', { class: 'note', role: 'alert' });
  const choose = (value) => {
    panel.hidePopover();
    opener.focus();
    bar.change(filter, value);
  };
  const apply = button({ class: 'plain main', onclick: () => {
    if (start.value && end.value && start.value > end.value) {
      warning.textContent = t('The first day is after the last.');
      return;
    }
    if (start.value || end.value) {
      choose({ ...(start.value ? { start: start.value } : {}),
        ...(end.value ? { end: end.value } : {}) });
    }
  } }, null, t('Apply'));
  panel.append(presets, element('hr'), element('label', { class: 'day' },
    element('span', {}, t('From')), start), element('label', { class: 'day' },
    element('span', {}, t('To')), end),
  warning, element('div', { class: 'buttons' }, apply));
  opener.addEventListener('click', () => {
    const held = heldValue(bar, filter);
    warning.textContent = '';
    presets.replaceChildren(...[...new Set([...PRESETS, filter.date_preset].filter(Boolean))]
      .map((name) => button({ 'aria-pressed': String(name === held),
        onclick: () => choose(name) }, null, presetText(name))));
    start.value = held?.start?.slice?.(0, 10) ?? '';
    end.value = held?.end?.slice?.(0, 10) ?? '';
    open();
    (presets.querySelector('[aria-pressed="true"]') ?? presets.firstChild).focus();
  });
  const show = () => {
    const held = heldValue(bar, filter);
    text.textContent = !held ? t('All time') : typeof held === 'string' ? presetText(held)
      : bar.format.days(held.start, held.end);
    opener.classList.toggle('set', isSet(held));
  };
  return { node, show };
}

// One value or several of a list, which is searched: in the page where the filter says what there
// is, else in the database.
class OptionList {
  #abort = null;

  #active = -1;

  #options = [];

  constructor(bar, filter, { several, choose }) {
    const id = newId('options');
    Object.assign(this, { bar, filter, several, choose });
    this.search = element('input', { type: 'search', class: 'input', role: 'combobox',
      placeholder: t('Search'), 'aria-label': t('Search {filter}',
        { filter: filterLabel(filter) }), 'aria-controls': id,
      'aria-expanded': 'true', 'aria-autocomplete': 'list', autocomplete: 'off',
      spellcheck: 'false' });
    this.list = element('ul', { class: 'options', role: 'listbox', id,
      'aria-label': filterLabel(filter), 'aria-multiselectable': several ? 'true' : null });
    this.note = element('p', { class: 'note', role: 'status' });
    this.search.addEventListener('input', debounced(200, () => this.load()));
    this.search.addEventListener('keydown', (event) => this.#key(event));
  }

  // As it is when it is opened: what was found the last time may be there no more.
  clear() {
    this.search.value = '';
    this.#options = [];
    this.#draw();
  }

  #isChosen(value) {
    const held = heldValue(this.bar, this.filter);
    return this.several ? Array.isArray(held) && held.some((one) => one === value)
      : held === value;
  }

  #key(event) {
    const last = this.#options.length - 1;
    const to = { ArrowDown: Math.min(last, this.#active + 1), ArrowUp: Math.max(0,
      this.#active - 1), PageDown: Math.min(last, this.#active + 8),
    PageUp: Math.max(0, this.#active - 8) }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.#activate(to);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (this.#options[this.#active]) this.#take(this.#options[this.#active].value);
    }
  }

  #activate(index) {
    this.#active = index;
    [...this.list.children].forEach((item, place_) => {
      item.classList.toggle('active', place_ === index);
      if (place_ !== index) return;
      this.search.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    });
  }

  #take(value) {
    this.choose(value);
    if (this.several) this.#draw(this.#active);
  }

  #draw(active = -1) {
    this.list.replaceChildren(...this.#options.map((option) => {
      const item = element('li', { role: 'option', id: newId('option'),
        'aria-selected': String(this.#isChosen(option.value)),
        onclick: () => this.#take(option.value) },
      icon('check'), element('span', { class: 'text', dir: 'auto' }, option.label),
      typeof option.count === 'number' ? element('span', { class: 'count' },
        this.bar.format.number(option.count, NUMBER_STYLES.number)) : null);
      return item;
    }));
    this.search.removeAttribute('aria-activedescendant');
    this.#active = -1;
    if (active >= 0) this.#activate(active);
  }

  // What is there under the text that is typed and the other filters.
  async load() {
    const { bar, filter } = this;
    const text = this.search.value.trim();
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    this.note.textContent = t('Searching\u2026');
    try {
      const answer = await this.#ask(text, signal);
      if (signal.aborted) return;
      // Of one value null says that there is none, so it cannot be chosen.
      this.#options = answer.options.filter(({ value }) => this.several || value !== null)
        .map((option) => ({ ...option, label: option.value === null ? t('(none)')
          : String(option.label ?? option.value) || t('(empty)') }));
      this.#draw(text && this.#options.length > 0 ? 0 : -1);
      this.note.textContent = this.#options.length === 0 ? text
        ? t('Nothing has \u201c{text}\u201d.', { text }) : t('There are no values.')
        : answer.truncated ? t('There are more: search for them.') : '';
      this.note.hidden = this.note.textContent === '';
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.note.hidden = false;
      this.note.textContent = explain(error).join('. ');
    }
    bar.settled();
  }

  async #ask(text, signal) {
    const { bar, filter } = this;
    if (filter.options && !filter.dynamic) {
      const all = filter.options.map((option) => (option && typeof option === 'object' ? option
        : { value: option, label: String(option) }));
      const wanted = text.toLowerCase();
      return { options: all.filter((option) => String(option.label ?? option.value).toLowerCase()
        .includes(wanted)), truncated: false };
    }
    const { [filter.id]: own, ...others } = bar.values;
    return bar.client.call('prismiq_filter_options', { dashboard_id: bar.dashboardId,
      filter_id: filter.id, search: text || null, filters: others, max_values: 50 }, { signal });
  }
}

// The label of a value that a filter lists.
function optionText(filter, value) {
  const listed = filter.options?.find?.((option) => (option?.value ?? option) === value);
  return value === null ? t('(none)') : String(listed?.label ?? value) || t('(empty)');
}

function listControl(bar, filter) {
  const several = filter.type === 'multi_select';
  const { node, opener, panel, text, open } = panelField(bar, filter, 'list');
  const change = debounced(several ? 250 : 0, (value) => bar.change(filter, value));
  let chosen;
  const list = new OptionList(bar, filter, { several, choose: (value) => {
    if (several) {
      chosen = chosen.includes(value) ? chosen.filter((one) => one !== value)
        : [...chosen, value];
      bar.values = { ...bar.values, [filter.id]: chosen };
      show();
      change(chosen);
      return;
    }
    panel.hidePopover();
    opener.focus();
    bar.change(filter, value);
  } });
  const clear = button({ class: 'plain', onclick: () => {
    panel.hidePopover();
    opener.focus();
    bar.change(filter, noValue(filter));
  } }, null, t('All'));
  panel.append(list.search, list.list, list.note, element('div', { class: 'buttons' }, clear));
  opener.addEventListener('click', async () => {
    const held = heldValue(bar, filter);
    chosen = Array.isArray(held) ? held : isSet(held) ? [held] : [];
    list.clear();
    open();
    // A finger would have the keyboard of the screen come up over the list.
    if (!matchMedia('(pointer: coarse)').matches) list.search.focus();
    await list.load();
    if (panel.matches(':popover-open')) place(panel, opener);
  });
  function show() {
    const held = heldValue(bar, filter);
    const all = Array.isArray(held) ? held : isSet(held) ? [held] : [];
    text.textContent = all.length === 0 ? t('All') : all.length > 2 ? t('{n} chosen',
      { n: all.length })
      : all.map((value) => optionText(filter, value)).join(', ');
    opener.classList.toggle('set', all.length > 0);
  }
  return { node, show };
}

function textControl(bar, filter) {
  const id = newId('filter');
  const input = element('input', { id, class: 'input', type: filter.type === 'search' ? 'search'
    : 'text', autocomplete: 'off', spellcheck: 'false', maxlength: '200',
  placeholder: filter.type === 'search' ? t('Search') : t('Contains') });
  const change = debounced(350, () => {
    if (input.value.trim() === String(heldValue(bar, filter) ?? '')) return;
    bar.change(filter, input.value.trim() || noValue(filter));
  });
  input.addEventListener('input', change);
  const show = () => {
    const held = String(heldValue(bar, filter) ?? '');
    if (input.getRootNode().activeElement !== input) input.value = held;
    input.classList.toggle('set', isSet(held));
  };
  return { node: element('div', { class: 'field' }, element('label', { for: id },
    filterLabel(filter)), input), show };
}

function rangeControl(bar, filter) {
  const inputs = ['min', 'max'].map((end) => element('input', { class: 'input', type: 'number',
    step: 'any', inputmode: 'decimal', placeholder: end === 'min' ? t('from') : t('to'),
    'aria-label': `${filterLabel(filter)}, ${end === 'min' ? t('from') : t('to')}` }));
  const change = debounced(450, () => {
    const [min, max] = inputs.map((input) => (input.value === '' ? null : Number(input.value)));
    const bad = min !== null && max !== null && min > max;
    inputs[1].setCustomValidity(bad ? t('This is less than the least.') : '');
    inputs[1].setAttribute('aria-invalid', String(bad));
    if (bad) return void inputs[1].reportValidity();
    bar.change(filter, min === null && max === null ? noValue(filter)
      : { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) });
  });
  for (const input of inputs) input.addEventListener('input', change);
  const show = () => {
    const held = heldValue(bar, filter) ?? {};
    [held.min, held.max].forEach((value, index) => {
      if (inputs[index].getRootNode().activeElement === inputs[index]) return;
      inputs[index].value = value ?? '';
      inputs[index].classList.toggle('set', isSet(value));
    });
  };
  return { node: element('div', { class: 'field', role: 'group',
    'aria-label': filterLabel(filter) }, element('span', { class: 'label' }, filterLabel(filter)),
  element('div', { class: 'pair' }, inputs[0], '\u2013', inputs[1])), show };
}

const CONTROLS = { date_range: dateControl, select: listControl, multi_select: listControl,
  text: textControl, search: textControl, number_range: rangeControl };
