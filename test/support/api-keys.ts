import { type ApiClient } from './api-client';
import { type Stack } from './modes';
import { type Person } from './people';
import { type ReadableApiKeyWire } from './wire';

/** An API key as a program holds it. */
export interface HeldApiKey {
  /** A client that shows the key. */
  readonly client: ApiClient;
  readonly key: ReadableApiKeyWire;
}

/** An API key of the person with these scopes, made over the API; their session must be fresh. */
export async function withApiKey(stack: Stack, { client }: Person, scopes: readonly string[]): Promise<HeldApiKey> {
  const answer = await client.post<ReadableApiKeyWire>('/api/v1/app/api-keys', { name: 'A test', scopes });
  if (answer.status !== 201) throw new Error(`Making an API key answered ${answer.status}: ${answer.text}`);
  return { client: stack.client.as(answer.body.secret), key: answer.body };
}
