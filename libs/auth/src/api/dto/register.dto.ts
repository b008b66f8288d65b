import { IsDisplayName, IsEmailAddress } from '@platform/security';
import { IsOptional, Length } from 'class-validator';
import { IsNewPassword } from '../../passwords/new-password';

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
