import { resolve } from 'node:path';
import { BootRefused } from '@platform/kernel';

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of it is a file',
  EEXIST: 'it is a file',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/**
 * What a failure of the file system at `path` asks of the operator, in one line.
 * @returns undefined when the error is another one
 */
export function pathRefusal(error: unknown, setting: string, path: string): BootRefused | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const isForeign = code === 'EACCES' || code === 'EPERM';
  const reason = isForeign ? `user ${process.getuid?.() ?? ''} may not` : (REASONS[code] ?? code);
  return new BootRefused([
    `Correct ${setting}: ${resolve(path)} cannot be written (${reason}); name a path that can, or put that right`,
  ]);
}
