import { ApiProperty } from '@nestjs/swagger';
import { type SecondFactorStatus } from '../../second-factor/second-factors.service';

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
