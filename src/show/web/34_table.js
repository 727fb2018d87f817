// Rows and columns: those of a table, of the rows behind a point, and of any other panel.

const pageText = (format, page, size, total) => {
  const whole = (number) => format.number(number, { maximumFractionDigits: 0 });
  return t('{first}\u2013{last} of {total}', { first: whole((page - 1) * size + 1),
    last: whole(Math.min(page * size, total)), total: whole(total) });
};

// The head of a column, which sorts where it may.
function headCell(column, { sorted, onsort }) {
  const align = column.align === 'right' ? 'end' : column.align === 'center' ? 'middle' : null;
  const direction = sorted?.alias !== column.name ? null
    : /^desc$/i.test(sorted.direction ?? '') ? 'descending' : 'ascending';
  const cell = element('th', { scope: 'col', class: align, 'aria-sort': direction });
  if (column.width) cell.style.width = `${column.width}px`;
  if (!column.sortable || !onsort) {
    cell.append(column.label);
  } else {
    cell.append(button({ onclick: () => onsort(column.name,
      direction === 'descending' ? 'ASC' : direction ? 'DESC' : column.align === 'right' ? 'DESC'
        : 'ASC') }));
    cell.firstChild.append(column.label, icon('down'));
  }
  return cell;
}

// Steps through pages; null where there is one.
function pager(format, { page, size, total, onpage }) {
  if (!size || total <= size) return null;
  const last = Math.ceil(total / size);
  return element('div', { class: 'pager' },
    element('span', { dir: 'auto' }, pageText(format, page, size, total)),
    button({ class: 'quiet', 'aria-label': t('Previous page'), disabled: page <= 1,
      onclick: () => onpage(page - 1) }, 'left'),
    button({ class: 'quiet', 'aria-label': t('Next page'), disabled: page >= last,
      onclick: () => onpage(page + 1) }, 'right'));
}

// A table with what stands below it. columns: {name, label, align, sortable, index}, index being
// that of the values in a row; of: what is known of the rows.
function tableNodes(card, columns, rows, of) {
  const { format } = card.host;
  const body = element('tbody');
  for (const row of rows) {
    const cells = columns.map((column) => {
      const align = column.align === 'right' ? 'end' : column.align === 'center' ? 'middle' : null;
      const text = format.value(row[column.index], column, of.bucket);
      return element('td', { class: align, dir: 'auto',
        title: text.length > 40 ? text : null }, text);
    });
    const point = of.pointOf?.(row);
    if (point && cells.length > 0) {
      const text = cells[0].textContent || t('(none)');
      cells[0].replaceChildren(button({ class: 'link', title: t('What is behind it'),
        onclick: (event) => card.act(point, of.labelOf(point), event.currentTarget) }, null, text));
    }
    body.append(element('tr', {}, ...cells));
  }
  const table = element('table', {}, element('thead', {}, element('tr', {},
    ...columns.map((column) => headCell(column, of)))), body);
  return [element('div', { class: 'rows', tabindex: '0', role: 'group',
    'aria-label': t('{title}, table', { title: card.title }) }, table),
  pager(format, of)].filter(Boolean);
}

// Keep the focus on the same button when a table is drawn anew.
function replaceTable(card, nodes) {
  const focused = card.body.getRootNode().activeElement;
  const within = focused && card.body.contains(focused);
  const key = focused?.getAttribute('aria-label') ?? focused?.textContent;
  card.body.replaceChildren(...nodes);
  if (!within) return;
  const all = [...card.body.querySelectorAll('button:not(:disabled)')];
  (all.find((one) => (one.getAttribute('aria-label') ?? one.textContent) === key)
    ?? card.body.querySelector('.rows'))?.focus();
}

// The columns of a table's answer with their places in a row.
function tableColumns(answer) {
  return answer.table.columns.map((column) => ({ ...column,
    index: answer.columns.findIndex((one) => one.name === column.name) }));
}

// A table of the database's: it sorts and pages there.
function drawTable(card, answer) {
  const { table } = answer;
  const grouped = isGrouped(answer);
  const again = (options) => card.reload({ ...card.own, ...options });
  replaceTable(card, tableNodes(card, tableColumns(answer), answer.rows, {
    bucket: answer.bucket, sorted: table.sort?.[0], page: table.page, size: table.page_size,
    total: table.total_count,
    onsort: (alias, direction) => again({ sort: [{ alias, direction }], page: 1 }),
    onpage: (page) => again({ page, page_size: table.page_size }),
    pointOf: card.canAct && (grouped || card.config.click) ? (row) => rowPoint(answer, row) : null,
    labelOf: (point) => pointLabel(card.host, answer, point),
  }));
}

// The rows of any answer, sorted and paged here.
const ROWS_SHOWN = 100;
function drawRows(card, answer, state = {}) {
  const { sort = null, page = 1 } = state;
  const columns = answer.columns.map((column, index) => ({ ...column, index, sortable: true,
    align: NUMERIC.test(column.type) ? 'right' : 'left' }));
  const by = sort && columns.find((column) => column.name === sort.alias);
  const order = (a, b) => {
    const [left, right] = [a[by.index], b[by.index]];
    if (left === null || right === null) return (left === null) - (right === null);
    const sign = by.align === 'right' ? Number(left) - Number(right)
      : String(left).localeCompare(String(right), card.host.format.locale);
    return sort.direction === 'DESC' ? -sign : sign;
  };
  const rows = by ? [...answer.rows].sort(order) : answer.rows;
  replaceTable(card, tableNodes(card, columns, rows.slice((page - 1) * ROWS_SHOWN,
    page * ROWS_SHOWN), {
    bucket: answer.bucket, sorted: sort, page, size: ROWS_SHOWN, total: rows.length,
    onsort: (alias, direction) => drawRows(card, answer, { sort: { alias, direction } }),
    onpage: (to) => drawRows(card, answer, { sort, page: to }),
    pointOf: card.canAct && isGrouped(answer) ? (row) => rowPoint(answer, row) : null,
    labelOf: (point) => pointLabel(card.host, answer, point),
  }));
}
