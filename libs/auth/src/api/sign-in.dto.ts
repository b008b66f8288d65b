import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { UserDto } from '@omni/users';
import { IsEmailAddress } from '@platform/security';
import { IsOptional, IsString, Length } from 'class-validator';
import { type SignIn } from '../sign-in/sign-ins.service';

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

/** A refresh token to exchange. */
export class RefreshDto {
  /** The newest one of the session. */
  @IsString()
  @Length(1, 128)
  refresh_token: string;
}

/** A code of a second factor. */
export class FactorCodeDto {
  /** Six digits of the authenticator, or a recovery code where one is good, too. */
  @IsString()
  @Length(6, 32)
  code: string;
}

/** The second step of a sign-in. */
export class AnswerChallengeDto extends FactorCodeDto {
  /**
   * `details.challenge` of the answer `SECOND_FACTOR_REQUIRED`.
   * @example eyJhbGciOiJkaXIifQ.c2VhbGVk
   */
  @IsString()
  @Length(1, 512)
  challenge: string;
}

/** What a client holds after it signed in. */
export class SignInDto {
  /** JWT for the header `Authorization: Bearer`. */
  @ApiProperty()
  access_token: string;

  /** Good for one exchange at `POST /public/auth/refresh`; opaque. */
  @ApiProperty()
  refresh_token: string;

  @ApiProperty({ type: String, enum: ['bearer'] })
  token_type: 'bearer';

  /** Seconds until the access token expires. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  expires_in: number;

  /**
   * Tells this device from strangers at the next sign-in of this account: keep it, and send it as `device_token` of
   * `POST /public/auth/login`. Browsers have it as a cookie, too. Absent in the answer to a refresh.
   */
  @ApiPropertyOptional()
  device_token?: string;

  @ApiProperty({ type: UserDto })
  user: UserDto;

  static of(signIn: SignIn): SignInDto {
    const dto = new SignInDto();
    dto.access_token = signIn.accessToken;
    dto.refresh_token = signIn.refreshToken;
    dto.token_type = 'bearer';
    dto.expires_in = signIn.expiresIn;
    dto.device_token = signIn.deviceToken;
    dto.user = UserDto.of(signIn.user);
    return dto;
  }
}
