import { fieldOf, fieldsOf } from './fields.ts';

describe('a field', () => {
  it('has a name, a type and its modifiers', () => {
    expect(fieldOf('plate:string:unique')).toMatchObject({ name: { snake: 'plate' }, type: 'string', unique: true });
    expect(fieldOf('retiredAt:date?')).toMatchObject({ name: { snake: 'retired_at' }, type: 'date', nullable: true });
    expect(fieldOf('seats:int?:index')).toMatchObject({ nullable: true, index: true, unique: false });
    expect(fieldOf('seats:int:index:default=4')).toMatchObject({ nullable: false, index: true, default: '4' });
    expect(fieldOf('seats:int:unique?')).toMatchObject({ nullable: true, unique: true });
  });

  it('may be called by the long names of the exact numbers', () => {
    expect(fieldOf('price:decimal-as-cents').type).toBe('decimal');
    expect(fieldOf('metres:bigint-as-string').type).toBe('bigint');
  });

  it('lists the values of an enumeration', () => {
    expect(fieldOf('state:enum(new|used):default=new')).toMatchObject({ values: ['new', 'used'], default: 'new' });
  });

  it('refers to a resource of a domain, under a name that ends in id', () => {
    const target = { domain: 'fleet', resource: 'vehicle' };
    expect(fieldOf('vehicle:ref(fleet.vehicle)')).toMatchObject({ name: { camel: 'vehicleId' }, target });
    expect(fieldOf('carId:ref(fleet.vehicle)?')).toMatchObject({ name: { snake: 'car_id' }, nullable: true });
  });

  it.each([
    ['plate', /is not name:type: write it as/],
    ['plate:varchar', /unknown type "varchar": take one of string, text/],
    ['plate:string:primary', /unknown modifier "primary": take \?, :unique/],
    ['order:string', /is a keyword of SQL/],
    ['version:int', /every resource has/],
    ['state:enum(a)', /two or more different lower-case words/],
    ['state:enum(a|a)', /two or more different lower-case words/],
    ['state:enum(a|B)', /two or more different lower-case words/],
    ['state:enum(a|b):default=c', /default that no enum/],
    ['vehicle:ref(fleet)', /does not say what it refers to/],
    ['plate:string(20)', /takes nothing in brackets/],
    ['notes:text:unique', /cannot be unique/],
    ['seats:int:default=many', /default that no int/],
    ['seats:int:unique:default=4', /the second row would be refused/],
    ["name:string:default=it's", /default that no string/],
    ['since:date:default=today', /cannot have a default/],
  ])('%s is refused with the fix', (text, message) => {
    expect(() => fieldOf(text)).toThrow(message);
  });

  it('is one of one to twenty-four, each of its own name, four references at most', () => {
    expect(() => fieldsOf([])).toThrow(/needs a field/);
    expect(() => fieldsOf(['seats:int', 'seats:string'])).toThrow(/twice/);
    expect(() => fieldsOf(Array.from({ length: 25 }, (_, index) => `f${index}:int`))).toThrow(/at most 24/);
    expect(() => fieldsOf(['a', 'b', 'c', 'd', 'e'].map((name) => `${name}:ref(fleet.vehicle)`))).toThrow(/at most 4/);
  });
});
