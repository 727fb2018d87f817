// prismiq_definition_schema() and the reader agree: what the one takes the other takes, among all
// definitions of the tests and documents, and among mutated ones.
//
//   MUTATIONS=20000 SEED=7     how many, and where random numbers begin

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { definitionsOf, mutated, random } from '../lib/corpus.mjs';
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
  [/ is neither grouped by nor aggregated$/, 'columns are grouped by the others'],
  [/^operator .* takes no null$/, 'the list of values may be a parameter'],
  [/^window function .* (needs|takes) /, 'what a window needs its function says'],
  [/^calculated field .* is an aggregate$/, 'expressions are read'],
  [/ must be an integer from 0 to 9223372036854775807$/, 'which is beyond JavaScript'],
  [/^"fraction" must be a number from 0 to 1$/, 'text may be a number'],
  [/^a percentile needs its "fraction"$/, 'arguments are those of the aggregation beside them'],
  [/^comparing needs a range of dates$/, 'the range may come from filters'],
  [/ is not a valid value of type /, 'columns have types'],
  [/^cannot take .* of column /, 'columns have types'],
  [/^unknown time zone /, 'PostgreSQL knows the zones'],
  [/^invalid interval /, 'PostgreSQL knows intervals; those that are no words have a digit'],
];

// What is not looked at where the column is not found: widths, and names of presets.
const unseen = (error, text) => error.keyword === 'pattern'
  && (/\/(interval|date_trunc)$/.test(error.instancePath)
    || (/\/value$/.test(error.instancePath) && text.includes('"date_preset"')));

test(async () => {
  sql(`CREATE DATABASE ${database} TEMPLATE ${process.env.TEMPLATE}`, 'postgres');
  atEnd(() => sql(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres'));
  const schema = JSON.parse(sql('SELECT prismiq.prismiq_definition_schema()'));
  const fits = new Ajv({ allowUnionTypes: true, strictRequired: false, strictTypes: false })
    .compile(schema);
  const queryKeys = Object.keys(schema.$defs.query.properties);
  const keys = [...new Set(Object.values(schema.$defs)
    .flatMap((one) => Object.keys(one.properties ?? {})))];

  // What prismiq_validate says of the shape of each.
  const faults = (definitions) => JSON.parse(sql(`
    SET ROLE app_user; SET prismiq.tenant_id = 'CA';
    SELECT json_agg(prismiq.prismiq_validate(d) -> 'errors' ORDER BY n)
    FROM jsonb_array_elements($json$${JSON.stringify(definitions)}$json$)
      WITH ORDINALITY u (d, n)`))
    .map((errors) => errors.filter((error) => codes.includes(error.code)));

  // Where the two do not agree, and why they say so.
  function disagreements(definitions) {
    return faults(definitions).flatMap((errors, i) => {
      const certain = errors.filter(({ message }) => !beyond.some(([text]) => text.test(message)));

      if (fits(definitions[i])) {
        if (certain.length === 0) return [];
      } else if (errors.length > 0 || fits.errors.some((error) => unseen(
        error, JSON.stringify(definitions[i])))) return [];
      return [{ definition: definitions[i], reader: certain.map((e) => [e.path, e.message]),
        schema: (fits.errors ?? []).map((e) => [e.instancePath, e.message]) }];
    });
  }

  const definitions = definitionsOf([tests, join(tests, '..', 'docs')], queryKeys);
  const good = definitions.filter((one) => fits(one));
  ok(good.length >= 300, '300 definitions of the tests fit', `${good.length}`);
  is(disagreements(definitions).slice(0, 5), [], 'schema and reader agree on those of the tests');

  const next = random(seed);
  const broken = Array.from({ length: mutations },
    () => mutated(good[Math.floor(next() * good.length)], keys, next));
  const refused = broken.filter((one) => !fits(one)).length;
  ok(refused > mutations / 4 && refused < mutations * 0.9, 'some of the mutated ones fit',
    `${refused} of ${mutations} do not`);
  is(disagreements(broken).slice(0, 5), [], `they agree on mutated ones (seed ${seed})`);

  const objects = Object.entries(schema.$defs).filter(([, one]) => one.properties);
  is(objects.flatMap(([name, one]) => Object.entries(one.properties)
    .filter(([, key]) => !/^[A-Z].*\.$/.test(key.description)).map(([key]) => `${name}.${key}`)),
  [], 'each key has a description');
  is(objects.filter(([, one]) => one.additionalProperties !== false).map(([name]) => name), [],
    'no object takes other keys');
});
