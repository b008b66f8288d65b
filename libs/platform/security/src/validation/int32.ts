import { ValidateBy } from 'class-validator';

const MINIMUM = -2_147_483_648;
const MAXIMUM = 2_147_483_647;

/** DTO field: a whole number that an `IntColumn` holds, −2147483648 to 2147483647. */
export const IsInt32 = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isInt32',
      validator: {
        validate: (value: unknown) => Number.isInteger(value) && Number(value) >= MINIMUM && Number(value) <= MAXIMUM,
        defaultMessage: () => `Must be a whole number from ${MINIMUM} to ${MAXIMUM}`,
      },
    },
    { context: { schema: { type: 'integer', format: 'int32', minimum: MINIMUM, maximum: MAXIMUM } } },
  );
