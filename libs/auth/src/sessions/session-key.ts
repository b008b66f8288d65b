/** Cache key of what a session stands for. */
export function sessionKey(sessionId: string): string {
  return `session:${sessionId}`;
}
