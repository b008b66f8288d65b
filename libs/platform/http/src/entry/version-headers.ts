import { API_VERSIONS, type ApiVersion, LATEST_VERSION } from './api-version';
import { type Header } from './security-headers';

/** Which versions are on their way out. */
export interface Deprecations {
  /** Deprecated versions with the day it was declared; null when no day was given. */
  readonly deprecated: ReadonlyMap<string, Date | null>;
  readonly sunset: ReadonlyMap<string, Date | null>;
}

/** The sentence of `X-Deprecation-Notice`, or null when the version is not deprecated. */
export function deprecationNotice(version: ApiVersion, { deprecated, sunset }: Deprecations): string | null {
  if (!deprecated.has(version)) return null;
  const day = sunset.get(version)?.toISOString().slice(0, 10);
  return (
    `API ${version} is deprecated. ` +
    (day ? `It will be removed on ${day}. ` : '') +
    `Please migrate to ${LATEST_VERSION}.`
  );
}

/** The version and deprecation headers of every answer below `/api/<version>`, made once per process (D14). */
export function versionHeaders(version: ApiVersion, deprecations: Deprecations): readonly Header[] {
  const headers: Header[] = [
    ['X-API-Version', version],
    ['X-API-Latest-Version', LATEST_VERSION],
  ];
  const notice = deprecationNotice(version, deprecations);
  if (!notice) return headers;
  // RFC 9745 wants a date; one that is long past says "already deprecated" where no day was configured.
  const since = deprecations.deprecated.get(version) ?? new Date(0);
  headers.push(['Deprecation', `@${Math.floor(since.getTime() / 1000)}`]);
  const sunset = deprecations.sunset.get(version);
  if (sunset) headers.push(['Sunset', sunset.toUTCString()]);
  headers.push(['X-Deprecation-Notice', notice]);
  if (version !== LATEST_VERSION) headers.push(['Link', `</api/${LATEST_VERSION}/>; rel="successor-version"`]);
  return headers;
}

/** {@link versionHeaders} of every version. */
export function allVersionHeaders(deprecations: Deprecations): Record<ApiVersion, readonly Header[]> {
  const [v1, v2] = API_VERSIONS.map((version) => versionHeaders(version, deprecations));
  return { v1: v1 ?? [], v2: v2 ?? [] };
}
