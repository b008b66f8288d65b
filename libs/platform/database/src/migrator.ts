import { Inject, Injectable } from '@nestjs/common';
import { CoreConfig, DECLARATIONS } from '@platform/config';
import { BootRefused, type DomainDeclaration } from '@platform/kernel';
import { type DataSource } from 'typeorm';
import { createDataSource, poolOf } from './data-source';
import { DatabaseConfig } from './database.config';
import { withMigrationLock } from './migration-lock';
import { placeOf } from './place';
import { demandSessions } from './postgres/sessions';
import { refusalOf } from './refusals';
import { changeSchema, executedMigrations } from './schema-change';

/** One migration and when it was applied. */
export interface MigrationState {
  name: string;
  applied: boolean;
}

/** Brings the schema forward and back. Opens a connection of its own, which may take its time. */
@Injectable()
export class Migrator {
  constructor(
    private readonly core: CoreConfig,
    private readonly config: DatabaseConfig,
    @Inject(DECLARATIONS) private readonly declarations: readonly DomainDeclaration[],
  ) {}

  /** Apply what is pending; returns the names. Any number of processes may call it at once: one applies. */
  migrate(): Promise<string[]> {
    return this.connected((dataSource) =>
      withMigrationLock(dataSource, async () => {
        if ((await pendingOf(dataSource)).length === 0) return [];
        const applied = await changeSchema(dataSource, (executor) => executor.executePendingMigrations());
        return applied.map((migration) => migration.name);
      }),
    );
  }

  /** Take back the last `steps` migrations, each in a transaction; returns their names, newest first. */
  rollback(steps = 1): Promise<string[]> {
    return this.connected((dataSource) =>
      withMigrationLock(dataSource, async () => {
        const undone = (await executedMigrations(dataSource)).slice(0, steps);
        for (const _name of undone) await changeSchema(dataSource, (executor) => executor.undoLastMigration());
        return undone;
      }),
    );
  }

  /** Every known migration, oldest first. */
  status(): Promise<MigrationState[]> {
    return this.connected(statesOf);
  }

  /** The SQL that would make the schema equal to the entities; empty when it is. */
  drift(): Promise<string[]> {
    return this.connected(async (dataSource) => {
      const log = await dataSource.driver.createSchemaBuilder().log();
      return log.upQueries.map((query) => query.query);
    });
  }

  /**
   * At boot: apply pending migrations where that is allowed.
   * @throws BootRefused when some are pending and it is not.
   */
  async prepare(): Promise<string[]> {
    if (this.config.migrateOnBoot ?? this.core.isLocal) return this.migrate();
    const pending = await this.connected(pendingOf);
    if (pending.length === 0) return [];
    throw new BootRefused([
      `${pending.length} migrations are pending (${pending.join(', ')}): run \`npm run omni -- db migrate\` ` +
        'or set DB_MIGRATE_ON_BOOT=true',
    ]);
  }

  private async connected<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
    const input = { core: this.core, database: this.config, declarations: this.declarations };
    const place = placeOf(this.core, this.config, 'sessions');
    const dataSource = createDataSource(input, 'sessions');
    try {
      await dataSource.initialize();
      if (!this.core.usesSqlite) await demandSessions(poolOf(dataSource), place);
      return await work(dataSource);
    } catch (error) {
      throw refusalOf(error, place) ?? error;
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
    }
  }
}

async function statesOf(dataSource: DataSource): Promise<MigrationState[]> {
  const applied = new Set(await executedMigrations(dataSource));
  return dataSource.migrations.map((migration) => {
    const name = migration.name ?? migration.constructor.name;
    return { name, applied: applied.has(name) };
  });
}

async function pendingOf(dataSource: DataSource): Promise<string[]> {
  return (await statesOf(dataSource)).filter(({ applied }) => !applied).map(({ name }) => name);
}
