import { ApiProperty, PartialType } from '@nestjs/swagger';
import { PageQueryDto, SearchText, withEtag } from '@platform/http';
import { IsDisplayName } from '@platform/security';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Project } from '../entities/project.entity';

/** A project to make. */
export class CreateProjectDto {
  /**
   * 1–255 characters after trimming.
   * @example 'Website relaunch'
   */
  @IsDisplayName(255)
  name: string;

  /** At most 2000 characters; null for none. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;
}

/** New values of a project; an absent field stays as it is. */
export class UpdateProjectDto extends PartialType(CreateProjectDto, { skipNullProperties: false }) {}

/** Which of the caller's projects. */
export class ListProjectsDto extends PageQueryDto {
  /** Part of the name, in any case; the list is then ordered by name. Empty: no search. */
  @SearchText(255)
  search?: string;
}

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

  /** With the entity tag of its version, which lists leave out. */
  static of(project: Project): ProjectDto {
    const dto = new ProjectDto();
    dto.id = project.id;
    dto.name = project.name;
    dto.description = project.description;
    dto.owner_id = project.ownerId;
    dto.created_at = project.createdAt.toISOString();
    dto.updated_at = project.updatedAt.toISOString();
    return withEtag(dto, project.version);
  }
}
