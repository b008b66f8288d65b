import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let known: string | undefined;

/** The version of the product: the `version` of the package.json above this file, from source and from dist alike. */
export function packageVersion(): string {
  return (known ??= readVersion(__dirname));
}

function readVersion(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      // JSON.parse returns any; the field is checked before use.
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
      return typeof version === 'string' ? version : '0.0.0';
    }
    if (folder === dirname(folder)) return '0.0.0';
  }
}
