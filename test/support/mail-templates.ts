import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LIBS = resolve(__dirname, '../../libs');
const CALL = /\bdefineMailTemplate(?:<[^(]*>)?\(/g;
const NAMED = /\bdefineMailTemplate(?:<[^(]*>)?\(\{\s*name: '([a-z0-9_]+)'/g;

/**
 * Names of all mail templates that domains define, read from the sources, so that none is forgotten.
 * @throws Error naming a file whose templates cannot be read
 */
export function mailTemplates(): string[] {
  const files = readdirSync(LIBS, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /^[^/]+\/src\/.*\.ts$/.test(file) && !file.startsWith('platform/'));
  return files.flatMap(templatesIn).sort();
}

function templatesIn(file: string): string[] {
  const text = readFileSync(join(LIBS, file), 'utf8');
  const names = [...text.matchAll(NAMED)].map(([, name = '']) => name);
  if (names.length === (text.match(CALL) ?? []).length) return names;
  throw new Error(`libs/${file}: write \`name: '…'\` first in each defineMailTemplate({ … }), where tests read it`);
}
