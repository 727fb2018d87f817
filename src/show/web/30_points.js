// What a person points at in an answer: the values by which the database finds the rows behind it.

// The columns that the points of an answer are told apart by.
function placeColumns(answer, config) {
  const { columns } = answer;
  const named = (key) => columns.findIndex((column) => column.name === config[key]);
  const drawn = [config.y].flat();
  const first = (role, ...but) => columns.findIndex((column, index) => column.role === role
    && !but.includes(index) && !drawn.includes(column.name));
  let x = named('x');
  if (x < 0) x = first('time');
  if (x < 0) x = first('dimension');
  let by = named('series');
  if (by < 0) by = first('dimension', x);
  return { x, by };
}

const isMeasure = (column) => column.role === 'measure' || column.role === 'level';

// The point of a row of the answer: {column: value}, of what is not measured.
function rowPoint(answer, row) {
  const point = {};
  answer.columns.forEach((column, index) => {
    if (!isMeasure(column)) point[column.name] = row[index];
  });
  return point;
}

// Are rows of an answer made of more than one row of a table?
const isGrouped = (answer) => answer.columns.some(isMeasure);

// A point in words.
function pointLabel(host, answer, point) {
  return Object.entries(point).map(([name, value]) => {
    const column = answer.columns.find((one) => one.name === name) ?? {};
    return value === null ? '(none)' : host.format.value(value, column, answer.bucket) || '(empty)';
  }).join(', ');
}

// The row of an answer that a mark of a chart stands for, by what the mark was made of; or null,
// where it stands for none ("Other").
function markPoint(answer, config, datum) {
  const { x, by } = placeColumns(answer, config);
  const { series } = answer;
  const name = (index) => answer.columns[index].name;
  const find = (index, text) => answer.rows.find((row) => String(row[index] ?? '') === text);
  const point = {};
  if (series.slices) {
    const slice = series.slices[datum.slice];
    const row = slice && x >= 0 ? find(x, String(slice.name ?? '')) : null;
    return row ? { [name(x)]: row[x] } : null;
  }
  if (series.cells) {
    const cell = series.cells[datum.cell];
    if (!cell || x < 0 || by < 0) return null;
    return { [name(x)]: series.x.values[cell[0]], [name(by)]: series.y.values[cell[1]] };
  }
  if (datum.row !== undefined) return rowPoint(answer, answer.rows[datum.row]);
  if (x >= 0 && datum.x !== undefined) {
    const same = (value) => String(value) === String(datum.x)
      || (wallTime(String(value)) ?? NaN) - new Date(datum.x) === 0
      || String(value).startsWith(String(datum.x));
    const row = answer.rows.find((one) => same(one[x]))
      ?? answer.rows.find((one) => String(one[x] ?? '') === datum.label);
    if (!row) return null;
    point[name(x)] = row[x];
  }
  const of = series.series?.[/^s(\d+)$/.exec(datum.series ?? '')?.[1]];
  if (of && by >= 0) {
    const row = find(by, String(of.name ?? ''));
    if (!row) return null;
    point[name(by)] = row[by];
  }
  return point;
}
