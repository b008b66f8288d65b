import { type Fixtures } from '../../support/fixtures';

/** RFC 7636 §4.1: at least 43 characters. */
const withVerifier = () => ({ code: 'c'.repeat(43), code_verifier: 'v'.repeat(43) });

/** What the access rules cannot guess of sign-in at other providers: its parameter is a name, and nobody's. */
export const fixtures: Fixtures = {
  exempt: {
    '/public/auth/oidc/{provider}/start': 'the parameter is the name of a provider, which everybody may read',
    '/public/auth/oidc/{provider}/callback': 'the parameter is the name of a provider, which everybody may read',
    '/app/auth/identities/{provider}/start': 'the parameter is the name of a provider, which everybody may read',
  },
  bodies: { 'POST /public/auth/oidc/exchange': withVerifier, 'POST /app/auth/identities': withVerifier },
};
