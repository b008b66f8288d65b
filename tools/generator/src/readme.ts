import { type Changes } from './changes.ts';
import { type DomainPlace } from './workspace.ts';

/** Put a row at the end of the README's table with this head, unless it is there; false when there is no such table. */
export function addReadmeRow(changes: Changes, { readme }: DomainPlace, head: string, row: string): boolean {
  if (!changes.has(readme)) return false;
  const { text } = changes.read(readme);
  if (text.includes(row)) return true;
  const lines = text.split('\n');
  const start = lines.indexOf(head);
  if (start === -1) return false;
  let end = start;
  while (lines[end + 1]?.startsWith('|')) end++;
  changes.edit(readme, (source) => ({ ...source, text: lines.toSpliced(end + 1, 0, row).join('\n') }));
  return true;
}

/** The line for "Not done" where the README has no such table any more. */
export function readmeNote(place: DomainPlace, isDone: boolean, row: string): string[] {
  return isDone ? [] : [`${place.readme} has no table for it any more; its row would be: ${row}`];
}
