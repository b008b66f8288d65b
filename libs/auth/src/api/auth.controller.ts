import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { UsersService } from '@omni/users';
import { AuditLog } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { SignInsService } from '../sessions/sign-ins.service';
import { MeDto } from './dto/me.dto';

/** The caller's own sign-in. */
@ApiTags('auth')
@Controller({ path: 'app/auth', version: ['1', '2'] })
export class AuthController {
  constructor(
    private readonly signIns: SignInsService,
    private readonly users: UsersService,
  ) {}

  /** Who is signed in, and what he may do. */
  @Get('me')
  @Can('auth.use_own_session')
  async me(@CurrentActor() actor: Actor): Promise<MeDto> {
    return MeDto.of(await this.users.me(actor), actor);
  }

  /** End this sign-in: its tokens are worth nothing from now on. */
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('auth.use_own_session')
  @AuditLog('user.logout')
  async logout(@CurrentActor() actor: Actor): Promise<void> {
    await this.signIns.end(actor);
  }
}
