import { type INestApplicationContext } from '@nestjs/common';
import { DemoAccounts } from '@api/auth';
import { CoreConfig } from '@platform/config';
import { configureLogging } from '@platform/observability';
import { warnOfExposure } from './exposure';

const ACCOUNTS = ['admin@omnistack.local', 'user@omnistack.local'];

/** What the log says of a process that listens at `host`. */
async function said(host: string, { isLocal = true, accounts = ACCOUNTS } = {}): Promise<string> {
  let heard = '';
  const destination = { write: (text: string) => void (heard += text) };
  configureLogging({ level: 'INFO', format: 'json', service: 's', environment: 'local', destination });
  const parts = new Map<unknown, unknown>([
    [CoreConfig, { isLocal }],
    [DemoAccounts, { existing: async () => accounts }],
  ]);
  // Of an application the function asks only for these two.
  await warnOfExposure({ get: (type: unknown) => parts.get(type) } as unknown as INestApplicationContext, host);
  return heard;
}

describe('exposure', () => {
  it('are told while other machines can come in: published passwords, and the inbox of local', async () => {
    const line = await said('0.0.0.0');
    for (const word of ['WARNING', 'HOST=0.0.0.0', ...ACCOUNTS, '/dev/mailbox', 'Set HOST=127.0.0.1']) {
      expect(line).toContain(word);
    }
    expect(await said('192.0.2.7', { accounts: [] })).toContain('/dev/mailbox');
    expect(await said('::', { isLocal: false })).toContain(ACCOUNTS[0]);
    expect(await said('::', { isLocal: false })).not.toContain('/dev/mailbox');
  });

  it('are none where only this machine comes in, or nothing is open', async () => {
    for (const host of ['127.0.0.1', 'localhost', '::1']) expect(await said(host)).toBe('');
    expect(await said('0.0.0.0', { isLocal: false, accounts: [] })).toBe('');
  });
});
