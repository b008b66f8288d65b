import 'reflect-metadata';
import { CoreConfig, declarationsIn, LoadedSettings, readEnvironment } from '@platform/config';
import { createDataSource, DatabaseConfig } from '@platform/database';
import { DECLARING_MODULES } from './apps/cli/src/application.module';

const settings = LoadedSettings.load([CoreConfig, DatabaseConfig], readEnvironment());

/**
 * The data source for TypeORM's own command line, from the same declarations as the application. Built with the cli:
 * `npx typeorm -d dist/ormconfig.js migration:show`. To apply migrations use `npm run omni -- db migrate`, which locks.
 */
export default createDataSource({
  core: settings.get(CoreConfig),
  database: settings.get(DatabaseConfig),
  declarations: declarationsIn(DECLARING_MODULES),
});
