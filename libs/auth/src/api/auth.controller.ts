import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { UsersService } from '@omni/users';
import { AuditLog } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { PasswordsService } from '../passwords/passwords.service';
import { OwnSessionsService } from '../sessions/own-sessions.service';
import { StepUpsService } from '../sign-in/step-ups.service';
import { ChangePasswordDto } from './account.dto';
import { LogoutEverywhereDto, MeDto, StepUpDto, SwitchOrganizationDto } from './session.dto';

/** One of the two: a body with both is refused. */
const STEP_UP_EXAMPLES = {
  password: { summary: 'With the password', value: { password: 'correct horse battery' } },
  code: { summary: 'With a code of the second factor', value: { code: '492039' } },
};

/** The caller's own session. */
@ApiTags('auth')
@Controller({ path: 'app/auth', version: ['1', '2'] })
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: OwnSessionsService,
    private readonly passwords: PasswordsService,
    private readonly stepUps: StepUpsService,
  ) {}

  /** Who is signed in, and what they may do. */
  @Get('me')
  @Can('users.read_own')
  async me(@CurrentActor() actor: Actor): Promise<MeDto> {
    return MeDto.of(await this.users.me(actor), actor);
  }

  /** End this session: its tokens are worth nothing from now on. */
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.use_own_session')
  @AuditLog('user.logout')
  async logout(@CurrentActor() actor: Actor): Promise<void> {
    await this.sessions.endCurrent(actor);
  }

  /** End every session on every device, or every other one. */
  @Post('logout-everywhere')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.use_own_session')
  @AuditLog('user.logout_everywhere')
  async logoutEverywhere(@CurrentActor() actor: Actor, @Body() body?: LogoutEverywhereDto): Promise<void> {
    await this.sessions.endAll(actor, body?.keep_current === true);
  }

  /** Change the own password; every other session ends, and with `revoke_api_keys` every API key. */
  @Post('password')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.manage_own_credentials')
  @AuditLog('user.password_changed')
  async changePassword(@CurrentActor() actor: Actor, @Body() body: ChangePasswordDto): Promise<void> {
    const { current_password, new_password, revoke_api_keys } = body;
    await this.passwords.change(actor, current_password, new_password, revoke_api_keys === true);
  }

  /** Prove again who you are, for acts that ask for it (`insufficient_user_authentication`). */
  @Post('step-up')
  @ApiBody({ type: StepUpDto, examples: STEP_UP_EXAMPLES })
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.use_own_session')
  @AuditLog('user.stepped_up')
  async stepUp(@CurrentActor() actor: Actor, @Body() body: StepUpDto): Promise<void> {
    await this.stepUps.stepUp(actor, body);
  }

  /**
   * Have this session act for an organization, or for yourself: null.
   * @remarks While the present organization is gone, send `X-Organization-Id: personal` along: the session still means it.
   */
  @Post('organization')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.use_own_session')
  @AuditLog('session.organization_switched')
  async switchOrganization(@CurrentActor() actor: Actor, @Body() body: SwitchOrganizationDto): Promise<void> {
    await this.sessions.switchTo(actor, body.organization_id);
  }
}
