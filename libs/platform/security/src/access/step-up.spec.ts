import { ANONYMOUS } from '@platform/kernel';
import { isFreshlyProved, SecondFactorRequired, StepUpRequired } from './step-up';

const NOW = new Date('2026-11-28T12:00:00Z');
const provedAt = (at: string) => ({ ...ANONYMOUS, kind: 'user' as const, authenticatedAt: new Date(at) });

describe('a proof of identity', () => {
  it('is fresh until its age is over, to the second', () => {
    expect(isFreshlyProved(provedAt('2026-11-28T11:45:00Z'), 900, NOW)).toBe(true);
    expect(isFreshlyProved(provedAt('2026-11-28T11:44:59Z'), 900, NOW)).toBe(false);
  });

  it('is never an API key’s, not even the proof of its owner', () => {
    expect(isFreshlyProved({ ...ANONYMOUS, kind: 'user', apiKeyId: 'k' }, 900, NOW)).toBe(false);
    expect(isFreshlyProved({ ...provedAt('2026-11-28T12:00:00Z'), apiKeyId: 'k' }, 900, NOW)).toBe(false);
  });

  it('is asked for as RFC 9470 says', () => {
    expect(new StepUpRequired(900)).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age=900' },
    });
    expect(new SecondFactorRequired('users.list')).toMatchObject({
      headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", acr_values="mfa"' },
    });
  });
});
