import { ApiProperty } from '@nestjs/swagger';
import { type AccountDeletion } from '../entities/account-deletion.entity';

/** A wish to be deleted, as its person sees it. */
export class AccountDeletionDto {
  @ApiProperty({ format: 'date-time' })
  requested_at: string;

  /** When the account will be deleted; until then it can be taken back. */
  @ApiProperty({ format: 'date-time' })
  due_at: string;

  /** When something was last in the way of a deletion that was due; it is tried again every day. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  blocked_at: string | null;

  static of(deletion: AccountDeletion): AccountDeletionDto {
    const dto = new AccountDeletionDto();
    dto.requested_at = deletion.requestedAt.toISOString();
    dto.due_at = deletion.dueAt.toISOString();
    dto.blocked_at = deletion.blockedAt?.toISOString() ?? null;
    return dto;
  }
}
