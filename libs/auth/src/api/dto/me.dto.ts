import { ApiProperty } from '@nestjs/swagger';
import { type User, UserDto } from '@omni/users';
import { type Actor } from '@platform/kernel';

/** Who is signed in, and what they may do. */
export class MeDto {
  @ApiProperty({ type: UserDto })
  user: UserDto;

  /** Names of permissions, in alphabetical order. */
  @ApiProperty({ type: [String] })
  permissions: string[];

  /** The API key that the request came with; null: a session. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  api_key_id: string | null;

  /** The organization that the request acts for, by its header or by what the session was switched to; null: yourself. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  organization_id: string | null;

  static of(user: User, actor: Actor): MeDto {
    const dto = new MeDto();
    dto.user = UserDto.of(user);
    dto.permissions = [...actor.permissions].sort();
    dto.api_key_id = actor.apiKeyId ?? null;
    dto.organization_id = actor.tenantId ?? null;
    return dto;
  }
}
