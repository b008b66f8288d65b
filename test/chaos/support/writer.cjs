// One of two processes that write to the same SQLite file: read, compute, write, 300 times, in transactions.
require('reflect-metadata');
const { join } = require('node:path');
const dist = join(__dirname, '..', '..', '..', 'dist', 'libs', 'platform');
const { CoreConfig, LoadedSettings } = require(join(dist, 'config', 'src'));
const { connectWithRetry, createDataSource, Database, DatabaseConfig, placeOf, statement } = require(
  join(dist, 'database', 'src'),
);

const read = statement('writer.read', 'SELECT value FROM counters WHERE id = 1');
const write = statement('writer.write', 'UPDATE counters SET value = :value WHERE id = 1');
const note = statement('writer.note', 'INSERT INTO notes (writer, turn) VALUES (:writer, :turn)');

async function main() {
  const settings = LoadedSettings.load([CoreConfig, DatabaseConfig], process.env);
  const core = settings.get(CoreConfig);
  const config = settings.get(DatabaseConfig);
  const dataSource = createDataSource({ core, database: config, declarations: [] });
  const place = placeOf(core, config, 'requests');
  const database = new Database(await connectWithRetry(dataSource, place, 3, () => undefined));
  let failed = 0;
  const turn = (number) =>
    database
      .transaction(async () => {
        const [row] = await database.query(read);
        await new Promise(setImmediate);
        await database.execute(write, { value: row.value + 1 });
        await database.execute(note, { writer: process.pid, turn: number });
      })
      .catch((error) => {
        failed += 1;
        console.error(error.message);
      });
  await Promise.all(Array.from({ length: 300 }, (_, number) => turn(number)));
  await dataSource.destroy();
  process.exit(failed === 0 ? 0 : 1);
}

main();
