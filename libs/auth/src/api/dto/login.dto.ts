import { IsEmailAddress } from '@platform/security';
import { IsString, Length } from 'class-validator';

/** E-mail and password of an account. */
export class LoginDto {
  /** In any case. */
  @IsEmailAddress()
  email: string;

  @IsString()
  @Length(1, 128)
  password: string;
}
