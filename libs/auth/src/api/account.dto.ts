import { IsDisplayName, IsEmailAddress } from '@platform/security';
import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';
import { IsNewPassword } from '../passwords/new-password';

/** An account to make. */
export class RegisterDto {
  /** At most 254 characters; kept in lower case. */
  @IsEmailAddress()
  email: string;

  /** 10–128 characters, not one of the passwords that everybody tries; the same however its accents are typed. */
  @IsNewPassword()
  @Length(10, 128)
  password: string;

  /** 1–255 characters after trimming. */
  @IsOptional()
  @IsDisplayName(255)
  full_name?: string | null;
}

/** Whose account, by its address. */
export class EmailDto {
  /** In any case. */
  @IsEmailAddress()
  email: string;
}

/** What a link in a mail carries. */
export class LinkTokenDto {
  /** The parameter `token` of the link; good once. */
  @IsString()
  @Length(1, 128)
  token: string;
}

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
