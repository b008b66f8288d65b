import { ValidateBy } from 'class-validator';

function wholeNumber(name: string, minimum: number, maximum: number, format: string): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
        defaultMessage: () => `Must be a whole number from ${minimum} to ${maximum}`,
      },
    },
    { context: { schema: { type: 'integer', format, minimum, maximum } } },
  );
}

/** DTO field: a whole number that an `IntColumn` holds, −2147483648 to 2147483647. */
export const IsInt32 = (): PropertyDecorator => wholeNumber('isInt32', -2_147_483_648, 2_147_483_647, 'int32');

/** DTO field: a whole number that a `BigIntColumn` holds and no reader of JSON rounds, ±(2^53−1). */
export const IsSafeInteger = (): PropertyDecorator =>
  wholeNumber('isSafeInteger', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'int64');
