/** The versions that the API speaks, oldest first. */
export const API_VERSIONS = ['v1', 'v2'] as const;

/** One version of the API. */
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The newest version. */
export const LATEST_VERSION: ApiVersion = 'v2';

/** What a request gets that names no version. */
export const DEFAULT_VERSION: ApiVersion = 'v1';

const SPELLINGS: Record<string, ApiVersion> = { v1: 'v1', '1': 'v1', '1.0': 'v1', v2: 'v2', '2': 'v2', '2.0': 'v2' };
const IN_PATH = /(?:^|\/)(v[12])(?=\/|$|\?)/i;

/** `v1`, `1` or `1.0` in any case, with blanks around; anything else is null. */
export function parseApiVersion(text: string | undefined): ApiVersion | null {
  if (text === undefined) return null;
  const word = text.trim().toLowerCase();
  return Object.hasOwn(SPELLINGS, word) ? (SPELLINGS[word] ?? null) : null;
}

/** The version segment of a path, wherever it stands; null when there is none. */
export function versionInPath(path: string): ApiVersion | null {
  return parseApiVersion(IN_PATH.exec(path)?.[1]);
}

/** The version a request asks for: path, then `Accept-Version`, then `X-API-Version`, else v1. Routing uses the path only. */
export function requestedVersion(request: {
  url?: string;
  headers: Record<string, string | string[] | undefined>;
}): ApiVersion {
  return (
    versionInPath(request.url ?? '') ??
    parseApiVersion(single(request.headers['accept-version'])) ??
    parseApiVersion(single(request.headers['x-api-version'])) ??
    DEFAULT_VERSION
  );
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
