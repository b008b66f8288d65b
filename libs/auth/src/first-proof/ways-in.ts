import { Injectable } from '@nestjs/common';
import { type ProofBasis } from '@omni/users';
import { Cache } from '@platform/cache';
import { Events } from '@platform/queue';
import { IdentityEnded } from '../contract';
import { LocalCredentials } from '../passwords/local-credentials';
import { OidcSignInRepository } from '../oidc/oidc-sign-in.repository';
import { identityKey, IdentityRepository, type WayIn } from '../identities/identity.repository';

const LOCAL = 'local';

/** Ways into an account that end with the first proof of its address: its password, and identities at providers. */
@Injectable()
export class WaysIn {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly credentials: LocalCredentials,
    private readonly returned: OidcSignInRepository,
    private readonly events: Events,
    private readonly cache: Cache,
  ) {}

  /** How sessions begin that rest on the way in which stays; undefined where none stays, or all. */
  async methodThatStays(userId: string, basis: ProofBasis): Promise<string | undefined> {
    if (basis.waysIn !== 'first') return undefined;
    const [first] = await this.identities.waysInOf(userId);
    return first?.provider === LOCAL ? 'password' : first?.provider;
  }

  /** Take the password away, unless it is what stays; returns how many there were. */
  async endPassword(userId: string, basis: ProofBasis): Promise<number> {
    const stays = staying(await this.identities.waysInOf(userId), basis);
    return stays.some(({ provider }) => provider === LOCAL) ? 0 : this.credentials.remove(userId);
  }

  /** Take the identities at providers away, less what stays; returns how many. Sockets of people who came by them close. */
  async endIdentities(userId: string, basis: ProofBasis): Promise<number> {
    const all = await this.identities.waysInOf(userId);
    const stays = staying(all, basis);
    const ends = all.filter((identity) => identity.provider !== LOCAL && !stays.includes(identity));
    for (const { id, provider, subject } of ends) {
      await this.identities.remove(id);
      this.cache.invalidate(identityKey(provider, subject));
      await this.events.publish(new IdentityEnded({ user_id: userId, provider }));
    }
    return ends.length;
  }

  /** Forget whoever has come back from a provider and is not let in yet; returns how many. */
  endUnderWay(userId: string): Promise<number> {
    return this.returned.removeAllOf(userId);
  }
}

/** What stays of all ways in, oldest first. */
function staying(all: readonly WayIn[], { waysIn }: ProofBasis): readonly WayIn[] {
  if (waysIn === 'all') return all;
  if (waysIn === 'first') return all.slice(0, 1);
  return waysIn === 'password' ? all.filter(({ provider }) => provider === LOCAL) : [];
}
