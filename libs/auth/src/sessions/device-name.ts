import * as Bowser from 'bowser';

/** What a person recognises their device by: `Firefox on Linux`. A user agent is only what a client says of itself. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  // A program names itself first: `curl/8.5.0`.
  const program = browser.name || /^[A-Za-z][\w.-]{0,39}/.exec(userAgent)?.[0] || 'Unknown browser';
  return os.name ? `${program} on ${os.name}` : program;
}
