import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';
import { LinkTokenDto } from './link-token.dto';

/** A new password by a link. */
export class ResetPasswordDto extends LinkTokenDto {
  /** 10–128 characters, taken as they are. */
  @IsString()
  @Length(10, 128)
  password: string;

  /** True ends the account's API keys, too; default: they stay good, and the mail about it lists them. */
  @IsOptional()
  @IsBoolean()
  revoke_api_keys?: boolean;
}
