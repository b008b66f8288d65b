import { type CoreConfig } from '@platform/config';

/** Accounts that `omni db seed --set demo` makes; embedded mode only. */
const DEMO = { admin: 'admin@omnistack.local', user: 'user@omnistack.local', password: 'omnistack-demo' };

/** What a newcomer needs next: addresses, accounts and one line to try. Printed where ENVIRONMENT is local. */
export async function printBanner(core: CoreConfig, base: string, docs: boolean): Promise<void> {
  const lines = [`${core.projectName} is ready (${core.mode} mode)`, '', `  API      ${base}/api/v1`];
  if (docs) lines.push(`  Swagger  ${base}/docs`);
  lines.push(`  Mailbox  ${base}/dev/mailbox`);
  const token = core.mode === 'embedded' ? await demoToken(base) : undefined;
  if (token) {
    lines.push('', `  Accounts ${DEMO.admin} and ${DEMO.user}, password ${DEMO.password}`, '', '  Try:');
    lines.push(`  curl -s ${base}/api/v1/app/projects -H 'Authorization: Bearer ${token}'`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** A token by an ordinary login; none when the demo account is not there or has another password. */
async function demoToken(base: string): Promise<string | undefined> {
  const response = await fetch(`${base}/api/v1/public/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: DEMO.user, password: DEMO.password }),
  }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const body = (await response.json()) as { access_token?: string };
  return body.access_token;
}
