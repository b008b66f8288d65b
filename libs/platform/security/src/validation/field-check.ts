import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** A rule for a text field: `normalise` first, then `problem` of the result, or undefined when there is none. */
export interface TextRule {
  readonly name: string;
  readonly normalise: (text: string) => string;
  readonly problem: (text: string) => string | undefined;
  /** What the OpenAPI document says of the field beside its being text. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The decorator of a rule: the DTO holds the normalised text, and the message is the rule's own. */
export function fieldCheck(rule: TextRule): PropertyDecorator {
  const problemOf = (value: unknown) => (typeof value === 'string' ? rule.problem(value) : 'Must be a string');
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? rule.normalise(value) : value)),
    ValidateBy(
      {
        name: rule.name,
        validator: {
          validate: (value: unknown) => problemOf(value) === undefined,
          defaultMessage: (found) => problemOf(found?.value) ?? '',
        },
      },
      { context: { schema: { type: 'string', ...rule.schema } } },
    ),
  );
}
