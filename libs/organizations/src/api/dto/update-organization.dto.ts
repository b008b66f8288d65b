import { IsDisplayName } from '@platform/security';
import { ValidateIf } from 'class-validator';

/** New values of an organization; an absent field stays as it is. */
export class UpdateOrganizationDto {
  /** 1–255 characters after trimming. */
  @ValidateIf((_body, value) => value !== undefined)
  @IsDisplayName(255)
  name?: string;
}
