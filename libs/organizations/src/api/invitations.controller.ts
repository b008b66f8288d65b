import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { Idempotent, PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself } from '@platform/security';
import { InvitationsService } from '../invitations/invitations.service';
import { CreateInvitationDto, InvitationDto } from './invitation.dto';

/** Whom an organization has invited; for its admins. */
@ApiTags('organizations')
@Controller({ path: 'app/organizations/:id/invitations', version: ['1', '2'] })
@ForOneself()
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /** List what the organization waits for, expired invitations included, newest first. */
  @Get()
  @Can('organizations.read')
  @ApiOkResponse({ type: pageOf(InvitationDto) })
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @Query() query: PageQueryDto,
  ): Promise<PageDto<InvitationDto>> {
    return PageDto.of(await this.invitations.page(actor, id, query), InvitationDto.of);
  }

  /** Invite an address by mail; only an owner invites an admin. */
  @Post()
  @Can('organizations.invite')
  @Idempotent()
  @AuditLog('organization.invited', { target: 'id' })
  async invite(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @Body() body: CreateInvitationDto,
  ): Promise<InvitationDto> {
    return InvitationDto.of(await this.invitations.invite(actor, id, body));
  }

  /** Mail an invitation again, with a new token and the whole of its time; earlier mails are worth nothing. */
  @Post(':invitationId/resend')
  @HttpCode(200)
  @Can('organizations.invite')
  @AuditLog('organization.invited', { target: 'id' })
  async resend(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @UuidParam('invitationId', 'Invitation') invitationId: string,
  ): Promise<InvitationDto> {
    return InvitationDto.of(await this.invitations.resend(actor, id, invitationId));
  }

  /** Take an invitation back. */
  @Delete(':invitationId')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('organizations.invite')
  @AuditLog('organization.invitation_revoked', { target: 'id' })
  revoke(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @UuidParam('invitationId', 'Invitation') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(actor, id, invitationId);
  }
}
