import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { LinkNotGood } from '../auth.errors';
import { OneTimeTokenRepository } from '../one-time-tokens/one-time-token.repository';
import { type SignIn, SignInsService } from '../sessions/sign-ins.service';
import { type AddressProof, AddressProofs } from './address-proofs';

/** Published operations of people who sign in with a link in a mail. */
@Injectable()
export class MagicLinksService {
  constructor(
    private readonly tokens: OneTimeTokenRepository,
    private readonly proofs: AddressProofs,
    private readonly signIns: SignInsService,
    private readonly database: Database,
  ) {}

  /**
   * Sign in by the link.
   *
   * Success: the tokens; the address is verified. Failure: `LinkNotGood` (401); `SignInNeedsCode` (401) and
   * `AccountDeactivated` (403), for which the link is used up, too.
   */
  async exchange(token: string): Promise<SignIn> {
    // A transaction of its own: what is refused below has still used the link up.
    const { user } = await this.database.detached(() => this.database.transaction(() => this.use(token)));
    return this.signIns.enter(user, 'magic_link');
  }

  private async use(token: string): Promise<AddressProof> {
    const owner = await this.tokens.use(token, 'magic_link');
    if (!owner) throw new LinkNotGood();
    return this.proofs.byMagicLink(owner);
  }
}
