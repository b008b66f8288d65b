import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself, StepUp } from '@platform/security';
import { AccountDeletionsService } from '../deletions/account-deletions.service';
import { AccountDeletionDto } from './account-deletion.dto';

/** The deletion of the caller's own account. */
@ApiTags('users')
@Controller({ path: 'app/users/me', version: ['1', '2'] })
@ForOneself()
export class AccountDeletionsController {
  constructor(private readonly deletions: AccountDeletionsService) {}

  /** Have the own account deleted when the grace period is over; 409 names what to settle first. */
  @Delete()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: AccountDeletionDto })
  @Can('users.delete_own')
  @StepUp()
  @AuditLog('user.deletion_requested')
  async request(@CurrentActor() actor: Actor): Promise<AccountDeletionDto> {
    return AccountDeletionDto.of(await this.deletions.request(actor));
  }

  /** When the own account will be deleted; 404 when it will not. */
  @Get('deletion')
  @Can('users.read_own')
  async read(@CurrentActor() actor: Actor): Promise<AccountDeletionDto> {
    return AccountDeletionDto.of(await this.deletions.mine(actor));
  }

  /** Keep the own account after all. */
  @Post('deletion/cancel')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('users.delete_own')
  @AuditLog('user.deletion_cancelled')
  async cancel(@CurrentActor() actor: Actor): Promise<void> {
    await this.deletions.cancel(actor);
  }
}
