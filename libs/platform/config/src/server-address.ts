import { z } from 'zod';

/**
 * An address of a server, `scheme://user:password@host:port/name`, that every driver reads alike. What can only be a
 * password that was not percent-encoded is refused here, in words that show nothing of it: a driver would say
 * "Invalid URL", or take a piece of the password for the host and print it.
 * @param scheme matches the scheme and its `://`
 * @param expected what to write instead of another scheme
 * @param besides matches what is no server and is taken as it is
 */
export function serverAddress(scheme: RegExp, expected: string, besides?: RegExp) {
  return z.string().superRefine((text, context) => {
    if (besides?.test(text)) return;
    const message = scheme.test(text) ? mistakeIn(text.replace(scheme, '')) : `expected ${expected}`;
    if (message) context.addIssue({ code: 'custom', message });
  });
}

/** What is wrong with everything behind `://`; undefined when nothing is. */
function mistakeIn(rest: string): string | undefined {
  if (/\s/.test(rest)) return unencoded('a space', '%20');
  if (rest.includes('#')) return unencoded('#', '%23');
  if (/%(?![0-9a-f]{2})/i.test(rest)) return unencoded('%', '%25');
  // The first / or ? ends the host, so an @ behind it belongs to a password; only the value of a parameter may have one.
  if (/^[^/?]*(\/[^?]*|[^?]*\?[^=&]*)@/.test(rest)) return unencoded('/ and ?', '%2F and %3F');
  if (!isReadable(rest)) return unencoded('anything but letters and digits', 'its percent-code, such as %3A for :');
  return undefined;
}

function unencoded(what: string, code: string): string {
  return `this is no address; in its user name and password write ${what} as ${code}`;
}

function isReadable(rest: string): boolean {
  // node-postgres takes an empty host where a parameter names the folder of a socket.
  const url = URL.parse(`server://${rest}`) ?? URL.parse(`server://${rest.replace('@/', '@socket/')}`);
  try {
    return url !== null && decodeURIComponent(url.username + url.password + url.host + url.pathname) !== '';
  } catch {
    return false;
  }
}
