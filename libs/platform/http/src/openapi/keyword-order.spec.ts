import { IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { describeInput } from './input-schemas';
import { inKeywordOrder } from './keyword-order';

class OneDto {
  @IsInt()
  @Min(0)
  @Max(10)
  amount: number;

  @IsString()
  @MinLength(1)
  @MaxLength(9)
  word: string;
}

class OtherDto {
  @Max(10)
  @Min(0)
  @IsInt()
  amount: number;

  @MaxLength(9)
  @MinLength(1)
  @IsString()
  word: string;
}

describe('the order of a document', () => {
  it('is the same whoever speaks first: the rules, in any order, or the compiler plugin', () => {
    const told = [
      describeInput(OneDto, {}),
      describeInput(OtherDto, {}),
      describeInput(OneDto, { amount: { description: 'Of it', minimum: 0 }, word: { maxLength: 9, type: 'string' } }),
    ].map((properties) => {
      const schemas = Object.fromEntries(properties.map(({ name, schema }) => [name, schema]));
      return JSON.stringify(inKeywordOrder({ schemas: { Dto: { type: 'object', properties: schemas } } }));
    });
    expect(told[0]).toBe(told[1]);
    expect(told[2]?.replace('"description":"Of it",', '')).toBe(told[0]);
    expect(told[0]).toContain('{"type":"integer","minimum":0,"maximum":10}');
  });

  it('keeps the names of properties as the class has them, and values as they are', () => {
    const schema = {
      example: { type: 'z', $ref: 'a' },
      properties: { type: { maximum: 1, minimum: 0 }, description: { $ref: '#/x' } },
      allOf: [{ required: ['b', 'a'], properties: {} }],
    };
    expect(JSON.stringify(inKeywordOrder({ paths: { '/': { schema } } }))).toBe(
      JSON.stringify({
        paths: {
          '/': {
            schema: {
              properties: { type: { minimum: 0, maximum: 1 }, description: { $ref: '#/x' } },
              allOf: [{ properties: {}, required: ['b', 'a'] }],
              example: { type: 'z', $ref: 'a' },
            },
          },
        },
      }),
    );
  });

  it('leaves the parts around schemas as they are', () => {
    const operation = { tags: ['x'], operationId: 'a', parameters: [{ name: 'n', in: 'query', description: 'd' }] };
    expect(JSON.stringify(inKeywordOrder(operation))).toBe(JSON.stringify(operation));
  });
});
