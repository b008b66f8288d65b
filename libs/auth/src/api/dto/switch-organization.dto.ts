import { ApiProperty } from '@nestjs/swagger';
import { IsCanonicalUuid } from '@platform/security';
import { ValidateIf } from 'class-validator';

/** Whom this session acts for. */
export class SwitchOrganizationDto {
  /** An organization that the caller is a member of; null: themselves. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  @ValidateIf((_body, value) => value !== null)
  @IsCanonicalUuid()
  organization_id: string | null;
}
