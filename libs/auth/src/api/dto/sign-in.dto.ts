import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { UserDto } from '@omni/users';
import { type SignIn } from '../../sign-in/sign-ins.service';

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
