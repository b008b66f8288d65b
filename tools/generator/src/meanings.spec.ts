import { clashesIn } from './meanings.ts';
import { tagged, taggedAtEnd, tagsIn, untagged } from './tags.ts';

/** `$one` and `$two` are names under judgement. */
function clashes(text: string, one: string, two = 'zebra'): string[] {
  const written = text.replaceAll('$one', tagged(one, 0)).replaceAll('$two', tagged(two, 1));
  return clashesIn([{ path: 'a.ts', text: written }]).map(
    ({ from, word }) => `${word} of ${from.flatMap(tagsIn).join()}`,
  );
}

describe('a tag', () => {
  it('is put on and taken off, and says whose it is', () => {
    expect([tagged('box', 0), tagged('VehiclePart', 12), taggedAtEnd('VehicleRetired', 3)]).toEqual([
      'bq0qox',
      'Vq12qehiclePart',
      'VehicleRq3qetired',
    ]);
    expect(tagsIn('const bq0qox = new Pq12qart(); BQ0QOX')).toEqual([0, 12, 0]);
    expect(untagged('const bq0qox = new Pq12qart(); BQ0QOX')).toBe('const box = new Part(); BOX');
  });
});

describe('a name', () => {
  it.each([
    ['a parameter of its own', 'export const f = ($one: number, other: number) => $one + other;', 'box'],
    [
      'a name that is used elsewhere',
      'export const f = () => { const other = 1; return other; };\nexport const $one = 2;',
      'other',
    ],
    ['a property beside a variable', "export const f = (id: string) => ({ id, $one: '' });", 'name'],
  ])('may be %s', (_what, text, one) => {
    expect(clashes(text, one)).toEqual([]);
  });

  it.each([
    ['imported already', "import { other } from './b';\nexport const $one = () => other;", 'other'],
    ['a global that is used', 'export const now = () => new Date();\nexport class $one {}', 'Date'],
    [
      'the parameter of a function that it is used in',
      'const $one = 1;\nexport const f = (id: number) => id + $one;',
      'id',
    ],
    [
      'another member of the class',
      'export class A {\n  $one = 1;\n  get values() {\n    return [];\n  }\n}',
      'values',
    ],
    [
      'another parameter of the constructor',
      'export class A {\n  constructor(private events: B, private $one: C) {}\n}',
      'events',
    ],
    ['a word of the language', 'export const f = () => {\n  const $one = 1;\n  return $one;\n};', 'class'],
    ['a word of strict code', 'export const f = ($one: number) => $one;', 'package'],
    ['what every function has', 'export const f = ($one: number) => $one;', 'arguments'],
    [
      'what a shorthand says',
      'export const f = ($one: number) => {\n  const id = 1;\n  return { id, $one };\n};',
      'id',
    ],
  ])('is found when it is %s', (_what, text, one) => {
    expect(clashes(text, one)).toContainEqual(expect.stringMatching(new RegExp(`^${one} of .*0`)));
  });

  it('is found in the other file that it leads to', () => {
    const files = [
      {
        path: 'a.ts',
        text: `import { ${tagged('boxPage', 0)} } from './${tagged('b', 0)}';\nexport type Page = boxPage;`,
      },
      { path: `${tagged('b', 0)}.ts`, text: `export interface ${tagged('boxPage', 0)} {}` },
    ];
    expect(clashesIn(files).map(({ word }) => word)).toContain('boxPage');
  });

  it('is told apart from the other that is on trial', () => {
    expect(clashes('export interface A {\n  $one: string;\n  $two: number;\n}', 'size', 'weight')).toEqual([]);
    expect(clashes('export interface A {\n  $one: string;\n  $two: number;\n}', 'size', 'size')[0]).toMatch(/^size of/);
  });
});
