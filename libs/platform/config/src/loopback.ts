const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;
const EVERY_INTERFACE = new Set(['0.0.0.0', '::', '[::]']);

/** Whether a host, as in a URL or in HOST, is this machine and nobody else's. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether a host stands for every address of this machine. */
export function isEveryInterface(host: string): boolean {
  return EVERY_INTERFACE.has(host);
}
