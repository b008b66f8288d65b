import { ApiProperty, PartialType } from '@nestjs/swagger';
import { PageQueryDto, SearchText, withEtag } from '@platform/http';
import { IsCanonicalUuid, IsDisplayName } from '@platform/security';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../contract';
import { type CountedOrganization, type OwnOrganization } from '../organization.repository';

/** An organization to found. */
export class CreateOrganizationDto {
  /**
   * 1–255 characters after trimming.
   * @example Acme
   */
  @IsDisplayName(255)
  name: string;
}

/** New values of an organization; an absent field stays as it is. */
export class UpdateOrganizationDto extends PartialType(CreateOrganizationDto, { skipNullProperties: false }) {}

/** Whom the organization goes to. */
export class TransferOrganizationDto {
  /** Id of another member. */
  @IsCanonicalUuid()
  user_id: string;
}

/** Which of all organizations. */
export class ListOrganizationsDto extends PageQueryDto {
  /** Part of the name, in any case. Empty: no search. */
  @SearchText(255)
  search?: string;
}

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

  /** With the entity tag of its version, which lists leave out. */
  static of({ organization, role }: OwnOrganization): OrganizationDto {
    const dto = new OrganizationDto();
    dto.id = organization.id;
    dto.name = organization.name;
    dto.role = role;
    dto.created_at = organization.createdAt.toISOString();
    dto.updated_at = organization.updatedAt.toISOString();
    return withEtag(dto, organization.version);
  }
}

/** An organization as an admin of the platform sees it. */
export class AdminOrganizationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 255 })
  name: string;

  /** Id of the founder; null once that account is gone. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  created_by: string | null;

  /** How many belong to it. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  members: number;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of({ members, organization }: CountedOrganization): AdminOrganizationDto {
    const dto = new AdminOrganizationDto();
    dto.id = organization.id;
    dto.name = organization.name;
    dto.created_by = organization.createdBy;
    dto.members = members;
    dto.created_at = organization.createdAt.toISOString();
    dto.updated_at = organization.updatedAt.toISOString();
    return dto;
  }
}
