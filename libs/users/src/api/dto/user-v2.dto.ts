import { ApiProperty } from '@nestjs/swagger';
import { UserDto } from '../../dto/user.dto';
import { type User } from '../../entities/user.entity';

const DAY_MS = 86_400_000;

/** An account as its person sees it in v2. */
export class UserV2Dto extends UserDto {
  /** Whether a paid plan is in force, trials included. */
  @ApiProperty()
  is_premium: boolean;

  /** Whole days since the account was made. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  days_since_joined: number;

  /** {@link UserDto.of}, and what follows from it at `now`. */
  static at(user: User, now: Date): UserV2Dto {
    const dto = UserDto.fill(new UserV2Dto(), user);
    dto.is_premium = user.isPremium;
    dto.days_since_joined = Math.max(0, Math.floor((now.getTime() - user.createdAt.getTime()) / DAY_MS));
    return dto;
  }
}
