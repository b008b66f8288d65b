import { ApiProperty } from '@nestjs/swagger';
import { type Actor } from '@platform/kernel';
import { type Session } from '../../entities/session.entity';
import { deviceName } from '../../sessions/device-name';

/** A session as its person sees it. */
export class SessionDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** What the client said it was. */
  @ApiProperty({ example: 'Firefox on Linux' })
  device: string;

  /** Address of the client when it signed in. */
  @ApiProperty({ type: String, nullable: true })
  address: string | null;

  /** `password`, `magic_link`, or `oidc:<provider>`. */
  @ApiProperty({ example: 'password' })
  method: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  refreshed_at: string;

  /** Ends then, unless it is refreshed before. */
  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  /** Whether this request came with it. */
  @ApiProperty()
  current: boolean;

  /** The session as this caller sees it. */
  static of(session: Session, actor: Actor): SessionDto {
    const dto = new SessionDto();
    dto.id = session.id;
    dto.device = deviceName(session.userAgent);
    dto.address = session.clientAddress;
    dto.method = session.method;
    dto.created_at = session.createdAt.toISOString();
    dto.refreshed_at = session.refreshedAt.toISOString();
    dto.expires_at = session.expiresAt.toISOString();
    dto.current = session.id === actor.sessionId;
    return dto;
  }
}
