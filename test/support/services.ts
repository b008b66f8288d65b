/** Address of the Redis that `npm test` found, or undefined. */
export function redisUrl(): string | undefined {
  return process.env.TEST_REDIS_URL || undefined;
}

/** Address of the PostgreSQL database that `npm test` found, or undefined. A test makes its own database beside it. */
export function postgresUrl(): string | undefined {
  return process.env.TEST_DATABASE_URL || undefined;
}

/**
 * `describe` for what needs Redis; `block` receives its address. Without one the tests are skipped under a title
 * that says why, and `npm test` lists them at its end.
 */
export function describeWithRedis(title: string, block: (url: string) => void): void {
  describeWith(redisUrl(), title, 'needs Redis: TEST_REDIS_URL is not set', block);
}

/** `describe` for what needs PostgreSQL; as {@link describeWithRedis}. */
export function describeWithPostgres(title: string, block: (url: string) => void): void {
  describeWith(postgresUrl(), title, 'needs PostgreSQL: TEST_DATABASE_URL is not set', block);
}

function describeWith(url: string | undefined, title: string, need: string, block: (url: string) => void): void {
  if (url) describe(title, () => block(url));
  // The block still runs, to count what is skipped; its hooks and tests do not.
  else describe.skip(`${title} [${need}]`, () => block(''));
}
