import { ApiProperty } from '@nestjs/swagger';

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
