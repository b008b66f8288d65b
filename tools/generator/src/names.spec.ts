import { snakeCase } from '../../../libs/platform/database/src/naming.ts';
import { article, columnOf, nameOf, pluralOf, singularOf } from './names.ts';

describe('a name', () => {
  it.each(['vehicle-part', 'vehiclePart', 'VehiclePart', 'vehicle_part'])('%s is written in five ways', (text) => {
    expect(nameOf(text, 'The resource')).toEqual({
      kebab: 'vehicle-part',
      snake: 'vehicle_part',
      camel: 'vehiclePart',
      pascal: 'VehiclePart',
      words: 'vehicle part',
    });
  });

  it.each(['', '7up', 'a.b', '../x', 'naïve', 'x'.repeat(41), '-', 'a--1'])('%p is none', (text) => {
    expect(() => nameOf(text, 'The resource')).toThrow(/^The resource ".*" is (no name: write|longer than 40)/);
  });

  it.each(['a-b', 'x-y-pos', 'my-x-position', 'plan-b-c'])('%s would be read back as another', (text) => {
    expect(() => nameOf(text, 'The field')).toThrow(/a single letter that runs into its neighbour/);
  });

  it.each(['x-ray', 'plan-b', 'line2', 'mp3-file', 'address-line2'])('%s is read back as it is', (text) => {
    const { camel, pascal, snake } = nameOf(text, 'The field');
    expect([nameOf(camel, 'It').kebab, nameOf(pascal, 'It').kebab]).toEqual([text, text]);
    expect([snakeCase(camel), columnOf(camel)]).toEqual([snake, snake]);
  });

  it.each([
    ['vehicle', 'vehicles'],
    ['category', 'categories'],
    ['key', 'keys'],
    ['bus', 'buses'],
    ['box', 'boxes'],
    ['branch', 'branches'],
  ])('%s has the plural %s', (one, many) => {
    expect(pluralOf(nameOf(one, 'The resource')).kebab).toBe(many);
  });

  it.each([
    ['invoices', 'invoice'],
    ['boxes', 'box'],
    ['categories', 'category'],
    ['fleet', undefined],
    ['s', undefined],
  ])('%s is the plural of %s', (many, one) => {
    expect(singularOf(nameOf(many, 'The domain'))?.kebab).toBe(one);
  });

  it('has the plural that it is given', () => {
    expect(pluralOf(nameOf('person', 'The resource'), 'people').pascal).toBe('People');
  });

  it('has an article', () => {
    expect([article('vehicle'), article('inspection')]).toEqual(['a vehicle', 'an inspection']);
  });
});
