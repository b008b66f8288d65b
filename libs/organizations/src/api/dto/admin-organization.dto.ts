import { ApiProperty } from '@nestjs/swagger';
import { type CountedOrganization } from '../../organization.repository';

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
