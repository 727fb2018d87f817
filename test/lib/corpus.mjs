// Definitions for tests over HTTP: all that the tests and documents have, and mutated ones.

import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name))
      : join(folder, entry.name)))
    .filter((name) => /\.(sql|md|json|sh|mjs)$/.test(name));
}

// The JSON object that begins at a place of a text, which may be a literal of SQL; or undefined.
function objectAt(text, start) {
  let depth = 0;
  let inside = false;

  for (let i = start; i < text.length; i++) {
    const c = text[i];

    if (inside && c === '\\') i++;
    else if (c === '"') inside = !inside;
    else if (!inside && (c === '{' || c === '[')) depth++;
    else if (!inside && (c === '}' || c === ']') && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, i + 1).replaceAll("''", "'").replace(/\s+/g, ' '));
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

// Every definition that stands in a file of these folders. What has only some of its keys is
// completed: so most tests write them.
export function definitionsOf(folders, keys) {
  const base = { tables: [{ id: 'o', name: 'orders' }],
    columns: [{ table_id: 'o', column: 'id' }] };
  const found = new Map();

  for (const name of folders.flatMap(filesOf)) {
    const text = readFileSync(name, 'utf8');

    for (const match of text.matchAll(/\{\s*"(\w+)":/g)) {
      if (!keys.includes(match[1])) continue;
      const object = objectAt(text, match.index);

      if (object && Object.keys(object).every((key) => keys.includes(key))) {
        const whole = { ...base, ...object };

        found.set(JSON.stringify(whole), whole);
      }
    }
  }
  return [...found.values()];
}

// The functions whose first argument is a definition.
const askers = ['compile', 'explain', 'query', 'query_csv', 'query_rows', 'validate',
  'definition_check'].map((name) => `prismiq_${name}`);

// The definitions in what a function was given (test/lib/recorded.sh), whatever they look like: an
// argument that is one, and those of a document.
function definitionsIn(name, [first, second]) {
  if (askers.includes(name)) return [first];
  if (!/_(new|change|import)_check$/.test(name)) return [];
  return [first, second?.document].flatMap((document) => [document?.query,
    ...[document?.widgets, document?.saved_queries].flatMap((list) => (
      Array.isArray(list) ? list.map((one) => one?.query) : []))]);
}

// Every definition that was recorded, once, as JSON; how many calls there were, and how many are
// nested more deeply than JavaScript writes JSON, which the reader refuses for that.
export async function recordedDefinitions(file) {
  const found = new Set();
  let calls = 0;
  let deep = 0;

  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { function: name, arguments: given } = JSON.parse(line);

    calls++;
    for (const one of definitionsIn(name, given)) {
      try {
        if (one !== null && one !== undefined) found.add(JSON.stringify(one));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        deep++;
      }
    }
  }
  return { found: [...found], calls, deep };
}

// Numbers from 0 to below 1, the same in every run.
export function random(seed) {
  let state = seed;

  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Every place in a definition: the object or list around it, and the key.
function placesOf(node, found = []) {
  if (node && typeof node === 'object') {
    for (const key of Object.keys(node)) {
      found.push([node, key]);
      placesOf(node[key], found);
    }
  }
  return found;
}

const others = [null, true, 7, -1, 1.5, '', 'a', 'DESC', [], ['a'], [1], [null], {}, { a: 1 },
  { param: 'p' }, { param: 1 }, { param: 'p', optional: true }, { param: 'p', optional: 1 },
  [{}], [[]]];

// One thing of a definition made different: a key, a kind of value, or a word. "keys" are those
// that objects of definitions have.
export function mutated(definition, keys, next) {
  const copy = structuredClone(definition);
  const places = placesOf(copy);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const [around, key] = pick(places);
  const value = around[key];

  switch (Math.floor(next() * 6)) {
    case 0:
      if (Array.isArray(around)) around.splice(key, 1);
      else delete around[key];
      break;
    case 1:
      if (Array.isArray(around)) around.push(structuredClone(value));
      else {
        delete around[key];
        around[next() < 0.5 ? `${key}x` : pick(keys)] = value;
      }
      break;
    case 2:
      if (!Array.isArray(around)) around[pick(keys)] = pick(others);
      else around[key] = pick(others);
      break;
    case 3:
      if (typeof value === 'string') {
        around[key] = pick([`${value}x`, value.toUpperCase(), value.toLowerCase(), '']);
        break;
      }
    // fall through
    default:
      around[key] = pick(others);
  }
  return copy;
}
