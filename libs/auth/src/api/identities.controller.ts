import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { Idempotent } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, RateLimit, StepUp } from '@platform/security';
import { IdentitiesService } from '../identities/identities.service';
import { OidcLinksService } from '../oidc/oidc-links.service';
import { IdentityDto, LinkStartDto } from './identity.dto';
import { OidcCodeDto } from './oidc.dto';

/** The caller's own identities. */
@ApiTags('auth')
@Controller({ path: 'app/auth/identities', version: ['1', '2'] })
@Can('auth.use_own_session')
export class IdentitiesController {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly links: OidcLinksService,
  ) {}

  /** List the own identities, oldest first. */
  @Get()
  @ApiOkResponse({ type: [IdentityDto] })
  async list(@CurrentActor() actor: Actor): Promise<IdentityDto[]> {
    return (await this.identities.listOf(actor)).map(IdentityDto.of);
  }

  /** Begin to link an identity of a provider to the own account. */
  // No @Idempotent: the answer holds a secret.
  @Post(':provider/start')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @StepUp()
  @NoAudit('nothing has changed yet: the link is recorded when it is made')
  begin(@CurrentActor() actor: Actor, @Param('provider') provider: string): LinkStartDto {
    return LinkStartDto.of(this.links.begin(actor, provider));
  }

  /** Link the identity that a one-time code stands for. */
  @Post()
  @RateLimit('auth.login')
  @StepUp()
  @Idempotent()
  @AuditLog('identity.linked')
  async link(@CurrentActor() actor: Actor, @Body() body: OidcCodeDto): Promise<IdentityDto> {
    return IdentityDto.of(await this.links.finish(actor, body));
  }
}
