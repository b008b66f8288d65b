import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { IfMatch, withEtag } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself } from '@platform/security';
import { UserDto } from '../user.dto';
import { UsersService } from '../users.service';
import { UpdateProfileDto } from './user.dto';

/** The caller's own account, v1. */
@ApiTags('users')
@Controller({ path: 'app/users', version: '1' })
@ForOneself()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Read the own profile. */
  @Get('me')
  @Can('users.read_own')
  async me(@CurrentActor() actor: Actor): Promise<UserDto> {
    const user = await this.users.me(actor);
    return withEtag(UserDto.of(user), user.version);
  }

  /** Change the own profile; with If-Match only the version that it names. */
  @Patch('me')
  @Can('users.update_own')
  @AuditLog('user.updated')
  async updateMe(
    @CurrentActor() actor: Actor,
    @Body() body: UpdateProfileDto,
    @IfMatch() version?: number,
  ): Promise<UserDto> {
    const user = await this.users.updateMe(actor, body, version);
    return withEtag(UserDto.of(user), user.version);
  }
}
