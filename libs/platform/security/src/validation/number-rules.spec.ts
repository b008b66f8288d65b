import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsInt32, IsSafeInteger } from './number-rules';

class CountDto {
  @IsInt32()
  seats: number;

  @IsSafeInteger()
  cents: number;
}

/** Names of the fields that are refused. */
const refused = (given: object) =>
  validateSync(plainToInstance(CountDto, { seats: 0, cents: 0, ...given })).map(({ property }) => property);

describe('rules of whole numbers', () => {
  it('take what their columns hold, to the last number', () => {
    for (const seats of [-2_147_483_648, 0, 2_147_483_647]) expect(refused({ seats })).toEqual([]);
    for (const cents of [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]) expect(refused({ cents })).toEqual([]);
  });

  it('refuse what is beyond, broken or text', () => {
    for (const seats of [-2_147_483_649, 2_147_483_648, 1.5, '4', null]) expect(refused({ seats })).toEqual(['seats']);
    for (const cents of [-(2 ** 53), 2 ** 53, 0.1, '4', null]) expect(refused({ cents })).toEqual(['cents']);
  });
});
