import { ApiProperty } from '@nestjs/swagger';
import { type TotpEnrolment } from '../../second-factor/second-factors.service';

/** What an authenticator is set up with; shown once. */
export class TotpEnrolmentDto {
  /** Base 32, for typing. */
  @ApiProperty({ example: 'JBSWY3DPEHPK3PXP' })
  secret: string;

  /** For a QR code. */
  @ApiProperty({ example: 'otpauth://totp/OmniStack:ada@example.com?secret=JBSWY3DPEHPK3PXP' })
  uri: string;

  static of({ secret, uri }: TotpEnrolment): TotpEnrolmentDto {
    const dto = new TotpEnrolmentDto();
    dto.secret = secret;
    dto.uri = uri;
    return dto;
  }
}
