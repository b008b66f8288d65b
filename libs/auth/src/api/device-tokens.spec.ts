import { deviceTokensOf } from './device-tokens';

const shown = (body: unknown, cookie?: string) => deviceTokensOf({ body, headers: { cookie } });

describe('the device tokens of a call', () => {
  it('are what the body shows, then the cookies of all accounts of the browser', () => {
    const cookie = 'theme=dark; device-0123456789abcdef=one; __Secure-device-fedcba9876543210=two ; device-x=none';
    expect(shown({ device_token: 'body' }, cookie)).toEqual(['body', 'one', 'two']);
    expect(shown(undefined, cookie)).toEqual(['one', 'two']);
  });

  it('are none where nobody shows any, whatever was sent', () => {
    for (const body of [undefined, null, 'text', 5, [], {}, { device_token: 5 }, { device_token: ['a'] }]) {
      expect(shown(body)).toEqual([]);
    }
    expect(shown({}, 'device-0123456789abcdef=')).toEqual([]);
  });

  it('are at most ten, so that no call costs more than ten looks', () => {
    const cookie = Array.from({ length: 50 }, (_, n) => `device-${String(n).padStart(16, '0')}=t${n}`).join('; ');
    expect(shown({}, cookie)).toHaveLength(10);
  });
});
