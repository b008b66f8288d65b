import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { IfMatch } from '@platform/http';
import { type Actor, Clock } from '@platform/kernel';
import { Can, CurrentActor, ForOneself } from '@platform/security';
import { UsersService } from '../users.service';
import { UpdateProfileDto, UserV2Dto } from './user.dto';

/** The caller's own account, v2: two fields more. */
@ApiTags('users')
@Controller({ path: 'app/users', version: '2' })
@ForOneself()
export class UsersV2Controller {
  constructor(
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Read the own profile. */
  @Get('me')
  @Can('users.read_own')
  async me(@CurrentActor() actor: Actor): Promise<UserV2Dto> {
    return UserV2Dto.at(await this.users.me(actor), this.clock.now());
  }

  /** Change the own profile; with If-Match only the version that it names. */
  @Patch('me')
  @Can('users.update_own')
  @AuditLog('user.updated')
  async updateMe(
    @CurrentActor() actor: Actor,
    @Body() body: UpdateProfileDto,
    @IfMatch() version?: number,
  ): Promise<UserV2Dto> {
    return UserV2Dto.at(await this.users.updateMe(actor, body, version), this.clock.now());
  }
}
