import { ApiProperty } from '@nestjs/swagger';
import { type SecondFactorStatus, type TotpEnrolment } from '../second-factor/second-factors.service';

/** What a person has set up. */
export class SecondFactorStatusDto {
  /** Whether signing in takes a code. */
  @ApiProperty()
  enabled: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  confirmed_at: string | null;

  @ApiProperty({ type: 'integer', minimum: 0 })
  recovery_codes_left: number;

  static of({ confirmedAt, recoveryCodesLeft }: SecondFactorStatus): SecondFactorStatusDto {
    const dto = new SecondFactorStatusDto();
    dto.enabled = confirmedAt !== null;
    dto.confirmed_at = confirmedAt?.toISOString() ?? null;
    dto.recovery_codes_left = recoveryCodesLeft;
    return dto;
  }
}

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

/** Codes that stand in for a lost authenticator; shown once, each good once. */
export class RecoveryCodesDto {
  @ApiProperty({ type: [String] })
  recovery_codes: string[];

  static of(codes: readonly string[]): RecoveryCodesDto {
    const dto = new RecoveryCodesDto();
    dto.recovery_codes = [...codes];
    return dto;
  }
}
