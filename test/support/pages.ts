import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const FOLDERS = ['docs', 'libs', 'tools'];
/** What the code writes itself. */
const GENERATED = /^docs\/reference\//;

/** A page that people wrote. */
export interface Page {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** What stands between backticks in a line. */
  readonly codes: readonly string[];
  /** The lines of its shell blocks; one that ends with a backslash or a pipe is joined with the next. */
  readonly commands: readonly string[];
}

/** Every page that people wrote, but for the changelog, which tells of the past. */
export function pages(): Page[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  ).map((file) => file.replaceAll('\\', '/'));
  const top = readdirSync(ROOT).filter((file) => file !== 'CHANGELOG.md');
  const found = [...top, ...below].filter((file) => file.endsWith('.md') && !GENERATED.test(file));
  return found.filter((file) => !file.includes('node_modules/')).map(pageAt);
}

/** One of them. @throws Error when there is none */
export function pageAt(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks = [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)];
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const shell = blocks.filter(([, language]) => language === 'sh').flatMap(([, , block = '']) => joined(block));
  return { path, text, codes: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code), commands: shell };
}

function joined(block: string): string[] {
  return block
    .replace(/\\\n\s*/g, '')
    .replace(/\|\n\s*/g, '| ')
    .split('\n')
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line !== '');
}
