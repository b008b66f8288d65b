import {
  ARRAY_MAX_SIZE,
  ARRAY_MIN_SIZE,
  ARRAY_NOT_EMPTY,
  ARRAY_UNIQUE,
  IS_ARRAY,
  IS_BOOLEAN,
  IS_EMAIL,
  IS_ENUM,
  IS_IN,
  IS_INT,
  IS_LENGTH,
  IS_NEGATIVE,
  IS_NUMBER,
  IS_OBJECT,
  IS_POSITIVE,
  IS_STRING,
  IS_URL,
  IS_UUID,
  MATCHES,
  MAX,
  MAX_LENGTH,
  MIN,
  MIN_LENGTH,
} from 'class-validator';
import { type Schema } from './schemas';

/** What a rule of class-validator says in words of JSON schema, by its name and from what it was given. */
export const RULE_SCHEMAS: Readonly<Record<string, (first: unknown, second: unknown) => Schema>> = {
  [IS_STRING]: () => ({ type: 'string' }),
  [IS_BOOLEAN]: () => ({ type: 'boolean' }),
  [IS_INT]: () => ({ type: 'integer' }),
  [IS_NUMBER]: () => ({ type: 'number' }),
  [IS_ARRAY]: () => ({ type: 'array' }),
  [IS_OBJECT]: () => ({ type: 'object' }),
  [IS_IN]: (values) => ({ enum: values }),
  [IS_ENUM]: (_enum, values) => ({ enum: values }),
  [MIN]: (minimum) => ({ minimum }),
  [MAX]: (maximum) => ({ maximum }),
  [IS_POSITIVE]: () => ({ exclusiveMinimum: 0 }),
  [IS_NEGATIVE]: () => ({ exclusiveMaximum: 0 }),
  [MIN_LENGTH]: (minLength) => ({ minLength }),
  [MAX_LENGTH]: (maxLength) => ({ maxLength }),
  [IS_LENGTH]: (minLength, maxLength) => ({ minLength, ...(maxLength !== undefined && { maxLength }) }),
  [MATCHES]: (pattern) => ({ type: 'string', ...patternOf(pattern) }),
  [IS_EMAIL]: () => ({ type: 'string', format: 'email' }),
  [IS_URL]: () => ({ type: 'string', format: 'uri' }),
  [IS_UUID]: () => ({ type: 'string', format: 'uuid' }),
  [ARRAY_MIN_SIZE]: (minItems) => ({ minItems }),
  [ARRAY_MAX_SIZE]: (maxItems) => ({ maxItems }),
  [ARRAY_NOT_EMPTY]: () => ({ minItems: 1 }),
  [ARRAY_UNIQUE]: () => ({ uniqueItems: true }),
};

/** JSON schema knows no flags: a pattern that needs one cannot be told. */
function patternOf(pattern: unknown): Schema {
  return pattern instanceof RegExp && /^[duvgy]*$/.test(pattern.flags) ? { pattern: pattern.source } : {};
}
