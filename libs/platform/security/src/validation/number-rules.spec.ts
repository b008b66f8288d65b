import { validateSync } from 'class-validator';
import { IsInt32, IsSafeInteger } from './number-rules';

class WidthDto {
  @IsInt32()
  width: unknown;
}

class PriceDto {
  @IsSafeInteger()
  cents: unknown;
}

function messages(width: unknown): string[] {
  return validateSync(Object.assign(new WidthDto(), { width })).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );
}

describe('IsInt32', () => {
  it.each([0, -2_147_483_648, 2_147_483_647])('takes %s', (width) => {
    expect(messages(width)).toEqual([]);
  });

  it.each([2_147_483_648, -2_147_483_649, 1.5, '4', null, undefined, NaN, Infinity])(
    'refuses %s in one sentence',
    (width) => {
      expect(messages(width)).toEqual(['Must be a whole number from -2147483648 to 2147483647']);
    },
  );
});

describe('IsSafeInteger', () => {
  const refused = (cents: unknown) => validateSync(Object.assign(new PriceDto(), { cents })).length === 1;

  it('takes what no reader of JSON rounds, and nothing beyond', () => {
    const good = [0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const bad = [2 ** 53, -(2 ** 53), 19.99, '4', null, undefined, NaN, Infinity];
    expect([good.filter(refused), bad.filter(refused)]).toEqual([[], bad]);
  });
});
