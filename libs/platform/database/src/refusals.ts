import { pathRefusal } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { databaseErrorCode } from './errors';
import { type Place } from './place';

/**
 * What an error asks of the operator, in one line that names the setting and the fix.
 * @param schema of PostgreSQL, that the refused statement was about
 * @returns undefined for an outage, which ends by itself, and for a mistake of ours
 */
export function refusalOf(error: unknown, place: Place, schema = 'public'): BootRefused | undefined {
  if (error instanceof BootRefused) return error;
  const path = place.file && pathRefusal(error, place.setting, (error as NodeJS.ErrnoException).path ?? place.file);
  if (path) return path;
  const code = databaseErrorCode(error);
  const text = error instanceof Error ? error.message : String(error);
  const line = place.file ? sqliteLine(code, text, place) : postgresLine(code, text, place, schema);
  return line === undefined ? undefined : new BootRefused([line]);
}

function sqliteLine(code: string, text: string, { setting, file }: Place): string | undefined {
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) {
    const user = process.getuid?.() ?? '';
    return `Correct ${setting}: ${file} cannot be written (${text}); give user ${user} the file and its folder, or name another`;
  }
  if (/^SQLITE_(FULL|IOERR)/.test(code)) return `Make room on the disk of ${file} (${setting}): SQLite says "${text}"`;
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return `Correct ${setting}: ${file} is no SQLite database, or a damaged one (${text}); name another, or restore a backup`;
  }
  return /already exists/.test(text) ? occupied(text, file, setting) : undefined;
}

function postgresLine(code: string, text: string, place: Place, schema: string): string | undefined {
  const { setting, role, database } = place;
  switch (code) {
    case '28P01':
      return `Correct ${setting}: PostgreSQL refuses the password of ${role}; in it, write all but letters and digits percent-encoded`;
    case '28000':
      return `Correct ${setting}: PostgreSQL does not let ${role} in (${text}); make the role, or allow it in pg_hba.conf`;
    case '3D000':
      return `Run \`CREATE DATABASE ${database} OWNER ${role}\`, or correct ${setting}: there is no such database`;
    case '3F000':
      return `Run \`CREATE SCHEMA AUTHORIZATION ${role}\` in ${database} (${setting}): the role has no schema for its tables`;
    case '42501':
      return `${grantFor(text, place, schema)} in ${database} (${setting}): PostgreSQL says "${text}"`;
    case '42P06':
    case '42P07':
    case '42710':
    case '42723':
      return occupied(text, database, setting);
    case '25006':
      return `Name the primary in ${setting}, or run \`ALTER ROLE ${role} RESET default_transaction_read_only\`: PostgreSQL says "${text}"`;
    case '53100':
      return `Make room on the disk of ${database} (${setting}): PostgreSQL says "${text}"`;
    case '08P01':
      return poolerLine(text, setting);
    default:
      return transportLine(code, text, place);
  }
}

function occupied(text: string, database: string, setting: string): string {
  return (
    `Name an empty database in ${setting}: ${database} is another application's, or has lost its table "migrations" ` +
    `(${text})`
  );
}

/** What gives the role the right that it lacks in the server's words. */
function grantFor(text: string, { role, database }: Place, schema: string): string {
  const [, kind, name] = /for (\w+) "?([^"]+)"?$/.exec(text) ?? [];
  switch (kind) {
    case 'database':
      return `Run \`GRANT CREATE ON DATABASE ${database} TO ${role}\``;
    case 'schema':
      return `Run \`GRANT USAGE, CREATE ON SCHEMA "${name}" TO ${role}\``;
    case 'table':
      return `Run \`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${role}\``;
    case 'sequence':
      return `Run \`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "${schema}" TO ${role}\``;
    case 'function':
      return `Run \`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "${schema}" TO ${role}\``;
    default:
      return `Give role ${role} the right that it lacks`;
  }
}

function poolerLine(text: string, setting: string): string | undefined {
  if (/statement pooling/.test(text)) {
    return `Set pool_mode = transaction in the pooler of ${setting}: without transactions we cannot work ("${text}")`;
  }
  return /startup parameter/.test(text) ? sharedSessions(setting, `it says "${text}"`) : undefined;
}

/** What to do about an address behind which a connection has no session of its own. */
export function sharedSessions(setting: string, evidence: string): string {
  return setting.startsWith('DATABASE_DIRECT_URL')
    ? `Name PostgreSQL itself in ${setting}: it leads through a pooler (${evidence}), and migrations and jobs need sessions`
    : `Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL: ${setting} leads through a pooler (${evidence})`;
}

function transportLine(code: string, text: string, { setting, role }: Place): string | undefined {
  if (/client password must be a string/.test(text)) {
    return `Correct ${setting}: PostgreSQL asks ${role} for a password, and the address has none`;
  }
  if (/does not support SSL/.test(text)) {
    return `Correct ${setting}: the server speaks no TLS; take sslmode out of the address, or switch ssl on there`;
  }
  if (/CERT|UNABLE_TO_(VERIFY|GET)/.test(code)) {
    return `Correct ${setting}: the server's certificate is not trusted (${code}); add sslrootcert=<file of its authority>`;
  }
  return undefined;
}
