import { IsDisplayName } from '@platform/security';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** A project to make. */
export class CreateProjectDto {
  /**
   * 1–255 characters after trimming.
   * @example 'Website relaunch'
   */
  @IsDisplayName(255)
  name: string;

  /** At most 2000 characters. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;
}
