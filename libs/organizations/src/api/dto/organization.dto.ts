import { ApiProperty } from '@nestjs/swagger';
import { withEtag } from '@platform/http';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../../contract';
import { type OwnOrganization } from '../../organization.repository';

/** An organization as one of its members sees it. */
export class OrganizationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 255 })
  name: string;

  /** What the caller is in it. */
  @ApiProperty({ enum: ORGANIZATION_ROLES })
  role: OrganizationRole;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of({ organization, role }: OwnOrganization): OrganizationDto {
    const dto = new OrganizationDto();
    dto.id = organization.id;
    dto.name = organization.name;
    dto.role = role;
    dto.created_at = organization.createdAt.toISOString();
    dto.updated_at = organization.updatedAt.toISOString();
    return dto;
  }

  /** {@link of}, with the entity tag of the organization's version. */
  static tagged(own: OwnOrganization): OrganizationDto {
    return withEtag(OrganizationDto.of(own), own.organization.version);
  }
}
