import { type OpenApiContract } from './openapi';
import { type ErrorWire } from './wire';

/** An answer as a client sees it; `body` is parsed JSON, or text of another type, or undefined. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

/** What goes beside method and path. */
export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string | number | boolean>;
}

/** The methods that the tests send. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD';

/** Speaks to a running API and holds every answer against the OpenAPI document and the house's rules. */
export class ApiClient {
  constructor(
    readonly base: string,
    private readonly contracts: readonly OpenApiContract[],
    readonly token?: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The same client with somebody's access token. */
  as(token: string | undefined): ApiClient {
    return new ApiClient(this.base, this.contracts, token, this.headers);
  }

  /** The same client that also sends these headers. */
  with(headers: Record<string, string>): ApiClient {
    return new ApiClient(this.base, this.contracts, this.token, { ...this.headers, ...headers });
  }

  get<T = unknown>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('GET', path, options);
  }

  post<T = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('POST', path, { body, ...options });
  }

  patch<T = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('PATCH', path, { body, ...options });
  }

  delete<T = unknown>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('DELETE', path, options);
  }

  /**
   * Send, read, check.
   * @throws Error when the answer breaks the contract, whatever the test looks at.
   */
  async send<T = unknown>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.append(name, String(value));
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
        ...options.headers,
      },
      body: asBody(options.body),
      redirect: 'manual',
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    const body = text === '' ? undefined : contentType.includes('json') ? (JSON.parse(text) as unknown) : text;
    const answer: Answer = { status: response.status, headers: response.headers, body, text };
    this.check(method, url.pathname, contentType, answer);
    // The caller names the shape; the contract check above has just held the body against the document.
    return answer as Answer<T>;
  }

  private check(method: Method, path: string, contentType: string, answer: Answer): void {
    const violations = houseRules(method, path, contentType, answer);
    const answered = { method, path, status: answer.status, contentType, body: answer.body };
    const spoken = this.contracts.map((contract) => contract.violations(answered)).find((found) => found !== undefined);
    violations.push(...(spoken ?? []));
    if (!spoken && this.contracts.length > 0 && answer.status < 300 && isOfTheApi(method, path)) {
      violations.push(`${method} ${path} answered ${answer.status}, but no OpenAPI document has such a route`);
    }
    if (violations.length === 0) return;
    throw new Error(`The answer breaks the contract:\n- ${violations.join('\n- ')}\n${answer.text.slice(0, 2000)}`);
  }
}

/** Whether the OpenAPI documents speak of such requests; of themselves they do not. */
function isOfTheApi(method: Method, path: string): boolean {
  return path.startsWith('/api/') && !path.endsWith('/openapi.json') && method !== 'OPTIONS' && method !== 'HEAD';
}

function asBody(body: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

/** What holds for every answer, whatever the route. */
function houseRules(method: Method, path: string, contentType: string, answer: Answer): string[] {
  const place = `${method} ${path} → ${answer.status}`;
  const violations: string[] = [];
  if (answer.status === 500) violations.push(`${place}: no request may end in 500`);
  if (!answer.headers.get('x-request-id')) violations.push(`${place}: no X-Request-ID`);
  if (answer.headers.has('x-powered-by')) violations.push(`${place}: X-Powered-By tells what we run on`);
  if (/\bat .+\.(js|ts):\d+|SQLITE_|QueryFailedError|node_modules/.test(answer.text)) {
    if (contentType.includes('json')) violations.push(`${place}: internals in the body`);
  }
  if (answer.status >= 400 && method !== 'HEAD') violations.push(...errorViolations(place, contentType, answer));
  return violations;
}

function errorViolations(place: string, contentType: string, answer: Answer): string[] {
  const requestId = answer.headers.get('x-request-id');
  if (contentType.startsWith('application/problem+json')) {
    const problem = answer.body as { status?: unknown; title?: unknown; code?: unknown };
    const complete = problem.status === answer.status && typeof problem.code === 'string' && problem.title;
    return complete ? [] : [`${place}: not a problem of RFC 9457 with status, title and code`];
  }
  const error = (answer.body as Partial<ErrorWire> | undefined)?.error;
  if (!error) return [`${place}: no error envelope`];
  const violations: string[] = [];
  if (Object.keys(answer.body as object).length !== 1) violations.push(`${place}: more than \`error\` in the envelope`);
  if (!/^[A-Z][A-Z_]+$/.test(error.code)) violations.push(`${place}: code ${error.code}`);
  if (typeof error.message !== 'string' || error.message === '') violations.push(`${place}: no message`);
  if (typeof error.details !== 'object' || error.details === null) violations.push(`${place}: no details object`);
  if (error.request_id !== requestId) violations.push(`${place}: request_id differs from X-Request-ID`);
  return violations;
}
