import { Global, Logger, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CoreConfig, DECLARATIONS } from '@platform/config';
import { Domain, type DomainDeclaration } from '@platform/kernel';
import { DataSource } from 'typeorm';
import { connectWithRetry, createDataSource, poolOf, sessionLimits } from './data-source';
import { Database } from './database';
import { ListCursors } from './rows/cursors';
import { EntityStore } from './rows/entity-store';
import { DatabaseConfig } from './database.config';
import { DatabaseFitness } from './fitness';
import { Integrity } from './integrity';
import { Migrator } from './migrator';
import { placeOf } from './place';
import { demandSessions } from './postgres/sessions';
import { Seeding } from './seeding';
import { StatementPlans } from './statement-plans';
import { SubjectData } from './subject-data';
import { mustFoldText } from './text-folding';
import { TransactionalBinder } from './transactional';

const log = new Logger('database');

async function connect(core: CoreConfig, database: DatabaseConfig, declarations: readonly DomainDeclaration[]) {
  const onPoolError = (error: Error) => log.warn(`A pooled connection was lost: ${error.message}`);
  const dataSource = createDataSource({ core, database, declarations, onPoolError });
  const place = placeOf(core, database, 'requests');
  await connectWithRetry(dataSource, place, database.connectAttempts, (message) => log.warn(message));
  if (!core.usesSqlite && !database.pooler) await demandSessions(poolOf(dataSource), place);
  await mustFoldText(dataSource);
  return dataSource;
}

/** The tables of every declared domain, on the database that the settings name. */
@Global()
@Module({
  imports: [
    DiscoveryModule,
    TypeOrmModule.forRootAsync({
      inject: [CoreConfig, DatabaseConfig, DECLARATIONS],
      useFactory: (...input: Parameters<typeof connect>) => ({
        type: 'postgres',
        // `connect` tries again by itself, and says so in its own words.
        toRetry: () => false,
        connect: () => connect(...input),
      }),
      // The options only carry the way to connect: engine, entities and migrations follow from settings and declarations.
      dataSourceFactory: (options) => (options as unknown as { connect: () => Promise<DataSource> }).connect(),
    }),
  ],
  providers: [
    {
      provide: Database,
      inject: [DataSource, DatabaseConfig],
      useFactory: (dataSource: DataSource, config: DatabaseConfig) =>
        new Database(dataSource, config.pooler && sessionLimits(config)),
    },
    EntityStore,
    ListCursors,
    DatabaseFitness,
    Migrator,
    Seeding,
    Integrity,
    StatementPlans,
    SubjectData,
    TransactionalBinder,
  ],
  exports: [Database, EntityStore, DatabaseFitness, Migrator, Seeding, Integrity, StatementPlans, SubjectData],
})
@Domain({ name: 'platform/database', settings: [DatabaseConfig] })
export class DatabaseModule {}
