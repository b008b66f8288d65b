/** Cache key of what a sign-in stands for. */
export function sessionKey(sessionId: string): string {
  return `session:${sessionId}`;
}
