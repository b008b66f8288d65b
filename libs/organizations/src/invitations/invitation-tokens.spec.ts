import { type CoreConfig } from '@platform/config';
import { type Clock } from '@platform/kernel';
import { Invitation } from '../entities/invitation.entity';
import { type OrganizationsConfig } from '../organizations.config';
import { InvitationTokens } from './invitation-tokens';

const NOW = new Date('2026-11-28T09:00:00.000Z');

function tokens(secretKey = 'a-key-of-the-tests'): InvitationTokens {
  // Only what the class reads of each.
  const config = { invitationDays: 7 } as OrganizationsConfig;
  const clock = { now: () => NOW } as Clock;
  return new InvitationTokens(config, clock, { secretKey } as CoreConfig);
}

function invitation(id: string, version = 1): Invitation {
  const made = new Invitation();
  made.id = id;
  made.version = version;
  return Object.assign(made, tokens().issue(id, version));
}

describe('the token of an invitation', () => {
  it('is the same each time it is mailed, and found by its hash', () => {
    const made = invitation('a');
    const token = tokens().reveal(made) ?? '';
    expect(tokens().reveal(made)).toBe(token);
    expect(tokens().hashOf(token)).toBe(made.tokenHash);
    expect(made.expiresAt).toEqual(new Date('2026-12-05T09:00:00.000Z'));
  });

  it('is another for each invitation and version', () => {
    const all = [invitation('a'), invitation('b'), invitation('a', 2)].map((made) => tokens().reveal(made));
    expect(new Set(all).size).toBe(3);
    expect(all).not.toContain(null);
  });

  it('cannot be made any more with another SECRET_KEY', () => {
    expect(tokens('another-key').reveal(invitation('a'))).toBeNull();
  });
});
