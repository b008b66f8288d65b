import { Injectable } from '@nestjs/common';
import { Database, type Parameters, type Statement, toDate } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { Cursors } from '@platform/security';
import { type InvitableRole } from '../contract';
import { Invitation, type InvitationState } from '../entities/invitation.entity';
import { type Counted, type Slice, sliceOf, sliceParameters, type SliceQuery } from '../organization-page';
import { InvitationJustSent, InvitationNotFound, InvitationOpen } from '../organizations.errors';
import { InvitationTokens } from './invitation-tokens';
import * as sql from './invitation.statements';

/** Nobody's mailbox is a target: in this time an address gets one mail of an organization, and a few of a person. */
const MAIL_PAUSE_MS = 60_000;
const MAILS_OF_A_PERSON = 5;

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
export class InvitationRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly tokens: InvitationTokens,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** What has become of the invitation by now. */
  stateOf(invitation: Invitation): InvitationState {
    return invitation.stateAt(this.clock.now());
  }

  /** The invitation with this id, whatever became of it. */
  findById(id: string): Promise<Invitation | null> {
    return this.one(sql.FIND, { id });
  }

  /** The invitation that was mailed last with this token, whatever became of it. */
  findByToken(token: string): Promise<Invitation | null> {
    return this.one(sql.FIND_BY_TOKEN, { token_hash: this.tokens.hashOf(token) });
  }

  /** One that the organization waits for, expired or not. @throws InvitationNotFound */
  async mustFindPending(organizationId: string, id: string): Promise<Invitation> {
    const invitation = await this.one(sql.FIND_PENDING, { organization_id: organizationId, id });
    if (!invitation) throw new InvitationNotFound(id);
    return invitation;
  }

  /** What the organization waits for, expired ones included, newest first. @throws ValidationFailed for a cursor of another list */
  async pageOf(organizationId: string, query: SliceQuery): Promise<Slice<Invitation>> {
    const list = `invitations:${organizationId}`;
    const after = this.cursors.read(list, query.cursor);
    const rows = await this.database.query<Counted<sql.InvitationRow>>(after ? sql.PAGE_AFTER : sql.PAGE, {
      organization_id: organizationId,
      ...sliceParameters(query, after),
    });
    return sliceOf(rows, query, {
      list,
      cursors: this.cursors,
      map: invitationOf,
      place: ({ createdAt, id }) => ({ key: createdAt.toISOString(), id }),
    });
  }

  /** How many hold a seat of the organization. */
  async countOpen(organizationId: string): Promise<number> {
    const parameters = { organization_id: organizationId, now: this.clock.now() };
    const [row] = await this.database.query<{ open: number | string }>(sql.COUNT_OPEN, parameters);
    return Number(row?.open ?? 0);
  }

  /**
   * Store a new invitation in place of an expired one to the address.
   * @throws InvitationOpen when one is open, InvitationJustSent when the address got one less than a minute ago
   */
  async add({ email, invitedBy, organizationId, role }: NewInvitation): Promise<Invitation> {
    const earlier = await this.one(sql.FIND_PENDING_FOR, { organization_id: organizationId, email });
    if (earlier && this.stateOf(earlier) === 'open') throw new InvitationOpen();
    await this.mustNotHaveMailed(organizationId, email, invitedBy);
    if (earlier) await this.revoke(earlier);
    const invitation = new Invitation();
    invitation.id = this.ids.next();
    invitation.organizationId = organizationId;
    invitation.email = email;
    invitation.role = role;
    invitation.invitedBy = invitedBy;
    invitation.acceptedAt = invitation.acceptedBy = invitation.revokedAt = null;
    invitation.version = 1;
    invitation.createdAt = invitation.updatedAt = this.clock.now();
    this.tokens.issue(invitation, 1);
    await this.database.execute(sql.INSERT, columnsOf(invitation));
    return invitation;
  }

  /** Give it a new token and the whole of its time: earlier mails are worth nothing. @throws InvitationJustSent as {@link add} */
  async renew(invitation: Invitation): Promise<void> {
    await this.mustNotHaveMailed(invitation.organizationId, invitation.email, invitation.invitedBy);
    this.tokens.issue(invitation, invitation.version + 1);
    await this.save(invitation);
  }

  /** Close it: nobody can accept it any more. */
  async revoke(invitation: Invitation): Promise<void> {
    invitation.revokedAt = this.clock.now();
    await this.save(invitation);
  }

  /** Close all that a person has sent and nobody has accepted; returns how many. */
  async revokeSentBy(userId: string): Promise<number> {
    await this.database.query(sql.LOCK_SENT, { invited_by: userId });
    return this.database.execute(sql.REVOKE_SENT, { invited_by: userId, now: this.clock.now() });
  }

  /** Close it: this person has accepted it. */
  async accept(invitation: Invitation, userId: string): Promise<void> {
    invitation.acceptedAt = this.clock.now();
    invitation.acceptedBy = userId;
    await this.save(invitation);
  }

  /** Forget all of an organization. */
  async removeAll(organizationId: string): Promise<void> {
    await this.database.execute(sql.REMOVE_ALL, { organization_id: organizationId });
  }

  /** Forget at most `limit` that expired before the time, whatever became of them; returns how many. */
  purge(before: Date, limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { before, limit });
  }

  private async mustNotHaveMailed(organizationId: string, email: string, invitedBy: string | null): Promise<void> {
    const expiry = this.tokens.expiryOf(new Date(this.clock.now().getTime() - MAIL_PAUSE_MS));
    const parameters = { organization_id: organizationId, email, invited_by: invitedBy, expiry };
    const [mailed] = await this.database.query<Record<'of_organization' | 'of_person', number | string>>(
      sql.MAILED_SINCE,
      parameters,
    );
    if (Number(mailed?.of_organization) > 0 || Number(mailed?.of_person) >= MAILS_OF_A_PERSON) {
      throw new InvitationJustSent(MAIL_PAUSE_MS / 1_000);
    }
  }

  private async save(invitation: Invitation): Promise<void> {
    invitation.updatedAt = this.clock.now();
    const stored = await this.database.execute(sql.UPDATE, columnsOf(invitation));
    // The organization is held, so nobody else can have changed it meanwhile.
    if (stored === 0) throw new InvitationNotFound(invitation.id);
    invitation.version += 1;
  }

  private async one(statement: Statement, parameters: Parameters): Promise<Invitation | null> {
    const [row] = await this.database.query<sql.InvitationRow>(statement, parameters);
    return row ? invitationOf(row) : null;
  }
}

function invitationOf(row: sql.InvitationRow): Invitation {
  const invitation = new Invitation();
  invitation.id = row.id;
  invitation.organizationId = row.organization_id;
  invitation.email = row.email;
  invitation.role = row.role;
  invitation.tokenHash = row.token_hash;
  invitation.invitedBy = row.invited_by;
  invitation.expiresAt = toDate(row.expires_at);
  invitation.acceptedAt = row.accepted_at === null ? null : toDate(row.accepted_at);
  invitation.acceptedBy = row.accepted_by;
  invitation.revokedAt = row.revoked_at === null ? null : toDate(row.revoked_at);
  invitation.version = row.version;
  invitation.createdAt = toDate(row.created_at);
  invitation.updatedAt = toDate(row.updated_at);
  return invitation;
}

function columnsOf(invitation: Invitation): Parameters {
  return {
    id: invitation.id,
    organization_id: invitation.organizationId,
    email: invitation.email,
    role: invitation.role,
    token_hash: invitation.tokenHash,
    invited_by: invitation.invitedBy,
    expires_at: invitation.expiresAt,
    accepted_at: invitation.acceptedAt,
    accepted_by: invitation.acceptedBy,
    revoked_at: invitation.revokedAt,
    version: invitation.version,
    created_at: invitation.createdAt,
    updated_at: invitation.updatedAt,
  };
}
