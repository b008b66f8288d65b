import { IsDisplayName, IsHttpUrl } from '@platform/security';
import { IsOptional } from 'class-validator';

/** New values of the own profile; an absent field stays as it is, null clears it. */
export class UpdateProfileDto {
  /** 1–255 characters after trimming. */
  @IsOptional()
  @IsDisplayName(255)
  full_name?: string | null;

  /** http or https, at most 2048 characters. */
  @IsOptional()
  @IsHttpUrl()
  avatar_url?: string | null;
}
