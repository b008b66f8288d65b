import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { Database } from '@platform/database';
import { type SignIn, SignInsService } from './sign-ins.service';
import { LinkProofs } from '../links/link-proofs';

/** Published operations of people who sign in with a link in a mail. */
@Injectable()
export class MagicLinksService {
  constructor(
    private readonly links: LinkProofs,
    private readonly signIns: SignInsService,
    private readonly database: Database,
  ) {}

  /**
   * Sign in by the link: the address is verified, and all that was set up before its first proof has ended.
   * @throws InvalidLink
   * @throws SignInNeedsCode the link is used up, too
   * @throws AccountDeactivated the link is used up, too
   */
  async exchange(token: string): Promise<SignIn> {
    // A transaction of its own: what is refused below has still used the link up.
    const user = await this.database.detached(() => this.database.transaction(() => this.use(token)));
    return this.signIns.enter(user, 'magic_link');
  }

  private async use(token: string): Promise<User> {
    const proof = await this.links.use(token, 'magic_link', { waysIn: 'none' });
    await this.links.record(proof);
    return proof.user;
  }
}
