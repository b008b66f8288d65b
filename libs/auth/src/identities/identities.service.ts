import { Injectable } from '@nestjs/common';
import { AddressProofs, EmailTaken, placeholderAddress, type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Database, isUniqueViolation } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { randomToken } from '@platform/crypto';
import { IdentityEmailTaken, IdentityTaken } from '../auth.errors';
import {
  acceptedOf,
  type AcceptedProfile,
  type ExternalProfile,
  mustBeSubject,
  placeholderName,
} from './external-profile';
import { type UserIdentity } from '../entities/user-identity.entity';
import { IdentityRepository } from './identity.repository';

/** Accounts of people who sign in elsewhere: a provider's subject means one account, for ever. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly users: UserDirectory,
    private readonly proofs: AddressProofs,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
  ) {}

  /**
   * The account of the subject, made at its first request: one, however many requests come at once and to however
   * many processes. An account is never found by its address, verified or not: who may write to a mailbox, or only
   * says so, did not sign up with it. Call it before there is a transaction.
   * @returns the account, active or not; of a new one `UserRegistered` and one welcome mail are on their way
   * @throws IdentityEmailTaken when the address of a new subject has an account
   * @throws SubjectRefused
   */
  async userOf(profile: ExternalProfile): Promise<User> {
    mustBeSubject(profile.subject);
    const accepted = acceptedOf(profile);
    const known = await this.identities.find(profile.provider, profile.subject);
    const user = known && (await this.users.byId(known.identity.userId));
    if (user) return known.ofAccount === 1 ? this.withAddressOf(user, accepted) : user;
    const { made, user: first } = await this.database.transaction(() => this.findOrMake(profile, accepted));
    if (made) this.metrics.authEvent('signup', profile.provider);
    return first;
  }

  /** The identities of the actor's person, oldest first; none where the actor is no person. */
  listOf(actor: Actor): Promise<UserIdentity[]> {
    return this.identities.listOf(actor);
  }

  /**
   * Link an identity to the actor's account; one that it has already stays.
   * @throws IdentityTaken when another account has it, also when two come at once
   * @throws SubjectRefused
   */
  async link(actor: Actor, provider: string, subject: string): Promise<UserIdentity> {
    mustBeSubject(subject);
    const person = personScope(actor);
    return this.database.transaction(async () => {
      const made = await this.identities.addUnlessTaken({ provider, subject, userId: person });
      const linked = made ?? (await this.identities.find(provider, subject))?.identity;
      if (linked?.userId !== person) throw new IdentityTaken();
      return linked;
    });
  }

  private async findOrMake(
    profile: ExternalProfile,
    accepted: AcceptedProfile,
  ): Promise<{ user: User; made: boolean }> {
    const { provider, subject } = profile;
    await this.identities.hold(provider, subject);
    const known = await this.identities.find(provider, subject);
    const user = known && (await this.users.byId(known.identity.userId));
    return user ? { user, made: false } : { user: await this.make(profile, accepted), made: true };
  }

  private async make({ provider, subject }: ExternalProfile, accepted: AcceptedProfile): Promise<User> {
    const user = await this.register(accepted, placeholderName(provider, subject));
    if (!(await this.identities.addUnlessTaken({ provider, subject, userId: user.id }))) throw new IdentityTaken();
    await this.audit.append({
      action: 'user.created',
      resourceType: 'user',
      resourceId: user.id,
      details: { provider },
    });
    return user;
  }

  private async register(accepted: AcceptedProfile, placeholder: string): Promise<User> {
    const { avatarUrl, email, emailVerified, fullName } = accepted;
    const input = { full_name: fullName, avatar_url: avatarUrl, email_verified: emailVerified };
    try {
      return await this.users.register({ ...input, email: email ?? placeholderAddress(placeholder) });
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error;
      if (email !== null) throw new IdentityEmailTaken();
    }
    // Another provider has the same subject, or somebody sits on the address: nobody reads it, so any other will do.
    return this.users.register({ ...input, email: placeholderAddress(randomToken(16)) });
  }

  /** The address that the provider vouches for, unless somebody has it: spec 03 §3. */
  private async withAddressOf(user: User, { email, emailVerified }: AcceptedProfile): Promise<User> {
    if (!emailVerified || email === null || !user.isActive) return user;
    if (email === user.email) return user.emailVerifiedAt === null ? this.vouchedFor(user) : user;
    try {
      return await this.database.transaction(() => this.moveTo(user, email));
    } catch (error) {
      // Taken at this very moment: as good as taken before.
      if (isUniqueViolation(error)) return user;
      throw error;
    }
  }

  /** A proof of the address that the account has had unproved; the identity that vouches for it is its first, and stays. */
  private async vouchedFor(user: User): Promise<User> {
    return this.database.transaction(async () => {
      const proof = await this.proofs.prove(user.id, user.email, { waysIn: 'first' });
      if (!proof?.isFirst) return proof?.user ?? user;
      const about = { resourceType: 'user', resourceId: user.id, details: { ended: proof.ended } };
      await this.audit.append({ action: 'user.email_verified', ...about });
      return proof.user;
    });
  }

  private async moveTo(user: User, email: string): Promise<User> {
    const moved = await this.users.moveTo(user, email);
    if (!moved) return user;
    const details = { before: { email: user.email }, after: { email } };
    await this.audit.append({ action: 'user.updated', resourceType: 'user', resourceId: user.id, details });
    return moved;
  }
}
