import { flag, setting, settings } from '@platform/config';

/** How sockets are let in. */
export class RealtimeConfig extends settings('realtime', {
  allowQueryToken: setting(
    'SOCKET_ALLOW_QUERY_TOKEN',
    flag().default(true),
    'Accept a socket token as ?token= (deprecated, redacted in logs); false accepts handshake.auth.token only.',
  ),
}) {}
