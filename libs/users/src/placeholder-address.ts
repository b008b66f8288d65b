const DOMAIN = '@placeholder.local';

/** The address of an account whose person gave none: well-formed, and nobody reads it (`.local`, RFC 6762 §3). */
export function placeholderAddress(name: string): string {
  return `${name}${DOMAIN}`;
}

/** Whether an address in lower case is one of {@link placeholderAddress}. */
export function isPlaceholderAddress(email: string): boolean {
  return email.endsWith(DOMAIN);
}
