import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { exampleOf, propertiesOf } from './examples';
import { type JsonSchema, type OpenApiDocument } from './openapi';

const document: OpenApiDocument = {
  openapi: '3.1.0',
  paths: {},
  components: {
    schemas: {
      Named: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
      Aged: {
        allOf: [{ $ref: '#/components/schemas/Named' }, { properties: { age: { type: 'integer', minimum: 18 } } }],
      },
    },
  },
};

const ajv = new Ajv2019({ strict: false });
addFormats(ajv);

describe('an example of a schema', () => {
  it.each<[string, JsonSchema]>([
    ['short text', { type: 'string', maxLength: 3 }],
    ['long text', { type: 'string', minLength: 40, maxLength: 50 }],
    ['text that may be null', { type: ['string', 'null'], minLength: 1 }],
    ['an id', { type: 'string', format: 'uuid' }],
    ['a time', { type: 'string', format: 'date-time' }],
    ['one of a few', { type: 'string', enum: ['user', 'admin'] }],
    ['a number from 18', { type: 'integer', minimum: 18, maximum: 20 }],
    ['a list', { type: 'array', minItems: 1, items: { type: 'string', format: 'email' } }],
    ['a choice', { oneOf: [{ type: 'boolean' }, { type: 'null' }] }],
    ['an object', { type: 'object', required: ['yes'], properties: { yes: { type: 'boolean' } } }],
  ])('is accepted by it: %s', (_what, schema) => {
    expect(ajv.validate(schema, exampleOf(schema, document))).toBe(true);
  });

  it('follows references and joins what belongs together', () => {
    const schema = { $ref: '#/components/schemas/Aged' };
    expect(exampleOf(schema, document)).toEqual({ name: 'Example', age: 18 });
    expect(propertiesOf(schema, document).sort()).toEqual(['age', 'name']);
  });

  it('takes the name of a field where the schema says too little, and never the same address twice', () => {
    const text = { type: 'string' };
    expect(exampleOf(text, document, 'email')).toMatch(/^[^@]+@example\.com$/);
    expect(exampleOf(text, document, 'email')).not.toBe(exampleOf(text, document, 'email'));
    expect(exampleOf(text, document, 'avatar_url')).toMatch(/^https:/);
    expect(String(exampleOf({ ...text, minLength: 10 }, document, 'new_password')).length).toBeGreaterThan(9);
  });

  it('prefers what the schema itself shows', () => {
    expect(exampleOf({ type: 'string', example: 'shown' }, document)).toBe('shown');
    expect(exampleOf({ type: 'string', default: 'usual' }, document)).toBe('usual');
  });
});
