import { IsEmailAddress } from '@platform/security';
import { IsOptional, IsString, Length } from 'class-validator';

/** E-mail and password of an account. */
export class LoginDto {
  /** In any case. */
  @IsEmailAddress()
  email: string;

  @IsString()
  @Length(1, 128)
  password: string;

  /** What the last sign-in of this account on this device was given; a browser's cookie does as well. */
  @IsOptional()
  @IsString()
  @Length(1, 512)
  device_token?: string;
}
