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
    return value === null ? t('(none)')
      : host.format.value(value, column, answer.bucket) || t('(empty)');
  }).join(', ');
}

// A value as Vega has it may be a time, or a text, of what the answer has.
function isSame(value, drawn) {
  if (String(value ?? '') === String(drawn)) return true;
  const time = typeof value === 'string' ? wallTime(value) : null;
  return time !== null && time - new Date(drawn) === 0;
}

// The row that a mark of a scatter chart or a map was made of, by its two numbers and its label.
function placedRow(answer, { x, y, label }) {
  return answer.rows.find((row) => row.some((value) => Number(value) === x && value !== null)
    && row.some((value) => Number(value) === y && value !== null)
    && (label === undefined || label === null
      || row.some((value, index) => String(value ?? '') === String(label)
        || answer.columns[index].role === 'dimension')));
}

// The point that a mark of a chart stands for, by what the mark was made of; null where it stands
// for none ("Other").
function markPoint(answer, config, datum) {
  const { x, by } = placeColumns(answer, config);
  const { series } = answer;
  const name = (index) => answer.columns[index].name;
  const find = (index, value) => answer.rows.find((row) => isSame(row[index], value));
  const place_ = Number(/^s(\d+)$/.exec(datum.series ?? '')?.[1]);
  const point = {};
  if (series.slices) {
    const slice = series.slices[place_];
    const row = slice && x >= 0 ? find(x, slice.name ?? '') : null;
    return row ? { [name(x)]: row[x] } : null;
  }
  if (series.cells) {
    const [rowX, rowY] = x < 0 || by < 0 ? [] : [find(x, datum.x), find(by, datum.y)];
    return rowX && rowY ? { [name(x)]: rowX[x], [name(by)]: rowY[by] } : null;
  }
  if (datum.place !== undefined) {
    const row = placedRow(answer, datum);
    return row ? rowPoint(answer, row) : null;
  }
  if (x >= 0 && datum.x !== undefined) {
    const row = find(x, datum.x);
    if (!row) return null;
    point[name(x)] = row[x];
  }
  const of = series.series?.[place_];
  if (of && by >= 0) {
    const row = find(by, of.name ?? '');
    if (!row) return null;
    point[name(by)] = row[by];
  }
  return point;
}
