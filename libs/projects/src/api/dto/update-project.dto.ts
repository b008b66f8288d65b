import { IsDisplayName } from '@platform/security';
import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';

/** New values of a project; an absent field stays as it is. */
export class UpdateProjectDto {
  /**
   * 1–255 characters after trimming.
   * @example 'Website relaunch'
   */
  @ValidateIf((_body, value) => value !== undefined)
  @IsDisplayName(255)
  name?: string;

  /** At most 2000 characters; null clears it. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;
}
