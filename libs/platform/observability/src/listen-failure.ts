import { BootRefused } from '@platform/kernel';

/** Where a server was to listen, and the settings that say so. */
export interface ListenPlace {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

const ADDRESS_FAULTS = new Set(['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

/** What to throw when a server cannot listen: a {@link BootRefused} where the settings are at fault, else `error`. */
export function listenFailure(error: unknown, { host, hostSetting, port, portSetting }: ListenPlace): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new BootRefused([
      `Port ${port} (${portSetting}) is taken: stop the process that listens there, or set another ${portSetting}`,
    ]);
  }
  if (!ADDRESS_FAULTS.has(code)) return error;
  const place = `${hostSetting}, ${portSetting}; ${code}`;
  return new BootRefused([
    `Nothing may listen on ${host}:${port} (${place}): set another ${hostSetting} or ${portSetting}`,
  ]);
}
