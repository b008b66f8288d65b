import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { poolOf } from './data-source';
import { Database } from './database';
import { DatabaseConfig } from './database.config';
import { type Place, placeOf } from './place';
import { demandSessions } from './postgres/sessions';
import { refusalOf } from './refusals';
import { type SerializedSqliteDriver } from './sqlite/serialized-sqlite.driver';
import { statement } from './statement';

/** How long a success is believed, and a refused write remembered, milliseconds. */
const MEMORY_MS = 10_000;
const NAMES_SHOWN = 3;

/** What writes fail with while the database reads well: read-only, out of disk. */
const UNWRITABLE = /^(25006|53100|SQLITE_(READONLY|FULL|IOERR).*)$/;

/** To be given a transaction id is to write, and leaves nothing; the rights are those that every table needs. */
const WRITE = statement('database.write', {
  postgres: `WITH wanted AS (
     SELECT name, to_regclass(quote_ident(name)) AS found FROM jsonb_array_elements_text(CAST(:tables AS jsonb)) AS name)
   SELECT
     pg_is_in_recovery() AS standby,
     CASE WHEN current_setting('transaction_read_only') = 'off' THEN txid_current() END AS written,
     ARRAY(SELECT name FROM wanted WHERE found IS NULL ORDER BY name) AS missing,
     ARRAY(SELECT name FROM wanted
       WHERE NOT has_table_privilege(found, 'SELECT') OR NOT has_table_privilege(found, 'INSERT') ORDER BY name) AS closed`,
});

interface Written {
  standby: boolean;
  written: string | null;
  missing: string[];
  closed: string[];
}

/** Whether the database can serve us: sessions where we need them, our tables, and writes. */
@Injectable()
export class DatabaseFitness {
  private readonly place: Place;
  private readonly tables: string[];
  private provenAt = -Infinity;
  private refused?: { readonly refusal: BootRefused; readonly at: number };

  constructor(
    private readonly database: Database,
    private readonly config: DatabaseConfig,
    core: CoreConfig,
  ) {
    this.place = placeOf(core, config, 'requests');
    this.tables = database.dataSource.entityMetadatas.map((entity) => entity.tableName);
    database.observe(({ errorCode }) => {
      if (errorCode !== undefined && UNWRITABLE.test(errorCode)) this.remember(errorCode);
    });
  }

  /**
   * Write, leaving nothing behind; at most every ten seconds while that works.
   * @throws BootRefused with the fix, when the database cannot serve us until somebody changes something
   */
  async demand(): Promise<void> {
    const now = performance.now();
    // The disk may take a small write and refuse the ones that matter.
    if (this.refused && now - this.refused.at < MEMORY_MS) throw this.refused.refusal;
    if (now - this.provenAt < MEMORY_MS) return;
    try {
      await (this.database.dialect === 'postgres' ? this.demandOfPostgres() : this.demandOfSqlite());
    } catch (error) {
      throw refusalOf(error, this.place) ?? error;
    }
    this.provenAt = performance.now();
  }

  private remember(code: string): void {
    const refusal = refusalOf(Object.assign(new Error(`writes fail with ${code}`), { code }), this.place);
    if (refusal) this.refused = { refusal, at: performance.now() };
  }

  private async demandOfSqlite(): Promise<void> {
    await (this.database.dataSource.driver as SerializedSqliteDriver).demandWritable();
  }

  private async demandOfPostgres(): Promise<void> {
    if (!this.config.pooler) await demandSessions(poolOf(this.database.dataSource), this.place);
    const parameters = { tables: this.tables };
    // In a transaction, as every write is: a pooler that lends sessions by the statement refuses it.
    const [row] = await this.database.transaction(() => this.database.query<Written>(WRITE, parameters));
    const line = row && this.lineOf(row);
    if (line) throw new BootRefused([line]);
  }

  private lineOf({ standby, written, missing, closed }: Written): string | undefined {
    const { setting, role, database } = this.place;
    if (standby) return `Name the primary in ${setting}: this server is a standby and takes no writes`;
    if (written === null) {
      return (
        `Run \`ALTER ROLE ${role} RESET default_transaction_read_only\`, or the same of DATABASE ${database} ` +
        `(${setting}): its transactions are read-only`
      );
    }
    if (missing.length > 0) {
      return (
        `Let role ${role} see the tables ${some(missing)} in ${database} (${setting}): GRANT it USAGE on their schema, ` +
        'set its search_path, or correct DATABASE_DIRECT_URL, which made them elsewhere'
      );
    }
    if (closed.length === 0) return undefined;
    return (
      `Run \`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}\` in ${database} ` +
      `(${setting}): the role may not use ${some(closed)}`
    );
  }
}

function some(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
