import { IsDisplayName, IsEmailAddress, IsInt32, IsTimestamp } from '@platform/security';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQueryDto } from '../paging/page-query.dto';
import { type DescribedProperty, describeInput } from './input-schemas';

enum Size {
  Small,
  Large,
}

class PartDto {
  @IsString()
  word: string;
}

class OrderDto {
  @IsInt()
  @Min(-2_147_483_648)
  @Max(2_147_483_647)
  amount: number;

  @IsInt32()
  width: number;

  @IsOptional()
  @IsInt()
  @Min(-9_007_199_254_740_991)
  cents?: number | null;

  @ValidateIf((_body, value) => value !== undefined)
  @IsDisplayName(40)
  name?: string;

  @ValidateIf((_body, value) => value !== null)
  @IsTimestamp()
  due: string | null;

  @IsIn(['new', 'used'])
  state: 'new' | 'used';

  @IsEnum(Size)
  size: Size;

  @Matches(/^[A-Z]{3}$/)
  currency: string;

  @Matches(/^[a-z]+$/i)
  word: string;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(9)
  @IsString({ each: true })
  @Length(2, 8, { each: true })
  tags: string[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts: PartDto[];

  @ValidateNested()
  @Type(() => PartDto)
  first: PartDto;

  @Transform(({ value }: { value: unknown }) => value)
  @MaxLength(7)
  note: string = 'none';
}

class RushedOrderDto extends OrderDto {
  @IsEmailAddress()
  tell: string;
}

const described = (input: new () => object, stated = {}): Record<string, DescribedProperty> =>
  Object.fromEntries(describeInput(input, stated).map((property) => [property.name, property]));

describe('the schema of an input', () => {
  const order = described(OrderDto);
  const part = { $ref: '#/components/schemas/PartDto' };

  it.each([
    ['amount', { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 }],
    ['width', { type: 'integer', format: 'int32', minimum: -2_147_483_648, maximum: 2_147_483_647 }],
    ['cents', { type: 'integer', minimum: -9_007_199_254_740_991 }],
    ['name', { type: 'string', minLength: 1, maxLength: 40 }],
    ['due', { type: 'string', format: 'date-time' }],
    ['state', { type: 'string', enum: ['new', 'used'] }],
    ['size', { type: 'number', enum: [0, 1] }],
    ['currency', { type: 'string', pattern: '^[A-Z]{3}$' }],
    ['word', { type: 'string' }],
    ['tags', { type: 'array', minItems: 1, maxItems: 9, items: { type: 'string', minLength: 2, maxLength: 8 } }],
    ['parts', { type: 'array', items: part }],
    ['first', part],
    ['note', { type: 'string', maxLength: 7, default: 'none' }],
  ])('tells %s by its rules alone', (name, schema) => {
    expect(order[name]?.schema).toEqual(schema);
  });

  it('has every property that has a rule, inherited ones too', () => {
    const names = Object.keys(described(RushedOrderDto)).sort();
    expect(names).toEqual([...Object.keys(order), 'tell'].sort());
    expect(Object.keys(described(PageQueryDto)).sort()).toEqual(['cursor', 'limit', 'skip']);
  });

  it('requires what the rules refuse to miss, and no more', () => {
    // Nested objects are validated where they are; @IsDefined makes them needed.
    const optional = Object.values(order).filter(({ required }) => !required);
    expect(optional.map(({ name }) => name).sort()).toEqual(['cents', 'first', 'name', 'note']);
    expect(Object.values(described(PageQueryDto)).some(({ required }) => required)).toBe(false);
  });

  it('knows where null is good', () => {
    const nullable = Object.values(order).filter(({ takesNull }) => takesNull);
    expect(nullable.map(({ name }) => name).sort()).toEqual(['cents', 'due']);
  });

  it('keeps what is stated beside the rules: words, order, and null in a type', () => {
    const stated = { cents: { type: ['number', 'null'], description: 'In cents.' }, amount: { example: 7 } };
    const properties = described(OrderDto, stated);
    expect(properties.cents?.schema).toEqual({
      type: ['integer', 'null'],
      description: 'In cents.',
      minimum: -9_007_199_254_740_991,
    });
    expect(properties.amount?.schema).toMatchObject({ type: 'integer', example: 7 });
    expect(Object.keys(properties).slice(0, 2)).toEqual(['cents', 'amount']);
  });

  it('leads to the classes of nested objects', () => {
    expect([order.parts?.nested, order.first?.nested, order.tags?.nested]).toEqual([PartDto, PartDto, undefined]);
  });
});
