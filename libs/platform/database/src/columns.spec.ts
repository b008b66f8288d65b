import { getMetadataArgsStorage, type ValueTransformer } from 'typeorm';
import { BigIntColumn, BigIntTextColumn } from './columns';

class Meter {
  @BigIntColumn() cents: number;
  @BigIntColumn({ nullable: true }) tare: number | null;
  @BigIntTextColumn() turns: string;
  @BigIntTextColumn({ nullable: true }) serial?: string | null;

  // @ts-expect-error a column that is read as a number
  @BigIntColumn() misread: string;
  // @ts-expect-error a column that is read as a text
  @BigIntTextColumn() rounded: number;
}

describe('a bigint column', () => {
  // What drivers give: PostgreSQL's text, SQLite's number.
  it.each<[keyof Meter, unknown, unknown]>([
    ['cents', '12', 12],
    ['cents', 12, 12],
    ['tare', null, null],
    ['turns', '9007199254740993', '9007199254740993'],
    ['turns', 12, '12'],
    ['serial', null, null],
  ])('reads %s of %p as its type says', (property, stored, read) => {
    const column = getMetadataArgsStorage().columns.find(
      ({ propertyName, target }) => target === Meter && propertyName === property,
    );
    const { from } = (column?.options.transformer ?? {}) as Partial<ValueTransformer>;
    expect(from?.(stored)).toBe(read);
  });
});
