/** What a socket may cost (reliability §4.6). */
export const SOCKET_LIMITS = Object.freeze({
  messageBytes: 65_536,
  messagesPerSecond: 20,
  burst: 40,
  socketsPerUser: 10,
  /** A client that opens a connection and never says which namespace it wants. */
  connectTimeoutMs: 10_000,
  pingIntervalMs: 25_000,
  /** How often expiry is looked at. */
  sweepMs: 1_000,
  /** How often a token is verified again: it may have been revoked, its owner deactivated. */
  recheckMs: 60_000,
  tokenCharacters: 8_192,
});
