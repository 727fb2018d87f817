// Values as people read them, in the page's locale; the formats are those of docs/formats.md.

const NUMERIC = /^(smallint|integer|bigint|numeric|real|double precision|money)/;
const TIMES = /^(date$|timestamp|time )/;

// A time is shown as it stands in the answer, in the zone of the answer: the browser's own zone has
// no say, so its figures are taken for UTC.
const WALL = /^(-?\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?/;
function wallTime(text) {
  const parts = WALL.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour = 0, minute = 0, second = 0] = parts;
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  time.setUTCHours(Number(hour), Number(minute), Math.floor(Number(second)));
  return time;
}

const pad = (number, width = 2) => String(number).padStart(width, '0');

// The patterns of strftime that date_format takes.
const STRFTIME = {
  Y: (t) => String(t.getUTCFullYear()), y: (t) => pad(t.getUTCFullYear() % 100),
  m: (t) => pad(t.getUTCMonth() + 1), d: (t) => pad(t.getUTCDate()),
  e: (t) => String(t.getUTCDate()), H: (t) => pad(t.getUTCHours()),
  I: (t) => pad(t.getUTCHours() % 12 || 12), M: (t) => pad(t.getUTCMinutes()),
  S: (t) => pad(t.getUTCSeconds()), p: (t) => (t.getUTCHours() < 12 ? 'AM' : 'PM'),
  j: (t) => pad(Math.floor((t - Date.UTC(t.getUTCFullYear(), 0, 0)) / 864e5), 3),
  '%': () => '%',
};
const STRFTIME_NAMES = { b: { month: 'short' }, B: { month: 'long' }, a: { weekday: 'short' },
  A: { weekday: 'long' } };

// What the format of a time by its name says to Intl.
const DATE_STYLES = {
  date: { dateStyle: 'medium' }, datetime: { dateStyle: 'medium', timeStyle: 'short' },
  time: { timeStyle: 'short' }, month: { month: 'long', year: 'numeric' },
  weekday: { weekday: 'long' },
};

// The same of a bucket's start, by the unit of its width.
const BUCKET_STYLES = {
  year: { year: 'numeric' }, quarter: { month: 'short', year: 'numeric' },
  month: { month: 'long', year: 'numeric' }, week: { dateStyle: 'medium' },
  day: { dateStyle: 'medium' }, hour: DATE_STYLES.datetime,
};

const NUMBER_STYLES = {
  number: { maximumFractionDigits: 2 }, plain: { useGrouping: false, maximumFractionDigits: 20 },
  percent: { maximumFractionDigits: 1 }, ratio: { style: 'percent', maximumFractionDigits: 1 },
  compact: { notation: 'compact', maximumFractionDigits: 1 },
};

// Seconds as 45s, 1m 05s, 2h 03m, 4d 05h.
function duration(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? '\u2212' : '';
  const units = [[86400, 'd', 3600, 'h'], [3600, 'h', 60, 'm'], [60, 'm', 1, 's']];
  for (const [unit, name, lesser, lesserName] of units) {
    if (whole >= unit) {
      return `${sign}${Math.floor(whole / unit)}${name} `
        + `${pad(Math.floor(whole % unit / lesser))}${lesserName}`;
    }
  }
  return `${sign}${whole}s`;
}

class Formatter {
  #cache = new Map();

  // settings: the tenant's configuration, whose separators and currency go before the locale's.
  constructor(locale, settings = {}) {
    this.locale = locale;
    this.currency = settings.currency;
    this.separators = settings.number ?? {};
  }

  #kept(kind, options) {
    const key = kind.name + JSON.stringify(options);
    if (!this.#cache.has(key)) this.#cache.set(key, new kind(this.locale, options));
    return this.#cache.get(key);
  }

  number(value, options = NUMBER_STYLES.number) {
    const parts = this.#kept(Intl.NumberFormat, options).formatToParts(value);
    const { decimal, group } = this.separators;
    return parts.map((part) => (part.type === 'decimal' && decimal ? decimal
      : part.type === 'group' && typeof group === 'string' ? group
        : part.type === 'minusSign' ? '\u2212' : part.value)).join('');
  }

  time(value, options) {
    const time = wallTime(String(value));
    return time ? this.#kept(Intl.DateTimeFormat, { timeZone: 'UTC', ...options }).format(time)
      : String(value);
  }

  // From one day to another, without saying twice what both have; null is open.
  days(start, end) {
    const [from, to] = [start, end].map((day) => (day ? wallTime(String(day)) : null));
    if (from && to && from <= to) {
      return this.#kept(Intl.DateTimeFormat, { timeZone: 'UTC', ...DATE_STYLES.date })
        .formatRange(from, to);
    }
    return [start, end].map((day) => (day ? this.time(day, DATE_STYLES.date) : '\u2026'))
      .join(' \u2013 ');
  }

  // A pattern of strftime; what is no pattern of it stays.
  #pattern(value, pattern) {
    const time = wallTime(String(value));
    if (!time) return String(value);
    return pattern.replace(/%-?([a-zA-Z%])/g, (all, letter) => {
      if (STRFTIME_NAMES[letter]) return this.time(value, STRFTIME_NAMES[letter]);
      const text = STRFTIME[letter]?.(time) ?? all;
      return all[1] === '-' ? text.replace(/^0+(?=.)/, '') : text;
    });
  }

  // The name of a day of the week or a month, by its number; null: there is no such.
  #named(number, type) {
    if (!Number.isInteger(number)) return null;
    if (type === 'weekday' && number >= 0 && number < 7) {
      return this.time(`2023-01-0${number + 1}`, DATE_STYLES.weekday);
    }
    return type === 'month' && number > 0 && number <= 12
      ? this.time(`2023-${pad(number)}-01`, STRFTIME_NAMES.B) : null;
  }

  #number(value, format, column) {
    const number = Number(value);
    const { type = 'number', decimals, currency = this.currency } = format;
    if (!Number.isFinite(number)) return String(value);
    const digits = Number.isInteger(decimals) && decimals >= 0 && decimals <= 20
      ? { minimumFractionDigits: decimals, maximumFractionDigits: decimals } : {};
    const unit = format.unit ?? column?.unit;
    const head = format.prefix ?? '';
    const tail = format.suffix ?? (unit ? `\u00a0${unit}` : '');
    let text;
    if (type === 'currency') {
      text = /^[A-Z]{3}$/.test(currency) ? this.number(number, { style: 'currency', currency,
        ...digits }) : this.number(number, { minimumFractionDigits: 2, maximumFractionDigits: 2,
        ...digits });
    } else if (type === 'duration' || type === 'duration_ms') {
      text = duration(type === 'duration' ? number : number / 1000);
    } else if (type === 'bytes') {
      const step = Math.min(6, Math.max(0, Math.floor(Math.log2(Math.abs(number) || 1) / 10)));
      text = `${this.number(number / 1024 ** step, { maximumFractionDigits: 1, ...digits })}\u00a0${
        ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'][step]}`;
    } else {
      // The text of a number keeps digits that a double does not have.
      text = this.number(typeof value === 'string' && type !== 'ratio' ? value : number,
        { ...NUMBER_STYLES[type] ?? NUMBER_STYLES.number, ...digits });
      if (type === 'percent') text += '%';
    }
    return head + text + tail;
  }

  // The value of a column: {type, format, unit, role}; bucket: the width of the answer's.
  value(value, column = {}, bucket = null) {
    if (value === null || value === undefined) return '';
    const format = typeof column.format === 'string' ? { type: column.format }
      : column.format ?? {};
    if (format.date_format) return this.#pattern(value, format.date_format);
    const isNumber = NUMERIC.test(column.type ?? '') || typeof value === 'number';
    if (isNumber && DATE_STYLES[format.type]) {
      return this.#named(Number(value), format.type) ?? String(value);
    }
    if (DATE_STYLES[format.type]) return this.time(value, DATE_STYLES[format.type]);
    if (TIMES.test(column.type ?? '')) {
      if (column.role === 'time' && bucket) {
        const unit = /(year|quarter|month|week|day|hour)/.exec(bucket)?.[1];
        if (BUCKET_STYLES[unit]) return this.time(value, BUCKET_STYLES[unit]);
      }
      if (/^time /.test(column.type)) return String(value);
      return this.time(value, column.type === 'date' ? DATE_STYLES.date : DATE_STYLES.datetime);
    }
    if (isNumber) {
      const named = column.role === 'dimension' && !column.format;
      return this.#number(value, named ? { type: 'plain', ...format } : format, column);
    }
    if (typeof value === 'boolean') return value ? t('yes') : t('no');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  // What the database writes of pictures is English.
  get isEnglish() {
    return /^en\b/.test(this.#kept(Intl.NumberFormat, {}).resolvedOptions().locale);
  }

  // Separators and names as Vega takes them.
  forVega() {
    const names = (count, day, options) => Array.from({ length: count }, (_, index) => (
      this.time(day(pad(index + 1)), options)));
    const [weekday, month] = [(n) => `2023-01-${n}`, (n) => `2023-${n}-01`];
    const part = (type) => this.#kept(Intl.NumberFormat, { useGrouping: true })
      .formatToParts(1234567.8).find((one) => one.type === type)?.value ?? '';
    return { number: { decimal: part('decimal'), thousands: part('group'), grouping: [3],
      currency: ['', ''] },
    time: { dateTime: '%x, %X', date: '%x', time: '%X', periods: ['AM', 'PM'],
      days: names(7, weekday, STRFTIME_NAMES.A), shortDays: names(7, weekday, STRFTIME_NAMES.a),
      months: names(12, month, STRFTIME_NAMES.B),
      shortMonths: names(12, month, STRFTIME_NAMES.b) } };
  }

  clock(date) {
    return this.#kept(Intl.DateTimeFormat, { timeStyle: 'short' }).format(date);
  }
}
