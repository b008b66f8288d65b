/** What a socket may cost (reliability §4.6), beside the rates of {@link RealtimeConfig}. */
export const SOCKET_LIMITS = Object.freeze({
  messageBytes: 65_536,
  /** Frames of a WebSocket that one message may come in. */
  fragments: 64,
  /** Packets that the protocol needs beside messages: a probe, an upgrade, a CONNECT, pongs. */
  protocolPackets: 5,
  /** Packets that may wait for a client that does not read. */
  unreadPackets: 5_000,
  socketsPerUser: 10,
  /** A client that opens a connection and never says which namespace it wants. */
  connectTimeoutMs: 10_000,
  /** A client that was refused or told to go, and stays. */
  lingerMs: 1_000,
  pingIntervalMs: 25_000,
  /** How often expiry is looked at. */
  sweepMs: 1_000,
  /** How often a token is verified again: it may have been revoked, its owner deactivated. */
  recheckMs: 60_000,
  tokenCharacters: 8_192,
});
