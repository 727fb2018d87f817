// How long DuckDB takes, in memory and with two threads, for each file of SQL:
//
//   node turns.mjs MODULES MEASUREMENTS.csv FILE...
//
// MODULES is the folder with its package. Prints the median of nine runs in ms, a line each, to the
// last row read, after two to warm up.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, measurements, ...files] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(`${modules}/`)('@duckdb/node-api');
const database = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await database.connect();

await connection.run("SET timezone = 'UTC'");
await connection.run(`CREATE TABLE metrics AS SELECT * FROM read_csv('${measurements}', header = true,
  columns = {id: 'BIGINT', tenant_id: 'VARCHAR', server_id: 'INTEGER', type: 'VARCHAR',
    measured_at: 'TIMESTAMPTZ', value: 'DOUBLE', amount: 'INTEGER', cost: 'DECIMAL(12, 2)'})`);
for (const file of files) {
  const question = readFileSync(file, 'utf8');
  const times = [];
  for (let turn = 0; turn < 11; turn++) {
    const begin = performance.now();
    const answer = await connection.runAndReadAll(question);
    answer.getRows();
    times.push(performance.now() - begin);
  }
  console.log(times.slice(2).sort((a, b) => a - b)[4].toFixed(3));
}
