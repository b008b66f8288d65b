import { ApiProperty } from '@nestjs/swagger';
import { withEtag } from '@platform/http';
import { type Project } from '../../entities/project.entity';

/** A project as its owner sees it. */
export class ProjectDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** @example 'Website relaunch' */
  @ApiProperty({ maxLength: 255 })
  name: string;

  @ApiProperty({ type: String, nullable: true, maxLength: 2000 })
  description: string | null;

  /** Id of the person who owns it, or of the organization. */
  @ApiProperty({ format: 'uuid' })
  owner_id: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of(project: Project): ProjectDto {
    const dto = new ProjectDto();
    dto.id = project.id;
    dto.name = project.name;
    dto.description = project.description;
    dto.owner_id = project.ownerId;
    dto.created_at = project.createdAt.toISOString();
    dto.updated_at = project.updatedAt.toISOString();
    return dto;
  }

  /** {@link of}, with the entity tag of the project's version. */
  static tagged(project: Project): ProjectDto {
    return withEtag(ProjectDto.of(project), project.version);
  }
}
