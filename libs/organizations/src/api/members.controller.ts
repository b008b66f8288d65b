import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself, StepUp } from '@platform/security';
import { MembersService } from '../members/members.service';
import { MemberDto, UpdateMemberDto } from './member.dto';
import { TransferOrganizationDto } from './organization.dto';

/** Who belongs to an organization, and as what. */
@ApiTags('organizations')
@Controller({ path: 'app/organizations/:id', version: ['1', '2'] })
@ForOneself()
export class MembersController {
  constructor(private readonly members: MembersService) {}

  /** List the members, in the order of joining. */
  @Get('members')
  @Can('organizations.read')
  @ApiOkResponse({ type: pageOf(MemberDto) })
  async list(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @Query() query: PageQueryDto,
  ): Promise<PageDto<MemberDto>> {
    return PageDto.of(await this.members.page(actor, id, query), MemberDto.of);
  }

  /** Give a member another role, as an owner; the last owner stays one. */
  @Patch('members/:userId')
  @Can('organizations.manage_members')
  @StepUp()
  @AuditLog('organization.role_changed', { target: 'id' })
  async setRole(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @UuidParam('userId', 'Member') userId: string,
    @Body() body: UpdateMemberDto,
  ): Promise<MemberDto> {
    return MemberDto.of(await this.members.setRole(actor, id, userId, body.role));
  }

  /** End a membership: an owner that of anybody, an admin that of plain members. Access ends at once. */
  @Delete('members/:userId')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('organizations.manage_members')
  @AuditLog('organization.member_removed', { target: 'id' })
  remove(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @UuidParam('userId', 'Member') userId: string,
  ): Promise<void> {
    return this.members.remove(actor, id, userId);
  }

  /** Leave the organization; its last owner transfers or deletes it instead. */
  @Post('leave')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('organizations.manage_members')
  @AuditLog('organization.member_removed', { target: 'id' })
  leave(@CurrentActor() actor: Actor, @UuidParam('id', 'Organization') id: string): Promise<void> {
    return this.members.leave(actor, id);
  }

  /** Hand the organization over, as its owner: the other member becomes an owner, the caller an admin. */
  @Post('transfer')
  @HttpCode(200)
  @Can('organizations.manage_members')
  @StepUp()
  @AuditLog('organization.transferred', { target: 'id' })
  async transfer(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @Body() body: TransferOrganizationDto,
  ): Promise<MemberDto> {
    return MemberDto.of(await this.members.transfer(actor, id, body.user_id));
  }
}
