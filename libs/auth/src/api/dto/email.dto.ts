import { IsEmailAddress } from '@platform/security';

/** Whose account, by its address. */
export class EmailDto {
  /** In any case. */
  @IsEmailAddress()
  email: string;
}
