import { article, nameOf, pluralOf } from './names.ts';

describe('a name', () => {
  it.each(['vehicle-part', 'vehiclePart', 'VehiclePart', 'vehicle_part'])('%s is written in five ways', (text) => {
    expect(nameOf(text, 'The noun')).toEqual({
      kebab: 'vehicle-part',
      snake: 'vehicle_part',
      camel: 'vehiclePart',
      pascal: 'VehiclePart',
      words: 'vehicle part',
    });
  });

  it.each(['', '7up', 'a.b', '../x', 'naïve', 'x'.repeat(41), '-', 'a--1'])('%p is none', (text) => {
    expect(() => nameOf(text, 'The noun')).toThrow(/^The noun ".*" is (no name: write|longer than 40)/);
  });

  it.each(['class', 'order', 'user', 'Select', 'current-date'])('%s is reserved', (text) => {
    expect(() => nameOf(text, 'The field')).toThrow(/reserved word.*take another word/);
  });

  it.each([
    ['vehicle', 'vehicles'],
    ['category', 'categories'],
    ['key', 'keys'],
    ['bus', 'buses'],
    ['box', 'boxes'],
    ['branch', 'branches'],
  ])('%s has the plural %s', (one, many) => {
    expect(pluralOf(nameOf(one, 'The noun')).kebab).toBe(many);
  });

  it('has the plural that it is given', () => {
    expect(pluralOf(nameOf('person', 'The noun'), 'people').pascal).toBe('People');
  });

  it('has an article', () => {
    expect([article('vehicle'), article('inspection')]).toEqual(['a vehicle', 'an inspection']);
  });
});
