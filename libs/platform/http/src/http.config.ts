import { flag, integer, list, setting, settings } from '@platform/config';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { parseApiVersion } from './entry/api-version';

const ORIGIN = /^https?:\/\/[^/\s?#@*]+$/i;
const EVERYWHERE = /\/0+$/;

/** `v1=2027-06-30,v2` or `{"v1":"2027-06-30"}`: a version, and a day (UTC) where one is known. */
function versionDates() {
  return z.string().transform((text, context) => {
    const dates = new Map<string, Date | null>();
    for (const [version, day] of pairsOf(text)) {
      const name = parseApiVersion(version);
      const date = day ? new Date(`${day}T00:00:00Z`) : null;
      if (!name || (date && Number.isNaN(date.getTime()))) {
        context.addIssue({ code: 'custom', message: 'expected versions with days, such as v1=2027-06-30' });
        return z.NEVER;
      }
      dates.set(name, date);
    }
    return dates;
  });
}

function pairsOf(text: string): [string, string][] {
  if (text.trim().startsWith('{')) {
    try {
      return Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text)));
    } catch {
      return [[text, '']];
    }
  }
  return text
    .split(',')
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const [version = '', day = ''] = item.split('=');
      return [version.trim(), day.trim()];
    });
}

/** What the HTTP server listens to, trusts and allows. */
export class HttpConfig extends settings('http', {
  host: setting(
    'HOST',
    z.string().optional(),
    'Address to listen on; default 127.0.0.1 in embedded mode, else 0.0.0.0, which is every interface.',
    { example: '' },
  ),
  corsOrigins: setting(
    'BACKEND_CORS_ORIGINS',
    list().default(['http://localhost:3000']),
    'Origins of browser pages that may call, exact: a JSON array or a comma-separated list. In ENVIRONMENT=local also ' +
      "pages of this machine on any port, and the API's own.",
    { example: '["http://localhost:3000"]' },
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    list().default([]),
    'Addresses or CIDRs of the proxies whose X-Forwarded-For or Forwarded is believed; none by default.',
    { example: '' },
  ),
  docsEnabled: setting(
    'API_DOCS_ENABLED',
    flag().optional(),
    'Serve /docs, /redoc and the OpenAPI documents; default true except in production.',
    { example: '' },
  ),
  deprecatedVersions: setting(
    'API_DEPRECATED_VERSIONS',
    versionDates().default(new Map()),
    'Deprecated API versions with the day of their deprecation, such as v1=2027-01-01; a version alone has no day.',
    { example: '' },
  ),
  sunsetDates: setting(
    'API_SUNSET_DATES',
    versionDates().default(new Map()),
    'Last day of a deprecated API version, such as v1=2027-06-30.',
    { example: '' },
  ),
  bodyLimitBytes: setting(
    'HTTP_BODY_LIMIT_BYTES',
    integer(1_024, 10_485_760).default(102_400),
    'Largest request body, bytes; a route may say otherwise with @BodyLimit.',
  ),
  headersTimeoutSeconds: setting(
    'HTTP_HEADERS_TIMEOUT_SECONDS',
    integer(1, 120).default(10),
    'Seconds within which the headers of a request must have arrived.',
  ),
  requestTimeoutSeconds: setting(
    'HTTP_REQUEST_TIMEOUT_SECONDS',
    integer(1, 600).default(30),
    'Seconds within which a whole request must have arrived.',
  ),
  keepAliveSeconds: setting(
    'HTTP_KEEP_ALIVE_SECONDS',
    integer(1, 600).default(65),
    'Seconds that an idle connection is kept; more than the idle time of the load balancer before it.',
  ),
  maxConnections: setting(
    'HTTP_MAX_CONNECTIONS',
    integer(1, 1_000_000).default(20_000),
    'Open connections of one process; further ones are closed at once.',
  ),
  drainSeconds: setting(
    'DRAIN_SECONDS',
    integer(0, 300).optional(),
    'Seconds between red readiness and the end of accepting on SIGTERM; default 5, in ENVIRONMENT=local 1.',
    { example: '' },
  ),
}) {
  static override readonly replaced = {
    TRUST_PROXY: 'set TRUSTED_PROXIES to the addresses or CIDRs of your proxies; a number of hops can be forged',
  };

  static override check(values: HttpConfig): string[] {
    const wrongOrigins = values.corsOrigins.filter((origin) => !ORIGIN.test(origin) || !URL.canParse(origin));
    return [
      ...wrongOrigins.map((origin) =>
        origin === '*'
          ? 'List the origins in BACKEND_CORS_ORIGINS (http.corsOrigins): * would let every web site act for a signed-in caller'
          : `Correct BACKEND_CORS_ORIGINS (http.corsOrigins): "${origin}" is not an origin such as https://app.example.com`,
      ),
      ...values.trustedProxies.flatMap((range) => wrongRange(range)),
    ];
  }
}

function wrongRange(range: string): string[] {
  const place = 'TRUSTED_PROXIES (http.trustedProxies)';
  if (EVERYWHERE.test(range)) {
    return [`Correct ${place}: "${range}" trusts everybody, so any client could choose its own address`];
  }
  try {
    addRange(new BlockList(), range);
    return [];
  } catch {
    return [`Correct ${place}: "${range}" is not an address or a CIDR such as 10.0.0.0/8`];
  }
}

/**
 * Add one address or CIDR to `ranges`.
 * @throws Error when `range` is neither.
 */
export function addRange(ranges: BlockList, range: string): void {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
    throw new Error(`not an address range: ${range}`);
  }
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) ranges.addAddress(address, type);
  else ranges.addSubnet(address, Number(bits), type);
}
