import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { Database } from '@platform/database';
import { Metrics } from '@platform/observability';
import { type SignIn, SignInsService } from './sign-ins.service';
import { SignInCodeRefused } from '../oidc/oidc.errors';
import { type CodeAndVerifier, type ReturnedPerson, OidcSignInRepository } from '../oidc/oidc-sign-in.repository';

/** The last step of a sign-in at a provider: the web application exchanges its one-time code. */
@Injectable()
export class OidcCodesService {
  constructor(
    private readonly returned: OidcSignInRepository,
    private readonly users: UserDirectory,
    private readonly signIns: SignInsService,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Sign in the person who came back from a provider.
   * @throws SignInCodeRefused for a code that is unknown, used, older than 60 seconds, of a link, or without the secret
   * that its attempt began with
   * @throws SignInNeedsCode the code is used up, too
   * @throws AccountDeactivated the code is used up, too
   */
  async exchange(input: CodeAndVerifier): Promise<SignIn> {
    // A transaction of its own: what is refused below has still used the code up.
    const person = await this.database.detached(() => this.database.transaction(() => this.take(input)));
    const user = (await this.users.byId(person.userId)) ?? this.refuse(person.provider);
    return this.signIns.enter(user, person.provider);
  }

  /** Who came back; a code that is shown in the wrong place, or without its secret, stays good for its owner. */
  private async take(input: CodeAndVerifier): Promise<ReturnedPerson> {
    const person = await this.returned.take(input);
    return person?.subject === null ? person : this.refuse(person?.provider ?? 'oidc');
  }

  private refuse(provider: string): never {
    this.metrics.authFailure('invalid_credentials');
    this.metrics.authEvent('failed', provider);
    throw new SignInCodeRefused();
  }
}
