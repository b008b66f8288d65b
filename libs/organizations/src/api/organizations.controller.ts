import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { Idempotent, IfMatch, PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, ForOneself, StepUp } from '@platform/security';
import { OrganizationsService } from '../organizations.service';
import { CreateOrganizationDto, OrganizationDto, UpdateOrganizationDto } from './organization.dto';

/** The organizations that the caller belongs to. */
@ApiTags('organizations')
@Controller({ path: 'app/organizations', version: ['1', '2'] })
@ForOneself()
export class OrganizationsController {
  constructor(private readonly organizations: OrganizationsService) {}

  /** List the organizations that one belongs to, newest first. */
  @Get()
  @Can('organizations.read')
  @ApiOkResponse({ type: pageOf(OrganizationDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<PageDto<OrganizationDto>> {
    return PageDto.of(await this.organizations.page(actor, query), OrganizationDto.of);
  }

  /** Found an organization and own it. */
  @Post()
  @Can('organizations.create')
  @Idempotent()
  @AuditLog('organization.created')
  async create(@CurrentActor() actor: Actor, @Body() body: CreateOrganizationDto): Promise<OrganizationDto> {
    return OrganizationDto.of(await this.organizations.create(actor, body));
  }

  /** Read one organization that one belongs to. */
  @Get(':id')
  @Can('organizations.read')
  async read(@CurrentActor() actor: Actor, @UuidParam('id', 'Organization') id: string): Promise<OrganizationDto> {
    return OrganizationDto.of(await this.organizations.read(actor, id));
  }

  /** Change an organization, as its admin; with If-Match only the version that it names. */
  @Patch(':id')
  @Can('organizations.update')
  @AuditLog('organization.updated', { target: 'id' })
  async update(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @Body() body: UpdateOrganizationDto,
    @IfMatch() version?: number,
  ): Promise<OrganizationDto> {
    return OrganizationDto.of(await this.organizations.update(actor, id, body, version));
  }

  /** Delete an organization with all that it owns, as its owner: members are out at once. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('organizations.delete')
  @StepUp()
  @AuditLog('organization.deleted', { target: 'id' })
  delete(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Organization') id: string,
    @IfMatch() version?: number,
  ): Promise<void> {
    return this.organizations.delete(actor, id, version);
  }
}
