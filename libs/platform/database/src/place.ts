import { join } from 'node:path';
import { type CoreConfig } from '@platform/config';
import { type DatabaseConfig } from './database.config';

/** What a connection is for: `sessions` are migrations and BullMQ, which need one for themselves. */
export type Purpose = 'requests' | 'sessions';

/** Where a connection leads, and the setting that says so. */
export interface Place {
  /** As messages name it. */
  readonly setting: string;
  /** Of PostgreSQL, for the driver. */
  readonly url: string;
  /** Of PostgreSQL: the role that we are there, quoted for SQL. */
  readonly role: string;
  /** Of PostgreSQL: its name, quoted for SQL. */
  readonly database: string;
  /** Of SQLite. */
  readonly file: string;
}

/** Path of the SQLite file. */
export function sqliteFile(core: CoreConfig): string {
  const fromUrl = core.databaseUrl?.replace(/^sqlite(\+\w+)?:(\/\/(?:\/(?=\.))?)?/, '');
  return fromUrl || join(core.dataDir, 'omnistack.db');
}

/** Where the connections of one purpose lead. */
export function placeOf(core: CoreConfig, config: DatabaseConfig, purpose: Purpose): Place {
  if (core.usesSqlite) {
    const setting = core.databaseUrl ? 'DATABASE_URL (core.databaseUrl)' : 'DATA_DIR (core.dataDir)';
    return { setting, url: '', role: '', database: '', file: sqliteFile(core) };
  }
  const isDirect = purpose === 'sessions' && config.directUrl !== undefined;
  const setting = isDirect ? 'DATABASE_DIRECT_URL (database.directUrl)' : 'DATABASE_URL (core.databaseUrl)';
  const address = (isDirect ? config.directUrl : core.databaseUrl) ?? '';
  const url = address.replace(/^postgres(ql)?(\+\w+)?:/, 'postgres:');
  return { setting, url, ...whoAndWhat(url), file: '' };
}

function whoAndWhat(address: string): Pick<Place, 'role' | 'database'> {
  const url = URL.parse(address) ?? new URL(address.replace('@/', '@socket/'));
  const role = url.searchParams.get('user') ?? decodeURIComponent(url.username);
  const database = decodeURIComponent(url.pathname.slice(1)) || role;
  return { role: role ? `"${role}"` : '<role>', database: database ? `"${database}"` : '<database>' };
}
