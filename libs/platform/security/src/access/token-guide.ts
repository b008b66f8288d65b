/** An account with a public password, for a first look. */
export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly role: string;
}

/** Tells people who have no token yet where one comes from: for documentation and the start page. Bound by auth. */
export abstract class TokenGuide {
  /** Whether e-mail and password give one: `POST public/auth/register` and `login`. */
  abstract readonly passwords: boolean;
  /** Whether an address must be verified before they do. */
  abstract readonly verifiesFirst: boolean;
  /** Minutes that a token is good for. */
  abstract readonly minutes: number;
  /** Other issuers whose tokens are taken, by their names in `AUTH_PROVIDER`. */
  abstract readonly issuers: readonly string[];
  /** The accounts that `npm start` makes in embedded mode; empty in any other. */
  abstract readonly demo: readonly DemoAccount[];

  /** Those of {@link demo} that are there. */
  abstract demoAccounts(): Promise<readonly DemoAccount[]>;
}
