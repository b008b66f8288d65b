import { IsBoolean, IsOptional, Length } from 'class-validator';
import { IsNewPassword } from '../../passwords/new-password';
import { LinkTokenDto } from './link-token.dto';

/** A new password by a link. */
export class ResetPasswordDto extends LinkTokenDto {
  /** 10–128 characters, not one of the passwords that everybody tries; the same however its accents are typed. */
  @IsNewPassword()
  @Length(10, 128)
  password: string;

  /** True ends the account's API keys, too; default: they stay good, and the mail about it lists them. */
  @IsOptional()
  @IsBoolean()
  revoke_api_keys?: boolean;
}
