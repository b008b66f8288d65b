import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { IfMatch, PageDto, pageOf, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { UsersService } from '../users.service';
import { AdminUserDto, ListUsersDto, UpdateUserDto } from './user.dto';

/** What an admin does with accounts. */
@ApiTags('users')
@Controller({ path: 'admin/users', version: ['1', '2'] })
export class AdminUsersController {
  constructor(private readonly users: UsersService) {}

  /** List and search all accounts, newest first. */
  @Get()
  @Can('users.list')
  @ApiOkResponse({ type: pageOf(AdminUserDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: ListUsersDto): Promise<PageDto<AdminUserDto>> {
    return PageDto.of(await this.users.page(actor, query), AdminUserDto.of);
  }

  /** Read one account. */
  @Get(':id')
  @Can('users.read')
  async read(@CurrentActor() actor: Actor, @UuidParam('id', 'User') id: string): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.read(actor, id));
  }

  /** Change one account; roles above `user` take a superadmin. */
  @Patch(':id')
  @Can('users.update')
  @AuditLog('user.updated', { target: 'id' })
  async update(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'User') id: string,
    @Body() body: UpdateUserDto,
    @IfMatch() version?: number,
  ): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.patch(actor, id, body, version));
  }

  /** Let a person in again. */
  @Post(':id/activate')
  @HttpCode(200)
  @Can('users.deactivate')
  @AuditLog('user.activated', { target: 'id' })
  async activate(@CurrentActor() actor: Actor, @UuidParam('id', 'User') id: string): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.activate(actor, id));
  }

  /** Shut a person out: further requests answer 403, sockets close, sign-ins end. */
  @Post(':id/deactivate')
  @HttpCode(200)
  @Can('users.deactivate')
  @AuditLog('user.deactivated', { target: 'id' })
  async deactivate(@CurrentActor() actor: Actor, @UuidParam('id', 'User') id: string): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.users.deactivate(actor, id));
  }
}
