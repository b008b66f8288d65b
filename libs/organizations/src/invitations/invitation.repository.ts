import { Injectable } from '@nestjs/common';
import { EntityStore, repositoryOf } from '@platform/database';
import { type Page, type PageQuery } from '@platform/kernel';
import { type InvitableRole } from '../contract';
import { Invitation, type InvitationState } from '../entities/invitation.entity';
import { InvitationJustSent, InvitationOpen } from '../organizations.errors';
import { InvitationTokens } from './invitation-tokens';

/** Nobody's mailbox is a target: in this time an address gets one mail of an organization, and a few of a person. */
const MAIL_PAUSE_MS = 60_000;
const MAILS_OF_A_PERSON = 5;

const PENDING = 'accepted_at IS NULL AND revoked_at IS NULL';
const SENT = `SELECT o.id FROM organizations o WHERE EXISTS (
  SELECT 1 FROM organization_invitations i
  WHERE i.organization_id = o.id AND i.invited_by = :person AND i.accepted_at IS NULL AND i.revoked_at IS NULL)
  ORDER BY o.id`;

/** Who is invited to what, and by whom. */
export interface NewInvitation {
  readonly organizationId: string;
  /** In lower case. */
  readonly email: string;
  readonly role: InvitableRole;
  readonly invitedBy: string;
}

/** Named queries on invitations. Whoever changes one holds its organization. */
@Injectable()
export class InvitationRepository extends repositoryOf(Invitation) {
  private readonly any = this.rows('TRUE');
  private readonly withToken = this.rows('token_hash = :hash');
  private readonly all = this.rows('organization_id = :organization');
  private readonly pending = this.all.and(PENDING);
  private readonly newest = this.pending.orderedBy('created_at DESC');
  private readonly pendingFor = this.pending.and('email = :email');
  private readonly open = this.pending.and('expires_at > :now');
  // What is mailed later expires later. Served by the index on the address.
  private readonly mailed = this.rows('email = :email AND expires_at > :expiry');
  private readonly mailedByOrganization = this.mailed.and('organization_id = :organization');
  private readonly mailedByPerson = this.mailed.and('invited_by = :person');
  private readonly expired = this.rows('expires_at < :before');

  // The organizations that wait for somebody whom the person has invited, held until the transaction ends.
  private readonly lockingSent = this.statement('lock_sent', { postgres: `${SENT} FOR UPDATE OF o`, sqlite: SENT });
  private readonly revokingSent = this.statement(
    'revoke_sent',
    `UPDATE organization_invitations SET revoked_at = :now, updated_at = :now, version = version + 1
     WHERE invited_by = :person AND ${PENDING}`,
  );

  constructor(
    store: EntityStore,
    private readonly tokens: InvitationTokens,
  ) {
    super(store);
  }

  /** What has become of the invitation by now. */
  stateOf(invitation: Invitation): InvitationState {
    return invitation.stateAt(this.now());
  }

  /** The invitation with this id, whatever became of it. */
  findById(id: string): Promise<Invitation | null> {
    return this.any.find({ id });
  }

  /** The invitation that was mailed last with this token, whatever became of it. */
  findByToken(token: string): Promise<Invitation | null> {
    return this.withToken.one({ hash: this.tokens.hashOf(token) });
  }

  /** One that the organization waits for, expired or not. @throws NotFound */
  mustFindPending(organization: string, id: string): Promise<Invitation> {
    return this.pending.mustFind({ organization, id });
  }

  /** What the organization waits for, expired ones included, newest first. @throws ValidationFailed for a cursor of another list */
  pageOf(organization: string, query: PageQuery): Promise<Page<Invitation>> {
    return this.newest.page({ organization }, query);
  }

  /** How many hold a seat of the organization: not accepted, not revoked, not expired. */
  countOpen(organization: string): Promise<number> {
    return this.open.count({ organization, now: this.now() });
  }

  /**
   * Store a new invitation in place of an expired one to the address.
   * @throws InvitationOpen when one is open, InvitationJustSent when the address got one less than a minute ago
   */
  async invite(invited: NewInvitation): Promise<Invitation> {
    const { email, organizationId: organization } = invited;
    const earlier = await this.pendingFor.one({ organization, email });
    if (earlier && this.stateOf(earlier) === 'open') throw new InvitationOpen();
    await this.mustNotHaveMailed(invited);
    if (earlier) await this.revoke(earlier);
    return this.add((id) => ({ ...invited, ...this.tokens.issue(id, 1) }));
  }

  /** Give it a new token and the whole of its time: earlier mails are worth nothing. @throws InvitationJustSent as {@link invite} */
  async renew(invitation: Invitation): Promise<void> {
    await this.mustNotHaveMailed(invitation);
    Object.assign(invitation, this.tokens.issue(invitation.id, invitation.version + 1));
    await this.save(invitation);
  }

  /** Close it: nobody can accept it any more. */
  async revoke(invitation: Invitation): Promise<void> {
    invitation.revokedAt = this.now();
    await this.save(invitation);
  }

  /** Close all that a person has sent and nobody has accepted; returns how many. */
  async revokeSentBy(person: string): Promise<number> {
    await this.database.query(this.lockingSent, { person });
    return this.database.execute(this.revokingSent, { person, now: this.now() });
  }

  /** Close it: this person has accepted it. */
  async accept(invitation: Invitation, userId: string): Promise<void> {
    invitation.acceptedAt = this.now();
    invitation.acceptedBy = userId;
    await this.save(invitation);
  }

  /** Forget all of an organization. */
  async removeAll(organization: string): Promise<void> {
    await this.all.deleteAll({ organization });
  }

  /** Forget what expired before the time, whatever became of it; returns how many. */
  purge(before: Date): Promise<number> {
    return this.expired.deleteInBatches({ before });
  }

  private async mustNotHaveMailed({
    email,
    invitedBy: person,
    organizationId: organization,
  }: Pick<Invitation, 'email' | 'invitedBy' | 'organizationId'>): Promise<void> {
    const expiry = this.tokens.expiryOf(new Date(this.now().getTime() - MAIL_PAUSE_MS));
    const ofOrganization = await this.mailedByOrganization.count({ email, expiry, organization });
    const ofPerson = await this.mailedByPerson.count({ email, expiry, person });
    if (ofOrganization > 0 || ofPerson >= MAILS_OF_A_PERSON) throw new InvitationJustSent(MAIL_PAUSE_MS / 1_000);
  }

  private now(): Date {
    return this.store.clock.now();
  }
}
