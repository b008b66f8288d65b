/** For lines that a newcomer copies: an address of nobody, and a password that no list of common ones holds. */
const NEWCOMER = { email: 'you@example.com', password: 'correct horse battery' };

/** A line that puts a token into `$TOKEN`: of the account, else of a newcomer who registers the first time. */
export function tokenLine(base: string, account?: { readonly email: string; readonly password: string }): string {
  const { email, password } = account ?? NEWCOMER;
  const post = (way: string): string =>
    `curl -s ${base}/api/v1/public/auth/${way} -H 'content-type: application/json' -d '${JSON.stringify({ email, password })}'`;
  const asked = account ? post('login') : `for way in register login; do ${post('$way')}; done`;
  // Greedy: of two answers the last token counts.
  return `TOKEN=$(${asked} | sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')`;
}

/** A line that answers 200 on every installation: with a token, or the variable of one, who it belongs to. */
export function callLine(base: string, token?: string): string {
  if (token === undefined) return `curl -s ${base}/api/v1/public/health`;
  return `curl -s ${base}/api/v1/app/users/me -H "Authorization: Bearer ${token}"`;
}
