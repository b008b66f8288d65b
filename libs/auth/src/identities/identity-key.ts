/** Cache key of the account that a provider means by a subject. */
export function identityKey(provider: string, subject: string): string {
  // A provider's name holds no blank, so no two pairs share a key.
  return `identity:${provider} ${subject}`;
}
