import { IsCanonicalUuid } from '@platform/security';

/** Whom the organization goes to. */
export class TransferOrganizationDto {
  /** Id of another member. */
  @IsCanonicalUuid()
  user_id: string;
}
