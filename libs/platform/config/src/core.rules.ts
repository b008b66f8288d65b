import { isEveryInterface, isLoopback } from './loopback';
import { eachRule } from './rules';
import { weaknessOf } from './secret-strength';

/** What the rules read of the core settings. */
export interface CoreFacts {
  readonly environment: string;
  readonly isLocal: boolean;
  readonly isProduction: boolean;
  readonly secretKey: string;
  readonly usesSqlite: boolean;
  readonly allowSqliteInProduction: boolean;
  readonly publicBaseUrl?: string;
  readonly appUrl?: string;
  readonly ownUrl: string;
  readonly port: number;
  readonly workerInline: boolean;
}

/** What keeps a process with these core settings from doing its job. */
export function coreProblems(core: CoreFacts): string[] {
  return eachRule(
    () => weakSecret(core),
    () => embeddedDatabase(core),
    () => missingBaseUrl(core),
    () => publicAddress(core, 'PUBLIC_BASE_URL (core.publicBaseUrl)', core.publicBaseUrl),
    () => publicAddress(core, 'APP_URL (core.appUrl)', core.appUrl),
    () => unknownPort(core),
  );
}

/** What works, and not as its operator may think. */
export function coreAdvice(core: CoreFacts): string[] {
  if (core.environment !== 'staging' || core.publicBaseUrl || core.appUrl) return [];
  return [
    `Set PUBLIC_BASE_URL (core.publicBaseUrl): links in mails lead to ${core.ownUrl}, which is this machine alone`,
  ];
}

function weakSecret({ isLocal, secretKey }: CoreFacts): string | undefined {
  const weakness = isLocal ? undefined : weaknessOf(secretKey);
  return weakness && `Replace SECRET_KEY (core.secretKey): ${weakness}; \`openssl rand -base64 48\` makes one`;
}

function embeddedDatabase({ allowSqliteInProduction, environment, isLocal, usesSqlite }: CoreFacts) {
  if (isLocal || !usesSqlite || allowSqliteInProduction) return undefined;
  return (
    `Set DATABASE_URL (core.databaseUrl) to a PostgreSQL address: ENVIRONMENT=${environment} does not run on ` +
    'the embedded database unless ALLOW_SQLITE_IN_PRODUCTION=true says so'
  );
}

function missingBaseUrl({ isProduction, publicBaseUrl }: CoreFacts): string | undefined {
  if (!isProduction || publicBaseUrl) return undefined;
  return (
    'Set PUBLIC_BASE_URL (core.publicBaseUrl) to the https address of the API: without it, links and redirects lead ' +
    'people to localhost'
  );
}

function publicAddress({ isProduction }: CoreFacts, place: string, address: string | undefined): string | undefined {
  const url = isProduction && address ? URL.parse(address) : null;
  if (!url) return undefined;
  if (isLoopback(url.hostname) || isEveryInterface(url.hostname)) {
    return `Correct ${place}: ${url.hostname} leads everybody to their own machine; name the public host, with https`;
  }
  if (url.protocol === 'https:') return undefined;
  return `Correct ${place}: links with tokens travel under it, so in production it begins with https://`;
}

function unknownPort({ appUrl, isProduction, port, publicBaseUrl, workerInline }: CoreFacts): string | undefined {
  if (port !== 0 || workerInline || publicBaseUrl || appUrl || isProduction) return undefined;
  return (
    'Set PUBLIC_BASE_URL (core.publicBaseUrl), or PORT to a number: with PORT=0 the separate worker does not know ' +
    'where its links lead'
  );
}
