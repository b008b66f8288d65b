import { IsDisplayName, IsEmailAddress } from '@platform/security';
import { IsOptional, IsString, Length } from 'class-validator';

/** An account to make. */
export class RegisterDto {
  /** At most 254 characters; kept in lower case. */
  @IsEmailAddress()
  email: string;

  /** 10–128 characters, taken as they are. */
  @IsString()
  @Length(10, 128)
  password: string;

  /** 1–255 characters after trimming. */
  @IsOptional()
  @IsDisplayName(255)
  full_name?: string | null;
}
