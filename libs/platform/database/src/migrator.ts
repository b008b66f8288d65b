import { Inject, Injectable } from '@nestjs/common';
import { CoreConfig, DECLARATIONS } from '@platform/config';
import { BootRefused, type DomainDeclaration } from '@platform/kernel';
import { type DataSource, type QueryRunner } from 'typeorm';
import { createDataSource, poolOf } from './data-source';
import { DatabaseConfig } from './database.config';
import { DomainRemoval, type Removal } from './domain-removal';
import { withMigrationLock } from './migration-lock';
import { placeOf } from './place';
import { demandSessions } from './postgres/sessions';
import { refusalOf } from './refusals';
import { changeSchema, executedMigrations } from './schema-change';
import { SchemaLedger } from './schema-ledger';

/** One migration and whether it is applied. */
export interface MigrationState {
  name: string;
  applied: boolean;
  /** Applied by code that is not here any more: the domain that it was of, `?` where nobody wrote that down. */
  leftBy?: string;
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
        const isPending = (await statesOf(dataSource)).some(({ applied }) => !applied);
        const applied = isPending
          ? await changeSchema(dataSource, (executor) => executor.executePendingMigrations())
          : [];
        await withRunner(dataSource, (runner) => new SchemaLedger(runner, this.declarations).record());
        return applied.map((migration) => migration.name);
      }),
    );
  }

  /**
   * Take back the last `steps` migrations, each in a transaction; returns their names, newest first.
   * @throws Error when the last is of a domain whose code is gone
   */
  rollback(steps = 1): Promise<string[]> {
    return this.connected((dataSource) =>
      withMigrationLock(dataSource, async () => {
        const undone: string[] = [];
        for (const last of (await executedMigrations(dataSource)).slice(0, steps)) {
          if (!known(dataSource).includes(last)) throw await this.leftBehind(dataSource, last);
          await changeSchema(dataSource, (executor) => executor.undoLastMigration());
          undone.push(last);
        }
        return undone;
      }),
    );
  }

  /** Every migration of the code, oldest first, then those that domains left behind whose code is gone. */
  status(): Promise<MigrationState[]> {
    return this.connected(async (dataSource) => {
      const states = await statesOf(dataSource);
      const names = known(dataSource);
      const left = (await executedMigrations(dataSource)).filter((each) => !names.includes(each)).reverse();
      for (const name of left)
        states.push({ name, applied: true, leftBy: (await this.makerOf(dataSource, name)) ?? '?' });
      return states;
    });
  }

  /** What `drop` would take away; changes nothing. @throws Error as {@link DomainRemoval.look} */
  holdings(domain: string): Promise<Removal> {
    return this.connected((dataSource) =>
      withRunner(dataSource, (runner) => new DomainRemoval(runner, this.declarations).look(domain)),
    );
  }

  /** Take the tables of a domain away for good, and the memory that they were migrated. @throws Error as {@link holdings} */
  drop(domain: string): Promise<Removal> {
    return this.connected((dataSource) =>
      withMigrationLock(dataSource, () =>
        withRunner(dataSource, (runner) => new DomainRemoval(runner, this.declarations).carryOut(domain)),
      ),
    );
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
    const states = await this.connected(statesOf);
    const pending = states.filter(({ applied }) => !applied).map(({ name }) => name);
    if (pending.length === 0) return [];
    throw new BootRefused([
      `${pending.length} migrations are pending (${pending.join(', ')}): run \`npm run omni -- db migrate\` ` +
        'or set DB_MIGRATE_ON_BOOT=true',
    ]);
  }

  private makerOf(dataSource: DataSource, migration: string): Promise<string | undefined> {
    return withRunner(dataSource, (runner) => new SchemaLedger(runner).ownerOf('migration', migration));
  }

  private async leftBehind(dataSource: DataSource, migration: string): Promise<Error> {
    const maker = await this.makerOf(dataSource, migration);
    const way = maker
      ? `\`npm run omni -- db drop ${maker}\` takes its tables away`
      : 'bring back the code that made it';
    return new Error(`${migration} was applied last, and its code is gone: ${way}`);
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

/** Migrations of the code, oldest first. */
function known(dataSource: DataSource): string[] {
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

async function statesOf(dataSource: DataSource): Promise<MigrationState[]> {
  const applied = new Set(await executedMigrations(dataSource));
  return known(dataSource).map((name) => ({ name, applied: applied.has(name) }));
}

async function withRunner<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}
