// What a person points at in an answer: the values by which the database finds the rows behind it.

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

// The column that a chart goes along.
function alongColumn({ columns }, config) {
  const drawn = [config.y].flat();
  const first = (role) => columns.findIndex((column) => column.role === role
    && !drawn.includes(column.name));
  const named = columns.findIndex((column) => column.name === config.x);
  return named >= 0 ? named : first('time') >= 0 ? first('time') : first('dimension');
}

// What is drawn in an answer as something was in another one, by what it is called.
const drawnAs = (answer, datum) => answer.spec?.data?.values?.find((value) => (
  ['series', 'label', 'name', 'place'].every((key) => !Object.hasOwn(value, key)
    || datum[key] === undefined || value[key] === datum[key])));

// The point that a mark of a chart stands for, by the row of the answer that it was made of; null
// where it was made of several ("Other"). What a pointer shows of a place is of all series there.
function markPoint(answer, config, { row, at, series }) {
  if (answer.rows[row]) return rowPoint(answer, answer.rows[row]);
  const x = alongColumn(answer, config);
  return series === undefined && answer.rows[at] && x >= 0
    ? { [answer.columns[x].name]: answer.rows[at][x] } : null;
}
