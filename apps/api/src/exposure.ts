import { type INestApplicationContext } from '@nestjs/common';
import { DemoAccounts } from '@api/auth';
import { CoreConfig, isLoopback } from '@platform/config';
import { Log } from '@platform/observability';

/** Says at boot what is open to whoever reaches `host`, where that is more than this machine. */
export async function warnOfExposure(app: INestApplicationContext, host: string): Promise<void> {
  if (isLoopback(host)) return;
  const accounts = await app.get(DemoAccounts, { strict: false }).existing();
  const exposed = [
    ...(accounts.length > 0 ? [`the demo accounts ${accounts.join(' and ')}, whose password is published`] : []),
    ...(app.get(CoreConfig).isLocal ? ['/dev/mailbox, which shows every mail and its links'] : []),
  ];
  if (exposed.length === 0) return;
  Log.for('boot').warn(
    `Open to every machine that reaches this one (HOST=${host}): ${exposed.join('; ')}. Set HOST=127.0.0.1`,
  );
}
