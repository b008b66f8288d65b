import { ValidationFailed } from '@platform/kernel';
import { checkedIdempotencyKey, idempotencyFingerprint, idempotencyScope } from './idempotency-key';

describe('an idempotency key', () => {
  it.each(['a', '8e03978e-40d5-43dd-bc93-6894a57f9324', '"quoted"', '!~', 'x'.repeat(255)])('may be %p', (key) => {
    expect(checkedIdempotencyKey(key)).toBe(key);
  });

  it.each(['', ' ', 'a b', 'a\tb', 'a\u0000', 'ä', 'x'.repeat(256)])('may not be %j', (key) => {
    expect(() => checkedIdempotencyKey(key)).toThrow(ValidationFailed);
  });
});

describe('the scope of a key', () => {
  it('differs by caller and by route', () => {
    const scopes = [
      idempotencyScope('user:1', 'POST /projects'),
      idempotencyScope('user:2', 'POST /projects'),
      idempotencyScope('user:1', 'POST /files'),
    ];
    expect(new Set(scopes).size).toBe(3);
  });

  it('fits its column however long the route is', () => {
    const long = idempotencyScope('user:1', `POST /${'a'.repeat(400)}`);
    expect(long).toHaveLength(71);
    expect(long).not.toBe(idempotencyScope('user:1', `POST /${'a'.repeat(401)}`));
  });
});

describe('the fingerprint of a request', () => {
  it('differs by method, path and every byte of the body', () => {
    const prints = [
      idempotencyFingerprint('POST', '/projects', '{"name":"a"}'),
      idempotencyFingerprint('PUT', '/projects', '{"name":"a"}'),
      idempotencyFingerprint('POST', '/projects?x=1', '{"name":"a"}'),
      idempotencyFingerprint('POST', '/projects', '{"name":"b"}'),
      idempotencyFingerprint('POST', '/project', 's{"name":"a"}'),
    ];
    expect(new Set(prints).size).toBe(5);
    expect(prints[0]).toBe(idempotencyFingerprint('POST', '/projects', Buffer.from('{"name":"a"}')));
  });
});
