import { ApiProperty } from '@nestjs/swagger';
import { type TotpEnrolment } from '../../second-factor/second-factor-enrolment.service';

/** What an authenticator is set up with; shown once. */
export class TotpEnrolmentDto {
  /** Base 32, for typing. */
  @ApiProperty()
  secret: string;

  /** `otpauth://…`, for a QR code. */
  @ApiProperty()
  uri: string;

  /** Whitelist of what leaves the process. */
  static of({ secret, uri }: TotpEnrolment): TotpEnrolmentDto {
    const dto = new TotpEnrolmentDto();
    dto.secret = secret;
    dto.uri = uri;
    return dto;
  }
}
