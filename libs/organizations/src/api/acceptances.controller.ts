import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { ApiErrorResponse, Idempotent } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself } from '@platform/security';
import { AcceptancesService } from '../invitations/acceptances.service';
import { AcceptInvitationDto } from './invitation.dto';
import { OrganizationDto } from './organization.dto';

/** What somebody who was invited does. */
@ApiTags('organizations')
@Controller({ path: 'app/organization-invitations', version: ['1', '2'] })
@ForOneself()
export class AcceptancesController {
  constructor(private readonly acceptances: AcceptancesService) {}

  /** Become a member by the token of an invitation that was mailed to the own address. */
  @Post('accept')
  @HttpCode(200)
  @Can('organizations.join')
  @Idempotent()
  @ApiOkResponse({ type: OrganizationDto })
  @ApiErrorResponse(410, 'The invitation was accepted or revoked, or has expired; `details.state` says which')
  @AuditLog('organization.joined')
  async accept(@CurrentActor() actor: Actor, @Body() body: AcceptInvitationDto): Promise<OrganizationDto> {
    return OrganizationDto.of(await this.acceptances.accept(actor, body.token));
  }
}
