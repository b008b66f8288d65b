import { validateSync } from 'class-validator';
import { IsInt32 } from './int32';

class WidthDto {
  @IsInt32()
  width: unknown;
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
