import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import { SealedText } from '@platform/crypto';
import { type OidcProvider } from './oidc-providers';

/** Time for a person to sign in at the provider. */
const ATTEMPT_MS = 600_000;
/** Time for a browser to follow a link that it was just given. */
const LINK_MS = 120_000;

/** What a browser that went to a provider must bring back with it. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** S256 of a secret of the web application: only its holder can use what comes of the attempt. */
  readonly codeChallenge?: string;
  /** The account that is to get the identity; without one, whoever comes back signs in. */
  readonly linkTo?: string;
}

/** What Express needs to set the cookie. */
export interface AttemptCookie {
  readonly name: string;
  readonly value: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly secure: boolean;
    readonly path: string;
    readonly maxAge: number;
  };
}

/** Attempts to sign in, kept by the browser that makes them: sealed, so nobody else can make or read one. */
@Injectable()
export class Attempts {
  private readonly attempts: SealedText;
  private readonly links: SealedText;

  constructor(
    private readonly core: CoreConfig,
    private readonly clock: Clock,
  ) {
    this.attempts = new SealedText(core.secretKey, 'oidc-attempt');
    this.links = new SealedText(core.secretKey, 'oidc-link');
  }

  /** The cookie of an attempt; it goes back to the provider's callback and nowhere else. */
  keep(provider: OidcProvider, attempt: Attempt): AttemptCookie {
    const value = this.attempts.seal(JSON.stringify([this.in(ATTEMPT_MS), attempt]), provider.name);
    return this.cookie(provider, value, ATTEMPT_MS);
  }

  /** The cookie that takes the attempt away. */
  forget(provider: OidcProvider): AttemptCookie {
    return this.cookie(provider, '', 0);
  }

  /** The attempt of the request's cookies; null without one, when it is too old, or was not made here. */
  open(provider: OidcProvider, cookies: string | undefined): Attempt | null {
    const sealed = cookieOf(cookies, this.nameOf());
    // Sealed by us: what it holds is what `keep` put in.
    return this.unless(this.attempts.open(sealed ?? '', provider.name)) as Attempt | null;
  }

  /** A ticket with which the person's browser may begin to link an identity to their account. */
  linkTicket(provider: OidcProvider, userId: string): string {
    return this.links.seal(JSON.stringify([this.in(LINK_MS), userId]), provider.name);
  }

  /** Whose ticket it is; null when it is none, or too old. */
  openTicket(provider: OidcProvider, ticket: string): string | null {
    // As above.
    return this.unless(this.links.open(ticket, provider.name)) as string | null;
  }

  private unless(opened: string | null): unknown {
    if (opened === null) return null;
    const [expires, content] = JSON.parse(opened) as [number, unknown];
    return this.clock.now().getTime() < expires ? content : null;
  }

  private in(milliseconds: number): number {
    return this.clock.now().getTime() + milliseconds;
  }

  private cookie(provider: OidcProvider, value: string, maxAge: number): AttemptCookie {
    const path = new URL(provider.redirectUri).pathname;
    const options = { httpOnly: true, sameSite: 'lax', secure: !this.core.isLocal, path, maxAge } as const;
    return { name: this.nameOf(), value, options };
  }

  /** Browsers take a name with this prefix over https only. */
  private nameOf(): string {
    return this.core.isLocal ? 'oidc-attempt' : '__Secure-oidc-attempt';
  }
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const found = header?.split(';').find((pair) => pair.trimStart().startsWith(`${name}=`));
  return found?.slice(found.indexOf('=') + 1).trim();
}
