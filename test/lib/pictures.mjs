// Pictures: held to Vega-Lite's own schema, compiled by Vega-Lite and drawn by Vega without a
// screen, with its interpreter, as under a strict Content-Security-Policy.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';

const Ajv = createRequire(import.meta.url)('ajv').default;
const fits = new Ajv({ allowUnionTypes: true, strict: false, logger: false })
  .compile(JSON.parse(readFileSync(new URL('vega-lite-schema.json',
    import.meta.resolve('vega-lite')))));

// What both say while they work.
function listener(said) {
  const note = (kind) => function say(...words) {
    said.push(`${kind}: ${words.join(' ')}`);
    return this;
  };
  const ignore = function ignore() { return this; };
  return { level: ignore, error: note('error'), warn: note('warning'), info: ignore,
    debug: ignore };
}

// What is wrong with a specification by the schema, or null.
export function misfit(spec) {
  return fits(spec) ? null : JSON.stringify(fits.errors.slice(0, 3));
}

// Vega's specification of it.
export function compiled(spec, said = []) {
  return compile(spec, { logger: listener(said) }).spec;
}

// Draw it: what was said, {mark, item} of all that was drawn, and the picture if that is wanted.
// There is no container here that it could be as large as.
export async function drawn(spec, { svg = false } = {}) {
  const said = [];
  const sized = { ...spec, width: 480, height: 270 };
  const view = new vega.View(vega.parse(compiled(sized, said), null, { ast: true }),
    { expr: expressionInterpreter, renderer: 'none', logger: listener(said) });
  const items = [];
  const walk = (group) => {
    for (const mark of group.items) {
      if (mark.role === 'mark') items.push(...mark.items.map((item) => ({ mark, item })));
      if (mark.marktype === 'group') mark.items.forEach(walk);
    }
  };

  try {
    await view.runAsync();
    view.scenegraph().root.items.forEach(walk);
    return { said, items: items.filter(({ mark }) => mark.marktype !== 'group'),
      svg: svg ? await view.toSVG() : null };
  } finally {
    view.finalize();
  }
}

// How many marks of each kind were drawn: {line: 12, symbol: 1}; "path" is what finds a pointer.
export function counted(items) {
  const counts = {};
  for (const { mark } of items) {
    if (mark.marktype !== 'path') counts[mark.marktype] = (counts[mark.marktype] ?? 0) + 1;
  }
  return counts;
}

// Where a text stands in Vega's specification but as a value: as a key, or in what is, or may be,
// an expression. Values are data, domains and ranges of scales, the title and the description.
export function misplaced(spec, marker) {
  const found = [];
  const walk = (node, path) => {
    if (typeof node === 'string') {
      if (node.includes(marker)) found.push(`${path.join('/')}: ${node}`);
    } else if (node && typeof node === 'object') {
      for (const [key, value] of Object.entries(node)) {
        if (key.includes(marker)) found.push(`${path.join('/')}: the key ${key}`);
        if (isValue([...path, key], value)) continue;
        walk(value, [...path, key]);
      }
    }
  };

  walk(spec, []);
  return found;
}

function isValue(path, value) {
  const [last, before] = [path.at(-1), path.at(-3)];

  return (last === 'values' && before === 'data')
    || (last === 'domain' && before === 'scales' && Array.isArray(value)
      && value.every((one) => typeof one === 'string'))
    || (path.join('/') === 'title/text' && typeof value === 'string')
    || (path.join('/') === 'description' && typeof value === 'string')
    || path[0] === 'usermeta';
}
