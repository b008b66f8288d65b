import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, StepUp } from '@platform/security';
import { SecondFactorsService } from '../second-factor/second-factors.service';
import { RecoveryCodesDto, SecondFactorStatusDto, TotpEnrolmentDto } from './second-factor.dto';
import { FactorCodeDto } from './sign-in.dto';

/** The caller's own second factor. */
// No @Idempotent: a stored answer would be a readable copy of the secrets; who repeats a request gets fresh ones.
@ApiTags('auth')
@Controller({ path: 'app/auth/second-factor', version: ['1', '2'] })
@Can('auth.manage_own_credentials')
export class SecondFactorController {
  constructor(private readonly factors: SecondFactorsService) {}

  /** Whether signing in takes a code, and how many recovery codes are left. */
  @Get()
  async status(@CurrentActor() actor: Actor): Promise<SecondFactorStatusDto> {
    return SecondFactorStatusDto.of(await this.factors.status(actor));
  }

  /** Get the secret of an authenticator; it is in force after its first code. */
  @Post('totp')
  @StepUp()
  @AuditLog('user.second_factor_begun')
  async begin(@CurrentActor() actor: Actor): Promise<TotpEnrolmentDto> {
    return TotpEnrolmentDto.of(await this.factors.begin(actor));
  }

  /** Put the authenticator in force by a code of it, and get the recovery codes. */
  @Post('totp/confirm')
  @HttpCode(200)
  @AuditLog('user.second_factor_enabled')
  async confirm(@CurrentActor() actor: Actor, @Body() body: FactorCodeDto): Promise<RecoveryCodesDto> {
    return RecoveryCodesDto.of(await this.factors.confirm(actor, body.code));
  }

  /** Remove the authenticator and its recovery codes, by a code of either. */
  @Delete('totp')
  @HttpCode(204)
  @ApiNoContentResponse()
  @StepUp()
  @AuditLog('user.second_factor_disabled')
  async remove(@CurrentActor() actor: Actor, @Body() body: FactorCodeDto): Promise<void> {
    await this.factors.remove(actor, body.code);
  }

  /** Make new recovery codes in the place of the old ones. */
  @Post('recovery-codes')
  @HttpCode(200)
  @StepUp()
  @AuditLog('user.recovery_codes_renewed')
  async renewRecoveryCodes(@CurrentActor() actor: Actor): Promise<RecoveryCodesDto> {
    return RecoveryCodesDto.of(await this.factors.renewRecoveryCodes(actor));
  }
}
