// prismiq_definition_schema() and the reader agree: what the one takes the other takes, among all
// definitions that the tests and documents ask for (test/lib/recorded.sh notes them while they
// run) or have in their text, and among mutated ones.
//
//   MUTATIONS=20000 SEED=7     how many, and where random numbers begin

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { definitionsOf, mutated, random, recordedDefinitions } from '../lib/corpus.mjs';
import { atEnd, database, is, ok, sql, test } from '../lib/http.mjs';

const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default;
const tests = process.env.TEST_DIR;
const mutations = Number(process.env.MUTATIONS ?? 1000);
const seed = Number(process.env.SEED ?? 42);

// Faults of shape have these codes.
const codes = ['UNKNOWN_FIELD', 'MISSING_FIELD', 'INVALID_VALUE', 'INVALID_JSON', 'EMPTY_QUERY',
  'UNSAFE_SQL', 'INVALID_OPERATOR', 'INVALID_AGGREGATION', 'INVALID_WINDOW', 'INVALID_TIME_SERIES',
  'TYPE_MISMATCH'];

// So have these, which depend on what else stands in the definition, or on the database: the
// schema may or may not see them.
const beyond = [
  [/^"table_id" is required$/, 'a calculated field needs none'],
  [/^table id .* is used twice$/, 'ids differ'],
  [/^calculated field .* is there twice$/, 'names differ'],
  [/^the value of parameter .* is not of type /, 'a default is of the type beside it'],
  [/^aggregation .* takes no /, 'arguments are those of the aggregation beside them'],
  [/ needs? an aggregat(ion|ed column)$/, 'what is only for aggregates stands beside one'],
  [/^"unnest" goes with no aggregation$/, 'what is only for group columns stands beside one'],
  [/^a definition unnests one array, /, 'names are of other things in the definition'],
  [/^calculated field .* cannot be unnested$/, 'which name is one stands elsewhere'],
  [/ is no array, so it has no elements$/, 'columns have types'],
  [/^the elements of column .* are rows themselves$/, 'columns have types'],
  [/ is neither grouped by nor aggregated$/, 'columns are grouped by the others'],
  [/^operator .* takes no null$/, 'the list of values may be a parameter'],
  [/^window function .* (needs|takes) /, 'what a window needs its function says'],
  [/^calculated field .* is an aggregate$/, 'expressions are read'],
  [/ computed over windows( itself)?$/, 'expressions are read'],
  [/^operator "\w+" does not go with type /, 'values inside of columns have types'],
  [/^a window cannot be over /, 'expressions are read'],
  [/ over windows, at character \d+$/, 'expressions are read'],
  [/^expected a value of type jsonb, found /, 'expressions are read, and columns have types'],
  [/^the path has \d+ steps, /, 'how many is a setting'],
  [/^more than \d+ values inside of columns$/, 'how many there are in all'],
  [/^a correlation needs its other "column"$/, 'arguments are those of the aggregation beside'],
  [/ must be an integer from 0 to 9223372036854775807$/, 'which is beyond JavaScript'],
  [/^"fraction" must be a number from 0 to 1$/, 'text may be a number'],
  [/^a percentile needs its "fraction"$/, 'arguments are those of the aggregation beside them'],
  [/^comparing needs a range of dates$/, 'the range may come from filters'],
  [/ is not a valid value of type /, 'columns have types'],
  [/^cannot take .* of column /, 'columns have types'],
  [/^column .* of type .* has no path$/, 'columns have types'],
  [/^the fill value is none of type /, 'columns have types'],
  [/^unknown time zone /, 'PostgreSQL knows the zones'],
  [/^an offset goes back /, 'PostgreSQL knows intervals'],
  [/^the date is out of range$/, 'PostgreSQL knows dates'],
  [/^an alias must have 1 to 63 bytes$/, 'which are not characters'],
  [/^"max_columns" must be an integer from 1 to /, 'how many is a setting'],
  [/ is a window itself$/, 'names are of other things in the definition'],
  [/ is not an aggregate$/, 'names are of other things in the definition'],
  [/ is not grouped by, so it cannot be rolled up$/, 'names are of other things in it'],
  [/^cannot take percent_of_total of /, 'columns have types'],
  [/^a condition on a calculated field has no scope$/, 'which name is one stands elsewhere'],
  [/^"fill_(value|before)" does not go with fill /, 'what is filled in the word beside it says'],
  [/^invalid interval /, 'PostgreSQL knows intervals; those that are no words have a digit'],
];

// What is not looked at where the column is not found: widths, and what a preset's name is.
const unseen = (error, text) => (error.keyword === 'pattern'
  && /\/(interval|date_trunc)$/.test(error.instancePath))
  || (/\/value$/.test(error.instancePath) && text.includes('"date_preset"')
    && /"value":[^[{]/.test(text));

// A definition may be a text that holds one.
function unpacked(text) {
  const value = JSON.parse(text);

  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

// Lists of texts that are not too long together.
function* portions(texts) {
  let portion = [];
  let size = 0;

  for (const text of texts) {
    if (portion.length > 0 && (size + text.length > 4e6 || portion.length >= 5000)) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(text);
    size += text.length;
  }
  if (portion.length > 0) yield portion;
}

test(async () => {
  sql(`CREATE DATABASE ${database} TEMPLATE ${process.env.TEMPLATE}`, 'postgres');
  atEnd(() => sql(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres'));
  const schema = JSON.parse(sql('SELECT prismiq.prismiq_definition_schema()'));
  const fits = new Ajv({ allowUnionTypes: true, strictRequired: false, strictTypes: false })
    .compile(schema);
  const queryKeys = Object.keys(schema.$defs.query.properties);
  const keys = [...new Set(Object.values(schema.$defs)
    .flatMap((one) => Object.keys(one.properties ?? {})))];

  // What prismiq_validate says of each.
  const faults = (texts) => JSON.parse(sql(`
    SET ROLE app_user; SET prismiq.tenant_id = 'CA';
    SELECT json_agg(prismiq.prismiq_validate(d) -> 'errors' ORDER BY n)
    FROM jsonb_array_elements('[${texts.join(',').replaceAll("'", "''")}]')
      WITH ORDINALITY u (d, n)`));

  // Where the two do not agree, and why they say so. What is too complex is not read to its end.
  let complex = 0;

  function disagreement(text, all) {
    const definition = unpacked(text);
    const errors = all.filter((error) => codes.includes(error.code));
    const certain = errors.filter(({ message }) => !beyond.some(([said]) => said.test(message)));

    if (all.some((error) => error.code === 'TOO_COMPLEX')) {
      complex++;
      return [];
    }
    if (fits(definition)) {
      if (certain.length === 0) return [];
    } else if (errors.length > 0 || fits.errors.some((error) => unseen(error, text))) return [];
    return [{ definition, reader: certain.map((e) => [e.path, e.message]),
      schema: (fits.errors ?? []).map((e) => [e.instancePath, e.message]) }];
  }

  function disagreements(texts) {
    const found = [];

    for (const portion of portions(texts)) {
      faults(portion).forEach((all, i) => found.push(...disagreement(portion[i], all)));
    }
    return found.slice(0, 5);
  }

  ok(existsSync(process.env.PRISMIQ_RECORDED), 'the tests have run and were recorded');
  const recorded = await recordedDefinitions(process.env.PRISMIQ_RECORDED);
  const written = definitionsOf([tests, join(tests, '..', 'docs')], queryKeys)
    .map((one) => JSON.stringify(one));
  const definitions = [...new Set([...recorded.found, ...written])];
  ok(recorded.found.length >= 50000, 'they ask for 50,000 definitions', `${recorded.found.length}`);
  is(disagreements(definitions), [],
    `schema and reader agree on ${definitions.length} of the tests`);
  ok(complex + recorded.deep < 500, 'which are not too complex',
    `${complex} and ${recorded.deep} of ${recorded.calls} calls`);
  const good = definitions.filter((one) => one.length < 1e5).map(unpacked)
    .filter((one) => fits(one));
  ok(good.length >= 30000, '30,000 of them fit', `${good.length}`);

  const next = random(seed);
  const broken = Array.from({ length: mutations },
    () => mutated(good[Math.floor(next() * good.length)], keys, next));
  const refused = broken.filter((one) => !fits(one)).length;
  ok(refused > mutations / 4 && refused < mutations * 0.9, 'some of the mutated ones fit',
    `${refused} of ${mutations} do not`);
  is(disagreements(broken.map((one) => JSON.stringify(one))), [],
    `they agree on mutated ones (seed ${seed})`);

  const objects = Object.entries(schema.$defs).filter(([, one]) => one.properties);
  is(objects.flatMap(([name, one]) => Object.entries(one.properties)
    .filter(([, key]) => !/^[A-Z].*\.$/.test(key.description)).map(([key]) => `${name}.${key}`)),
  [], 'each key has a description');
  is(objects.filter(([, one]) => one.additionalProperties !== false).map(([name]) => name), [],
    'no object takes other keys');
});
