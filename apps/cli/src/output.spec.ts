import { PassThrough } from 'node:stream';
import { Output, type TableRow } from './output';

function printed(rows: readonly TableRow[], json?: boolean): string {
  const stream = new PassThrough();
  new Output(stream).table(rows, { json, empty: 'Nothing here' });
  return String(stream.read());
}

describe('the output of a command', () => {
  it('aligns columns under their headings and shows nothing as a dash', () => {
    const rows = [
      { name: 'projects.export', tries: 3 },
      { name: 'mail', tries: null },
    ];
    expect(printed(rows)).toBe('NAME             TRIES\nprojects.export  3\nmail             -\n');
  });

  it('prints the same rows as JSON when asked', () => {
    expect(JSON.parse(printed([{ name: 'mail', tries: 1 }], true))).toEqual([{ name: 'mail', tries: 1 }]);
  });

  it('says that there is nothing instead of printing headings alone', () => {
    expect(printed([])).toBe('Nothing here\n');
  });

  it('prints an empty JSON array, not a sentence, for a program', () => {
    expect(JSON.parse(printed([], true))).toEqual([]);
  });
});
