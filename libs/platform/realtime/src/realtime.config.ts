import { flag, integer, type Rate, rate, setting, settings } from '@platform/config';

const HANDSHAKES: Rate = { limit: 300, windowSeconds: 60 };

/** How sockets are let in, and what they may send. */
export class RealtimeConfig extends settings('realtime', {
  allowQueryToken: setting(
    'SOCKET_ALLOW_QUERY_TOKEN',
    flag().default(true),
    'Accept a socket token as ?token= (deprecated, redacted in logs); false accepts handshake.auth.token only.',
  ),
  messagesPerSecond: setting(
    'SOCKET_MESSAGES_PER_SECOND',
    integer(1, 1_000).default(20),
    'Messages a second that a socket may send on average, 1–1000; one that sends more is ended.',
  ),
  messageBurst: setting(
    'SOCKET_MESSAGE_BURST',
    integer(1, 10_000).default(40),
    'Messages that a socket may send at once, 1–10000.',
  ),
  handshakes: setting(
    'RATE_LIMIT_SOCKETS',
    rate().default(HANDSHAKES),
    'Socket handshakes of one address; a client that begins with long polling makes two.',
    { example: '300/minute' },
  ),
}) {}
