import { introduction, type TokenSources } from './introduction';

const GUIDE: TokenSources = {
  passwords: true,
  verifiesFirst: false,
  minutes: 15,
  issuers: [],
  demo: [],
};

describe('the introduction of a document', () => {
  it('says where a token comes from, for how long, and how programs come', () => {
    const text = introduction('v2', GUIDE);
    expect(text).toContain('POST /api/v2/public/auth/register');
    expect(text).toContain('good for 15 minutes');
    expect(text).toContain('/app/api-keys');
    expect(text).not.toContain('demo');
  });

  it('shows the demo accounts where there are such', () => {
    const demo = [{ email: 'user@example.com', password: 'hush', role: 'user' }];
    expect(introduction('v1', { ...GUIDE, demo })).toContain(
      '- user: `{"email": "user@example.com", "password": "hush"}`',
    );
  });

  it('says so where an address must be verified first, and where others give the token', () => {
    expect(introduction('v1', { ...GUIDE, verifiesFirst: true })).toContain('the link in the mail must be followed');
    expect(introduction('v1', { ...GUIDE, issuers: ['clerk'] })).toContain('Tokens of clerk are taken, too.');
    const foreign = introduction('v1', { ...GUIDE, passwords: false, issuers: ['clerk'] });
    expect([foreign.includes('register'), foreign.includes('identity provider')]).toEqual([false, true]);
    expect(introduction('v1', null)).toContain('identity provider');
  });

  it.each(['## Versions', '## Errors', '## Lists', 'Idempotency-Key', 'If-Match'])('explains %s', (word) => {
    expect(introduction('v1', GUIDE)).toContain(word);
  });
});
