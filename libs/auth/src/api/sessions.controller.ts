import { Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { OwnSessionsService } from '../sessions/own-sessions.service';
import { SessionDto } from './session.dto';

/** Where the caller is signed in. */
@ApiTags('auth')
@Controller({ path: 'app/auth/sessions', version: ['1', '2'] })
@Can('auth.use_own_session')
export class SessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  /** List the own sessions, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(SessionDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<PageDto<SessionDto>> {
    return PageDto.of(await this.sessions.page(actor, query), (session) => SessionDto.of(session, actor));
  }

  /** End one own session; its sockets close. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @AuditLog('session.revoked', { target: 'id' })
  async revoke(@CurrentActor() actor: Actor, @UuidParam('id', 'Session') id: string): Promise<void> {
    await this.sessions.revoke(actor, id);
  }
}
