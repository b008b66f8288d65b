import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PageDto, pageOf, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { OrganizationsService } from '../organizations.service';
import { AdminOrganizationDto, ListOrganizationsDto } from './organization.dto';

/** What an admin of the platform sees of organizations. */
@ApiTags('organizations')
@Controller({ path: 'admin/organizations', version: ['1', '2'] })
export class AdminOrganizationsController {
  constructor(private readonly organizations: OrganizationsService) {}

  /** List and search all organizations, newest first. */
  @Get()
  @Can('organizations.list_all')
  @ApiOkResponse({ type: pageOf(AdminOrganizationDto) })
  async list(
    @CurrentActor() actor: Actor,
    @Query() query: ListOrganizationsDto,
  ): Promise<PageDto<AdminOrganizationDto>> {
    return PageDto.of(await this.organizations.pageAll(actor, query), AdminOrganizationDto.of);
  }

  /** Read one organization. */
  @Get(':id')
  @Can('organizations.read_any')
  async read(@CurrentActor() actor: Actor, @UuidParam('id', 'Organization') id: string): Promise<AdminOrganizationDto> {
    return AdminOrganizationDto.of(await this.organizations.readAny(actor, id));
  }
}
