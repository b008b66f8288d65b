import { IsDisplayName } from '@platform/security';

/** An organization to found. */
export class CreateOrganizationDto {
  /**
   * 1–255 characters after trimming.
   * @example Acme
   */
  @IsDisplayName(255)
  name: string;
}
