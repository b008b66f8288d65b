import { type JsonObject } from '@platform/kernel';
import { boundedDetails, DETAILS_BOUNDS, storableText } from './bounded-details';

const bytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

function nested(levels: number): JsonObject {
  return levels === 1 ? { bottom: true } : { next: nested(levels - 1) };
}

describe('boundedDetails', () => {
  it('leaves ordinary before and after values as they are', () => {
    const details = { before: { name: 'A', tags: ['x', 1, null] }, after: { name: 'B', tags: [] }, changed: ['name'] };

    expect(boundedDetails(details)).toEqual(details);
  });

  it.each(['password', 'newPassword', 'refresh_token', 'apiKey', 'Authorization', 'client-secret', 'ssn', 'tax_id'])(
    'redacts the value of %s at any depth',
    (key) => {
      const clean = JSON.stringify(boundedDetails({ [key]: 'hush', list: [{ inner: { [key]: { deep: 'hush' } } }] }));

      expect(clean).not.toContain('hush');
      expect(clean.match(/\[redacted\]/g)).toHaveLength(2);
    },
  );

  it('keeps that a secret was absent', () => {
    expect(boundedDetails({ password: null })).toEqual({ password: null });
  });

  it('keeps eight levels and names what lies deeper', () => {
    expect(boundedDetails(nested(8))).toEqual(nested(8));
    expect(JSON.stringify(boundedDetails(nested(9)))).toContain('[too deep]');
  });

  it('survives an object that contains itself', () => {
    const loop: JsonObject = { name: 'loop' };
    loop.self = loop;

    expect(JSON.stringify(boundedDetails(loop))).toContain('[too deep]');
  });

  it('cuts a long string and says how long it was', () => {
    const cut = boundedDetails({ note: 'n'.repeat(5_000) }).note;

    expect(cut).toBe(`${'n'.repeat(DETAILS_BOUNDS.stringLength)}… [5000 characters]`);
  });

  it('omits the members that do not fit into 16 kB, keeps the others and stays within', () => {
    const clean = boundedDetails({ small: 'kept', rows: Array<string>(40).fill('r'.repeat(1_000)), last: 'kept, too' });

    expect(clean).toMatchObject({ small: 'kept', last: 'kept, too' });
    expect(clean.rows).toMatch(/^\[omitted: \d+ bytes]$/);
    expect(bytes(clean)).toBeLessThanOrEqual(DETAILS_BOUNDS.bytes);
  });

  it('counts the members for which there is no room at all', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`member-${index}`, index]));

    const clean = boundedDetails(many);

    expect(bytes(clean)).toBeLessThanOrEqual(DETAILS_BOUNDS.bytes);
    expect(clean.omitted_keys).toBe(5_000 - (Object.keys(clean).length - 1));
  });

  it('turns what is not JSON into JSON, and drops what sets prototypes', () => {
    // Values that the type forbids and that reach a service from elsewhere all the same.
    const foreign = {
      at: new Date('2026-01-02T03:04:05.006Z'),
      never: new Date(NaN),
      count: 10n,
      ratio: NaN,
      gone: undefined,
      ['__proto__']: { polluted: true },
      text: 'a\0b\ud800',
    } as unknown as JsonObject;

    expect(boundedDetails(foreign)).toEqual({
      at: '2026-01-02T03:04:05.006Z',
      never: null,
      count: '10',
      ratio: null,
      text: 'ab\ufffd',
    });
  });
});

describe('storableText', () => {
  it('never ends in half a character', () => {
    expect(storableText('ab😀', 3)).toBe('ab\ufffd');
  });
});
