import { callLine, tokenLine } from './start/shell-lines';
import { type Start, type StartFacts } from './start/start-facts';

/** What a newcomer needs next: addresses, accounts and lines to try. Printed where ENVIRONMENT is local. */
export async function printBanner(facts: Pick<StartFacts, 'at'>, base: string): Promise<void> {
  // What cannot be read now is no reason to stop: the process serves already.
  const start = await facts.at(base).catch(() => undefined);
  process.stdout.write(`\n${start ? await bannerOf(start, base) : `  Ready at ${base}/`}\n\n`);
}

async function bannerOf(start: Start, base: string): Promise<string> {
  const token = await demoToken(start, base);
  const lines = [
    `${start.name} ${start.version} is ready: ${start.mode} mode, ${start.database}, worker ${start.worker.runs}`,
    '',
    ...rowsOf(start, base),
    '',
    start.token,
    '',
    ...tryLines(start, base, token),
  ];
  return lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
}

function rowsOf({ accounts, links, worker }: Start, base: string): string[] {
  const shown = links.filter(({ name }) => ['Swagger UI', 'Mailbox'].includes(name));
  const rows = [
    ['Start here', `${base}/`],
    ['API', `${base}/api/v1`],
    ...shown.map(({ name, url }) => [name, url]),
    ...(worker.runs === 'inside this process' ? [] : [['Worker', 'npm start -- worker, with the same settings']]),
    ...accounts.map(({ email, password, role }) => [role, `${email}, password ${password}`]),
  ];
  return rows.map(([title = '', text = '']) => `${title.padEnd(11)}${text}`);
}

function tryLines({ passwords }: Start, base: string, token: string | undefined): string[] {
  if (token !== undefined) return [callLine(base, token)];
  return passwords ? [tokenLine(base), callLine(base, '$TOKEN')] : [callLine(base)];
}

/** A token by an ordinary login; none where there is no demo account, or it has another password by now. */
async function demoToken({ accounts: [account] }: Start, base: string): Promise<string | undefined> {
  if (!account) return undefined;
  const { email, password } = account;
  const response = await fetch(`${base}/api/v1/public/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const body = (await response.json()) as { access_token?: string };
  return body.access_token;
}
