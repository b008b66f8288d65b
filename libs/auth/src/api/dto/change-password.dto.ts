import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';
import { IsNewPassword } from '../../passwords/new-password';

/** A new password in the place of one that is known. */
export class ChangePasswordDto {
  @IsString()
  @Length(1, 128)
  current_password: string;

  /** 10–128 characters, not one of the passwords that everybody tries; the same however its accents are typed. */
  @IsNewPassword()
  @Length(10, 128)
  new_password: string;

  /** True ends the account's API keys, too; default: they stay good, and the mail about it lists them. */
  @IsOptional()
  @IsBoolean()
  revoke_api_keys?: boolean;
}
