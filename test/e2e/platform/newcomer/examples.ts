import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { type Stack } from '../../../support/modes';
import { type JsonSchema } from '../../../support/openapi';

const ajv = new Ajv2019({ strict: false });
addFormats(ajv);

/** Rule: the documents show, property by property, what is really sent. */
export function examples(stack: () => Stack): void {
  it('shows an example of every property that its schema accepts', () => {
    const violations = stack().contracts.flatMap(({ document }) =>
      Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) => violationsIn(name, schema)),
    );
    expect([...new Set(violations)]).toEqual([]);
  });
}

function violationsIn(place: string, { properties = {} }: JsonSchema): string[] {
  return Object.entries(properties as Record<string, JsonSchema>).flatMap(([name, property]) => {
    const at = `${place}.${name}`;
    if (property.properties) return violationsIn(at, property);
    const { items = {} } = property as { items?: JsonSchema };
    if ([property, items].some((part) => '$ref' in part || 'allOf' in part)) return [];
    if (!('example' in property)) return [`${at} has no example: write \`@example\` into its comment`];
    const isGood = ajv.validate(property, property.example) && property.example !== 'string';
    return isGood ? [] : [`${at}: ${JSON.stringify(property.example)} is no example of it; ${ajv.errorsText()}`];
  });
}
