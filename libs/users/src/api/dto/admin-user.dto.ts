import { ApiProperty } from '@nestjs/swagger';
import { UserDto } from '../../dto/user.dto';
import { type User } from '../../entities/user.entity';

/** An account as an admin sees it. */
export class AdminUserDto extends UserDto {
  @ApiProperty({ type: String, nullable: true, example: 'cus_NffrFeUfNV2Hib' })
  stripe_customer_id: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2000000123456789' })
  apple_original_transaction_id: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'opaque-token-of-google' })
  google_purchase_token: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_login_at: string | null;

  @ApiProperty({ type: 'integer', minimum: 0 })
  login_count: number;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static override of(user: User): AdminUserDto {
    const dto = UserDto.fill(new AdminUserDto(), user);
    dto.stripe_customer_id = user.stripeCustomerId;
    dto.apple_original_transaction_id = user.appleOriginalTransactionId;
    dto.google_purchase_token = user.googlePurchaseToken;
    dto.last_login_at = user.lastLoginAt?.toISOString() ?? null;
    dto.login_count = user.loginCount;
    dto.updated_at = user.updatedAt.toISOString();
    return dto;
  }
}
